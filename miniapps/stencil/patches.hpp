// SPDX-License-Identifier: Apache-2.0
#pragma once
// The device schedule of stars that reach far: a team has a patch of columns and marches up z with
// them, a thread a column. What a cell reads along z is in its thread's registers; what it reads
// along x and y is in a plane of the patch, a radius wider on all sides, in the team's scratch
// memory. The caches would have to serve 25 reads a cell; scratch memory serves 17, and memory
// little more than one. There are two planes in turn, so that one barrier a plane is enough:
// whoever writes a plane again has passed the barrier that all reach after they have read it.

#include "neighbourhood.hpp"

#include <inpex/lattice.hpp>
#include <inpex/space.hpp>

#include <Kokkos_Core.hpp>

#include <cstddef>

namespace inpex::stencil {

/// Points whose device sweep keeps planes of a patch in scratch memory.
template <class P>
concept Patched = Point<P> && P::shape.patch_x > 0 && P::shape.patch_y > 0;

/// The column of one thread at the cell where it is.
template <class T, class P>
struct PatchColumn {
  static constexpr int radius = P::radius;
  T along[2 * radius + 1];  // z from -radius to radius
  T ahead;                  // radius + 1 above, asked for a plane before it is needed
  T earlier, weight;        // what the point updates, and its coefficient
  T const* plane;           // of the team, at the cell
  int pitch;                // of that plane

  template <class O>
  KOKKOS_INLINE_FUNCTION vec<T, 1> operator()(O) const {
    static_assert(O::z == 0 || (O::x == 0 && O::y == 0), "only stars are swept by patches");
    if constexpr (O::x == 0 && O::y == 0)
      return {along[O::z + radius]};
    else
      return {plane[O::x + O::y * pitch]};
  }
  KOKKOS_INLINE_FUNCTION vec<T, 1> before() const { return {earlier}; }
  KOKKOS_INLINE_FUNCTION vec<T, 1> coefficient() const { return {weight}; }
};

/// The march of one team up the columns of `box`, which is no larger than a patch; `planes` is its
/// scratch memory.
template <class T, Patched P>
struct PatchMarch {
  static constexpr int radius = P::radius, width = P::shape.patch_x, height = P::shape.patch_y;
  /// Threads of a team on devices: one a column. Elsewhere a team may have any number.
  static constexpr int threads = width * height;
  static constexpr int pitch = width + 2 * radius, plane = pitch * (height + 2 * radius);
  static constexpr std::size_t scratch_bytes = 2 * plane * sizeof(T);

  P const& point;
  Layout const& layout;
  Arrays<T> arrays;
  Box box;
  T* planes;

  template <class Member>
  KOKKOS_INLINE_FUNCTION void operator()(Member const& member) const;

 private:
  template <class Member>
  static constexpr int columns = is_host<typename Member::execution_space> ? threads : 1;
  template <class Member>
  using Columns = Kokkos::Array<PatchColumn<T, P>, columns<Member>>;

  // f(column, i, j) for the cells (i, j) of the patch that are this thread's.
  template <class Member, class F>
  KOKKOS_INLINE_FUNCTION void each(Member const& member, Columns<Member>& mine, F const& f) const {
    for (int n = 0; n < columns<Member>; ++n) {
      int const cell = member.team_rank() + n * member.team_size(), i = cell % width,
                j = cell / width;
      if (i < box.extent(0) && j < box.extent(1)) f(mine[n], i, j);
    }
  }
  KOKKOS_INLINE_FUNCTION Arrays<T> at(int i, int j, int k) const {
    return arrays.at(layout.at(box.lower[0] + i, box.lower[1] + j, k));
  }
  // Where a plane holds cell (i, j) of the patch.
  KOKKOS_INLINE_FUNCTION static int place(int i, int j) {
    return i + radius + (j + radius) * pitch;
  }
  KOKKOS_INLINE_FUNCTION void start(PatchColumn<T, P>& column, int i, int j) const;
  KOKKOS_INLINE_FUNCTION void climb(PatchColumn<T, P>& column, T* here, int i, int j, int k) const;
  KOKKOS_INLINE_FUNCTION void border(T* here, int n, int k) const;
};

template <class T, Patched P>
template <class Member>
KOKKOS_INLINE_FUNCTION void PatchMarch<T, P>::operator()(Member const& member) const {
  Columns<Member> mine;
  each(member, mine, [&](PatchColumn<T, P>& column, int i, int j) { start(column, i, j); });
  for (int k = box.lower[2]; k < box.upper[2]; ++k) {
    T* const here = planes + k % 2 * plane;
    each(member, mine,
         [&](PatchColumn<T, P>& column, int i, int j) { climb(column, here, i, j, k); });
    Kokkos::parallel_for(Kokkos::TeamVectorRange(member, 2 * radius * (width + height)),
                         [&](int n) { border(here, n, k); });
    member.team_barrier();
    each(member, mine,
         [&](auto const& column, int i, int j) { *at(i, j, k).out = point(column).lanes; });
  }
}

// The cells that climb() to the lowest plane shifts down.
template <class T, Patched P>
KOKKOS_INLINE_FUNCTION void PatchMarch<T, P>::start(PatchColumn<T, P>& column, int i, int j) const {
  T const* const in = at(i, j, box.lower[2]).in;
  for (int z = -radius; z < radius; ++z) column.along[z + radius + 1] = in[z * layout.plane];
  column.ahead = in[radius * layout.plane];
  column.pitch = pitch;
}

// One cell up, to plane k. All that memory must bring is asked for before the barrier.
template <class T, Patched P>
KOKKOS_INLINE_FUNCTION void PatchMarch<T, P>::climb(PatchColumn<T, P>& column, T* here, int i,
                                                    int j, int k) const {
  auto const cell = at(i, j, k);
  for (int z = 0; z < 2 * radius; ++z) column.along[z] = column.along[z + 1];
  column.along[2 * radius] = column.ahead;
  if (k + 1 < box.upper[2]) column.ahead = cell.in[(radius + 1) * layout.plane];
  if constexpr (P::updates) column.earlier = *cell.out;
  if constexpr (P::coefficients) column.weight = *cell.coefficient;
  here[place(i, j)] = column.along[radius];
  column.plane = here + place(i, j);
}

// Cell n of those around the patch in plane k: rows before and after it, then columns.
template <class T, Patched P>
KOKKOS_INLINE_FUNCTION void PatchMarch<T, P>::border(T* here, int n, int k) const {
  int const rows = 2 * radius * width;
  bool const across = n < rows;
  int const along = across ? n % width : (n - rows) / (2 * radius);
  int const off = across ? n / width : (n - rows) % (2 * radius);
  int const nx = box.extent(0), ny = box.extent(1), end = across ? ny : nx;
  int const outside = off < radius ? off - radius : end + off - radius;
  if (along >= (across ? nx : ny)) return;
  int const i = across ? along : outside, j = across ? outside : along;
  here[place(i, j)] = *at(i, j, k).in;
}

}  // namespace inpex::stencil
