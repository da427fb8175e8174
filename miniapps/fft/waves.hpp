// SPDX-License-Identifier: Apache-2.0
#pragma once
// What fft.spectral does on the waves of a flow: the term u x omega of the equation of motion made
// divergence-free, a stage of the second-order Runge-Kutta method whose viscous term is exact
// (integrating factor; Canuto et al., Spectral Methods in Fluid Dynamics, 1988), and the velocity
// and vorticity that come next.

#include "complex.hpp"

#include <Kokkos_Core.hpp>

#include <cstddef>
#include <cstdint>

namespace inpex::fft {

/// The waves of an axis, by place in a spectrum: signed wave number, 1 where it is kept and 0 where
/// not, and what viscosity leaves of it after half a step.
template <class T>
struct WaveAxis {
  T const *number, *kept, *damping;
};

/// Times a real factor; times i and a real factor.
template <class V>
[[gnu::always_inline]] constexpr Complex<V> scaled(V factor, Complex<V> a) {
  return {factor * a.re, factor * a.im};
}
template <class V>
[[gnu::always_inline]] constexpr Complex<V> turned(V factor, Complex<V> a) {
  return {-(factor * a.im), factor * a.re};
}
template <class V>
struct Triple {
  Complex<V> x, y, z;
};
/// The curl of waves of wave number (x, y, z): 18 flops.
template <class V>
[[gnu::always_inline]] constexpr Triple<V> curl(V x, V y, V z, Triple<V> const& u) {
  return {turned(y, u.z) - turned(z, u.y), turned(z, u.x) - turned(x, u.z),
          turned(x, u.y) - turned(y, u.x)};
}
/// Without its part along (x, y, z), of which `inverse` is one over the square: 24 flops.
template <class V>
[[gnu::always_inline]] constexpr Triple<V> without_divergence(V x, V y, V z, V inverse,
                                                              Triple<V> const& u) {
  auto const along = scaled(inverse, scaled(x, u.x) + (scaled(y, u.y) + scaled(z, u.z)));
  return {u.x - scaled(x, along), u.y - scaled(y, along), u.z - scaled(z, along)};
}

/// What is made of the term: nothing, from the velocity as it is; the velocity half a step on,
/// which is not kept; that a step on; or the term itself in the velocity's place, for a check.
enum class Take { start, half, full, term };

/// For FusedTowers: from u x omega to velocity and vorticity.
template <class T>
struct Waves {
  static constexpr int inputs = 3, outputs = 6;
  WaveAxis<T> x, y, z;
  T scale;  ///< of u x omega: one over the points
  T step;   ///< in time, half of one for Take::half
  Take take;
  T* velocity[3];  ///< towers
  std::ptrdiff_t pitch;
  std::int64_t row;  ///< numbers

  template <class V>
  [[gnu::always_inline]] constexpr void operator()(std::int64_t column, int kz,
                                                   Complex<V> const (&in)[inputs],
                                                   Complex<V> (&out)[outputs]) const {
    auto const ky = column / row, kx = column % row, at = kz * pitch + 2 * column;
    auto const on_x = [&](T const* table) {
      if constexpr (V::width == 1)
        return V{table[kx]};
      else
        return V::load(table + kx);
    };
    V const a = on_x(x.number), b = broadcast<V>(y.number[ky]), c = broadcast<V>(z.number[kz]);
    Triple<V> u{read_numbers<V>(velocity[0] + at), read_numbers<V>(velocity[1] + at),
                read_numbers<V>(velocity[2] + at)};
    if (take != Take::start) {
      V const square = fused(a, a, fused(b, b, c * c)),
              factor = on_x(x.kept) * broadcast<V>(scale * y.kept[ky] * z.kept[kz]),
              damping = on_x(x.damping) * broadcast<V>(y.damping[ky] * z.damping[kz]);
      auto const term = without_divergence(
          a, b, c, inverse(square),
          Triple<V>{scaled(factor, in[0]), scaled(factor, in[1]), scaled(factor, in[2])});
      u = advanced(u, term, damping);
      if (take != Take::half) {
        write_numbers(u.x, velocity[0] + at);
        write_numbers(u.y, velocity[1] + at);
        write_numbers(u.z, velocity[2] + at);
      }
    }
    auto const vorticity = curl(a, b, c, u);
    out[0] = u.x, out[1] = u.y, out[2] = u.z;
    out[3] = vorticity.x, out[4] = vorticity.y, out[5] = vorticity.z;
  }

 private:
  template <class V>
  [[gnu::always_inline]] static constexpr V broadcast(T value) {
    if constexpr (V::width == 1)
      return {value};
    else
      return V::broadcast(value);
  }
  // Of the mean, which has no part along anything, what is finite.
  template <class V>
  [[gnu::always_inline]] static constexpr V inverse(V square) {
    if constexpr (V::width == 1)
      return {T(1) / (square.lanes > T(0) ? square.lanes : T(1))};
    else
      return {V::broadcast(1).lanes /
              (square.lanes > V::zero().lanes ? square.lanes : V::broadcast(1).lanes)};
  }
  template <class V>
  [[gnu::always_inline]] constexpr Triple<V> advanced(Triple<V> const& u, Triple<V> const& term,
                                                      V damping) const {
    if (take == Take::term) return term;
    V const on = broadcast<V>(step);
    auto const one = [&](Complex<V> velocity_part, Complex<V> term_part) {
      auto const start = take == Take::half ? velocity_part : scaled(damping, velocity_part);
      return scaled(damping, start + scaled(on, term_part));
    };
    return {one(u.x, term.x), one(u.y, term.y), one(u.z, term.z)};
  }
};

}  // namespace inpex::fft
