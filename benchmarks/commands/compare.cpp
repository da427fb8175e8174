// SPDX-License-Identifier: Apache-2.0
// `inpex compare`: whether the second result is faster than the first.

#include "commands.hpp"

#include <inpex/host/compare.hpp>
#include <inpex/host/confirm.hpp>
#include <inpex/host/json_text.hpp>
#include <inpex/host/launcher.hpp>
#include <inpex/host/run_session.hpp>
#include <inpex/host/sound_bundle.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

namespace inpex::host {
namespace {

/// What `--json` prints.
struct CompareOutput {
  std::vector<Compared> pairs;
  static constexpr auto fields() { return std::tuple{field("pairs", &CompareOutput::pairs)}; }
};

struct CompareOptions {
  std::string a, b, out;
  std::int64_t rounds = usual_rounds;
  bool confirm = false;
  bool json = false;
};

// Runs what is undecided, and judges it anew.
int confirm(CompareOptions const& options, std::vector<std::string> const& command,
            std::vector<Compared>& all) {
  auto const a = read_repeatable(options.a), b = read_repeatable(options.b);
  require_here(a, b, build_info(), host_id());
  RunOptions run;
  run.again = confirming(a, b, all, options.rounds);
  run.like = {options.a, options.b};
  run.out = new_folder(options.out, "confirmation");
  run.quiet = true;
  int const code = RunSession(run, command).execute();
  if (launched_rank() != 0 || !is_folder(run.out)) return code;  // or it was stopped
  decide(all, read_results(run.out).records);
  fmt::print(stderr, "inpex: the rounds are in {}\n", run.out);
  return code;
}

// A file of records has no samples to be verified by, and its figures are as it states them.
void require_true(std::string const& results) {
  if (is_folder(results))
    require_sound(results);
  else
    fmt::print(stderr, "inpex: {} has no samples: its figures are as stated\n", results);
}

int compare(CompareOptions const& options, std::vector<std::string> const& command) {
  auto const source_a = read_results(options.a), source_b = read_results(options.b);
  require_true(options.a), require_true(options.b);
  auto const folder = calibration_folder();
  auto all = Comparer(source_a, source_b, [&](std::string const& machine) {
               return read_calibration(folder, machine);
             }).all();
  auto const is = [](Comparison verdict) {
    return [=](Compared const& each) { return each.verdict == verdict; };
  };
  // Cases that pair, but of which a side is no valid figure, are open and not unlike.
  bool const none = std::all_of(all.begin(), all.end(), [](Compared const& each) {
    return each.verdict == Comparison::refused &&
           (each.records_a.empty() || each.records_b.empty());
  });
  int code = 0;
  if (options.confirm && std::any_of(all.begin(), all.end(), is(Comparison::undecided)))
    code = confirm(options, command, all);
  if (launched_rank() != 0) return code;
  if (options.json)
    fmt::print("{}\n", json_text(CompareOutput{all}));
  else
    fmt::print("{}{}", comparison_table(all), comparison_summary(all));
  std::fflush(stdout);
  if (none)
    throw Error(Fault::command, "nothing in A may be compared with anything in B",
                options.a + ", " + options.b,
                "compare results of the same case: the lines above say what differs");
  bool const assumed = std::any_of(
      all.begin(), all.end(), [](Compared const& each) { return each.effect && !each.calibrated; });
  if (assumed)
    fmt::print(stderr,
               "inpex: where no calibration of this machine and case is known, only differences "
               "surely beyond {:.0f} % are claimed; see `inpex calibrate`\n",
               100 * assumed_effect);
  return code != 0 ? code : exit_code_of(all);
}

}  // namespace
}  // namespace inpex::host

void add_compare(CLI::App& inpex, Outcome& outcome) {
  auto* command = inpex.add_subcommand(
      "compare", "Says of each case in two results whether B is FASTER, SLOWER or the SAME");
  command->footer(
      "Example: inpex compare results/before results/after\n"
      "         inpex compare results/before results/after --confirm\n"
      "Exit: 0 none is slower; 2 nothing is comparable; 5 a case is slower; 6 undecided, "
      "not comparable, not to be run here, or a bundle was changed. With --confirm else as inpex "
      "run.");
  auto const options = std::make_shared<inpex::host::CompareOptions>();
  command->add_option("A", options->a, "A bundle, or a file of records: what B is held against")
      ->required();
  command->add_option("B", options->b, "A bundle, or a file of records: what is judged")
      ->required();
  auto* confirm = command->add_flag("--confirm", options->confirm,
                                    "Run again what is undecided, A and B in turn");
  command->add_option("--rounds", options->rounds, "Runs of each side then; without it 15")
      ->check(CLI::Range(inpex::host::least_rounds, std::int64_t{1000}))
      ->needs(confirm);
  command->add_option("--out", options->out, "The folder of those runs, which are a bundle")
      ->needs(confirm);
  command->add_flag("--json", options->json, "Print the verdicts as one JSON object");
  command->callback(
      [=, &outcome] { outcome.code = inpex::host::compare(*options, outcome.command); });
}
