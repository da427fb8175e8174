// SPDX-License-Identifier: Apache-2.0
// `inpex run`: every case runs, is verified and measured, and becomes a record in a bundle.

#include "commands.hpp"
#include "run_words.hpp"

#include <inpex/error.hpp>
#include <inpex/host/build_info.hpp>
#include <inpex/host/run_session.hpp>

#include <CLI/CLI.hpp>

#include <memory>
#include <string>

namespace inpex::host {
namespace {

void add_options(CLI::App& command, RunOptions& options) {
  command.add_option("--out", options.out,
                     "The bundle's folder; without it results/<time>-<target>");
  command
      .add_option("--min-seconds", options.min_seconds,
                  "Least seconds of all samples together, in place of the spec's")
      ->check(seconds());
  command
      .add_option("--case-timeout", options.case_timeout,
                  "Seconds after which a case counts as hung")
      ->check(seconds(true));
  command.add_option("--tuning", options.tuning,
                     "File of `inpex tune`, or off; without it this machine's, where there is one");
  command
      .add_option("--repeat", options.repeat,
                  "Run everything that many times, in turn, as one bundle")
      ->check(CLI::Range(1, 10000));
  command.add_option("--resume", options.resume, "Go on with an interrupted bundle");
  command.add_flag("--dry-run", options.dry_run,
                   "Print what would run, its memory and time, and run nothing");
  command.add_flag("--json", options.json, "Print the records as one JSON object");
  auto* fault = command.add_option("--fault", options.fault, "Plant this fault");
  auto* slower = command
                     .add_option("--slower", options.slower,
                                 "Hold up every sample by so many seconds: would it be noticed?")
                     ->check(seconds());
  if (!build_info().faults)  // hidden where they can only be refused
    fault->group(""), slower->group("");
}

void check_options(RunOptions const& options) {
  bool const resumes = !options.resume.empty();
  if (!resumes && options.words.targets.empty())
    throw Error(Fault::command, "what to run?", "TARGET",
                "name an app before any option, as in `inpex run stencil.heat7 --case S`; `inpex "
                "list` shows all");
  if (resumes && (options.words != RunWords{} || !options.out.empty() || options.min_seconds ||
                  options.repeat != 1 || !options.fault.empty() || options.slower))
    throw Error(Fault::command, "a resumed run takes its targets and options from its plan",
                "--resume", "leave out what says what to run, and how");
  if ((!options.fault.empty() || options.slower) && !build_info().faults)
    throw Error(Fault::command, "this program plants no faults",
                options.slower ? "--slower" : "--fault", "use inpex-faults, or `inpex mutate`");
}

}  // namespace
}  // namespace inpex::host

void add_run(CLI::App& inpex, Outcome& outcome) {
  using namespace inpex::host;
  auto* command = inpex.add_subcommand(
      "run", "Runs, verifies and measures cases, writes a bundle, and prints the table");
  command->footer(
      "Examples: inpex run stencil.heat7\n"
      "          inpex run stencil.heat7 --case smoke,S --precision fp64,fp32 -p tile=16,32\n"
      "          mpirun -n 4 inpex run stencil.heat7 --case M --out results/four-ranks\n"
      "Exit: 0; 1 a case failed; 2 bad command or spec; 3 memory or device; 4 wrong; 6 skipped; "
      "130 Ctrl-C.");
  auto const options = std::make_shared<RunOptions>();
  add_words(*command, options->words);
  add_options(*command, *options);
  command->callback([options, &outcome] {
    check_options(*options);
    outcome.code = RunSession(*options, outcome.command).execute();
  });
}
