// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/acceptance.hpp>
#include <inpex/host/rule_fixtures.hpp>

#include "evidence_on.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

using namespace inpex;
using namespace inpex::host;
using namespace inpex::test;
using Catch::Matchers::ContainsSubstring;

namespace {

// The verdict on a clause of a contract whose figures are `box`, with these words more, and
// `openmp`.
JudgedClause verdict_of(std::string const& clause, std::vector<Evidence> const& all,
                        std::string const& more = {}, std::string const& tier = "unsigned") {
  auto const sound = sound_evidence();
  Acceptor acceptor(
      parse_contract("inpex_contract: \"1.0\"\nid: test\ndivision: reference\nconfidence: 0.95\n"
                     "tier: " +
                         tier + "\nfigures:\n  - {name: box, app: fixture.box, case: smoke" + more +
                         "}\n  - {name: openmp, app: fixture.box, case: smoke, space: openmp}\n"
                         "clauses:\n  - {id: one, " +
                         clause + "}\n",
                     "c.yaml"),
      {{{"fixture.box", sound.spec->digest}}, sound.record.software.source});
  for (auto const& each : all) acceptor.add(each);
  return acceptor.judge().clauses.front();
}

// The sound run as a signer's, with so many times its joules.
Evidence signed_by(std::string const& signer, double joules) {
  auto const sound = sound_evidence();
  auto samples = sound.samples;
  for (auto& row : samples.energy.readings) row[1] *= joules;
  samples.time.front().front() -= 1e-8 * joules;  // no two runs have the same times
  auto evidence = as_run(sound.record, samples, sound.spec);
  evidence.signer = signer, evidence.signing_key = "key of " + signer;
  return evidence;
}

Evidence of_status(Status status, std::string const& reason) {
  auto evidence = sound_evidence_on("openmp");
  evidence.record.status = status, evidence.record.reason = reason;
  return evidence;
}

}  // namespace

TEST_CASE(
    "beside a run that passed, a bad one rejects the figure, and one not run leaves it open") {
  for (auto const status : {Status::wrong, Status::failed, Status::timeout, Status::skipped}) {
    auto const told =
        verdict_of("figure: box, at_least: 1", {sound_evidence(), of_status(status, "so it is")});
    CHECK(told.verdict ==
          (status == Status::skipped ? Acceptance::inconclusive : Acceptance::reject));
    CHECK_THAT(told.reason,
               ContainsSubstring("its status is " + std::string(word(status)) + ": so it is"));
  }
}

TEST_CASE("beside a run that counts, one that does not leaves the figure open, and is named") {
  auto const counts = sound_evidence();
  auto open = sound_evidence_on("openmp"), projected = open, small = open;
  open.record.spec.division = "open";
  projected.record.kind = Kind::projected;
  put(small.record.spec.parameters, "nx", std::int64_t{16});
  for (auto* each : {&open, &projected, &small}) each->record.id = "fedcba987654321";
  for (auto const& [other, why] :
       {std::pair(open, "its division is open, the contract asks for reference"),
        std::pair(projected, "it is projected, not measured"),
        std::pair(planned(small), "nx is 16, the case has 32")}) {
    auto const told = verdict_of("figure: box, at_least: 1", {counts, other});
    CHECK(told.verdict == Acceptance::inconclusive);
    CHECK(told.reason == "box: fedcba987654: " + std::string(why));
  }
  // A bad one is told first, whichever was added first.
  auto const bad = verdict_of("figure: box, at_least: 1",
                              {counts, open, of_status(Status::failed, "it crashed")});
  CHECK(bad.verdict == Acceptance::reject);
  CHECK_THAT(bad.reason, ContainsSubstring("its status is failed: it crashed"));
}

TEST_CASE("a run that the figure does not select changes nothing") {
  auto open = sound_evidence(), other_case = sound_evidence(), other_app = sound_evidence();
  open.record.spec.division = "open";  // of the space serial
  other_case.record.spec.case_name = "S", other_app.record.spec.id = "fixture.other";
  CHECK(verdict_of("figure: openmp, at_least: 1",
                   {sound_evidence_on("openmp"), open, other_case, other_app})
            .verdict == Acceptance::accept);
  // So it is with another spec than a figure pins, also where the run is bad.
  auto other_spec = sound_evidence();
  other_spec.record.spec.digest = std::string(64, 'a');
  auto bad = other_spec;
  bad.record.status = Status::wrong, bad.record.reason = "the check failed";
  auto const pin = ", spec: \"" + sound_evidence().spec->digest.substr(0, 12) + "\"";
  CHECK(verdict_of("figure: box, at_least: 1", {sound_evidence(), other_spec, bad}, pin).verdict ==
        Acceptance::accept);
  CHECK(verdict_of("figure: box, at_least: 1", {sound_evidence(), other_spec}).verdict ==
        Acceptance::inconclusive);
}

TEST_CASE("portability of a platform that has runs which do not count yet is open, not 0") {
  std::string const clause = "composite: performance-portability, of: [{figure: box, reference: "
                             "2000}], at_least: 0.1";
  auto open = sound_evidence_on("openmp");
  open.record.spec.division = "open";
  CHECK(verdict_of(clause, {sound_evidence(), open}).verdict == Acceptance::inconclusive);
  CHECK(verdict_of(clause, {open}).verdict == Acceptance::reject);
}

TEST_CASE("another signer bears out the quantity of the clause, not only the figure of merit") {
  std::string const clause = "figure: box, quantity: energy, at_most: 1e6";
  std::vector<Evidence> const agreed{signed_by("vendor", 1), signed_by("centre", 1.02)};
  std::vector<Evidence> const contrary{signed_by("vendor", 1), signed_by("centre", 2)};
  CHECK(verdict_of("figure: box, at_least: 1", contrary).tier == Tier::reproduced);
  CHECK(verdict_of("figure: box, quantity: time, at_most: 1", contrary).tier == Tier::reproduced);
  CHECK(verdict_of(clause, agreed).tier == Tier::reproduced);
  CHECK(verdict_of(clause, contrary).tier == Tier::signed_result);
  auto const told = verdict_of(clause, contrary, {}, "reproduced");
  CHECK(told.verdict == Acceptance::inconclusive);
  // Keys are in the order of their names: centre, vendor.
  CHECK_THAT(told.reason, ContainsSubstring("box: it is signed, the contract asks for reproduced: "
                                            "the runs of vendor take 0.5 times the energy of "
                                            "those of centre ("));
  CHECK(verdict_of(clause, agreed, {}, "reproduced").verdict == Acceptance::accept);
}

TEST_CASE("the times of a run in another order are the same run") {
  std::vector<Evidence> runs(6, sound_evidence());
  for (std::size_t i = 0; i < runs.size(); ++i) {
    for (auto* each : {&runs[i].samples.time, &runs[i].samples.energy.readings})
      std::rotate(each->begin(), each->begin() + static_cast<std::ptrdiff_t>(i), each->end());
    runs[i] = as_run(runs[i].record, runs[i].samples, runs[i].spec);
  }
  auto const told = verdict_of("figure: box, at_least: 1", runs);
  CHECK(told.reason == "");
  CHECK(told.verdict == Acceptance::accept);
  CHECK(told.records.size() == 1);
}

TEST_CASE("times are told apart by their values, not by the order of samples and ranks") {
  CHECK(times_digest({{1, 2}, {3, 4}}) == times_digest({{4, 3}, {2, 1}}));
  CHECK(times_digest({{1, 2}, {3, 4}}) != times_digest({{1, 3}, {2, 4}}));
  CHECK(times_digest({{1}, {1}, {2}}) != times_digest({{1}, {2}, {2}}));
}

TEST_CASE("so many runs more are asked for that every figure has six, or more where those decide") {
  std::vector<Evidence> runs;
  auto const more = [&](std::string const& clause) { return verdict_of(clause, runs).more_runs; };
  for (int i = 1; i <= 5; ++i) {
    runs.push_back(signed_by("vendor", i));
    CHECK(more("figure: box, at_least: 1240") == 6 - i);
  }
  // From 1230.77 to 1254.90, 2.90 from the target: (24.13/2.90)^2 = 69.2, one to be sure, less
  // those that are there.
  CHECK(more("figure: box, at_least: 1252") == 70 + 1 - 5);
  // Of two figures the one that has the fewest runs counts: the mean is 1254.9 and from 1242.8 on.
  runs.push_back(signed_by("vendor", 6));
  runs.push_back(sound_evidence_on("openmp"));
  auto const told =
      verdict_of("composite: geometric-mean, of: [{figure: box, reference: 1}, {figure: openmp, "
                 "reference: 1}], at_least: 1245",
                 runs, ", space: serial");
  CHECK(told.reason == "about 5 more runs of each figure would decide");
  CHECK(told.more_runs == 5);
}

TEST_CASE("fewer runs than a figure asks for leave it open, and it says how many it lacks") {
  std::string const clause = "figure: box, at_least: 1";
  std::vector<Evidence> runs;
  auto const none = verdict_of(clause, runs, ", runs: 6");
  CHECK(none.verdict == Acceptance::inconclusive);
  CHECK(none.more_runs == 6);
  for (int i = 1; i <= 5; ++i) {
    runs.push_back(signed_by("vendor", i));
    auto const told = verdict_of(clause, runs, ", runs: 6");
    CHECK(told.verdict == Acceptance::inconclusive);
    CHECK_FALSE(told.value);
    CHECK(told.more_runs == 6 - i);
  }
  CHECK(verdict_of(clause, runs, ", runs: 6").reason ==
        "box: of 5 runs, the contract asks for 6: 1 more is needed");
  CHECK(verdict_of(clause, runs).verdict == Acceptance::accept);
  // Neither a copy nor a run that does not count is one more.
  runs.push_back(runs.front());
  CHECK(verdict_of(clause, runs, ", runs: 6").verdict == Acceptance::inconclusive);
  runs.back() = signed_by("vendor", 6);
  CHECK(verdict_of(clause, runs, ", runs: 6").verdict == Acceptance::accept);
  // A ratio needs them of both, and portability of few runs is open, not 0.
  CHECK(verdict_of("figure: openmp, over: box, at_least: 0.5", {sound_evidence_on("openmp")},
                   ", space: serial, runs: 6")
            .more_runs == 6);
  CHECK(verdict_of("composite: performance-portability, of: [{figure: box, reference: 2000}], "
                   "at_least: 0.1",
                   {sound_evidence()}, ", runs: 2")
            .verdict == Acceptance::inconclusive);
}
