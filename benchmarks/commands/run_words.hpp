// SPDX-License-Identifier: Apache-2.0
#pragma once
// The options that say what to run, for every command that runs something.

#include <inpex/host/tasks.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <string>

namespace inpex::host {

/// A text that is not empty: a variable of the shell that is not set must not pass for a wish.
inline CLI::Validator not_empty() {
  return {[](std::string const& text) { return text.empty() ? "it is empty" : std::string(); },
          "TEXT"};
}

/// A number of seconds from 0 to a year, or above 0: no NaN, which would end nothing.
inline CLI::Validator seconds(bool above_zero = false) {
  return {[=](std::string const& text) {
            double value = -1;
            bool const good = CLI::detail::lexical_cast(text, value) && value <= 3.2e7 &&
                              (above_zero ? value > 0 : value >= 0);
            return good ? std::string()
                        : fmt::format("'{}' is no number of seconds {} 0 to a year", text,
                                      above_zero ? "above" : "from");
          },
          above_zero ? "SECONDS above 0" : "SECONDS"};
}

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
