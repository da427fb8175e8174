// SPDX-License-Identifier: Apache-2.0
// `inpex show`: the table of a bundle, whole or interrupted.

#include "commands.hpp"

#include <inpex/error.hpp>
#include <inpex/host/bundle.hpp>
#include <inpex/host/json_text.hpp>
#include <inpex/host/table.hpp>
#include <inpex/host/terminal.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

namespace inpex::host {
namespace {

/// What `--json` prints.
struct Shown {
  std::string bundle;
  std::string state;  // whole, running, interrupted
  std::vector<Record> records;
  std::vector<std::string> remaining;
  static constexpr auto fields() {
    return std::tuple{field("bundle", &Shown::bundle), field("state", &Shown::state),
                      field("records", &Shown::records), field("remaining", &Shown::remaining)};
  }
};

std::string state(Bundle const& bundle) {
  if (bundle.whole) return "whole";
  return bundle.running ? "running" : "interrupted";
}

void print_json(Bundle const& bundle) {
  Shown shown{bundle.folder.string(), state(bundle), bundle.records, {}};
  for (auto const& task : bundle.remaining) shown.remaining.push_back(task.name);
  fmt::print("{}\n", json_text(shown));
}

/// What is missing from a bundle that is not whole, and what to do about it.
void print_missing(Bundle const& bundle) {
  auto const folder = bundle.folder.string();
  auto const done = bundle.records.size();
  if (bundle.remaining.empty())
    fmt::print(stderr, "{}: all {} cases are done, but the bundle was not completed.\n", folder,
               done);
  else
    fmt::print(stderr, "{}: {} {}; {} of {} cases are done.\n", folder,
               bundle.running ? "goes on at case" : "interrupted at case",
               bundle.remaining.front().name, done, bundle.plan.tasks.size());
  if (!bundle.torn.empty())
    fmt::print(stderr, "  A record was not written to its end; it does not count.\n");
  if (!bundle.running) fmt::print(stderr, "  Go on with: inpex run --resume {}\n", folder);
}

int show(std::string const& path, bool json) {
  auto const bundle = open_bundle(path);
  if (json)
    print_json(bundle);
  else
    fmt::print("{}", ResultTable(bundle.records, wants_colour(STDOUT_FILENO)).text());
  if (bundle.whole) return 0;
  std::fflush(stdout);
  print_missing(bundle);
  return exit_code(Fault::inconclusive);
}

}  // namespace
}  // namespace inpex::host

void add_show(CLI::App& inpex, Outcome& outcome) {
  auto* command = inpex.add_subcommand(
      "show", "The table of a bundle, after a check that it is as it was written");
  command->footer("Example: inpex show results/2026-11-22\n"
                  "Exit: 0; 2 when there is no such bundle; 6 when it was changed or interrupted.");
  auto const path = std::make_shared<std::string>();
  auto const json = std::make_shared<bool>(false);
  command->add_option("BUNDLE", *path, "The folder that `inpex run --out` made, or its .partial")
      ->required();
  command->add_flag("--json", *json, "Print the records as one JSON object");
  command->callback([path, json, &outcome] { outcome.code = inpex::host::show(*path, *json); });
}
