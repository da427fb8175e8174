// SPDX-License-Identifier: Apache-2.0
#pragma once
// How many ranks share planes, and how rows and columns are cut between them. As long as each rank
// may have a plane and a row of its own none are shared (slabs); with more ranks each group of
// planes belongs to several, which have rows of them, and columns of what is made of these
// (pencils).

#include <inpex/error.hpp>

#include <Kokkos_Macros.hpp>

#include <algorithm>
#include <cstdint>
#include <string>

namespace inpex::fft {

/// Near-equal parts of `size` that begin at multiples of `unit`, the first ones longer.
struct Cut {
  int size, parts, unit = 1;

  [[nodiscard]] KOKKOS_INLINE_FUNCTION int start(int part) const {
    int const all = units(), more = all % parts;
    int const at = unit * (part * (all / parts) + (part < more ? part : more));
    return at < size ? at : size;
  }
  [[nodiscard]] KOKKOS_INLINE_FUNCTION int count(int part) const {
    return start(part + 1) - start(part);
  }
  /// The part that has number n.
  [[nodiscard]] KOKKOS_INLINE_FUNCTION int part_of(int n) const {
    int const each = units() / parts, more = units() % parts, thick = more * (each + 1);
    int const at = n / unit;
    return at < thick ? at / (each + 1) : more + (at - thick) / each;
  }

 private:
  [[nodiscard]] KOKKOS_INLINE_FUNCTION int units() const { return (size + unit - 1) / unit; }
};

/// Ranks as `groups` of planes, each shared by `sharers`: rank = group * sharers + share.
struct RankGrid {
  int groups = 1, sharers = 1;
};

/// How many there may be.
struct GridBounds {
  std::int64_t groups, sharers;
  [[nodiscard]] bool hold(RankGrid const& grid) const {
    return grid.groups <= groups && grid.sharers <= sharers;
  }
};

/// The grid with the fewest sharers.
inline RankGrid fewest_sharers(int ranks, GridBounds const& most) {
  std::int64_t sharers = (ranks + most.groups - 1) / most.groups;
  while (ranks % sharers != 0) ++sharers;
  return {static_cast<int>(ranks / sharers), static_cast<int>(sharers)};
}

/// That grid, or the one of `sharers` where these are not 0; one rank is alone. Throws Error (spec)
/// where there is none.
inline RankGrid rank_grid(int ranks, int sharers, GridBounds const& most) {
  auto const bounds = std::to_string(most.groups) + " groups of planes by " +
                      std::to_string(most.sharers) + " shares of rows";
  if (ranks == 1) return {};
  if (sharers != 0) {
    if (ranks % sharers != 0 || !most.hold({ranks / sharers, sharers}))
      throw Error(Fault::spec,
                  std::to_string(ranks) + " ranks cannot be a grid with " +
                      std::to_string(sharers) + " along y",
                  "ranks_y",
                  "take ranks_y=0, or a divisor of the ranks; there are at most " + bounds);
    return {ranks / sharers, sharers};
  }
  auto const grid = fewest_sharers(ranks, most);
  if (most.hold(grid)) return grid;
  auto fit = static_cast<int>(std::min<std::int64_t>(ranks - 1, most.groups * most.sharers));
  while (!most.hold(fewest_sharers(fit, most))) --fit;
  throw Error(Fault::spec, std::to_string(ranks) + " ranks are no grid of at most " + bounds,
              "nx, ny, nz", "take " + std::to_string(fit) + (fit == 1 ? " rank" : " ranks"));
}

}  // namespace inpex::fft
