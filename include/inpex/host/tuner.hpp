// SPDX-License-Identifier: Apache-2.0
#pragma once
// Finds the best of some candidates within a given time: each is tried once, then the best few and
// the first one, which is what is used otherwise, in turn, so that a slow moment hits all alike.

#include <inpex/stats.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <numeric>
#include <vector>

namespace inpex::host {

/// What a search found.
struct Search {
  std::size_t best = 0;  ///< index of the candidate
  double gain = 1;       ///< its rate over that of candidate 0
  std::size_t tried = 0;
};

/// A candidate takes the place of candidate 0 only if it is this much faster in the median of the
/// final rounds, and faster in every one of them, of which there must be so many.
inline constexpr double least_gain = 1.02;
inline constexpr std::size_t tuning_rounds = 5;

namespace detail {

/// How much faster the other is, round by round: 1 where that is not sure.
inline double gain_over_first(std::vector<double> const& first, std::vector<double> const& other) {
  std::vector<double> ratios;
  for (std::size_t round = 0; round < std::min(first.size(), other.size()); ++round)
    ratios.push_back(first[round] / other[round]);
  bool const always = std::all_of(ratios.begin(), ratios.end(), [](double r) { return r > 1; });
  if (ratios.size() < tuning_rounds || !always) return 1;
  double const gain = median(ratios);
  return gain < least_gain ? 1 : gain;
}

}  // namespace detail

/// The best of `count` candidates, at least one. `seconds(i)` times candidate i, `elapsed()` tells
/// how long the search has lasted; after `limit` seconds no other candidate is begun.
inline Search search_candidates(std::size_t count,
                                std::function<double(std::size_t)> const& seconds,
                                std::function<double()> const& elapsed, double limit) {
  constexpr std::size_t finalists = 3;
  std::vector<double> once;
  while (once.size() < count && (once.empty() || elapsed() < limit / 3))
    once.push_back(seconds(once.size()));
  std::vector<std::size_t> order(once.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin() + 1, order.end(),
                   [&](std::size_t a, std::size_t b) { return once[a] < once[b]; });
  order.resize(std::min(order.size(), finalists + 1));
  std::vector<std::vector<double>> finals(once.size());
  for (std::size_t round = 0; order.size() > 1 && round < 3 * tuning_rounds && elapsed() < limit;
       ++round)
    for (auto const i : order) finals[i].push_back(seconds(i));
  Search search{.tried = once.size()};
  for (auto const i : order)
    if (double const gain = detail::gain_over_first(finals[0], finals[i]); gain > search.gain)
      search.best = i, search.gain = gain;
  return search;
}

}  // namespace inpex::host
