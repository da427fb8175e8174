// SPDX-License-Identifier: Apache-2.0
#pragma once
// The options that say what to run, for every command that runs something.

#include <inpex/host/tasks.hpp>

#include <CLI/CLI.hpp>

namespace inpex::host {

/// Adds TARGET, --case, -p, --space, --precision and --schedule.
inline void add_words(CLI::App& command, RunWords& words) {
  command.add_option("TARGET", words.targets,
                     "App (stencil.heat7), family (stencil), spec file or suite file");
  command
      .add_option("--case", words.cases,
                  "Cases of the spec, with commas; without it S, or the first where there is no S")
      ->delimiter(',');
  command
      .add_option("-p", words.settings,
                  "name=value, or name=value,value for a sweep; again for another parameter")
      ->allow_extra_args(false);
  command
      .add_option(
          "--space", words.spaces,
          "Where to run: serial, openmp, cuda, hip, with commas; without it the device or openmp")
      ->delimiter(',');
  command
      .add_option("--precision", words.precisions,
                  "fp64, fp32, mixed, with commas; without it the spec's first")
      ->delimiter(',');
  command
      .add_option("--schedule", words.schedules,
                  "native, or device to test the device's schedule on a host")
      ->delimiter(',');
}

}  // namespace inpex::host
