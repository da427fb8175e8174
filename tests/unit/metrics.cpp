// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/metrics.hpp>

#include <inpex/host/formula_parser.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <cmath>
#include <cstdint>
#include <string>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::WithinRel;

namespace {

// Ten samples of two ranks; the second rank takes 0.1, 0.2, ..., 1.0 s, the first half of that.
Matrix ten_samples() {
  Matrix time;
  for (int i = 1; i <= 10; ++i) time.push_back({0.05 * i, 0.1 * i});
  return time;
}

Spec rate_of(std::string const& formula, bool higher) {
  Spec spec;
  spec.fom.name = "rate";
  spec.fom.unit = "cell/s";
  spec.fom.higher_is_better = higher;
  spec.fom.formula = parse_formula(formula, {"a.yaml", {1, 1}, true});
  return spec;
}

Table const cells_named{{"cells", std::int64_t{110}, ""}};

}  // namespace

TEST_CASE("a sample's time is that of its slowest rank, or the mean where the spec says so") {
  Measure measure;
  CHECK_THAT(*timing_of(ten_samples(), measure).median, WithinRel(0.55, 1e-12));
  CHECK_THAT(*timing_of(ten_samples(), measure).rank_mean, WithinRel(0.75 * 0.55, 1e-12));
  measure.aggregate = "mean-over-ranks";
  CHECK_THAT(*timing_of(ten_samples(), measure).median, WithinRel(0.75 * 0.55, 1e-12));
}

TEST_CASE(
    "the figure of merit is the formula at the median, its interval the formula at both ends") {
  // median 0.55, order statistics of 10 at 0.95: [x2, x9] = [0.2, 0.9]
  auto const fom = fom_of(ten_samples(), rate_of("cells/time", true), Measure{}, cells_named);
  CHECK_THAT(*fom.value, WithinRel(110 / 0.55, 1e-12));
  REQUIRE(fom.interval);
  CHECK_THAT(fom.interval->low, WithinRel(110 / 0.9, 1e-12));
  CHECK_THAT(fom.interval->high, WithinRel(110 / 0.2, 1e-12));
  CHECK(fom.interval->method == "order-statistics");
  CHECK(fom.n == 10);
  CHECK(fom.better == "higher");
}

TEST_CASE("a figure that grows with time has its interval in order as well") {
  auto const fom = fom_of(ten_samples(), rate_of("time", false), Measure{}, cells_named);
  CHECK(fom.better == "lower");
  CHECK_THAT(fom.interval->low, WithinRel(0.2, 1e-12));
  CHECK_THAT(fom.interval->high, WithinRel(0.9, 1e-12));
}

TEST_CASE("the spec chooses the statistic and the method of its interval") {
  Measure measure;
  measure.statistic = "min";
  CHECK_THAT(*fom_of(ten_samples(), rate_of("time", false), measure, cells_named).value,
             WithinRel(0.1, 1e-12));
  measure.statistic = "mean";
  measure.interval.method = "student";
  auto const fom = fom_of(ten_samples(), rate_of("time", false), measure, cells_named);
  CHECK_THAT(*fom.value, WithinRel(0.55, 1e-12));
  // deviation of 0.1, ..., 1.0: sqrt(82.5 / 9) / 10; t at 0.975 with 9 degrees of freedom: 2.262157
  CHECK_THAT(fom.interval->high - fom.interval->low,
             WithinRel(2 * 2.262157 * std::sqrt(82.5 / 9) / 10 / std::sqrt(10.0), 1e-6));
}

TEST_CASE("a figure of the set-up, which one run measures once, has no interval") {
  auto known = cells_named;
  put(known, "setup", 2.0);
  auto const fom = fom_of(ten_samples(), rate_of("cells/(time+setup)", true), Measure{}, known);
  CHECK_THAT(*fom.value, WithinRel(110 / 2.55, 1e-12));
  CHECK_FALSE(fom.interval);
}

TEST_CASE(
    "figures beside the headline know the times of phases, and stay out where one is missing") {
  auto const formula = [](char const* text) {
    return parse_formula(text, {"a.yaml", {1, 1}, true});
  };
  Spec spec;
  spec.secondary = {{"whole", formula("cells/time"), "cell/s"},
                    {"sweeping", formula("cells/time_sweep"), "cell/s"},
                    {"sending", formula("cells/time_halo"), "cell/s"}};
  PhaseGroup sweep, halo;
  sweep.name = "sweep", sweep.time = 0.5;
  halo.name = "halo";  // was not timed
  auto const figures = secondary_of(ten_samples(), spec, Measure{}, cells_named, {sweep, halo});
  REQUIRE(figures.size() == 2);
  CHECK(figures[0].name == "whole");
  CHECK_THAT(figures[0].value, WithinRel(110 / 0.55, 1e-12));
  CHECK(figures[1].name == "sweeping");
  CHECK_THAT(figures[1].value, WithinRel(220, 1e-12));
  CHECK(secondary_of({}, spec, Measure{}, cells_named, {sweep, halo}).empty());
}

TEST_CASE("of no samples nothing is known, of one no spread") {
  auto const none = fom_of({}, rate_of("time", false), Measure{}, cells_named);
  CHECK_FALSE(none.value);
  CHECK_FALSE(timing_of({}, Measure{}).median);
  auto const one = fom_of({{2.0}}, rate_of("time", false), Measure{}, cells_named);
  CHECK(one.value == 2.0);
  CHECK_FALSE(one.interval);
  CHECK_FALSE(one.relative_spread);
}

TEST_CASE("what phases take one after the other and a sample does not was hidden") {
  host::Plan plan;
  plan.phases = {{"sweep", {}, 0, "", ""}, {"halo", {}, 0, "sweep", ""}};
  auto const hidden = [&](double sample, std::int64_t messages) {
    std::vector<PhaseGroup> phases(2);
    phases[0].name = "sweep", phases[0].time = 3.0, phases[0].messages = 1;
    phases[1].name = "halo", phases[1].time = 1.0, phases[1].messages = messages;
    add_hidden(phases, plan, sample);
    CHECK(!phases[0].hidden);
    return phases[1].hidden;
  };
  CHECK(hidden(3.25, 1) == 0.75);
  CHECK(hidden(2.5, 1) == 1.0);  // no more than all of it
  CHECK(hidden(4.5, 1) == 0.0);
  CHECK(!hidden(3.25, 0));  // nothing was sent
}

TEST_CASE("the longest phase is that of the least disturbed samples, and waits for no other rank") {
  std::vector<PhaseGroup> phases(3);
  phases[0].name = "sweep", phases[1].name = "halo", phases[2].name = "norm";
  phases[1].messages = 2;
  Samples samples;
  samples.phases = {{"sweep", {{0.2, 0.3}, {9.0, 0.2}}},
                    {"halo", {{5.0, 5.0}, {5.0, 5.0}}},
                    {"norm", {{0.1, 0.1}, {0.1, 0.1}}},
                    {"of no spec", {{7.0, 7.0}}}};
  CHECK(longest_phase(phases, samples) == 0.3);
  phases[1].messages = 0;
  CHECK(longest_phase(phases, samples) == 5.0);
  CHECK(longest_phase(phases, {}) == 0);
}
