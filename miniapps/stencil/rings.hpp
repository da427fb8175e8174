// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a temporal sweep stands on: which cells around a block are stepped too, how many steps a
// pass over memory may do, and the rings of planes that hold the steps between the first and the
// last.

#include "neighbourhood.hpp"

#include <inpex/grid.hpp>
#include <inpex/lattice.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace inpex::stencil {

/// A block as one rank sees it: its cells, and on which sides there are neighbours, whose cells are
/// in the ghosts and are stepped too; on the other sides there is nothing but zeros.
struct Surroundings {
  Box cells;
  Kokkos::Array<bool, 3> below{}, above{};

  /// The cells, and `more` of each neighbour.
  [[nodiscard]] KOKKOS_INLINE_FUNCTION Box grown(int more) const {
    Box box = cells;
    for (int axis = 0; axis < 3; ++axis) {
      if (below[axis]) box.lower[axis] -= more;
      if (above[axis]) box.upper[axis] += more;
    }
    return box;
  }
};

/// Of the block with these cells.
inline Surroundings surroundings(Grid const& grid, Box const& cells) {
  Surroundings around{.cells = cells};
  for (int axis = 0; axis < 3; ++axis) {
    std::array<int, 3> step{};
    step[static_cast<std::size_t>(axis)] = 1;
    around.above[axis] = grid.neighbour(step) >= 0;
    step[static_cast<std::size_t>(axis)] = -1;
    around.below[axis] = grid.neighbour(step) >= 0;
  }
  return around;
}

/// Points that can be stepped several times at once.
template <class P>
concept Steppable = Point<P> && P::shape.level_planes > 0;

/// How many steps a pass over memory may do.
template <class P>
struct Depth {
  static constexpr int most =
      8 / P::radius;                 ///< on hosts: ghosts fit a cache line of either precision
  static constexpr int devices = 2;  ///< what scratch memory holds
};

/// Where blocks of a temporal sweep lie, and how much memory their rings need.
template <class P>
struct Rings {
  static constexpr int group = P::shape.level_planes;   // planes of a level done at once
  static constexpr int planes = group + 2 * P::radius;  // of a level: a group, and what it reads
  int rows = 1;                                         // of a block
  int margin = 0;                                       // rows below and above a block
  int depth = 1;                                        // steps that they are made for
  int blocks = 1;
  int threads = 1;                      // that share the blocks
  std::ptrdiff_t pitch = 0, plane = 0;  // elements of a row and of a plane

  Rings(Layout const& layout, std::int64_t rows_wanted, std::int64_t steps, int concurrency)
      : margin(P::radius * static_cast<int>(steps) + 1), depth(static_cast<int>(steps)),
        pitch(layout.pitch) {
    int const all = layout.extent[1];
    rows = std::clamp(static_cast<int>(rows_wanted), 1, std::max(1, all / concurrency));
    blocks = (all + rows - 1) / rows;
    threads = std::min(concurrency, blocks);
    plane = (rows + 2 * margin) * pitch + 4 * std::ptrdiff_t(cache_line);
  }
  /// Elements of one thread: a plane of zeros, and the levels between the first and the last.
  [[nodiscard]] std::size_t size() const {
    return static_cast<std::size_t>(plane) * static_cast<std::size_t>(1 + (depth - 1) * planes);
  }
  /// Where cell (0, row, k) of a level between is, row counted from the block's first one. Planes
  /// that are not `inside` the level are the one of zeros.
  [[nodiscard]] std::ptrdiff_t at(int level, int row, int k, bool inside) const {
    int const slot = inside ? 1 + (level - 1) * planes + (k + 8 * planes) % planes : 0;
    return slot * plane + 2 * std::ptrdiff_t(cache_line) + (row + margin) * pitch;
  }
};

}  // namespace inpex::stencil
