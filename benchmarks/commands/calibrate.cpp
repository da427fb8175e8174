// SPDX-License-Identifier: Apache-2.0
// `inpex calibrate`: runs of the very same thing, in turn, to learn what may be claimed on this
// machine. `inpex reproduce`: a bundle's plan once more, and whether its figures come out again.

#include "commands.hpp"
#include "run_words.hpp"

#include <inpex/host/calibrate.hpp>
#include <inpex/host/launcher.hpp>
#include <inpex/host/reproduce.hpp>
#include <inpex/host/run_session.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace inpex::host {
namespace {

struct CalibrateOptions {
  RunOptions run;
  std::int64_t pairs = 20;
  std::string from;
  bool json = false;
};

int calibrate(CalibrateOptions options, std::vector<std::string> const& command) {
  if (options.from.empty() == options.run.words.targets.empty())
    throw Error(Fault::command, "what to calibrate?", "TARGET",
                "name an app, as in `inpex calibrate stencil.heat7`, or a bundle with --from");
  if (options.from.empty()) {
    options.run.repeat = 2 * options.pairs;
    options.run.out = options.from = new_folder(options.run.out, "calibration");
    options.run.quiet = true;
    if (int const code = RunSession(options.run, command).execute(); code != 0) return code;
  }
  auto const found = calibration_of(read_results(options.from).records);
  if (found.cases.empty())
    throw Error(
        Fault::inconclusive,
        fmt::format("no case has {} pairs of runs that passed, with an interval", least_pairs),
        options.from, "take more pairs, and cases of at least 6 samples");
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
  command->footer("Example: inpex calibrate stencil.heat7 --case S --pairs 20\n"
                  "Exit: 0; as `inpex run`; 6 when too few pairs passed.");
  auto const options = std::make_shared<CalibrateOptions>();
  add_words(*command, options->run.words);
  command->add_option("--pairs", options->pairs, "Pairs of runs of each case; without it 20")
      ->check(CLI::Range(10, 5000));
  command
      ->add_option("--min-seconds", options->run.min_seconds,
                   "Least seconds of all samples of a run, in place of the spec's")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--out", options->run.out, "The folder of the runs, which are a bundle");
  command->add_option("--from", options->from, "A bundle of such runs, instead of running");
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
