// SPDX-License-Identifier: Apache-2.0
#pragma once
// The smallest effect that may be claimed, from ratios of equal runs, and the verdicts by it.
// Nothing is assumed of the noise but that a further pair is like those seen.

#include <inpex/host/estimate.hpp>
#include <inpex/host/verdict.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace inpex::host {

/// What is added to a difference that was seen, as a share of its logarithm.
inline constexpr double margin = 0.25;

/// The smallest effect by which, for its size alone, at most 1 % of further pairs are expected to
/// be called different; of fewer than 199 pairs no more than any of these. The k-th largest of n is
/// exceeded by one more with the probability k / (n + 1), whatever the law of the noise; as that
/// rests on a pair or two, a margin beyond it is not claimed either. Of a hundred pairs with an
/// exponential law the largest alone leaves more than 1 % in 37 of a hundred calibrations, with the
/// margin in 8.
inline double smallest_effect(std::span<Estimate const> ratios) {
  std::vector<double> sizes;
  for (auto const& ratio : ratios) sizes.push_back(std::abs(std::log(ratio.value)));
  std::sort(sizes.rbegin(), sizes.rend());
  if (sizes.empty()) return 0;
  auto const k = std::max(std::size_t{1}, (sizes.size() + 1) / 100);
  return std::exp(sizes[k - 1] * (1 + margin)) * (1 + 1e-9) - 1;
}

/// Verdicts that claim a difference.
inline std::int64_t claims(std::span<Estimate const> ratios, double effect) {
  return std::count_if(ratios.begin(), ratios.end(), [&](Estimate const& ratio) {
    auto const verdict = verdict_on(ratio, effect);
    return verdict == Comparison::faster || verdict == Comparison::slower;
  });
}

/// Pairs that are called faster when B is made faster by that factor.
inline std::int64_t found_at(std::span<Estimate const> ratios, double factor, double effect) {
  return std::count_if(ratios.begin(), ratios.end(), [&](Estimate ratio) {
    ratio.value *= factor, ratio.low *= factor, ratio.high *= factor;
    return verdict_on(ratio, effect) == Comparison::faster;
  });
}

/// The difference from which on at least that share of the pairs is found.
inline double found_from(std::span<Estimate const> ratios, double share, double effect) {
  auto const enough = share * static_cast<double>(ratios.size());
  double low = 1, high = 100;
  for (int i = 0; i < 60; ++i) {
    double const middle = std::sqrt(low * high);
    bool const found_there = static_cast<double>(found_at(ratios, middle, effect)) >= enough;
    (found_there ? high : low) = middle;
  }
  return high - 1;
}

}  // namespace inpex::host
