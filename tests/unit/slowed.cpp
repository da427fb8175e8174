// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/slowed.hpp>

#include "bundle_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::WithinRel;

namespace {

// A run of 100 items whose sample takes a second, and the delay.
Record held_up_run(double delay) {
  Record record;
  record.status = Status::passed;
  double const rate = 100 / (1 + delay);
  record.fom.value = rate, record.fom.better = "higher";
  record.fom.interval = Interval{rate * 0.999, rate * 1.001, 0.95, "order-statistics"};
  return record;
}

}  // namespace

TEST_CASE("a run is repeated as its task says, without tuning, and held up") {
  RunPlan plan;
  plan.options = {{"min_seconds", 0.25, {}}};
  Task const task{"0001",
                  "a.b",
                  "S",
                  "serial",
                  "fp64",
                  "native",
                  {{"tile", std::int64_t{8}, {}}, {"variant", std::string("naive"), {}}}};
  auto const words = slowed_words(plan, task, 0.5, "there");
  auto const after = [&](std::string const& word) {
    auto const at = std::find(words.begin(), words.end(), word);
    return at == words.end() || at + 1 == words.end() ? "" : at[1];
  };
  CHECK(words[1] == "a.b");
  CHECK(after("--case") == "S");
  CHECK(after("--space") == "serial");
  CHECK(after("--precision") == "fp64");
  CHECK(after("--schedule") == "native");
  CHECK(after("--tuning") == "off");
  CHECK(after("--slower") == "0.5");
  CHECK(after("--out") == "there");
  CHECK(after("--min-seconds") == "0.25");
  CHECK(after("-p") == "tile=8");
  CHECK(words.back() == "0.25");
  CHECK(std::count(words.begin(), words.end(), "variant=naive") == 1);
}

TEST_CASE("pairs are run in turn, and every second one the other way round") {
  std::vector<double> delays;
  auto const ratios = slowed_pairs(
      [&](double delay) {
        delays.push_back(delay);
        return held_up_run(delay);
      },
      0.25, 3);
  CHECK(delays == std::vector<double>{0, 0.25, 0.25, 0, 0, 0.25});
  for (auto const& ratio : ratios) CHECK_THAT(ratio.value, WithinRel(0.8, 1e-12));
}

TEST_CASE("a slow-down by twice the effect is found, one that is lost in the noise is not") {
  CalibratedCase found;
  found.pairs = 20, found.effect = 0.05;
  found.in_turn.emplace().rounds = 10;
  found.in_turn->effect = 0.01;
  std::vector<double> delays;
  try_slowed(found, 1, [&](double delay) {
    if (delay > 0) delays.push_back(delay);
    return held_up_run(delay);
  });
  CHECK(found.slowed == 20);
  CHECK(found.slowed_found == 20);
  CHECK(found.in_turn->slowed == 2);
  CHECK(found.in_turn->slowed_found == 2);
  CHECK(delays.front() == 0.1);  // twice 5 % of a second
  CHECK(delays.back() == 0.02);
  try_slowed(found, 1, [](double) { return held_up_run(0); });  // a program that is not held up
  CHECK(found.slowed_found == 0);
  CHECK(found.in_turn->slowed_found == 0);
}

TEST_CASE("no more pairs are slowed than tell of one that is missed in twenty") {
  CalibratedCase found;
  found.pairs = 200, found.effect = 0.05;
  int runs = 0;
  try_slowed(found, 1, [&](double delay) { return ++runs, held_up_run(delay); });
  CHECK(found.slowed == 60);
  CHECK(runs == 120);
  CHECK(std::pow(0.95, most_slowed) < 0.05);
}

TEST_CASE("a run that gives no figure ends it, and is named") {
  auto broken = held_up_run(0);
  broken.status = Status::failed, broken.reason = "memory ran out", broken.spec.id = "a.b";
  CHECK_THAT(what_of([&] { slowed_pairs([&](double) { return broken; }, 1, 1); }),
             Catch::Matchers::ContainsSubstring("memory ran out"));
}
