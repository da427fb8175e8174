// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/describe.hpp>

#include "spec_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <string>

using namespace inpex::host;
using namespace inpex::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinRel;

namespace {

// 10 GB/s and 1 Tflop/s.
Outlook outlook() {
  Machine machine;
  machine.ceilings.push_back({"stream_copy", "openmp", 1e10, "byte/s", {}, 3});
  machine.ceilings.push_back({"fma_fp64", "openmp", 1e12, "flop/s", {}, 3});
  return {.ranks = 1, .precision = {}, .space = "openmp", .memory = {}, .machine = machine};
}

}  // namespace

TEST_CASE("seconds are predicted from the machine's ceilings") {
  auto const needs = case_needs(parse_spec(minimal_spec(), "a.yaml"), outlook());
  REQUIRE(needs.size() == 2);
  // 512 cells of 8 bytes read and written, 20 steps; 8 flops a cell take less.
  REQUIRE(needs[1].seconds);
  CHECK_THAT(*needs[1].seconds, WithinRel(20 * 2 * 8 * 512 / 1e10, 1e-12));
}

TEST_CASE("without a machine no seconds are predicted") {
  auto const spec = parse_spec(minimal_spec(), "a.yaml");
  CHECK_FALSE(case_needs(spec, {})[0].seconds);
  CHECK_THAT(description(spec, {}), ContainsSubstring("inpex machine --out"));
}

TEST_CASE("a case that cannot be planned here says why, and the others are told") {
  auto const spec = parse_spec(
      minimal_spec({{"M: {nx: 512, steps: 20}", "M: {fill_memory: 0.5, steps: 20}"}}), "a.yaml");
  auto const text = description(spec, {});
  CHECK_THAT(text, ContainsSubstring("M        cannot be planned here"));
  CHECK_THAT(text, ContainsSubstring("smoke    32"));
  auto const json = description_json(spec, {});
  CHECK(json["cases"][0]["memory_bytes"] == 2 * 8 * 34);  // 2*real*(lx+2)
  CHECK(json["cases"][1].contains("reason"));
  CHECK_FALSE(json["cases"][1].contains("memory_bytes"));
}
