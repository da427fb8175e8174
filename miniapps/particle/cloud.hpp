// SPDX-License-Identifier: Apache-2.0
#pragma once
// Cloud in cell: where an electron is on the grid, the push that it takes from the nodes of its
// cell, and the charge that it leaves there. W electrons at once on hosts, one on devices, with the
// same bits. Charge is whole numbers in floating point: corners share `electron_charge` so that
// nothing is lost, and its sums are exact, whatever their order, up to 2^53.

#include "charge.hpp"

#include <inpex/shuffle.hpp>

#include <cstddef>
#include <type_traits>

namespace inpex::particle {

/// Electrons that are pushed at once on hosts; one where numbers have one lane.
template <class Real>
inline constexpr int cloud_lanes = native_lanes<Real> == 1 ? 1 : 8;

/// Units of charge of an electron: rounding a corner's share to one is below what rounding of
/// coordinates does. 8192 electrons at a node in double precision, 2^32 in single.
template <class Real>
inline constexpr Real electron_charge = sizeof(Real) == 8 ? Real(0x1p40) : Real(0x1p21);

/// v where it is at least `low` and at most `high`, which no NaN is, else the nearest of them.
template <class T>
KOKKOS_FORCEINLINE_FUNCTION vec<T, 1> between(vec<T, 1> v, T low, T high) {
  auto const above = v.lanes >= low ? v.lanes : low;
  return {above <= high ? above : high};
}
template <class T, int W>
[[gnu::always_inline]] inline vec<T, W> between(vec<T, W> v, T low, T high) {
  auto const lows = vec<T, W>::broadcast(low).lanes, highs = vec<T, W>::broadcast(high).lanes;
  auto const above = v.lanes >= lows ? v.lanes : lows;
  return {above <= highs ? above : highs};
}

/// Back into [0, length), from at most one length away.
template <class T>
KOKKOS_FORCEINLINE_FUNCTION vec<T, 1> wrapped(vec<T, 1> v, T length) {
  T const up = v.lanes < T(0) ? v.lanes + length : v.lanes;
  return {up >= length ? up - length : up};
}
template <class T, int W>
[[gnu::always_inline]] inline vec<T, W> wrapped(vec<T, W> v, T length) {
  auto const all = vec<T, W>::broadcast(length).lanes, none = vec<T, W>::zero().lanes;
  auto const up = v.lanes < none ? v.lanes + all : v.lanes;
  return {up >= all ? up - all : up};
}

/// The whole part of what is not negative, as int; and an int as a real number.
template <class T>
KOKKOS_FORCEINLINE_FUNCTION vec<int, 1> whole(vec<T, 1> v) {
  return {static_cast<int>(v.lanes)};
}
template <class T, int W>
[[gnu::always_inline]] inline vec<int, W> whole(vec<T, W> v) {
  return {__builtin_convertvector(v.lanes, typename vec<int, W>::Lanes)};
}
template <class T>
KOKKOS_FORCEINLINE_FUNCTION vec<T, 1> real(vec<int, 1> v) {
  return {static_cast<T>(v.lanes)};
}
template <class T, int W>
[[gnu::always_inline]] inline vec<T, W> real(vec<int, W> v) {
  return {__builtin_convertvector(v.lanes, typename vec<T, W>::Lanes)};
}

/// The nearest whole number, of at most 2^22 in single and 2^51 in double precision.
template <class T, int W>
constexpr vec<T, W> nearest(vec<T, W> v) {
  auto const shift = vec<T, W>::broadcast(sizeof(T) == 8 ? T(0x1.8p52) : T(0x1.8p23));
  return (v + shift) - shift;
}

/// Cells of W electrons, as an index into the window's cells and nodes, and where they are in them.
template <class Real, int W>
struct Cell {
  vec<Real, W> x, y, z;  ///< 0 to 1
  vec<int, W> cell, node;
};

/// A rank's window of the grid, as electrons see it.
template <class Real>
struct Window {
  GridShape cells;  ///< of the window
  int first, margin;
  Real const* push;  ///< [width + 1, ny + 1, nz + 1, 4]
  double* charge;    ///< [width, ny, nz, 8]

  /// Electrons that are nowhere in the window are taken as on its edge, and found by the next sort.
  template <int W>
  constexpr Cell<Real, W> locate(vec<Real, W> x, vec<Real, W> y, vec<Real, W> z) const {
    using V = vec<Real, W>;
    using I = vec<int, W>;
    // From the margin on and not from the window's first plane, which depends on the rank.
    auto const in_x = between(x, static_cast<Real>(first), static_cast<Real>(first + cells.width)),
               in_y = between(y, Real(0), static_cast<Real>(cells.ny)),
               in_z = between(z, Real(0), static_cast<Real>(cells.nz));
    auto const cx = between(whole(in_x + V::broadcast(static_cast<Real>(margin))) -
                                I::broadcast(margin),
                            first, first + cells.width - 1),
               cy = between(whole(in_y), 0, cells.ny - 1),
               cz = between(whole(in_z), 0, cells.nz - 1);
    auto const wx = cx - I::broadcast(first);
    return {in_x - real<Real>(cx), in_y - real<Real>(cy), in_z - real<Real>(cz),
            (wx * I::broadcast(cells.ny) + cy) * I::broadcast(cells.nz) + cz,
            (wx * I::broadcast(cells.ny + 1) + cy) * I::broadcast(cells.nz + 1) + cz};
  }

  /// The push at W places, x, y, z: linear in each coordinate. 15 flops for weights, 15 a
  /// component.
  KOKKOS_FORCEINLINE_FUNCTION void gather(Cell<Real, 1> const& at, vec<Real, 1> (&a)[3]) const {
    Real const x = at.x.lanes, y = at.y.lanes, z = at.z.lanes, ox = 1 - x, oy = 1 - y;
    Real const *const row = push + static_cast<std::ptrdiff_t>(at.node.lanes) * 4,
                      *const north = row + 4 * (cells.nz + 1),
                      *const east = row + 4 * (cells.nz + 1) * (cells.ny + 1),
                      *const far = east + 4 * (cells.nz + 1);
    Real const w00 = ox * oy, w01 = ox * y, w10 = x * oy, w11 = x * y;
    auto const at_height = [&](int n) {
      using V = vec<Real, 1>;
      return fused(w11, V{far[n]}, fused(w10, V{east[n]}, fused(w01, V{north[n]}, w00 * V{row[n]})))
          .lanes;
    };
    for (int axis = 0; axis < 3; ++axis)
      a[axis] = {at_height(axis) * (1 - z) + at_height(4 + axis) * z};
  }
  template <int W>
  [[gnu::always_inline]] inline void gather(Cell<Real, W> const& at, vec<Real, W> (&a)[3]) const {
    static_assert(W == 8);
    using V = vec<Real, 8>;
    auto const one = V::broadcast(1), ox = one - at.x, oy = one - at.y;
    alignas(64) Real weight[4][8];
    alignas(64) int node[8];
    (ox * oy).store(weight[0]), (ox * at.y).store(weight[1]);
    (at.x * oy).store(weight[2]), (at.x * at.y).store(weight[3]);
    at.node.store(node);
    std::ptrdiff_t const row = 4 * (cells.nz + 1), plane = row * (cells.ny + 1);
    V edges[8];  // both nodes of an edge along z are one vector
    for (int lane = 0; lane < 8; ++lane) {
      Real const* const here = push + static_cast<std::ptrdiff_t>(node[lane]) * 4;
      edges[lane] = fused(weight[3][lane], V::load_unaligned(here + plane + row),
                          fused(weight[2][lane], V::load_unaligned(here + plane),
                                fused(weight[1][lane], V::load_unaligned(here + row),
                                      weight[0][lane] * V::load_unaligned(here))));
    }
    between_heights(edges, at.z, a);
  }

  /// Adds the charge of W electrons to their cells; `Shared`: others may add to them meanwhile.
  template <bool Shared>
  KOKKOS_FORCEINLINE_FUNCTION void deposit(Cell<Real, 1> const& at) const {
    vec<Real, 1> share[corners];
    shares(at, share);
    double* const to = charge + static_cast<std::ptrdiff_t>(at.cell.lanes) * corners;
    for (int c = 0; c < corners; ++c)
      if constexpr (Shared)
        Kokkos::atomic_add(to + c, static_cast<double>(share[c].lanes));
      else
        to[c] += static_cast<double>(share[c].lanes);
  }
  template <bool Shared, int W>
  [[gnu::always_inline]] inline void deposit(Cell<Real, W> const& at) const {
    static_assert(W == 8 && !Shared);
    vec<Real, 8> share[corners];
    shares(at, share);
    transpose(share);
    alignas(64) int cell[8];
    at.cell.store(cell);
    for (int lane = 0; lane < 8; ++lane) {
      double* const to = charge + static_cast<std::ptrdiff_t>(cell[lane]) * corners;
      vec<double, 8> const added{
          __builtin_convertvector(share[lane].lanes, typename vec<double, 8>::Lanes)};
      (vec<double, 8>::load(to) + added).store(to);
    }
  }

  /// Parts of the whole, by x, of these by y, of these by z, each rounded to whole units.
  template <int W>
  static constexpr void shares(Cell<Real, W> const& at, vec<Real, W> (&share)[corners]) {
    using V = vec<Real, W>;
    V const all = V::broadcast(electron_charge<Real>), east = nearest(all * at.x);
    V const of_x[2] = {all - east, east};
    for (int x = 0; x < 2; ++x) {
      V const north = nearest(of_x[x] * at.y);
      V const of_y[2] = {of_x[x] - north, north};
      for (int y = 0; y < 2; ++y) {
        V const above = nearest(of_y[y] * at.z);
        share[4 * x + 2 * y] = of_y[y] - above;
        share[4 * x + 2 * y + 1] = above;
      }
    }
  }

 private:
  // Of x, y, z below and above for each electron: between them, by axis.
  [[gnu::always_inline]] static inline void between_heights(vec<Real, 8> const (&edges)[8],
                                                            vec<Real, 8> z, vec<Real, 8> (&a)[3]) {
    using V = vec<Real, 8>;
    using Lanes = typename V::Lanes;
    alignas(64) Real above[8], below[8];
    z.store(above);
    (V::broadcast(1) - z).store(below);
    V two[4];
    // Electrons 0 and 4, 1 and 5, ...: heights of two as [first x 4, second x 4].
    for (int n = 0; n < 4; ++n) {
      Lanes const e = edges[n].lanes, f = edges[n + 4].lanes;
      Lanes const low = __builtin_shufflevector(e, f, 0, 1, 2, 3, 8, 9, 10, 11),
                  high = __builtin_shufflevector(e, f, 4, 5, 6, 7, 12, 13, 14, 15);
      two[n] = {halves<V>(below[n], below[n + 4]).lanes * low +
                halves<V>(above[n], above[n + 4]).lanes * high};
    }
    transpose_fours(two);
    for (int axis = 0; axis < 3; ++axis) a[axis] = two[axis];
  }
  // a in the low half, b in the high one.
  template <class V>
  [[gnu::always_inline]] static inline V halves(Real a, Real b) {
    V both = V::broadcast(a);
    for (int lane = 4; lane < 8; ++lane) both.lanes[lane] = b;
    return both;
  }
};

}  // namespace inpex::particle
