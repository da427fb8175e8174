// SPDX-License-Identifier: Apache-2.0
#pragma once
// The initial numbers of transforms: uniform noise that depends on a number's place alone, so that
// it is the same on every rank and space; and single values of its spectrum, by direct sums in long
// double, which no transform takes part in.

#include "slabs.hpp"

#include <inpex/inpex.hpp>

#include <cmath>
#include <complex>
#include <cstdint>
#include <numbers>
#include <vector>

namespace inpex::fft {

/// Complex noise: real and imaginary part in [-1/2, 1/2), with 32 bits each in double, 24 in float.
template <class T>
KOKKOS_INLINE_FUNCTION void noise(std::int64_t place, T* to, std::uint64_t key = 7) {
  auto const bits = random_bits(key, static_cast<std::uint64_t>(place));
  constexpr int kept = sizeof(T) == 8 ? 32 : 24;
  for (int part = 0; part < 2; ++part)
    to[part] =
        static_cast<T>(bits.word[part] >> (32 - kept)) / static_cast<T>(std::uint64_t{1} << kept) -
        T(0.5);
}
/// The root of the mean square of its absolute value.
inline constexpr double noise_size = 0.40824829046386301637;  // sqrt(1/6)

/// The spectrum that transforms of a box start from: noise by place, x + nx (y + ny z), or, of real
/// numbers, as much of that as makes number -k the conjugate of number k.
template <class T>
struct NoiseSpectrum {
  std::int64_t nx, ny, nz;
  bool of_real;
  std::uint64_t key = 7;

  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t x, std::int64_t y, std::int64_t z,
                                         T* to) const {
    auto const here = x + nx * (y + ny * z),
               mirror = (nx - x) % nx + nx * ((ny - y) % ny + ny * ((nz - z) % nz));
    noise(of_real && mirror < here ? mirror : here, to, key);
    if (of_real && mirror < here) to[1] = -to[1];
    if (of_real && mirror == here) to[1] = 0;
  }
};

/// A wave: k along x, y, z.
using Wave = std::array<std::int64_t, 3>;

/// The constant, the highest and a few random waves of a box.
inline std::vector<Wave> sampled_waves(Slabs const& box) {
  std::vector<Wave> waves{{0, 0, 0}, {box.nx() - 1, box.ny() - 1, box.nz() - 1}};
  for (std::uint64_t n = 0; n < 4; ++n) {
    auto const bits = random_bits(11, n);
    waves.push_back({bits.word[0] % box.nx(), bits.word[1] % box.ny(), bits.word[2] % box.nz()});
  }
  return waves;
}

/// exp(-2 pi i k j / n) for j < n.
inline std::vector<std::complex<long double>> turns(std::int64_t k, std::int64_t n) {
  std::vector<std::complex<long double>> all(static_cast<std::size_t>(n));
  for (std::int64_t j = 0; j < n; ++j)
    all[static_cast<std::size_t>(j)] =
        std::polar(1.0L, -2 * std::numbers::pi_v<long double> *
                             static_cast<long double>(k * j % n) / static_cast<long double>(n));
  return all;
}

/// The spectrum of value(x, y, z, number[2]) at these waves. Each rank
/// sums over its part of planes. Collective; O(points * waves).
template <class Value>
std::vector<std::complex<double>> direct_sums(Slabs const& box, Comm const& comm,
                                              std::vector<Wave> const& waves, Value const& value) {
  using Wide = std::complex<long double>;
  std::vector<Wide> sums(waves.size());
  std::vector<std::array<std::vector<Wide>, 3>> tables;
  for (auto const& wave : waves)
    tables.push_back(
        {turns(wave[0], box.nx()), turns(wave[1], box.ny()), turns(wave[2], box.nz())});
  std::vector<Wide> row(static_cast<std::size_t>(box.nx()));
  for (int z = box.first_plane(); z < box.first_plane() + box.planes(); ++z)
    for (int y = box.first_plane_row(); y < box.first_plane_row() + box.plane_rows(); ++y) {
      for (int x = 0; x < box.nx(); ++x) {
        double number[2];
        value(x, y, z, number);
        row[static_cast<std::size_t>(x)] = {number[0], number[1]};
      }
      for (std::size_t n = 0; n < waves.size(); ++n) {
        Wide sum = 0;
        for (std::size_t x = 0; x < row.size(); ++x) sum += row[x] * tables[n][0][x];
        sums[n] += sum * tables[n][1][static_cast<std::size_t>(y)] *
                   tables[n][2][static_cast<std::size_t>(z)];
      }
    }
  std::vector<std::complex<double>> all;
  for (auto const& sum : sums)
    all.emplace_back(comm.sum(static_cast<double>(sum.real())),
                     comm.sum(static_cast<double>(sum.imag())));
  return all;
}

}  // namespace inpex::fft
