// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether the apps and cases that a contract names are there, so that a misspelt one is not taken
// for a figure that nobody handed in.

#include <inpex/host/contract.hpp>
#include <inpex/host/spec.hpp>
#include <inpex/host/spec_errors.hpp>
#include <inpex/nearest.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace inpex::host {

/// Throws SpecErrors for every figure whose app or case is not in the judge's specs. One that pins
/// another spec than the judge's is left alone: only its bundles know that one. `file` is how
/// errors name the contract.
inline void require_known_figures(Contract const& contract, std::vector<Spec> const& specs,
                                  std::string const& file) {
  Findings findings(file);
  std::vector<std::string> apps;
  for (auto const& spec : specs) apps.push_back(spec.id);
  for (auto const& figure : contract.figures) {
    auto const spec = std::find_if(specs.begin(), specs.end(),
                                   [&](Spec const& each) { return each.id == figure.app; });
    if (spec == specs.end()) {
      if (figure.spec.empty())
        findings.add({}, fmt::format("figure {}: there is no app '{}'", figure.name, figure.app),
                     suggestion(figure.app, apps));
      continue;
    }
    if (spec->digest.rfind(figure.spec, 0) != 0 || spec->find_case(figure.case_name) != nullptr)
      continue;
    std::vector<std::string> cases;
    for (auto const& each : spec->cases) cases.push_back(each.name);
    findings.add(
        {},
        fmt::format("figure {}: {} has no case '{}'", figure.name, figure.app, figure.case_name),
        suggestion(figure.case_name, cases));
  }
  findings.raise();
}

}  // namespace inpex::host
