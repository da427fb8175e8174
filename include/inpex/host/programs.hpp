// SPDX-License-Identifier: Apache-2.0
#pragma once
// The programs that are built beside this one, and how one takes the place of a process.

#include <inpex/error.hpp>

#include <fmt/format.h>

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

namespace inpex::host {

/// This program.
inline std::filesystem::path own_program() {
  return std::filesystem::read_symlink("/proc/self/exe");
}

/// The program of that name beside this one. Throws Error (environment) with `hint` if it was not
/// built.
inline std::string program_beside(std::string const& name, std::string const& hint) {
  auto const program = own_program().parent_path() / name;
  if (std::filesystem::exists(program)) return program.string();
  throw Error(Fault::environment, "the program " + name + " is not there", program.string(), hint);
}

/// Puts the program of the first word in the place of this process. Throws Error (environment) when
/// it cannot be started, and returns never.
[[noreturn]] inline void become(std::vector<std::string> words) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  ::execvp(arguments.front(), arguments.data());
  throw Error(Fault::environment,
              fmt::format("'{}' cannot be started: {}", words.front(), std::strerror(errno)));
}

}  // namespace inpex::host
