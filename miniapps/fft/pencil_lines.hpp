// SPDX-License-Identifier: Apache-2.0
#pragma once
// Lines of planes that several ranks share, for LinePass, and numbers that go from place to place
// as they are.

#include "group_exchange.hpp"

namespace inpex::fft {

/// Rows (axis 0) or columns (1) of such planes: line l is l % across of plane first + l / across.
template <class T>
struct GroupLines {
  int axis;
  GroupPlaces<T> planes;

  [[nodiscard]] KOKKOS_INLINE_FUNCTION T* operator()(std::int64_t line, int i) const {
    int const across = axis == 0 ? planes.rows() : planes.columns(),
              at = static_cast<int>(line % across),
              z = planes.first + static_cast<int>(line / across);
    return axis == 0 ? planes.number(at, z, i) : planes.number(i, z, at);
  }
};

/// Row n % rows of plane first + n / rows, times `scale`, with real and imaginary parts exchanged.
template <class T, class From, class To>
struct CopyRows {
  From from;
  To to;
  int first, rows, columns;
  T scale;

  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t n) const {
    int const y = static_cast<int>(n % rows), z = first + static_cast<int>(n / rows);
    for (int x = 0; x < columns; ++x) {
      T const* const in = from.number(y, z, x);
      T* const out = to.number(y, z, x);
      T const re = in[1], im = in[0];
      out[0] = scale * re;
      out[1] = scale * im;
    }
  }
};

}  // namespace inpex::fft
