// SPDX-License-Identifier: Apache-2.0
#pragma once
// Standing waves of the discrete wave equation u'' = c(z)^2 L u in a layered box with walls of
// zero, L of eighth order: products of eigenvectors along x, y and z that are exact for the
// discrete rule at every cell, the walls and the jumps of the velocity included.
//   Along x and y: -D f = l f. Along z, with c2 = (c dt/h)^2:  c2 (-D + lx + ly) g = m g.
//   A product f(x) f(y) g(z) then oscillates as cos(w t) with 4 sin(w/2)^2 = m, t in steps: the
//   discrete dispersion relation.

#include "bands.hpp"
#include "modes.hpp"

#include <inpex/inpex.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

namespace inpex::stencil {

/// The central weights of a second difference of eighth order, at 0 to 4 cells (Fornberg, 1988).
inline constexpr std::array<long double, 5> eighth_order{-205.0L / 72, 8.0L / 5, -1.0L / 5,
                                                         8.0L / 315, -1.0L / 560};

/// The largest (c dt/h) for which leapfrog steps do not grow: 2 / sqrt(3 |D| at the shortest wave).
inline long double largest_courant() {
  long double shortest = -eighth_order[0];
  for (std::size_t k = 1; k < 5; ++k) shortest -= 2 * eighth_order[k] * (k % 2 == 0 ? 1 : -1);
  return 2 / std::sqrt(3 * shortest);
}

/// (c dt/h)^2 of each plane: layers of equal thickness with the given relative velocities.
inline std::vector<double> layered_squares(double courant, std::vector<double> const& velocities,
                                           std::int64_t planes) {
  std::vector<double> squares;
  for (std::int64_t k = 0; k < planes; ++k) {
    auto const layer = static_cast<std::size_t>(k * std::int64_t(velocities.size()) / planes);
    squares.push_back(courant * velocities[layer] * (courant * velocities[layer]));
  }
  return squares;
}

/// Standing waves, and their sums on the cells of this block.
template <Space S>
class LayeredModes {
 public:
  /// `squares` of every plane of the whole box.
  LayeredModes(Grid const& grid, std::vector<Mode> const& modes, std::vector<double> const& squares)
      : grid_(grid), modes_(modes), along_{tables(squares)} {}

  /// The sum of modes after `steps` steps; -1 is the step before the first.
  [[nodiscard]] ModeSum after(std::int64_t steps) const {
    auto const extent = grid_.extent();
    ModeSum sum{.along = {along_[0].data(), along_[1].data(), along_[2].data()},
                .extent = {extent[0], extent[1], extent[2]},
                .modes = static_cast<int>(modes_.size()),
                .factor = {}};
    for (std::size_t m = 0; m < modes_.size(); ++m)
      sum.factor[m] = static_cast<double>(
          modes_[m].amplitude * std::cos(frequencies_[m] * static_cast<long double>(steps)));
    return sum;
  }

 private:
  using Vector = std::vector<long double>;

  static Vector sines(std::int64_t wave, std::size_t cells) {
    Vector x(cells);
    for (std::size_t i = 0; i < cells; ++i) x[i] = sine(wave, std::int64_t(i), std::int64_t(cells));
    return x;
  }
  // s (-D + shift) s with a diagonal s.
  static Band<4> operator_of(Vector const& scale, long double shift) {
    Band<4> band;
    band.rows.resize(scale.size());
    for (std::size_t i = 0; i < scale.size(); ++i)
      for (std::size_t d = 0; d < 5 && i + d < scale.size(); ++d)
        band.rows[i][d] = scale[i] * scale[i + d] * ((d == 0 ? shift : 0) - eighth_order[d]);
    return band;
  }
  std::array<Memory<double, S>, 3> tables(std::vector<double> const& squares) {
    std::array<std::vector<double>, 3> numbers;
    auto const add = [&](std::size_t axis, Vector const& whole) {
      auto const first = whole.begin() + grid_.lower()[axis];
      numbers[axis].insert(numbers[axis].end(), first, first + grid_.extent()[axis]);
    };
    Vector roots;
    for (double square : squares) roots.push_back(std::sqrt(static_cast<long double>(square)));
    for (auto const& mode : modes_) {
      long double across = 0;
      for (std::size_t axis = 0; axis < 2; ++axis) {
        auto const cells = static_cast<std::size_t>(grid_.cells()[axis]);
        auto const pair =
            eigen_pair(operator_of(Vector(cells, 1), 0), sines(mode.wave[axis], cells));
        across += pair.value;
        add(axis, pair.vector);
      }
      auto pair = eigen_pair(operator_of(roots, across), sines(mode.wave[2], roots.size()));
      for (std::size_t k = 0; k < roots.size(); ++k) pair.vector[k] *= roots[k] / roots.back();
      frequencies_.push_back(2 * std::asin(std::sqrt(pair.value) / 2));
      add(2, pair.vector);
    }
    return {table_of<S>("modes x", numbers[0]), table_of<S>("modes y", numbers[1]),
            table_of<S>("modes z", numbers[2])};
  }

  Grid grid_;
  std::vector<Mode> modes_;
  Vector frequencies_;  // of each mode, in radians a step
  std::array<Memory<double, S>, 3> along_;
};

}  // namespace inpex::stencil
