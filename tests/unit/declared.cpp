// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/declared.hpp>

#include <inpex/host/bound.hpp>
#include <inpex/host/case_ceilings.hpp>
#include <inpex/host/formula_parser.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <cstdint>
#include <string>
#include <vector>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::ContainsSubstring;

namespace {

Formula formula_of(std::string const& text) {
  return parse_formula(text, {"a.yaml", {1, 1}, true});
}

Spec sweep_and_halo() {
  Spec spec;
  spec.work.phases.resize(2);
  spec.work.phases[0].name = "sweep";
  spec.work.phases[0].flops = formula_of("8*cells");
  spec.work.phases[0].read = formula_of("8*cells");
  spec.work.phases[0].write = formula_of("8*cells");
  spec.work.phases[1].name = "halo";
  spec.work.phases[1].messages = formula_of("neighbours");
  return spec;
}

Table const ten_cells{{"cells", std::int64_t{10}, ""}, {"neighbours", std::int64_t{0}, ""}};

PhasePlan phase(std::uint64_t read, std::uint64_t written, std::string const& ceiling) {
  PhasePlan plan;
  plan.work.bytes_read = read, plan.work.bytes_written = written, plan.ceiling = ceiling;
  return plan;
}

}  // namespace

TEST_CASE("an app that counts what its spec declares is left alone") {
  auto const declared = declared_work(sweep_and_halo(), ten_cells);
  CHECK(work_difference({{"sweep", {80, 80, 80, 0, 0}}, {"halo", {}}}, declared).empty());
  CHECK(
      work_difference({{"sweep", {80, 80, 80, 0, 0}}}, declared).empty());  // a phase without work
}

TEST_CASE("one flop more or less is told with both numbers") {
  auto const declared = declared_work(sweep_and_halo(), ten_cells);
  auto const sentence = work_difference({{"sweep", {81, 80, 80, 0, 0}}}, declared);
  CHECK_THAT(sentence, ContainsSubstring("'sweep'") && ContainsSubstring("81 flops") &&
                           ContainsSubstring("declares 80"));
}

TEST_CASE("a phase that only one of the two knows is told") {
  auto const declared = declared_work(sweep_and_halo(), ten_cells);
  CHECK_THAT(work_difference({{"sweep", {80, 80, 80, 0, 0}}, {"copy", {0, 8, 8, 0, 0}}}, declared),
             ContainsSubstring("'copy'"));
  CHECK_THAT(work_difference({}, declared), ContainsSubstring("0 flops"));
}

TEST_CASE("large cases of specs that represent memory bandwidth live in memory") {
  Spec spec;
  CHECK_FALSE(memory_resident(spec, "M"));
  spec.represents = {"halo-exchange", "memory-bandwidth"};
  for (auto const* name : {"M", "L", "mem25", "mem100"}) CHECK(memory_resident(spec, name));
  for (auto const* name : {"smoke", "teach", "S"}) CHECK_FALSE(memory_resident(spec, name));
}

TEST_CASE("the ceiling's kernels are those of the phase that moves most bytes") {
  std::vector<PhasePlan> const phases{phase(10, 0, "read"), phase(200, 100, "triad")};
  CHECK(kernels_for(phases) == std::vector<std::string>{"triad", "copy"});
  CHECK(kernels_for({phase(10, 10, "stream_copy")}) ==
        std::vector<std::string>{"copy", "stream_copy"});
  CHECK(kernels_for({phase(10, 10, "update")}) == std::vector<std::string>{"update"});
  CHECK(kernels_for({phase(0, 0, "")}).empty());
}

TEST_CASE("the ceiling shown is that of the mix, the bound is the best kernel that moves bytes") {
  std::vector<Ceiling> const ceilings{{"copy", 50, "byte/s", {}},
                                      {"stream_copy", 60, "byte/s", {}},
                                      {"update", 90, "byte/s", {}},
                                      {"fma", 1000, "flop/s", {}}};
  Work work;
  work.bytes_read = 50, work.bytes_written = 40;
  auto const shown = nearness(ceilings, {"copy", "stream_copy"}, work, 1);
  CHECK(shown.ceiling == "stream_copy");
  CHECK(shown.fraction == 1.5);  // an app that works in place may
  CHECK(nearness_to_best(ceilings, work, 1).ceiling == "update");
  CHECK(nearness_to_best(ceilings, work, 1).fraction == 1);
  CHECK(nearness(ceilings, {"copy", "triad"}, work, 1).fraction == 0);  // triad is not known
  work.flops = 3000;
  CHECK(nearness_to_best(ceilings, work, 1).ceiling == "fma");
  CHECK(nearness_to_best(ceilings, work, 1).fraction == 3);
}

TEST_CASE("a probe's arrays hold what a step touches, within the memory that is free") {
  Work step;
  step.bytes_read = step.bytes_written = 500'000;
  CHECK(probe_bytes(2'000'000, step, 32'000'000, 1'000'000'000) == 1'000'000);  // touched
  CHECK(probe_bytes(600'000, step, 32'000'000, 1'000'000'000) == 600'000);      // all there is
  step.bytes_read = 1'000'000'000'000;
  CHECK(probe_bytes(2'000'000'000'000, step, 32'000'000, 1'000'000'000'000) == 1'000'000'000);
  CHECK(probe_bytes(2'000'000'000'000, step, 500'000'000, 1'000'000'000'000) == 4'000'000'000);
  CHECK(probe_bytes(2'000'000'000'000, step, 32'000'000, 100'000'000) == 80'000'000);
  CHECK(probe_bytes(0, {}, 0, 0) == 4096);
}
