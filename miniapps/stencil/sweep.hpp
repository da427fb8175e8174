// SPDX-License-Identifier: Apache-2.0
#pragma once
// One sweep out = point(in) over boxes of a lattice: all stencils share it, and bring the
// arithmetic of one point. On hosts a tile is a block of rows of y, swept group of rows by group of
// rows (rows.hpp); on devices a team has a patch of x and y, and each thread marches up z with its
// column in registers, what is beside it in the caches or, where the point asks for it, in scratch
// memory (patches.hpp).
//
// What makes the host schedule fast (measured, docs/performance/stencil.md): rows of a group share
// their loads; the lines that the next group needs from memory are asked for one group ahead;
// results that are not read again soon go past the caches, which saves reading the line that is
// overwritten.

#include "cuts.hpp"
#include "patches.hpp"
#include "rows.hpp"

#include <inpex/lattice.hpp>
#include <inpex/launch.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace inpex::stencil {

/// A sweep kernel. With Store::streamed the output is taken not to fit in cache.
template <class T, Point P>
class Sweep {
 public:
  static constexpr char const* name = P::name;
  static constexpr int radius = P::radius;
  /// Of a team on devices; 0 where any number will do.
  static constexpr int team_threads = Patched<P> ? P::shape.patch_x * P::shape.patch_y : 0;

  Sweep(P const& point, Layout const& layout, Cuts const& cuts, Store store)
      : point_(point), layout_(layout), cuts_(cuts), store_(P::updates ? Store::cached : store) {}

  /// The same sweep between these arrays.
  [[nodiscard]] Sweep between(Arrays<T> const& arrays) const {
    Sweep same = *this;
    same.arrays_ = arrays;
    return same;
  }

  [[nodiscard]] int tiles() const { return cuts_.tiles(); }
  void tile(int t) const {
    Box const box = cuts_.tile(t);
    if constexpr (!P::updates)
      if (store_ == Store::streamed) {
        march<Store::streamed>(box);
        return stream_fence();
      }
    march<Store::cached>(box);
  }

  [[nodiscard]] int teams() const;
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const& member) const;
  /// Bytes of scratch memory that a team needs.
  static std::size_t team_scratch() {
    if constexpr (Patched<P>) return PatchMarch<T, P>::scratch_bytes;
    return 0;
  }

 private:
  // Cells of a team: whole cache lines along x.
  static constexpr int patch_x = Patched<P> ? P::shape.patch_x : 64,
                       patch_y = Patched<P> ? P::shape.patch_y : 4;
  static constexpr int chunk_z = 64;  // cells that a thread climbs

  KOKKOS_INLINE_FUNCTION static int pieces(Box const& box) {
    return (box.extent(0) + patch_x - 1) / patch_x * ((box.extent(1) + patch_y - 1) / patch_y) *
           ((box.extent(2) + chunk_z - 1) / chunk_z);
  }
  template <Store store>
  void march(Box const& box) const;
  template <int R, int Q, Store store, bool Ask>
  void group(Box const& piece, int j, int k, std::ptrdiff_t next_piece) const;

  P point_;
  Layout layout_;
  Cuts cuts_;
  Store store_;
  Arrays<T> arrays_{};
};

// Groups of planes from below, in each the pieces along x, in each the groups of rows; what is left
// over goes row by row, with the same arithmetic and so the same bits.
template <class T, Point P>
template <Store store>
void Sweep<T, P>::march(Box const& box) const {
  constexpr int R = P::shape.rows, Q = P::shape.planes;
  int const chunk = P::shape.chunk == 0 ? box.upper[0] : P::shape.chunk;
  auto const one_by_one = [&](int j, int k) { group<1, 1, Store::cached, false>(box, j, k, 0); };
  int k = box.lower[2];
  for (; k + Q <= box.upper[2]; k += Q) {
    int j = box.lower[1];
    for (int from = box.lower[0], to; from < box.upper[0]; from = to) {
      to = std::min(box.upper[0], (from / chunk + 1) * chunk);
      Box piece = box;
      piece.lower[0] = from, piece.upper[0] = to;
      auto const next = to < box.upper[0] ? to - from : Q * layout_.plane - (from - box.lower[0]);
      for (j = box.lower[1]; j + R <= box.upper[1]; j += R)
        group<R, Q, store, true>(piece, j, k, next);
    }
    for (; j < box.upper[1]; ++j)
      for (int q = 0; q < Q; ++q) one_by_one(j, k + q);
  }
  for (; k < box.upper[2]; ++k)
    for (int j = box.lower[1]; j < box.upper[1]; ++j) one_by_one(j, k);
}

// Rows j to j + R - 1 of planes k to k + Q - 1 of a piece; the next piece is `next_piece` cells on.
template <class T, Point P>
template <int R, int Q, Store store, bool Ask>
void Sweep<T, P>::group(Box const& piece, int j, int k, std::ptrdiff_t next_piece) const {
  auto const pitch = layout_.pitch, plane = layout_.plane;
  auto const here = arrays_.at(layout_.at(0, j, k));
  Rows<T, P, R, Q> rows;
  for (int z = 0; z < Q + 2 * radius; ++z) rows.in[z] = here.in + (z - radius) * plane;
  for (int q = 0; q < Q; ++q) {
    rows.out[q] = here.out + q * plane;
    rows.before[q] = rows.out[q];
    rows.coefficient[q] = P::coefficients ? here.coefficient + q * plane : nullptr;
  }
  rows.look_ahead(here.in, plane, Ahead{piece, j, pitch, next_piece});
  rows.in_pitch = rows.out_pitch = rows.before_pitch = rows.coefficient_pitch = pitch;
  rows.template sweep<store, Ask>(point_, piece.lower[0], piece.upper[0]);
}

template <class T, Point P>
int Sweep<T, P>::teams() const {
  int sum = 0;
  for (int c = 0; c < cuts_.count; ++c) sum += pieces(cuts_.tilings[c].box);
  return sum;
}

template <class T, Point P>
template <class Member>
KOKKOS_INLINE_FUNCTION void Sweep<T, P>::team(Member const& member) const {
  // A copy of what the march reads, and boxes by indices that the compiler knows: else a thread has
  // all its arguments in memory.
  auto const point = point_;
  auto const layout = layout_;
  auto const arrays = arrays_;
  Box box{};
  int piece = 0, left = member.league_rank();
  for (int c = 0; c < Cuts::most; ++c) {
    Box const& each = cuts_.tilings[c].box;
    if (left >= 0) box = each, piece = left;
    left -= pieces(each);
  }
  int const across = (box.extent(0) + patch_x - 1) / patch_x,
            up = (box.extent(1) + patch_y - 1) / patch_y;
  int const place[3] = {piece % across, piece / across % up, piece / across / up};
  constexpr int size[3] = {patch_x, patch_y, chunk_z};
  for (int axis = 0; axis < 3; ++axis) {
    box.lower[axis] += place[axis] * size[axis];
    if (int const end = box.lower[axis] + size[axis]; end < box.upper[axis]) box.upper[axis] = end;
  }
  if constexpr (Patched<P>) {
    using March = PatchMarch<T, P>;
    auto* const planes =
        static_cast<T*>(member.team_shmem().get_shmem(std::size_t{March::scratch_bytes}));
    March{point, layout, arrays, box, planes}(member);
  } else {
    Kokkos::parallel_for(Kokkos::TeamVectorRange(member, patch_x * patch_y), [&](int cell) {
      int const i = box.lower[0] + cell % patch_x, j = box.lower[1] + cell / patch_x;
      if (i >= box.upper[0] || j >= box.upper[1]) return;
      Column<T, P> column(
          Cell<T, P>{arrays.at(layout.at(i, j, box.lower[2])), layout.pitch, layout.plane});
      for (int k = box.lower[2]; k < box.upper[2]; ++k) {
        *column.cell.here.out = point(column).lanes;
        if (k + 1 < box.upper[2]) column.climb();
      }
    });
  }
}

}  // namespace inpex::stencil
