// SPDX-License-Identifier: Apache-2.0
#pragma once
// How the arithmetic of one point reads what is around it: u(East{}) is the value at (i+1, j, k).
// The same arithmetic is given three views: of one cell in memory, of one cell of a column that a
// thread marches up, and of a vector of cells that takes most values from registers.

#include <inpex/simd.hpp>

#include <Kokkos_Core.hpp>

#include <cstddef>
#include <utility>

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

/// What a host sweep does at once: `rows` by `planes` rows of cells, which share their loads, in
/// pieces of `chunk` cells along x (0: whole rows). A temporal sweep does `level_planes` planes of
/// a level at once (0: there is none). A device sweep keeps planes of `patch_x` by `patch_y` cells
/// in scratch memory (0: it leaves them to the caches).
struct Shape {
  int rows, planes, chunk, level_planes;
  int patch_x = 0, patch_y = 0;
};

/// The arithmetic of one point: `value = point(u)`.
/// - radius: how far it reads; flops: of one cell; shape: how hosts sweep it.
/// - updates: whether it reads u.before(), what the output holds so far.
/// - coefficients: whether it reads u.coefficient(), a field of its own.
template <class P>
concept Point = requires {
  P::radius;
  P::flops;
  P::shape;
  P::updates;
  P::coefficients;
};

/// What the cells of a column, along y and z, give to the one in their middle, and to those west
/// and east of it.
template <class V>
struct Shares {
  V own, beside;
};
template <class V>
Shares(V, V) -> Shares<V>;

/// A point may put together what a column of cells gives, `column(u)`, and take the shares of the
/// columns west and east of it too, as u.column(*this, West{}): on hosts each is computed once, and
/// shifted along x.
template <class P>
concept Columned = requires {
  P::shares_columns;
};

/// The arrays of a sweep: `out` = point(`in`), with `coefficient` where the point wants one.
template <class T>
struct Arrays {
  T const* in = nullptr;
  T* out = nullptr;
  T const* coefficient = nullptr;

  /// The same arrays `cells` further on.
  KOKKOS_INLINE_FUNCTION Arrays at(std::ptrdiff_t cells) const {
    return {in + cells, out + cells, coefficient == nullptr ? nullptr : coefficient + cells};
  }
};

/// One cell, read from memory.
template <class T, class P>
struct Cell {
  Arrays<T> here;
  std::ptrdiff_t pitch, plane;

  template <class O>
  KOKKOS_INLINE_FUNCTION vec<T, 1> operator()(O) const {
    return {here.in[O::x + O::y * pitch + O::z * plane]};
  }
  template <class O>
  KOKKOS_INLINE_FUNCTION auto column(P const& point, O) const {
    return point.column(Cell{here.at(O::x), pitch, plane});
  }
  KOKKOS_INLINE_FUNCTION vec<T, 1> before() const { return {*here.out}; }
  KOKKOS_INLINE_FUNCTION vec<T, 1> coefficient() const { return {*here.coefficient}; }
};

/// One cell of a column: the 2 * radius + 1 cells along z are in registers, the others in memory.
template <class T, class P>
struct Column {
  static constexpr int radius = P::radius;
  Cell<T, P> cell;
  T along[2 * radius + 1];  // z from -radius to radius

  KOKKOS_INLINE_FUNCTION explicit Column(Cell<T, P> const& first) : cell(first) {
    for (int z = -radius; z <= radius; ++z) along[z + radius] = cell.here.in[z * cell.plane];
  }
  template <class O>
  KOKKOS_INLINE_FUNCTION vec<T, 1> operator()(O at) const {
    if constexpr (O::x == 0 && O::y == 0)
      return {along[O::z + radius]};
    else
      return cell(at);
  }
  template <class O>
  KOKKOS_INLINE_FUNCTION auto column(P const& point, O at) const {
    if constexpr (O::x == 0)
      return point.column(*this);
    else
      return cell.column(point, at);
  }
  KOKKOS_INLINE_FUNCTION vec<T, 1> before() const { return cell.before(); }
  KOKKOS_INLINE_FUNCTION vec<T, 1> coefficient() const { return cell.coefficient(); }
  /// One cell up; the cell `radius` above it is loaded.
  KOKKOS_INLINE_FUNCTION void climb() {
    cell.here = cell.here.at(cell.plane);
    for (int z = 0; z < 2 * radius; ++z) along[z] = along[z + 1];
    along[2 * radius] = cell.here.in[radius * cell.plane];
  }
};

}  // namespace inpex::stencil
