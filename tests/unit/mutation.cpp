// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/formula_parser.hpp>
#include <inpex/host/mutation_score.hpp>
#include <inpex/host/scratch_folder.hpp>

#include "refusal.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <cstdint>
#include <string>
#include <vector>

using namespace inpex;
using namespace inpex::host;

namespace {

Spec spec_with_faults() {
  Spec spec;
  spec.id = "family.app";
  CheckSpec exact, smoke;
  exact.id = "exact";
  exact.planted = {{"null-kernel", {}}, {"drop-halo", {}}};
  smoke.id = "digest";
  smoke.when = "smoke";
  smoke.planted = {{"null-kernel", {}}};
  spec.verify = {exact, smoke};
  return spec;
}

Record record_of(std::string const& case_name, bool exact_passed, bool digest_passed) {
  Record record;
  record.spec.case_name = case_name;
  record.status = exact_passed && digest_passed ? Status::passed : Status::wrong;
  record.verify = {{"exact", "", 0, 2, 1, exact_passed}, {"digest", "", 0, 2, 1, digest_passed}};
  return record;
}

}  // namespace

TEST_CASE("every fault is planted once, with a control for each number of ranks") {
  std::vector<std::string> seen;
  for (auto const& run : planted_runs(spec_with_faults()))
    seen.push_back(run.fault + std::to_string(run.ranks));
  CHECK(seen == std::vector<std::string>{"1", "null-kernel1", "2", "drop-halo2"});
}

TEST_CASE("a fault is caught only by the check that plants it") {
  auto const spec = spec_with_faults();
  auto const both = fates(spec, {"null-kernel", 1}, record_of("smoke", false, true));
  REQUIRE(both.size() == 2);
  CHECK(both[0].fate == Fate::caught);
  CHECK(both[1].fate == Fate::survived);  // wrong by another check is not enough
  CHECK(exit_code_of(both) == 4);
  CHECK(fates(spec, {"null-kernel", 1}, record_of("teach", false, true)).size() == 1);  // not due
}

TEST_CASE("a run that says nothing of the check is broken, and so is a control that fails") {
  auto const spec = spec_with_faults();
  Record crashed;
  crashed.spec.case_name = "teach";
  auto const fate = fates(spec, {"drop-halo", 2}, crashed);
  REQUIRE(fate.size() == 1);
  CHECK(fate[0].fate == Fate::broken);
  CHECK(exit_code_of(fate) == 1);
  CHECK(fates(spec, {"", 1}, record_of("smoke", true, false))[0].fate == Fate::broken);
  CHECK(fates(spec, {"", 1}, record_of("smoke", true, true))[0].fate == Fate::passed);
}

TEST_CASE("the score counts what was planted, and what was skipped leaves the answer open") {
  auto mutants = fates(spec_with_faults(), {"null-kernel", 1}, record_of("smoke", false, false));
  CHECK(score_of(mutants).caught == 2);
  CHECK(score_of(mutants).planted == 2);
  CHECK(exit_code_of(mutants) == 0);
  Mutant skipped = mutants[0];
  skipped.fate = Fate::skipped;
  skipped.reason = "needs MPI";
  mutants.push_back(skipped);
  CHECK(score_of(mutants).planted == 2);
  CHECK(exit_code_of(mutants) == 6);
  CHECK_THAT(mutation_table(mutants), Catch::Matchers::ContainsSubstring("2 of 2"));
}

TEST_CASE("a run that left no result is broken for each check that plants its fault") {
  auto const fates = broken(spec_with_faults(), {"null-kernel", 1}, "it hung");
  REQUIRE(fates.size() == 2);
  for (auto const& each : fates) CHECK((each.fate == Fate::broken && each.reason == "it hung"));
  CHECK(broken(spec_with_faults(), {"", 2}, "it hung").size() == 1);
  CHECK(exit_code_of(fates) == 1);
}

TEST_CASE("an app whose run without a fault does not pass has no score: a broken check finds all") {
  auto const spec = spec_with_faults();
  auto mutants = fates(spec, {"null-kernel", 1}, record_of("smoke", false, false));
  mutants.push_back(fates(spec, {"", 1}, record_of("smoke", true, true)).front());
  REQUIRE(app_scores(mutants).size() == 1);
  CHECK(app_scores(mutants)[0].planted == 2);
  CHECK(app_scores(mutants)[0].caught == 2);
  mutants.push_back(fates(spec, {"", 1}, record_of("smoke", true, false)).front());
  CHECK(app_scores(mutants).empty());
  mutants.back().fate = Fate::passed;
  mutants.push_back(mutants.front());
  mutants.back().fate = Fate::skipped;
  CHECK(app_scores(mutants).empty());
}

TEST_CASE("scores are kept for one source, and replaced by what was planted since") {
  ScratchFolder const scratch;
  auto const folder = scratch / "scores";
  auto const spec = spec_with_faults();
  auto caught = fates(spec, {"null-kernel", 1}, record_of("smoke", false, false));
  store_scores(caught, folder, "a source");
  REQUIRE(read_scores(folder, "a source").of("family.app") != nullptr);
  CHECK(read_scores(folder, "a source").of("family.app")->caught == 2);
  CHECK(read_scores(folder, "another").apps.empty());
  auto other = caught;
  for (auto& each : other) each.app = "family.other";
  store_scores(other, folder, "a source");
  CHECK(read_scores(folder, "a source").apps.size() == 2);
  caught.push_back(fates(spec, {"", 1}, record_of("smoke", true, false)).front());
  store_scores(caught, folder, "a source");  // its check finds a fault where there is none
  CHECK(read_scores(folder, "a source").of("family.app") == nullptr);
  CHECK(read_scores(folder, "a source").of("family.other") != nullptr);
}

TEST_CASE("scores that nobody can have stored are refused with what to do, and replaced") {
  ScratchFolder const scratch;
  auto const spec = spec_with_faults();
  auto const caught = fates(spec, {"null-kernel", 1}, record_of("smoke", false, false));
  auto const good = [&] {
    store_scores(caught, scratch / "", "source");
    return read_file(scores_file(scratch / "", "source"));
  }();
  auto const more = [](std::string text) {
    return text.replace(text.find("\"caught\":2"), 10, "\"caught\":3");
  };
  REQUIRE(good.find("\"caught\":2") != std::string::npos);
  for (auto const& bad : {std::string("{"), more(good), good.substr(0, good.size() / 2)}) {
    write_file(scores_file(scratch / "", "source"), bad);
    CHECK_THAT(test::refusal([&] { read_scores(scratch / "", "source"); }),
               Catch::Matchers::ContainsSubstring("run `inpex mutate --all` again"));
    store_scores(caught, scratch / "", "source");
    CHECK(read_scores(scratch / "", "source").apps.size() == 1);
  }
}

TEST_CASE("what cannot be planted is told with its reason") {
  std::vector<Field> const whole{{"steps", std::int64_t{1}}, {"variant", std::string("plain")}};
  auto real = whole;
  real.push_back({"r", 0.125});
  CHECK(obstacle({"wrong-coefficient", 1}, whole, true) == "the app has no real parameter");
  CHECK(obstacle({"wrong-coefficient", 1}, real, true).empty());
  CHECK(obstacle({"null-kernel", 1}, whole, false).empty());
  CHECK(obstacle({"drop-halo", 2}, whole, false) == "needs MPI");
}

TEST_CASE("where nothing was planted nothing is proven") {
  auto const spec = spec_with_faults();
  auto const control = fates(spec, {"", 1}, record_of("smoke", true, true));
  CHECK(exit_code_of(control) == 6);
  CHECK(exit_code_of(std::vector<Mutant>{}) == 6);
  CHECK_THAT(mutation_table(control), Catch::Matchers::ContainsSubstring("nothing is proven"));
}

TEST_CASE("each kind of fault that every app must plant is missed where no check plants it") {
  Spec spec;
  CheckSpec check;
  for (auto const& each : required_faults)
    check.planted.push_back({std::string(each.names[0]), {}});
  spec.verify = {check};
  PhaseSpec exchange;
  exchange.messages = parse_formula("6", {"s.yaml", {1, 1}});
  spec.work.phases = {exchange};
  CHECK(missing_faults(spec).empty());
  for (std::size_t i = 0; i < required_faults.size(); ++i) {
    auto without = spec;
    auto& planted = without.verify[0].planted;
    planted.erase(planted.begin() + static_cast<std::ptrdiff_t>(i));
    CHECK(missing_faults(without) == std::vector{std::string(required_faults[i].what)});
  }
}

TEST_CASE("what sends nothing has no message to drop") {
  CHECK(missing_faults(Spec{}).size() == required_faults.size() - 2);
}
