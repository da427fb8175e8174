// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/acceptance.hpp>
#include <inpex/host/rule_fixtures.hpp>

#include "evidence_on.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace inpex;
using namespace inpex::host;
using namespace inpex::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using Catch::Matchers::WithinRel;

namespace {

std::string const four_figures =
    "inpex_contract: \"1.0\"\nid: test\ndivision: reference\nconfidence: 0.95\n"
    "figures:\n  - {name: box, app: fixture.box, case: smoke}\n"
    "  - {name: other, app: fixture.other, case: smoke}\n"
    "  - {name: serial, app: fixture.box, case: smoke, space: serial}\n"
    "  - {name: openmp, app: fixture.box, case: smoke, space: openmp}\nclauses:\n";

Own own() {
  return {{{"fixture.box", sound_evidence().spec->digest}},
          sound_evidence().record.software.source};
}

// The rate of the sound fixture is 32 * 20 / 0.51 = 1254.9, and lies between 1230.8 and 1280.
Judgement judge(std::string const& clauses, std::vector<Evidence> const& all) {
  Acceptor acceptor(parse_contract(four_figures + clauses, "c.yaml"), own());
  for (auto const& each : all) acceptor.add(each);
  return acceptor.judge();
}
Acceptance verdict(std::string const& clause, Evidence const& evidence = sound_evidence()) {
  return judge("  - {id: one, " + clause + "}\n", {evidence}).verdict;
}

}  // namespace

TEST_CASE("a clause is met, failed or open by where its whole interval lies") {
  CHECK(verdict("figure: box, at_least: 1200") == Acceptance::accept);
  CHECK(verdict("figure: box, at_least: 1300") == Acceptance::reject);
  CHECK(verdict("figure: box, at_least: 1260") == Acceptance::inconclusive);
  CHECK(verdict("figure: box, at_most: 1300") == Acceptance::accept);
  CHECK(verdict("figure: box, at_most: 1200") == Acceptance::reject);
  CHECK(verdict("figure: box, quantity: time, at_most: 0.53") == Acceptance::accept);
}

TEST_CASE("an open clause says how many more runs would decide, and what was used") {
  auto const open = judge("  - {id: one, figure: box, at_least: 1240}\n", {sound_evidence()});
  REQUIRE(open.clauses.size() == 1);
  auto const& clause = open.clauses[0];
  // The lower end is 24.1 away, the target 14.9: (24.1/14.9)^2 = 2.6, so three runs and one to be
  // sure would do, but fewer than six have no narrower interval than each of them.
  REQUIRE(clause.more_runs);
  CHECK(*clause.more_runs == 5);
  CHECK(clause.records.size() == 1);
  CHECK_THAT(clause.value->value, WithinRel(640 / 0.51, 1e-12));
  CHECK_THAT(acceptance_table(open), ContainsSubstring("about 5 more runs"));
}

TEST_CASE("nothing that did not pass, is projected or of another division can satisfy a clause") {
  auto wrong = sound_evidence(), projected = wrong, open = wrong, dirty = wrong;
  wrong.record.status = Status::wrong, wrong.record.reason = "the check failed";
  projected.record.kind = Kind::projected;
  open.record.spec.division = "open";
  dirty.record.software.dirty = true;
  for (auto* each : {&dirty.record, &dirty.again})
    each->quality.guards.push_back({"dirty-source", "it differs", "note"});
  CHECK(verdict("figure: box, at_least: 1", wrong) == Acceptance::reject);
  for (auto const& each : {projected, open, planned(dirty)})
    CHECK(verdict("figure: box, at_least: 1", each) == Acceptance::inconclusive);
  auto const told = judge("  - {id: one, figure: box, at_least: 1}\n", {planned(dirty)});
  CHECK_THAT(told.clauses[0].reason, ContainsSubstring("R-117 known-source"));
}

TEST_CASE("a wrong run beside a right one is not forgotten") {
  auto wrong = sound_evidence();
  wrong.record.status = Status::wrong, wrong.record.reason = "the check failed";
  CHECK(judge("  - {id: one, figure: box, at_least: 1}\n", {sound_evidence(), wrong}).verdict ==
        Acceptance::reject);
}

TEST_CASE("a figure without a record leaves a clause open, and makes portability nothing") {
  CHECK(verdict("figure: other, at_least: 1") == Acceptance::inconclusive);
  auto const pp =
      judge("  - {id: pp, composite: performance-portability, at_least: 0.1, of: [{figure: "
            "box, reference: 2000}, {figure: other, reference: 1}]}\n",
            {sound_evidence()});
  CHECK(pp.verdict == Acceptance::reject);
  CHECK(pp.clauses[0].value->value == 0);
}

TEST_CASE("a skipped case is no figure: open by itself, and 0 in performance portability") {
  auto skipped = sound_evidence_on("openmp");
  skipped.record.status = Status::skipped, skipped.record.reason = "this machine has no device";
  auto const both = judge(
      "  - {id: pp, composite: performance-portability, at_least: 0.1, of: [{figure: serial, "
      "reference: 2000}, {figure: openmp, reference: 1}]}\n"
      "  - {id: geo, composite: geometric-mean, at_least: 0.1, of: [{figure: serial, reference: "
      "2000}, {figure: openmp, reference: 1}]}\n",
      {sound_evidence_on("serial"), skipped});
  CHECK(both.clauses[0].value->value == 0);
  CHECK(both.clauses[0].verdict == Acceptance::reject);
  CHECK(both.clauses[1].verdict == Acceptance::inconclusive);
  CHECK_THAT(both.clauses[1].reason, ContainsSubstring("skipped: this machine has no device"));
}

TEST_CASE("composites are made of figures over their references") {
  auto const all = judge(
      "  - {id: geo, composite: geometric-mean, at_least: 2, of: [{figure: serial, reference: 500, "
      "weight: 3}]}\n"
      "  - {id: har, composite: harmonic-mean, at_least: 2, of: [{figure: serial, reference: "
      "500}]}\n"
      "  - {id: sum, composite: sum, at_least: 4, of: [{figure: serial, reference: 500, weight: "
      "2}]}\n"
      "  - {id: ratio, figure: serial, over: openmp, at_most: 1.1}\n",
      {sound_evidence_on("serial"), sound_evidence_on("openmp")});
  CHECK(all.verdict == Acceptance::accept);
  double const speedup = 640 / 0.51 / 500;
  CHECK_THAT(all.clauses[0].value->value, WithinRel(speedup, 1e-12));
  CHECK_THAT(all.clauses[1].value->value, WithinRel(speedup, 1e-12));
  CHECK_THAT(all.clauses[2].value->value, WithinRel(2 * speedup, 1e-12));
  CHECK_THAT(all.clauses[3].value->value, WithinRel(1, 1e-12));
}

TEST_CASE("more confidence than the samples give decides nothing") {
  Acceptor acceptor(
      parse_contract("inpex_contract: \"1.0\"\nid: t\ndivision: reference\nconfidence: 0.99\n"
                     "figures:\n  - {name: box, app: fixture.box, case: smoke}\n"
                     "clauses:\n  - {id: one, figure: box, at_least: 1}\n",
                     "c.yaml"),
      own());
  acceptor.add(sound_evidence());  // six samples: at most 96.9 %
  CHECK(acceptor.judge().verdict == Acceptance::inconclusive);
}

TEST_CASE("the same run handed in many times is one run") {
  std::vector<Evidence> const copies(8, sound_evidence());
  auto const judged = judge("  - {id: one, figure: box, at_least: 1260}\n", copies);
  CHECK(judged.verdict == Acceptance::inconclusive);
  CHECK(judged.clauses[0].records.size() == 1);
}

TEST_CASE("another size than the case's satisfies no clause") {
  auto small = sound_evidence();
  put(small.record.spec.parameters, "nx", std::int64_t{16});
  auto const told = judge("  - {id: one, figure: box, at_least: 1}\n", {planned(small)});
  CHECK(told.verdict == Acceptance::inconclusive);
  CHECK_THAT(told.clauses[0].reason, ContainsSubstring("nx is 16, the case has 32"));
}

TEST_CASE("a figure is of the judge's spec, or of the one that the contract pins") {
  using Specs = std::map<std::string, std::string>;
  auto const judged = [](std::string const& pin, Specs const& specs) {
    auto text = four_figures + "  - {id: one, figure: box, at_least: 1}\n";
    if (!pin.empty())
      text.replace(text.find("case: smoke}"), 12, "case: smoke, spec: \"" + pin + "\"}");
    Acceptor acceptor(parse_contract(text, "c.yaml"), {specs, own().source});
    acceptor.add(sound_evidence());
    return acceptor.judge();
  };
  auto const digest = sound_evidence().spec->digest;
  CHECK(judged("", own().specs).verdict == Acceptance::accept);
  CHECK(judged(digest.substr(0, 12), {}).verdict == Acceptance::accept);
  CHECK(judged("", {}).verdict == Acceptance::inconclusive);
  CHECK(judged("", {{"fixture.box", std::string(64, 'a')}}).verdict == Acceptance::inconclusive);
  CHECK_THAT(judged(std::string(12, 'b'), own().specs).clauses[0].reason,
             ContainsSubstring("asked for is bbbbbbbbbbbb"));
}

TEST_CASE("the reference division is of the judge's source, or of the one that the contract pins") {
  auto const judged = [](std::string const& pin, std::string const& source,
                         std::string const& division = "reference") {
    auto text = four_figures + "  - {id: one, figure: box, at_least: 1}\n";
    text.replace(text.find("division: reference"), 19, "division: open" + pin);
    Acceptor acceptor(parse_contract(text, "c.yaml"), {own().specs, source});
    auto evidence = sound_evidence();
    evidence.record.spec.division = division;
    evidence.record.software.source = "abcdef0123456789";
    acceptor.add(planned(evidence));
    return acceptor.judge();
  };
  CHECK(judged("", "abcdef0123456789").verdict == Acceptance::accept);
  CHECK(judged("", "fedcba").verdict == Acceptance::inconclusive);
  CHECK(judged("", "").verdict == Acceptance::inconclusive);
  CHECK(judged("\nsource: abcdef012345", "").verdict == Acceptance::accept);
  CHECK(judged("\nsource: abcdef012346", "abcdef0123456789").verdict == Acceptance::inconclusive);
  CHECK_THAT(judged("", "fedcba").clauses[0].reason,
             ContainsSubstring("its source has the digest abcdef012345, asked for is fedcba"));
  CHECK(judged("", "fedcba", "open").verdict == Acceptance::accept);
}

namespace {

// Runs of the fixture by some signers: each name with how many times as fast as the fixture it is.
Judgement judged_at(std::string const& tier,
                    std::vector<std::pair<std::string, double>> const& runs,
                    bool same_machine = true, std::string const& confidence = "0.95") {
  auto text = four_figures + "  - {id: one, figure: box, at_least: 1}\n";
  text.replace(text.find("0.95"), 4, confidence);
  text.replace(text.find("confidence"), 0, "tier: " + tier + "\n");
  Acceptor acceptor(parse_contract(text, "c.yaml"), own());
  int number = 0;
  for (auto const& [signer, speed] : runs) {
    auto evidence = sound_evidence();
    evidence.signer = signer, evidence.signing_key = "key of " + signer.substr(0, 6);
    for (auto& row : evidence.samples.time) row.front() /= speed;
    evidence.samples.time.front().front() += 1e-9 * number++;  // no two runs have the same times
    if (!same_machine) evidence.record.platform.cores = 10 + number;
    acceptor.add(planned(evidence));
  }
  return acceptor.judge();
}

}  // namespace

TEST_CASE("no clause is met by a result of a lower tier than the contract's") {
  auto const at = [](std::string const& tier, auto const& runs) {
    return judged_at(tier, runs).verdict == Acceptance::accept;
  };
  using Runs = std::vector<std::pair<std::string, double>>;
  Runs const nobody{{"", 1}}, vendor{{"vendor", 1}}, both{{"vendor", 1}, {"centre", 1.01}};
  CHECK(at("unsigned", nobody));
  CHECK_FALSE(at("signed", nobody));
  CHECK(at("signed", vendor));
  CHECK_FALSE(at("signed", Runs{{"vendor", 1}, {"", 1}}));
  CHECK_FALSE(at("reproduced", vendor));
  CHECK_FALSE(at("reproduced", Runs{{"vendor", 1}, {"vendor", 1}}));
  CHECK(at("reproduced", both));
  // Two names of one key are one signer.
  CHECK_FALSE(at("reproduced", Runs{{"vendor", 1}, {"vendor's other name", 1}}));
}

TEST_CASE("a third signer whose runs lie anywhere does not hide that two contradict each other") {
  using Runs = std::vector<std::pair<std::string, double>>;
  Runs runs{{"bidder", 1}, {"centre", 0.6}};
  for (double const speed : {0.5, 0.6, 0.7, 0.9, 1.0, 1.1}) runs.emplace_back("any", speed);
  CHECK(judged_at("reproduced", runs).verdict == Acceptance::inconclusive);
  CHECK(judged_at("reproduced", {{"bidder", 1}, {"centre", 1}, {"third", 1}}).verdict ==
        Acceptance::accept);
}

TEST_CASE("what another signer's runs do not bear out is not reproduced, and says by how much") {
  auto const told = judged_at("reproduced", {{"vendor", 1.5}, {"centre", 1}});
  CHECK(told.verdict == Acceptance::inconclusive);
  CHECK(told.clauses[0].tier == Tier::signed_result);
  CHECK_THAT(told.clauses[0].reason,
             ContainsSubstring("it is signed, the contract asks for reproduced: the runs of vendor "
                               "are 1.5 times as fast as those of centre ("));
  CHECK_THAT(judged_at("reproduced", {{"vendor", 1}, {"centre", 1}}, false).clauses[0].reason,
             ContainsSubstring("only ") && ContainsSubstring(" has run it on machine "));
  CHECK_THAT(acceptance_table(judged_at("unsigned", {{"vendor", 1}, {"centre", 1}})),
             ContainsSubstring("  2 records, reproduced: "));
}

TEST_CASE("what is reproduced follows from the contract's confidence, below 0.95 too") {
  using Runs = std::vector<std::pair<std::string, double>>;
  CHECK(judged_at("reproduced", Runs{{"vendor", 1}, {"centre", 1.01}}, true, "0.9").verdict ==
        Acceptance::accept);
  CHECK(judged_at("reproduced", Runs{{"vendor", 1}, {"centre", 1.2}}, true, "0.9").verdict ==
        Acceptance::inconclusive);
}

TEST_CASE("an interval that is less than asked for says how many runs have one") {
  using Runs = std::vector<std::pair<std::string, double>>;
  auto const of = [](std::size_t count) {
    return judged_at("unsigned", Runs(count, {"", 1}), true, "0.99").clauses[0];
  };
  for (std::size_t const few : {1, 6, 7}) {
    CAPTURE(few);
    CHECK(of(few).verdict == Acceptance::inconclusive);
    CHECK(of(few).more_runs == static_cast<std::int64_t>(8 - few));
    CHECK_THAT(of(few).reason, ContainsSubstring("96.9 % only") &&
                                   ContainsSubstring("asks for 99 %, which 8 runs have"));
  }
  CHECK(of(8).verdict == Acceptance::accept);
}

TEST_CASE("a verdict shows what guards have said of its runs, and its sentence with units") {
  auto evidence = sound_evidence();
  for (auto* each : {&evidence.record, &evidence.again})
    each->quality.guards.push_back({"oversubscribed", "it is", "warning"});
  auto const told =
      judge("  - {id: one, sentence: it is fast, figure: box, at_least: 1000, unit: cell/s}\n",
            {evidence});
  CHECK(told.verdict == Acceptance::accept);
  CHECK(told.clauses[0].notes ==
        std::vector<std::string>{"oversubscribed (warning) in 1 of 1 runs"});
  auto const text = acceptance_table(told);
  CHECK_THAT(text, StartsWith("one: ACCEPT\n  it is fast\n  1.255 kcell/s (1.231 to 1.28, 96.9 %), "
                              "at least 1.000 kcell/s\n  note: oversubscribed (warning)"));
}

TEST_CASE("one rejected clause rejects, one open clause leaves open") {
  CHECK(judge("  - {id: a, figure: box, at_least: 1}\n  - {id: b, figure: box, at_least: 9000}\n"
              "  - {id: c, figure: other, at_least: 1}\n",
              {sound_evidence()})
            .verdict == Acceptance::reject);
  CHECK(exit_code_of(Acceptance::reject) == 5);
  CHECK(exit_code_of(Acceptance::inconclusive) == 6);
}

TEST_CASE("the digest of a contract changes with its meaning and not with its writing") {
  auto const clause = std::string("  - {id: one, figure: box, at_least: 1200}\n");
  auto const digest = parse_contract(four_figures + clause, "c.yaml").digest;
  CHECK(parse_contract("# said otherwise\n" + four_figures +
                           "  - {at_least: 1.2e3, id: one, figure: box}\n",
                       "c.yaml")
            .digest == digest);
  CHECK(parse_contract(four_figures + "  - {id: one, figure: box, at_least: 1201}\n", "c.yaml")
            .digest != digest);
}

namespace {

// The sound result, changed in what was seen and computed again. Its gross energies are 60,
// 61.2, 62.4, 60, 61.2 and 62.4 J.
Evidence again(void (*change)(Record&, Samples&), double joules_more = 0) {
  auto const sound = sound_evidence();
  auto record = sound.record;
  auto samples = sound.samples;
  change(record, samples);
  for (auto& row : samples.energy.readings) row[1] += joules_more;
  samples.time.front().front() -= 1e-9 * joules_more;  // no two runs have the same times
  record = evidence_of(record, samples, sound.spec, std::nullopt).again;
  auto evidence = planned(evidence_of(record, samples, sound.spec, std::nullopt));
  evidence.record.quality.guards = fired(observed_in(evidence));
  evidence.again.quality.guards = evidence.record.quality.guards;
  evidence.environment = sound.environment;
  return evidence;
}

// What is said of a clause on energy that stays open.
std::string open_reason(Evidence const& evidence) {
  auto const told =
      judge("  - {id: one, figure: box, quantity: energy, at_most: 1e6}\n", {evidence});
  CHECK(told.verdict == Acceptance::inconclusive);
  return told.clauses[0].reason;
}

}  // namespace

TEST_CASE("a clause on energy is judged by the gross joules of a sample and their interval") {
  CHECK(verdict("figure: box, quantity: energy, at_most: 62.5") == Acceptance::accept);
  CHECK(verdict("figure: box, quantity: energy, at_most: 59.5") == Acceptance::reject);
  CHECK(verdict("figure: box, quantity: energy, at_most: 61.5") == Acceptance::inconclusive);
  auto const all =
      judge("  - {id: one, figure: serial, quantity: energy, at_most: 63}\n"
            "  - {id: ratio, figure: serial, over: openmp, quantity: energy, at_most: 1.1}\n"
            "  - {id: sum, composite: sum, quantity: energy, at_most: 126, of: [{figure: openmp, "
            "weight: 2}]}\n",
            {sound_evidence_on("serial"), sound_evidence_on("openmp")});
  CHECK(all.verdict == Acceptance::accept);
  auto const& [value, low, high, level] = *all.clauses[0].value;
  CHECK_THAT(value, WithinRel(61.2, 1e-12));
  CHECK_THAT(low, WithinRel(60, 1e-12));
  CHECK_THAT(high, WithinRel(62.4, 1e-12));
  CHECK(level > 0.95);
  CHECK_THAT(all.clauses[1].value->value, WithinRel(1, 1e-12));
  CHECK_THAT(all.clauses[2].value->value, WithinRel(122.4, 1e-12));
}

TEST_CASE("what a run says of the idle machine changes no verdict on energy") {
  for (auto *const change : {+[](Record&record, Samples&) { record.energy.idle_watts = 0; },
                             +[](Record&record, Samples&) { record.energy.idle_watts = 200; }}) {
    CHECK(verdict("figure: box, quantity: energy, at_most: 62.5", again(change)) ==
          Acceptance::accept);
    CHECK(verdict("figure: box, quantity: energy, at_most: 59.5", again(change)) ==
          Acceptance::reject);
  }
}

TEST_CASE("a run whose phases alone were changed is the same run") {
  auto const other =
      again([](Record&, Samples& samples) { samples.phases.front().time.back().front() += 1e-9; });
  CHECK(other.record.timing.samples_digest != sound_evidence().record.timing.samples_digest);
  auto const judged =
      judge("  - {id: one, figure: box, at_least: 1}\n", {sound_evidence(), other, other});
  CHECK(judged.clauses[0].records.size() == 1);
}

TEST_CASE("from six runs on energy is the median over runs") {
  std::vector<Evidence> runs;
  for (int i = 0; i < 6; ++i) runs.push_back(again([](Record&, Samples&) {}, i));
  auto const judged = judge("  - {id: one, figure: box, quantity: energy, at_most: 66.5}\n", runs);
  CHECK(judged.verdict == Acceptance::accept);
  CHECK_THAT(judged.clauses[0].value->value, WithinRel(63.7, 1e-12));  // of 61.2 to 66.2
  CHECK_THAT(judged.clauses[0].value->high, WithinRel(66.2, 1e-12));
  runs.push_back(again([](Record&, Samples& samples) { samples.energy = {}; }, 7));
  auto const open = judge("  - {id: one, figure: box, quantity: energy, at_most: 66.5}\n", runs);
  CHECK(open.verdict == Acceptance::inconclusive);
  CHECK_THAT(open.clauses[0].reason, ContainsSubstring("no counter of energy was read"));
}

TEST_CASE("energy that nobody could read, for too short a time or in part stays open") {
  auto const none = [](Record&, Samples& samples) { samples.energy = {}; };
  CHECK_THAT(open_reason(again(none)), ContainsSubstring("no counter of energy was read"));
  CHECK(verdict("figure: box, at_least: 1200", again(none)) == Acceptance::accept);
  CHECK_THAT(open_reason(again([](Record& record, Samples&) { record.energy.updates = 59; })),
             ContainsSubstring("3.06 s and 59 updates, the spec asks for 3 s and 60"));
  CHECK_THAT(open_reason(again([](Record& record, Samples&) { record.placement.devices = 1; })),
             ContainsSubstring("the scope package leaves out the devices"));
  CHECK_THAT(open_reason(again([](Record&, Samples& samples) {
               for (auto& row : samples.energy.readings) row[1] = 0;
             })),
             ContainsSubstring("the counter counted nothing"));
}

TEST_CASE("energy from a made folder satisfies no clause") {
  auto const made = again([](Record&, Samples& samples) { samples.energy.source = "made-rapl"; });
  CHECK_THAT(open_reason(made), ContainsSubstring("the counter made-rapl is none of a machine"));
}

TEST_CASE("energies of nodes and of packages are not held against each other") {
  std::vector<Evidence> const two{
      sound_evidence(), again([](Record& record, Samples&) { record.energy.scope = "node"; }, 0.5)};
  auto const told = judge("  - {id: one, figure: box, quantity: energy, at_most: 1000}\n", two);
  CHECK(told.verdict == Acceptance::inconclusive);
  CHECK_THAT(told.clauses[0].reason, ContainsSubstring("different scopes"));
}

TEST_CASE("no text of a contract or bundle steers the terminal or adds a line") {
  Judgement judgement{"c\x1b[2J", "digest", Acceptance::reject, {}};
  JudgedClause clause;
  clause.id = "one\x1b", clause.unit = "cell\n/s", clause.reason = "x\nc: ACCEPT";
  clause.at_least = 1, clause.value = Estimate{1, 1, 1, 0.95};
  judgement.clauses = {clause};
  auto const text = acceptance_table(judgement);
  CHECK_THAT(text, !ContainsSubstring("\x1b"));
  CHECK_THAT(text, ContainsSubstring("one\\x1b: ") && ContainsSubstring("cell\\x0a/s"));
  CHECK_THAT(text, ContainsSubstring("x\\x0ac: ACCEPT\nc\\x1b[2J (digest): REJECT\n"));
}
