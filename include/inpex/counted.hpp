// SPDX-License-Identifier: Apache-2.0
#pragma once
// Counting numbers: a Counted<double> has the bits of a double, and every operation on it is
// counted (audit.hpp). Kernels take them as any other scalar, one lane at a time: a fused
// multiply-add is 2 flops, signs, comparisons and conversions are none. Only inpex-audit makes any.

#include <inpex/audit.hpp>
#include <inpex/simd.hpp>

#include <cmath>
#include <compare>
#include <limits>
#include <type_traits>

namespace inpex {

/// A number of type T that counts.
template <class T>
struct Counted {
  using Plain = T;
  T value;

  Counted() = default;
  template <class N>
  requires std::is_arithmetic_v<N>
  constexpr Counted(N number) : value(static_cast<T>(number)) {}
  template <class N>
  constexpr explicit Counted(Counted<N> number) : value(static_cast<T>(number.value)) {}
  template <class N>
  requires std::is_arithmetic_v<N>
  constexpr explicit operator N() const { return static_cast<N>(value); }

  friend constexpr Counted operator+(Counted a, Counted b) { return counted(a.value + b.value); }
  friend constexpr Counted operator-(Counted a, Counted b) { return counted(a.value - b.value); }
  friend constexpr Counted operator*(Counted a, Counted b) { return counted(a.value * b.value); }
  friend constexpr Counted operator/(Counted a, Counted b) { return counted(a.value / b.value); }
  constexpr Counted operator-() const { return -value; }
  constexpr Counted& operator+=(Counted b) { return *this = *this + b; }
  constexpr Counted& operator-=(Counted b) { return *this = *this - b; }
  constexpr Counted& operator*=(Counted b) { return *this = *this * b; }
  constexpr Counted& operator/=(Counted b) { return *this = *this / b; }
  friend constexpr bool operator==(Counted a, Counted b) { return a.value == b.value; }
  friend constexpr auto operator<=>(Counted a, Counted b) { return a.value <=> b.value; }

  friend constexpr Counted fma(Counted a, Counted b, Counted c) {
    return counted(std::fma(a.value, b.value, c.value), 2);
  }
  friend Counted sqrt(Counted a) { return counted(std::sqrt(a.value)); }
  friend Counted abs(Counted a) { return std::abs(a.value); }
  friend Counted fabs(Counted a) { return std::fabs(a.value); }
  friend bool isfinite(Counted a) { return std::isfinite(a.value); }

 private:
  static constexpr Counted counted(T result, int operations = 1) {
    if (!std::is_constant_evaluated()) audit::count_flops(operations);
    return result;
  }
};

template <class T>
inline constexpr int native_lanes<Counted<T>> = 1;

/// T, or its counting number where Like is one: for apps with numbers of more than one precision.
template <class T, class Like>
using CountedLike = std::conditional_t<audit::is_counted<Like>, Counted<T>, T>;

/// Lanes of counting numbers, for kernels that take values of neighbours by lane shifts.
template <class T, int W>
requires(W > 1) struct vec<Counted<T>, W> {
  using Number = Counted<T>;
  Number lanes[W];

  static constexpr int width = W;
  static vec load(Number const* from) { return load_unaligned(from); }
  static vec load_unaligned(Number const* from) {
    return each([&](int lane) { return from[lane]; });
  }
  static vec broadcast(Number value) {
    return each([&](int) { return value; });
  }
  static vec zero() { return broadcast(0); }
  void store(Number* to) const {
    for (int lane = 0; lane < W; ++lane) to[lane] = lanes[lane];
  }
  void stream(Number* to) const { store(to); }

  friend vec operator+(vec a, vec b) {
    return each([&](int lane) { return a.lanes[lane] + b.lanes[lane]; });
  }
  friend vec operator-(vec a, vec b) {
    return each([&](int lane) { return a.lanes[lane] - b.lanes[lane]; });
  }
  friend vec operator*(vec a, vec b) {
    return each([&](int lane) { return a.lanes[lane] * b.lanes[lane]; });
  }
  friend vec operator*(Number a, vec b) { return broadcast(a) * b; }
  friend vec fused(vec a, vec b, vec c) {
    return each([&](int lane) { return fma(a.lanes[lane], b.lanes[lane], c.lanes[lane]); });
  }
  friend vec fused(Number a, vec b, vec c) { return fused(broadcast(a), b, c); }

  template <class Value>
  static vec each(Value const& value) {
    vec all;
    for (int lane = 0; lane < W; ++lane) all.lanes[lane] = value(lane);
    return all;
  }
};

/// As shift() of simd.hpp.
template <int Shift, class T, int W>
vec<Counted<T>, W> shift(vec<Counted<T>, W> low, vec<Counted<T>, W> high) {
  if constexpr (W == 1)
    return Shift == 0 ? low : high;
  else
    return vec<Counted<T>, W>::each([&](int lane) {
      return lane + Shift < W ? low.lanes[lane + Shift] : high.lanes[lane + Shift - W];
    });
}

}  // namespace inpex

template <class T>
struct std::numeric_limits<inpex::Counted<T>> : std::numeric_limits<T> {};
