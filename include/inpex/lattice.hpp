// SPDX-License-Identifier: Apache-2.0
#pragma once
// A box of cells with ghost layers, x fastest on every space. Rows begin at a cache line and are
// never a multiple of 4096 bytes apart, so that rows of neighbouring planes do not share cache
// sets.

#include <inpex/simd.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace inpex {

/// Where the cells of a box lie in a one-dimensional array: cell (i, j, k) at
/// origin + i + j * pitch + k * plane, in elements; ghosts have indices from -ghost to extent +
/// ghost - 1. Two cache lines before the first cell and after the last may be read.
struct Layout {
  std::array<int, 3> extent{};  ///< owned cells in x, y, z
  std::array<int, 3> ghost{};   ///< layers on both faces across x, y, z
  std::ptrdiff_t pitch = 0;
  std::ptrdiff_t plane = 0;
  std::ptrdiff_t origin = 0;
  std::size_t size = 0;  ///< elements in all, including padding

  KOKKOS_INLINE_FUNCTION std::ptrdiff_t at(int i, int j, int k) const {
    return origin + i + j * pitch + k * plane;
  }

  friend bool operator==(Layout const&, Layout const&) = default;
};

/// The layout for elements of `bytes_each`; no ghost may exceed a cache line of elements.
/// The ghosts at the right of a row share its padding with those at the left of the next.
inline Layout make_layout(std::array<int, 3> extent, std::array<int, 3> ghost,
                          std::size_t bytes_each) {
  auto const line = static_cast<std::ptrdiff_t>(cache_line / bytes_each);
  auto const up = [&](std::ptrdiff_t n) { return (n + line - 1) / line * line; };
  Layout layout{.extent = extent, .ghost = ghost};
  layout.pitch = up(extent[0] + 2 * ghost[0]);
  if (layout.pitch * static_cast<std::ptrdiff_t>(bytes_each) % 4096 == 0) layout.pitch += line;
  layout.plane = layout.pitch * (extent[1] + 2 * ghost[1]);
  layout.origin = ghost[2] * layout.plane + ghost[1] * layout.pitch + 2 * line;
  layout.size = static_cast<std::size_t>(layout.plane * (extent[2] + 2 * ghost[2]) + 4 * line);
  return layout;
}
/// The same with `ghost` layers on every face.
inline Layout make_layout(std::array<int, 3> extent, int ghost, std::size_t bytes_each) {
  return make_layout(extent, {ghost, ghost, ghost}, bytes_each);
}

/// A box of cells within the owned ones: lower <= (i, j, k) < upper.
struct Box {
  std::array<int, 3> lower{};
  std::array<int, 3> upper{};

  [[nodiscard]] KOKKOS_INLINE_FUNCTION int extent(int axis) const {
    return upper[axis] - lower[axis];
  }
  [[nodiscard]] KOKKOS_INLINE_FUNCTION bool empty() const {
    return extent(0) <= 0 || extent(1) <= 0 || extent(2) <= 0;
  }
  [[nodiscard]] std::int64_t cells() const {
    return empty() ? 0 : std::int64_t{extent(0)} * extent(1) * extent(2);
  }
};

/// All owned cells.
inline Box owned(Layout const& layout) { return {{0, 0, 0}, layout.extent}; }

/// Cuts a box into tiles of `rows` rows of y, full x and, unless there would be fewer tiles than
/// threads, all z. The same cut serves a sweep and the first touch of its memory.
struct Tiling {
  Box box;
  int rows = 1;
  int blocks = 1;  ///< of y
  int slabs = 1;   ///< of z

  Tiling() = default;
  Tiling(Box const& cut, int rows_wanted, int threads) : box(cut) {
    rows = std::clamp(rows_wanted, 1, std::max(1, (box.extent(1) + threads - 1) / threads));
    blocks = (box.extent(1) + rows - 1) / rows;
    if (blocks < threads && blocks > 0)
      slabs = std::clamp((threads + blocks - 1) / blocks, 1, std::max(1, box.extent(2)));
  }
  [[nodiscard]] int count() const { return box.empty() ? 0 : blocks * slabs; }
  /// Tile t, 0 <= t < count(); z slabs of a block are neighbours.
  [[nodiscard]] Box tile(int t) const {
    int const block = t / slabs, slab = t % slabs;
    Box part = box;
    part.lower[1] = box.lower[1] + block * rows;
    part.upper[1] = std::min(part.lower[1] + rows, box.upper[1]);
    part.lower[2] = box.lower[2] + static_cast<int>(std::int64_t{box.extent(2)} * slab / slabs);
    part.upper[2] =
        box.lower[2] + static_cast<int>(std::int64_t{box.extent(2)} * (slab + 1) / slabs);
    return part;
  }
};

}  // namespace inpex
