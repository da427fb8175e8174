// SPDX-License-Identifier: Apache-2.0
#pragma once
// The groups of subcommands, one file each. A group adds its subcommands to the program and leaves
// the exit code of the one that ran in the Outcome.

#include <string>
#include <vector>

namespace CLI {
class App;
}

/// What a command leaves behind. Errors are thrown, and become the exit code in main.
struct Outcome {
  int code = 0;
  std::vector<std::string> command;  ///< the words that the user wrote, for the record
};

void add_accept(CLI::App& inpex, Outcome& outcome);
void add_audit(CLI::App& inpex, Outcome& outcome);
void add_calibrate(CLI::App& inpex, Outcome& outcome);
void add_compare(CLI::App& inpex, Outcome& outcome);
void add_contract(CLI::App& inpex, Outcome& outcome);
void add_describe(CLI::App& inpex, Outcome& outcome);
void add_run(CLI::App& inpex, Outcome& outcome);
void add_machine(CLI::App& inpex, Outcome& outcome);
void add_mutate(CLI::App& inpex, Outcome& outcome);
void add_scorecard(CLI::App& inpex, Outcome& outcome);
void add_selftest(CLI::App& inpex, Outcome& outcome);
void add_show(CLI::App& inpex, Outcome& outcome);
void add_tune(CLI::App& inpex, Outcome& outcome);
void add_spec(CLI::App& inpex, Outcome& outcome);
void add_verify(CLI::App& inpex, Outcome& outcome);
