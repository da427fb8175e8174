// SPDX-License-Identifier: Apache-2.0
#pragma once
// How the arithmetic of one point reads its neighbours: u(East{}) is the value at (i+1, j, k). The
// same arithmetic is given three views of the neighbourhood: of a vector of cells that takes most
// values from registers, of one cell in memory, and of one cell of a column that a thread marches
// up.

#include <inpex/simd.hpp>

#include <Kokkos_Core.hpp>

#include <cstddef>

namespace inpex::stencil {

/// A neighbour's place relative to the point, known at compile time.
template <int X, int Y, int Z>
struct Offset {
  static constexpr int x = X, y = Y, z = Z;
};
using Here = Offset<0, 0, 0>;
using West = Offset<-1, 0, 0>;
using East = Offset<1, 0, 0>;
using South = Offset<0, -1, 0>;
using North = Offset<0, 1, 0>;
using Below = Offset<0, 0, -1>;
using Above = Offset<0, 0, 1>;

/// One cell, read from memory.
template <class T>
struct Cell {
  T const* here;
  std::ptrdiff_t pitch, plane;

  template <class O>
  KOKKOS_INLINE_FUNCTION vec<T, 1> operator()(O) const {
    return {here[O::x + O::y * pitch + O::z * plane]};
  }
};

/// One cell of a column: the 2 * Radius + 1 cells along z are in registers, the others in memory.
template <class T, int Radius>
struct Column {
  T const* here;
  std::ptrdiff_t pitch, plane;
  T along[2 * Radius + 1];  // z from -Radius to Radius

  template <class O>
  KOKKOS_INLINE_FUNCTION vec<T, 1> operator()(O) const {
    if constexpr (O::x == 0 && O::y == 0)
      return {along[O::z + Radius]};
    else
      return {here[O::x + O::y * pitch + O::z * plane]};
  }
  /// One cell up; the cell Radius above it is loaded.
  KOKKOS_INLINE_FUNCTION void climb() {
    here += plane;
    for (int z = 0; z < 2 * Radius; ++z) along[z] = along[z + 1];
    along[2 * Radius] = here[Radius * plane];
  }
};

/// W cells of a row of plane Q of a group of Planes planes. Along z values come from registers,
/// along x by lane shifts of aligned loads; Radius must not exceed W.
template <class T, int W, int Planes, int Radius, int Q>
struct Lanes {
  T const* here;  // of plane Q
  std::ptrdiff_t pitch, plane;
  vec<T, W> const (&along)[Planes + 2 * Radius];  // z from -Radius of the group's first plane
  vec<T, W> const &previous, &next;               // the W cells before and after, in plane Q

  template <class O>
  [[gnu::always_inline]] vec<T, W> operator()(O) const {
    if constexpr (O::x == 0 && O::y == 0)
      return along[Q + O::z + Radius];
    else if constexpr (O::y == 0 && O::z == 0 && O::x < 0)
      return shift<W + O::x>(previous, along[Q + Radius]);
    else if constexpr (O::y == 0 && O::z == 0)
      return shift<O::x>(along[Q + Radius], next);
    else if constexpr (O::x == 0)
      return vec<T, W>::load(here + O::y * pitch + O::z * plane);
    else
      return vec<T, W>::load_unaligned(here + O::x + O::y * pitch + O::z * plane);
  }
};

}  // namespace inpex::stencil
