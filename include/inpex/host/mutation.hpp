// SPDX-License-Identifier: Apache-2.0
#pragma once
// Is a checker able to fail? Every fault that a spec plants is run by inpex-faults, and the check
// that plants it must find it; a run without a fault must pass. The share that is found is the
// score.

#include <inpex/fault.hpp>
#include <inpex/fields.hpp>
#include <inpex/host/record.hpp>
#include <inpex/host/spec.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

namespace inpex::host {

/// How a planted fault fared. `broken`: the run said neither right nor wrong.
enum class Fate { caught, survived, passed, broken, skipped };
constexpr std::array<std::string_view, 5> words(Fate) {
  return {"caught", "SURVIVED", "passed", "broken", "skipped"};
}

/// One fault in one case in one precision, or a control run: `fault` is empty.
struct Mutant {
  std::string app, case_name, precision, fault, check;
  Count ranks;
  Fate fate = Fate::broken;
  Number error;
  Number tolerance;
  std::string reason;
  static constexpr auto fields() {
    using M = Mutant;
    return std::tuple{
        field("app", &M::app),      field("case", &M::case_name), field("precision", &M::precision),
        field("fault", &M::fault),  field("check", &M::check),    field("ranks", &M::ranks),
        field("fate", &M::fate),    field("error", &M::error),    field("tolerance", &M::tolerance),
        field("reason", &M::reason)};
  }
};

/// What `inpex mutate --json` prints.
struct Mutants {
  std::vector<Mutant> mutants;
  std::int64_t caught = 0;
  std::int64_t planted = 0;
  static constexpr auto fields() {
    using M = Mutants;
    return std::tuple{field("mutants", &M::mutants), field("caught", &M::caught),
                      field("planted", &M::planted)};
  }
};

/// A kind of fault that every app must plant, by one of these names. Where no phase has messages,
/// none can be dropped or stale, and an app that works in place has no buffers to swap.
struct RequiredFault {
  std::string_view what;
  std::array<std::string_view, 3> names;
  bool of_messages = false;
};
inline constexpr std::array required_faults = {
    RequiredFault{"null kernel", {"null-kernel"}},
    RequiredFault{"dropped message", {"drop-halo", "lost-particle", "stale-chunk"}, true},
    RequiredFault{"stale buffer or message", {"stale-buffer", "stale-halo", "stale-chunk"}, true},
    RequiredFault{"wrong coefficient", {"wrong-coefficient", "conjugated-twiddle"}},
    RequiredFault{"bound that is off by one", {"skipped-plane"}},
    RequiredFault{"NaN", {"not-a-number"}},
    RequiredFault{"idle last rank", {"idle-rank"}},
    RequiredFault{"earlier result", {"earlier-result"}},
};

/// The required kinds of which a spec plants none.
inline std::vector<std::string> missing_faults(Spec const& spec) {
  bool const sends = std::any_of(spec.work.phases.begin(), spec.work.phases.end(),
                                 [](PhaseSpec const& each) { return !each.messages.empty(); });
  auto const plants = [&](std::string_view name) {
    for (auto const& check : spec.verify)
      for (auto const& planted : check.planted)
        if (planted.fault == name) return true;
    return false;
  };
  std::vector<std::string> missing;
  for (auto const& [what, names, of_messages] : required_faults) {
    if (of_messages && !sends) continue;
    if (std::none_of(names.begin(), names.end(), plants)) missing.emplace_back(what);
  }
  return missing;
}

/// A fault to be planted, and how many ranks it needs to show. The control run has no name.
struct PlantedRun {
  std::string fault;
  int ranks = 1;
};

/// What must be run for a spec: a control for each number of ranks, and each fault once.
inline std::vector<PlantedRun> planted_runs(Spec const& spec) {
  std::vector<PlantedRun> runs{{"", 1}};
  for (auto const& check : spec.verify)
    for (auto const& planted : check.planted) {
      auto const* kind = find_fault(planted.fault);
      PlantedRun const run{planted.fault, kind == nullptr ? 1 : kind->ranks};
      auto const listed = [&](std::string const& fault, int ranks) {
        return std::any_of(runs.begin(), runs.end(), [&](auto const& each) {
          return each.fault == fault && each.ranks == ranks;
        });
      };
      if (!listed("", run.ranks)) runs.push_back({"", run.ranks});
      if (!listed(run.fault, run.ranks)) runs.push_back(run);
    }
  return runs;
}

/// Why the fault cannot be planted in an app with these fields; empty where it can.
inline std::string obstacle(PlantedRun const& run, std::vector<Field> const& fields, bool has_mpi) {
  if (run.ranks > 1 && !has_mpi) return "needs MPI";
  bool const has_real = std::any_of(fields.begin(), fields.end(), [](auto const& each) {
    return std::holds_alternative<double>(each.fallback);
  });
  if (run.fault == "wrong-coefficient" && !has_real) return "the app has no real parameter";
  return {};
}

/// The checks that plant this fault and are due in this case.
inline std::vector<CheckSpec const*> checks_against(Spec const& spec, std::string const& fault,
                                                    std::string const& case_name) {
  std::vector<CheckSpec const*> checks;
  for (auto const& check : spec.verify)
    for (auto const& planted : check.planted)
      if (planted.fault == fault && check.applies_to(case_name)) checks.push_back(&check);
  return checks;
}

/// Judges one record of a run: of a control whether it passed, else whether each check that plants
/// the fault found it. That another check or a guard found it does not count.
inline std::vector<Mutant> fates(Spec const& spec, PlantedRun const& run, Record const& record) {
  Mutant mutant{.app = spec.id,
                .case_name = record.spec.case_name,
                .precision = record.spec.precision,
                .fault = run.fault,
                .check = {},
                .ranks = run.ranks,
                .fate = Fate::broken,
                .error = {},
                .tolerance = {},
                .reason = record.reason};
  if (run.fault.empty()) {
    mutant.fate = record.status == Status::passed ? Fate::passed : Fate::broken;
    return {mutant};
  }
  std::vector<Mutant> result;
  for (auto const* check : checks_against(spec, run.fault, record.spec.case_name)) {
    mutant.check = check->id;
    mutant.fate = Fate::broken;
    for (auto const& verdict : record.verify)
      if (verdict.id == check->id) {
        mutant.fate = verdict.passed ? Fate::survived : Fate::caught;
        mutant.error = verdict.error, mutant.tolerance = verdict.tolerance;
      }
    result.push_back(mutant);
  }
  return result;
}

/// The fates of a run that left no result.
inline std::vector<Mutant> broken(Spec const& spec, PlantedRun const& run,
                                  std::string const& reason) {
  Mutant mutant;
  mutant.app = spec.id, mutant.fault = run.fault, mutant.ranks = run.ranks;
  mutant.reason = reason;
  std::vector<Mutant> result;
  for (auto const& check : spec.verify)
    for (auto const& planted : check.planted)
      if (planted.fault == run.fault) mutant.check = check.id, result.push_back(mutant);
  if (result.empty()) result.push_back(mutant);  // a control
  return result;
}

/// The score: faults that were caught, of those that were run.
struct Score {
  std::size_t caught = 0;
  std::size_t planted = 0;
};
inline Score score_of(std::vector<Mutant> const& mutants) {
  Score score;
  for (auto const& mutant : mutants) {
    score.caught += mutant.fate == Fate::caught;
    score.planted += !mutant.fault.empty() && mutant.fate != Fate::skipped;
  }
  return score;
}

/// 4 when a fault survived, 1 when a run broke, 6 when one was skipped or none was planted: checks
/// that nobody has tried are not proven.
inline int exit_code_of(std::vector<Mutant> const& mutants) {
  auto const any = [&](Fate fate) {
    return std::any_of(mutants.begin(), mutants.end(),
                       [&](auto const& each) { return each.fate == fate; });
  };
  if (any(Fate::survived)) return exit_code(Fault::wrong);
  if (any(Fate::broken)) return exit_code(Fault::failed);
  bool const proven = score_of(mutants).planted > 0 && !any(Fate::skipped);
  return proven ? 0 : exit_code(Fault::inconclusive);
}

/// The table for people, and the score.
inline std::string mutation_table(std::vector<Mutant> const& mutants) {
  using Line = std::array<std::string, 6>;
  std::vector<Line> lines{{"app", "fault", "case", "precision", "ranks", "fate"}};
  for (auto const& each : mutants) {
    std::string fate(word(each.fate));
    if (each.error)
      fate += fmt::format(" by {}: error {:.3g}, tolerance {:.3g}", each.check, *each.error,
                          *each.tolerance);
    if ((each.fate == Fate::broken || each.fate == Fate::skipped) && !each.reason.empty())
      fate += ": " + each.reason;
    lines.push_back({each.app, each.fault.empty() ? "(none)" : each.fault, each.case_name,
                     each.precision, std::to_string(each.ranks.value_or(1)), fate});
  }
  std::array<std::size_t, 6> widths{};
  for (auto const& line : lines)
    for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  std::string text;
  for (auto const& line : lines) {
    for (std::size_t i = 0; i + 1 < widths.size(); ++i)
      text += fmt::format("{:<{}}  ", line[i], widths[i]);
    text += line.back() + "\n";
  }
  auto const [caught, planted] = score_of(mutants);
  if (planted == 0) return text + "no fault was planted, so nothing is proven\n";
  return text +
         fmt::format("mutation score: {} of {} planted faults were caught\n", caught, planted);
}

}  // namespace inpex::host
