// SPDX-License-Identifier: Apache-2.0
// `inpex calibrate`: runs of the very same thing, in turn, to learn what may be claimed on this
// machine. `inpex reproduce`: a bundle's plan once more, and whether its figures come out again.

#include "commands.hpp"
#include "run_words.hpp"

#include <inpex/host/calibrate.hpp>
#include <inpex/host/children.hpp>
#include <inpex/host/launcher.hpp>
#include <inpex/host/programs.hpp>
#include <inpex/host/progress.hpp>
#include <inpex/host/reproduce.hpp>
#include <inpex/host/run_session.hpp>
#include <inpex/host/scratch_folder.hpp>
#include <inpex/host/slowed.hpp>
#include <inpex/host/sound_bundle.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace inpex::host {
namespace {

struct CalibrateOptions {
  RunOptions run;
  std::int64_t pairs = 2 * usual_rounds;
  std::string from;
  bool slowed = false;
  bool json = false;
};

// Runs of the first task of a calibrated case by inpex-faults, which can hold them up.
class Slowed {
 public:
  explicit Slowed(std::string const& bundle)
      : program_(program_beside("inpex-faults", "build the target inpex-faults")),
        records_(read_results(bundle).records), plan_(open_bundle(bundle).plan) {}

  void try_all(Calibration& found) {
    for (auto const& each : found.cases)
      total_ += static_cast<std::size_t>(each.pairs * (each.in_turn ? 4 : 2));
    for (auto& each : found.cases) {
      auto const record = std::find_if(records_.begin(), records_.end(), [&](auto const& one) {
        return find_case(found, one) == &each;
      });
      auto const task = std::find_if(plan_.tasks.begin(), plan_.tasks.end(), [&](auto const& one) {
        return one.name == record->provenance.task;
      });
      try_slowed(each, *record->timing.median, [&](double delay) { return run(*task, delay); });
    }
    progress_.clear();
  }

 private:
  Record run(Task const& task, double delay) {
    progress_.begin(++number_, total_, task.app + (delay > 0 ? " held up" : " undisturbed"));
    auto const folder = scratch_ / std::to_string(number_);
    auto words = slowed_words(plan_, task, delay, folder.string());
    words.insert(words.begin(), program_);
    auto const end = in_child([&]() -> std::string { become(std::move(words)); }, 3600);
    if (!end.well())
      throw Error(Fault::failed, "inpex-faults " + end.reason() + ":\n" + end.said, task.name);
    progress_.end(delay > 0 ? fmt::format("by {:.3g} s", delay) : "not");
    auto record = open_bundle(folder).records.at(0);
    if (machine_id(record.platform) != machine_id(records_.front().platform))
      throw Error(Fault::inconclusive, "these runs are of another machine than this one",
                  "--slowed", "leave it out, or calibrate here");
    return record;
  }

  std::string program_;
  std::vector<Record> records_;
  RunPlan plan_;
  ScratchFolder scratch_;
  Progress progress_;
  std::size_t number_ = 0, total_ = 0;
};

int calibrate(CalibrateOptions options, std::vector<std::string> const& command) {
  if (options.from.empty() && options.run.words.targets.empty())
    throw Error(Fault::command, "what to calibrate?", "TARGET",
                "name an app before any option, as in `inpex calibrate stencil.heat7 --case S`, or "
                "a bundle with --from");
  if (options.from.empty()) {
    options.run.repeat = 2 * options.pairs;
    options.run.out = options.from = new_folder(options.run.out, "calibration");
    options.run.quiet = true;
    if (int const code = RunSession(options.run, command).execute(); code != 0) return code;
  }
  auto const results = read_results(options.from);
  require_sound(options.from);
  auto found = calibration_of(results.records);
  if (found.cases.empty())
    throw Error(
        Fault::inconclusive,
        fmt::format("no case has {} pairs of runs that passed, with an interval", least_pairs),
        options.from, "take more pairs, and cases of at least 6 samples");
  if (options.slowed) Slowed(options.from).try_all(found);
  auto const path = store(found, calibration_folder());
  if (options.json)
    fmt::print("{}\n", json_text(found));
  else
    fmt::print("{}runs: {}\nstored: {}\n", calibration_table(found), options.from, path.string());
  return 0;
}

int reproduce(std::string const& bundle, std::string const& out,
              std::vector<std::string> const& command) {
  auto const before = read_results(bundle);
  RunOptions options;
  options.again = rerun_of(bundle);
  require_program(options.again->plan, before, build_info());
  require_sound(bundle);
  options.like = {bundle};
  options.out = new_folder(out, "reproduced");
  options.quiet = true;
  int const code = RunSession(options, command).execute();
  if (launched_rank() != 0) return code;
  auto const after = read_results(options.out);
  auto const folder = calibration_folder();
  auto const all = Comparer(before, after, [&](std::string const& machine) {
                     return read_calibration(folder, machine);
                   }).all();
  auto const verdict = reproduction(before, after, all);
  fmt::print("{}runs: {}\n{}\n", comparison_table(all), options.out, verdict.sentence);
  return code != 0 ? code : verdict.code;
}

}  // namespace
}  // namespace inpex::host

void add_calibrate(CLI::App& inpex, Outcome& outcome) {
  using namespace inpex::host;
  auto* command = inpex.add_subcommand(
      "calibrate", "Runs the same thing in pairs, to learn what may be claimed on this machine");
  command->footer(
      "Example: inpex calibrate stencil.heat7 --case S --pairs 30\n"
      "Exit: 0; as `inpex run`; 6 when too few pairs passed, or those to slow are of another "
      "machine.");
  auto const options = std::make_shared<CalibrateOptions>();
  add_words(*command, options->run.words);
  command->add_option("--pairs", options->pairs, "Pairs of runs of each case; without it 30")
      ->check(CLI::Range(10, 5000));
  command
      ->add_option("--min-seconds", options->run.min_seconds,
                   "Least seconds of all samples of a run, in place of the spec's")
      ->check(seconds());
  command->add_option("--out", options->run.out, "The folder of the runs, which are a bundle");
  auto const how_to_run = command->get_options();
  auto* const from =
      command->add_option("--from", options->from, "A bundle of such runs, instead of running");
  for (auto* const option : how_to_run)
    if (option != command->get_help_ptr()) from->excludes(option);
  command->add_flag("--slowed", options->slowed,
                    "Then slow one side by twice the effect, and say how often that is found");
  command->add_flag("--json", options->json, "Print what was found as one JSON object");
  command->callback([options, &outcome] { outcome.code = calibrate(*options, outcome.command); });

  auto* again = inpex.add_subcommand(
      "reproduce", "Runs the plan of a bundle again, and says whether its figures come out again");
  again->footer("Example: inpex reproduce results/2026-11-22\n"
                "Exit: 0 reproduced; 2 no such bundle; 5 not reproduced; 6 undecided, another "
                "machine, or another program, with the first difference.");
  auto const bundle = std::make_shared<std::string>(), out = std::make_shared<std::string>();
  again->add_option("BUNDLE", *bundle, "The folder that `inpex run --out` made")->required();
  again->add_option("--out", *out, "The folder of the new bundle");
  again->callback([=, &outcome] { outcome.code = reproduce(*bundle, *out, outcome.command); });
}
