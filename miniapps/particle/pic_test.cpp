// SPDX-License-Identifier: Apache-2.0
#include "../fft/passes.hpp"
#include "pic.hpp"

#include "device/spaces.hpp"
#include "refusal.hpp"
#include "seat.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace inpex::particle {

namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using test::refusal;
using Host = Kokkos::DefaultHostExecutionSpace;

Plasma streams(std::int64_t cells) {
  return {.cells = {cells, 8, 8}, .streams = true, .amplitude = 1e-3};
}

}  // namespace

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
  CHECK_THAT(refusal([] {
               Slabs({16, 8, 16}, 2, Comm(std::make_shared<test::Seat>(0, 9)));
             }),
             ContainsSubstring("9 ranks, but only 8 rows"));
}

TEST_CASE("particle: tiles of one colour are farther apart than their electrons go") {
  for (int const nx : {4, 9, 17, 40})
    for (int const margin : {1, 2, 3}) {
      Slabs const slabs({nx, 21, 8}, margin, Comm());
      auto const columns = slabs.columns(), first = slabs.first_columns();
      auto const tile_of = [&](int x, int y) {
        int const column =
            columns[static_cast<std::size_t>((x + 4 * nx) % nx * 21 + (y + 21) % 21)];
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

TEST_CASE("particle: the field of one wave of charge is that wave, on all spaces and ranks",
          "[ranks]") {
  test::each_space([](auto const& context) {
    using Space = std::remove_cvref_t<decltype(context.space)>;
    constexpr int cells[3] = {19, 11, 9}, waves[3] = {3, 2, 1}, plane = cells[1] * cells[2];
    Slabs const slabs({cells[0], cells[1], cells[2]}, 1, context.comm);
    Poisson<Space, double> poisson(context, slabs, 2, {waves[0], waves[1], waves[2]});
    // K^2 is the sum of 4 sin(k / 2)^2; the mean of 5 makes no field.
    double square = 0;
    for (int axis = 0; axis < 3; ++axis)
      square += std::pow(2 * std::sin(std::numbers::pi * waves[axis] / cells[axis]), 2);
    std::vector<double> wave(static_cast<std::size_t>(slabs.own() * plane)), charge;
    for (int n = 0; n < slabs.own() * plane; ++n) {
      int const at[3] = {slabs.lower() + n / plane, n % plane / cells[2], n % cells[2]};
      double turns = 0;
      for (int axis = 0; axis < 3; ++axis) turns += double(waves[axis] * at[axis]) / cells[axis];
      wave[static_cast<std::size_t>(n)] = std::cos(2 * std::numbers::pi * turns);
      charge.push_back(5 + wave[static_cast<std::size_t>(n)]);
    }
    Memory<double, Space> const density("density", wave.size()), potential("phi", wave.size()),
        record("record", 2);
    using Given = Kokkos::View<double*, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;
    Kokkos::deep_copy(density.view(), Given(charge.data(), charge.size()));
    poisson.solve(density.data(), potential.data(), record.data());
    context.space.fence("test");
    double worst = 0;
    auto const phi = test::on_host<Space>(potential.data(), wave.size());
    for (std::size_t n = 0; n < wave.size(); ++n)
      worst = std::max(worst, std::abs(phi[n] + 2 / square * wave[n]));
    CHECK(worst < 1e-13);
    auto const found = test::on_host<Space>(record.data(), 2);
    CHECK(std::abs(context.comm.sum(found[0]) - cells[0] * plane / 2.0) < 1e-9);
    CHECK(std::abs(context.comm.sum(found[1])) < 1e-9);
  });
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
