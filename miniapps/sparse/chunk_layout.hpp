// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where the entries of one chunk of rows go when it is packed. Most chunks of a matrix from a grid
// have one of a few hundred layouts, so each is worked out once and found again by its hash.

#include <inpex/cells.hpp>

#include <algorithm>
#include <array>
#include <climits>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace inpex::sparse {

/// Which entries go where: below and above the diagonal apart for sweeps, or all together.
enum class Parts { split, whole };

/// What is packed, and how.
struct PackingWish {
  Parts parts = Parts::split;
  bool shared = false;     ///< equal chunks share their values
  bool contiguous = true;  ///< false: every chunk keeps all columns, plain sliced ELLPACK
  std::vector<char> const* above =
      nullptr;  ///< [rows]: only what is above the diagonal in these columns
};

namespace detail {

inline constexpr int absent = INT_MIN;      ///< ends a row in a list of distances
inline constexpr int beyond = INT_MIN + 1;  ///< stands for a halo column

/// Where the entries of a chunk go, in the order in which its rows hold them.
struct ChunkLayout {
  std::vector<int> distances;               // of all rows, each ended by `absent`
  std::vector<int> target;                  // of each entry: slot * C + lane, or -1
  std::vector<std::int8_t> part;            // of each entry
  std::array<std::vector<int>, 2> shape{};  // of each part: what Strips::shapes holds

  /// Whether the chunk at place `first` reads another row of its stage.
  [[nodiscard]] bool reads_within(int first, std::array<int, 2> stage) const {
    int lane = 0;
    for (int const distance : distances) {
      lane += distance == absent;
      if (distance == absent || distance == beyond || distance == 0) continue;
      if (int const column = first + lane + distance; column >= stage[0] && column < stage[1])
        return true;
    }
    return false;
  }
};

/// Index of an element of `all` that is equal to `wanted`, by its hash; else -1.
template <class Equal>
int find_equal(std::unordered_map<std::uint64_t, std::vector<int>> const& known, std::uint64_t hash,
               Equal const& equal) {
  auto const found = known.find(hash);
  if (found != known.end())
    for (int const index : found->second)
      if (equal(index)) return index;
  return -1;
}

/// Sums of odd multiples, which the compiler does in vectors.
inline std::uint64_t hash_of(int const* words, std::size_t count) {
  std::uint64_t sum = count;
  for (std::size_t i = 0; i < count; ++i)
    sum +=
        (static_cast<std::uint64_t>(static_cast<std::uint32_t>(words[i])) + 0x9e3779b97f4a7c15u) *
        (2 * i + 1) * 0xbf58476d1ce4e5b9u;
  return mixed(sum);
}

/// How many different distances a part has, and how many the longest row has of them.
struct PartSlots {
  std::vector<int> distances;
  std::size_t longest = 0, length = 0;
};

/// The slot and lane of each entry that is kept.
inline void place_entries(ChunkLayout& layout, std::array<PartSlots, 2> const& parts, int rows) {
  std::array<int, 2> next{};
  std::size_t entry = 0;
  int lane = 0;
  for (int const distance : layout.distances) {
    if (distance == absent) {
      ++lane, next = {};
      continue;
    }
    int& target = layout.target[entry];
    auto const p = static_cast<std::size_t>(layout.part[entry++]);
    if (target < 0) continue;
    auto const& slots = parts[p].distances;
    auto const found = std::lower_bound(slots.begin(), slots.end(), distance) - slots.begin();
    target = (layout.shape[p][0] < 0 ? next[p]++ : static_cast<int>(found)) * rows + lane;
  }
}

/// Works out a layout. Slots of a part are the distances that occur in any of its lanes, where they
/// are not many more than the longest row has; else as many as that row has, each lane with columns
/// of its own.
inline ChunkLayout make_layout(std::vector<int> const& distances, PackingWish const& wish,
                               int rows) {
  ChunkLayout layout{.distances = distances, .target = {}, .part = {}};
  std::array<PartSlots, 2> parts;
  bool const split = wish.parts == Parts::split;
  for (int const distance : distances) {
    if (distance == absent) {
      for (auto& part : parts) part.longest = std::max(part.longest, part.length), part.length = 0;
      continue;
    }
    bool const kept = distance != beyond && !(split && distance == 0);
    auto const p = static_cast<std::size_t>(split && distance > 0);
    layout.target.push_back(kept ? 0 : -1);
    layout.part.push_back(static_cast<std::int8_t>(p));
    if (kept) parts[p].distances.push_back(distance), ++parts[p].length;
  }
  for (std::size_t p = 0; p < 2; ++p) {
    auto& slots = parts[p].distances;
    std::sort(slots.begin(), slots.end());
    slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
    bool const contiguous = wish.contiguous && slots.size() <= 3 * parts[p].longest;
    layout.shape[p] = {contiguous ? static_cast<int>(slots.size())
                                  : -static_cast<int>(parts[p].longest)};
    if (contiguous) layout.shape[p].insert(layout.shape[p].end(), slots.begin(), slots.end());
  }
  place_entries(layout, parts, rows);
  return layout;
}

}  // namespace detail

}  // namespace inpex::sparse
