// SPDX-License-Identifier: Apache-2.0
#pragma once
// Pairs of real rows and their half spectra for LinePass: on devices, and in variant naive. Line l
// is pair l % pairs of plane l / pairs of a group.

#include "halves.hpp"

namespace inpex::fft {

/// Real rows to twice their half spectra times `scale`.
template <class T, class Halves = RowPlaces<T>>
struct HalvesOfPairs {
  using Number = Complex<vec<T, 1>>;
  RealPlaces<T> from;
  Halves to;
  T scale;

  [[nodiscard]] KOKKOS_INLINE_FUNCTION static int results(int points) { return points / 2 + 1; }
  [[nodiscard]] KOKKOS_INLINE_FUNCTION Number load(std::int64_t line, int i, int) const {
    int const y = static_cast<int>(line % from.pairs()) * 2,
              z = from.first + static_cast<int>(line / from.pairs());
    return {{from(y, z)[i]}, {from(from.partner(y), z)[i]}};
  }
  template <class Result>
  KOKKOS_INLINE_FUNCTION void store(std::int64_t line, int k, int points,
                                    Result const& result) const {
    int const y = static_cast<int>(line % from.pairs()) * 2,
              z = from.first + static_cast<int>(line / from.pairs());
    auto const parts = apart(result(k), result(k == 0 ? 0 : points - k));
    T* const second = to.number(from.partner(y), z, k);  // the first row itself may come after it
    second[0] = scale * parts.second.re.lanes;
    second[1] = scale * parts.second.im.lanes;
    T* const first = to.number(y, z, k);
    first[0] = scale * parts.first.re.lanes;
    first[1] = scale * parts.first.im.lanes;
  }
};

/// Half spectra, with real and imaginary parts exchanged, to real rows times `scale`.
template <class T, class Halves = RowPlaces<T>>
struct PairsOfHalves {
  using Number = Complex<vec<T, 1>>;
  Halves from;
  RealPlaces<T> to;
  T scale;

  [[nodiscard]] KOKKOS_INLINE_FUNCTION static int results(int points) { return points; }
  [[nodiscard]] KOKKOS_INLINE_FUNCTION Number load(std::int64_t line, int i, int points) const {
    int const y = static_cast<int>(line % to.pairs()) * 2,
              z = to.first + static_cast<int>(line / to.pairs());
    bool const lower = 2 * i <= points;
    int const k = lower ? i : points - i;
    bool const real = k == 0 || 2 * k == points;
    T const *const a = from.number(y, z, k), *const b = from.number(to.partner(y), z, k);
    Number const first{{real ? T(0) : a[0]}, {a[1]}}, second{{real ? T(0) : b[0]}, {b[1]}};
    return lower ? together(first, second) : together_mirrored(first, second);
  }
  template <class Result>
  KOKKOS_INLINE_FUNCTION void store(std::int64_t line, int i, int, Result const& result) const {
    int const y = static_cast<int>(line % to.pairs()) * 2,
              z = to.first + static_cast<int>(line / to.pairs());
    auto const number = result(i);
    to(to.partner(y), z)[i] = scale * number.re.lanes;
    to(y, z)[i] = scale * number.im.lanes;
  }
};

}  // namespace inpex::fft
