// SPDX-License-Identifier: Apache-2.0
#pragma once
// How a box of cells will be cut over ranks, before any rank exists, and what formulas may know of
// it.

#include <inpex/error.hpp>
#include <inpex/grid.hpp>
#include <inpex/value.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace inpex::host {

/// A box cut into parts[0] * parts[1] * parts[2] blocks.
struct Blocks {
  std::array<std::int64_t, 3> cells{1, 1, 1};
  std::array<int, 3> parts{1, 1, 1};
};

/// Blocks of one size in every axis, and how many there are.
struct BlockKind {
  std::array<std::int64_t, 3> extent;
  std::int64_t count;
};

/// The box of the parameters nx, ny, nz, cut over `ranks` as Grid will cut it. Throws Error (spec)
/// if there are more ranks than the box has planes to share.
inline Blocks predicted_blocks(std::array<std::int64_t, 3> cells, int ranks) {
  return {cells, cut(cells, ranks, 1)};
}

/// The sizes of block that occur, at most eight, the largest first.
inline std::vector<BlockKind> block_kinds(Blocks const& blocks) {
  std::vector<BlockKind> kinds{{{1, 1, 1}, 1}};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    auto const each = blocks.cells[axis] / blocks.parts[axis],
               more = blocks.cells[axis] % blocks.parts[axis];
    std::vector<BlockKind> next;
    for (auto const& kind : kinds)
      for (auto const& [extent, count] :
           {std::pair{each + 1, more}, std::pair{each, blocks.parts[axis] - more}}) {
        if (count == 0) continue;
        next.push_back({kind.extent, kind.count * count});
        next.back().extent[axis] = extent;
      }
    kinds = std::move(next);
  }
  return kinds;
}

/// Adds what formulas may know of a block to a table: px py pz, lx ly lz, and the face neighbours
/// and ghost cells of the rank that has most of them.
inline void put_block(Table& names, Blocks const& blocks,
                      std::array<std::int64_t, 3> const& extent) {
  std::int64_t neighbours = 0, halo_cells = 0;
  bool overflow = false;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    std::int64_t const faces = std::min(blocks.parts[axis] - 1, 2);
    std::int64_t area = 0;
    bool const large =
        __builtin_mul_overflow(extent[(axis + 1) % 3], extent[(axis + 2) % 3], &area) ||
        __builtin_mul_overflow(area, faces, &area) ||
        __builtin_add_overflow(halo_cells, area, &halo_cells);
    overflow = overflow || (faces > 0 && large);
    neighbours += faces;
  }
  if (overflow)
    throw Error(Fault::spec, "64-bit overflow of the number of ghost cells", "nx, ny, nz",
                "take a smaller size");
  constexpr char const* axes[] = {"x", "y", "z"};
  for (std::size_t axis = 0; axis < 3; ++axis)
    put(names, std::string("p") + axes[axis], std::int64_t{blocks.parts[axis]});
  for (std::size_t axis = 0; axis < 3; ++axis)
    put(names, std::string("l") + axes[axis], extent[axis]);
  put(names, "neighbours", neighbours);
  put(names, "halo_cells", neighbours == 0 ? std::int64_t{0} : halo_cells);
}

}  // namespace inpex::host
