// SPDX-License-Identifier: Apache-2.0
#pragma once
// From raw samples to the figures of a record, by the rules of the spec's `measure`. Nothing but
// the samples, the spec and the names of its formulas goes in, so that `inpex verify` finds the
// same bits.

#include <inpex/host/bound.hpp>
#include <inpex/host/measure.hpp>
#include <inpex/host/plan.hpp>
#include <inpex/host/record.hpp>
#include <inpex/host/record_groups.hpp>
#include <inpex/host/spec.hpp>
#include <inpex/stats.hpp>
#include <inpex/value.hpp>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

namespace inpex::host {

/// One time for each sample from those of its ranks: of the slowest, or the mean.
inline std::vector<double> aggregated(Matrix const& time, std::string const& aggregate) {
  if (aggregate != "mean-over-ranks") return slowest(time);
  std::vector<double> result;
  for (auto const& row : time) result.push_back(mean(row));
  return result;
}

/// The statistic of that name in specs: median, mean or min.
inline auto statistic_named(std::string const& name) -> double (*)(std::span<double const>) {
  if (name == "mean") return mean;
  return name == "min" ? minimum : median;
}

/// The spec's interval of its statistic.
inline Interval interval_of(std::vector<double> const& times, Measure const& measure) {
  auto const& [level, method] = measure.interval;
  auto const bounds = method == "student" ? mean_interval(times, level)
                      : method == "bootstrap"
                          ? bootstrap_interval(times, level, statistic_named(measure.statistic))
                          : steady_interval(times, level);
  return {bounds.low, bounds.high, bounds.level, method};
}

/// Seconds of a sample. Of no samples nothing is known.
inline Timing timing_of(Matrix const& time, Measure const& measure) {
  Timing timing;
  timing.warmup = measure.warmup;
  timing.clock = "steady_clock";
  if (time.empty()) return timing;
  auto const times = aggregated(time, measure.aggregate);
  timing.median = median(times);
  timing.min = minimum(times);
  timing.max = *std::max_element(times.begin(), times.end());
  for (double const p : {0.05, 0.25, 0.75, 0.95})
    timing.quantiles.push_back({p, quantile(times, p)});
  if (times.size() > 1) timing.interval = interval_of(times, measure);
  timing.rank_maximum = median(slowest(time));
  timing.rank_mean = median(aggregated(time, "mean-over-ranks"));
  return timing;
}

/// The headline figure: the spec's formula at the statistic of the samples' times, and at the two
/// ends of its interval. `names` holds what formulas may name, all but `time`. A formula of the
/// set-up, which is measured once a run, has no interval: only several runs know its spread.
inline Fom fom_of(Matrix const& time, Spec const& spec, Measure const& measure, Table names) {
  Fom fom;
  fom.name = spec.fom.name;
  fom.unit = spec.fom.unit;
  fom.better = spec.fom.higher_is_better ? "higher" : "lower";
  fom.passed_as = spec.fom.passed_as;
  if (time.empty()) return fom;
  auto const times = aggregated(time, measure.aggregate);
  auto const at_time = [&](double seconds) {
    put(names, "time", seconds);
    return spec.fom.formula.real(names);
  };
  fom.value = at_time(statistic_named(measure.statistic)(times));
  auto const used = spec.fom.formula.uses();
  bool const once =
      std::any_of(used.begin(), used.end(), [](auto const& use) { return use.name == "setup"; });
  if (times.size() > 1 && !once) {
    auto interval = interval_of(times, measure);
    double const first = at_time(interval.low), last = at_time(interval.high);
    interval.low = std::min(first, last), interval.high = std::max(first, last);
    fom.interval = interval;
  }
  fom.n = static_cast<std::int64_t>(times.size());
  if (times.size() > 1) fom.relative_spread = relative_deviation(times);
  return fom;
}

/// The spec's figures beside the headline, at the statistic of the samples' times and the times of
/// the phases. One that needs a phase which was not timed is left out.
inline std::vector<SecondaryGroup> secondary_of(Matrix const& time, Spec const& spec,
                                                Measure const& measure, Table names,
                                                std::vector<PhaseGroup> const& phases) {
  std::vector<SecondaryGroup> figures;
  if (time.empty()) return figures;
  put(names, "time", statistic_named(measure.statistic)(aggregated(time, measure.aggregate)));
  for (auto const& phase : phases)
    if (phase.time.value_or(0) > 0) put(names, time_of_phase(phase.name), *phase.time);
  for (auto const& figure : spec.secondary) {
    auto const used = figure.formula.uses();
    if (std::all_of(used.begin(), used.end(),
                    [&](auto const& use) { return find(names, use.name) != nullptr; }))
      figures.push_back({figure.name, figure.formula.real(names), figure.unit});
  }
  return figures;
}

/// How far the samples can be trusted as a series.
inline Quality quality_of(std::vector<double> const& times) {
  Quality quality;
  if (times.size() < 2) return quality;
  quality.drift = drift(times);
  quality.autocorrelation = autocorrelation(times, 1);
  quality.effective_samples = effective_sample_size(times);
  return quality;
}

/// Work of a sample on all ranks: of one phase, or of all.
inline Work work_of(PhaseGroup const& phase) {
  auto const count = [](Count const& value) {
    return static_cast<std::uint64_t>(value.value_or(0));
  };
  return {.flops = count(phase.flops),
          .bytes_read = count(phase.bytes_read),
          .bytes_written = count(phase.bytes_written)};
}
inline Work work_of(std::vector<PhaseGroup> const& phases) {
  Work whole;
  for (auto const& phase : phases) whole = whole + work_of(phase);
  return whole;
}

/// Puts the time of a phase and its share of the ceiling into its group.
inline void add_time(PhaseGroup& phase, Samples const& samples,
                     std::vector<Ceiling> const& ceilings, Plan const& plan) {
  for (auto const& [name, time] : samples.phases) {
    if (name != phase.name || time.empty()) continue;
    phase.time = median(slowest(time));
    if (!(*phase.time > 0)) continue;
    auto const near = nearness(ceilings, kernels_for(plan.phases), work_of(phase), *phase.time);
    if (near.fraction > 0) phase.ceiling = near.ceiling, phase.roofline_fraction = near.fraction;
  }
}

/// Seconds of the longest phase, each in the sample in which it took least, so that one core taken
/// away is not a long phase. Phases that send messages are left out: they wait for other ranks. 0:
/// none was timed.
inline double longest_phase(std::vector<PhaseGroup> const& phases, Samples const& samples) {
  double longest = 0;
  for (auto const& phase : phases)
    for (auto const& [name, time] : samples.phases) {
      if (name != phase.name || phase.messages > 0 || time.empty()) continue;
      auto const each = slowest(time);
      longest = std::max(longest, *std::min_element(each.begin(), each.end()));
    }
  return longest;
}

/// Puts the share of its time that others hid into each phase that the spec lets overlap and that
/// sends messages: phases are timed one after the other, so that what they take together and a
/// sample does not was hidden.
inline void add_hidden(std::vector<PhaseGroup>& phases, Plan const& plan, double sample_seconds) {
  double together = 0;
  for (auto const& phase : phases) together += phase.time.value_or(0);
  for (auto& phase : phases)
    for (auto const& planned : plan.phases)
      if (planned.name == phase.name && !planned.overlap_with.empty() &&
          phase.messages.value_or(0) > 0 && phase.time.value_or(0) > 0)
        phase.hidden = std::clamp((together - sample_seconds) / *phase.time, 0.0, 1.0);
}

}  // namespace inpex::host
