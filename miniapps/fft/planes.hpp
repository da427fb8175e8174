// SPDX-License-Identifier: Apache-2.0
#pragma once
// The two passes of a box [nz][ny][nx] over memory on hosts. Planes: x and y of a plane while it is
// in the cache, read once and written once. Towers: z, by bundles of columns. Threads share out
// planes and bundles.

#include "rows.hpp"

#include <inpex/prefetch.hpp>

#include <algorithm>

namespace inpex::fft {

/// Numbers from one plane of `columns` complex numbers to the next: whole kibibytes, and an odd
/// number of them, so that what lies above each other does not share sets of a cache.
template <class T>
KOKKOS_INLINE_FUNCTION constexpr std::ptrdiff_t plane_pitch(std::int64_t columns) {
  std::int64_t const kibibytes = (columns * 2 * std::int64_t{sizeof(T)} + 1023) / 1024;
  return (kibibytes | 1) * 1024 / std::int64_t{sizeof(T)};
}

/// Where row (y, z) of a group of planes lies. An axis y in `parts` lies part by part, each as the
/// planes of the group with its rows alone, so that it can be sent as it is; part `mine` lies
/// elsewhere. One part is plain order.
template <class T>
struct RowPlaces {
  T* data;  ///< of the group
  T* own;   ///< of part `mine` of the group
  int parts, mine;
  int first, planes;  ///< the group: z = first .. first + planes - 1
  int nx, ny;

  /// First row of a part; the first ny % parts of them have a row more.
  [[nodiscard]] KOKKOS_INLINE_FUNCTION int start(int part) const {
    int const more = ny % parts;
    return part * (ny / parts) + (part < more ? part : more);
  }
  [[nodiscard]] KOKKOS_INLINE_FUNCTION int rows(int part) const {
    return ny / parts + (part < ny % parts ? 1 : 0);
  }
  [[nodiscard]] KOKKOS_INLINE_FUNCTION int part_of(int y) const {
    int const each = ny / parts, more = ny % parts, thick = more * (each + 1);
    return y < thick ? y / (each + 1) : more + (y - thick) / each;
  }
  /// Numbers of a plane of a part.
  [[nodiscard]] KOKKOS_INLINE_FUNCTION std::ptrdiff_t pitch(int part) const {
    return plane_pitch<T>(std::int64_t{nx} * rows(part));
  }
  /// Numbers of the group before a part, were all to lie in `data`.
  [[nodiscard]] KOKKOS_INLINE_FUNCTION std::ptrdiff_t before(int part) const {
    int const thick = part < ny % parts ? part : ny % parts;
    std::ptrdiff_t const in_thick = thick == 0 ? 0 : thick * pitch(0);
    return planes * (in_thick + (part - thick) * pitch(parts - 1));
  }
  [[nodiscard]] KOKKOS_INLINE_FUNCTION T* operator()(int y, int z) const {
    int const part = parts == 1 ? 0 : part_of(y);
    return (part == mine ? own : data + before(part)) + (z - first) * pitch(part) +
           std::ptrdiff_t{2} * nx * (y - start(part));
  }
  /// Number x of that row.
  [[nodiscard]] KOKKOS_INLINE_FUNCTION T* number(int y, int z, int x) const {
    return (*this)(y, z) + std::ptrdiff_t{2} * x;
  }
};

/// x and y of planes, from in(y, z) to out(y, z), times `scale`. With real and imaginary parts
/// exchanged on the way in and out the forward transform is the backward one.
template <class T, int W>
struct PlaneWork {
  static constexpr char const* name = "planes";
  AnyLine<T> x, y;
  bool lanes_in_row;
  RowPlaces<T> in, out;
  T scale;
  bool exchanged;

  void share(T* scratch, int part, int parts) const;
};

/// Numbers of T that a thread needs for planes.
template <class T, int W>
std::size_t plane_scratch(AnyLine<T> const& x, AnyLine<T> const& y) {
  return std::max(rows_scratch<T, W>(x), rows_scratch<T, W>(y)) +
         static_cast<std::size_t>(buffer_pitch<T, W>(x.length)) *
             static_cast<std::size_t>(y.length + W + 1);
}

namespace detail {

/// Row y of plane z leaves, or nothing before the first plane.
template <class T, int W>
Leaving<T> leaving(PlaneWork<T, W> const& work, PlaneBuffer<T> plane, int y, int z, int first) {
  if (z < first) return {};
  auto const& out = work.out;
  Leaving<T> row{plane.row(y), out(y, z), work.x.length, work.scale, work.exchanged};
  if (work.lanes_in_row) return row;  // whole vectors
  int const part = out.part_of(y);
  if (reinterpret_cast<std::uintptr_t>(out(out.start(part), z)) % (W * sizeof(T)) == 0)
    row.edge = plane.row(work.y.length + W);
  row.last = y + 1 == out.start(part + 1);
  return row;
}

/// Rows of plane z come in while those of plane z - 1 leave.
template <class T, int W>
void rows_of_plane(PlaneWork<T, W> const& work, T* scratch, PlaneBuffer<T> plane, int z,
                   int first) {
  int const ny = work.y.length;
  for (int y = 0; y < ny; y += work.lanes_in_row ? 1 : W) {
    if (work.lanes_in_row) {
      Coming<T> const in{work.in(y, z), std::ptrdiff_t{4} * work.x.length, work.exchanged};
      transform_row<T, W>(work.x.line, scratch, in, plane.row(y),
                          leaving<T, W>(work, plane, y, z - 1, first));
      continue;
    }
    int const count = std::min(W, ny - y);
    for (int r = 0; r < count; ++r)
      leave_all<T, W>(leaving<T, W>(work, plane, y + r, z - 1, first));
    T const* rows[W];
    for (int r = 0; r < count; ++r) rows[r] = work.in(y + r, z);
    transform_rows<T, W>(work.x, scratch, {rows, count, work.exchanged},
                         {plane.row(y), plane.pitch});
  }
}

}  // namespace detail

/// Planes first .. last - 1, by one thread.
template <class T, int W>
void transform_planes(PlaneWork<T, W> const& work, T* scratch, int first, int last) {
  auto const lines = std::max(rows_scratch<T, W>(work.x), rows_scratch<T, W>(work.y));
  PlaneBuffer<T> const plane{scratch + lines, buffer_pitch<T, W>(work.x.length)};
  for (int z = first; z < last; ++z) {
    detail::rows_of_plane<T, W>(work, scratch, plane, z, first);
    for (int block = 0; block < blocks_of<W>(work.x.length); ++block) {
      Blocks<T> const bundle{plane.data + 2 * W * block, plane.pitch};
      transform_bundle<T, W>(work.y, scratch, {bundle.data, bundle.stride}, bundle);
    }
  }
  for (int y = 0; y < work.y.length; ++y)
    leave_all<T, W>(detail::leaving<T, W>(work, plane, y, last - 1, first));
  stream_fence();
}

/// First plane of a part of a group; that of part `parts` is the one after the last.
template <class T>
int first_of(RowPlaces<T> const& group, int part, int parts) {
  return group.first + static_cast<int>(std::int64_t{group.planes} * part / parts);
}
template <class T, int W>
void PlaneWork<T, W>::share(T* scratch, int part, int parts) const {
  transform_planes<T, W>(*this, scratch, first_of(in, part, parts), first_of(in, part + 1, parts));
}

/// z of `columns` neighbouring columns, in place; read from planes `from_pitch` numbers apart, and
/// written to planes `to_pitch` apart.
template <class T, int W>
struct TowerWork {
  static constexpr char const* name = "towers";
  AnyLine<T> z;
  T* data;
  std::ptrdiff_t from_pitch, to_pitch;
  std::int64_t columns;
  bool backward;

  static constexpr int bundles = 4;  ///< that neighbour each other and are done in one go

  void share(T* scratch, int part, int parts) const;
};

/// Columns first .. last - 1, by one thread. Asks for the next columns while it stores.
template <class T, int W>
void transform_towers(TowerWork<T, W> const& work, T* scratch, std::int64_t first,
                      std::int64_t last) {
  constexpr int G = TowerWork<T, W>::bundles;
  int const n = work.z.length;
  for (std::int64_t at = first; at < last; at += W) {
    auto const place = (at - first) / W;
    int const part = static_cast<int>(place % G);
    T const* const next = work.data + 2 * (at + W * (G - part));
    std::int64_t const beyond = work.columns - (at + W * (G - part));
    auto const ahead = [&](int k) __attribute__((always_inline)) {
      int const line = part * n + k;  // of G n blocks, each of the next bundles
      T const* const address = next + (line / G) * work.from_pitch + 2 * W * (line % G);
      if (beyond >= W * G) {
        prefetch<Near::second>(address);
        prefetch<Near::second>(address + W);
      }
    };
    transform_interleaved<T, W>(
        work.z, scratch,
        {work.data + 2 * at, work.from_pitch, work.data + 2 * at, work.to_pitch,
         static_cast<int>(std::min<std::int64_t>(W, last - at)), work.backward},
        ahead);
  }
}

template <class T, int W>
void TowerWork<T, W>::share(T* scratch, int part, int parts) const {
  constexpr std::int64_t whole = W * bundles;
  auto const first = [&](int n) {
    return std::min(columns, (columns + whole - 1) / whole * n / parts * whole);
  };
  transform_towers<T, W>(*this, scratch, first(part), first(part + 1));
}

}  // namespace inpex::fft
