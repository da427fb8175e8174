// SPDX-License-Identifier: Apache-2.0
#pragma once
// Verdicts by rounds of A and B in turn: what changes between rounds is in neither side. Of equal
// programs it is a toss which is the faster one in a round, whatever the law of the noise, so that
// an interval of order statistics claims a difference in one of a hundred at most. What differs
// from start to start of the very same program is claimed no more than single runs claim it: the
// smallest effect of so many rounds follows from the same pairs of equal runs.

#include <inpex/host/calibration.hpp>
#include <inpex/host/effect.hpp>
#include <inpex/host/estimate.hpp>
#include <inpex/stats.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <utility>
#include <vector>

namespace inpex::host {

/// Fewest rounds whose median has an interval of 99 %: in 2 of 2^8 all point the same way.
inline constexpr std::int64_t least_rounds = 8;
/// Rounds where nobody asks for another number: two of them may point the other way.
inline constexpr std::int64_t usual_rounds = 15;

/// Speed of B over that of A by the ratios within rounds: the median, with its interval of 99 %.
inline Estimate ratio_of_rounds(std::span<double const> ratios) {
  auto const bounds = median_interval(ratios, 0.99);
  return {median(ratios), bounds.low, bounds.high, bounds.level};
}

namespace detail {

/// Blocks of so many neighbouring rounds, a new one every `stride` rounds.
inline std::vector<Estimate> blocks_of_rounds(std::span<double const> ratios, std::size_t rounds,
                                              std::size_t stride) {
  std::vector<Estimate> blocks;
  for (std::size_t at = 0; at + rounds <= ratios.size(); at += stride)
    blocks.push_back(ratio_of_rounds(ratios.subspan(at, rounds)));
  return blocks;
}

/// A thousand blocks of so many rounds that are drawn from those seen, A and B by a toss.
inline std::vector<Estimate> drawn_blocks(std::span<double const> ratios, std::size_t rounds) {
  std::mt19937_64 random(1);
  std::vector<Estimate> blocks;
  std::vector<double> block(rounds);
  for (int i = 0; i < 1000; ++i) {
    for (auto& ratio : block) {
      ratio = ratios[random() % ratios.size()];
      if (random() % 2 != 0) ratio = 1 / ratio;
    }
    blocks.push_back(ratio_of_rounds(block));
  }
  return blocks;
}

}  // namespace detail

/// The smallest effect by that many rounds, from those of equal runs in their order. Besides, twice
/// the effect must be found where it is: so it is no less than half of what is found in 99 of 100
/// blocks of such rounds, one side of which is moved by it.
inline double effect_of_rounds(std::span<double const> ratios, std::size_t rounds) {
  double const effect = smallest_effect(detail::blocks_of_rounds(ratios, rounds, 1));
  return std::max(effect, found_from(detail::drawn_blocks(ratios, rounds), 0.99, effect) / 2);
}

/// What may be claimed by that many rounds, from the ratios of equal runs within pairs, in their
/// order; nothing of fewer pairs than two blocks of rounds. Each half of the pairs is judged by the
/// effect of the other half.
inline std::optional<CalibratedRounds> calibrate_rounds(std::span<double const> ratios,
                                                        std::int64_t rounds = usual_rounds) {
  auto const size = static_cast<std::size_t>(rounds);
  if (ratios.size() < 2 * size) return std::nullopt;
  CalibratedRounds found;
  found.rounds = rounds;
  found.effect = effect_of_rounds(ratios, size);
  auto const half = ratios.size() / 2;
  for (auto const& [judged, other] : {std::pair(ratios.first(half), ratios.subspan(half)),
                                      std::pair(ratios.subspan(half), ratios.first(half))}) {
    auto const blocks = detail::blocks_of_rounds(judged, size, size);
    found.blocks += std::ssize(blocks);
    found.false_verdicts += claims(blocks, effect_of_rounds(other, size));
  }
  return found;
}

}  // namespace inpex::host
