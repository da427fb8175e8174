// SPDX-License-Identifier: Apache-2.0
#include "heat7.hpp"

#include "device/spaces.hpp"

#include <inpex/app.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <memory>
#include <set>
#include <string>

namespace inpex::stencil {

std::vector<App> apps();

namespace {

Table heat(std::array<std::int64_t, 3> cells, std::string const& variant, std::int64_t tile = 32) {
  return {{"nx", cells[0], ""},
          {"ny", cells[1], ""},
          {"nz", cells[2], ""},
          {"steps", std::int64_t{7}, ""},
          {"variant", variant, ""},
          {"tile", tile, ""},
          {"modes", std::vector<double>{1, 1, 1, 1, 3, 2, 5, 0.5}, ""}};
}

std::uint64_t end_state(Table const& table, Choice const& choice) {
  auto const app = apps().front().make(table, choice, test::world());
  app->sample(Timing::total);
  return app->digest();
}

}  // namespace

TEST_CASE("heat7: every variant, schedule, space and tile ends in the same bits", "[ranks]") {
  for (std::string const precision : {"fp64", "fp32"})
    for (std::array<std::int64_t, 3> const cells :
         {std::array<std::int64_t, 3>{37, 19, 23}, {64, 8, 9}, {8, 70, 11}}) {
      std::set<std::uint64_t> states;
      auto const spaces = apps().front().spaces;
      for (auto const& space : spaces) {
        states.insert(end_state(heat(cells, "naive"), {.space = space, .precision = precision}));
        states.insert(end_state(heat(cells, "spatial"),
                                {.space = space, .precision = precision, .schedule = "device"}));
        for (std::int64_t tile : {1, 5, 32, 1000})
          states.insert(
              end_state(heat(cells, "spatial", tile), {.space = space, .precision = precision}));
      }
      CHECK(states.size() == 1);
    }
}

TEST_CASE("streaming and plain stores leave the same bits in rows of every length") {
  using S = Kokkos::DefaultHostExecutionSpace;
  Context<S> const context{};
  for (int nx : {3, 8, 15, 16, 17, 40}) {
    auto const layout = make_layout({nx, 5, 6}, 1, sizeof(double));
    Memory<double, S> const in("in", layout.size);
    for (std::size_t i = 0; i < layout.size; ++i) in.data()[i] = random_uniform(3, i);
    Cuts cuts;
    cuts.add(Tiling(owned(layout), 2, 1));
    std::vector<double> results[2];
    for (bool const streaming : {false, true}) {
      Memory<double, S> const out("out", layout.size);
      Sweep<double, HeatPoint<double>> const sweep({0.25, 0.125}, layout, cuts, streaming);
      launch(context, sweep.between(in.data(), out.data()));
      results[streaming].assign(out.data(), out.data() + layout.size);
    }
    CHECK(results[0] == results[1]);
    // Ghost cells and padding are never written: only owned cells differ from zero.
    std::size_t written = 0;
    for (double value : results[0]) written += value != 0;
    CHECK(written == static_cast<std::size_t>(nx) * 5 * 6);
  }
}

// sin(wave pi (cell+1) / (cells+1)) of huge wave numbers: the argument is reduced in integers.
TEST_CASE("sines of large wave numbers lose no digit") {
  CHECK(sine(1, 0, 1) == 1.0);                           // sin(pi / 2)
  CHECK(sine(8, 3, 7) == 0.0);                           // sin(4 pi)
  CHECK(sine(1 + 16 * 1000003, 2, 7) == sine(1, 2, 7));  // 16 = 2 (7 + 1) is the period
  CHECK(std::abs(static_cast<double>(sine_squared(1, 2)) - 0.25) < 1e-16);  // sin(pi/6)^2
}

TEST_CASE("modes that are no rows of four, or no whole waves, are refused") {
  CHECK_THROWS_AS(read_modes({1, 1, 1}), Error);
  CHECK_THROWS_AS(read_modes({}), Error);
  CHECK_THROWS_AS(read_modes({1.5, 1, 1, 1}), Error);
  CHECK_THROWS_AS(read_modes({0, 1, 1, 1}), Error);
  CHECK(read_modes({1, 2, 3, 0.5}).front().amplitude == 0.5);
}

TEST_CASE("heat7: a box with fewer planes than ranks is refused before anything is allocated",
          "[ranks]") {
  if (test::world().size() < 2) return;
  CHECK_THROWS_AS(end_state(heat({1, 1, 1}, "spatial"), {.space = "serial"}), Error);
}

}  // namespace inpex::stencil
