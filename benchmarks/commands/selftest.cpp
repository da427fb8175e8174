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

bool harness() {
  auto const all = harness_selftest();
  fmt::print("{}", selftest_table(all));
  return std::all_of(all.begin(), all.end(),
                     [](auto const& each) { return each.guard.empty() || each.flagged(); });
}

int selftest(bool only_coverage, bool only_harness) {
  bool good = true;
  if (!only_harness || only_coverage) good = coverage() && good;
  if (!only_coverage || only_harness) good = harness() && good;
  std::fflush(stdout);
  if (good) return 0;
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
  command->footer("Example: inpex selftest --coverage\n"
                  "Exit: 0; 4 when an interval or a guard does not do what it promises.");
  auto const coverage = std::make_shared<bool>(false), harness = std::make_shared<bool>(false);
  command->add_flag("--coverage", *coverage,
                    "How often 95 % intervals hold the truth, on simulated times");
  command->add_flag("--harness", *harness,
                    "Whether a neighbour, a slower clock and stalls are flagged; some seconds");
  command->callback([=, &outcome] { outcome.code = inpex::host::selftest(*coverage, *harness); });
}
