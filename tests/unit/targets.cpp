// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/targets.hpp>

#include "spec_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <string>
#include <vector>

using namespace inpex;
using namespace inpex::host;
using namespace inpex::test;
using Catch::Matchers::ContainsSubstring;

namespace {

std::vector<Spec> catalogue() {
  std::vector<Spec> specs;
  for (auto const* id : {"spectral.fft", "test.bag", "test.box"})
    specs.push_back(parse_spec(minimal_spec({{"test.box", id}}), "a.yaml"));
  return specs;
}

std::string target_error(std::string const& word) {
  try {
    resolve_targets({word}, catalogue());
  } catch (Error const& error) {
    return std::to_string(exit_code(error.fault)) + " " + error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a target is an app, a family or a file") {
  auto const ids = [](std::string const& word) {
    std::vector<std::string> result;
    for (auto const& target : resolve_targets({word}, catalogue()))
      result.push_back(target.spec.id);
    return result;
  };
  CHECK(ids("test.box") == std::vector<std::string>{"test.box"});
  CHECK(ids("test") == std::vector<std::string>{"test.bag", "test.box"});
  CHECK(ids(source_path("tests/corpus/good/minimal.yaml")) == std::vector<std::string>{"test.box"});
}

TEST_CASE("a word that names nothing is exit 2 with the nearest right one") {
  CHECK_THAT(target_error("test.bux"), ContainsSubstring("2 TARGET: there is no app 'test.bux'") &&
                                           ContainsSubstring("'test.box'"));
  CHECK_THAT(target_error("tset"), ContainsSubstring("did you mean 'test'?"));
  CHECK_THAT(target_error("missing.yaml"),
             ContainsSubstring("2 missing.yaml: the file cannot be opened"));
}

TEST_CASE("without specs the error says where they are looked for") {
  CHECK_THROWS_WITH(resolve_targets({"test.box"}, {}), ContainsSubstring("INPEX_SPECS"));
}

TEST_CASE("a suite names apps, cases, precisions and sweeps") {
  auto const specs = load_all({source_path("specs")});
  auto const targets = resolve_targets({source_path("tests/corpus/good/suite.yaml")}, specs);
  REQUIRE(targets.size() == 2);
  CHECK(targets[0].cases == std::vector<std::string>{"smoke", "S"});
  CHECK(targets[0].precisions.empty());
  CHECK(targets[1].precisions == std::vector<std::string>{"fp64", "fp32"});
  auto const tables = sweep(targets[1].spec, targets[1].settings);
  REQUIRE(tables.size() == 2);
  CHECK(at<std::string>(tables[0], "variant") == "naive");
  CHECK(at<std::string>(tables[1], "variant") == "spatial");
  CHECK(at<std::int64_t>(tables[1], "tile") == 16);
}
