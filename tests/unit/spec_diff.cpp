// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/spec_diff.hpp>

#include "spec_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

using namespace inpex::host;
using namespace inpex::test;
using Catch::Matchers::ContainsSubstring;

namespace {

// The difference that edits make, the version among them.
SpecDiff diff_of(std::vector<std::pair<std::string, std::string>> const& edits) {
  auto const folder =
      std::filesystem::temp_directory_path() / ("inpex-test-diff-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "old.yaml") << minimal_spec();
  std::ofstream(folder / "new.yaml") << minimal_spec(edits);
  auto result = diff_specs((folder / "old.yaml").string(), (folder / "new.yaml").string());
  std::filesystem::remove_all(folder);
  return result;
}

Step needed(std::string const& from, std::string const& to) { return diff_of({{from, to}}).needed; }

}  // namespace

TEST_CASE("a change of an existing case, figure of merit, measure or check is major") {
  CHECK(needed("M: {nx: 512", "M: {nx: 256") == Step::major);
  CHECK(needed("  M: {nx: 512, steps: 20}\n", "") == Step::major);
  CHECK(needed("better: higher", "better: lower") == Step::major);
  CHECK(needed("divisions:", "measure: {warmup: 2}\ndivisions:") == Step::major);
  CHECK(needed("4*eps", "8*eps") == Step::major);
  CHECK(needed("max: 1, role", "max: 2, role") == Step::major);
  CHECK(needed("generator: ones", "generator: twos") == Step::major);
  CHECK(needed("[fp64, fp32]", "[fp32, fp64]") == Step::major);
}

TEST_CASE("what is added beside the old is minor") {
  CHECK(needed("  M: {nx", "  L: {nx: 1024, steps: 20}\n  M: {nx") == Step::minor);
  CHECK(needed("divisions:",
               "  - {id: mass, quantity: mass_drift, tolerance: eps, when: smoke}\ndivisions:") ==
        Step::minor);
  CHECK(needed("  tile:", "  pad: {type: int, default: 0, role: fixed}\n  tile:") == Step::minor);
}

TEST_CASE("the rest is patch, and a comment is nothing") {
  CHECK(needed("A box of cells", "Cells") == Step::patch);
  CHECK(needed("status: draft", "status: stable") == Step::patch);
  CHECK(needed("launches: 1", "launches: 2") == Step::patch);
  CHECK(needed("default: 8, min: 1, role: tuning", "default: 16, min: 1, role: tuning") ==
        Step::patch);
  CHECK(needed("planted: [null-kernel]", "planted: [null-kernel, idle-rank]") == Step::patch);
  CHECK(needed("status: draft", "status: draft # soon") == Step::none);
}

TEST_CASE("a change is told with its field, before and after") {
  auto const diff = diff_of({{"M: {nx: 512", "M: {nx: 256"}});
  REQUIRE(diff.changes.size() == 1);
  CHECK(diff.changes[0].sentence() == "cases.M.nx: 512 became 256");
  CHECK(diff_of({{"4*eps", "8*eps"}}).changes[0].sentence() ==
        "verify.exact.tolerance: 4*eps*steps became 8*eps*steps");
}

TEST_CASE("the gate asks for a step of the version that is large enough") {
  auto const gate = [](std::string const& version) {
    return diff_of({{"M: {nx: 512", "M: {nx: 256"}, {"version: 1.0.0", "version: " + version}})
        .enough();
  };
  CHECK_FALSE(gate("1.0.0"));
  CHECK_FALSE(gate("1.0.1"));
  CHECK_FALSE(gate("1.9.0"));
  CHECK(gate("2.0.0"));
  CHECK_FALSE(gate("0.9.0"));
  CHECK(diff_of({}).enough());
}

TEST_CASE("versions are compared by number") {
  CHECK(version_step("1.9.0", "1.10.0") == Step::minor);
  CHECK(version_step("1.2.3", "1.2.4") == Step::patch);
  CHECK(version_step("1.2.3", "2.0.0") == Step::major);
  CHECK(version_step("1.2.3", "1.2.3") == Step::none);
  CHECK(version_step("2.0.0", "1.9.9") == Step::back);
}
