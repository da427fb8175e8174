// SPDX-License-Identifier: Apache-2.0
// The command `inpex`: reads the command line, lets one subcommand run, and turns whatever went
// wrong into sentences on stderr and an exit code. The last line says what to do next.

#include "commands/commands.hpp"

#include <inpex/error.hpp>
#include <inpex/host/build_info.hpp>
#include <inpex/host/launcher.hpp>
#include <inpex/host/printable.hpp>
#include <inpex/nearest.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <fcntl.h>

#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

// Of several ranks only the first one speaks: all of them found the same. A launcher ends every
// rank as soon as one of them fails, so the others give it time to do so.
void complain(std::string_view text) {
  if (inpex::host::launched_rank() != 0) {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    return;
  }
  auto const sentence = fmt::format("inpex: {}\n", inpex::host::printable_lines(text));
  std::fputs(sentence.c_str(), stderr);  // fmt::print would throw where stderr is full or closed
}

// The nearest right word for the first word that is no subcommand, or no option of its subcommand.
std::string advice(CLI::App const& inpex, std::vector<std::string> const& words) {
  std::vector<std::string> names;
  std::string const first = words.size() > 1 ? words[1] : "";
  CLI::App const* chosen = nullptr;
  for (auto const* each : inpex.get_subcommands([](CLI::App const*) { return true; })) {
    names.push_back(each->get_name());
    if (each->get_name() == first) chosen = each;
  }
  if (chosen == nullptr)
    return fmt::format("'{}': {} See `inpex --help`", first, inpex::suggestion(first, names));
  std::vector<std::string> options;
  for (auto const* option : chosen->get_options())
    for (auto const& name : option->get_lnames()) options.push_back("--" + name);
  for (auto const& word : words) {
    auto const name = word.substr(0, word.find('='));
    if (name.rfind("--", 0) != 0 || inpex::nearest(name, options) == name) continue;
    if (auto const right = inpex::nearest(name, options); !right.empty())
      return "did you mean '" + right + "'? See `inpex " + first + " --help`";
  }
  return "see `inpex " + first + " --help`";
}

// An empty word is nearly always a variable of a script that is not set, and would be taken for
// nothing asked.
void require_words(std::vector<std::string> const& words) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    bool const is_option = words[i].size() > 3 && words[i].rfind("--", 0) == 0;
    if (!words[i].empty() && !(is_option && words[i].back() == '=')) continue;
    auto const place = words[i].empty() ? words[i - 1] : words[i];
    throw inpex::Error(inpex::Fault::command, "there is an empty word behind it", place,
                       "write a value, or leave it out: is a variable not set?");
  }
}

// Files that this program opens must not get the numbers of streams that were closed.
void open_closed_streams() {
  for (int stream = 0; stream <= 2; ++stream)
    if (::fcntl(stream, F_GETFD) < 0) static_cast<void>(::open("/dev/null", O_RDWR));
}

// Whether something that was printed did not arrive; fmt throws then, printf does not.
bool is_lost() { return std::fflush(stdout) != 0 || std::ferror(stdout) != 0; }

int tell_lost() {
  complain("stdout: it cannot be written to\n  see whether its disk is full");
  return exit_code(inpex::Fault::environment);
}

int parse(CLI::App& inpex, int argc, char** argv, Outcome& outcome) {
  try {
    inpex.parse(argc, argv);
    return outcome.code;
  } catch (CLI::Success const& wanted) {  // --help, --version
    return inpex.exit(wanted);
  } catch (CLI::ParseError const& error) {
    if (outcome.command.size() == 1) {
      if (inpex::host::launched_rank() == 0) fmt::print("{}", inpex.help());
      complain("no command was given\n  name one, as in `inpex run stencil.heat7`");
      return exit_code(inpex::Fault::command);
    }
    complain(fmt::format("{}\n  {}", error.what(), advice(inpex, outcome.command)));
    return exit_code(inpex::Fault::command);
  }
}

int program(int argc, char** argv) {
  open_closed_streams();
  // A file that may not grow is an error that is told, as a full disk.
  std::signal(SIGXFSZ, SIG_IGN);
  auto const& build = inpex::host::build_info();
  CLI::App inpex("Verified mini-apps that measure machines.",
                 build.faults ? "inpex-faults" : "inpex");
  inpex.require_subcommand(1);
  inpex.set_version_flag("--version", "inpex " + build.version);
  inpex.footer("Start with: inpex run stencil.heat7\n"
               "Exit: 0 all passed; 1 a case failed; 2 bad command or spec; 3 environment; 4 "
               "verification wrong;\n"
               "      5 acceptance or comparison says no; 6 inconclusive or interrupted bundle; "
               "130 Ctrl-C.");
  Outcome outcome{0, {argv, argv + argc}};
  for (auto* add : {add_describe, add_run, add_show, add_verify, add_compare, add_calibrate,
                    add_accept, add_contract, add_machine, add_tune, add_selftest, add_scorecard,
                    add_mutate, add_audit, add_spec})
    add(inpex, outcome);
  try {
    require_words(outcome.command);
    int const code = parse(inpex, argc, argv, outcome);
    return is_lost() ? tell_lost() : code;
  } catch (inpex::Error const& error) {
    complain(error.what());
    return exit_code(error.fault);
  } catch (std::bad_alloc const&) {
    complain("memory ran out\n  take a smaller case, or close other programs");
    return exit_code(inpex::Fault::environment);
  } catch (std::exception const& problem) {
    if (is_lost()) return tell_lost();
    complain(
        fmt::format("{}\n  this is unexpected: please report it with the command that you wrote",
                    problem.what()));
    return exit_code(inpex::Fault::failed);
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return program(argc, argv);
  } catch (...) {  // nothing is left to tell it with: no memory, or no stderr
    return exit_code(inpex::Fault::failed);
  }
}
