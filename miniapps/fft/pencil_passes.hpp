// SPDX-License-Identifier: Apache-2.0
#pragma once
// Passes over planes that several ranks share, on hosts: x of rows, complex or real, between their
// memory and the parts that are sent, and y of columns. Lines are transformed as in whole planes,
// so that the bits are the same.

#include "group_exchange.hpp"
#include "half_rows.hpp"

#include <cstdint>

namespace inpex::fft {

namespace detail {

/// Interleaved numbers to parts of row (y, z), and back; what fills up vectors is 0.
template <class T>
void to_parts(T const* from, GroupPlaces<T> const& to, int y, int z) {
  for (int part = 0; part < to.cut.parts; ++part) {
    T* const row = to.plane(part, z) + std::ptrdiff_t{2} * y * to.row(part);
    int const count = to.cut.count(part);
    std::copy_n(from + 2 * to.cut.start(part), 2 * count, row);
    std::fill_n(row + 2 * count, 2 * (to.row(part) - count), T(0));
  }
}
template <class T>
void from_parts(GroupPlaces<T> const& from, int y, int z, T* to) {
  for (int part = 0; part < from.cut.parts; ++part)
    std::copy_n(from.plane(part, z) + std::ptrdiff_t{2} * y * from.row(part),
                2 * from.cut.count(part), to + 2 * from.cut.start(part));
}

/// n interleaved numbers to blocks, and back.
template <class T, int W>
void to_blocks(T const* from, int n, T* to) {
  for (int x = 0; x < n; x += W) split<T, W>(from + 2 * x, std::min(W, n - x), to + 2 * x);
}
template <class T, int W>
void from_blocks(T const* from, int n, T* to) {
  for (int x = 0; x < n; x += W) join<T, W>(from + 2 * x, std::min(W, n - x), T(1), to + 2 * x);
}

/// body(z, first row, rows) for a share of all batches of `batch` rows of planes.
template <class Body>
void each_batch(int first, int planes, int rows, int batch, int part, int parts, Body const& body) {
  std::int64_t const in_plane = (rows + batch - 1) / batch, all = in_plane * planes;
  for (auto n = all * part / parts; n < all * (part + 1) / parts; ++n) {
    int const y = static_cast<int>(n % in_plane) * batch;
    body(first + static_cast<int>(n / in_plane), y, std::min(batch, rows - y));
  }
}

}  // namespace detail

/// x of complex rows into parts: of `in`, where there are any, else in place; parts exchanged then.
template <class T, int W>
struct PencilRows {
  static constexpr char const* name = "planes";
  AnyLine<T> x;
  bool lanes_in_row;
  RowPlaces<T> in;
  GroupPlaces<T> parts;

  void share(T* scratch, int part, int of) const;
};

/// x of real rows to twice their half spectra in parts; backward times `scale`, of halves whose
/// real and imaginary parts are exchanged.
template <class T, int W>
struct PencilHalves {
  static constexpr char const* name = "planes";
  AnyLine<T> x;
  bool lanes_in_row;
  RealPlaces<T> real;
  GroupPlaces<T> parts;
  T scale;
  bool backward;

  void share(T* scratch, int part, int of) const;
  void forth(T* scratch, int z, int y, int count) const;
  void back(T* scratch, int z, int y, int count) const;
};

/// y of the columns of a group: from its parts to rows of the spectrum, or the other way, where
/// real and imaginary parts are exchanged; or in place. Times `scale`.
template <class T, int W>
struct PencilColumns {
  static constexpr char const* name = "planes";
  enum class Way { forward, backward, here };
  AnyLine<T> y;
  GroupPlaces<T> parts;
  RowPlaces<T> spectrum;
  T scale;
  Way way;

  void share(T* scratch, int part, int of) const;
};

template <class T, int W>
void PencilRows<T, W>::share(T* scratch, int part, int of) const {
  int const n = x.length;
  PlaneBuffer<T> const plane{scratch + rows_scratch<T, W>(x), buffer_pitch<T, W>(n)};
  T* const row = plane.row(W);  // interleaved
  detail::each_batch(
      parts.first, parts.planes, parts.rows(), lanes_in_row ? 1 : W, part, of,
      [&](int z, int y, int count) {
        bool const here = in.data == nullptr;
        T const* rows[W];
        for (int r = 0; r < count; ++r) {
          rows[r] = here ? plane.row(W + 1 + r) : in(y + r, z);
          if (here) detail::from_parts(parts, y + r, z, plane.row(W + 1 + r));
        }
        if (lanes_in_row)
          transform_row<T, W>(x.line, scratch, {rows[0], 0, false}, plane.row(0), {});
        else
          transform_rows<T, W>(x, scratch, {rows, count, false}, plane);
        for (int r = 0; r < count; ++r) {
          detail::from_blocks<T, W>(plane.row(r), n, row);
          detail::to_parts<T>(row, parts, y + r, z);
        }
      });
}

template <class T, int W>
void PencilHalves<T, W>::share(T* scratch, int part, int of) const {
  detail::each_batch(parts.first, parts.planes, parts.rows(), lanes_in_row ? 2 : 2 * W, part, of,
                     [&](int z, int y0, int count) {
                       backward ? back(scratch, z, y0, count) : forth(scratch, z, y0, count);
                     });
}

template <class T, int W>
void PencilHalves<T, W>::forth(T* scratch, int z, int y0, int count) const {
  T* const whole = scratch + rows_scratch<T, W>(x);
  auto const columns = static_cast<int>(half_columns<W>(x.length));
  PlaneBuffer<T> const plane{whole + pair_scratch<T, W>(x.length), buffer_pitch<T, W>(columns)};
  T* const row = plane.row(2 * W);  // interleaved
  T const* rows[2 * W];
  for (int r = 0; r < 2 * W; ++r) rows[r] = real(std::min(y0 + r, real.ny - 1), z);
  if (lanes_in_row)
    transform_pair<T, W>(x.line, scratch, whole, {{rows[0], rows[1]}, 0},
                         {plane.row(0), plane.row(1)}, {});
  else
    transform_pairs<T, W>(x, scratch, rows, plane);
  for (int r = 0; r < count; ++r) {
    detail::from_blocks<T, W>(plane.row(r), columns, row);
    detail::to_parts<T>(row, parts, y0 + r, z);
  }
}

template <class T, int W>
void PencilHalves<T, W>::back(T* scratch, int z, int y0, int count) const {
  T* const whole = scratch + rows_scratch<T, W>(x);
  auto const columns = static_cast<int>(half_columns<W>(x.length));
  PlaneBuffer<T> const plane{whole + pair_scratch<T, W>(x.length), buffer_pitch<T, W>(columns)};
  T* const row = plane.row(2 * W);  // interleaved
  std::fill_n(row, 2 * columns, T(0));
  T* rows[2 * W];
  for (int r = 0; r < count; ++r) {
    detail::from_parts(parts, y0 + r, z, row);
    detail::to_blocks<T, W>(row, columns, plane.row(r));
    rows[r] = real(y0 + r, z);
  }
  int const other = count == 1 ? 0 : 1;
  if (lanes_in_row)
    transform_pair_back<T, W>(x.line, scratch, whole, {plane.row(0), plane.row(other)},
                              {{rows[0], rows[other]}, scale}, {});
  else
    transform_pairs_back<T, W>(x, scratch, plane, rows, count, scale);
}

template <class T, int W>
void PencilColumns<T, W>::share(T* scratch, int part, int of) const {
  constexpr std::ptrdiff_t block = 2 * W;
  T* const lines = scratch + rows_scratch<T, W>(y);
  auto const each_row = [&](auto const& body) {
    for (int row = 0; row < y.length; ++row) body(row, lines + block * row);
  };
  detail::each_batch(
      parts.first, parts.planes, parts.columns(), W, part, of, [&](int z, int x, int count) {
        each_row([&](int row, T* to) {
          T const* const from =
              way == Way::backward ? spectrum.number(row, z, x) : parts.number(row, z, x);
          split<T, W>(from, count, to);
          if (way == Way::backward) std::swap_ranges(to, to + W, to + W);
        });
        transform_bundle<T, W>(y, scratch, {lines, block}, {lines, block});
        each_row([&](int row, T const* from) {
          join<T, W>(from, count, scale,
                     way == Way::forward ? spectrum.number(row, z, x) : parts.number(row, z, x));
        });
      });
}

}  // namespace inpex::fft
