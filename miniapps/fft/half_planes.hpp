// SPDX-License-Identifier: Apache-2.0
#pragma once
// x and y of planes of real numbers on hosts, while a plane is in the cache: to half spectra, and
// back. Read once and written once, as planes of complex numbers are.

#include "half_rows.hpp"

namespace inpex::fft {

/// Real planes and their half spectra; the way that is taken, times `scale`, where forward is twice
/// the transform.
template <class T, int W>
struct HalfWork {
  static constexpr char const* name = "planes";
  AnyLine<T> x, y;
  bool lanes_in_row;
  RealPlaces<T> real;
  RowPlaces<T> half;  ///< of half_columns numbers a row
  T scale;
  bool backward;

  void share(T* scratch, int part, int parts) const;
};

/// Numbers of T that a thread needs for planes.
template <class T, int W>
std::size_t half_scratch(AnyLine<T> const& x, AnyLine<T> const& y) {
  return std::max(rows_scratch<T, W>(x), rows_scratch<T, W>(y)) + pair_scratch<T, W>(x.length) +
         static_cast<std::size_t>(buffer_pitch<T, W>(static_cast<int>(half_columns<W>(x.length)))) *
             static_cast<std::size_t>(y.length + 2 * W);
}

namespace detail {

/// Where a thread works on half spectra of a plane.
template <class T, int W>
struct HalfRoom {
  T *lines, *whole;
  PlaneBuffer<T> plane;

  HalfRoom(HalfWork<T, W> const& work, T* scratch)
      : lines(scratch),
        whole(scratch + std::max(rows_scratch<T, W>(work.x), rows_scratch<T, W>(work.y))),
        plane{whole + pair_scratch<T, W>(work.x.length), buffer_pitch<T, W>(work.half.nx)} {}

  void columns(HalfWork<T, W> const& work) const {
    for (int block = 0; block < work.half.nx / W; ++block) {
      Blocks<T> const bundle{plane.data + 2 * W * block, plane.pitch};
      transform_bundle<T, W>(work.y, lines, {bundle.data, bundle.stride}, bundle);
    }
  }
};

template <class T, int W>
void halves_forward(HalfWork<T, W> const& work, T* scratch, int first, int last) {
  HalfRoom<T, W> const room(work, scratch);
  int const ny = work.y.length;
  auto const leaving = [&](int y, int z) -> Leaving<T> {
    if (z < first || y >= ny) return {};
    return {room.plane.row(y), work.half(y, z), work.half.nx, work.scale, false};
  };
  for (int z = first; z < last; ++z) {
    auto const points = [&](int y) { return work.real(std::min(y, ny - 1), z); };
    if (work.lanes_in_row) {
      for (int y = 0; y < ny; y += 2)
        transform_pair<T, W>(work.x.line, room.lines, room.whole,
                             {{points(y), points(y + 1)}, std::ptrdiff_t{4} * work.x.length},
                             {room.plane.row(y), room.plane.row(y + 1)},
                             {leaving(y, z - 1), leaving(y + 1, z - 1)});
    } else {
      for (int y = 0; y < ny; y += 2 * W) {
        T const* rows[2 * W];
        for (int r = 0; r < 2 * W; ++r)
          rows[r] = points(y + r), leave_all<T, W>(leaving(y + r, z - 1));
        transform_pairs<T, W>(work.x, room.lines, rows, {room.plane.row(y), room.plane.pitch});
      }
    }
    room.columns(work);
  }
  for (int y = 0; y < ny; ++y) leave_all<T, W>(leaving(y, last - 1));
  stream_fence();
}

template <class T, int W>
void halves_backward(HalfWork<T, W> const& work, T* scratch, int first, int last) {
  HalfRoom<T, W> const room(work, scratch);
  int const ny = work.y.length, blocks = work.half.nx / W;
  auto const coming = [&](int y, int z) -> ComingHalf<T> {
    if (z >= last || y >= ny) return {};
    return {work.half(y, z), room.plane.row(y), std::ptrdiff_t{4} * work.half.nx};
  };
  for (int y = 0; y < ny; ++y) come<T, W>(coming(y, first), 0, blocks);
  for (int z = first; z < last; ++z) {
    room.columns(work);
    if (work.lanes_in_row) {
      for (int y = 0; y < ny; y += 2) {
        int const other = work.real.partner(y);
        transform_pair_back<T, W>(work.x.line, room.lines, room.whole,
                                  {room.plane.row(y), room.plane.row(other)},
                                  {{work.real(y, z), work.real(other, z)}, work.scale},
                                  {coming(y, z + 1), coming(y + 1, z + 1)});
      }
    } else {
      for (int y = 0; y < ny; y += 2 * W) {
        int const count = std::min(2 * W, ny - y);
        T* rows[2 * W];
        for (int r = 0; r < count; ++r) rows[r] = work.real(y + r, z);
        transform_pairs_back<T, W>(work.x, room.lines, {room.plane.row(y), room.plane.pitch}, rows,
                                   count, work.scale);
        for (int r = 0; r < count; ++r) come<T, W>(coming(y + r, z + 1), 0, blocks);
      }
    }
  }
  stream_fence();
}

}  // namespace detail

template <class T, int W>
void HalfWork<T, W>::share(T* scratch, int part, int parts) const {
  int const begin = first_of(half, part, parts), end = first_of(half, part + 1, parts);
  if (begin == end) return;
  backward ? detail::halves_backward<T, W>(*this, scratch, begin, end)
           : detail::halves_forward<T, W>(*this, scratch, begin, end);
}

}  // namespace inpex::fft
