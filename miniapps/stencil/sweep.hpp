// SPDX-License-Identifier: Apache-2.0
#pragma once
// One sweep out = point(in) over boxes of a lattice: all stencils share it, and bring the
// arithmetic of one point. On hosts a tile is a block of rows, swept plane pair by plane pair with
// x in lanes; on devices a team has a patch of x and y, and each thread marches up z with its
// column in registers.
//
// What makes the host schedule fast (measured, docs/results.md): two planes at once share the loads
// between them; the line that the next row needs from memory is asked for one row ahead; results
// that are not read again soon go past the caches, which saves reading the line that is
// overwritten.

#include "neighbourhood.hpp"

#include <inpex/lattice.hpp>
#include <inpex/launch.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace inpex::stencil {

/// The arithmetic of one point: a function of the neighbourhood, and how far it reads.
template <class P>
concept Point = requires {
  P::radius;
};

/// Up to 6 tilings done by one launch: a whole block, its interior, or what is next to its faces.
struct Cuts {
  Kokkos::Array<Tiling, 6> tilings{};
  int count = 0;

  void add(Tiling const& tiling) {
    if (tiling.count() > 0) tilings[count++] = tiling;
  }
  [[nodiscard]] int tiles() const {
    int sum = 0;
    for (int c = 0; c < count; ++c) sum += tilings[c].count();
    return sum;
  }
  [[nodiscard]] Box tile(int t) const {
    int c = 0;
    for (; t >= tilings[c].count(); ++c) t -= tilings[c].count();
    return tilings[c].tile(t);
  }
};

/// A sweep kernel. `streaming`: the output does not fit in cache, so store past it.
template <class T, Point P>
class Sweep {
 public:
  static constexpr char const* name = P::name;
  static constexpr int lanes = native_lanes<T>;
  static constexpr int planes =
      2;  // swept together on hosts; more are too many streams for the prefetchers
  static constexpr int radius = P::radius;

  Sweep(P const& point, Layout const& layout, Cuts const& cuts, bool streaming)
      : point_(point), layout_(layout), cuts_(cuts), streaming_(streaming) {}

  /// The same sweep between these arrays.
  [[nodiscard]] Sweep between(T const* in, T* out) const {
    Sweep same = *this;
    same.in_ = in;
    same.out_ = out;
    return same;
  }

  [[nodiscard]] int tiles() const { return cuts_.tiles(); }
  void tile(int t) const {
    Box const box = cuts_.tile(t);
    if (streaming_) {
      march<true>(box);
      stream_fence();
    } else {
      march<false>(box);
    }
  }

  [[nodiscard]] int teams() const;
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const& member) const;

 private:
  static constexpr int patch_x = 64, patch_y = 4;  // cells of a team: whole cache lines along x
  static constexpr int chunk_z = 64;               // cells that a thread climbs

  KOKKOS_INLINE_FUNCTION static int pieces(Box const& box) {
    return (box.extent(0) + patch_x - 1) / patch_x * ((box.extent(1) + patch_y - 1) / patch_y) *
           ((box.extent(2) + chunk_z - 1) / chunk_z);
  }
  template <bool Stream>
  void march(Box const& box) const;
  template <int Planes, bool Stream>
  void rows(Box const& box, int k) const;
  template <int Planes, bool Stream, std::size_t... Q>
  [[gnu::always_inline]] void row(T const* in, T* out, int cells,
                                  std::ptrdiff_t const (&ahead)[Planes],
                                  std::index_sequence<Q...>) const;
  void cells(Box const& box, int j, int k, int from, int to) const;
  KOKKOS_INLINE_FUNCTION void climb(int i, int j, int k, int top) const;

  P point_;
  Layout layout_;
  Cuts cuts_;
  bool streaming_;
  T const* in_ = nullptr;
  T* out_ = nullptr;
};

template <class T, Point P>
template <bool Stream>
void Sweep<T, P>::march(Box const& box) const {
  int k = box.lower[2];
  for (; k + planes <= box.upper[2]; k += planes) rows<planes, Stream>(box, k);
  for (; k < box.upper[2]; ++k) rows<1, Stream>(box, k);
}

// All rows of the box in planes k to k + Planes - 1. Whole vectors go from the first aligned cell
// on; the cells before and after them one by one, with the same arithmetic and so the same bits.
template <class T, Point P>
template <int Planes, bool Stream>
void Sweep<T, P>::rows(Box const& box, int k) const {
  int const first = (box.lower[0] + lanes - 1) / lanes * lanes;
  int const count = std::max(0, (box.upper[0] - first) / lanes * lanes);
  int const head = std::min(first, box.upper[0]), tail = std::max(head, first + count);
  for (int j = box.lower[1]; j < box.upper[1]; ++j) {
    // The planes that this group is the first to read, one row ahead of where each is first read;
    // past the last row that is read, the first row of the next group.
    std::ptrdiff_t ahead[Planes];
    for (int q = 0; q < Planes; ++q) {
      int const z = q + radius, reach = z < Planes ? radius : 0, row = reach + 1;
      bool const inside = j + row < box.upper[1] + reach;
      ahead[q] = z * layout_.plane +
                 (inside ? row * layout_.pitch
                         : Planes * layout_.plane - (box.extent(1) - row) * layout_.pitch);
    }
    auto const at = layout_.at(first, j, k);
    row<Planes, Stream>(in_ + at, out_ + at, count, ahead, std::make_index_sequence<Planes>{});
    for (int q = 0; q < Planes; ++q) {
      cells(box, j, k + q, box.lower[0], head);
      cells(box, j, k + q, tail, box.upper[0]);
    }
  }
}

template <class T, Point P>
template <int Planes, bool Stream, std::size_t... Q>
inline void Sweep<T, P>::row(T const* in, T* out, int cells, std::ptrdiff_t const (&ahead)[Planes],
                             std::index_sequence<Q...>) const {
  using V = vec<T, lanes>;
  auto const pitch = layout_.pitch, plane = layout_.plane;
  P const point = point_;
  V previous[Planes] = {V::load(in + Q * plane - lanes)...};
  V centre[Planes] = {V::load(in + Q * plane)...};
#pragma GCC unroll 1
  for (int i = 0; i < cells; i += lanes) {
    (prefetch(in + i + ahead[Q]), ...);
    V const next[Planes] = {V::load(in + i + Q * plane + lanes)...};
    V along[Planes + 2 * radius];
    for (int z = 0; z < radius; ++z) {
      along[z] = V::load(in + i + (z - radius) * plane);
      along[Planes + radius + z] = V::load(in + i + (Planes + z) * plane);
    }
    ((along[radius + Q] = centre[Q]), ...);
    auto const put = [&](V value, T* to) { Stream ? value.stream(to) : value.store(to); };
    (put(point(Lanes<T, lanes, Planes, radius, int(Q)>{in + i + Q * plane, pitch, plane, along,
                                                       previous[Q], next[Q]}),
         out + i + Q * plane),
     ...);
    ((previous[Q] = centre[Q], centre[Q] = next[Q]), ...);
  }
}

template <class T, Point P>
void Sweep<T, P>::cells(Box const&, int j, int k, int from, int to) const {
  auto const at = layout_.at(0, j, k);
  for (int i = from; i < to; ++i)
    out_[at + i] = point_(Cell<T>{in_ + at + i, layout_.pitch, layout_.plane}).lanes;
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
  int piece = member.league_rank(), c = 0;
  for (; piece >= pieces(cuts_.tilings[c].box); ++c) piece -= pieces(cuts_.tilings[c].box);
  Box const box = cuts_.tilings[c].box;
  int const across = (box.extent(0) + patch_x - 1) / patch_x,
            up = (box.extent(1) + patch_y - 1) / patch_y;
  int const x = box.lower[0] + piece % across * patch_x,
            y = box.lower[1] + piece / across % up * patch_y;
  int const z = box.lower[2] + piece / across / up * chunk_z;
  int const top = z + chunk_z < box.upper[2] ? z + chunk_z : box.upper[2];
  Kokkos::parallel_for(Kokkos::TeamVectorRange(member, patch_x * patch_y), [&](int cell) {
    int const i = x + cell % patch_x, j = y + cell / patch_x;
    if (i < box.upper[0] && j < box.upper[1]) climb(i, j, z, top);
  });
}

template <class T, Point P>
KOKKOS_INLINE_FUNCTION void Sweep<T, P>::climb(int i, int j, int k, int top) const {
  auto at = layout_.at(i, j, k);
  Column<T, radius> column{in_ + at, layout_.pitch, layout_.plane, {}};
  for (int z = -radius; z <= radius; ++z) column.along[z + radius] = in_[at + z * layout_.plane];
  for (; k < top; ++k, at += layout_.plane) {
    out_[at] = point_(column).lanes;
    if (k + 1 < top) column.climb();
  }
}

}  // namespace inpex::stencil
