// SPDX-License-Identifier: Apache-2.0
#pragma once
// From a task of the plan to what the harness runs: the app of this program, the case's parameters,
// how it is executed, and the record as far as it is known before anything ran.

#include <inpex/app.hpp>
#include <inpex/host/comparability.hpp>
#include <inpex/host/harness.hpp>
#include <inpex/host/plan.hpp>
#include <inpex/host/run_plan.hpp>
#include <inpex/host/spec.hpp>
#include <inpex/host/survey.hpp>
#include <inpex/host/vocabulary.hpp>
#include <inpex/nearest.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace inpex::host {

/// What holds for all tasks of a run.
struct RunConditions {
  Survey survey;
  int ranks = 1;
  std::optional<double> min_seconds;
  std::string fault;  ///< only inpex-faults can plant one
  double delay = 0;   ///< seconds that it holds up each sample
  std::vector<std::string> command;
  std::string environment;  ///< digest of environment.json
};

/// The app of that id in this program. Throws Error (command) with what there is, and how to add
/// it.
inline App const& built_app(std::string_view id, std::span<App const> built = apps()) {
  std::vector<std::string> names;
  for (auto const& app : built) {
    if (app.name == id) return app;
    names.push_back(app.name);
  }
  throw Error(Fault::command, fmt::format("the app '{}' is not in this program", id), "",
              fmt::format("build miniapps/{} into it; {} is there", id.substr(0, id.find('.')),
                          fmt::join(names, ", ")));
}

/// The division of a run: reference, unless the spec or the program is not fit for it (draft), or a
/// parameter has a value that the spec calls open.
inline std::string division_of(Spec const& spec, BuildInfo const& build, Table const& parameters) {
  bool const draft = spec.status == "draft" || build.build_type == "Debug" || build.bounds_checks ||
                     build.sanitizers || build.faults;
  if (draft) return "draft";
  for (auto const& parameter : spec.parameters)
    if (auto const* entry = find(parameters, parameter.name))
      for (auto const& value : parameter.open)
        if (entry->value == value) return "open";
  return "reference";
}

namespace detail {

/// By how much a fault perturbs: what the check that must catch it says.
inline double fault_amount(Spec const& spec, std::string const& fault,
                           std::string const& precision) {
  for (auto const& check : spec.verify)
    for (auto const& planted : check.planted)
      if (planted.fault == fault) return planted.amount(precision);
  return Planted{fault, {}}.amount(precision);
}

inline void require_word(std::string const& word, std::vector<std::string> const& known,
                         std::string const& app, std::string const& option) {
  if (std::find(known.begin(), known.end(), word) != known.end()) return;
  throw Error(Fault::command, fmt::format("{} was not built for '{}'", app, word), option,
              suggestion(word, known));
}

/// The record of a task as far as it is known before it runs.
inline Record record_before(CaseRun const& prepared, Task const& task, RunConditions const& run) {
  auto const& spec = prepared.spec;
  auto const division = division_of(spec, build_info(), prepared.plan.parameters);
  Record record;
  record.spec = {.id = spec.id,
                 .version = spec.version,
                 .digest = spec.digest,
                 .case_name = task.case_name,
                 .parameters = prepared.plan.parameters,
                 .precision = task.precision,
                 .division = division,
                 .scaling = "none",
                 .ranks = run.ranks,
                 .comparability_key = comparability_key(
                     comparability_parts(spec, prepared.plan, {division, "none"}))};
  record.fom.name = spec.fom.name;
  record.fom.unit = spec.fom.unit;
  record.fom.better = spec.fom.higher_is_better ? "higher" : "lower";
  record.platform = run.survey.platform;
  if (auto const* space = run.survey.space(task.space))
    record.placement = space->placement;
  else
    record.placement.space = task.space, record.placement.ranks = run.ranks;
  record.placement.schedule = task.schedule;
  record.software = run.survey.software;
  for (auto const& score : run.survey.scores)
    if (score.app == spec.id)
      record.software.faults_planted = score.planted, record.software.faults_caught = score.caught;
  record.provenance = {task.name, run.command, run.environment, {}};
  return record;
}

/// What there is for a case that fills memory. Without the space it is sized by the largest that
/// there is, so that the record of what is skipped has all its parameters.
inline Memory memory_for(std::string const& space, Survey const& survey) {
  if (auto const* found = survey.space(space)) return found->memory();
  Memory largest;
  for (auto const& each : survey.spaces)
    if (each.memory().total_bytes > largest.total_bytes) largest = each.memory();
  return largest;
}

/// The task with its plan and its record, whether it can run here or not.
inline CaseRun planned_run(App const& app, Task const& task, Spec const& spec,
                           RunConditions const& run) {
  require_word(task.precision, app.precisions, app.name, "--precision");
  CaseRun result{.spec = spec,
                 .app = app,
                 .plan = make_plan(spec, {.case_name = task.case_name,
                                          .overrides = task.parameters,
                                          .ranks = run.ranks,
                                          .precision = task.precision,
                                          .memory = memory_for(task.space, run.survey),
                                          .min_seconds = run.min_seconds}),
                 .choice = {task.space, task.precision, task.schedule, run.fault,
                            fault_amount(spec, run.fault, task.precision), run.delay},
                 .probes_ceilings =
                     !build_info().faults,  // it asks whether checks fail, not how fast
                 .base = {}};
  if (!build_info().faults) result.energy_root = system_root();
  result.base = record_before(result, task, run);
  return result;
}

/// Throws Error where the app was not built for the task's space, or this machine has none such.
inline void require_space(App const& app, Task const& task, Survey const& survey) {
  require_word(task.space, app.spaces, app.name, "--space");
  if (survey.space(task.space) == nullptr)
    throw Error(Fault::environment, fmt::format("this machine has no space '{}'", task.space),
                "--space", "take one of those that `inpex machine` shows");
}

}  // namespace detail

/// A task made ready. Throws Error: command for an app, space or precision that this program does
/// not have, and whatever make_plan and check_memory throw.
inline CaseRun prepare(Task const& task, Spec const& spec, RunConditions const& run) {
  App const& app = built_app(spec.id);
  detail::require_space(app, task, run.survey);
  auto ready = detail::planned_run(app, task, spec, run);
  check_memory(ready.plan, run.survey.space(task.space)->memory());
  return ready;
}

/// The same for one task of several: a space that this build or machine has not, or too little
/// memory, is no reason to run none of them, so it is kept in `lacks`. Throws what else prepare()
/// throws.
inline CaseRun prepare_beside_others(App const& app, Task const& task, Spec const& spec,
                                     RunConditions const& run) {
  auto const known = words_of("space");
  if (std::find(known.begin(), known.end(), task.space) == known.end())
    detail::require_space(app, task, run.survey);  // a slip of the pen stops the command
  auto ready = detail::planned_run(app, task, spec, run);
  try {
    detail::require_space(app, task, run.survey);
    check_memory(ready.plan, run.survey.space(task.space)->memory());
  } catch (Error const& error) {
    ready.lacks = error;
  }
  return ready;
}

/// Throws what the first one lacks where none of the tasks can run.
inline void require_any(std::vector<CaseRun> const& runs) {
  bool const all = std::all_of(runs.begin(), runs.end(),
                               [](CaseRun const& each) { return each.lacks.has_value(); });
  if (all && !runs.empty()) throw Error(*runs.front().lacks);
}

}  // namespace inpex::host
