// SPDX-License-Identifier: Apache-2.0
#pragma once
// What `inpex run TARGET...` means: an app (stencil.heat7), a family (stencil), a spec file or a
// suite file. Files are known by their ending .yaml.

#include <inpex/host/build_info.hpp>
#include <inpex/host/overrides.hpp>
#include <inpex/host/spec_load.hpp>
#include <inpex/host/suite.hpp>
#include <inpex/nearest.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inpex::host {

/// One app to run. What is empty was not named by the target: options or defaults decide.
struct Target {
  Spec spec;
  std::vector<std::string> cases;
  std::vector<std::string> precisions;
  std::vector<Setting> settings;
};

/// Folders of specs: those of the variable INPEX_SPECS (separated by ':'), else those that the
/// build names.
inline std::vector<std::string> spec_folders() {
  char const* variable = std::getenv("INPEX_SPECS");
  if (variable == nullptr || *variable == '\0') return build_info().spec_dirs;
  std::vector<std::string> folders;
  for (std::string_view rest = variable; true;) {
    auto const end = rest.find(':');
    if (end != 0 && !rest.empty()) folders.emplace_back(rest.substr(0, end));
    if (end == std::string_view::npos) return folders;
    rest.remove_prefix(end + 1);
  }
}

namespace detail {

inline std::string family_of(Spec const& spec) { return spec.id.substr(0, spec.id.find('.')); }

inline bool ends_with_yaml(std::string_view word) {
  return word.size() > 5 && word.substr(word.size() - 5) == ".yaml";
}

[[noreturn]] inline void refuse_target(std::string const& word, std::string const& where,
                                       std::vector<Spec> const& specs, Fault fault) {
  std::vector<std::string> known;
  for (auto const& spec : specs) {
    known.push_back(spec.id);
    if (std::find(known.begin(), known.end(), family_of(spec)) == known.end())
      known.push_back(family_of(spec));
  }
  auto hint = suggestion(word.substr(0, 64), known);
  if (specs.empty()) hint = "no specs were found; set INPEX_SPECS to the folder that holds them";
  throw Error(fault, fmt::format("there is no app '{}'", abbreviated(word)), where, hint);
}

/// Names of a suite's entry against the spec, so that what is wrong is told with its place.
inline void check_names(std::vector<std::string> const& names,
                        std::vector<std::string> const& known, char const* what,
                        SuiteRun const& run, std::string const& where) {
  for (auto const& name : names)
    if (std::find(known.begin(), known.end(), name) == known.end())
      throw Error(Fault::spec, fmt::format("{} has no {} '{}'", run.app, what, name), where,
                  suggestion(name, known));
}

inline std::vector<Target> targets_of(Suite const& suite, std::vector<Spec> const& specs) {
  std::vector<Target> result;
  for (auto const& run : suite.runs) {
    auto const spec = std::find_if(specs.begin(), specs.end(),
                                   [&](Spec const& each) { return each.id == run.app; });
    if (spec == specs.end()) refuse_target(run.app, run.app_where, specs, Fault::spec);
    std::vector<std::string> cases;
    for (auto const& each : spec->cases) cases.push_back(each.name);
    check_names(run.cases, cases, "case", run, run.cases_where);
    check_names(run.precisions, spec->precisions, "precision", run, run.precisions_where);
    sweep(*spec, run.settings);  // throws for what is wrong with a setting
    result.push_back({*spec, run.cases, run.precisions, run.settings});
  }
  return result;
}

inline std::vector<Target> targets_of_file(std::string const& path,
                                           std::vector<Spec> const& specs) {
  std::string text = read_small_file(path);
  Findings findings(path);
  Yaml root = read_yaml(text, findings);
  if (root.find("inpex_suite") == nullptr) return {{parse_spec(std::move(text), path), {}, {}, {}}};
  return targets_of(read_suite(std::move(root), findings), specs);
}

}  // namespace detail

/// The apps that the words of a command name, in their order; a family gives all of its apps.
/// Throws Error (command) for a word that names none, with the nearest right one, and what loading
/// throws.
inline std::vector<Target> resolve_targets(std::vector<std::string> const& words,
                                           std::vector<Spec> const& specs) {
  std::vector<Target> result;
  for (auto const& word : words) {
    if (detail::ends_with_yaml(word)) {
      for (auto& target : detail::targets_of_file(word, specs)) result.push_back(std::move(target));
      continue;
    }
    auto const before = result.size();
    for (auto const& spec : specs)
      if (spec.id == word || detail::family_of(spec) == word) result.push_back({spec, {}, {}, {}});
    if (result.size() == before) detail::refuse_target(word, "TARGET", specs, Fault::command);
  }
  return result;
}

}  // namespace inpex::host
