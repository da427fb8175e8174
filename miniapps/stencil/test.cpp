// SPDX-License-Identifier: Apache-2.0
#include "heat7.hpp"
#include "layers.hpp"

#include "device/spaces.hpp"

#include <inpex/app.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace inpex::stencil {

std::vector<App> apps();

namespace {

App const& app_named(std::string const& name) {
  static auto const all = apps();
  return *std::find_if(all.begin(), all.end(), [&](App const& app) { return app.name == name; });
}

/// Seven steps of an app on a box, with modes where it has modes.
Table problem(std::string const& app, std::array<std::int64_t, 3> cells,
              std::string const& variant) {
  Table table{{"nx", cells[0], ""},
              {"nz", cells[2], ""},
              {"steps", std::int64_t{7}, ""},
              {"variant", variant, ""}};
  if (app == "stencil.star2d") return table;
  put(table, "ny", cells[1]);
  put(table, "modes", std::vector<double>{1, 1, 1, 1, 3, 2, 5, 0.5});
  return table;
}

std::uint64_t end_state(std::string const& app, Table const& table, Choice const& choice) {
  auto const made = app_named(app).make(table, choice, test::world());
  made->sample(Timing::total);
  return made->digest();
}

}  // namespace

TEST_CASE("every variant, schedule, space and tile of a stencil ends in the same bits", "[ranks]") {
  std::string const app =
      GENERATE("stencil.heat7", "stencil.box27", "stencil.wave25", "stencil.star2d");
  std::string const precision = GENERATE("fp64", "fp32");
  // Whole vectors and none, boxes thinner than a group of rows, a piece along x and a bit.
  std::array<std::int64_t, 3> const cells =
      GENERATE(std::array<std::int64_t, 3>{37, 19, 23}, std::array<std::int64_t, 3>{64, 9, 10},
               std::array<std::int64_t, 3>{301, 16, 17}, std::array<std::int64_t, 3>{16, 70, 16});
  CAPTURE(app, precision, cells[0]);
  std::set<std::uint64_t> states;
  for (auto const& space : app_named(app).spaces) {
    states.insert(
        end_state(app, problem(app, cells, "naive"), {.space = space, .precision = precision}));
    states.insert(end_state(app, problem(app, cells, "spatial"),
                            {.space = space, .precision = precision, .schedule = "device"}));
    auto table = problem(app, cells, "spatial");
    put(table, "overlap", std::string("off"));
    states.insert(end_state(app, table, {.space = space, .precision = precision}));
    if (app != "stencil.star2d")
      for (std::int64_t fused : {2, 3, 4, 7, 8}) {  // of 7 steps: with and without steps left over
        table = problem(app, cells, "temporal");
        put(table, "fused", fused);
        put(table, "tile", fused * 3);
        states.insert(end_state(app, table, {.space = space, .precision = precision}));
        states.insert(
            end_state(app, table, {.space = space, .precision = precision, .schedule = "device"}));
      }
    for (std::int64_t tile : {1, 5, 32, 1000}) {
      table = problem(app, cells, "spatial");
      if (app != "stencil.star2d") put(table, "tile", tile);
      states.insert(end_state(app, table, {.space = space, .precision = precision}));
    }
  }
  CHECK(states.size() == 1);
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
      Sweep<double, HeatPoint<double>> const sweep({0.25, 0.125}, layout, cuts,
                                                   streaming ? Store::streamed : Store::cached);
      launch(context, sweep.between({in.data(), out.data()}));
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

TEST_CASE("a box with fewer planes than ranks is refused before anything is allocated", "[ranks]") {
  if (test::world().size() < 2) return;
  CHECK_THROWS_AS(end_state("stencil.heat7", problem("stencil.heat7", {1, 1, 1}, "spatial"),
                            {.space = "serial"}),
                  Error);
}

TEST_CASE("what would be unstable is refused, and the largest stable value named") {
  auto wave = problem("stencil.wave25", {16, 16, 16}, "spatial");
  put(wave, "courant", 0.46);
  auto const told = [&] {
    try {
      end_state("stencil.wave25", wave, {.space = "serial", .precision = "fp32"});
    } catch (Error const& error) {
      return std::string(error.hint);
    }
    return std::string();
  }();
  CHECK(told.find("0.452") != std::string::npos);
  auto box = problem("stencil.box27", {16, 16, 16}, "spatial");
  put(box, "face", 0.15);  // 6 * 0.15 + 12 * 0.02 + 8 * 0.01 > 1
  CHECK_THROWS_AS(end_state("stencil.box27", box, {.space = "serial"}), Error);
}

// Numbers up to nx + nz + steps are rounded 4 radius times a step: the law of the spec's tolerance.
TEST_CASE("star2d keeps its norm where its numbers are large", "[ranks]") {
  for (std::string const precision : {"fp64", "fp32"}) {
    auto const table = problem("stencil.star2d", {8000, 1, 40}, "spatial");
    auto const made = app_named("stencil.star2d")
                          .make(table, {.space = "serial", .precision = precision}, test::world());
    made->sample(Timing::total);
    double const eps = precision == "fp64" ? 0x1p-52 : 0x1p-23;
    CHECK(made->check("norm") <= eps * 7 * (8000 + 40 + 7));
  }
}

// -D of one cell is its main weight; of two, ((a, b), (b, a)) has the vectors (1, 1) and (1, -1).
TEST_CASE("eigenpairs of bands are those that are known in closed form") {
  Band<4> two;
  two.rows = {{2.0L, -0.5L, 0, 0, 0}, {2.0L, 0, 0, 0, 0}};
  auto const even = eigen_pair(two, {1.0L, 0.9L}), odd = eigen_pair(two, {1.0L, -0.8L});
  CHECK(std::fabs(even.value - 1.5L) < 1e-18L);
  CHECK(std::fabs(odd.value - 2.5L) < 1e-18L);
  CHECK(std::fabs(odd.vector[0] + odd.vector[1]) < 1e-18L);
  // The second difference has sines: 2 - 2 cos(p pi / (n + 1)).
  Band<4> chain;
  chain.rows.assign(100, {2.0L, -1.0L, 0, 0, 0});
  std::vector<long double> guess;
  for (int i = 0; i < 100; ++i) guess.push_back(sine(3, i, 100) + 0.001L * sine(4, i, 100));
  auto const third = eigen_pair(chain, guess);
  CHECK(std::fabs(third.value - 4 * sine_squared(3, 100)) < 1e-17L);
}

}  // namespace inpex::stencil
