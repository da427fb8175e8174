// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/ceilings.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace inpex;
using namespace inpex::host;

namespace {

// A gauge of 8 bytes a second, whose time grows as scale^power.
Gauge pretended(std::string name, double power, std::string* order = nullptr) {
  return {.name = name, .space = "openmp", .unit = "byte/s", .run = [=](int scale) {
            if (order != nullptr && scale == 1) *order += name;
            return Probed{.seconds = std::pow(scale, power), .bytes = 8.0 * scale};
          }};
}

}  // namespace

TEST_CASE("gauges are read in turns, as often as asked") {
  std::string order;
  std::vector<Gauge> gauges{pretended("a", 1, &order), pretended("b", 1, &order)};
  measure(Comm(), gauges, {.rounds = 3, .least_rounds = 3});
  CHECK(order == "ababab");
  CHECK(gauges[1].values == std::vector<double>{8, 8, 8});
}

TEST_CASE("when the time is over, the least number of rounds is still read") {
  std::vector<Gauge> gauges{pretended("a", 1)};
  measure(Comm(), gauges, {.rounds = 1000, .least_rounds = 9, .seconds = 0});
  CHECK(gauges[0].values.size() == 9);
}

TEST_CASE("a ceiling is the median of its rounds with an interval of order statistics") {
  Machine machine;
  std::vector<Gauge> gauges{pretended("copy", 1)};
  gauges[0].values = {1, 2, 3, 4, 5,
                      6, 7, 8, 9};  // the second and the second last enclose the median with 96 %
  conclude(gauges, false, machine);
  REQUIRE(machine.ceilings.size() == 1);
  CHECK(machine.ceilings[0].value == 5);
  CHECK(machine.ceilings[0].interval.low == 2);
  CHECK(machine.ceilings[0].interval.high == 8);
  CHECK(machine.ceilings[0].n == 9);
}

TEST_CASE("a call is timed by the seconds of one") {
  Machine machine;
  std::vector<Gauge> gauges{
      {.name = "launch", .space = "openmp", .unit = "s", .run = [](int scale) {
         return Probed{.seconds = 6.0 * scale, .calls = 3.0 * scale};
       }}};
  measure(Comm(), gauges, {.rounds = 9, .selftest = true});
  conclude(gauges, true, machine);
  REQUIRE(machine.ceilings.size() == 1);
  CHECK(machine.ceilings[0].value == 2);
}

TEST_CASE("a ceiling whose time does not grow with the work is withheld by the self-test, with the "
          "reason") {
  // 2^0 = 1 (the compiler left the loop out), 2^1.5 = 2.83 (the second half was slower), 2^1 is
  // right
  for (auto const& [power, ratio] : {std::pair{0.0, "1.00"}, {1.5, "2.83"}}) {
    Machine machine;
    std::vector<Gauge> gauges{pretended("copy", power), pretended("read", 1)};
    measure(Comm(), gauges, {.rounds = 9, .selftest = true});
    conclude(gauges, true, machine);
    REQUIRE(machine.withheld.size() == 1);
    CHECK(machine.withheld[0].name == "copy");
    CHECK(machine.withheld[0].reason.find(std::string("took ") + ratio + " times as long") !=
          std::string::npos);
    REQUIRE(machine.ceilings.size() == 1);
    CHECK(machine.ceilings[0].name == "read");
  }
}

TEST_CASE("a gauge that fails the self-test once is read again") {
  int readings = 0;
  std::vector<Gauge> gauges{
      {.name = "copy", .space = "openmp", .unit = "byte/s", .run = [&readings](int scale) {
         bool const disturbed = ++readings <= 18;  // both scales of the first nine rounds
         return Probed{.seconds = disturbed ? 1.0 : scale, .bytes = 8.0 * scale};
       }}};
  Machine machine;
  measure(Comm(), gauges, {.rounds = 9, .selftest = true});
  conclude(gauges, true, machine);
  CHECK(machine.withheld.empty());
  CHECK(machine.ceilings.size() == 1);
  CHECK(gauges[0].values.size() == 9);
}

TEST_CASE("what cannot be prepared is withheld and never run") {
  Machine machine;
  std::vector<Gauge> gauges{
      {.name = "copy", .space = "cuda", .unit = "byte/s", .run = {}, .reason = "no memory"}};
  measure(Comm(), gauges, {.rounds = 9, .selftest = true});
  conclude(gauges, true, machine);
  REQUIRE(machine.withheld.size() == 1);
  CHECK(machine.withheld[0].reason == "no memory");
}
