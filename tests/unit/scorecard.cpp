// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/scorecard_measures.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <string>
#include <vector>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::ContainsSubstring;

namespace {

// The words of all standings, in order.
std::string standings(ScoreLines const& lines) {
  std::string text;
  for (auto const& line : lines)
    text += std::string(text.empty() ? "" : " ") + std::string(word(line.standing));
  return text;
}

Disturbance disturbance(std::string const& guard, std::string const& fired, bool always = false) {
  return {"something", guard, {fired}, always};
}

AuditRow counted(std::string const& app, Finding finding) {
  AuditRow row;
  row.app = app, row.finding = finding;
  return row;
}

Mutant mutant(Fate fate, std::string const& fault = "null-kernel") {
  Mutant made;
  made.fault = fault, made.fate = fate;
  return made;
}

ScoreLines calibrated(std::int64_t pairs, std::int64_t wrong, std::int64_t found,
                      std::optional<CalibratedRounds> const& in_turn = {}) {
  Calibration calibration;
  calibration.cases.push_back(
      {"a.b", "S", "serial", "fp64", 1, "", pairs, 0.05, 0.08, wrong, 0.03, pairs, found});
  calibration.cases.back().in_turn = in_turn;
  return score_calibration(calibration);
}

}  // namespace

TEST_CASE("what this program does by itself reaches its aims") {
  CHECK(standings(score_rules()) == "pass");
  CHECK(standings(score_damages(50)) == "pass");
  CHECK(standings(score_verify(20)) == "pass pass");
  CHECK(standings(score_compare(20)) == "pass");
  CHECK_THAT(score_damages(50)[0].found, ContainsSubstring("50 of 50"));
}

TEST_CASE(
    "intervals that hold too seldom or too often miss, and rows that are not judged are no line") {
  CHECK(standings(score_coverage({{"time", 2000, 1900},
                                  {"rate", 2000, 1800},
                                  {"ratio", 2000, 1990},
                                  {"correlated", 2000, 1000, false}})) == "pass MISS MISS");
}

TEST_CASE("a disturbance that is not flagged misses; one that was there before leaves it open") {
  auto const flagged = disturbance("stalled", "stalled");
  CHECK(standings(score_harness({disturbance("", ""), flagged, flagged})) == "pass");
  CHECK(standings(score_harness({flagged, disturbance("stalled", "drifting")})) == "MISS");
  CHECK(standings(score_harness({flagged, disturbance("disturbed", "disturbed", true)})) == "open");
}

TEST_CASE("an app with one wrong count misses, and a minute of audit is the limit") {
  auto const good = counted("a", Finding::exact), reasoned = counted("b", Finding::reasoned);
  auto const fine = score_audit({{good, reasoned}, {}}, 60);
  CHECK(standings(fine) == "pass pass");
  CHECK(fine[0].found == "2 of 2; 1 of 2 counts declared");
  CHECK(standings(score_audit({{good, reasoned, counted("b", Finding::wrong), reasoned}, {}},
                              61)) == "MISS MISS");
  CHECK(standings(score_audit({}, 1)) == "open pass");
}

TEST_CASE("a fault that survives misses, one that was not planted leaves it open") {
  auto const caught = mutant(Fate::caught), control = mutant(Fate::passed, "");
  CHECK(standings(score_mutation({control, caught}, 600)) == "pass pass");
  CHECK(standings(score_mutation({control, caught, mutant(Fate::survived)}, 601)) == "MISS MISS");
  CHECK(standings(score_mutation({control, caught, mutant(Fate::skipped)}, 1)) == "open pass");
  CHECK(standings(score_mutation({mutant(Fate::broken, ""), caught}, 1)) == "MISS pass");
}

TEST_CASE("verdicts are judged from 200 pairs on") {
  CHECK(standings(calibrated(200, 2, 180)) == "pass pass");
  CHECK(standings(calibrated(200, 3, 179)) == "MISS MISS");
  CHECK(standings(calibrated(199, 0, 199)) == "open open");
  using Rounds = CalibratedRounds;
  CHECK(standings(calibrated(200, 0, 200, Rounds{10, 0.01, 20, 0, 20, 18})) ==
        "pass pass pass pass");
  CHECK(standings(calibrated(200, 0, 200, Rounds{10, 0.01, 20, 1, 20, 17})) ==
        "pass pass MISS MISS");
  CHECK(standings(calibrated(200, 0, 200, Rounds{10, 0.01, 20, 0, {}, {}})) ==
        "pass pass pass open");
}

TEST_CASE("one bundle of twenty that does not come out again misses, and so does an unnamed flag") {
  std::vector<int> codes(20, 0);
  std::string const named = "flags was '-O3 -fchanged' and is now '-O3'";
  CHECK(standings(score_reproduction(codes, named)) == "pass pass");
  CHECK(standings(score_reproduction({0, 0}, named)) == "open pass");
  codes[7] = 5;
  CHECK(standings(score_reproduction(codes, "source was 'a' and is now 'b'")) == "MISS MISS");
}

TEST_CASE("a bundle of another flag is whole but for it") {
  ScratchFolder const scratch;
  auto const bundle = make_bundle(scratch / "bundle", 2);
  add_flag(bundle, added_flag);
  auto const records = read_results(bundle).records;
  REQUIRE(records.size() == 2);
  for (auto const& record : records) CHECK(record.software.flags == "-O3 -fchanged");
}

TEST_CASE("a fuzzer that found something or ran nothing misses; one that was not built is open") {
  std::string const end = "stat::number_of_executed_units: 54809\n";
  auto const line = score_fuzzer("f", {end, true, 60});
  CHECK(line.standing == Standing::pass);
  CHECK(line.found == "54809 in 60 s");
  CHECK(score_fuzzer("f", {end, false, 60}).standing == Standing::miss);
  CHECK(score_fuzzer("f", {"stat::number_of_executed_units: 0", true, 60}).standing ==
        Standing::miss);
  CHECK(score_fuzzer("f", {}).standing == Standing::open);
}

TEST_CASE("a fuzzer that ran for less than a minute leaves it open, unless it found something") {
  std::string const end = "stat::number_of_executed_units: 54809\n";
  auto const line = score_fuzzer("f", {end, true, 1});
  CHECK(line.standing == Standing::open);
  CHECK(line.found == "54809 in 1 s");
  CHECK(line.aim == "60 s");
  CHECK(score_fuzzer("f", {end, true, 59}).standing == Standing::open);
  CHECK(score_fuzzer("f", {end, false, 1}).standing == Standing::miss);
}

TEST_CASE("a miss outranks an open line, and both are told by the exit code") {
  ScoreLine const good = score_within("t", 1, 2, "s"), bad = score_within("t", 3, 2, "s");
  auto const open = score_all("nothing", 0, 0);
  CHECK(exit_code_of(Scorecard{false, {good}}) == 0);
  CHECK(exit_code_of(Scorecard{false, {good, open}}) == 6);
  CHECK(exit_code_of(Scorecard{false, {open, bad}}) == 4);
  CHECK_THAT(scorecard_rows({good, bad}), ContainsSubstring("| t | 3 s | within 2 s | MISS |"));
  CHECK_THAT(scorecard_head(true), ContainsSubstring("A small share of each"));
}

TEST_CASE("made runs of other sizes hold, and compare with their like alone") {
  ScratchFolder const scratch;
  auto const one = make_sizes(scratch / "a", 3, 1), other = make_sizes(scratch / "b", 3, 2);
  CHECK(BundleVerifier(one).verify().sound == 3);
  CHECK(BundleVerifier(other).verify().holds());
  auto const a = read_results(one).records, b = read_results(other).records;
  CHECK(a[0].spec.comparability_key != a[1].spec.comparability_key);
  CHECK(a[1].spec.comparability_key == b[1].spec.comparability_key);
  CHECK_THAT(*b[1].fom.value, Catch::Matchers::WithinRel(2 * *a[1].fom.value, 1e-9));
}
