// SPDX-License-Identifier: Apache-2.0
#pragma once
// Figures with an interval, and what is made of them: ratios, means, sums. The interval of a sum of
// independent figures comes from the distances of each figure to its own ends (variance estimates
// recovery: Zou and Donner, Statistics in Medicine 27 (2008) 1693), so that crooked intervals stay
// crooked and no normal law is assumed. Products and ratios are sums of logarithms. Nothing is
// drawn at random: the same figures give the same bits.

#include <inpex/host/record_groups.hpp>
#include <inpex/stats.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <tuple>
#include <vector>

namespace inpex::host {

/// A value, and the ends between which the true one lies with probability `level`.
struct Estimate {
  double value = std::numeric_limits<double>::quiet_NaN();
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
  double level = 0;
  static constexpr auto fields() {
    using E = Estimate;
    return std::tuple{field("value", &E::value), field("low", &E::low), field("high", &E::high),
                      field("level", &E::level)};
  }
};

/// A number that is known, such as a weight or a target.
inline Estimate exactly(double value) { return {value, value, value, 1}; }

/// Whether all of it is known: what overflowed, or was divided by 0, says nothing.
inline bool is_finite(Estimate const& x) {
  return std::isfinite(x.value) && std::isfinite(x.low) && std::isfinite(x.high);
}

/// An estimate with its share in a sum.
struct Term {
  double factor = 1;
  Estimate estimate;
};

/// Sum of factor times estimate. Its level is the lowest of the terms'.
inline Estimate sum_of(std::vector<Term> const& terms) {
  Estimate sum{0, 0, 0, 1};
  double below = 0, above = 0;
  for (auto const& [factor, each] : terms) {
    double const down = factor * (each.value - (factor > 0 ? each.low : each.high));
    double const up = factor * ((factor > 0 ? each.high : each.low) - each.value);
    sum.value += factor * each.value;
    below += down * down, above += up * up;
    sum.level = std::min(sum.level, each.level);
  }
  sum.low = sum.value - std::sqrt(below);
  sum.high = sum.value + std::sqrt(above);
  return sum;
}

/// 1/x of a positive estimate.
inline Estimate inverse(Estimate const& x) { return {1 / x.value, 1 / x.high, 1 / x.low, x.level}; }

/// Product of estimates to the power of their factor; of positive ones.
inline Estimate product_of(std::vector<Term> terms) {
  for (auto& [factor, each] : terms)
    each = {std::log(each.value), std::log(each.low), std::log(each.high), each.level};
  auto const sum = sum_of(terms);
  return {std::exp(sum.value), std::exp(sum.low), std::exp(sum.high), sum.level};
}

/// a/b.
inline Estimate ratio_of(Estimate const& a, Estimate const& b) {
  return product_of({{1, a}, {-1, b}});
}

/// Geometric mean with these weights, which need not add up to 1.
inline Estimate geometric_mean(std::vector<Term> terms) {
  double weights = 0;
  for (auto const& term : terms) weights += term.factor;
  for (auto& term : terms) term.factor /= weights;
  return product_of(std::move(terms));
}

/// Harmonic mean of efficiencies over platforms; 0 when one of them is not supported, which is what
/// an empty optional stands for. Pennycook, Sewall and Lee, PMBS 2016, equation 1.
inline Estimate performance_portability(std::vector<std::optional<Estimate>> const& efficiencies) {
  std::vector<Term> terms;
  for (auto const& each : efficiencies) {
    if (!each) return exactly(0);
    terms.push_back({1 / static_cast<double>(efficiencies.size()), inverse(*each)});
  }
  return inverse(sum_of(terms));
}

/// Parallel efficiency of a figure of merit that grows with the machine: the rate on n times the
/// resources over n times the rate on one.
inline Estimate scaling_efficiency(Estimate const& large, Estimate const& small, double times) {
  return product_of({{1, large}, {-1, small}, {-1, exactly(times)}});
}

/// The figure of merit of a record with its interval, or nothing where it has none.
inline std::optional<Estimate> estimate_of(Fom const& fom) {
  if (!fom.value || !fom.interval) return std::nullopt;
  return Estimate{*fom.value, fom.interval->low, fom.interval->high, fom.interval->level};
}

/// The fewest runs whose least and greatest enclose the median with probability `level`, but 6:
/// each of n is on either side of it with probability 1/2, so all are on one with 2^(1-n).
inline std::size_t least_runs(double level) {
  std::size_t n = 6;
  while (1 - std::exp2(1 - static_cast<double>(n)) < level && n < 60) ++n;
  return n;
}

/// Figure of several runs of the same case. From least_runs() on the median over runs with its
/// distribution-free interval, so that what differs from run to run is in it; of fewer, which say
/// little of that, the interval that encloses those of all runs.
inline std::optional<Estimate> estimate_of(std::vector<Fom> const& runs, double level = 0.95) {
  std::vector<double> values;
  Estimate whole{0, std::numeric_limits<double>::infinity(), 0, 1};
  bool enclosed = true;
  for (auto const& fom : runs) {
    if (!fom.value) return std::nullopt;
    values.push_back(*fom.value);
    auto const each = estimate_of(fom);
    enclosed = enclosed && each;
    if (!each) continue;
    whole.low = std::min(whole.low, each->low), whole.high = std::max(whole.high, each->high);
    whole.level = std::min(whole.level, each->level);
  }
  bool const few = values.size() < least_runs(level);
  if (values.empty() || (few && !enclosed)) return std::nullopt;
  whole.value = median(values);
  if (few) return whole;
  auto const bounds = median_interval(values, level);
  return Estimate{whole.value, bounds.low, bounds.high, bounds.level};
}

}  // namespace inpex::host
