// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/formula_parser.hpp>
#include <inpex/host/rule_fixtures.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <string>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinRel;

namespace {

// The names of the rules that a changed result breaks, of a plan and a machine.yaml that say so,
// too.
std::set<std::string> broken(void (*change)(Evidence&)) {
  auto evidence = sound_evidence();
  change(evidence);
  auto const& record = evidence.record;
  evidence.task->parameters = record.spec.parameters;
  evidence.machine = shared_json(record.platform, record.software);
  std::set<std::string> names;
  for (auto const& breach : breaches_in(evidence)) names.insert(breach.rule.substr(6));
  return names;
}
using RuleNames = std::set<std::string>;

}  // namespace

TEST_CASE("a sound result breaks no rule") {
  CHECK(breaches_in(sound_evidence()).empty());
  CHECK(fired(sound_observation()).empty());
}

TEST_CASE("every rule passes its sound case and finds its violating one") {
  auto const found = rule_coverage();
  CHECK(found.blind.empty());
  CHECK(found.covered == found.rules);
  CHECK(found.rules == guard_rules.size() + result_rules.size());
  CHECK_THAT(coverage_text(found), ContainsSubstring("(100 %)"));
}

TEST_CASE("a rule that does not tell its cases apart is named") {
  RuleCoverage const found{2, 1, {"R-102 comparability-key"}};
  CHECK_THAT(coverage_text(found), ContainsSubstring("R-102 comparability-key: does not tell"));
  CHECK_THAT(coverage_text(found), ContainsSubstring("1 of 2 rules (50 %)"));
}

TEST_CASE("every rule has an id and a name of its own, a sentence and a reason") {
  std::set<std::string> ids, names;
  for (auto const& rule : rule_texts()) {
    CHECK(ids.insert(rule.id).second);
    CHECK(names.insert(rule.name).second);
    CHECK_FALSE(rule.sentence.empty());
    CHECK_FALSE(rule.reason.empty());
  }
}

TEST_CASE("a forged figure breaks its own rule and no other") {
  CHECK(broken([](Evidence& e) { *e.record.fom.value *= 2; }) == RuleNames{"figure"});
  CHECK(broken([](Evidence& e) { e.record.fom.interval->low *= 0.5; }) == RuleNames{"figure"});
  CHECK(broken([](Evidence& e) { e.record.timing.quantiles[1].value = 1; }) == RuleNames{"times"});
  CHECK(broken([](Evidence& e) { e.record.fom.secondary[0].value *= 2; }) == RuleNames{"figure"});
}

TEST_CASE(
    "what only the run knew is taken from the record, with the names that the spec declares") {
  auto const sound = sound_evidence();
  REQUIRE(sound.again.fom.secondary.size() == 1);
  CHECK(sound.again.fom.secondary[0].value == 5 / 0.5);  // the spec's prediction is 4 rounds
  CHECK(broken([](Evidence& e) { e.record.spec.reported[0].name = "laps"; }) ==
        RuleNames{"reported"});
  CHECK(broken([](Evidence& e) {
          e.record.spec.chosen = {{"order", std::string("planes"), {}}};
        }) == RuleNames{"reported"});
}

TEST_CASE("of one rank the work is that of the spec's formulas, in the record's order of phases") {
  CHECK(broken([](Evidence& e) { e.again.phases[0].flops = 1; }) == RuleNames{"phases"});
  auto sound = sound_evidence();
  sound.record.phases.insert(sound.record.phases.begin(),
                             PhaseGroup{"halo", {}, 0, 0, 0, 0, 0, {}, {}, {}});
  auto const idle = evidence_of(sound.record, sound.samples, sound.spec, std::nullopt);
  REQUIRE(idle.again.phases.size() == 2);
  CHECK(idle.again.phases[0].name == "halo");
  CHECK(*idle.again.phases[1].flops == 8 * 32 * 20);
}

TEST_CASE("what a division does not forbid is allowed in it") {
  CHECK(broken([](Evidence& e) {
          e.record.spec.division = "open";
          put(e.record.spec.parameters, "variant", std::string("fused"));
          e.record.software.flags += " -ffast-math";
          e.record.software.dirty = true;
        }) == RuleNames{});
  CHECK(broken([](Evidence& e) { put(e.record.spec.parameters, "tile", std::int64_t{16}); }) ==
        RuleNames{});
}

TEST_CASE("what rules look at must be stated, outside draft") {
  CHECK(broken([](Evidence& e) { e.record.placement.threads.reset(); }) == RuleNames{"stated"});
  CHECK(broken([](Evidence& e) {
          e.record.placement.threads.reset();
          e.record.placement.devices = 1;
        }) == RuleNames{});
  CHECK(broken([](Evidence& e) {
          for (auto* each : {&e.record, &e.again}) each->quality.timer_floor.reset();
        }) == RuleNames{"stated"});
  CHECK(broken([](Evidence& e) { e.record.software.kokkos_options.clear(); }) ==
        RuleNames{"stated"});
}

TEST_CASE("a guard that the record shows to fire must be stated, although only the run knew all") {
  CHECK(broken([](Evidence& e) {
          e.record.platform.hardware_threads = 2;
          e.record.placement.threads = 64;
        }) == RuleNames{"guards"});
  CHECK(broken([](Evidence& e) { e.record.placement.thread_binding = {"0 0"}; }) ==
        RuleNames{"guards"});
  CHECK(broken([](Evidence& e) { e.record.ceilings.clear(); }).contains("guards"));
  CHECK(broken([](Evidence& e) {
          for (auto* each : {&e.record, &e.again})
            each->quality.guards.push_back({"oversubscribed", "it may be", "warning"});
        }) == RuleNames{});  // of the hardware threads it could use only a few
}

TEST_CASE("samples that were taken out leave others that met the rule before") {
  CHECK(broken([](Evidence& e) { e.plan.measure.min_samples = 5; }) == RuleNames{"no-best-of"});
}

TEST_CASE("an app of which a planted fault survived has no figure in the reference") {
  CHECK(broken([](Evidence& e) { e.record.software.faults_planted = 3; }) ==
        RuleNames{"proven-checks"});
  CHECK(broken([](Evidence& e) {
          e.record.software.faults_planted = e.record.software.faults_caught = 3;
        }) == RuleNames{});
}

TEST_CASE("a build that changes the arithmetic is told, as each compiler spells it") {
  auto const with = [](std::string const& flags) {
    auto evidence = sound_evidence();
    evidence.record.software.flags = flags;
    return inpex::host::detail::unsafe_flags(evidence);
  };
  for (auto const* unsafe :
       {"-O3 -ffast-math", "-Ofast", "-mrecip=all", "--use_fast_math", "-use_fast_math",
        "-fp-model fast", "-fp-model=fast=2", "-ffp-model=fast", "-ffp-model=aggressive",
        "-O2 -ffinite-math-only", "-fno-signed-zeros", "-ffp-contract=fast",
        "-O3 CUDA: 12.4 90 -prec-div=false -O3", "-O3 CUDA: 12.4 90 -ftz=true"})
    CHECK_THAT(with(unsafe), ContainsSubstring("was built with "));
  for (auto const* sound : {"-O3", "-fno-fast-math", "-ffp-contract=off", "-fp-model precise"})
    CHECK(with(sound).empty());
  auto intel = sound_evidence();
  intel.record.software.compiler = "IntelLLVM 2024", intel.record.software.flags = "-O3";
  CHECK_THAT(inpex::host::detail::unsafe_flags(intel), ContainsSubstring("-fp-model=precise"));
  intel.record.software.flags = "-O3 -fp-model=precise";
  CHECK(inpex::host::detail::unsafe_flags(intel).empty());
}

TEST_CASE("a slow build is no result of the reference or closed division, by its last level") {
  auto const with = [](std::string const& flags, std::string const& division = "reference") {
    auto evidence = sound_evidence();
    evidence.record.software.flags = flags, evidence.record.spec.division = division;
    return inpex::host::detail::slow_flags(evidence);
  };
  for (auto const* slow :
       {"-O0", "-O3 -O0", "-O2 -Og", "-O1 -g", "-O", "-Os", "-O3 -fsanitize=undefined",
        "-O0 -march=x CUDA: 12.4 90 -O3", "-O3 CUDA: 12.4 90 -O3 -O0"})
    CHECK_THAT(with(slow), ContainsSubstring("was built with -"));
  for (auto const* none : {"-march=native", "-O3 CUDA: 12.4 90", "-g CUDA: 12.4 90 -O3"})
    CHECK_THAT(with(none), ContainsSubstring("no level of optimisation"));
  for (auto const* fast : {"-O3", "-O2 -g", "-O0 -O2", "-O3 CUDA: 12.4 90 -O2"})
    CHECK(with(fast).empty());
  CHECK_FALSE(with("-O0", "closed").empty());
  CHECK(with("-O0", "open").empty());
}

TEST_CASE("a shortened measurement is no result of a division but draft") {
  CHECK(broken([](Evidence& e) {
          auto spec = *e.spec;
          spec.cases[0].measure.min_seconds = 5;
          e.spec = std::make_shared<Spec const>(std::move(spec));
          e.min_seconds = 0.5;
        }) == RuleNames{"no-best-of"});
}

TEST_CASE("guards are applied again where the record tells enough") {
  // A sample of a microsecond must be stated as too short; the record's times are then others, too.
  auto const names = broken([](Evidence& e) { e.samples.time[0][0] = 1e-7; });
  CHECK(names.contains("guards"));
}

TEST_CASE("energy that does not follow from its readings breaks its own rule and no other") {
  auto const sound = sound_evidence();
  // 20 W of 0.5, 0.51 and 0.52 s are 10, 10.2 and 10.4 J of 60, 61.2 and 62.4
  CHECK_THAT(*sound.record.energy.net_joules, WithinRel(51, 1e-12));
  CHECK(broken([](Evidence& e) { *e.record.energy.gross_joules *= 1 + 1e-15; }) ==
        RuleNames{"energy"});
  CHECK(broken([](Evidence& e) { *e.record.energy.window *= 2; }) == RuleNames{"energy"});
  CHECK(broken([](Evidence& e) { e.record.energy.source = "pm_counters"; }) == RuleNames{"energy"});
  CHECK(broken([](Evidence& e) { e.record.energy.level = "3"; }) == RuleNames{"energy"});
  CHECK(broken([](Evidence& e) { e.record.energy.gross_joules.reset(); }) == RuleNames{"energy"});
  CHECK(broken([](Evidence& e) { e.samples.energy.readings.pop_back(); }) == RuleNames{"energy"});
}

TEST_CASE("what only the run knew of energy must be possible") {
  auto const again = [](void (*change)(Evidence&)) {
    auto changed = sound_evidence();
    change(changed);
    auto evidence = evidence_of(changed.record, changed.samples, changed.spec, changed.min_seconds);
    evidence.record.energy = evidence.again.energy;  // what follows from it
    return inpex::host::detail::other_energy(evidence);
  };
  CHECK(again([](Evidence&) {}).empty());
  CHECK_THAT(again([](Evidence& e) { e.record.energy.idle_watts = -1; }),
             ContainsSubstring("the idle machine took -1 W"));
  CHECK_THAT(again([](Evidence& e) { e.record.energy.idle_watts = std::nan(""); }),
             ContainsSubstring("the idle machine took nan W"));
  CHECK_THAT(again([](Evidence& e) {
               e.record.energy.idle_watts = std::numeric_limits<double>::infinity();
             }),
             ContainsSubstring("the idle machine took inf W"));
  CHECK_THAT(again([](Evidence& e) { e.record.energy.updates = -3; }),
             ContainsSubstring("there were -3 updates"));
  CHECK_THAT(again([](Evidence& e) { e.samples.energy.readings[1][0] = 0.4; }),
             ContainsSubstring("sample 1 took 0.51 s, and energy was read for 0.4 s of it"));
  CHECK_THAT(again([](Evidence& e) { e.samples.energy.readings[2][1] = -1; }),
             ContainsSubstring("sample 2 took -1 J in 0.52 s"));
}

TEST_CASE("too short a window of energy is stated by its guard, and there are no joules") {
  auto evidence = sound_evidence();
  evidence.record.energy.updates = 59;
  evidence = evidence_of(evidence.record, evidence.samples, evidence.spec, std::nullopt);
  CHECK_FALSE(evidence.again.energy.net_joules);
  CHECK(evidence.again.energy.window == evidence.record.energy.window);
  evidence.record.energy = evidence.again.energy;
  auto const names = [&] {
    RuleNames found;
    for (auto const& breach : breaches_in(evidence)) found.insert(breach.rule.substr(6));
    return found;
  };
  CHECK(names().contains("guards"));
  evidence.record.quality.guards = fired(observed_in(evidence));
  REQUIRE(evidence.record.quality.guards.size() == 1);
  CHECK(evidence.record.quality.guards[0].id == "energy-window");
}

TEST_CASE("a change of the clock must follow from its samples") {
  auto const breaks = [](double change) {
    auto const sound = sound_evidence();
    auto record = sound.record;
    record.quality.speeds = {1, 1.25, 1.125}, record.quality.clock_change = change;
    auto const all = breaches_in(evidence_of(record, sound.samples, sound.spec, sound.min_seconds));
    return std::any_of(all.begin(), all.end(),
                       [](auto const& each) { return each.rule == "R-106 quality"; });
  };
  CHECK_FALSE(breaks(0.25));
  CHECK(breaks(0.125));
}

namespace {

// What the rule of that name says of the sound case with a change.
template <class Change>
std::string said_by(std::string_view name, Change change) {
  auto evidence = sound_evidence();
  change(evidence);
  for (auto const& rule : result_rules)
    if (rule.name == name) return rule.broken(evidence);
  return "no such rule";
}

}  // namespace

TEST_CASE("a record must be of its task and of the plan's conditions, in every part") {
  auto const said = [](auto change) { return said_by("plan", change); };
  CHECK(said([](Evidence&) {}).empty());
  CHECK(said([](Evidence& e) { e.task.reset(); }) ==
        "no task of the plan has the name '0001-fixture'");
  CHECK(said([](Evidence& e) { e.task->app = "nope.x"; }) ==
        "its app is 'fixture.box', the plan has 'nope.x'");
  CHECK_FALSE(said([](Evidence& e) { e.task->case_name = "L"; }).empty());
  CHECK_FALSE(said([](Evidence& e) { e.task->precision = "fp128"; }).empty());
  CHECK_FALSE(said([](Evidence& e) { e.task->schedule = "device"; }).empty());
  CHECK(said([](Evidence& e) { put(e.task->parameters, "nx", std::int64_t{64}); }) ==
        "its nx is '32', the plan has '64'");
  CHECK(said([](Evidence& e) { put(e.task->parameters, "nx", 32.0); }).empty());
  CHECK(said([](Evidence& e) {
          e.task->parameters.clear();
          e.record.spec.parameters.pop_back();
        }) == "the parameter variant is not stated");
  CHECK(said([](Evidence& e) { e.record.platform.host = "elsewhere"; }) ==
        "its host is 'elsewhere', the plan has ''");
  CHECK_FALSE(said([](Evidence& e) { e.record.software.commit = "f"; }).empty());
  CHECK_FALSE(said([](Evidence& e) { e.record.software.source = "f"; }).empty());
  CHECK_FALSE(said([](Evidence& e) { e.record.software.compiler = "GNU 12"; }).empty());
  CHECK_FALSE(said([](Evidence& e) { e.record.software.inpex = "9"; }).empty());
  CHECK_FALSE(said([](Evidence& e) { put(e.conditions, "ranks", std::int64_t{4}); }).empty());
  CHECK_FALSE(said([](Evidence& e) { e.record.spec.ranks = 2; }).empty());
  CHECK_FALSE(said([](Evidence& e) { e.record.placement.ranks.reset(); }).empty());
  CHECK_FALSE(said([](Evidence& e) { e.record.placement.nodes = 0; }).empty());
}

TEST_CASE("without samples there is no figure, whatever the record calls itself") {
  auto const said = [](auto change) {
    return said_by("no-samples", [&](Evidence& e) {
      e.samples = {};
      e.record.fom = {}, e.record.timing = {}, e.record.energy = {};
      for (auto& phase : e.record.phases)
        phase.time.reset(), phase.roofline_fraction.reset(), phase.hidden.reset();
      change(e);
    });
  };
  CHECK(said([](Evidence&) {}).empty());
  CHECK_FALSE(said([](Evidence& e) { e.record.fom.value = 9.9e99; }).empty());
  CHECK_FALSE(said([](Evidence& e) { e.record.fom.secondary = {{"best", 1, "x"}}; }).empty());
  CHECK_FALSE(said([](Evidence& e) { e.record.timing.median = 1; }).empty());
  CHECK_FALSE(said([](Evidence& e) { e.record.phases[0].time = 1; }).empty());
  CHECK_FALSE(said([](Evidence& e) { e.record.energy.source = "rapl"; }).empty());
}

TEST_CASE("the set-up takes some time, and is stated where a figure counts it") {
  auto const said = [](auto change) { return said_by("set-up", change); };
  auto const counted = [](Evidence& e) {
    auto spec = *e.spec;
    spec.fom.formula = parse_formula("nx/(time+setup)", {"s.yaml", {1, 1}});
    e.spec = std::make_shared<Spec const>(std::move(spec));
  };
  CHECK(said([](Evidence& e) { e.record.timing.setup = 0; }) == "the set-up took 0 s");
  CHECK_FALSE(said([](Evidence& e) { e.record.timing.setup = std::nan(""); }).empty());
  CHECK(said([](Evidence& e) { e.record.timing.setup.reset(); }).empty());
  CHECK(said([&](Evidence& e) { counted(e); }).empty());
  CHECK_FALSE(said([&](Evidence& e) { counted(e), e.record.timing.setup.reset(); }).empty());
}

TEST_CASE("a case is not called wrong or failed without grounds, and guards are those there are") {
  auto const said = [](auto change) { return said_by("status", change); };
  CHECK(said([](Evidence& e) { e.record.status = Status::wrong; }) ==
        "it is wrong, and nothing says why");
  CHECK(said([](Evidence& e) { e.record.status = Status::failed; }) ==
        "it is failed, and nothing says why");
  CHECK(said([](Evidence& e) {
          e.record.status = Status::wrong, e.record.verify[0].passed = false;
        }).empty());
  CHECK(said([](Evidence& e) { e.record.status = Status::failed, e.samples = {}; }).empty());
  CHECK(said_by("guards", [](Evidence& e) {
          e.record.quality.guards.push_back({"my-guard", "all is well", "note"});
        }) == "there is no guard 'my-guard'");
}

TEST_CASE("samples that are shorter together than the spec asks are the best of a few") {
  auto const said = [](double least, std::int64_t most) {
    return said_by("no-best-of", [&](Evidence& e) {
      auto spec = *e.spec;
      for (auto& one : spec.cases)
        if (one.name == "smoke")
          one.measure.min_seconds = least, one.measure.max_samples = most,
          one.measure.stop.rule = "stdrel";
      e.spec = std::make_shared<Spec const>(std::move(spec));
    });
  };
  CHECK(said(3, 100).empty());  // 3.06 s in six samples
  CHECK(said(3.1, 100) == "the samples take 3.06 s together, the spec asks for 3.1 s");
  CHECK(said(3.1, 6).empty());  // no more were allowed
}

TEST_CASE("what the plan and machine.yaml do not say is no result of them") {
  auto const said = [](auto change) { return said_by("plan", change); };
  CHECK(said([](Evidence&) {}) == "");
  CHECK(said([](Evidence& e) { e.record.provenance.command.push_back("-p"); }) ==
        "its command is not that of the plan");
  CHECK(said([](Evidence& e) { put(e.record.spec.parameters, "tile", std::int64_t{16}); }) ==
        "its tile is '16', the plan has '8'");
  CHECK(said([](Evidence& e) {
          e.task->parameters.clear();
          put(e.record.spec.parameters, "tile", std::int64_t{16});
        }) == "its tile is 16, the case has 8, and nobody set it");
  CHECK(said([](Evidence& e) {
          put(e.task->parameters, "tile", std::int64_t{0});
          put(e.record.spec.parameters, "tile", std::int64_t{0});
        }) == "tile is 0, below 1");
  CHECK(said([](Evidence& e) {
          put(e.task->parameters, "variant", std::string("magic"));
          put(e.record.spec.parameters, "variant", std::string("magic"));
        }) == "variant is 'magic', which is not allowed");
  CHECK(said([](Evidence& e) {
          put(e.task->parameters, "tile", std::string("8"));
          put(e.record.spec.parameters, "tile", std::string("8"));
        }) == "its tile is \"8\", and no int");
  CHECK(said([](Evidence& e) {
          put(e.task->parameters, "tile", 8.5);
          put(e.record.spec.parameters, "tile", 8.5);
        }) == "its tile is 8.5, and no int");
  CHECK(said([](Evidence& e) { e.record.placement.nodes = 2; }) ==
        "1 ranks ran on 2 nodes, of 1 that were asked for");
  CHECK(said([](Evidence& e) { e.record.placement.node_of_rank = {1}; }) ==
        "a rank ran on node 1, of 1 nodes");
  CHECK(said([](Evidence& e) {
          e.record.placement.binding = {"core:0", "core:1"};
        }) == "placement.binding is of 2 ranks, 1 ran");
  CHECK(said([](Evidence& e) {
          e.record.software.flags = "-O0";
        }).find("the record and machine.yaml: software.flags: ") == 0);
  CHECK(said([](Evidence& e) {
          e.record.platform.memory_bytes = 1;
        }).find("the record and machine.yaml: platform.memory_bytes: ") == 0);
  CHECK(said([](Evidence& e) { e.record.platform.clock_hz = 1; }) == "");
  CHECK_FALSE(said([](Evidence& e) { e.machine.clear(); }).empty());
}

TEST_CASE("phases that were not timed, or not as any clock does, are no evidence") {
  auto const said = [](auto change) { return said_by("clean-times", change); };
  CHECK(said([](Evidence&) {}) == "");
  CHECK(said([](Evidence& e) { e.samples.phases.clear(); }) == "the phase sweep was not timed");
  CHECK(said([](Evidence& e) {
          for (auto& row : e.samples.phases[0].time) row.front() = 0;
        }) == "the phase sweep was not timed");
  CHECK_THAT(said([](Evidence& e) { e.samples.phases[0].time[0][0] = -1; }),
             ContainsSubstring("or times below 0"));
  CHECK_THAT(said([](Evidence& e) { e.samples.phases[0].time[0].push_back(1); }),
             ContainsSubstring("of 2 ranks, 1 ran"));
}

TEST_CASE("counters below INPEX_SYS are made ones, whatever a record calls them") {
  CHECK_THAT(
      said_by("energy", [](Evidence& e) { put(e.variables, "INPEX_SYS", std::string("sys")); }),
      ContainsSubstring("INPEX_SYS"));
}

TEST_CASE("a check counts once, and a debug build is one however it is written") {
  CHECK(broken([](Evidence& e) {
          e.record.verify.push_back(e.record.verify[0]);
        }).contains("verdicts"));
  auto evidence = sound_evidence();
  evidence.record.software.build_type = "debug";
  CHECK(inpex::host::detail::hidden_draft(evidence) == "the program is a debug build");
}
