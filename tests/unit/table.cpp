// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/table.hpp>

#include <inpex/host/quantity.hpp>

#include "bundle_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;

TEST_CASE("a number for people has four digits and a prefix") {
  CHECK(quantity(1.8824e9, "cell/s") == "1.882 Gcell/s");
  CHECK(quantity(43.21e9, "byte/s") == "43.21 Gbyte/s");
  CHECK(quantity(999.96, "s") == "1.000 ks");  // four digits of it are 1000
  CHECK(quantity(0.0125, "s") == "12.50 ms");
  CHECK(quantity(1, "s") == "1.000 s");
  CHECK(quantity(0, "s") == "0 s");
  CHECK(quantity(-2e3, "s") == "-2.000 ks");
  CHECK(quantity(3e-12, "s") == "0.003000 ns");
}

TEST_CASE("a distance is in the multiple of its value") {
  CHECK(quantity(1.8824e9, 12e6, "cell/s") == "1.882 +- 0.012 Gcell/s");
  CHECK(quantity(432.1, 1000, "s") == "432.1 +- 1000.0 s");
}

TEST_CASE("the table has a line a case, with result, share of the ceiling and verdict") {
  auto const record = test_record(test_plan(1).tasks[0]);
  std::vector const one{record};
  // The farther end of 1.876e9 to 1.9e9 is 0.018e9 from 1.882e9.
  CHECK(ResultTable(one).text() == "app            case   space   precision  ranks                 "
                                   " result        of ceiling  verdict\n"
                                   "stencil.heat7  smoke  openmp  fp64           2  1.882 +- 0.018 "
                                   "Gcell/s  72 % stream_copy  passed\n");
}

TEST_CASE("a case without a figure is a line with dashes and a sentence with the reason") {
  Record record;
  record.spec.id = "stencil.heat7";
  record.spec.case_name = "L";
  record.status = Status::timeout;
  record.reason = "the case took longer than 120 s";
  record.quality.guards = {{"dirty-source", "the source differs from its commit", "warning"}};
  std::vector const one{record};
  auto const text = ResultTable(one).text();
  CHECK_THAT(text, ContainsSubstring("timeout\n"));
  CHECK_THAT(text, ContainsSubstring("stencil.heat7 L: the case took longer than 120 s\n"));
  CHECK_THAT(text,
             ContainsSubstring("stencil.heat7 L: warning: the source differs from its commit\n"));
}

TEST_CASE("figures beside the headline are a sentence, with the benchmark's own word for passed") {
  auto record = test_record(test_plan(1).tasks[0]);
  record.fom.passed_as = "VALID";
  record.fom.secondary = {{"raw", 5.6e9, "flop/s"}, {"with_convergence", 5.8e9, "flop/s"}};
  CHECK_THAT(ResultTable(std::vector{record}).text(),
             ContainsSubstring("stencil.heat7 smoke openmp fp64: VALID, division " +
                               record.spec.division +
                               "; raw 5.600 Gflop/s, with convergence 5.800 Gflop/s\n"));
  record.status = Status::wrong;
  record.reason = "x is off";
  auto const text = ResultTable(std::vector{record}).text();
  CHECK_THAT(text, !ContainsSubstring("VALID"));
  CHECK_THAT(text, ContainsSubstring("stencil.heat7 smoke openmp fp64: raw 5.600 Gflop/s"));
}

TEST_CASE("what several runs of a case share is said once, with how many") {
  auto record = test_record(test_plan(1).tasks[0]);
  record.quality.guards = {{"disturbed", "others took the core", "note"}};
  auto other = record;
  other.quality.guards[0].sentence = "others took it 3 times";
  CHECK_THAT(ResultTable(std::vector{record, other, record}).text(),
             EndsWith("\nstencil.heat7 smoke openmp fp64: note: others took the core (2 times)\n"
                      "stencil.heat7 smoke openmp fp64: note: others took it 3 times\n"));
}

TEST_CASE("cases of a sweep are told apart by the parameters that differ") {
  auto const plan = test_plan(2);
  std::vector two{test_record(plan.tasks[0]), test_record(plan.tasks[1])};
  two[1].status = Status::failed, two[1].reason = "memory ran out";
  CHECK_THAT(ResultTable(two).text(),
             ContainsSubstring("smoke nx=32") && ContainsSubstring("smoke nx=33  ") &&
                 ContainsSubstring("\nstencil.heat7 smoke nx=33 openmp fp64: memory ran out\n"));
}

TEST_CASE("colour is only where it was asked for, and changes no column") {
  std::vector const one{test_record(test_plan(1).tasks[0])};
  CHECK(ResultTable(one).text().find('\x1b') == std::string::npos);
  CHECK_THAT(ResultTable(one, true).text(), ContainsSubstring("  \x1b[32mpassed\x1b[0m\n"));
}

TEST_CASE("a bundle without results says so") {
  std::vector<Record> const none;
  CHECK(ResultTable(none).text() == "no results\n");
}

TEST_CASE("no text of a record steers the terminal or adds a line") {
  auto record = test_record(test_plan(1).tasks[0]);
  record.status = Status::wrong;
  record.spec.case_name = "smoke\x1b[1A", record.spec.precision = "fp64\nx";
  record.placement.space = "\x1b[32mopenmp", record.fom.unit = "cell\r/s";
  record.fom.ceiling = "\x07";
  record.fom.secondary = {{"raw\n", 1, "\x1b"}};
  record.reason = "a\x1b[2Jb\npassed";
  record.quality.guards = {{"slow", "c\x9b\nd", "warning\x1b"}};
  std::vector const one{record};
  auto const text = ResultTable(one).text();
  // Head, result, figure, reason, guard.
  CHECK(std::count(text.begin(), text.end(), '\n') == 5);
  for (auto const* control : {"\x1b", "\r", "\x07", "\x9b"})
    CHECK_THAT(text, !ContainsSubstring(control));
  CHECK_THAT(text, ContainsSubstring("a\\x1b[2Jb\\x0apassed\n"));
}
