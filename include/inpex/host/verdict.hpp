// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is claimed of two figures, by the interval of their ratio and the smallest effect that may
// be claimed: a difference where the interval excludes 1 and the ratio is at least the effect.

#include <inpex/host/estimate.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace inpex::host {

/// What is said of a pair.
enum class Comparison { faster, slower, same, undecided, refused };
constexpr std::array<std::string_view, 5> words(Comparison) {
  return {"FASTER", "SLOWER", "SAME", "UNDECIDED", "refused"};
}

/// The smallest effect where nothing is calibrated.
inline constexpr double assumed_effect = 0.05;

/// Whether the whole interval of a ratio is within the effect of 1.
inline bool is_within(Estimate const& ratio, double effect) {
  return ratio.low > 1 / (1 + effect) && ratio.high < 1 + effect;
}

/// What differs by more is not the same, however restless a machine was found to be.
inline constexpr double most_same = 0.25;

/// The verdict on a ratio of speeds.
inline Comparison verdict_on(Estimate const& ratio, double effect) {
  if (!(ratio.level >= 0.95)) return Comparison::undecided;
  if (ratio.low > 1 && ratio.value >= 1 + effect) return Comparison::faster;
  if (ratio.high < 1 && ratio.value <= 1 / (1 + effect)) return Comparison::slower;
  return is_within(ratio, std::min(effect, most_same)) ? Comparison::same : Comparison::undecided;
}

/// The same; where the effect is assumed, as no equal runs have shown it, that two runs seem to
/// differ by more is no claim yet: the nearer end of the interval has to.
inline Comparison verdict_on(Estimate ratio, double effect, bool assumed) {
  if (!assumed) return verdict_on(ratio, effect);
  if (ratio.low > 1) ratio.value = ratio.low;
  if (ratio.high < 1) ratio.value = ratio.high;
  return verdict_on(ratio, effect);
}

/// Speed of B over speed of A, whichever way the figure of merit counts.
inline Estimate speed_ratio(Estimate const& a, Estimate const& b, std::string const& better) {
  return better == "lower" ? ratio_of(a, b) : ratio_of(b, a);
}

}  // namespace inpex::host
