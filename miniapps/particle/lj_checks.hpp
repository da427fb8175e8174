// SPDX-License-Identifier: Apache-2.0
#pragma once
// The checks of particle.lj.

#include "lj.hpp"

namespace inpex::particle {

namespace detail {
/// Infinite for what is no number, so that it is never lost in a maximum.
inline double or_infinite(double error) { return std::isfinite(error) ? error : HUGE_VAL; }

/// Whether all coordinates are finite. Sums over pairs of others, in extended precision, would take
/// a minute where they take a second.
inline bool are_numbers(std::vector<Point> const& points) {
  return std::all_of(points.begin(), points.end(), [](Point const& point) {
    return std::all_of(point.begin(), point.end(), [](double each) { return std::isfinite(each); });
  });
}
}  // namespace detail

// The largest error of a force, over the sum of the absolute values of its pairs. All atoms where
// there are few, else so many of every rank's that a rank adds 2^26 pairs.
template <class S, class Precision>
double Lj<S, Precision>::force_error(Params const& truth) {
  auto const here = own();
  auto const all = gathered(context_.comm, here.x);
  if (!detail::are_numbers(all)) return HUGE_VAL;
  std::size_t before = 0;
  for (int rank = 0; rank < context_.comm.size(); ++rank) {
    auto const count = context_.comm.broadcast(static_cast<std::uint64_t>(here.x.size()), rank);
    if (rank < context_.comm.rank()) before += count;
  }
  auto const box = melt_of(truth).box();
  std::size_t const stride = here.x.size() * all.size() / (std::size_t{1} << 26) + 1;
  double most = here.x.empty() ? HUGE_VAL : 0;
  for (std::size_t n = 0; n < here.x.size(); n += stride) {
    auto const sums = pair_sums(before + n, all, box, truth.cutoff);
    long double square = 0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      auto const d = sums.force[axis] - here.f[n][axis];
      square += d * d;
    }
    most = std::max(most, detail::or_infinite(static_cast<double>(std::sqrt(square) / sums.size)));
  }
  return context_.comm.maximum(most);
}

// Potential energy of an atom at step 0, against the sum over a perfect lattice.
template <class S, class Precision>
double Lj<S, Precision>::lattice_error(Params const& truth) {
  auto const melt = melt_of(truth);
  return detail::or_infinite(std::abs(energy_at_start_.energy / static_cast<double>(melt.atoms()) -
                                      lattice_energy(melt, truth.cutoff)));
}

// The largest component of the sum of velocities, over the sum of their sizes.
template <class S, class Precision>
double Lj<S, Precision>::momentum(Params const&) {
  double sum[3] = {}, size = 0;
  for (auto const& v : own().v)
    for (std::size_t axis = 0; axis < 3; ++axis) sum[axis] += v[axis], size += std::abs(v[axis]);
  double most = 0;
  for (double const each : sum)
    most = std::max(most, detail::or_infinite(std::abs(context_.comm.sum(each))));
  return most / context_.comm.sum(size);
}

// Change of the energy of an atom that the motion conserves: of the potential that is 0 at the
// cut-off.
template <class S, class Precision>
double Lj<S, Precision>::energy_drift(Params const& truth) {
  double const limit = std::pow(truth.cutoff, -6), edge = 4 * limit * (limit - 1),
               atoms = static_cast<double>(melt_.atoms());
  auto const shifted = [&](Energy const& e) { return e.energy - edge * e.pairs; };
  double const at_start = shifted(energy_at_start_) + 1.5 * truth.temperature * (atoms - 1);
  return detail::or_infinite(std::abs(shifted(atoms_.energy()) + kinetic() - at_start) / atoms);
}

// Distance to the energy and temperature that LAMMPS publishes for this input, with its list or
// with one that loses no pair; 0 for other inputs.
template <class S, class Precision>
double Lj<S, Precision>::departure(Params const& truth) {
  Params const standard{};
  bool const same = truth.density == standard.density &&
                    truth.temperature == standard.temperature && truth.cutoff == standard.cutoff &&
                    truth.skin == standard.skin && truth.timestep == standard.timestep &&
                    truth.seed == standard.seed;
  std::array const cells{truth.nx, truth.ny, truth.nz};
  auto const [temperature, energy] = thermo();
  for (auto const& each : published)
    if (same && each.cells == cells && each.steps == truth.steps)
      return detail::or_infinite(std::max(
          std::min(std::abs(energy - each.energy), std::abs(energy - each.complete_energy)),
          std::min(std::abs(temperature - each.temperature),
                   std::abs(temperature - each.complete_temperature))));
  return 0;
}

// The virial of the list against a difference of energies of the box, stretched and shrunk by a
// part in 10^5, by the sum over all pairs; relative to the sum of the sizes of its parts.
template <class S, class Precision>
double Lj<S, Precision>::virial_error(Params const& truth) {
  double const stretch = 1e-5;
  auto const all = gathered(context_.comm, own().x);
  if (!detail::are_numbers(all)) return HUGE_VAL;
  auto const energy = [&](double factor) {
    auto scaled = all;
    auto box = melt_of(truth).box();
    for (auto& x : scaled)
      for (auto& each : x) each *= factor;
    for (auto& each : box) each *= factor;
    double sum = 0;
    for (auto n = static_cast<std::size_t>(context_.comm.rank()); n < scaled.size();
         n += static_cast<std::size_t>(context_.comm.size()))
      sum += static_cast<double>(pair_sums(n, scaled, box, truth.cutoff).shifted);
    return context_.comm.sum(sum);
  };
  double const by_difference = -(energy(1 + stretch) - energy(1 - stretch)) / (2 * stretch);
  auto const here = atoms_.energy();
  return detail::or_infinite(std::abs(here.virial - by_difference) / (48 * here.pairs));
}

template <class S, class Precision>
double Lj<S, Precision>::missing_atoms(Params const& truth) {
  auto const count = context_.comm.sum(static_cast<std::uint64_t>(own().x.size()));
  return atoms_.lost()
             ? HUGE_VAL
             : std::abs(static_cast<double>(count) - static_cast<double>(melt_of(truth).atoms()));
}

// The energy of an atom that the list loses at most: at its oldest, one step before it is made
// anew.
template <class S, class Precision>
double Lj<S, Precision>::lost_energy(Params const& truth) {
  for (std::int64_t n = 0; n + 1 < truth.every; ++n) step();
  double const listed = atoms_.energy().energy;
  atoms_.renew();
  return detail::or_infinite(std::abs(listed - atoms_.energy().energy) /
                             static_cast<double>(melt_.atoms()));
}

// Forty steps, with a list that loses no pair, and the same back: the largest distance of an atom
// from its site of the lattice, in cells.
template <class S, class Precision>
double Lj<S, Precision>::irreversible(Params const& truth) {
  auto const every = std::exchange(params_.every, 2);
  start();
  for (int n = 0; n < 40; ++n) step();
  atoms_.reverse();
  for (int n = 0; n < 40; ++n) {
    atoms_.integrate(n == 0 ? 0 : params_.timestep, params_.timestep);
    if (n % 2 == 1)
      atoms_.renew();
    else
      atoms_.exchange();
    add_forces();
  }
  double most = 0;
  double const edge = melt_of(truth).edge();
  for (auto const& x : own().x) {
    double nearest = HUGE_VAL;
    for (int site = 0; site < 4; ++site) {
      double square = 0;
      auto const offset = melt_.place(0, 0, 0, site);
      for (std::size_t axis = 0; axis < 3; ++axis) {
        double const d = (x[axis] - offset[axis]) / edge;
        square += (d - std::nearbyint(d)) * (d - std::nearbyint(d));
      }
      nearest = std::min(nearest, square);
    }
    most = std::max(most, detail::or_infinite(std::sqrt(nearest)));
  }
  params_.every = every;
  return context_.comm.maximum(most);
}

}  // namespace inpex::particle
