// SPDX-License-Identifier: Apache-2.0
// `inpex compare`: whether the second result is faster than the first.

#include "commands.hpp"

#include <inpex/host/compare.hpp>
#include <inpex/host/json_text.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
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

int compare(std::string const& a, std::string const& b, bool json) {
  auto const source_a = read_results(a), source_b = read_results(b);
  auto const folder = calibration_folder();
  auto const all = Comparer(source_a, source_b, [&](std::string const& machine) {
                     return read_calibration(folder, machine);
                   }).all();
  bool const none = std::none_of(all.begin(), all.end(), [](Compared const& each) {
    return each.verdict != Comparison::refused;
  });
  if (json)
    fmt::print("{}\n", json_text(CompareOutput{all}));
  else
    fmt::print("{}", comparison_table(all));
  std::fflush(stdout);
  if (none)
    throw Error(Fault::command, "nothing in A may be compared with anything in B", a + ", " + b,
                "compare results of the same case: the lines above say what differs");
  bool const assumed = std::any_of(
      all.begin(), all.end(), [](Compared const& each) { return each.effect && !each.calibrated; });
  if (assumed)
    fmt::print(stderr,
               "inpex: where no calibration of this machine and case is known, differences under "
               "{:.0f} % are not claimed; see `inpex calibrate`\n",
               100 * assumed_effect);
  return exit_code_of(all);
}

}  // namespace
}  // namespace inpex::host

void add_compare(CLI::App& inpex, Outcome& outcome) {
  auto* command = inpex.add_subcommand(
      "compare", "Says of each case in two results whether B is FASTER, SLOWER or the SAME");
  command->footer(
      "Example: inpex compare results/before results/after\n"
      "Exit: 0 none is slower; 2 nothing is comparable; 5 a case is slower; 6 undecided, "
      "not comparable, or a bundle was changed.");
  auto const a = std::make_shared<std::string>(), b = std::make_shared<std::string>();
  auto const json = std::make_shared<bool>(false);
  command->add_option("A", *a, "A bundle, or a file of records: what B is held against")
      ->required();
  command->add_option("B", *b, "A bundle, or a file of records: what is judged")->required();
  command->add_flag("--json", *json, "Print the verdicts as one JSON object");
  command->callback([=, &outcome] { outcome.code = inpex::host::compare(*a, *b, *json); });
}
