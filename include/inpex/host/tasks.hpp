// SPDX-License-Identifier: Apache-2.0
#pragma once
// From the words of `inpex run` to the list of tasks: every target, times cases, times the sweep
// over parameters, times spaces, precisions and schedules.

#include <inpex/host/overrides.hpp>
#include <inpex/host/prepare.hpp>
#include <inpex/host/run_plan.hpp>
#include <inpex/host/survey.hpp>
#include <inpex/host/targets.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inpex::host {

/// What the options of the command say; an empty list leaves the choice to target, spec or program.
struct RunWords {
  std::vector<std::string> targets;
  std::vector<std::string> cases;
  std::vector<std::string> settings;  ///< of -p
  std::vector<std::string> spaces;
  std::vector<std::string> precisions;
  std::vector<std::string> schedules;

  friend bool operator==(RunWords const&, RunWords const&) = default;
};

/// The case that is run where none is named: S where the spec has it, else the first.
inline std::string default_case(Spec const& spec) {
  if (spec.find_case("S") != nullptr || spec.cases.empty()) return "S";
  return spec.cases.front().name;
}

namespace detail {

/// The settings of parameters; those of space, precision and schedule, which are the frame's, go to
/// their lists, as if their options had been used.
inline std::vector<Setting> parameter_settings(RunWords& words) {
  std::vector<Setting> result;
  std::pair<std::string_view, std::vector<std::string>*> const lists[] = {
      {"space", &words.spaces}, {"precision", &words.precisions}, {"schedule", &words.schedules}};
  for (auto const& word : words.settings) {
    auto setting = parse_setting(word);
    bool ours = false;
    for (auto const& [name, list] : lists) {
      if (setting.name != name) continue;
      ours = true;
      for (auto const& value : setting.values) list->push_back(value.text);
    }
    if (!ours) result.push_back(std::move(setting));
  }
  return result;
}

inline void add_tasks(Target const& target, RunWords const& words,
                      std::vector<Setting> const& settings, std::vector<Task>& tasks) {
  auto const& spec = target.spec;
  auto const chosen = [](auto const& first, auto const& second, std::string const& otherwise) {
    return !first.empty() ? first : !second.empty() ? second : std::vector<std::string>{otherwise};
  };
  std::vector<Setting> all = settings;
  for (auto const& setting : target.settings)  // the command's word counts more than the suite's
    if (std::none_of(settings.begin(), settings.end(),
                     [&](auto const& each) { return each.name == setting.name; }))
      all.push_back(setting);
  auto const tables = sweep(spec, all);
  auto const& app = built_app(spec.id);
  auto const none = std::vector<std::string>();
  for (auto const& case_name : chosen(words.cases, target.cases, default_case(spec)))
    for (auto const& parameters : tables)
      for (auto const& space : chosen(words.spaces, none, default_space(app.spaces)))
        for (auto const& precision :
             chosen(words.precisions, target.precisions, spec.precisions.front()))
          for (auto const& schedule : chosen(words.schedules, none, "native"))
            tasks.push_back({"", spec.id, case_name, space, precision, schedule, parameters});
}

}  // namespace detail

/// The tasks, in the order of the targets; not named yet. Throws Error (command).
inline std::vector<Task> tasks_of(std::vector<Target> const& targets, RunWords words) {
  auto const settings = detail::parameter_settings(words);
  for (auto const& schedule : words.schedules)
    detail::require_word(schedule, {"native", "device"}, "inpex", "--schedule");
  std::vector<Task> tasks;
  for (auto const& target : targets) detail::add_tasks(target, words, settings, tasks);
  return tasks;
}

}  // namespace inpex::host
