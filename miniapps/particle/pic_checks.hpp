// SPDX-License-Identifier: Apache-2.0
#pragma once
// The checks of particle.pic.

#include "pic.hpp"

#include <numbers>

namespace inpex::particle {

namespace detail {
/// Infinite for what is no number, so that it is never lost in a maximum.
inline double finite_or_infinite(double error) { return std::isfinite(error) ? error : HUGE_VAL; }
}  // namespace detail

template <class S, class Real>
template <class T>
std::vector<double> Pic<S, Real>::on_host(Memory<T, S> const& from) const {
  auto const here = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, from.view());
  return {here.data(), here.data() + here.size()};
}

// The bits of all electrons, in any order.
template <class S, class Real>
std::uint64_t Pic<S, Real>::digest() {
  auto const all = electrons_.on_host();
  auto const count = static_cast<std::size_t>(electrons_.count());
  std::uint64_t sum = 0;
  for (std::size_t n = 0; n < count; ++n) {
    std::uint64_t hash = 0;
    for (std::size_t c = 0; c < 6; ++c)
      hash = cell_hash(hash, static_cast<double>(all[c * count + n]) + 0.0);
    sum += hash;
  }
  return context_.comm.sum(sum);
}

// The rate of the wave's mode over all steps, in the complex plane, against linear theory:
// frequency of a wave, growth of streams.
template <class S, class Real>
double Pic<S, Real>::dispersion_error(Params const& truth) {
  auto const numbers = on_host(history_);
  std::vector<std::complex<double>> mode;
  for (std::size_t n = 0; n < numbers.size(); n += 2) {
    double const re = context_.comm.sum(numbers[n]);
    mode.emplace_back(re, context_.comm.sum(numbers[n + 1]));
  }
  Wave const wave(plasma_of(truth));
  return detail::finite_or_infinite(std::abs(fitted_rate(mode) - std::log(wave.growth())) /
                                    std::abs(wave.rate()));
}

// The largest distance of an electron from where linear theory has it: of the site that is nearest,
// less the displacement there.
template <class S, class Real>
double Pic<S, Real>::displacement_error(Params const& truth) {
  Wave const wave(plasma_of(truth));
  auto const& plasma = wave.plasma();
  auto const all = electrons_.on_host();
  auto const count = static_cast<std::size_t>(electrons_.count());
  auto const steps = static_cast<double>(truth.steps);
  std::complex<double> const moved[2] = {wave.start(0) * std::pow(wave.factor(0), steps),
                                         wave.start(1) * std::pow(wave.factor(1), steps)};
  double const per_axis = static_cast<double>(plasma.per_axis);
  double most = count == 0 ? HUGE_VAL : 0;
  for (std::size_t n = 0; n < count; ++n) {
    int const beam = plasma.streams && all[3 * count + n] < 0 ? 1 : 0;
    double place[3], site[3], square = 0;
    auto const shift = [&](double const(&at)[3]) {
      double angle = 0;
      for (std::size_t axis = 0; axis < 3; ++axis) angle += plasma.wave_number(axis) * at[axis];
      return moved[beam].real() * std::cos(angle) - moved[beam].imag() * std::sin(angle);
    };
    for (std::size_t axis = 0; axis < 3; ++axis)
      place[axis] = static_cast<double>(all[axis * count + n]);
    place[0] -= (beam == 0 ? 1 : -1) * plasma.speed() * plasma.timestep * steps;
    double const here = shift(place);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      double const at = (place[axis] - wave.direction()[axis] * here) * per_axis;
      site[axis] = (std::nearbyint(at - first_site) + first_site) / per_axis;
    }
    double const there = shift(site);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      double const d = place[axis] - site[axis] - wave.direction()[axis] * there;
      square += d * d;
    }
    most = std::max(most, detail::finite_or_infinite(std::sqrt(square)));
  }
  return context_.comm.maximum(most);
}

// Units of charge that are missing on the grid, in whole numbers.
template <class S, class Real>
double Pic<S, Real>::wrong_charge(Params const& truth) {
  std::uint64_t sum = 0;
  double most = 0;
  for (double const each : on_host(density_)) {
    most = std::max(most, detail::finite_or_infinite(std::abs(each)));
    sum += std::abs(each) < 0x1p53 ? static_cast<std::uint64_t>(static_cast<std::int64_t>(each))
                                   : std::uint64_t{1};
  }
  auto const units = static_cast<std::uint64_t>(electron_charge<Real>);
  auto const expected = units * static_cast<std::uint64_t>(plasma_of(truth).electrons());
  sum = context_.comm.sum(sum) - expected;
  return context_.comm.maximum(most) < 0x1p53
             ? std::abs(static_cast<double>(static_cast<std::int64_t>(sum)))
             : HUGE_VAL;
}

template <class S, class Real>
double Pic<S, Real>::missing_electrons(Params const& truth) {
  auto const count = context_.comm.sum(static_cast<std::uint64_t>(electrons_.count()));
  auto const lost = context_.comm.sum(static_cast<std::uint64_t>(electrons_.lost()));
  return static_cast<double>(lost) +
         std::abs(static_cast<double>(count) - static_cast<double>(plasma_of(truth).electrons()));
}

// What is left of laplace(phi) - w^2 (n - 1) at the nodes, over the largest of w^2 (n - 1).
template <class S, class Real>
double Pic<S, Real>::field_error(Params const& truth) {
  auto const density = on_host(density_), window = on_host(window_);
  double const mean = static_cast<double>(electron_charge<Real>) *
                      static_cast<double>(plasma_of(truth).per_cell()),
               scale = truth.frequency * truth.frequency / mean;
  int const ny = slabs_.cells(1), nz = slabs_.cells(2);
  auto const phi = [&](int x, int y, int z) {
    return window[static_cast<std::size_t>(
        shape(0).cell(x + slabs_.margin() + 1, (y + ny) % ny, (z + nz) % nz))];
  };
  double most = 0, size = 0;
  for (int x = 0; x < slabs_.own(); ++x)
    for (int y = 0; y < ny; ++y)
      for (int z = 0; z < nz; ++z) {
        double const source =
            scale * (density[static_cast<std::size_t>(shape(0).cell(x, y, z))] - mean);
        double const laplace = phi(x - 1, y, z) + phi(x + 1, y, z) + phi(x, y - 1, z) +
                               phi(x, y + 1, z) + phi(x, y, z - 1) + phi(x, y, z + 1) -
                               6 * phi(x, y, z);
        most = std::max(most, detail::finite_or_infinite(std::abs(laplace - source)));
        size = std::max(size, std::abs(source));
      }
  return detail::finite_or_infinite(context_.comm.maximum(most) / context_.comm.maximum(size));
}

// The largest component of the sum of velocities less the drift, over the sum of their sizes.
template <class S, class Real>
double Pic<S, Real>::momentum(Params const& truth) {
  auto const all = electrons_.on_host();
  auto const count = static_cast<std::size_t>(electrons_.count());
  auto const plasma = plasma_of(truth);
  double const drift = plasma.streams ? 0 : plasma.speed() * static_cast<double>(count);
  double sum[3] = {-drift, 0, 0}, size = 0;
  for (std::size_t axis = 0; axis < 3; ++axis)
    for (std::size_t n = 0; n < count; ++n) {
      auto const v = static_cast<double>(all[(3 + axis) * count + n]);
      sum[axis] += v, size += std::abs(v);
    }
  double most = 0;
  for (double const each : sum)
    most = std::max(most, detail::finite_or_infinite(std::abs(context_.comm.sum(each))));
  return detail::finite_or_infinite(most / context_.comm.sum(size));
}

// Of all electrons, at this step: velocities are half a step behind.
template <class S, class Real>
double Pic<S, Real>::energy() {
  auto const all = electrons_.on_host();
  auto const count = static_cast<std::size_t>(electrons_.count());
  auto const push = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, push_.view());
  auto here = window();
  here.push = push.data();
  double sum = 0;
  for (std::size_t n = 0; n < count; ++n) {
    using V = vec<Real, 1>;
    V a[3];
    here.gather(here.template locate<1>(V{all[n]}, V{all[count + n]}, V{all[2 * count + n]}), a);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      auto const v = static_cast<double>(all[(3 + axis) * count + n]) +
                     0.5 * params_.timestep * static_cast<double>(a[axis].lanes);
      sum += 0.5 * v * v;
    }
  }
  auto const density = on_host(density_), potential = on_host(potential_);
  for (std::size_t n = 0; n < density.size(); ++n)
    sum -= 0.5 * density[n] * potential[n] / static_cast<double>(electron_charge<Real>);
  return context_.comm.sum(sum);
}

template <class S, class Real>
double Pic<S, Real>::energy_drift(Params const&) {
  return detail::finite_or_infinite(std::abs(energy() / energy_at_start_ - 1));
}

// Electrons that do not stand with those of their cell after a sort.
template <class S, class Real>
double Pic<S, Real>::misplaced(Params const& truth) {
  if (truth.steps % truth.every != 0) return 0;
  return static_cast<double>(context_.comm.sum(static_cast<std::uint64_t>(electrons_.misplaced())));
}

}  // namespace inpex::particle
