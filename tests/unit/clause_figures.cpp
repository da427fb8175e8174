// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/acceptance.hpp>
#include <inpex/host/rule_fixtures.hpp>

#include "evidence_on.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace inpex;
using namespace inpex::host;
using namespace inpex::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinRel;

namespace {

std::string const five_figures =
    "inpex_contract: \"1.0\"\nid: test\ndivision: reference\nconfidence: 0.95\nfigures:\n"
    "  - {name: any, app: fixture.box, case: smoke}\n"
    "  - {name: serial, app: fixture.box, case: smoke, space: serial}\n"
    "  - {name: openmp, app: fixture.box, case: smoke, space: openmp}\n"
    "  - {name: one, app: fixture.box, case: smoke, ranks: 1}\n"
    "  - {name: four, app: fixture.box, case: smoke, ranks: 4}\nclauses:\n";

// Its spec says another unit or direction of the same figure.
Evidence said_otherwise(std::string const& space, void (*change)(FigureOfMerit&)) {
  auto evidence = sound_evidence_on(space);
  auto spec = *evidence.spec;
  change(spec.fom);
  evidence.spec = std::make_shared<Spec const>(std::move(spec));
  return evidence;
}

JudgedClause judged(std::string const& clause, std::vector<Evidence> const& all) {
  auto const sound = sound_evidence();
  Acceptor acceptor(parse_contract(five_figures + "  - {id: one, " + clause + "}\n", "c.yaml"),
                    {{{"fixture.box", sound.spec->digest}}, sound.record.software.source});
  for (auto const& each : all) acceptor.add(each);
  return acceptor.judge().clauses.front();
}
std::string open_reason(std::string const& clause, std::vector<Evidence> const& all) {
  auto const found = judged(clause, all);
  CHECK(found.verdict == Acceptance::inconclusive);
  CHECK_FALSE(found.value);
  return found.reason;
}

}  // namespace

TEST_CASE("a limit in another unit than the figure's leaves the clause open, and names both") {
  CHECK(judged("figure: any, at_least: 100, unit: cell/s", {sound_evidence_on("serial")}).verdict ==
        Acceptance::accept);
  CHECK(open_reason("figure: any, at_least: 100, unit: Gcell/s", {sound_evidence_on("serial")}) ==
        "its limit is in Gcell/s, the figure is in cell/s");
  CHECK(open_reason("composite: sum, of: [{figure: any}], at_least: 100, unit: flop/s",
                    {sound_evidence_on("serial")}) ==
        "its limit is in flop/s, the figure is in cell/s");
  CHECK(judged("composite: sum, of: [{figure: any}], at_least: 100, unit: cell/s",
               {sound_evidence_on("serial")})
            .verdict == Acceptance::accept);
}

TEST_CASE("a value is told in the figure's unit, a ratio in none") {
  CHECK(judged("figure: any, at_least: 100", {sound_evidence_on("serial")}).unit == "cell/s");
  CHECK(judged("figure: any, quantity: time, at_most: 1", {sound_evidence_on("serial")}).unit ==
        "s");
  CHECK(judged("figure: any, quantity: energy, at_most: 100", {sound_evidence_on("serial")}).unit ==
        "J");
  CHECK(judged("figure: serial, over: openmp, at_least: 0.5",
               {sound_evidence_on("serial"), sound_evidence_on("openmp")})
            .unit == "");
  CHECK(judged("composite: sum, of: [{figure: any, reference: 2}], at_least: 1",
               {sound_evidence_on("serial")})
            .unit == "");
}

TEST_CASE("figures of two units make no ratio and no mean, unless each is over its reference") {
  std::vector<Evidence> const two{
      sound_evidence_on("serial"),
      said_otherwise("openmp", [](FigureOfMerit& fom) { fom.unit = "flop/s"; })};
  std::string const both = "its figures are in cell/s and in flop/s";
  CHECK(open_reason("figure: serial, over: openmp, at_least: 0.5", two) == both);
  CHECK(open_reason("composite: sum, of: [{figure: serial}, {figure: openmp}], at_least: 1", two) ==
        both);
  CHECK(judged("composite: geometric-mean, of: [{figure: serial, reference: 500}, {figure: openmp, "
               "reference: 500}], at_least: 2",
               two)
            .verdict == Acceptance::accept);
  CHECK(judged("figure: serial, over: openmp, quantity: time, at_least: 0.5", two).verdict ==
        Acceptance::accept);
}

TEST_CASE("two figures of the same run are not independent, and decide nothing together") {
  std::string const same = "are of the same run, and not independent";
  CHECK_THAT(open_reason("figure: any, over: serial, at_least: 0.5", {sound_evidence_on("serial")}),
             ContainsSubstring("its figures any and serial " + same));
  for (auto const* composite : {"sum", "geometric-mean", "performance-portability"})
    CHECK_THAT(open_reason(std::string("composite: ") + composite +
                               ", of: [{figure: serial, reference: 1}, {figure: any, reference: "
                               "1}], at_least: 0.1",
                           {sound_evidence_on("serial")}),
               ContainsSubstring(same));
  CHECK(judged("figure: serial, over: openmp, at_least: 0.5",
               {sound_evidence_on("serial"), sound_evidence_on("openmp")})
            .verdict == Acceptance::accept);
}

TEST_CASE("of a figure that is better when lower there is no efficiency") {
  auto const lower =
      said_otherwise("serial", [](FigureOfMerit& fom) { fom.higher_is_better = false; });
  std::string const clause =
      "composite: performance-portability, of: [{figure: any, reference: 1}], at_least: 0.1";
  CHECK(judged(clause, {sound_evidence_on("serial")}).verdict == Acceptance::accept);
  CHECK_THAT(open_reason(clause, {lower}), ContainsSubstring("rate is better when lower"));
}

TEST_CASE("a value that overflows meets no clause") {
  // 1254.9 over 1e-100, times 1e100; its square, which the interval needs, is beyond 1e308.
  std::string const huge =
      "composite: sum, of: [{figure: any, reference: 1e-100, weight: 1e100}], ";
  CHECK(open_reason(huge + "at_least: 1", {sound_evidence_on("serial")}) ==
        "its value is no finite number");
  CHECK(open_reason(huge + "at_most: 1", {sound_evidence_on("serial")}) ==
        "its value is no finite number");
}

TEST_CASE("an efficiency of scaling is of so many times the ranks, alike in all else") {
  std::string const clause = "figure: four, over: one, at_most: 0.3";
  auto const one = sound_evidence_of_ranks(1), four = sound_evidence_of_ranks(4);
  auto const found = judged(clause + ", times: 4", {one, four});
  CHECK(found.reason == "");
  CHECK(found.verdict == Acceptance::accept);
  CHECK_THAT(found.value->value, WithinRel(0.25, 1e-12));
  CHECK(open_reason(clause + ", times: 2", {one, four}) ==
        "no scaling by 2: the ranks are 4 over 1");
  CHECK(open_reason("figure: openmp, over: one, times: 4, at_most: 0.3",
                    {one, sound_evidence_on("openmp")}) != "");

  auto const other = [&](void (*change)(Record&)) {
    auto changed = four;
    change(changed.record), change(changed.again);
    return open_reason(clause + ", times: 4", {one, planned(changed)});
  };
  CHECK(other([](Record& r) { r.placement.space = "openmp"; }) ==
        "no scaling: space is serial with ranks 1 and openmp with ranks 4");
  CHECK(other([](Record& r) { r.placement.schedule = "device"; }) ==
        "no scaling: schedule is native with ranks 1 and device with ranks 4");
  CHECK(other([](Record& r) { r.placement.threads = 8; }) ==
        "no scaling: threads of a rank is 2 with ranks 1 and 8 with ranks 4");
  CHECK(other([](Record& r) { r.placement.devices = 4; }) ==
        "no scaling: devices of a rank is 0 with ranks 1 and 1 with ranks 4");
  CHECK_THAT(other([](Record& r) { r.platform.cpu = "another"; }),
             ContainsSubstring("no scaling: processor is "));
  CHECK_THAT(other([](Record& r) { r.platform.memory_bytes = 1; }),
             ContainsSubstring("no scaling: machine is "));
  CHECK(other([](Record& r) { put(r.spec.parameters, "tile", std::int64_t{16}); }) ==
        "no scaling: tile is 8 with ranks 1 and 16 with ranks 4");
  // A ratio that is divided by nothing is of what the contract likes.
  CHECK(judged("figure: serial, over: openmp, at_least: 0.5",
               {sound_evidence_on("serial"), sound_evidence_on("openmp")})
            .verdict == Acceptance::accept);
}

TEST_CASE("runs of several numbers of ranks are no figure of a scaling") {
  ScaledSetting const one{1, {}}, two{2, {}}, four{4, {}};
  CHECK(why_no_scaling({two, two}, {one}, 2) == "");
  CHECK(why_no_scaling({one}, {four}, 0.25) == "");
  CHECK(why_no_scaling({two, four}, {one}, 2) == "no scaling: a figure has runs of ranks 2 and 4");
  CHECK(why_no_scaling({four}, {one, two}, 4) == "no scaling: a figure has runs of ranks 1 and 2");
}

TEST_CASE("runs that were set up differently are no one figure") {
  auto const serial = sound_evidence_on("serial"), openmp = sound_evidence_on("openmp");
  CHECK(open_reason("figure: any, at_least: 1", {serial, openmp}) ==
        "any: its runs differ in space: serial and openmp");
  CHECK(open_reason("figure: any, at_least: 1",
                    {sound_evidence_of_ranks(1), sound_evidence_of_ranks(4)}) ==
        "any: its runs differ in ranks: 1 and 4");
  ScaledSetting const one{1, {{"variant", "a"}, {"machine", "m"}}};
  CHECK(why_not_alike({one, one}) == "");
  CHECK(why_not_alike({one, {1, {{"variant", "a"}, {"machine", "n"}}}}) == "");
  CHECK(why_not_alike({one, {1, {{"variant", "b"}, {"machine", "m"}}}}) ==
        "its runs differ in variant: a and b");
}

TEST_CASE("what is better when lower is in no composite with what is better when higher") {
  std::vector<Evidence> const two{
      sound_evidence_on("serial"),
      said_otherwise("openmp", [](FigureOfMerit& fom) { fom.higher_is_better = false; })};
  CHECK(open_reason("composite: geometric-mean, of: [{figure: serial}, {figure: openmp}], "
                    "at_least: 1",
                    two) == "rate is better when higher, rate when lower");
  CHECK(judged("composite: sum, quantity: time, of: [{figure: serial}, {figure: openmp}], "
               "at_most: 2",
               two)
            .verdict == Acceptance::accept);
}
