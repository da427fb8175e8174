// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/rounds.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::WithinRel;

namespace {

// Ratios of equal runs on a machine that halves its speed now and then for a run: heavy tails, and
// no side is preferred.
std::vector<double> equal_ratios(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  auto const uniform = [&] { return static_cast<double>(random() >> 11U) * 0x1p-53; };
  std::vector<double> ratios;
  for (std::size_t i = 0; i < count; ++i) {
    double const jump = uniform() < 0.05 ? std::log(2.0) : 0.02 * uniform();
    ratios.push_back(std::exp(uniform() < 0.5 ? jump : -jump));
  }
  return ratios;
}

}  // namespace

TEST_CASE("eight rounds are the fewest with an interval of 99 %") {
  std::vector<double> const ratios{1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8};
  auto const eight = ratio_of_rounds(ratios);
  CHECK_THAT(eight.value, WithinRel(1.45, 1e-12));
  CHECK(eight.low == 1.1);
  CHECK(eight.high == 1.8);
  CHECK_THAT(eight.level, WithinRel(1 - 2 / 256.0, 1e-12));
  CHECK(ratio_of_rounds(std::span(ratios).first(7)).level < 0.99);
  CHECK(least_rounds == 8);
}

TEST_CASE("of fifteen rounds two may point the other way, and not three") {
  std::vector<double> ratios(15, 1.2);
  ratios[3] = ratios[11] = 0.5;
  CHECK(ratio_of_rounds(ratios).low == 1.2);
  CHECK(ratio_of_rounds(ratios).level >= 0.99);
  ratios[7] = 0.5;
  CHECK(ratio_of_rounds(ratios).low == 0.5);
}

TEST_CASE("rounds in turn are calibrated from twice as many pairs on") {
  CHECK_FALSE(calibrate_rounds(equal_ratios(29, 1)));
  CHECK(calibrate_rounds(equal_ratios(30, 1)));
  auto const found = calibrate_rounds(equal_ratios(200, 1));
  REQUIRE(found);
  CHECK(found->rounds == 15);
  CHECK(found->blocks == 12);  // six in each half of the pairs
}

TEST_CASE(
    "by rounds a jump of a few runs widens nothing, while it sets the effect of single runs") {
  auto const ratios = equal_ratios(200, 2);
  std::vector<Estimate> singles;
  for (double const ratio : ratios) singles.push_back({ratio, ratio, ratio, 0.95});
  CHECK(smallest_effect(singles) > 1);  // twice as fast is nothing here
  CHECK(calibrate_rounds(ratios)->effect < 0.025);
}

TEST_CASE("the effect of rounds is one of which twice as much is found") {
  std::int64_t seen = 0, blocks = 0, wider = 0;
  for (std::uint64_t machine = 1; machine <= 20; ++machine) {
    std::mt19937_64 random(machine);
    std::normal_distribution<double> noise(0, 0.04);  // wide, and its median is known well
    std::vector<double> ratios(200), slowed(750);
    for (auto& ratio : ratios) ratio = std::exp(noise(random));
    auto const found = calibrate_rounds(ratios);
    wider += found->effect > smallest_effect(inpex::host::detail::blocks_of_rounds(ratios, 15, 1));
    for (auto& ratio : slowed) ratio = std::exp(noise(random)) / (1 + 2 * found->effect);
    for (auto const& ratio : inpex::host::detail::blocks_of_rounds(slowed, 15, 15)) {
      seen += verdict_on(ratio, found->effect) == Comparison::slower;
      ++blocks;
    }
  }
  CHECK(blocks == 1000);
  CHECK(seen >= 970);
  CHECK(wider > 0);  // than by what equal runs alone would let claim
}

TEST_CASE("of equal runs at most one block of rounds in a hundred is called different") {
  std::int64_t blocks = 0, wrong = 0;
  for (std::uint64_t machine = 1; machine <= 50; ++machine) {
    auto const found = calibrate_rounds(equal_ratios(200, machine));
    blocks += found->blocks, wrong += found->false_verdicts;
  }
  CHECK(blocks == 600);
  CHECK(wrong <= 6);
}

TEST_CASE("a side that starts slower every time widens the effect of rounds") {
  std::vector<double> ratios(200, 1.0);
  for (std::size_t i = 100; i < 200; ++i) ratios[i] = 1.1;  // as if B lay badly from then on
  auto const found = calibrate_rounds(ratios);
  CHECK(found->effect > 0.1);
  CHECK(found->false_verdicts == 6);  // by the effect of the half that did not see it
}
