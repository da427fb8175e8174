// SPDX-License-Identifier: Apache-2.0
#include "atoms.hpp"
#include "oracle.hpp"
#include "pic.hpp"

#include "device/spaces.hpp"
#include "seat.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

namespace inpex::particle {

namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Host = Kokkos::DefaultHostExecutionSpace;

template <class F>
std::string refusal(F const& body) {
  try {
    body();
  } catch (Error const& error) {
    return error.what();
  }
  return "accepted";
}

/// The melt after some steps: no lattice any more.
template <class Real>
void melt(Atoms<Real, Host>& atoms, Velocities const& velocities, int steps) {
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
    melt(atoms, Velocities(start, Comm()), 20);
    auto const x = atoms.on_host(0), f = atoms.on_host(2);
    std::vector<Point> places, forces;
    for (int n = 0; n < atoms.own_blocks() * block_atoms; ++n) {
      auto const at = static_cast<std::size_t>(Sorter<double>::offset(n));
      if (x[at] < nowhere) continue;
      places.push_back({x[at], x[at + 8], x[at + 16]});
      forces.push_back({48 * f[at], 48 * f[at + 8], 48 * f[at + 16]});
    }
    REQUIRE(places.size() == 320);
    for (std::size_t n = 0; n < places.size(); ++n) {
      auto const sums = pair_sums(n, places, start.box(), 2.5);
      for (std::size_t axis = 0; axis < 3; ++axis)
        CHECK(std::abs(static_cast<double>(sums.force[axis]) - forces[n][axis]) <=
              1e-13 * static_cast<double>(sums.size));
    }
  }
}

namespace {

/// Lines of W lanes transformed, against sums; the numbers of lane 0.
template <int W>
std::vector<std::complex<double>> transformed(int size, double& error) {
  Fourier<Host> const fourier(size);
  auto const numbers = static_cast<std::size_t>(size * W);
  Memory<double, Host> const store("lines", 4 * numbers);
  LineScratch const lines{store.data(), store.data() + numbers, store.data() + 2 * numbers,
                          store.data() + 3 * numbers, W};
  std::vector<std::complex<double>> x(static_cast<std::size_t>(size));
  for (int i = 0; i < size; ++i)
    for (int lane = W - 1; lane >= 0; --lane) {
      std::complex<double> const each(std::sin(1.0 + i * i + lane), std::cos(3.0 * i - lane));
      lines.re[i * W + lane] = each.real(), lines.im[i * W + lane] = each.imag();
      x[static_cast<std::size_t>(i)] = each;
    }
  auto const done = fourier.plan().transform<W>(lines);
  std::vector<std::complex<double>> found;
  for (int k = 0; k < size; ++k) {
    std::complex<double> sum = 0;
    for (int j = 0; j < size; ++j)
      sum += x[static_cast<std::size_t>(j)] *
             std::polar(1.0, -2 * std::numbers::pi * (j * k % size) / size);
    found.emplace_back(done.re[k * W], done.im[k * W]);
    error = std::max(error, std::abs(sum - found.back()) / size);
  }
  return found;
}

Plasma streams(std::int64_t cells) {
  return {.cells = {cells, 8, 8}, .streams = true, .amplitude = 1e-3};
}

}  // namespace

TEST_CASE("particle: transforms of any length are those of the sum, in one lane and in eight") {
  for (int const size : {1, 2, 3, 4, 8, 12, 15, 19, 23, 64, 90, 128, 210}) {
    INFO(size);
    double error = 0;
    auto const one = transformed<1>(size, error), eight = transformed<8>(size, error);
    CHECK(one == eight);
    CHECK(error < 1e-14);
  }
}

TEST_CASE("particle: streams on a fine grid grow as cold streams do") {
  // w / sqrt(8) where k V = sqrt(3/8) w: Birdsall and Langdon, 5-2
  auto plasma = streams(4096);
  plasma.wavelength = 4096, plasma.timestep = 1e-3;
  CHECK_THAT(std::log(Wave(plasma).growth()).real() / plasma.timestep,
             WithinAbs(std::sqrt(0.125), 1e-6));
}

TEST_CASE("particle: a wave that cannot be is refused with what could be") {
  auto plasma = streams(16);
  plasma.frequency = 4, plasma.timestep = 0.6;
  CHECK_THAT(refusal([&] { Wave const wave(plasma); }), ContainsSubstring("below 0.500000"));
  plasma = streams(16), plasma.drift = 1.5;
  CHECK_THAT(refusal([&] { Wave const wave(plasma); }), ContainsSubstring("stable"));
  plasma = {}, plasma.amplitude = 3;
  CHECK_THAT(refusal([&] { Wave const wave(plasma); }), ContainsSubstring("breaks"));
  CHECK_THAT(refusal([] {
               Slabs({8, 16, 16}, 2, Comm(std::make_shared<test::Seat>(0, 9)));
             }),
             ContainsSubstring("9 ranks, but only 8 planes"));
}

TEST_CASE("particle: tiles of one colour are farther apart than their electrons go") {
  for (int const nx : {4, 9, 17, 40})
    for (int const margin : {1, 2, 3}) {
      Slabs const slabs({nx, 21, 8}, margin, Comm());
      auto const columns = slabs.columns(), first = slabs.first_columns();
      auto const tile_of = [&](int x, int y) {
        int const column = columns[static_cast<std::size_t>((x + 4 * nx) % nx * 21 + (y + 21) % 21)];
        return std::upper_bound(first.begin(), first.end(), column) - first.begin() - 1;
      };
      std::vector<int> colour(static_cast<std::size_t>(slabs.tiles()), -1);
      for (int c = 0; c < slabs.colours(); ++c)
        for (int const t : slabs.tiles_of(c)) colour[static_cast<std::size_t>(t)] = c;
      int meetings = 0;
      for (int x = 0; x < nx; ++x)
        for (int y = 0; y < 21; ++y)
          for (int dx = -2 * margin; dx <= 2 * margin; ++dx)
            for (int dy = -2 * margin; dy <= 2 * margin; ++dy) {
              auto const a = tile_of(x, y), b = tile_of(x + dx, y + dy);
              meetings += a != b && colour[static_cast<std::size_t>(a)] ==
                                        colour[static_cast<std::size_t>(b)];
            }
      INFO(nx << " planes, margin " << margin << ", tiles " << slabs.tiles());
      CHECK(meetings == 0);
    }
}

TEST_CASE("particle: eight electrons at once have the push and charge of one at a time") {
  auto const same = [](auto zero) {
    using Real = decltype(zero);
    constexpr int cells = 4;
    std::vector<Real> push(4 * (cells + 1) * (cells + 1) * (cells + 1) + 8), place(24);
    for (std::size_t n = 0; n < push.size(); ++n)
      push[n] = static_cast<Real>(std::sin(7.0 * double(n)));
    for (std::size_t n = 0; n < 24; ++n)
      place[n] = static_cast<Real>(2 + 1.99 * std::sin(double(n)));
    place[0] = place[8] = place[16] = 0;
    Memory<double, Host> const one("one", 64 * corners), eight("eight", 64 * corners);
    Window<Real> const by_one{{cells, cells, cells}, 0, 1, push.data(), one.data()},
        by_eight{{cells, cells, cells}, 0, 1, push.data(), eight.data()};
    vec<Real, 8> at[3], all[3];
    for (int axis = 0; axis < 3; ++axis)
      at[axis] = vec<Real, 8>::load_unaligned(place.data() + 8 * axis);
    by_eight.gather(by_eight.template locate<8>(at[0], at[1], at[2]), all);
    by_eight.template deposit<false>(by_eight.template locate<8>(at[0], at[1], at[2]));
    for (int n = 0; n < 8; ++n) {
      using V = vec<Real, 1>;
      V each[3];
      auto const here =
          by_one.template locate<1>(V{at[0].lanes[n]}, V{at[1].lanes[n]}, V{at[2].lanes[n]});
      by_one.gather(here, each);
      by_one.template deposit<true>(here);
      for (int axis = 0; axis < 3; ++axis) CHECK(each[axis].lanes == all[axis].lanes[n]);
    }
    double sum = 0;
    for (std::size_t n = 0; n < 64 * corners; ++n) {
      CHECK(one.data()[n] == eight.data()[n]);
      sum += one.data()[n];
    }
    CHECK(sum == 8.0 * static_cast<double>(electron_charge<Real>));  // to the last unit
  };
  same(1.0), same(1.0f);
}

TEST_CASE("particle: electrons have the same bits on all spaces, schedules, ranks and variants",
          "[ranks]") {
  auto const digest = [](auto const& context, auto real, char const* variant) {
    using Space = std::remove_cvref_t<decltype(context.space)>;
    typename Pic<Space, decltype(real)>::Params params;
    params.nx = 19, params.ny = 11, params.nz = 9, params.steps = 30, params.amplitude = 0.1;
    params.variant = variant;
    Pic<Space, decltype(real)> app(params, context);
    app.reset();
    for (int n = 0; n < 30; ++n) app.step();
    return app.digest();
  };
  Context<Host> const alone;
  auto const wide = digest(alone, 1.0, "sorted"), narrow = digest(alone, 1.0f, "sorted");
  CHECK(wide != narrow);
  test::each_space([&](auto const& context) {
    for (char const* variant : {"sorted", "naive"}) {
      CHECK(digest(context, 1.0, variant) == wide);
      CHECK(digest(context, 1.0f, variant) == narrow);
    }
  });
}

}  // namespace inpex::particle
