// SPDX-License-Identifier: Apache-2.0
#pragma once
// Velocities to start from, wave by wave, as functions of wave numbers, so that any rank knows all
// of them: number k of a component stands for exp(i (kx x + ky y + kz z)) in a box of length 2 pi.

#include "noise.hpp"

namespace inpex::fft {

/// Three complex numbers: [component][part].
template <class T>
using Velocity = T[3][2];

/// u = (sin x cos y cos z, -cos x sin y cos z, 0) (Taylor and Green, Proc. R. Soc. A 158, 1937).
struct TaylorGreen {
  template <class T>
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t kx, std::int64_t ky, std::int64_t kz,
                                         Velocity<T>& u) const {
    bool const there = kx * kx == 1 && ky * ky == 1 && kz * kz == 1;
    for (auto& component : u) component[0] = component[1] = 0;
    u[0][1] = there ? -static_cast<T>(kx) / 8 : T(0);
    u[1][1] = there ? static_cast<T>(ky) / 8 : T(0);
  }
};

/// The flow of Arnold, Beltrami and Childress with `number` turns along the box, whose vorticity is
/// `number` times itself, so that viscosity alone acts: u = (sin m z + cos m y, sin m x + cos m z,
/// sin m y + cos m x).
struct Beltrami {
  int number = 4;
  template <class T>
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t kx, std::int64_t ky, std::int64_t kz,
                                         Velocity<T>& u) const {
    std::int64_t const k[3] = {kx, ky, kz};
    for (int axis = 0; axis < 3; ++axis) {
      // u of this axis: a sine along the one before it, a cosine along the one after it.
      std::int64_t const before = k[(axis + 2) % 3], after = k[(axis + 1) % 3], own = k[axis];
      bool const sine = before * before == number * number && after == 0 && own == 0;
      bool const cosine = after * after == number * number && before == 0 && own == 0;
      u[axis][0] = cosine ? T(0.5) : T(0);
      u[axis][1] = sine ? (before > 0 ? T(-0.5) : T(0.5)) : T(0);
    }
  }
};

/// Noise of all waves up to `kept` of an axis, without divergence.
struct Turbulence {
  std::int64_t nx, ny, nz, kept[3];

  [[nodiscard]] KOKKOS_INLINE_FUNCTION bool has(std::int64_t kx, std::int64_t ky,
                                                std::int64_t kz) const {
    return kx * kx <= kept[0] * kept[0] && ky * ky <= kept[1] * kept[1] &&
           kz * kz <= kept[2] * kept[2] && (kx != 0 || ky != 0 || kz != 0);
  }
  template <class T>
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t kx, std::int64_t ky, std::int64_t kz,
                                         Velocity<T>& u) const {
    for (auto& component : u) component[0] = component[1] = 0;
    if (!has(kx, ky, kz)) return;
    auto const x = (kx + nx) % nx, y = (ky + ny) % ny, z = (kz + nz) % nz;
    double start[3][2], along[2] = {0, 0};
    double const k[3] = {static_cast<double>(kx), static_cast<double>(ky), static_cast<double>(kz)};
    for (int axis = 0; axis < 3; ++axis) {
      NoiseSpectrum<double>{nx, ny, nz, true, 17 + static_cast<std::uint64_t>(axis)}(x, y, z,
                                                                                     start[axis]);
      for (int part = 0; part < 2; ++part) along[part] += k[axis] * start[axis][part];
    }
    double const square = k[0] * k[0] + k[1] * k[1] + k[2] * k[2];
    for (int axis = 0; axis < 3; ++axis)
      for (int part = 0; part < 2; ++part)
        u[axis][part] = static_cast<T>(start[axis][part] - k[axis] * along[part] / square);
  }
};

/// The signed wave number at a place of a spectrum of n.
KOKKOS_INLINE_FUNCTION constexpr std::int64_t wave_number(std::int64_t place, std::int64_t n) {
  return 2 * place <= n ? place : place - n;
}

/// A flow into towers [nz][rows][columns]; numbers beyond the box are 0.
template <class T, class Flow>
struct FillFlow {
  T* to[3];
  std::ptrdiff_t pitch;
  Flow flow;
  std::int64_t nx, ny, nz, columns, rows, first_column, first_row;

  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t n) const {
    auto const x = n % columns, y = n / columns % rows, z = n / columns / rows,
               kx = first_column + x;
    Velocity<T> u = {};
    if (2 * kx <= nx) flow(kx, wave_number(first_row + y, ny), wave_number(z, nz), u);
    for (int axis = 0; axis < 3; ++axis)
      for (int part = 0; part < 2; ++part)
        to[axis][z * pitch + 2 * (x + columns * y) + part] = u[axis][part];
  }
};

}  // namespace inpex::fft
