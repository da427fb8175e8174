// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/estimate.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

using namespace inpex::host;
using Catch::Matchers::WithinRel;

namespace {

Fom fom(double value, double low, double high) {
  return {"rate", value, "cell/s", "higher", Interval{low, high, 0.95, "order-statistics"},
          10,     0.01,  {},       {}};
}

}  // namespace

TEST_CASE("the interval of a sum adds distances in squares, each on its own side") {
  // 3 below and 4 below give 5 below; 1 and 1 above give sqrt(2) above.
  auto const sum = sum_of({{1, {10, 7, 11, 0.95}}, {1, {20, 16, 21, 0.99}}});
  CHECK(sum.value == 30);
  CHECK_THAT(sum.low, WithinRel(25.0, 1e-14));
  CHECK_THAT(sum.high, WithinRel(30 + std::sqrt(2.0), 1e-14));
  CHECK(sum.level == 0.95);
}

TEST_CASE("a negative factor turns an interval round") {
  auto const negative = sum_of({{-2, {10, 7, 11, 0.95}}});
  CHECK(negative.value == -20);
  CHECK(negative.low == -22);
  CHECK(negative.high == -14);
}

TEST_CASE("a ratio to a known number is only scaled") {
  auto const ratio = ratio_of({10, 8, 12, 0.95}, exactly(4));
  CHECK_THAT(ratio.value, WithinRel(2.5, 1e-14));
  CHECK_THAT(ratio.low, WithinRel(2.0, 1e-14));
  CHECK_THAT(ratio.high, WithinRel(3.0, 1e-14));
  CHECK(ratio.level == 0.95);
}

TEST_CASE("a geometric mean of equal figures is that figure, with a narrower interval") {
  Estimate const each{100, 80, 125, 0.95};
  auto const mean = geometric_mean({{3, each}, {3, each}, {3, each}, {3, each}});
  CHECK_THAT(mean.value, WithinRel(100.0, 1e-14));
  CHECK_THAT(mean.low, WithinRel(100 * std::sqrt(0.8), 1e-14));  // a quarter, four times in squares
  CHECK_THAT(mean.high, WithinRel(100 * std::sqrt(1.25), 1e-14));
}

TEST_CASE("weights count as powers") {
  auto const mean = geometric_mean({{3, exactly(2)}, {1, exactly(32)}});
  CHECK_THAT(mean.value, WithinRel(4.0, 1e-14));  // (8 * 32)^(1/4)
}

TEST_CASE("performance portability is the harmonic mean, and 0 where a platform is missing") {
  auto const both = performance_portability({exactly(0.5), exactly(1.0)});
  CHECK_THAT(both.value, WithinRel(2.0 / 3, 1e-14));
  CHECK(performance_portability({exactly(0.5), std::nullopt}).value == 0);
  CHECK(performance_portability({exactly(0.5), std::nullopt}).high == 0);
}

TEST_CASE("efficiency of a scaling step divides by the resources") {
  auto const efficiency = scaling_efficiency({36, 36, 36, 0.95}, {10, 9, 12, 0.95}, 4);
  CHECK_THAT(efficiency.value, WithinRel(0.9, 1e-14));
  CHECK_THAT(efficiency.low, WithinRel(0.75, 1e-14));
  CHECK_THAT(efficiency.high, WithinRel(1.0, 1e-14));
}

TEST_CASE("few runs are enclosed, many are judged by their own spread") {
  auto const few = estimate_of({fom(10, 9, 10.5), fom(12, 11, 12.5)});
  REQUIRE(few);
  CHECK(few->value == 11);
  CHECK(few->low == 9);
  CHECK(few->high == 12.5);
  std::vector<Fom> runs;
  for (double const value : {1.0, 2.0, 3.0, 4.0, 5.0, 6.0})
    runs.push_back(fom(value, 0.9 * value, 9));
  auto const many = estimate_of(runs);
  REQUIRE(many);
  CHECK(many->value == 3.5);
  CHECK(many->low == 1);  // of 6 values the whole range holds the median with 96.9 %
  CHECK(many->high == 6);
  CHECK_THAT(many->level, WithinRel(1 - 2 / 64.0, 1e-12));
}

TEST_CASE("runs without intervals of their own, as of a set-up, are a figure from six on") {
  std::vector<Fom> runs;
  for (double const value : {1.0, 2.0, 3.0, 4.0, 5.0, 6.0}) runs.push_back(fom(value, 0, 0));
  for (auto& run : runs) run.interval.reset();
  auto const six = estimate_of(runs);
  REQUIRE(six);
  CHECK(six->low == 1);
  CHECK(six->high == 6);
  runs.pop_back();
  CHECK_FALSE(estimate_of(runs));
  runs.resize(2);
  runs[0].interval = fom(1, 0.9, 1.1).interval;
  CHECK_FALSE(estimate_of(runs));  // one of few that is not enclosed
  runs.assign(6, fom(1, 0.9, 1.1));
  runs[3].value.reset();
  CHECK_FALSE(estimate_of(runs));
}

TEST_CASE("the fewest runs of an interval follow from its level, and are six") {
  CHECK(least_runs(0.5) == 6);
  CHECK(least_runs(0.95) == 6);
  CHECK(least_runs(0.96875) == 6);  // 1 - 2^-5
  CHECK(least_runs(0.99) == 8);
  CHECK(least_runs(0.999) == 11);
}

TEST_CASE("so many runs are judged over runs, and one fewer by what encloses each") {
  for (double const level : {0.95, 0.99}) {
    std::vector<Fom> runs;
    for (std::size_t i = 0; i < least_runs(level); ++i) {
      double const value = 100 + static_cast<double>(i);
      runs.push_back(fom(value, value - 50, value + 50));
    }
    CHECK(estimate_of(runs, level)->low == 100);  // the slowest run
    CHECK(estimate_of(runs, level)->level >= level);
    runs.pop_back();
    CHECK(estimate_of(runs, level)->low == 50);
  }
}
