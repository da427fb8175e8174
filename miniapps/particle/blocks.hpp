// SPDX-License-Identifier: Apache-2.0
#pragma once
// Atoms in blocks of 8, of one column each and sorted by z: x[8] y[8] z[8] of positions, velocities
// and forces. A column's last block is filled up with atoms that are nowhere near and weigh
// nothing. A kernel finds all through these pointers.

#include "lanes.hpp"

#include <inpex/simd.hpp>
#include <inpex/space.hpp>

namespace inpex::particle {

/// Numbers of a block.
inline constexpr int block_size = 3 * block_atoms;

/// Coordinates below this one belong to no atom.
inline constexpr double nowhere = -5000;

/// Where the filling atom of a lane is: apart from others of the same and of neighbouring columns,
/// also where these are images, a box farther along an axis.
template <class Real>
constexpr Real filling(int column_x, int column_y, int lane, int axis) {
  constexpr double direction[3] = {10, 3.7, 7.1};
  int const which = ((column_x % 5) * 5 + column_y % 5) * block_atoms + lane;
  return static_cast<Real>(2 * nowhere - direction[axis] * which);
}

/// The extent of a block's atoms.
struct Bounds {
  float lower[3], upper[3];
};

/// Coordinate of the shift of an image, in boxes.
KOKKOS_INLINE_FUNCTION constexpr int image_shift(int image, int axis) {
  return (axis == 0 ? image / 9 : axis == 1 ? image / 3 % 3 : image % 3) - 1;
}

/// Columns of blocks as kernels see them.
template <class Real>
struct Columns {
  int own_x, own_y, ghosts_x, ghosts_y;  ///< columns
  int own_blocks;                        ///< those of ghosts follow
  int const *begin, *end;                ///< [columns with ghosts] blocks
  Real box[3];
  Real* x;
  Bounds* bounds;

  /// What is taken from a coordinate of an atom to bring it to the others of an image, -1, 0 or 1
  /// boxes away.
  [[nodiscard]] KOKKOS_INLINE_FUNCTION constexpr Real shift(int image, int axis) const {
    return static_cast<Real>(image_shift(image, axis)) * box[axis];
  }
  [[nodiscard]] KOKKOS_INLINE_FUNCTION int pitch() const { return own_y + 2 * ghosts_y; }
  [[nodiscard]] KOKKOS_INLINE_FUNCTION constexpr bool owns(int cx, int cy) const {
    return cx >= 0 && cx < own_x && cy >= 0 && cy < own_y;
  }
  /// The first column along x of strip t of all columns, ghosts included.
  [[nodiscard]] int strip(int t, int strips) const {
    return (own_x + 2 * ghosts_x) * t / strips - ghosts_x;
  }
  [[nodiscard]] KOKKOS_INLINE_FUNCTION int index(int cx, int cy) const {
    return (cx + ghosts_x) * pitch() + cy + ghosts_y;
  }
};

/// Writes the bounds of block b. For Each.
template <class Real>
struct FindBounds {
  static constexpr char const* name = "bounds";
  static constexpr int per_tile = 512;
  Real const* x;
  Bounds* bounds;

  KOKKOS_INLINE_FUNCTION void operator()(int b) const {
    Real const* const at = x + static_cast<std::ptrdiff_t>(b) * block_size;
    for (int axis = 0; axis < 3; ++axis) {
      auto const first = static_cast<float>(at[axis * block_atoms]);
      float lower = first, upper = first;
      for (int lane = 1; lane < block_atoms; ++lane) {
        if (at[lane] < Real(nowhere)) break;  // the first lane is always an atom
        auto const here = static_cast<float>(at[axis * block_atoms + lane]);
        lower = here < lower ? here : lower, upper = here > upper ? here : upper;
      }
      // floats are rounded: half a unit of the last place, of coordinates up to 512
      bounds[b].lower[axis] = lower - 6e-5f, bounds[b].upper[axis] = upper + 6e-5f;
    }
  }
};

}  // namespace inpex::particle
