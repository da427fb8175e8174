// SPDX-License-Identifier: Apache-2.0
#pragma once
// A suite: which apps, cases, precisions and parameters one command runs. The same strict YAML and
// the same errors as a spec; spec_fields.hpp lists its fields.
//
//   inpex_suite: "1.0"
//   id: quick
//   title: A first look at a machine
//   runs:
//     - {app: stencil.heat7, cases: [smoke, S]}
//     - {app: stencil.heat7, cases: [M], precisions: [fp64], parameters: {variant: [naive,
//     spatial]}}

#include <inpex/host/overrides.hpp>
#include <inpex/host/spec_load.hpp>

#include <string>
#include <utility>
#include <vector>

namespace inpex::host {

/// One entry of a suite.
struct SuiteRun {
  std::string app;
  std::string app_where;
  std::vector<std::string> cases;
  std::vector<std::string> precisions;  ///< empty: the spec's default
  std::vector<Setting> settings;
  std::string cases_where, precisions_where;
};

/// Runs of several apps under one name.
struct Suite {
  std::string id;
  std::string title;
  std::vector<SuiteRun> runs;
  std::string file;
};

namespace detail {

class SuiteReader : SpecParts {
 public:
  explicit SuiteReader(Findings& findings) : SpecParts(findings) {}

  Suite read(Yaml const& root) {
    Suite suite{text(root.find("id")), text(root.find("title")), {}, findings_.file()};
    for_each(root.find("runs"), [&](Yaml const& item) { suite.runs.push_back(run(item)); });
    return suite;
  }

 private:
  [[nodiscard]] std::string place(Yaml const* node) const {
    return node == nullptr ? findings_.file() : where(findings_.file(), node->place);
  }
  SuiteRun run(Yaml const& item) {
    SuiteRun result{text(item.find("app")),
                    place(item.find("app")),
                    texts(item.find("cases")),
                    texts(item.find("precisions")),
                    {},
                    place(item.find("cases")),
                    place(item.find("precisions"))};
    if (auto const* cases = usable(item.find("cases")); cases != nullptr && cases->items.empty())
      findings_.add(cases->place, "no case is named", "write at least one");
    for_each(item.find("parameters"), [&](Yaml const& parameter) {
      Setting setting{parameter.key, parameter.items, where(findings_.file(), parameter.place),
                      Fault::spec};
      if (parameter.kind == Yaml::Kind::scalar) setting.values = {parameter};
      if (setting.values.empty())
        findings_.add(parameter.place, "no value is given", "write at least one");
      result.settings.push_back(std::move(setting));
    });
    return result;
  }
};

inline Suite read_suite(Yaml root, Findings& findings) {
  check_shape(root, suite_fields, findings);
  Suite suite = SuiteReader(findings).read(root);
  findings.raise();
  return suite;
}

}  // namespace detail

/// A suite from its text; `file` is how errors name it. Throws SpecErrors.
inline Suite parse_suite(std::string const& text, std::string const& file) {
  Findings findings(file);
  Yaml root = read_yaml(text, findings);
  if (root.kind != Yaml::Kind::map && !findings.empty()) findings.raise();
  return detail::read_suite(std::move(root), findings);
}

}  // namespace inpex::host
