// SPDX-License-Identifier: Apache-2.0
#pragma once
// What goes into `inpex run` and what comes out of it: options, JSON, exit code.

#include <inpex/error.hpp>
#include <inpex/host/bundle_writer.hpp>
#include <inpex/host/forecast.hpp>
#include <inpex/host/json_text.hpp>
#include <inpex/host/record.hpp>
#include <inpex/host/rerun.hpp>
#include <inpex/host/survey.hpp>
#include <inpex/host/tasks.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace inpex::host {

/// What the user wrote behind `inpex run`.
struct RunOptions {
  RunWords words;
  std::string out;
  std::string resume;
  std::string fault;
  std::optional<double> slower;  ///< seconds by which each sample is held up
  std::string tuning;            ///< file of `inpex tune`, or "off"; empty: the machine's
  std::optional<double> min_seconds;
  std::optional<double> case_timeout;
  std::int64_t repeat = 1;     ///< times that all tasks are run, in turn
  std::optional<Rerun> again;  ///< in place of words: a plan that is run as it stands
  bool dry_run = false;
  std::vector<std::filesystem::path> like;  ///< bundles whose environment must be that of now
  bool quiet = false;                       ///< no table: another command speaks
  bool json = false;
};

/// What `--json` prints.
struct RunOutput {
  std::string bundle;
  std::vector<Record> records;
  static constexpr auto fields() {
    return std::tuple{field("bundle", &RunOutput::bundle), field("records", &RunOutput::records)};
  }
};

/// What `--dry-run --json` prints.
struct DryOutput {
  std::vector<Forecast> cases;
  static constexpr auto fields() { return std::tuple{field("cases", &DryOutput::cases)}; }
};

/// Prints what would run and, on stderr, what would be skipped; gives back the exit code.
inline int show_forecasts(std::vector<CaseRun> const& runs, Survey const& survey, bool json) {
  std::vector<Forecast> forecasts;
  for (auto const& run : runs)
    if (!run.lacks) forecasts.push_back(forecast(run, survey.space(run.choice.space)->bandwidth));
  if (json)
    fmt::print("{}\n", json_text(DryOutput{forecasts}));
  else
    fmt::print("{}Nothing was run; times are those of the traffic at memory speed.\n",
               forecast_table(forecasts));
  for (auto const& run : runs)
    if (run.lacks)
      fmt::print(stderr, "inpex: {} would be skipped: {}\n", run.base.provenance.task,
                 run.lacks->what());
  return forecasts.size() == runs.size() ? 0 : exit_code(Fault::inconclusive);
}

/// The exit code of a run: the worst of its records decides. `faults` are those of cases that
/// failed; where their apps refused all of these, for what the spec or the command says or for what
/// the machine cannot do, that is the code.
inline int exit_code_of(std::vector<Record> const& records, std::vector<Fault> const& faults = {}) {
  auto const any = [&](auto... status) {
    return std::any_of(records.begin(), records.end(),
                       [&](Record const& each) { return ((each.status == status) || ...); });
  };
  if (any(Status::wrong)) return exit_code(Fault::wrong);
  auto const count = std::count_if(records.begin(), records.end(), [](Record const& each) {
    return each.status == Status::failed || each.status == Status::timeout;
  });
  if (count > 0 && count == std::ssize(faults))
    return exit_code(*std::min_element(faults.begin(), faults.end()));
  if (count > 0) return exit_code(Fault::failed);
  return any(Status::skipped) ? exit_code(Fault::inconclusive) : 0;
}

/// results/20261122-180000-stencil.heat7 of 2026-11-22T18:00:00Z; of a file, its name alone.
inline std::string default_folder(std::string const& time, std::filesystem::path const& target) {
  std::string const stamp = time.substr(0, 4) + time.substr(5, 2) + time.substr(8, 2) + "-" +
                            time.substr(11, 2) + time.substr(14, 2) + time.substr(17, 2);
  auto const name = target.extension() == ".yaml" ? target.stem() : target.filename();
  return "results/" + stamp + "-" + name.string();
}

/// The folder that was chosen, or a new one of now below results/, which is made.
inline std::string new_folder(std::string const& chosen, std::filesystem::path const& target) {
  if (!chosen.empty()) return chosen;
  make_folder("results", true);
  return default_folder(utc_now(), target);
}

/// The sentence for an exit code of `exit_code_of`.
inline std::string summary(int code) {
  if (code == exit_code(Fault::wrong))
    return "a check or a guard says wrong: that figure is no result";
  if (code == exit_code(Fault::spec))
    return "a case was refused: it cannot be run as it is asked for";
  if (code == exit_code(Fault::environment)) return "a case needs what this machine does not have";
  return code == exit_code(Fault::failed) ? "a case failed to run" : "a case was skipped";
}

}  // namespace inpex::host
