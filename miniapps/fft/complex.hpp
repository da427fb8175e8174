// SPDX-License-Identifier: Apache-2.0
#pragma once
// Complex numbers by lanes: W of them in two vectors. Products are fused the same way whatever W
// is, so that a transform has the same bits however many it is done beside.

#include <inpex/shuffle.hpp>

namespace inpex::fft {

/// W complex numbers, or one on devices; V is a vec<T, W>.
template <class V>
struct Complex {
  V re, im;

  [[gnu::always_inline]] friend constexpr Complex operator+(Complex a, Complex b) {
    return {a.re + b.re, a.im + b.im};
  }
  [[gnu::always_inline]] friend constexpr Complex operator-(Complex a, Complex b) {
    return {a.re - b.re, a.im - b.im};
  }
  /// All of `re`, then all of `im`, at an aligned address.
  template <class T>
  [[gnu::always_inline]] static constexpr Complex load(T const* from) {
    return {V::load(from), V::load(from + V::width)};
  }
  template <class T>
  [[gnu::always_inline]] constexpr void store(T* to) const {
    re.store(to);
    im.store(to + V::width);
  }
};

/// a times -i.
template <class V>
[[gnu::always_inline]] constexpr Complex<V> quarter_back(Complex<V> a) {
  return {a.im, -a.re};
}
/// a times c + i s: 6 flops, in 2 products and 2 fused. Vectors, or numbers for all lanes.
template <class V, class U>
[[gnu::always_inline]] constexpr Complex<V> times(Complex<V> a, U c, U s) {
  return {fused(c, a.re, -(s * a.im)), fused(c, a.im, s * a.re)};
}

/// W complex numbers from interleaved memory, and to it; no alignment is asked for.
template <class V, class T>
[[gnu::always_inline]] constexpr Complex<V> read_numbers(T const* from) {
  if constexpr (V::width == 1) {
    return {{from[0]}, {from[1]}};
  } else {
    auto const parts = unzip(V::load_unaligned(from), V::load_unaligned(from + V::width));
    return {parts.first, parts.second};
  }
}
template <class V, class T>
[[gnu::always_inline]] constexpr void write_numbers(Complex<V> number, T* to) {
  if constexpr (V::width == 1) {
    to[0] = number.re.lanes, to[1] = number.im.lanes;
  } else {
    auto const run = zip(number.re, number.im);
    run.first.store_unaligned(to);
    run.second.store_unaligned(to + V::width);
  }
}

}  // namespace inpex::fft
