// SPDX-License-Identifier: Apache-2.0
#pragma once
// Transforms of R points in registers, R one of 1, 2, 3, 4, 5, 7, 8, 11, 13, 16: forward (exponent
// of negative sign), natural order in and out. Source: Winograd-free textbook forms; odd primes
// pair point j with R - j (Singleton, IEEE Trans. Audio Electroacoust. 17, 1969).

#include "complex.hpp"

#include <numbers>
#include <type_traits>
#include <utility>

namespace inpex::fft {

namespace detail {
template <class Body, int... I>
[[gnu::always_inline]] constexpr void unroll(Body const& body, std::integer_sequence<int, I...>) {
  (body(std::integral_constant<int, I>{}), ...);
}
}  // namespace detail

/// body(i) for i = 0 .. Count - 1, each a constant: a loop over registers, which no compiler may
/// leave a loop.
template <int Count, class Body>
[[gnu::always_inline]] constexpr void unrolled(Body const& body) {
  detail::unroll(body, std::make_integer_sequence<int, Count>{});
}

/// 4 flops.
template <class V>
[[gnu::always_inline]] constexpr void butterfly2(Complex<V>& a, Complex<V>& b) {
  auto const difference = a - b;
  a = a + b;
  b = difference;
}

/// 16 flops.
template <class V>
[[gnu::always_inline]] constexpr void butterfly4(Complex<V>& a, Complex<V>& b, Complex<V>& c,
                                                 Complex<V>& d) {
  auto const sum = a + c, difference = a - c, other_sum = b + d, turned = quarter_back(b - d);
  a = sum + other_sum;
  b = difference + turned;
  c = sum - other_sum;
  d = difference - turned;
}

namespace detail {

/// cos(pi/4), cos(pi/8), sin(pi/8).
inline constexpr double half_root = std::numbers::sqrt2 / 2, cos_eighth = 0.92387953251128675613,
                        sin_eighth = 0.38268343236508977173;

/// a times w8 = exp(-i pi/4): 4 flops.
template <class T, class V>
[[gnu::always_inline]] constexpr Complex<V> eighth_back(Complex<V> a) {
  return {T(half_root) * (a.re + a.im), T(half_root) * (a.im - a.re)};
}
/// a times w8^3.
template <class T, class V>
[[gnu::always_inline]] constexpr Complex<V> three_eighths_back(Complex<V> a) {
  return {T(half_root) * (a.im - a.re), -(T(half_root) * (a.re + a.im))};
}

}  // namespace detail

/// The transform of R points; result r is left in a[place(r)]. `roots` are cos and sin of 2 pi j /
/// R for j < R, one behind the other; only odd R read them.
template <int R>
struct Butterfly {
  /// 2 R (R - 1) flops and 4 (R - 1)/2 sums: exact counts are in `flops`.
  static constexpr int pairs = (R - 1) / 2, flops = 6 * pairs + 8 * pairs * pairs + 4 * pairs;
  static constexpr int place(int r) { return r; }

  template <class T, class V>
  [[gnu::always_inline]] static constexpr void apply(Complex<V>* a, T const* roots) {
    Complex<V> sum[pairs], difference[pairs], result[R];
    auto total = a[0];
    unrolled<pairs>([&](auto j) __attribute__((always_inline)) {
      sum[j] = a[j + 1] + a[R - 1 - j];
      difference[j] = a[j + 1] - a[R - 1 - j];
      total = total + sum[j];
    });
    result[0] = total;
    unrolled<pairs>([&](auto left_out) __attribute__((always_inline)) {
      constexpr int k = left_out + 1;
      auto even = a[0];
      Complex<V> odd{V::zero(), V::zero()};
      unrolled<pairs>([&](auto j) __attribute__((always_inline)) {
        T const* const root = roots + 2 * ((j + 1) * k % R);
        even = {fused(root[0], sum[j].re, even.re), fused(root[0], sum[j].im, even.im)};
        odd = {fused(root[1], difference[j].re, odd.re), fused(root[1], difference[j].im, odd.im)};
      });
      auto const turned = quarter_back(odd);
      result[k] = even + turned;
      result[R - k] = even - turned;
    });
    unrolled<R>([&](auto k) __attribute__((always_inline)) { a[k] = result[k]; });
  }
};

template <>
struct Butterfly<1> {
  static constexpr int flops = 0;
  static constexpr int place(int r) { return r; }
  template <class T, class V>
  [[gnu::always_inline]] static constexpr void apply(Complex<V>*, T const*) {}
};
template <>
struct Butterfly<2> {
  static constexpr int flops = 4;
  static constexpr int place(int r) { return r; }
  template <class T, class V>
  [[gnu::always_inline]] static constexpr void apply(Complex<V>* a, T const*) {
    butterfly2(a[0], a[1]);
  }
};
template <>
struct Butterfly<4> {
  static constexpr int flops = 16;
  static constexpr int place(int r) { return r; }
  template <class T, class V>
  [[gnu::always_inline]] static constexpr void apply(Complex<V>* a, T const*) {
    butterfly4(a[0], a[1], a[2], a[3]);
  }
};
template <>
struct Butterfly<8> {
  static constexpr int flops = 56;  // two of 4 points, 2 turns of 4 flops, four of 2 points
  static constexpr int place(int r) { return r; }
  template <class T, class V>
  [[gnu::always_inline]] static constexpr void apply(Complex<V>* a, T const*) {
    butterfly4(a[0], a[2], a[4], a[6]);
    butterfly4(a[1], a[3], a[5], a[7]);
    Complex<V> const even[4] = {a[0], a[2], a[4], a[6]};
    Complex<V> const odd[4] = {a[1], detail::eighth_back<T>(a[3]), quarter_back(a[5]),
                               detail::three_eighths_back<T>(a[7])};
    unrolled<4>([&](auto k) __attribute__((always_inline)) {
      a[k] = even[k] + odd[k];
      a[k + 4] = even[k] - odd[k];
    });
  }
};
template <>
struct Butterfly<16> {
  static constexpr int flops = 168;  // eight of 4 points, 4 turns of 6 flops, 4 of 4
  static constexpr int place(int r) { return 4 * (r % 4) + r / 4; }
  template <class T, class V>
  [[gnu::always_inline]] static constexpr void apply(Complex<V>* a, T const*) {
    unrolled<4>([&](auto j) __attribute__((always_inline)) {
      butterfly4(a[j], a[j + 4], a[j + 8], a[j + 12]);
    });
    T const c = T(detail::cos_eighth), s = T(detail::sin_eighth);
    a[5] = times(a[5], c, -s);
    a[6] = detail::eighth_back<T>(a[6]);
    a[7] = times(a[7], s, -c);
    a[9] = detail::eighth_back<T>(a[9]);
    a[10] = quarter_back(a[10]);
    a[11] = detail::three_eighths_back<T>(a[11]);
    a[13] = times(a[13], s, -c);
    a[14] = detail::three_eighths_back<T>(a[14]);
    a[15] = times(a[15], -c, s);
    unrolled<4>([&](auto k) __attribute__((always_inline)) {
      butterfly4(a[4 * k], a[4 * k + 1], a[4 * k + 2], a[4 * k + 3]);
    });
  }
};

/// A radix as a constant.
template <int R>
using Radix = std::integral_constant<int, R>;

/// body(Radix<radix>{}) for 1, 2, 3, 4, 5, 8 and 16, which first and last stages have.
template <class Body>
[[gnu::always_inline]] constexpr void with_small_radix(int radix, Body const& body) {
  switch (radix) {
  case 1:
    return body(Radix<1>{});
  case 2:
    return body(Radix<2>{});
  case 3:
    return body(Radix<3>{});
  case 4:
    return body(Radix<4>{});
  case 5:
    return body(Radix<5>{});
  case 8:
    return body(Radix<8>{});
  default:
    return body(Radix<16>{});
  }
}
/// The same for these and 7, 11, 13.
template <class Body>
[[gnu::always_inline]] constexpr void with_radix(int radix, Body const& body) {
  switch (radix) {
  case 7:
    return body(Radix<7>{});
  case 11:
    return body(Radix<11>{});
  case 13:
    return body(Radix<13>{});
  default:
    return with_small_radix(radix, body);
  }
}

}  // namespace inpex::fft
