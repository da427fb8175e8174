// SPDX-License-Identifier: Apache-2.0
#pragma once
// All that a rule may look at: a record as it was handed in, and the same record as it must be when
// every number is computed again from the raw samples, the spec and what only the run could know.

#include <inpex/host/binding.hpp>
#include <inpex/host/bundle_writer.hpp>
#include <inpex/host/declared.hpp>
#include <inpex/host/energy_figures.hpp>
#include <inpex/host/guards.hpp>
#include <inpex/host/judge.hpp>
#include <inpex/host/metrics.hpp>
#include <inpex/host/replan.hpp>
#include <inpex/host/stated.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace inpex::host {

/// One result with everything that it rests on.
struct Evidence {
  Record record;
  Samples samples;
  std::shared_ptr<Spec const> spec;       ///< of the bundle
  std::optional<double> min_seconds;      ///< of the command, in place of the spec's
  std::string fault = {};                 ///< that the command planted
  std::string environment = {};           ///< SHA-256 of environment.json
  std::string signer = {};                ///< of the bundle, whom the reader knows; "" for nobody
  std::string signing_key = {};           ///< its fingerprint
  std::optional<Task> task = {};          ///< of the plan, by the name that the record states
  Table conditions = {};                  ///< of the plan
  std::vector<std::string> command = {};  ///< of the plan
  Table variables = {};                   ///< of environment.json
  std::string machine = {};               ///< shared_json() of machine.yaml
  Plan plan = {};                         ///< made again
  Record again = {};                      ///< computed again
};

/// What all records of a bundle share with its machine.yaml: platform and software, but for what
/// may change between two cases.
inline std::string shared_json(Platform platform, Software software) {
  platform.clock_hz.reset(), platform.governor.clear(), platform.huge_pages.clear();
  software.faults_planted.reset(), software.faults_caught.reset();
  return "{\"platform\":" + json_text(platform) + ",\"software\":" + json_text(software) + "}";
}

namespace detail {

/// Values that only the run could know, of just those names that the spec declares.
inline Table reported_again(Evidence const& evidence) {
  auto const& work = evidence.spec->work;
  auto const& stated = evidence.record.spec.reported;
  Table result;
  auto const take = [&](std::vector<NamedFormula> const& formulas) {
    for (auto const& formula : formulas) {
      auto const* entry = find(stated, formula.name);
      result.push_back(entry != nullptr ? *entry : *find(evidence.plan.names, formula.name));
    }
  };
  take(work.totals);
  if (evidence.plan.ranks == 1) take(work.extents);
  return result;
}

/// What only the run could know stays as stated: the clock's tick, the constructor's time, counts.
inline void time_again(Record& again, Samples const& samples, Plan const& plan) {
  auto const stated = again.timing;
  again.timing = timing_of(samples.time, plan.measure);
  again.timing.setup = stated.setup;
  again.timing.steps = plan.steps;
  again.timing.clock_tick = stated.clock_tick;
  describe_samples(again, samples);
}

/// Phases in the record's order, with the work that the spec declares; what the app left out and
/// the spec does not call idle comes last.
inline std::vector<PhaseGroup> declared_phases(std::vector<PhaseGroup> const& stated,
                                               std::vector<PhaseGroup> declared) {
  std::vector<PhaseGroup> result;
  for (auto const& phase : stated) {
    auto const same = std::find_if(declared.begin(), declared.end(),
                                   [&](auto const& each) { return each.name == phase.name; });
    result.push_back(
        same != declared.end() ? *same : PhaseGroup{phase.name, {}, 0, 0, 0, 0, 0, {}, {}, {}});
    if (same != declared.end()) declared.erase(same);
  }
  for (auto const& phase : declared)
    if (!(work_of(phase) == Work{})) result.push_back(phase);
  return result;
}

inline void phases_again(Record& again, Evidence const& evidence, Table const& names) {
  auto const& plan = evidence.plan;
  // Of several ranks the work is a sum over blocks that only the ranks know.
  if (plan.ranks == 1)
    again.phases = declared_phases(
        again.phases, phase_groups(declared_work(*evidence.spec, names), plan.steps, Comm()));
  for (auto& phase : again.phases) {
    phase.time.reset(), phase.ceiling.clear(), phase.roofline_fraction.reset();
    phase.hidden.reset();
    add_time(phase, evidence.samples, again.ceilings, plan);
  }
  add_hidden(again.phases, plan, *again.timing.median);
}

inline void quality_again(Record& again, Samples const& samples) {
  auto const figures = quality_of(slowest(samples.time));
  again.quality.drift = figures.drift;
  again.quality.autocorrelation = figures.autocorrelation;
  again.quality.effective_samples = figures.effective_samples;
  if (auto const& speeds = again.quality.speeds; speeds.size() > 1) {
    auto const [low, high] = std::minmax_element(speeds.begin(), speeds.end());
    again.quality.clock_change = *high / *low - 1;
  }
}

}  // namespace detail

/// Computes the record again. A case that gave no samples has no figures, and only its identity and
/// verdicts are. Throws what replan() and formulas throw.
inline Evidence evidence_of(Record record, Samples samples, std::shared_ptr<Spec const> shared,
                            std::optional<double> min_seconds) {
  Evidence evidence{std::move(record), std::move(samples), std::move(shared), min_seconds};
  auto const& spec = *evidence.spec;
  auto& again = evidence.again = evidence.record;
  evidence.plan = replan(evidence.record, spec, min_seconds);
  auto const& plan = evidence.plan;
  again.spec.version = spec.version;
  again.spec.digest = spec.digest;
  again.spec.comparability_key =
      comparability_key(comparability_parts(spec, plan, {again.spec.division, again.spec.scaling}));
  if (!evidence.samples.time.empty()) again.spec.reported = detail::reported_again(evidence);
  auto const names =
      names_after_run(spec, plan.names, {again.spec.reported, 0, again.timing.setup.value_or(0)});
  for (auto& verdict : again.verify)
    if (auto const* check = spec.check(verdict.id)) verdict = judge(*check, verdict.value, names);
  if (evidence.samples.time.empty()) return evidence;
  detail::time_again(again, evidence.samples, plan);
  again.fom = fom_of(evidence.samples.time, spec, plan.measure, names);
  detail::phases_again(again, evidence, names);
  again.fom.secondary =
      secondary_of(evidence.samples.time, spec, plan.measure, names, again.phases);
  auto const near = nearness(again.ceilings, kernels_for(plan.phases), work_of(again.phases),
                             *again.timing.median);
  if (near.fraction > 0)
    again.fom.ceiling = near.ceiling, again.fom.ceiling_fraction = near.fraction;
  detail::quality_again(again, evidence.samples);
  again.energy = energy_of(evidence.samples.energy, evidence.record.energy, spec.energy);
  return evidence;
}

namespace detail {

/// Threads and where they are bound. More may have been known to the run: which hardware threads
/// it was allowed to use.
inline void observe_placement(Record const& record, Observed& seen) {
  auto const& place = record.placement;
  auto const nodes = std::max<std::int64_t>(1, place.nodes.value_or(1));
  seen.threads_on_node = place.threads.value_or(1) * place.ranks.value_or(1) / nodes;
  seen.cores_on_node = record.platform.hardware_threads.value_or(0);
  seen.misbound = misbound(place, "", "");
}

}  // namespace detail

/// What guards look at, as far as the record tells it; the rest keeps its harmless default.
inline Observed observed_in(Evidence const& evidence) {
  auto const& record = evidence.record;
  Observed seen;
  seen.times = slowest(evidence.samples.time);
  put_stated(record, *evidence.spec, seen);
  seen.footprint = static_cast<double>(evidence.plan.footprint_bytes);
  if (!seen.times.empty())
    seen.nearest =
        nearness_to_best(record.ceilings, work_of(record.phases), *evidence.again.timing.median);
  seen.longest_phase = longest_phase(record.phases, evidence.samples);
  detail::observe_placement(record, seen);
  bool const probed = record.spec.division != "draft" && !seen.times.empty();
  seen.ceilings_known = !probed || !record.ceilings.empty();
  if (record.quality.clock_change) seen.speeds = {1, 1 + *record.quality.clock_change};
  return seen;
}

}  // namespace inpex::host
