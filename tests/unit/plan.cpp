// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/plan.hpp>

#include "spec_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

using namespace inpex;
using namespace inpex::host;
using namespace inpex::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinRel;

namespace {

Spec const& heat7() {
  static Spec const spec = load_spec(source_path("specs/stencil/heat7.yaml"));
  return spec;
}

host::Plan heat7_plan(std::string const& name, int ranks = 1, std::string const& precision = "fp64",
                      Memory memory = {}) {
  return make_plan(heat7(), {.case_name = name,
                             .overrides = {},
                             .ranks = ranks,
                             .precision = precision,
                             .memory = memory,
                             .min_seconds = {}});
}

std::string error_of(Spec const& spec, Wanted const& wanted) {
  try {
    make_plan(spec, wanted);
  } catch (Error const& error) {
    return std::to_string(exit_code(error.fault)) + " " + error.what();
  }
  return "";
}

// g^steps of the mode (p, q, s) on a cube: g = 1 - 4 r (the sum of sin(m pi / (2 (n+1)))^2).
double decay(double n, double steps, double r, double const* mode) {
  double sum = 0;
  for (int axis = 0; axis < 3; ++axis)
    sum += std::pow(std::sin(mode[axis] * std::numbers::pi / (2 * (n + 1))), 2);
  return std::pow(1 - 4 * r * sum, steps);
}

// The largest error on the cube's diagonal that the coefficient r (1+d) instead of r makes.
double error_on_diagonal(Table const& parameters, double d) {
  auto const n = static_cast<double>(at<std::int64_t>(parameters, "nx"));
  auto const steps = static_cast<double>(at<std::int64_t>(parameters, "steps"));
  auto const r = at<double>(parameters, "r");
  auto const modes = at<std::vector<double>>(parameters, "modes");
  double largest = 0;
  for (double i = 1; i <= n; ++i) {
    double error = 0;
    for (std::size_t row = 0; row < modes.size(); row += 4) {
      double const* mode = &modes[row];
      double shape = mode[3];
      for (int axis = 0; axis < 3; ++axis)
        shape *= std::sin(mode[axis] * std::numbers::pi * i / (n + 1));
      error += shape * (decay(n, steps, r * (1 + d), mode) - decay(n, steps, r, mode));
    }
    largest = std::max(largest, std::abs(error));
  }
  return largest;
}

}  // namespace

TEST_CASE("the parameters of a case are its own, then the defaults, each with its place") {
  auto const plan = heat7_plan("smoke");
  CHECK(at<std::int64_t>(plan.parameters, "nx") == 32);
  CHECK(at<std::string>(plan.parameters, "variant") == "spatial");
  CHECK(plan.steps == 20);
  CHECK_THAT(find(plan.parameters, "nx")->where, ContainsSubstring("heat7.yaml:"));
}

TEST_CASE("formulas of the initial data are evaluated, rows one after another") {
  auto const modes = at<std::vector<double>>(heat7_plan("smoke").parameters, "modes");
  CHECK(modes == std::vector<double>{1, 1, 1, 1, 7, 5, 11, 0.5, 4, 4, 4, 0.25});  // ceil(32/8) = 4
}

TEST_CASE("bytes, flops and memory of heat7 follow from its size") {
  auto const plan = heat7_plan("smoke");
  // 32^3 cells of 8 bytes, 6 faces of 32^2 ghost cells; two fields of 34^3.
  CHECK(plan.work.flops == 8 * 32768);
  CHECK(plan.work.bytes_read == 8 * (32768 + 6 * 1024));
  CHECK(plan.work.bytes_written == 8 * 32768);
  CHECK(plan.work.messages == 0);
  CHECK(plan.footprint_bytes == 2 * 8 * 34 * 34 * 34);
  CHECK(plan.total_bytes == plan.footprint_bytes);
  CHECK(heat7_plan("smoke", 1, "fp32").footprint_bytes == plan.footprint_bytes / 2);
  CHECK(plan.phases.front().ceiling == "stream_copy");
}

TEST_CASE("several ranks hold ghost cells and send them") {
  auto const plan = heat7_plan("smoke", 3);  // cut along z into 11, 11 and 10 planes of 32^2
  CHECK(at<std::int64_t>(plan.names, "lz") == 11);
  CHECK(plan.work.messages == 2);  // of the rank in the middle
  CHECK(plan.work.bytes_sent == 2 * 8 * 1024);
  CHECK(plan.footprint_bytes == 2 * 8 * 34 * 34 * 13);
  CHECK(plan.total_bytes == 2 * 8 * 34 * 34 * (13 + 13 + 12));
}

TEST_CASE("a case that fills memory takes the largest multiple of 8 that fits") {
  Memory const memory{std::uint64_t{64} << 30, 0};
  auto const plan = heat7_plan("mem25", 1, "fp64", memory);
  auto const n = at<std::int64_t>(plan.parameters, "nx");
  auto const bytes = [](std::int64_t size) { return 16 * (size + 2) * (size + 2) * (size + 2); };
  CHECK(n % 8 == 0);
  CHECK(bytes(n) <= std::int64_t{16} << 30);
  CHECK(bytes(n + 8) > std::int64_t{16} << 30);
  CHECK(at<std::int64_t>(plan.parameters, "nz") == n);
  CHECK(heat7_plan("mem25", 8, "fp64", memory).total_bytes <= std::uint64_t{16} << 30);
}

TEST_CASE("memory that is unknown or too small for its case is exit 3") {
  CHECK_THAT(error_of(heat7(), {.case_name = "mem50"}),
             ContainsSubstring("3 ") && ContainsSubstring("not known"));
  CHECK_THAT(error_of(heat7(), {.case_name = "mem50", .memory = {1000, 1000}}),
             ContainsSubstring("3 ") && ContainsSubstring("needs 16000"));  // 16 (8+2)^3
  auto const plan = heat7_plan("M");
  CHECK_NOTHROW(check_memory(plan, {0, plan.total_bytes}));
  CHECK_THROWS_AS(check_memory(plan, {0, plan.total_bytes - 1}), Error);
}

TEST_CASE("unknown cases and precisions are exit 2 with the nearest right one") {
  CHECK_THAT(error_of(heat7(), {.case_name = "smok"}),
             ContainsSubstring("2 --case:") && ContainsSubstring("'smoke'"));
  CHECK_THAT(error_of(heat7(), {.case_name = "smoke", .precision = "fp16"}),
             ContainsSubstring("2 --precision:"));
}

TEST_CASE("more ranks than planes, and sizes beyond 64 bits, are told before anything runs") {
  CHECK_THAT(error_of(heat7(), {.case_name = "smoke", .ranks = 40000}),
             ContainsSubstring("cannot be cut into 40000 blocks"));
  Table const huge{{"nx", std::int64_t{2000000000}, "-p"},
                   {"ny", std::int64_t{2000000000}, "-p"},
                   {"nz", std::int64_t{2000000000}, "-p"}};
  CHECK_THAT(error_of(heat7(), {.case_name = "smoke", .overrides = huge}),
             ContainsSubstring("64-bit overflow") && ContainsSubstring("heat7.yaml:"));
}

TEST_CASE("the planted coefficient of heat7 makes at least ten times the tolerance") {
  for (auto const& name : {"smoke", "teach"})
    for (auto const& [precision, eps] : {std::pair{"fp64", 0x1p-52}, std::pair{"fp32", 0x1p-23}}) {
      CAPTURE(name, precision);
      auto const plan = heat7_plan(name, 1, precision);
      auto const* check = heat7().check("exact");
      double const tolerance = check->tolerance.real(plan.names);
      CHECK_THAT(tolerance, WithinRel(4 * eps * static_cast<double>(plan.steps), 1e-12));
      int found = 0;
      for (auto const& planted : check->planted) {
        if (planted.fault != "wrong-coefficient") continue;
        CHECK(error_on_diagonal(plan.parameters, planted.amount(precision)) >= 10 * tolerance);
        ++found;
      }
      CHECK(found == 1);
    }
}

TEST_CASE("names after a run are those that the app told") {
  auto const plan = heat7_plan("smoke");
  auto const names = names_after_run(
      heat7(), plan.names, {.extents = {{"lx", std::int64_t{16}, ""}}, .seconds = 2, .setup = 1});
  CHECK(at<std::int64_t>(names, "cells") == 16 * 32 * 32);
  CHECK(heat7().fom.formula.real(names) == 32768.0 * 20 / 2);
}

TEST_CASE(
    "what an app will report may be predicted by the spec, and is replaced by what it reports") {
  auto const spec =
      parse_spec(minimal_spec({{"let: {cells: lx}",
                                "extents: {atoms: ceil(nx/ranks)}\n  let: {cells: 2*atoms}"}}),
                 "a.yaml");
  auto const plan = make_plan(spec, {.case_name = "smoke", .ranks = 3});
  CHECK(plan.work.flops == 8 * 2 * 11);  // ceil(32/3) = 11
  auto const names =
      names_after_run(spec, plan.names, {.extents = {{"atoms", std::int64_t{10}, ""}}});
  CHECK(at<std::int64_t>(names, "cells") == 20);
}

TEST_CASE("formulas of the whole run may name totals that the app reports") {
  auto const spec =
      parse_spec(minimal_spec({{"let: {cells: lx}", "totals: {rounds: nx/8}\n  let: {cells: lx}"},
                               {"nx*steps/time", "rounds*steps/time"}}),
                 "a.yaml");
  auto const plan = make_plan(spec, {.case_name = "smoke", .ranks = 2});
  CHECK(at<std::int64_t>(plan.names, "rounds") == 4);
  auto const names = names_after_run(
      spec, plan.names, {.extents = {{"rounds", std::int64_t{7}, ""}}, .seconds = 2, .setup = 0});
  CHECK(spec.fom.formula.real(names) == 7.0 * 20 / 2);
}

TEST_CASE("a sample takes the bytes of its phases over the bandwidth, but for hidden ones") {
  auto const plan = heat7_plan("smoke", 2);
  auto const bytes =
      static_cast<double>(plan.phases[0].work.bytes_read + plan.phases[0].work.bytes_written);
  CHECK_THAT(predicted_seconds(plan, 1e9), WithinRel(20 * bytes / 1e9, 1e-12));
}

TEST_CASE("a phase without a ceiling is compared with the nearest mix") {
  CHECK(ceiling_of({}, {.flops = 0, .bytes_read = 8, .bytes_written = 8}) == "stream_copy");
  CHECK(ceiling_of({}, {.flops = 0, .bytes_read = 16, .bytes_written = 8}) == "triad");
  CHECK(ceiling_of({}, {.flops = 9, .bytes_read = 8, .bytes_written = 0}) == "read");
  CHECK(ceiling_of({}, {.flops = 9}) == "fma");
  CHECK(ceiling_of({}, {}).empty());
}
