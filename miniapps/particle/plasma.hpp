// SPDX-License-Identifier: Apache-2.0
#pragma once
// Cold electrons in a neutral periodic box, on a lattice that one wave displaces, and the linear
// theory of that wave on the grid and in steps of finite length. Lengths are in cells; electrons
// are pushed by a = grad(phi), laplace(phi) = w^2 (n - 1) with w the plasma frequency and n the
// density over its mean. All drift along x, so that they meet every part of a cell. Langmuir: a
// wave that travels along the box's diagonal. Two streams: half of the electrons drift the other
// way, and the wave grows. Theory: Birdsall and Langdon, Plasma Physics via Computer Simulation,
// 1991, 4-5 (streams), 8-4, 8-11 (grids), 9-2 (steps).

#include <inpex/error.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <string>
#include <vector>

namespace inpex::particle {

/// The physics of a run.
struct Plasma {
  std::array<std::int64_t, 3> cells{16, 16, 16};
  std::int64_t per_axis = 2;  ///< sites of the lattice along an edge of a cell
  bool streams = false;       ///< two electrons a site, one of each stream; else one
  double frequency = 1;       ///< plasma frequency
  double timestep = 0.1;
  double amplitude = 0.1;              ///< of the wave, in cells
  double drift = 0.61237243569579447;  ///< k V / w; streams grow fastest at sqrt(3/8)
  double wavelength = 16;              ///< of that k, in cells, about

  [[nodiscard]] std::int64_t beams() const { return streams ? 2 : 1; }
  [[nodiscard]] std::int64_t per_cell() const { return beams() * per_axis * per_axis * per_axis; }
  [[nodiscard]] std::int64_t electrons() const {
    return per_cell() * cells[0] * cells[1] * cells[2];
  }
  /// Waves in the box along an axis.
  [[nodiscard]] std::int64_t waves(std::size_t axis) const {
    return !streams ? 1 : axis > 0 ? 0 : drift_waves();
  }
  [[nodiscard]] std::int64_t drift_waves() const {
    return std::max<std::int64_t>(1, std::llround(static_cast<double>(cells[0]) / wavelength));
  }
  /// Radians in a cell.
  [[nodiscard]] double wave_number(std::size_t axis) const {
    return 2 * std::numbers::pi * static_cast<double>(waves(axis)) /
           static_cast<double>(cells[axis]);
  }
  /// Of the drift, in cells a unit of time.
  [[nodiscard]] double speed() const {
    return drift * frequency * static_cast<double>(cells[0]) /
           (2 * std::numbers::pi * static_cast<double>(drift_waves()));
  }
};

/// The wave of linear theory: electron s is displaced by d Re(c_s exp(i k.x0) z_s^n) from where it
/// drifts, at step n, and the field changes by `growth` a step.
class Wave {
 public:
  using Complex = std::complex<double>;

  /// Throws Error (spec) for a plasma that has no such wave.
  explicit Wave(Plasma const& plasma) : plasma_(plasma) {
    double laplace = 0, gradient = 0, along = 0, shape = 1;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      double const k = plasma.wave_number(axis), half = std::sin(k / 2);
      laplace += 4 * half * half;
      along += k * std::sin(k);
      gradient += std::sin(k) * std::sin(k);
      direction_[axis] = std::sin(k);
      if (k > 0) shape *= std::pow(2 * half / k, 2);  // cloud in cell
    }
    for (auto& each : direction_) each /= std::sqrt(gradient);
    // Deposit and gather take the shape once each; the gradient is a central difference.
    square_ = plasma.frequency * plasma.frequency * shape * shape * along / laplace;
    refuse(along / std::sqrt(gradient));
    if (plasma.streams)
      grow();
    else
      oscillate();
  }

  [[nodiscard]] Plasma const& plasma() const { return plasma_; }
  [[nodiscard]] std::array<double, 3> const& direction() const { return direction_; }
  /// Factor of the field in a step.
  [[nodiscard]] Complex growth() const { return growth_; }
  /// The logarithm of that factor as electrons see it that drift along x.
  [[nodiscard]] Complex rate() const { return std::log(plasma_.streams ? growth_ : factor_); }
  /// Factor of an electron's displacement in a step, and its value at x0 = 0, step 0.
  [[nodiscard]] Complex factor(int beam) const { return beam == 0 ? factor_ : std::conj(factor_); }
  [[nodiscard]] Complex start(int beam) const { return beam == 0 ? start_ : std::conj(start_); }

 private:
  // Where electrons are at rest: sin(w' dt / 2) = w dt / 2.
  void oscillate() {
    double const angle = 2 * std::asin(std::sqrt(square_) * plasma_.timestep / 2);
    factor_ = std::polar(1.0, -angle);
    growth_ =
        factor_ * std::polar(1.0, -plasma_.wave_number(0) * plasma_.speed() * plasma_.timestep);
    start_ = plasma_.amplitude;
  }
  // Of streams: 1 = -square Re(1 / D), D the second difference of z^n over dt^2.
  void grow() {
    double const dt = plasma_.timestep, turn = plasma_.wave_number(0) * plasma_.speed() * dt;
    auto const difference = [&](double rate) {
      auto const z = std::polar(std::exp(rate * dt), turn);
      return (z - 2.0 + 1.0 / z) / (dt * dt);
    };
    auto const grows = [&](double rate) { return -square_ * (1.0 / difference(rate)).real() > 1; };
    double low = 1e-6 * plasma_.frequency, high = plasma_.frequency;
    if (!grows(low))
      throw Error(Fault::spec, "streams this fast are stable: no wave grows", "drift",
                  "take a drift below 1; at 0.612 the wave grows fastest");
    for (int n = 0; n < 100; ++n) {
      double const middle = (low + high) / 2;
      (grows(middle) ? low : high) = middle;
    }
    growth_ = std::exp(low * dt);
    factor_ = std::polar(std::exp(low * dt), turn);
    auto const d = difference(low);
    start_ = plasma_.amplitude * std::abs(d) / d;
  }
  void refuse(double wave_number) const {
    double const step = plasma_.frequency * plasma_.timestep;
    if (!(step < 2))
      throw Error(Fault::spec,
                  "the plasma frequency times the time step is " + std::to_string(step) +
                      ": above 2 the leapfrog is unstable",
                  "timestep", "take a time step below " + std::to_string(2 / plasma_.frequency));
    if (!(plasma_.amplitude * wave_number < 1))
      throw Error(Fault::spec,
                  "a wave of amplitude " + std::to_string(plasma_.amplitude) +
                      " cells breaks: electrons would overtake each other",
                  "amplitude", "take less than " + std::to_string(1 / wave_number));
  }

  Plasma plasma_;
  std::array<double, 3> direction_{};
  double square_ = 0;
  Complex growth_ = 1, factor_ = 1, start_ = 0;
};

/// The rate of a mode a step, in the complex plane, by least squares: the sum of (n - mean)
/// log(mode_n) over that of (n - mean)^2.
inline Wave::Complex fitted_rate(std::vector<Wave::Complex> const& mode) {
  double const middle = 0.5 * static_cast<double>(mode.size() - 1);
  double squares = middle * middle;
  Wave::Complex logarithm = 0, sum = 0;
  for (std::size_t n = 1; n < mode.size(); ++n) {
    double const weight = static_cast<double>(n) - middle;
    logarithm += std::log(mode[n] / mode[n - 1]);
    sum += weight * logarithm, squares += weight * weight;
  }
  return sum / squares;
}

}  // namespace inpex::particle
