// SPDX-License-Identifier: Apache-2.0
#pragma once
// Takes the samples of a case: warm-up, then an untimed reset and the spec's steps, again and
// again, until rank 0 has seen enough. A sample's time is that of its slowest rank. No clock of a
// rank but rank 0 decides anything, so that all ranks do the same.

#include <inpex/app.hpp>
#include <inpex/host/clock.hpp>
#include <inpex/host/counters.hpp>
#include <inpex/host/energy_meter.hpp>
#include <inpex/host/record.hpp>
#include <inpex/host/spec.hpp>
#include <inpex/host/stopping.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace inpex::host {

/// What the loop asks and tells; all may be empty.
struct Watch {
  std::function<std::uint64_t()> allocations;  ///< made so far, on this rank
  std::function<void(std::size_t, double)>
      sample_seen;                ///< on rank 0: samples so far, seconds of the last
  EnergyMeter* energy = nullptr;  ///< read around each sample, where it is readable
};

/// What came of it. Matrices are complete on rank 0 and empty elsewhere; the rest is on every rank.
struct Measured {
  Samples samples;
  Stopped stopped = Stopped::not_yet;
  std::int64_t retaken = 0;           ///< samples taken again because storage grew in them
  std::int64_t allocating = 0;        ///< samples kept although something was allocated in them
  std::int64_t context_switches = 0;  ///< of all ranks
  double seconds = 0;                 ///< of the whole loop, resets included
  std::uint64_t taken = 0;            ///< samples of this rank, warm-up and retaken ones included
  std::vector<double> speeds;  ///< of this rank's core after each sample, see processor_speed()
};

/// Measures one case. Collective, blocking.
class Measurement {
 public:
  Measurement(Case& configured, Comm const& comm, Measure measure, Watch watch = {})
      : case_(configured), comm_(comm), measure_(std::move(measure)), watch_(std::move(watch)) {}

  /// The samples behind the figure of merit. Afterwards the state is the one that was timed.
  Measured total() {
    Measured result;
    auto const switches = context_switches();
    auto const start = Clock::now();
    Stopping stopping(measure_);
    for (std::int64_t i = 0; i < measure_.warmup; ++i) take(result);
    while (result.stopped == Stopped::not_yet) {
      double const mine = take_settled(result);
      double const longest = comm_.maximum(mine);
      append(result.samples.time, mine);
      if (comm_.rank() == 0 && metered()) readings_.push_back(reading_);
      result.speeds.push_back(processor_speed());
      auto const decision =
          comm_.rank() == 0 ? stopping.add(longest, seconds_since(start)) : Stopped::not_yet;
      result.stopped = comm_.broadcast(decision);
      if (comm_.rank() == 0 && watch_.sample_seen)
        watch_.sample_seen(result.samples.time.size(), longest);
    }
    result.seconds = seconds_since(start);
    if (metered()) result.samples.energy = watch_.energy->named(std::move(readings_));
    auto const lost = static_cast<std::uint64_t>(context_switches() - switches);
    result.context_switches = static_cast<std::int64_t>(comm_.sum(lost));
    return result;
  }

  /// The breakdown by phase, from `count` samples of their own, with a fence at each end of a
  /// phase, and what the processor counts in them.
  std::vector<PhaseSamples> phases(int count, Counters const& counters) {
    std::vector<PhaseSamples> result;
    for (int i = 0; i < count; ++i) {
      case_.reset();
      counters.resume();
      auto const seen = case_.sample(inpex::Timing::phases);
      counters.pause();
      for (std::size_t p = 0; p < seen.size(); ++p) {
        if (i == 0) result.push_back({seen[p].name, {}});
        append(result[p].time, seen[p].seconds);
      }
    }
    return result;
  }

 private:
  double take(Measured& result) {
    case_.reset();
    double seconds = 0;
    if (metered()) watch_.energy->start();
    for (auto const& phase : case_.sample(inpex::Timing::total)) seconds += phase.seconds;
    if (metered()) reading_ = watch_.energy->stop();
    ++result.taken;
    return seconds;
  }

  // A sample in which an app enlarged its storage measures the allocator. It is taken again; but an
  // app that allocates in every step would never end, so no more often than there must be samples.
  double take_settled(Measured& result) {
    for (;;) {
      auto const before = watch_.allocations ? watch_.allocations() : 0;
      double const seconds = take(result);
      auto const grown = watch_.allocations ? watch_.allocations() - before : 0;
      if (comm_.maximum(grown) == 0) return seconds;
      if (result.retaken >= measure_.min_samples) {
        ++result.allocating;
        return seconds;
      }
      ++result.retaken;
    }
  }

  [[nodiscard]] bool metered() const {
    return watch_.energy != nullptr && watch_.energy->readable();
  }

  void append(Matrix& matrix, double mine) const {
    auto row = comm_.gather(mine);
    if (comm_.rank() == 0) matrix.push_back(std::move(row));
  }

  Case& case_;
  Comm const& comm_;
  Measure measure_;
  Watch watch_;
  std::vector<double> reading_;  // of energy, in the last sample
  Matrix readings_;              // in those that count, on rank 0
};

/// Puts further samples of the same phases behind those that are there.
inline void add_phases(std::vector<PhaseSamples>& all, std::vector<PhaseSamples> more) {
  if (all.empty()) return all.swap(more);
  for (std::size_t p = 0; p < std::min(all.size(), more.size()); ++p)
    all[p].time.insert(all[p].time.end(), more[p].time.begin(), more[p].time.end());
}

/// The time of each sample: that of its slowest rank.
inline std::vector<double> slowest(Matrix const& time) {
  std::vector<double> result;
  for (auto const& row : time) result.push_back(*std::max_element(row.begin(), row.end()));
  return result;
}

}  // namespace inpex::host
