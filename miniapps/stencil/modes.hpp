// SPDX-License-Identifier: Apache-2.0
#pragma once
// Fields that are a sum of sine modes, a sin(p pi x) sin(q pi y) sin(s pi z) with x = (i+1)/(nx+1):
// eigenvectors of every symmetric stencil between walls of zero, so that the state after any number
// of steps is known to rounding. Sines are taken in long double of arguments reduced in integers.

#include <inpex/inpex.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <vector>

namespace inpex::stencil {

/// One mode: wave numbers along x, y, z, and its amplitude.
struct Mode {
  std::array<std::int64_t, 3> wave;
  double amplitude;
};

/// The modes of a spec's `modes`: rows of p, q, s, a. Throws Error (spec).
inline std::vector<Mode> read_modes(std::vector<double> const& rows) {
  constexpr std::size_t most = 8;
  if (rows.empty() || rows.size() % 4 != 0 || rows.size() / 4 > most)
    throw Error(Fault::spec, "modes must be 1 to 8 rows of 4 numbers", "modes",
                "write rows of p, q, s, a");
  std::vector<Mode> modes;
  for (std::size_t at = 0; at < rows.size(); at += 4) {
    Mode mode{{}, rows[at + 3]};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      mode.wave[axis] = static_cast<std::int64_t>(rows[at + axis]);
      if (static_cast<double>(mode.wave[axis]) != rows[at + axis] || mode.wave[axis] < 1 ||
          rows[at + axis] > 1e9)
        throw Error(Fault::spec, "a wave number must be a whole number of at least 1", "modes");
    }
    modes.push_back(mode);
  }
  return modes;
}

/// sin(wave * pi * (cell + 1) / (cells + 1)), within half a unit in the last place of double.
inline double sine(std::int64_t wave, std::int64_t cell, std::int64_t cells) {
  std::int64_t const period = 2 * (cells + 1);
  auto const turn = (wave % period) * ((cell + 1) % period) % period;
  return static_cast<double>(std::sin(std::numbers::pi_v<long double> * turn / (cells + 1)));
}

/// sin(wave * pi / (2 (cells + 1)))^2: minus a quarter of the eigenvalue of the second difference.
inline long double sine_squared(std::int64_t wave, std::int64_t cells) {
  auto const half =
      std::sin(std::numbers::pi_v<long double> * (wave % (2 * (cells + 1))) / (2 * (cells + 1)));
  return half * half;
}

/// The sum of modes at a cell of this block, in double; given to kernels by value.
struct ModeSum {
  double const* along[3];  // [modes, extent] of each axis
  int extent[3];
  int modes;
  double factor[8];

  KOKKOS_INLINE_FUNCTION double operator()(int i, int j, int k) const {
    double sum = 0;
    for (int m = 0; m < modes; ++m)
      sum += factor[m] * along[0][m * extent[0] + i] * along[1][m * extent[1] + j] *
             along[2][m * extent[2] + k];
    return sum;
  }
};

/// A table of numbers in the memory of a space.
template <Space S>
Memory<double, S> table_of(std::string const& label, std::vector<double> const& numbers) {
  Memory<double, S> memory(label, numbers.size());
  Kokkos::deep_copy(
      memory.view(),
      Kokkos::View<double const*, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>>(
          numbers.data(), numbers.size()));
  return memory;
}

/// Holds the sines of this block, and gives sums of modes with any factors.
template <Space S>
class SineModes {
 public:
  SineModes(Grid const& grid, std::vector<Mode> modes)
      : modes_(std::move(modes)), cells_(grid.cells()),
        extent_(grid.extent()), along_{table(grid, 0), table(grid, 1), table(grid, 2)} {}

  /// Each mode times its amplitude and `decay(mode)` to the power `steps`.
  template <class Decay>
  [[nodiscard]] ModeSum after(std::int64_t steps, Decay const& decay) const {
    ModeSum sum{.along = {along_[0].data(), along_[1].data(), along_[2].data()},
                .extent = {extent_[0], extent_[1], extent_[2]},
                .modes = static_cast<int>(modes_.size()),
                .factor = {}};
    for (std::size_t m = 0; m < modes_.size(); ++m)
      sum.factor[m] = static_cast<double>(
          modes_[m].amplitude * std::pow(decay(modes_[m]), static_cast<long double>(steps)));
    return sum;
  }
  /// The sum of the three sine_squared of a mode.
  [[nodiscard]] long double sine_squares(Mode const& mode) const {
    long double sum = 0;
    for (std::size_t axis = 0; axis < 3; ++axis) sum += sine_squared(mode.wave[axis], cells_[axis]);
    return sum;
  }
  /// cos(wave pi / (cells + 1)) along each axis.
  [[nodiscard]] std::array<long double, 3> cosines(Mode const& mode) const {
    std::array<long double, 3> result{};
    for (std::size_t axis = 0; axis < 3; ++axis)
      result[axis] = 1 - 2 * sine_squared(mode.wave[axis], cells_[axis]);
    return result;
  }

 private:
  Memory<double, S> table(Grid const& grid, std::size_t axis) const {
    auto const extent = static_cast<std::size_t>(grid.extent()[axis]);
    std::vector<double> host;
    for (auto const& mode : modes_)
      for (std::size_t cell = 0; cell < extent; ++cell)
        host.push_back(sine(mode.wave[axis], grid.lower()[axis] + static_cast<std::int64_t>(cell),
                            grid.cells()[axis]));
    return table_of<S>("sines", host);
  }

  std::vector<Mode> modes_;
  std::array<std::int64_t, 3> cells_;
  std::array<int, 3> extent_;
  std::array<Memory<double, S>, 3> along_;
};

}  // namespace inpex::stencil
