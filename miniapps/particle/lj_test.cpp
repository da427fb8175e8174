// SPDX-License-Identifier: Apache-2.0
#include "atoms.hpp"
#include "oracle.hpp"

#include "refusal.hpp"
#include "seat.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

namespace inpex::particle {

namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using test::refusal;
using Host = Kokkos::DefaultHostExecutionSpace;

/// The melt after some steps: no lattice any more.
template <class Real, class Pair>
void melt(Atoms<Real, Host, Pair>& atoms, Velocities const& velocities, int steps) {
  atoms.start(velocities);
  atoms.renew();
  atoms.clear_forces();
  atoms.add_forces();
  for (int n = 1; n <= steps; ++n) {
    atoms.integrate(n == 1 ? 0.0025 : 0.005, 0.005);
    if (n % 10 == 0)
      atoms.renew();
    else
      atoms.exchange();
    atoms.add_forces();
  }
}

/// The largest error of a component of a force after 20 steps, over the sizes of its pairs' forces.
template <class Real, class Pair>
double force_error(Atoms<Real, Host, Pair>& atoms, Melt const& start, Reach const& reach) {
  melt(atoms, Velocities(start, Comm()), 20);
  auto const x = atoms.on_host(0), f = atoms.on_host(2);
  std::vector<Point> places, forces;
  for (int n = 0; n < atoms.own_blocks() * block_atoms; ++n) {
    auto const at = static_cast<std::size_t>(Sorter<Real>::offset(n));
    if (x[at] < nowhere) continue;
    places.push_back({x[at], x[at + 8], x[at + 16]});
    forces.push_back({48 * f[at], 48 * f[at + 8], 48 * f[at + 16]});
  }
  REQUIRE(static_cast<std::int64_t>(places.size()) == start.atoms());
  double most = 0;
  for (std::size_t n = 0; n < places.size(); ++n) {
    auto const sums = pair_sums(n, places, start.box(), reach.cutoff);
    for (std::size_t axis = 0; axis < 3; ++axis)
      most = std::max(most, std::abs(static_cast<double>(sums.force[axis]) - forces[n][axis]) /
                                static_cast<double>(sums.size));
  }
  return most;
}
/// The bound of near.hpp.
constexpr double mixed_error = 546 * 0x1p-24;

/// Forces of all own atoms in W lanes.
template <int W>
std::vector<double> forces_in_lanes(Atoms<double, Host>& atoms) {
  atoms.clear_forces();
  auto const kernel = atoms.forces<true>(0, 1);
  for (int b = 0; b < atoms.all_blocks(); ++b) kernel.template block<W>(b);
  return atoms.on_host(2);
}

}  // namespace

TEST_CASE("millions of equal energies add up to their number times one") {
  constexpr int pairs = 3'000'000;
  Energy one, all;
  for (int n = 0; n < pairs; ++n) {
    Energy each;
    each.add(-0.1);
    (n % 2 == 0 ? one : all) += each;
  }
  all += one;
  CHECK(std::abs(all.energy + all.rest + 0.1 * pairs) < 1e-10);  // without the rest it is 8e-6 off
}

TEST_CASE("particle: the velocity of an atom is the one that LAMMPS gives it") {
  // velocity all create 1.44 87287 loop geom on 20 x 20 x 20 cells: a dump of step 0, ten digits
  Velocities const velocities(Melt{{20, 20, 20}}, Comm());
  auto const first = velocities.of({0, 0, 0});
  CHECK_THAT(first[0], WithinAbs(-0.1458283154, 5e-11));
  CHECK_THAT(first[1], WithinAbs(-0.6699461707, 5e-11));
  CHECK_THAT(first[2], WithinAbs(-2.0172221660, 5e-11));
  auto const fourth = velocities.of(Melt{{20, 20, 20}}.place(0, 0, 0, 3));
  CHECK_THAT(fourth[0], WithinAbs(1.6957840561, 5e-11));
}

TEST_CASE("particle: the lattice at rest has the energy of its sum over neighbours") {
  CHECK_THAT(lattice_energy(Melt{{1, 1, 1}}, 2.5), WithinAbs(-6.7733681, 5e-8));
}

TEST_CASE(
    "particle: a box smaller than two cut-offs, and too many ranks, are refused with the reason") {
  CHECK_THAT(refusal([] {
               Domain({5.5, 17, 17}, 2.8, Comm());
             }),
             ContainsSubstring("two cut-offs"));
  CHECK_THAT(refusal([] {
               Domain({17, 17, 17}, 2.8, Comm(std::make_shared<test::Seat>(0, 64)));
             }),
             ContainsSubstring("too few columns for 64 ranks"));
  CHECK(refusal([] {
          Domain({17, 17, 17}, 2.8, Comm(std::make_shared<test::Seat>(0, 16)));
        }) == "accepted");
}

TEST_CASE("particle: forces do not depend on the lanes of a vector") {
  Context<Host> const context;
  Melt const start{{5, 6, 7}};
  Atoms<double, Host> atoms(context, start, {});
  melt(atoms, Velocities(start, Comm()), 30);
  auto const one = forces_in_lanes<1>(atoms), eight = forces_in_lanes<8>(atoms);
  double most = 0, size = 0;
  for (auto const& other : {forces_in_lanes<2>(atoms), forces_in_lanes<4>(atoms), eight})
    for (std::size_t n = 0; n < one.size(); ++n)
      most = std::max(most, std::abs(one[n] - other[n])), size = std::max(size, std::abs(one[n]));
  CHECK(most <= 1e-13 * size);  // sums in another order
  CHECK(size > 1);
}

TEST_CASE("particle: tiles and teams have the forces of the sum over all pairs") {
  for (auto const schedule : {Schedule::native, Schedule::device}) {
    Context<Host> context;
    context.schedule = schedule;
    Melt const start{{4, 5, 4}};
    Atoms<double, Host> atoms(context, start, {});
    CHECK(force_error(atoms, start, {}) <= 1e-13);
    Atoms<double, Host, float> mixed(context, start, {});
    CHECK(force_error(mixed, start, {}) <= mixed_error);
  }
}

TEST_CASE("particle: in mixed the error of a force does not grow with the box") {
  Context<Host> const context;
  Melt const start{{4, 5, 160}};
  Atoms<double, Host, float> mixed(context, start, {});
  CHECK(force_error(mixed, start, {}) <= mixed_error);
}

TEST_CASE("particle: in mixed blocks with too many near them are added too") {
  Context<Host> const context;
  Melt const start{{6, 6, 7}};
  Reach const wide{.cutoff = 4.4, .skin = 0.6};
  Atoms<double, Host, float> mixed(context, start, wide);
  CHECK(force_error(mixed, start, wide) <= mixed_error);
  NearBlocks<Host> near(static_cast<std::size_t>(mixed.all_blocks()));
  auto const forces = mixed.forces<true>(0, 1);
  near.make(context, mixed.view(), forces.list, forces.stride, mixed.all_blocks());
  auto const kernel = near.kernel(forces);
  int without_room = 0;
  for (int b = 0; b < mixed.all_blocks(); ++b)
    without_room += kernel.rows[static_cast<std::ptrdiff_t>(b) * kernel.stride] == 0 ? 1 : 0;
  CHECK(without_room > 0);
}

TEST_CASE("particle: an atom that flies away ends the run as wrong, and is named") {
  Context<Host> const context;
  Melt const start{{5, 5, 5}};
  for (double const x : {1e6, -1e6, std::nan("")}) {
    Atoms<double, Host> atoms(context, start, {});
    melt(atoms, Velocities(start, Comm()), 0);
    atoms.x()[3] = x, atoms.v()[3] = 7;
    try {
      atoms.renew();
      FAIL("it was not missed");
    } catch (Error const& error) {
      CHECK(error.fault == Fault::wrong);
      CHECK_THAT(error.problem, ContainsSubstring(x > 0   ? "lost, at (1e+06, "
                                                  : x < 0 ? "lost, at (-1e+06, "
                                                          : "lost, at (nan, "));
      CHECK_THAT(error.problem, ContainsSubstring("velocity (7, "));
    }
    CHECK(atoms.lost());
  }
}

TEST_CASE("particle: a list that is too short grows, is counted, and loses no pair") {
  Context<Host> const context;
  // Heights shrink to a part, so that rows get that much longer.
  auto const squeezed = [](Atoms<double, Host>& atoms, Melt const& start, double part) {
    atoms.start(Velocities(start, Comm()));
    atoms.renew();
    for (int n = 0; n < atoms.own_blocks() * block_atoms; ++n)
      if (auto const at = Sorter<double>::offset(n); atoms.x()[at] > nowhere)
        atoms.x()[at + 2 * block_atoms] *= part;
    atoms.renew();
  };
  Melt const start{{6, 6, 8}}, tall{{6, 6, 24}};
  Reach const single{.single = true};
  for (auto const& reach : {Reach{}, single}) {
    Atoms<double, Host> atoms(context, start, reach);
    squeezed(atoms, start, 0.5);
    CHECK(atoms.growths() == 1);
    double energy = 0;
    std::vector<Point> places;
    for (int n = 0; n < atoms.own_blocks() * block_atoms; ++n)
      if (auto const at = Sorter<double>::offset(n); atoms.x()[at] > nowhere)
        places.push_back({atoms.x()[at], atoms.x()[at + 8], atoms.x()[at + 16]});
    for (std::size_t n = 0; n < places.size(); ++n)
      energy += static_cast<double>(pair_sums(n, places, start.box(), 2.5).energy);
    CHECK(std::abs(atoms.energy().energy - energy) <= 1e-12 * std::abs(energy));
  }
  Atoms<double, Host> crowded(context, tall, single);
  CHECK_THAT(refusal([&] { squeezed(crowded, tall, 0.01); }),
             ContainsSubstring("more neighbours than a row holds"));
}

}  // namespace inpex::particle
