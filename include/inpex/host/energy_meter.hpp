// SPDX-License-Identifier: Apache-2.0
#pragma once
// Joules of a run, of all its nodes: the first rank of each node reads the counters there, just
// outside of what is timed. Energy is known on every node or not at all. Where no counter is, a
// reduction when it is made is all that it costs.

#include <inpex/comm.hpp>
#include <inpex/host/clock.hpp>
#include <inpex/host/energy_counters.hpp>
#include <inpex/host/record.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace inpex::host {

/// Where and how long to look for what the idle machine takes.
struct Metering {
  std::filesystem::path root;              ///< "/sys"; empty: nothing is read
  std::vector<std::int64_t> node_of_rank;  ///< see NodeLayout; empty: one node
  double idle_seconds = 0.5;
};

/// The counters of all nodes. Functions are collective and blocking.
class EnergyMeter {
 public:
  /// Looks for counters, learns how often they are updated, and reads them while all ranks sleep.
  EnergyMeter(Comm const& comm, Metering const& metering) : comm_(comm) {
    if (metering.root.empty()) return;
    auto const& nodes = metering.node_of_rank;
    auto const mine = nodes.begin() + std::min<std::ptrdiff_t>(comm.rank(), std::ssize(nodes));
    bool const leads =
        mine == nodes.end() ? comm.rank() == 0 : std::find(nodes.begin(), mine, *mine) == mine;
    if (leads) counters_.emplace(metering.root);
    if (!everywhere(!leads || counters_->readable()) || !same_kind()) return;
    auto const period = leads ? counters_->update_period() : Number(0);
    if (!everywhere(period.has_value())) return;
    period_ = comm_.maximum(*period);
    idle_watts_ = watts_asleep(std::max(metering.idle_seconds, 6 * period_));
    readable_ = !std::isnan(idle_watts_);
  }

  /// Whether every node has counters that can be read; the same on every rank.
  [[nodiscard]] bool readable() const { return readable_; }

  /// Begins a sample.
  void start() {
    comm_.barrier();
    begin_ = reading();
  }

  /// Ends a sample when all ranks are through: its window on this node in seconds, and the joules
  /// of all nodes; NaN when one could not be read.
  std::vector<double> stop() {
    comm_.barrier();
    auto const end = reading();
    return {seconds(begin_, end), comm_.sum(joules(begin_, end))};
  }

  /// What these readings are of, on rank 0; none where one of them failed.
  [[nodiscard]] EnergySamples named(Matrix readings) const {
    for (auto const& row : readings)
      if (std::isnan(row[0]) || std::isnan(row[1])) return {};
    if (readings.empty()) return {};
    return {counters_->source().name, std::move(readings)};
  }

  /// What a record says of them that only the run knows: scope, the power of the idle machine, and
  /// the updates that lie within windows as a whole.
  [[nodiscard]] Energy told(EnergySamples const& raw) const {
    Energy energy;
    energy.scope = counters_->source().scope, energy.idle_watts = idle_watts_;
    std::int64_t updates = 0;
    for (auto const& row : raw.readings)
      updates += static_cast<std::int64_t>(std::floor(row.front() / period_));
    energy.updates = updates;
    return energy;
  }

 private:
  using Reading = std::optional<EnergyReading>;

  [[nodiscard]] bool everywhere(bool here) const { return comm_.minimum(std::uint64_t{here}) == 1; }

  // A node that counts something else would make a sum of unlike parts.
  [[nodiscard]] bool same_kind() const {
    std::uint64_t kind = 0;
    if (counters_)
      kind = std::hash<std::string>{}(counters_->source().name + counters_->source().scope);
    auto const least = counters_ ? kind : std::numeric_limits<std::uint64_t>::max();
    return comm_.minimum(least) == comm_.maximum(kind);
  }

  [[nodiscard]] Reading reading() const {
    return counters_ ? counters_->read() : Reading(EnergyReading{Clock::now(), {}});
  }
  static double seconds(Reading const& begin, Reading const& end) {
    if (!begin || !end) return std::numeric_limits<double>::quiet_NaN();
    return std::chrono::duration<double>(end->time - begin->time).count();
  }
  [[nodiscard]] double joules(Reading const& begin, Reading const& end) const {
    if (!counters_) return 0;
    Number const found = begin && end ? counters_->joules(*begin, *end) : Number();
    return found.value_or(std::numeric_limits<double>::quiet_NaN());
  }

  // Of all nodes. Nobody waits in MPI meanwhile, which would keep its core busy.
  double watts_asleep(double asked) {
    std::vector<EnergyReading> seen;
    bool lost = false;
    for (auto const start = Clock::now(); seconds_since(start) < asked;) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      auto now = reading();
      lost = lost || !now;
      if (now) seen.push_back(std::move(*now));
    }
    if (!counters_) return comm_.sum(0.0);
    if (!lost) counters_->count_once(seen);
    Number const watts = lost ? Number() : counters_->watts(seen);
    return comm_.sum(watts.value_or(std::numeric_limits<double>::quiet_NaN()));
  }

  Comm const& comm_;
  std::optional<EnergyCounters> counters_;  // on the first rank of each node
  bool readable_ = false;
  double period_ = 0, idle_watts_ = 0;
  Reading begin_;
};

}  // namespace inpex::host
