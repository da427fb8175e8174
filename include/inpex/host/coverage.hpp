// SPDX-License-Identifier: Apache-2.0
#pragma once
// Do 95 % intervals hold the truth in 95 % of cases? Series of times are simulated whose true
// median is known, with a drift of 5 % in their course and heavy tails, and everything that is made
// of them is tried: the time, the rate, ratios, efficiencies, means and composites.

#include <inpex/host/estimate.hpp>
#include <inpex/stats.hpp>

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace inpex::host {

/// Noise of a machine: relative width, share of samples in the tail, change in the course of the
/// series, correlation of neighbours.
struct Noise {
  double width = 0.01;
  double tail = 0.1;
  double drift = 0.05;
  double correlation = 0;
};

/// Draws series of times around 1. The same seed gives the same bits with every library.
class SimulatedMachine {
 public:
  explicit SimulatedMachine(std::uint64_t seed) : generator_(seed) {}

  /// Tails are Pareto's with exponent 1.5, which have a mean but no variance.
  std::vector<double> series(std::size_t samples, Noise const& noise) {
    std::vector<double> times;
    double state = normal();
    for (std::size_t i = 0; i < samples; ++i) {
      if (i > 0)
        state = noise.correlation * state +
                std::sqrt(1 - noise.correlation * noise.correlation) * normal();
      double time = std::exp(noise.width * state);
      if (uniform() < noise.tail) time *= 1 + 0.05 * (std::pow(1 - uniform(), -1 / 1.5) - 1);
      double const course = static_cast<double>(i) / static_cast<double>(samples - 1) - 0.5;
      times.push_back(time * (1 + noise.drift * course));
    }
    return times;
  }

 private:
  double uniform() { return static_cast<double>(generator_() >> 11U) * 0x1p-53; }
  double normal() {  // Box and Muller, The Annals of Mathematical Statistics 29 (1958) 610
    constexpr double pi = 3.14159265358979323846;
    return std::sqrt(-2 * std::log(1 - uniform())) * std::cos(2 * pi * uniform());
  }
  std::mt19937_64 generator_;
};

/// How often intervals of one kind of figure held the true value.
struct CoverageRow {
  std::string figure;
  std::int64_t trials = 0;
  std::int64_t held = 0;
  bool judged = true;
  double least = 0.93, most = 0.97;
  [[nodiscard]] double share() const {
    return static_cast<double>(held) / static_cast<double>(trials);
  }
  /// Between least and most, where it is asked for.
  [[nodiscard]] bool good() const { return !judged || (share() >= least && share() <= most); }
  [[nodiscard]] std::string aim() const {
    if (most == 1) return fmt::format("{:.1f} % or more", 100 * least);
    return fmt::format("{:.0f} to {:.0f} %", 100 * least, 100 * most);
  }
};

namespace detail {

constexpr std::size_t simulated_samples = 30;

/// Time of a series, with its interval.
inline Estimate time_of(std::vector<double> const& times) {
  auto const bounds = steady_interval(times, 0.95);
  return {median(times), bounds.low, bounds.high, bounds.level};
}

/// What is made of five times whose truth is `true_time`: each figure and its true value.
inline std::vector<std::pair<Estimate, double>> figures_of(std::array<Estimate, 5> const& times,
                                                           double true_time) {
  std::array<Estimate, 5> rates;
  for (std::size_t i = 0; i < 5; ++i) rates[i] = inverse(times[i]);
  double const rate = 1 / true_time;
  return {{times[0], true_time},
          {rates[0], rate},
          {ratio_of(rates[1], rates[0]), 1},
          {scaling_efficiency(rates[2], rates[3], 4), 0.25},
          {geometric_mean({{1, rates[0]}, {1, rates[1]}, {1, rates[2]}, {1, rates[3]}}), rate},
          {geometric_mean({{5, rates[0]}, {2, rates[1]}, {1, rates[4]}}), rate},
          {performance_portability({rates[0], rates[1], rates[2]}), rate},
          {sum_of({{0.5, rates[2]}, {0.3, rates[3]}, {0.2, rates[4]}}), rate}};
}

}  // namespace detail

namespace detail {

/// Of few samples, whose interval is one of order statistics with a level of its own, and holds
/// more than that: drift cannot be told from noise, and is in it.
inline CoverageRow few_coverage(std::size_t samples, std::int64_t trials, double truth) {
  CoverageRow row{{}, trials, 0};
  SimulatedMachine machine(samples);
  double level = 0;
  for (std::int64_t i = 0; i < trials; ++i) {
    auto const each = time_of(machine.series(samples, {}));
    row.held += each.low <= truth && truth <= each.high;
    level = each.level;
  }
  row.figure = fmt::format("time, {} samples, stated {:.1f} %", samples, 100 * level);
  row.least = level - 0.02, row.most = 1;
  return row;
}

/// Of several runs of 30 samples each, as contracts and comparisons take them: few are enclosed by
/// what encloses each, of many the interval is over runs.
inline CoverageRow runs_coverage(std::size_t runs, std::int64_t trials, double truth) {
  CoverageRow row{{}, trials, 0};
  SimulatedMachine machine(100 + runs);
  double level = 0;
  for (std::int64_t i = 0; i < trials; ++i) {
    std::vector<Fom> each(runs);
    for (auto& fom : each) {
      auto const time = time_of(machine.series(simulated_samples, {}));
      fom.value = time.value, fom.interval = Interval{time.low, time.high, time.level, {}};
    }
    auto const whole = estimate_of(each);
    row.held += whole->low <= truth && truth <= whole->high;
    level = whole->level;
  }
  row.figure = fmt::format("time, {} runs, stated {:.1f} %", runs, 100 * level);
  row.least = level - 0.02, row.most = 1;
  return row;
}

}  // namespace detail

/// Tries `trials` times 30 samples each, then 6 and 10, then 3 and 8 runs. The last row, whose
/// neighbours are correlated by 0.4, is shown and not judged: few samples cannot tell how few they
/// are worth.
inline std::vector<CoverageRow> interval_coverage(std::int64_t trials) {
  std::vector<CoverageRow> rows;
  for (auto const* name :
       {"time", "rate", "ratio of two", "scaling efficiency", "geometric mean of 4",
        "weighted geometric mean of 3", "performance portability of 3", "weighted sum of 3"})
    rows.push_back({name, trials, 0});
  rows.push_back({"time, neighbours correlated by 0.4", trials, 0, false});
  SimulatedMachine machine(20261123);
  Noise const noise, correlated{.correlation = 0.4};
  double const truth = median(machine.series(400'001, {.drift = 0}));
  for (std::int64_t i = 0; i < trials; ++i) {
    std::array<Estimate, 5> times;
    for (auto& each : times)
      each = detail::time_of(machine.series(detail::simulated_samples, noise));
    auto figures = detail::figures_of(times, truth);
    figures.emplace_back(detail::time_of(machine.series(detail::simulated_samples, correlated)),
                         truth);
    for (std::size_t row = 0; row < rows.size(); ++row)
      rows[row].held += figures[row].first.low <= figures[row].second &&
                        figures[row].second <= figures[row].first.high;
  }
  for (std::size_t const few : {6, 10})
    rows.insert(rows.end() - 1, detail::few_coverage(few, trials, truth));
  for (std::size_t const runs : {3, 8})
    rows.insert(rows.end() - 1, detail::runs_coverage(runs, trials, truth));
  return rows;
}

/// A line for each figure.
inline std::string coverage_table(std::vector<CoverageRow> const& rows) {
  std::string text;
  for (auto const& row : rows)
    text += fmt::format("{:<36} {:5.1f} % of {} intervals hold the truth{}\n", row.figure,
                        100 * row.share(), row.trials,
                        !row.judged  ? std::string(" (not judged)")
                        : row.good() ? std::string()
                                     : ": NOT " + row.aim());
  return text;
}

}  // namespace inpex::host
