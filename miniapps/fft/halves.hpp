// SPDX-License-Identifier: Apache-2.0
#pragma once
// Real rows and the half of their spectra that is kept, n / 2 + 1 numbers: the others are conjugate
// to these. Two rows are transformed as the parts of one complex row, Z = A + i B, whatever n is:
//   A(k) = (Z(k) + conj Z(n - k)) / 2,   B(k) = (Z(k) - conj Z(n - k)) / 2i.
// A last row without a partner is its own.

#include "planes.hpp"

#include <cstdint>

namespace inpex::fft {

/// Complex numbers from row to row of half spectra: n / 2 + 1 in whole vectors of W.
template <int W>
KOKKOS_INLINE_FUNCTION constexpr std::int64_t half_columns(std::int64_t n) {
  return (n / 2 + W) / W * W;
}

/// Where real row (y, z) of a group of planes lies.
template <class T>
struct RealPlaces {
  T* data;
  std::ptrdiff_t pitch;  ///< from plane to plane
  int first;             ///< plane
  int nx, ny;

  [[nodiscard]] KOKKOS_INLINE_FUNCTION T* operator()(int y, int z) const {
    return data + (z - first) * pitch + std::ptrdiff_t{nx} * y;
  }
  /// Pairs of rows of a plane, and the partner of row y.
  [[nodiscard]] KOKKOS_INLINE_FUNCTION int pairs() const { return (ny + 1) / 2; }
  [[nodiscard]] KOKKOS_INLINE_FUNCTION int partner(int y) const { return y + 1 < ny ? y + 1 : y; }
};

template <class V>
struct ComplexPair {
  Complex<V> first, second;
};
/// Twice number k of A and of B, from Z(k) and Z(n - k).
template <class V>
[[gnu::always_inline]] constexpr ComplexPair<V> apart(Complex<V> z, Complex<V> mirror) {
  return {{z.re + mirror.re, z.im - mirror.im}, {z.im + mirror.im, mirror.re - z.re}};
}
/// Back, all with real and imaginary parts exchanged: Z(k) from number k of A and B.
template <class V>
[[gnu::always_inline]] constexpr Complex<V> together(Complex<V> a, Complex<V> b) {
  return {a.re + b.im, a.im - b.re};
}
/// And Z(n - k).
template <class V>
[[gnu::always_inline]] constexpr Complex<V> together_mirrored(Complex<V> a, Complex<V> b) {
  return {b.im - a.re, a.im + b.re};
}

}  // namespace inpex::fft
