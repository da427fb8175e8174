// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/calibrate.hpp>

#include "bundle_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <random>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::WithinRel;

namespace {

// A ratio known to within a tenth of a percent.
Estimate ratio(double value) { return {value, value * 0.999, value * 1.001, 0.95}; }

// Ratios of equal runs: e^x with x even in [-width, width].
std::vector<Estimate> ratios(std::size_t count, double width, std::uint64_t seed = 1) {
  std::mt19937_64 random(seed);
  std::vector<Estimate> made;
  for (std::size_t i = 0; i < count; ++i) {
    double const x = static_cast<double>(random() >> 11U) * 0x1p-53;
    made.push_back(ratio(std::exp(width * (2 * x - 1))));
  }
  return made;
}

Record run_of(double rate, Status status = Status::passed) {
  Record record;
  record.status = status;
  record.spec.id = "test.box", record.spec.case_name = "S", record.spec.precision = "fp64";
  record.placement.space = "serial", record.placement.ranks = 1;
  record.fom = {"rate",
                rate,
                "cell/s",
                "higher",
                Interval{rate * 0.999, rate * 1.001, 0.95, "order-statistics"},
                10,
                0.01,
                {},
                {}};
  return record;
}

}  // namespace

TEST_CASE("the bound of a rate that was never seen is that of the binomial law") {
  // (1 - p)^n = 0.05
  CHECK_THAT(rate_bound(0, 200), WithinRel(1 - std::pow(0.05, 1 / 200.0), 1e-6));
  CHECK_THAT(rate_bound(0, 10), WithinRel(1 - std::pow(0.05, 0.1), 1e-6));
  CHECK(rate_bound(3, 200) > rate_bound(2, 200));
  CHECK(rate_bound(5, 5) == 1);
}

TEST_CASE("beyond the smallest effect one further pair in a hundred is expected") {
  std::vector<Estimate> const few{ratio(1.01), ratio(0.98), ratio(1.005)};
  CHECK_THAT(smallest_effect(few), WithinRel(std::pow(0.98, -1 - margin) - 1, 1e-6));
  auto many = std::vector<Estimate>(296, ratio(1.01));
  many.push_back(ratio(3));
  many.push_back(ratio(2));
  CHECK_THAT(smallest_effect(many),
             WithinRel(std::pow(2.0, 1 + margin) - 1, 1e-6));  // two of 298: one too many
  many.push_back(ratio(1.01));
  CHECK_THAT(smallest_effect(many), WithinRel(std::pow(1.01, 1 + margin) - 1, 1e-6));
  CHECK(claims(many, smallest_effect(many)) == 2);
}

TEST_CASE(
    "equal runs are called different in one of a hundred at most, and twice the effect is found") {
  CalibratedCase found;
  auto const equal = ratios(400, 0.02);
  calibrate(equal, found);
  CHECK(found.pairs == 400);
  CHECK(found.effect > 0.0225);
  CHECK(found.effect < 0.0254);
  CHECK(found.false_verdicts == 0);
  CHECK(found_at(equal, 1 + 2 * found.effect, found.effect) >= 360);
  CHECK(found.detectable <= 2 * found.effect + 0.002);
  CHECK(found.detectable > found.effect);
}

TEST_CASE("few calibrations by a hundred pairs leave more than one claim in a hundred") {
  int bold = 0;
  for (std::uint64_t machine = 1; machine <= 400; ++machine) {
    std::mt19937_64 random(machine);
    std::vector<Estimate> made;
    for (int i = 0; i < 100; ++i) {
      double const uniform = static_cast<double>((random() >> 11U) + 1) * 0x1p-53;
      made.push_back(ratio(std::exp(-0.01 * std::log(uniform))));
    }
    bold += std::exp(-std::log1p(smallest_effect(made)) / 0.01) > 0.01;
  }
  CHECK(bold <= 50);  // 32 are expected
}

TEST_CASE("runs pair up one after the other, and every second pair is turned round") {
  std::vector<Record> runs;
  for (int i = 0; i < 20; ++i) runs.push_back(run_of(i % 2 == 0 ? 100 : 110));
  auto const found = calibration_of(runs);
  REQUIRE(found.cases.size() == 1);
  CHECK(found.cases[0].pairs == 10);
  CHECK_THAT(found.cases[0].effect, WithinRel(std::pow(1.1, 1 + margin) - 1, 1e-6));
  CHECK(found.machine == machine_id(Platform{}));
}

TEST_CASE("pairs in which a run failed do not count, and few pairs say nothing") {
  std::vector<Record> runs(18, run_of(100));
  CHECK(calibration_of(runs).cases.empty());
  runs.push_back(run_of(100, Status::failed));
  runs.push_back(run_of(100));
  CHECK(calibration_of(runs).cases.empty());
  runs.push_back(run_of(100));
  runs.push_back(run_of(100));
  CHECK(calibration_of(runs).cases.size() == 1);
}

TEST_CASE("a new calibration takes the place of the old one of the same case") {
  ScratchFolder const folder;
  Calibration fresh{.machine = "abc", .created = {}, .cases = {}};
  fresh.cases.push_back({"a.b", "S", "serial", "fp64", 1, "", 20, 0.1, 0.2, 0, 0.1});
  fresh.cases.push_back({"a.b", "M", "serial", "fp64", 1, "", 20, 0.3, 0.4, 0, 0.1});
  store(fresh, folder / "deep/er");
  fresh.cases.pop_back();
  fresh.cases[0].effect = 0.05;
  store(fresh, folder / "deep/er");
  auto const known = read_calibration(folder / "deep/er", "abc");
  REQUIRE(known.cases.size() == 2);
  CHECK(known.cases[0].effect == 0.3);
  CHECK(known.cases[1].effect == 0.05);
  CHECK_THAT(calibration_table(known), Catch::Matchers::ContainsSubstring("smallest effect 5 %"));
}
