// SPDX-License-Identifier: Apache-2.0
#pragma once
// For every rule a case that holds and one that breaks it, and the share of rules that tell them
// apart. All start from one sound result of a small spec; each violating case changes one thing.

#include <inpex/host/binding.hpp>
#include <inpex/host/rules.hpp>
#include <inpex/host/spec_load.hpp>

#include <fmt/format.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inpex::host {

/// A case of zero trouble for guards.
inline Observed sound_observation() {
  Observed seen;
  seen.times = {0.5, 0.51, 0.5};
  seen.clock_tick = 3e-8, seen.timer_floor = 5e-8;
  seen.footprint = 2e9, seen.allocated = 2.05e9, seen.last_level_cache = 32e6;
  seen.memory_resident = true;
  seen.counts = {4, 4};
  seen.threads_on_node = 4, seen.cores_on_node = 4;
  seen.nearest = {"copy", 1.04};
  seen.longest_phase = 0.6;
  seen.speeds = {1.00, 1.04, 1.02};
  seen.energy_window = 12, seen.energy_updates = 9000;
  seen.least_energy_window = 10, seen.least_energy_updates = 60;
  return seen;
}

namespace detail {

inline constexpr char fixture_spec[] = R"(inpex_spec: "1.0"
id: fixture.box
version: 1.0.0
status: stable
title: A box of cells
motif: structured-grid
problem: Every cell is divided by two.
parameters:
  nx: {type: int, min: 4, unit: cells, role: scaling}
  steps: {type: int, min: 1, role: fixed}
  tile: {type: int, default: 8, min: 1, role: tuning}
  group: {type: int, default: 2, min: 1, role: tuning}
  variant: {type: text, default: plain, allowed: [plain, fused], open: [fused], role: tuning}
precision: {state: [fp64, fp32]}
initial_data: {generator: ones}
cases:
  smoke: {nx: 32, steps: 20, measure: {min_samples: 6, min_seconds: 0, stop: {rule: count}}}
work:
  totals: {rounds: nx/8}
  let: {cells: lx}
  footprint: 2*real*(lx+2)
  phases:
    sweep: {flops: 8*cells, read: real*cells, write: real*cells, launches: 1}
fom: {name: rate, formula: nx*steps/time, unit: cell/s, better: higher}
secondary: {round_rate: {formula: rounds/time_sweep, unit: 1/s}}
functional_unit: {name: teracell, formula: nx*steps/1e12}
verify:
  - {id: exact, quantity: max_abs_error, expect: zero, tolerance: 4*eps*steps, when: every-run, planted: [null-kernel]}
divisions:
  reference: {source: unmodified, tune: [tile, variant]}
  open: {allow: [any], require: [verify.exact, disclosure]}
energy: {min_window_seconds: 3, min_updates: 60}
)";

}  // namespace detail

/// The evidence as if it were of a plan that has its task, and of its machine and command.
inline Evidence planned(Evidence evidence) {
  auto const& record = evidence.record;
  evidence.task = {record.provenance.task, record.spec.id,        record.spec.case_name,
                   record.placement.space, record.spec.precision, record.placement.schedule,
                   record.spec.parameters};
  evidence.conditions = {{"commit", record.software.commit, {}},
                         {"source", record.software.source, {}},
                         {"ranks", record.placement.ranks.value_or(1), {}}};
  evidence.command = record.provenance.command;
  evidence.machine = shared_json(record.platform, record.software);
  return evidence;
}

/// The evidence that such a run leaves, with all that is computed from it in its record.
inline Evidence as_run(Record const& record, Samples const& samples,
                       std::shared_ptr<Spec const> const& spec) {
  auto const first = evidence_of(record, samples, spec, std::nullopt);
  auto evidence = evidence_of(first.again, samples, spec, std::nullopt);
  evidence.environment = record.provenance.environment;
  return planned(std::move(evidence));
}

/// A result of a small spec for which every rule holds.
inline Evidence sound_evidence() {
  auto const shared =
      std::make_shared<Spec const>(parse_spec(detail::fixture_spec, "fixture.yaml"));
  auto const& spec = *shared;
  Record record;
  record.status = Status::passed;
  record.spec.id = spec.id;
  record.spec.case_name = "smoke";
  record.spec.parameters = {{"nx", std::int64_t{32}, {}},
                            {"steps", std::int64_t{20}, {}},
                            {"tile", std::int64_t{8}, {}},
                            {"group", std::int64_t{2}, {}},
                            {"variant", std::string("plain"), {}}};
  record.spec.reported = {{"rounds", std::int64_t{5}, {}}};
  record.spec.precision = "fp64";
  record.spec.division = "reference";
  record.spec.scaling = "none";
  record.spec.ranks = 1;
  record.timing.clock_tick = 2e-8;
  record.timing.setup = 0.25;
  record.verify = {{"exact", "max_abs_error", 1e-15, 1e-15, 1, true}};
  record.ceilings = {
      {"copy", 1e9, "byte/s", {}}, {"stream_copy", 2e9, "byte/s", {}}, {"fma", 1e9, "flop/s", {}}};
  record.placement.ranks = 1, record.placement.threads = 1;
  record.placement.space = "serial", record.placement.schedule = "native";
  record.software.commit = "0123456";
  record.software.dirty = false;
  record.software.source = "abcdef";
  record.software.flags = "-O3", record.software.kokkos_options = "SERIAL";
  record.quality.timer_floor = 5e-8;
  record.provenance.task = "0001-fixture";
  record.provenance.command = {"inpex", "run", "fixture.box"};
  record.provenance.environment = "e";
  record.energy.scope = "package", record.energy.updates = 3060, record.energy.idle_watts = 20;
  Samples const samples{
      {{0.5}, {0.51}, {0.52}, {0.5}, {0.51}, {0.52}},
      {{"sweep", {{0.5}, {0.5}, {0.6}}}},
      {"rapl", {{0.5, 60}, {0.51, 61.2}, {0.52, 62.4}, {0.5, 60}, {0.51, 61.2}, {0.52, 62.4}}}};
  return as_run(record, samples, shared);
}

/// How a violating case differs from the sound one.
struct GuardViolation {
  std::string_view guard;
  void (*change)(Observed&);
};
struct ResultViolation {
  std::string_view rule;
  void (*change)(Evidence&);
};

inline constexpr std::array guard_violations = {
    GuardViolation{"work-differs", [](Observed& o) { o.work_difference = "8 flops, not 10"; }},
    GuardViolation{"empty-result", [](Observed& o) { o.fom = 0; }},
    GuardViolation{"zero-size", [](Observed& o) { o.steps = 0; }},
    GuardViolation{"too-short", [](Observed& o) { o.times[1] = 1e-6; }},
    GuardViolation{"unequal-counts", [](Observed& o) { o.counts[1] = 5; }},
    GuardViolation{"above-ceiling", [](Observed& o) { o.nearest.fraction = 1.06; }},
    GuardViolation{"no-fence", [](Observed& o) { o.longest_phase = 2.6; }},
    GuardViolation{"disturbed", [](Observed& o) { o.switches_a_second = 250; }},
    GuardViolation{"ceilings-disturbed", [](Observed& o) { o.ceilings_known = false; }},
    GuardViolation{"debug-build", [](Observed& o) { o.debug = true; }},
    GuardViolation{"oversubscribed", [](Observed& o) { o.threads_on_node = 8; }},
    GuardViolation{"allocating-step", [](Observed& o) { o.allocating = 3; }},
    GuardViolation{"footprint", [](Observed& o) { o.allocated = 2.2e9; }},
    GuardViolation{"cache-resident", [](Observed& o) { o.last_level_cache = 1e9; }},
    GuardViolation{"dirty-source", [](Observed& o) { o.dirty = true; }},
    GuardViolation{"clock-changed", [](Observed& o) { o.speeds[1] = 1.2; }},
    GuardViolation{"drifting", [](Observed& o) { o.times = {0.5, 0.5, 0.5, 0.6, 0.6, 0.6}; }},
    GuardViolation{"stalled",
                   [](Observed& o) {
                     o.times.assign(20, 0.5);
                     o.times[3] = o.times[9] = 1;
                   }},
    GuardViolation{"misbound",
                   [](Observed& o) {
                     Placement placement;
                     placement.thread_binding = {"0 1", "2 1"};
                     o.misbound = misbound(placement, "", "");
                   }},
    GuardViolation{"energy-window", [](Observed& o) { o.energy_updates = 59; }},
};

inline constexpr std::array result_violations = {
    ResultViolation{"spec-digest", [](Evidence& e) { e.record.spec.digest[0] ^= 1; }},
    ResultViolation{"comparability-key",
                    [](Evidence& e) { e.record.spec.comparability_key[0] ^= 1; }},
    ResultViolation{"times", [](Evidence& e) { *e.record.timing.median *= 1 - 1e-15; }},
    ResultViolation{"figure", [](Evidence& e) { *e.record.fom.value *= 1 + 1e-15; }},
    ResultViolation{"phases", [](Evidence& e) { *e.record.phases[0].flops += 1; }},
    ResultViolation{"quality", [](Evidence& e) { *e.record.quality.drift += 1e-15; }},
    ResultViolation{"verdicts", [](Evidence& e) { e.record.verify[0].tolerance *= 2; }},
    ResultViolation{"all-checks", [](Evidence& e) { e.record.verify.clear(); }},
    ResultViolation{"status", [](Evidence& e) { e.record.verify[0].passed = false; }},
    ResultViolation{"guards",
                    [](Evidence& e) {
                      e.record.quality.guards.push_back({"too-short", "so it says", "failed"});
                    }},
    ResultViolation{"environment", [](Evidence& e) { e.environment = "another"; }},
    ResultViolation{"clean-times", [](Evidence& e) { e.samples.time[2][0] = -0.5; }},
    ResultViolation{"planted-fault", [](Evidence& e) { e.fault = "null-kernel"; }},
    ResultViolation{"known-division", [](Evidence& e) { e.record.spec.division = "mine"; }},
    ResultViolation{"draft",
                    [](Evidence& e) {
                      auto spec = *e.spec;
                      spec.status = "draft";
                      e.spec = std::make_shared<Spec const>(std::move(spec));
                    }},
    ResultViolation{
        "open-values",
        [](Evidence& e) { put(e.record.spec.parameters, "variant", std::string("fused")); }},
    ResultViolation{"known-source", [](Evidence& e) { e.record.software.dirty = true; }},
    ResultViolation{"fixed-parameters",
                    [](Evidence& e) { put(e.record.spec.parameters, "steps", std::int64_t{40}); }},
    ResultViolation{"allowed-tuning",
                    [](Evidence& e) { put(e.record.spec.parameters, "group", std::int64_t{4}); }},
    ResultViolation{"flags", [](Evidence& e) { e.record.software.flags += " -ffast-math"; }},
    ResultViolation{"precision", [](Evidence& e) { e.record.spec.precision = "fp16"; }},
    ResultViolation{"no-best-of", [](Evidence& e) { e.samples.time.resize(5); }},
    ResultViolation{"reported",
                    [](Evidence& e) {
                      e.record.spec.reported.push_back({"luck", std::int64_t{7}, {}});
                    }},
    ResultViolation{"required-checks",
                    [](Evidence& e) {
                      e.record.spec.division = "open";
                      e.record.provenance.command.clear();
                    }},
    ResultViolation{"optimised",
                    [](Evidence& e) { e.record.software.flags += " -fsanitize=address"; }},
    ResultViolation{"energy", [](Evidence& e) { *e.record.energy.net_joules *= 1 - 1e-15; }},
    ResultViolation{"measured", [](Evidence& e) { e.record.kind = Kind::projected; }},
    ResultViolation{"no-samples", [](Evidence& e) { e.samples = {}; }},
    ResultViolation{"set-up", [](Evidence& e) { e.record.timing.setup = -0.4; }},
    ResultViolation{"stated", [](Evidence& e) { e.record.timing.clock_tick.reset(); }},
    ResultViolation{"proven-checks",
                    [](Evidence& e) {
                      e.record.software.faults_planted = 40, e.record.software.faults_caught = 39;
                    }},
    ResultViolation{"plan", [](Evidence& e) { e.record.placement.space = "cuda"; }},
    ResultViolation{"preload",
                    [](Evidence& e) { put(e.variables, "LD_PRELOAD", std::string("clock.so")); }},
};

/// Rules, and those that hold for the sound case and are broken by their violating one.
struct RuleCoverage {
  std::size_t rules = 0;
  std::size_t covered = 0;
  std::vector<std::string> blind;  ///< ids and names of the others
};

/// Tries every rule on both of its cases.
inline RuleCoverage rule_coverage() {
  RuleCoverage result;
  auto const count = [&](bool covered, std::string const& name) {
    ++result.rules;
    result.covered += covered;
    if (!covered) result.blind.push_back(name);
  };
  for (std::size_t i = 0; i < guard_rules.size(); ++i) {
    bool covered = false;
    for (auto const& violation : guard_violations) {
      if (violation.guard != guard_rules[i].id) continue;
      auto changed = sound_observation();
      violation.change(changed);
      covered = guard_rules[i].fires(sound_observation()).empty() &&
                !guard_rules[i].fires(changed).empty();
    }
    count(covered, guard_number(i) + " " + std::string(guard_rules[i].id));
  }
  auto const sound = sound_evidence();
  for (std::size_t i = 0; i < result_rules.size(); ++i) {
    bool covered = false;
    for (auto const& violation : result_violations) {
      if (violation.rule != result_rules[i].name) continue;
      auto changed = sound;
      violation.change(changed);
      covered = result_rules[i].broken(sound).empty() && !result_rules[i].broken(changed).empty();
    }
    count(covered, rule_number(i) + " " + std::string(result_rules[i].name));
  }
  return result;
}

/// "39 of 39 rules (100 %) ...", and those that are blind.
inline std::string coverage_text(RuleCoverage const& found) {
  std::string text;
  for (auto const& name : found.blind)
    text += name + ": does not tell its passing from its violating case\n";
  return text +
         fmt::format("{} of {} rules ({:.0f} %) pass a sound case and find a violating one\n",
                     found.covered, found.rules,
                     100.0 * static_cast<double>(found.covered) / static_cast<double>(found.rules));
}

}  // namespace inpex::host
