// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the machine can do at best, measured beside a case: in the same process, on the same ranks
// and threads, at the same time of the day, before and after its samples, with arrays of the same
// size, so that a case that fits a cache is held against that cache.

#include <inpex/comm.hpp>
#include <inpex/host/clock.hpp>
#include <inpex/host/plan.hpp>
#include <inpex/host/record_groups.hpp>
#include <inpex/runtime.hpp>
#include <inpex/stats.hpp>
#include <inpex/work.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace inpex::host {

/// What to probe, and with what.
struct Probing {
  std::vector<std::string> kernels;  ///< that move bytes; the best of them is the ceiling
  std::string space;
  std::string precision;
  std::uint64_t bytes = 0;   ///< of all arrays of a rank
  std::int64_t threads = 0;  ///< that work at once; 0 on a device
  double seconds = 0.1;      ///< for one kernel on one side of the samples
};

/// The kernels for the phase that moves most bytes: those of its mix of reads and writes, or of its
/// spec's choice. Which of two kernels of a mix is better depends on the cache that holds the
/// arrays: stores past the caches save a read in memory, and cost dearly above it.
inline std::vector<std::string> kernels_for(std::vector<PhasePlan> const& phases) {
  auto const bytes = [](PhasePlan const& phase) {
    return phase.work.bytes_read + phase.work.bytes_written;
  };
  auto const most =
      std::max_element(phases.begin(), phases.end(),
                       [&](auto const& a, auto const& b) { return bytes(a) < bytes(b); });
  if (most == phases.end() || bytes(*most) == 0) return {};
  if (most->ceiling == "triad") return {"triad", "copy"};
  if (most->ceiling == "read" || most->ceiling == "update") return {most->ceiling};
  return {"copy", "stream_copy"};
}

/// Bytes of a probe's arrays: as many as a step of the case touches of its footprint; but no more
/// than leaves all caches behind, and no more than 0.8 of what is free.
inline std::uint64_t probe_bytes(std::uint64_t footprint, Work const& step,
                                 std::uint64_t last_level_cache, std::uint64_t free) {
  constexpr std::uint64_t least = 4096, ample = 1'000'000'000;
  auto const touched = std::min(footprint, step.bytes_read + step.bytes_written);
  auto const enough = std::max(8 * last_level_cache, ample);
  return std::max(least, std::min({touched, enough, free / 10 * 8}));
}

/// Ceilings of one case on all its ranks together. Collective, blocking.
class CaseCeilings {
 public:
  CaseCeilings(Runtime const& runtime, Comm const& comm, Probing probing)
      : runtime_(runtime), comm_(comm), probing_(std::move(probing)) {
    for (auto const& kernel : probing_.kernels)
      found_.push_back({.kernel = kernel, .unit = "byte/s", .rates = {}});
    found_.push_back({.kernel = "fma", .unit = "flop/s", .rates = {}});
  }

  /// Probes every kernel at least three times. Called before and after the samples.
  void probe() {
    for (auto& each : found_) probe(each);
  }

  /// Whether every kernel had a run in which no other program took its cores.
  [[nodiscard]] bool known() const {
    return std::none_of(found_.begin(), found_.end(),
                        [](auto const& each) { return each.rates.empty(); });
  }

  /// The best that each kernel did, where that is known; the interval reaches from the median of
  /// its undisturbed runs to that.
  [[nodiscard]] std::vector<Ceiling> ceilings() const {
    std::vector<Ceiling> result;
    for (auto const& each : found_)
      if (!each.rates.empty())
        result.push_back({each.kernel, best(each), each.unit,
                          Interval{median(each.rates), best(each), 0.5, "median-to-best"}});
    return result;
  }

  /// How near `seconds` for this work of all ranks comes to the bound, which is the longer of the
  /// times that its bytes and its flops need at best; and the name of that ceiling. Zero work has
  /// no bound, nor has any where the ceilings are not known.
  [[nodiscard]] std::pair<std::string, double> fraction(Work const& work, double seconds) const {
    std::pair<std::string, double> result{"", 0};
    if (!known()) return result;
    double bandwidth = 0;
    std::string kernel;
    for (auto const& each : found_)
      if (each.unit == "byte/s" && best(each) > bandwidth)
        bandwidth = best(each), kernel = each.kernel;
    double const bytes =
        static_cast<double>(work.bytes_read) + static_cast<double>(work.bytes_written);
    if (bandwidth > 0 && bytes > 0) result = {kernel, bytes / bandwidth / seconds};
    double const flops = static_cast<double>(work.flops) / best(found_.back()) / seconds;
    if (flops > result.second) result = {found_.back().kernel, flops};
    return result;
  }

 private:
  struct Found {
    std::string kernel;
    std::string unit;
    std::vector<double> rates;                                      // of undisturbed runs
    double seconds_each = std::numeric_limits<double>::infinity();  // of a repetition, at best
  };
  static constexpr double least_seconds = 0.002;  // of one run, against the cost of its start
  static constexpr double undisturbed = 0.9;  // share of the cores' time that a run must have had

  [[nodiscard]] static double best(Found const& found) {
    return found.rates.empty() ? 0 : *std::max_element(found.rates.begin(), found.rates.end());
  }

  // One run on all ranks at once. The best time of a repetition decides how many make a run, and
  // only runs that had their cores for themselves count: a thread that waited for one must not pass
  // for a slow kernel. All ranks come to the same numbers.
  void run(Found& found, PreparedProbe& prepared, std::uint64_t repetitions, bool counts) const {
    comm_.barrier();
    auto const start = Clock::now();
    double const before = processor_seconds();
    auto const probed = prepared.run();
    double const had = processor_seconds() - before;
    double const due = static_cast<double>(probing_.threads) * seconds_since(start);
    bool const alone = comm_.minimum(due > 0 ? had / due : 1.0) >= undisturbed;
    double const seconds = comm_.maximum(probed.seconds);
    found.seconds_each = std::min(found.seconds_each, seconds / static_cast<double>(repetitions));
    double const rate = comm_.sum(found.unit == "flop/s" ? probed.flops : probed.bytes) / seconds;
    if (counts && alone) found.rates.push_back(rate);
  }

  void probe(Found& found) {
    Probe request{.kernel = found.kernel,
                  .space = probing_.space,
                  .precision = probing_.precision,
                  .bytes = probing_.bytes,
                  .repetitions = found.unit == "flop/s" ? std::uint64_t{10000} : 1};
    if (std::isinf(found.seconds_each)) {
      auto const first = runtime_.prepare(request);
      for (int i = 0; i < 3; ++i) run(found, *first, request.repetitions, false);
    }
    double const wanted = std::ceil(least_seconds / std::max(found.seconds_each, 1e-10));
    request.repetitions = static_cast<std::uint64_t>(std::max(1.0, wanted));
    auto const prepared = runtime_.prepare(request);
    auto const start = Clock::now();
    for (int runs = 0; comm_.broadcast(runs < 3 || seconds_since(start) < probing_.seconds); ++runs)
      run(found, *prepared, request.repetitions, true);
  }

  Runtime const& runtime_;
  Comm const& comm_;
  Probing probing_;
  std::vector<Found> found_;
};

}  // namespace inpex::host
