// SPDX-License-Identifier: Apache-2.0
#pragma once
// Block decomposition of a box of cells over ranks, near-equal in every axis, not periodic.

#include <inpex/comm.hpp>
#include <inpex/error.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string>

namespace inpex {

namespace detail {
inline constexpr std::int64_t thickest =
    std::numeric_limits<int>::max() - 4096;  // indices of a block are ints
}

/// How many blocks a box is cut into along x, y, z: the factors of `ranks` with the least surface
/// between blocks. A face across x counts double, since its cells are not contiguous.
/// An axis that is not cut may have any length. Throws Error (spec) if no factors leave each block
/// `thinnest` cells along every axis that is cut. O(ranks^2) at worst.
inline std::array<int, 3> cut(std::array<std::int64_t, 3> cells, int ranks, std::int64_t thinnest) {
  std::array<int, 3> best{0, 0, 0};
  double best_cost = std::numeric_limits<double>::infinity();
  for (int px = 1; px <= ranks; ++px)
    for (int py = 1; ranks % px == 0 && py <= ranks / px; ++py) {
      if (ranks / px % py != 0) continue;
      std::array<int, 3> const parts{px, py, ranks / px / py};
      bool fits = true;
      for (int axis = 0; axis < 3; ++axis)
        fits = fits && (parts[axis] == 1 || cells[axis] / parts[axis] >= thinnest) &&
               cells[axis] / parts[axis] < detail::thickest;
      double const x = double(cells[0]), y = double(cells[1]), z = double(cells[2]);
      double const cost =
          2 * (parts[0] - 1) * y * z + (parts[1] - 1) * x * z + (parts[2] - 1) * x * y;
      if (fits && cost < best_cost) best = parts, best_cost = cost;
    }
  auto const longest = std::max({cells[0], cells[1], cells[2]});
  if (longest / ranks >= detail::thickest)
    throw Error(Fault::spec,
                std::to_string(longest) + " cells along an axis are more than a block can hold",
                "nx, ny, nz",
                "take fewer than " + std::to_string(detail::thickest) + " for each rank");
  if (best[0] == 0)
    throw Error(Fault::spec,
                std::to_string(cells[0]) + " x " + std::to_string(cells[1]) + " x " +
                    std::to_string(cells[2]) + " cells cannot be cut into " +
                    std::to_string(ranks) + " blocks at least " + std::to_string(thinnest) +
                    " thick",
                "nx, ny, nz", "take fewer ranks or a larger case");
  return best;
}

/// This rank's block of the box, and where the others are.
class Grid {
 public:
  /// `cells` of the whole box; along an axis that is cut every block is at least `thinnest` thick.
  /// Throws Error (spec).
  Grid(std::array<std::int64_t, 3> cells, Comm const& comm, std::int64_t thinnest = 1)
      : cells_(cells), parts_(cut(cells, comm.size(), thinnest)) {
    int const rank = comm.rank();
    place_ = {rank % parts_[0], rank / parts_[0] % parts_[1], rank / parts_[0] / parts_[1]};
    for (int axis = 0; axis < 3; ++axis) {
      lower_[axis] = start(axis, place_[axis]);
      extent_[axis] = static_cast<int>(start(axis, place_[axis] + 1) - lower_[axis]);
    }
  }

  [[nodiscard]] std::array<std::int64_t, 3> cells() const { return cells_; }  ///< of the whole box
  [[nodiscard]] std::array<int, 3> parts() const { return parts_; }  ///< blocks along each axis
  [[nodiscard]] std::array<std::int64_t, 3> lower() const {
    return lower_;
  }                                                                    ///< first cell of this block
  [[nodiscard]] std::array<int, 3> extent() const { return extent_; }  ///< cells of this block

  /// The rank that is (dx, dy, dz) blocks away, or -1 beyond the box.
  [[nodiscard]] int neighbour(std::array<int, 3> step) const {
    std::array<int, 3> there{};
    for (int axis = 0; axis < 3; ++axis) {
      there[axis] = place_[axis] + step[axis];
      if (there[axis] < 0 || there[axis] >= parts_[axis]) return -1;
    }
    return there[0] + parts_[0] * (there[1] + parts_[1] * there[2]);
  }

 private:
  // The first `cells % parts` blocks have one cell more.
  [[nodiscard]] std::int64_t start(int axis, int part) const {
    auto const each = cells_[axis] / parts_[axis], more = cells_[axis] % parts_[axis];
    return part * each + (part < more ? part : more);
  }

  std::array<std::int64_t, 3> cells_;
  std::array<int, 3> parts_;
  std::array<int, 3> place_{};
  std::array<std::int64_t, 3> lower_{};
  std::array<int, 3> extent_{};
};

}  // namespace inpex
