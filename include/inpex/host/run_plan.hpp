// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a run is going to do, written into its bundle before the first case (plan.json): so that
// what a kill left undone is known, and can be done later under the same conditions.

#include <inpex/error.hpp>
#include <inpex/host/json_text.hpp>
#include <inpex/host/unchanged.hpp>
#include <inpex/host/yaml_scalar.hpp>
#include <inpex/value.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

namespace inpex::host {

/// One case to run: its record names it in `provenance.task`, its samples are in a file of its
/// name.
struct Task {
  std::string name;  ///< letters, digits, `.`, `_`, `-`; name_tasks() makes it
  std::string app;
  std::string case_name;
  std::string space;
  std::string precision;
  std::string schedule;
  Table parameters;  ///< those that the command set
  static constexpr auto fields() {
    return std::tuple{field("name", &Task::name),
                      field("app", &Task::app),
                      field("case", &Task::case_name),
                      field("space", &Task::space),
                      field("precision", &Task::precision),
                      field("schedule", &Task::schedule),
                      field("parameters", &Task::parameters)};
  }
  friend bool operator==(Task const&, Task const&) = default;
};

/// All tasks, in the order in which they run.
struct RunPlan {
  std::string inpex_plan = "1.0";
  std::vector<std::string> command;
  Table conditions;  ///< what must be the same on --resume: version, commit, compiler, ranks, host,
                     ///< ...
  Table options;     ///< of the command, for --resume to take up again
  std::vector<Task> tasks;
  static constexpr auto fields() {
    return std::tuple{field("inpex_plan", &RunPlan::inpex_plan),
                      field("command", &RunPlan::command),
                      field("conditions", &RunPlan::conditions),
                      field("options", &RunPlan::options), field("tasks", &RunPlan::tasks)};
  }
};

/// Gives every task its name: "0001-stencil.heat7-smoke-openmp-fp64".
inline void name_tasks(RunPlan& plan) {
  std::size_t number = 0;
  for (auto& task : plan.tasks) {
    task.name = fmt::format("{:04}", ++number);
    for (auto const* part : {&task.app, &task.case_name, &task.space, &task.precision}) {
      if (part->empty()) continue;
      task.name += '-';
      for (char const c : *part) {
        bool const plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        task.name += plain || c == '.' || c == '_' ? c : '_';
      }
    }
    task.name.resize(std::min<std::size_t>(task.name.size(), 120));
  }
}

/// The first difference between the conditions of a plan and those of now, as a sentence; "" if
/// none.
inline std::string difference(Table const& planned, Table const& now) {
  auto const shown = [](Entry const* entry) {
    return entry == nullptr ? std::string("unknown") : json_text(entry->value);
  };
  for (auto const& entry : planned)
    if (auto const* other = find(now, entry.name); shown(other) != shown(&entry))
      return entry.name + " was " + shown(&entry) + " and is now " + shown(other);
  for (auto const& entry : now)
    if (find(planned, entry.name) == nullptr)
      return entry.name + " was unknown and is now " + shown(&entry);
  return {};
}

/// Throws Error (command) unless a plan that is run again gets as many ranks as it had.
inline void require_ranks(RunPlan const& plan, int ranks) {
  auto const* planned = find(plan.conditions, "ranks");
  if (planned == nullptr || as<std::int64_t>(*planned) == ranks) return;
  auto const wanted = as<std::int64_t>(*planned);
  throw Error(Fault::command,
              fmt::format("the bundle was made by {} ranks, here are {}", wanted, ranks), "",
              fmt::format("start it with mpirun -n {}", wanted));
}

namespace detail {

/// What of a plan's tables is taken up by name must be of its type, wherever it is read.
inline void check_taken_up(RunPlan const& plan, JsonReader const& reader) {
  auto const must = [&](Table const& table, char const* group, char const* name, auto&& good,
                        char const* wanted) {
    auto const* entry = find(table, name);
    if (entry != nullptr && !good(entry->value))
      reader.fail(fmt::format("'{}.{}' must be {}, but is {}", group, name, wanted,
                              json_text(entry->value)));
  };
  auto const seconds = [](Value const& value) {
    auto const* real = std::get_if<double>(&value);
    auto const* whole = std::get_if<std::int64_t>(&value);
    return (real != nullptr && std::isfinite(*real) && *real >= 0) ||
           (whole != nullptr && *whole >= 0);
  };
  auto const text = [](Value const& value) { return std::holds_alternative<std::string>(value); };
  auto const count = [](Value const& value) {
    auto const* whole = std::get_if<std::int64_t>(&value);
    return whole != nullptr && *whole >= 1;
  };
  must(plan.options, "options", "min_seconds", seconds, "seconds, 0 or more");
  must(plan.options, "options", "slower", seconds, "seconds, 0 or more");
  must(plan.options, "options", "repeat", count, "a count of rounds");
  must(plan.options, "options", "fault", text, "a text");
  must(plan.conditions, "conditions", "ranks", count, "a count of ranks");
  must(plan.conditions, "conditions", "host", text, "a text");
}

/// Rounds are alike, and as many as the command asks for: none was left out, and no task of one.
inline void check_rounds(RunPlan const& plan, JsonReader const& reader) {
  auto const* entry = find(plan.options, "repeat");
  auto const rounds = entry == nullptr ? std::int64_t{1} : as<std::int64_t>(*entry);
  auto const size = std::ssize(plan.tasks) / rounds;
  bool alike = std::ssize(plan.tasks) == size * rounds;
  for (std::int64_t i = size; alike && i < std::ssize(plan.tasks); ++i) {
    auto task = plan.tasks[static_cast<std::size_t>(i)];
    auto const& first = plan.tasks[static_cast<std::size_t>(i % size)];
    task.name = first.name;
    alike = task == first;
  }
  if (!alike) reader.fail(fmt::format("its tasks are not {} rounds of the same", rounds));
  std::string asked;
  for (std::size_t i = 0; i < plan.command.size(); ++i) {
    auto const& word = plan.command[i];
    if (word == "--repeat" && i + 1 < plan.command.size()) asked = plan.command[i + 1];
    if (word.rfind("--repeat=", 0) == 0) asked = word.substr(9);
  }
  if (!asked.empty() && asked != std::to_string(rounds))
    reader.fail(fmt::format("its command repeats {} times, its tasks are {} rounds",
                            abbreviated(asked), rounds));
}

}  // namespace detail

/// The plan of a text. Throws Error (inconclusive) at `place`.
inline RunPlan plan_of_text(std::string_view text, std::string const& place) {
  auto plan = from_json_text<RunPlan>(text, place, take_unchanged);
  JsonReader const reader(place, take_unchanged);
  if (plan.inpex_plan != RunPlan{}.inpex_plan)
    reader.fail("the plan has format '" + plan.inpex_plan + "'",
                "this inpex reads format " + RunPlan{}.inpex_plan);
  detail::check_taken_up(plan, reader);
  detail::check_rounds(plan, reader);
  std::set<std::string> names;
  for (auto const& task : plan.tasks) {
    auto const safe = task.name.find_first_not_of(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
    if (task.name.empty() || task.name.front() == '.' || safe != std::string::npos ||
        !names.insert(task.name).second)
      reader.fail("'" + task.name + "' cannot name a task, or names two");
  }
  return plan;
}

}  // namespace inpex::host
