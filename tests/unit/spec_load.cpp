// SPDX-License-Identifier: Apache-2.0
#include "spec_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

using namespace inpex;
using namespace inpex::host;
using namespace inpex::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// The lines "# expect: ..." at the head of a bad file of the corpus.
std::vector<std::string> expected_errors(std::string const& text) {
  std::vector<std::string> result;
  constexpr std::string_view mark = "# expect: ";
  for (std::size_t at = 0; text.compare(at, mark.size(), mark) == 0; at = text.find('\n', at) + 1)
    result.push_back(text.substr(at + mark.size(), text.find('\n', at) - at - mark.size()));
  return result;
}

}  // namespace

TEST_CASE("every bad spec of the corpus gives exactly the errors that it says") {
  int files = 0;
  for (auto const& file : std::filesystem::directory_iterator(source_path("tests/corpus/bad"))) {
    auto const text = read_small_file(file.path().string());
    if (text.find("inpex_suite") != std::string::npos) continue;
    CAPTURE(file.path().filename().string());
    std::vector<std::string> found;
    try {
      parse_spec(text, "");
    } catch (SpecErrors const& errors) {
      for (auto const& each : errors.errors) {
        auto const place = each.where.empty() ? "" : each.where.substr(1) + ": ";
        found.push_back(place + each.problem);
        CHECK_FALSE(each.hint.empty());
      }
    }
    CHECK(found == expected_errors(text));
    ++files;
  }
  CHECK(files > 70);
}

TEST_CASE("the fields of a spec arrive where they belong") {
  auto const spec = parse_spec(minimal_spec(), "a.yaml");
  CHECK(spec.id == "test.box");
  REQUIRE(spec.parameters.size() == 4);
  CHECK(spec.parameter("nx")->role == Role::scaling);
  CHECK(spec.parameter("r")->fallback == Value(0.125));
  CHECK(spec.parameter("tile")->min == Value(std::int64_t{1}));
  CHECK(spec.precisions == std::vector<std::string>{"fp64", "fp32"});
  CHECK(find(spec.find_case("M")->parameters, "nx")->where == "a.yaml:18:11");
  CHECK(spec.phase("sweep")->flops.text() == "8*cells");
  CHECK(spec.check("exact")->oracle == "zero");
  CHECK(spec.check("exact")->expect.empty());
  CHECK(spec.measure.max_samples == 1000);
  CHECK(spec.fom.higher_is_better);
}

TEST_CASE("a case overrides the measure, and only where it says so") {
  auto const spec = parse_spec(
      minimal_spec(
          {{"steps: 20}\n  M", "steps: 20, measure: {min_samples: 3, stop: {rule: count}}}\n  M"}}),
      "a.yaml");
  auto const& measure = spec.find_case("smoke")->measure;
  CHECK(measure.min_samples == 3);
  CHECK(measure.stop.rule == "count");
  CHECK(measure.stop.timeout_seconds == 120);
  CHECK(spec.find_case("M")->measure.min_samples == 10);
}

TEST_CASE("a planted fault has the amount that the spec names, else the default") {
  auto const spec = parse_spec(
      minimal_spec({{"planted: [null-kernel]",
                     "planted: [null-kernel, {fault: wrong-coefficient, amount: {fp64: 1e-4}}]"}}),
      "a.yaml");
  auto const& planted = spec.check("exact")->planted;
  REQUIRE(planted.size() == 2);
  CHECK(planted[0].amount("fp64") == 1e-6);
  CHECK(planted[1].fault == "wrong-coefficient");
  CHECK(planted[1].amount("fp64") == 1e-4);
  CHECK(planted[1].amount("fp32") == 1e-2);
}

TEST_CASE("a number or a formula is expected, a word names an oracle") {
  auto const expect = [](std::string const& text) {
    auto const spec = parse_spec(minimal_spec({{"expect: zero", "expect: " + text}}), "a.yaml");
    return *spec.check("exact");
  };
  CHECK(expect("2").expect.real({}) == 2);
  CHECK(expect("\"2*r - r\"").oracle.empty());
  CHECK(expect("sine-modes-after-steps").oracle == "sine-modes-after-steps");
}

TEST_CASE("a comment keeps the digest, a tolerance changes it") {
  auto const digest = [](std::vector<std::pair<std::string, std::string>> const& edits) {
    return parse_spec(minimal_spec(edits), "a.yaml").digest;
  };
  auto const plain = digest({});
  CHECK(plain.size() == 64);
  CHECK(digest({{"status: draft", "status: draft   # not yet"}}) == plain);
  CHECK(digest({{"title: A box of cells", "title: Some cells"}}) == plain);  // informative
  CHECK(digest({{"default: 0.125", "default: 1.25e-1"}}) == plain);          // the same number
  CHECK(digest({{"id: test.box\nversion: 1.0.0", "version: 1.0.0\nid: test.box"}}) == plain);
  CHECK(digest({{"4*eps*steps", "5*eps*steps"}}) != plain);
  CHECK(digest({{"default: 0.125", "default: 0.25"}}) != plain);
}

TEST_CASE("a tolerance of an order may be as large as a part of the order") {
  auto const with = [](std::string const& tolerance) {
    return errors_of(minimal_spec(
        {{"divisions:", "  - {id: order, kind: convergence, expect: 2, when: smoke, tolerance: " +
                            tolerance + "}\ndivisions:"}}));
  };
  CHECK(with("0.2").empty());
  REQUIRE(with("1").size() == 1);
  CHECK_THAT(with("1").front(), ContainsSubstring("hardly a run can fail"));
}

TEST_CASE("a file that is missing, or a folder, is a bad command") {
  CHECK_THROWS_AS(load_spec("no-such-file.yaml"), Error);
  try {
    load_spec(source_path("specs"));
    FAIL("a folder was read");
  } catch (Error const& error) {
    CHECK(error.fault == Fault::command);
    CHECK_THAT(error.what(), ContainsSubstring("a folder"));
  }
}

TEST_CASE("the specs of the repository hold, and are sorted") {
  auto const specs = load_all({source_path("specs")});
  REQUIRE_FALSE(specs.empty());
  for (std::size_t i = 1; i < specs.size(); ++i) CHECK(specs[i - 1].id < specs[i].id);
}

TEST_CASE("two specs of one id are refused") {
  auto const folder = std::filesystem::temp_directory_path() / "inpex-test-two-of-one-id";
  std::filesystem::create_directories(folder / "test");
  for (auto const* name : {"a.yaml", "b.yaml"})
    std::ofstream(folder / "test" / name) << minimal_spec();
  CHECK_THROWS_AS(load_all({folder.string()}), Error);
  std::filesystem::remove_all(folder);
}

TEST_CASE("a FIFO is refused by its name, and nobody waits for its writer") {
  auto const path = std::filesystem::temp_directory_path() / "inpex-test-fifo.yaml";
  std::filesystem::remove(path);
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  try {
    load_spec(path.string());
    FAIL("a FIFO was read");
  } catch (Error const& error) {
    CHECK(error.fault == Fault::command);
    CHECK_THAT(error.what(), ContainsSubstring("inpex-test-fifo.yaml: this is no regular file"));
  }
  std::filesystem::remove(path);
}

TEST_CASE("what a quoted key of a file holds cannot steer the terminal") {
  try {
    parse_spec("\"\\e[2Jx\": 1\n", "a.yaml");
    FAIL("it was read");
  } catch (SpecErrors const& errors) {
    CHECK_THAT(errors.what(), ContainsSubstring("\\x1b[2Jx") && !ContainsSubstring("\x1b"));
  }
}
