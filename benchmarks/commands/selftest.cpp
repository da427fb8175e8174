// SPDX-License-Identifier: Apache-2.0
// `inpex selftest`: whether intervals hold the truth, and whether the harness sees what disturbs
// it.

#include "commands.hpp"

#include <inpex/error.hpp>
#include <inpex/host/coverage.hpp>
#include <inpex/host/harness_selftest.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>

namespace inpex::host {
namespace {

bool coverage() {
  auto const rows = interval_coverage(2000);
  fmt::print("{}", coverage_table(rows));
  return std::all_of(rows.begin(), rows.end(), [](auto const& row) { return row.good(); });
}

enum class Instrument { right, unknown, wrong };

Instrument harness() {
  auto const all = harness_selftest();
  fmt::print("{}", selftest_table(all));
  auto worst = Instrument::right;
  for (auto const& each : all) {
    if (each.guard.empty()) continue;
    worst = std::max(worst, each.always      ? Instrument::unknown
                            : each.flagged() ? Instrument::right
                                             : Instrument::wrong);
  }
  return worst;
}

int selftest(bool only_coverage, bool only_harness) {
  auto found = Instrument::right;
  if ((!only_harness || only_coverage) && !coverage()) found = Instrument::wrong;
  if (!only_coverage || only_harness) found = std::max(found, harness());
  std::fflush(stdout);
  if (found == Instrument::right) return 0;
  if (found == Instrument::unknown) {
    fmt::print(stderr, "inpex: this machine is disturbed already\n  try again when it is idle\n");
    return exit_code(Fault::inconclusive);
  }
  fmt::print(stderr,
             "inpex: the instrument itself is not right\n  report the lines above with your "
             "machine\n");
  return exit_code(Fault::wrong);
}

}  // namespace
}  // namespace inpex::host

void add_selftest(CLI::App& inpex, Outcome& outcome) {
  auto* command = inpex.add_subcommand(
      "selftest", "Tries the instrument itself: its intervals, and whether it sees disturbances");
  command->footer(
      "Example: inpex selftest --coverage\n"
      "Exit: 0; 4 when an interval or a guard does not do what it promises; 6 when the machine "
      "is disturbed already.");
  auto const coverage = std::make_shared<bool>(false), harness = std::make_shared<bool>(false);
  command->add_flag("--coverage", *coverage,
                    "How often 95 % intervals hold the truth, on simulated times");
  command->add_flag("--harness", *harness,
                    "Whether a neighbour, a slower clock and stalls are flagged; some seconds");
  command->callback([=, &outcome] { outcome.code = inpex::host::selftest(*coverage, *harness); });
}
