// SPDX-License-Identifier: Apache-2.0
#pragma once
// The periodic box of cells, cut into slabs along x, one a rank, and the slab into tiles of columns
// along z. Between two sorts electrons may leave their tile and their slab by `margin` cells, so
// that a rank's window of the grid is its slab and so many planes on both sides. Tiles of one
// colour are so far apart that their electrons never meet in a cell.

#include "../fft/slabs.hpp"

#include <inpex/comm.hpp>
#include <inpex/error.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace inpex::particle {

/// The box in slabs, and this rank's one.
class Slabs {
 public:
  /// Throws Error (spec) where there are more ranks than planes or rows, or more cells than can be
  /// counted.
  Slabs(std::array<std::int64_t, 3> cells, int margin, Comm const& comm)
      : ranks_(comm.size()), rank_(comm.rank()), margin_(margin) {
    if (auto const most = std::min(cells[0], cells[1]); comm.size() > most)
      throw Error(Fault::spec,
                  std::to_string(comm.size()) + " ranks, but only " + std::to_string(most) +
                      (most == cells[0] ? " planes" : " rows") + " of cells",
                  "nx, ny", "take fewer ranks, or a larger box along x and y");
    if (cells[1] * cells[2] > (std::int64_t{1} << 30) ||
        cells[0] * cells[1] * cells[2] / comm.size() > (std::int64_t{1} << 30))
      throw Error(Fault::spec, "more cells than a rank can count", "nx, ny, nz",
                  "take more ranks or a smaller box");
    for (std::size_t axis = 0; axis < 3; ++axis) cells_[axis] = static_cast<int>(cells[axis]);
    for (int axis = 0; axis < 2; ++axis) {
      int const length = axis == 0 ? own() : cells_[1], parts = length / (2 * margin_ + 1);
      tiles_[axis] = std::max(1, parts / 2 * 2);  // even, since the box is periodic
    }
  }

  [[nodiscard]] int cells(int axis) const { return cells_[static_cast<std::size_t>(axis)]; }
  [[nodiscard]] int ranks() const { return ranks_; }
  [[nodiscard]] int rank() const { return rank_; }
  [[nodiscard]] int margin() const { return margin_; }
  [[nodiscard]] int plane() const { return cells_[1] * cells_[2]; }  ///< cells of a plane

  /// First plane of a rank, and of the one after the last: as the transform shares them.
  [[nodiscard]] int start(int rank) const { return planes().start(rank); }
  [[nodiscard]] int lower() const { return start(rank_); }
  [[nodiscard]] int own(int rank) const { return start(rank + 1) - start(rank); }
  [[nodiscard]] int own() const { return own(rank_); }
  /// The rank that owns a plane, which may be of any image of the box.
  [[nodiscard]] int owner(int plane) const { return planes().part_of(wrapped(plane)); }
  [[nodiscard]] int wrapped(int plane) const {
    int const n = plane % cells_[0];
    return n < 0 ? n + cells_[0] : n;
  }
  /// Planes of cells that electrons of this rank may be in, from lower() - margin() on.
  [[nodiscard]] int window() const { return own() + 2 * margin_; }

  [[nodiscard]] int tiles() const { return tiles_[0] * tiles_[1]; }
  [[nodiscard]] int colours() const { return (tiles_[0] > 1 ? 2 : 1) * (tiles_[1] > 1 ? 2 : 1); }
  /// The tiles of a colour, numbered as they lie in memory.
  [[nodiscard]] std::vector<int> tiles_of(int colour) const {
    std::vector<int> found;
    for (int t = 0; t < tiles(); ++t) {
      int const x = t / tiles_[1] % 2, y = t % tiles_[1] % 2;
      if ((tiles_[0] > 1 ? x + 2 * y : y) == colour) found.push_back(t);
    }
    return found;
  }
  /// [own, ny]: the number of each own column, tile after tile; and the first of each tile, [tiles
  /// + 1].
  [[nodiscard]] std::vector<int> columns() const {
    std::vector<int> numbers(static_cast<std::size_t>(own() * cells_[1]));
    int next = 0;
    each_tile([&](int x0, int x1, int y0, int y1) {
      for (int x = x0; x < x1; ++x)
        for (int y = y0; y < y1; ++y) numbers[static_cast<std::size_t>(x * cells_[1] + y)] = next++;
    });
    return numbers;
  }
  [[nodiscard]] std::vector<int> first_columns() const {
    std::vector<int> first{0};
    each_tile([&](int x0, int x1, int y0, int y1) {
      first.push_back(first.back() + (x1 - x0) * (y1 - y0));
    });
    return first;
  }

 private:
  [[nodiscard]] fft::Shares planes() const { return {cells_[0], ranks_}; }
  template <class Body>
  void each_tile(Body const& body) const {
    for (int x = 0; x < tiles_[0]; ++x)
      for (int y = 0; y < tiles_[1]; ++y)
        body(own() * x / tiles_[0], own() * (x + 1) / tiles_[0], cells_[1] * y / tiles_[1],
             cells_[1] * (y + 1) / tiles_[1]);
  }

  std::array<int, 3> cells_{};
  int ranks_, rank_, margin_;
  int tiles_[2] = {1, 1};
};

}  // namespace inpex::particle
