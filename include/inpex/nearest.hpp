// SPDX-License-Identifier: Apache-2.0
#pragma once
// The right word for a misspelt one, for the hint of an error.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace inpex {

/// Edits (insert, delete, replace, swap of neighbours count 1) that turn `from` into `to`.
/// O(from.size() * to.size()).
inline std::size_t edit_distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> before(to.size() + 1), previous(to.size() + 1), row(to.size() + 1);
  for (std::size_t j = 0; j <= to.size(); ++j) previous[j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      std::size_t const same = from[i - 1] == to[j - 1] ? 0 : 1;
      row[j] = std::min({previous[j] + 1, row[j - 1] + 1, previous[j - 1] + same});
      if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(previous);
    previous.swap(row);
  }
  return previous[to.size()];
}

/// The candidate closest to `word`, or "" when none is near: at most a third of the word's letters,
/// and at least one edit, may differ.
inline std::string nearest(std::string_view word, std::vector<std::string> const& candidates) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (auto const& candidate : candidates) {
    auto const distance = edit_distance(word, candidate);
    if (distance < best_distance) best = candidate, best_distance = distance;
  }
  return best;
}

/// The sentence of a hint: "did you mean 'x'?", or the whole choice when no word is near.
inline std::string suggestion(std::string_view word, std::vector<std::string> const& candidates) {
  if (auto const best = nearest(word, candidates); !best.empty())
    return "did you mean '" + best + "'?";
  std::string text;
  for (auto const& candidate : candidates) text += (text.empty() ? "" : ", ") + candidate;
  return text.empty() ? "nothing can be written here" : "write one of: " + text;
}

}  // namespace inpex
