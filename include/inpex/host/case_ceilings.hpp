// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the machine can do at best, measured beside a case: in the same process, on the same ranks
// and threads, at the same time of the day, before and after its samples, with arrays of the same
// size, so that a case that fits a cache is held against that cache.

#include <inpex/comm.hpp>
#include <inpex/host/bound.hpp>
#include <inpex/host/clock.hpp>
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
  std::vector<std::string> mix;  ///< kernels of the case's mix: the best of them is the ceiling
  std::string space;
  std::string precision;
  std::uint64_t bytes = 0;   ///< of all arrays of a rank
  std::int64_t threads = 0;  ///< that work at once; 0 on a device
  double seconds = 0.1;      ///< for one kernel of the mix on one side of the samples
};

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
    for (auto const& kernel : probing_.mix)
      found_.push_back({.kernel = kernel, .unit = "byte/s", .shown = true, .rates = {}});
    for (auto const kernel : byte_kernels)
      if (std::find(probing_.mix.begin(), probing_.mix.end(), kernel) == probing_.mix.end() &&
          !probing_.mix.empty())
        found_.push_back({.kernel = std::string(kernel), .unit = "byte/s", .rates = {}});
    found_.push_back({.kernel = "fma", .unit = "flop/s", .shown = true, .rates = {}});
  }

  /// Probes every kernel at least three times. Called before and after the samples.
  void probe() {
    for (auto& each : found_) probe(each);
  }

  /// Whether every kernel that is shown had a run in which no other program took its cores.
  [[nodiscard]] bool known() const {
    return std::none_of(found_.begin(), found_.end(),
                        [](auto const& each) { return each.shown && each.rates.empty(); });
  }

  /// The best that each kernel did; the interval reaches from the median of its undisturbed runs to
  /// that. None at all unless known(): held against what is left a right figure would look wrong.
  [[nodiscard]] std::vector<Ceiling> ceilings() const {
    std::vector<Ceiling> result;
    if (!known()) return result;
    for (auto const& each : found_)
      if (!each.rates.empty())
        result.push_back({each.kernel, best(each), each.unit,
                          Interval{median(each.rates), best(each), 0.5, "median-to-best"}});
    return result;
  }

 private:
  struct Found {
    std::string kernel;
    std::string unit;
    bool shown = false;         // else it only guards against figures that cannot be
    std::vector<double> rates;  // of undisturbed runs
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
    for (int runs = 0;
         comm_.broadcast(runs < 3 || (found.shown && seconds_since(start) < probing_.seconds));
         ++runs)
      run(found, *prepared, request.repetitions, true);
  }

  Runtime const& runtime_;
  Comm const& comm_;
  Probing probing_;
  std::vector<Found> found_;
};

}  // namespace inpex::host
