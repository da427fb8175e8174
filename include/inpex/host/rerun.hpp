// SPDX-License-Identifier: Apache-2.0
#pragma once
// A plan that is run as it stands, with its specs: that of a bundle, or one made of several.

#include <inpex/host/result_source.hpp>
#include <inpex/host/run_plan.hpp>

#include <filesystem>
#include <map>
#include <string>

namespace inpex::host {

/// A plan and the specs of its apps, by id.
struct Rerun {
  RunPlan plan;
  std::map<std::string, Spec> specs;
};

/// What a bundle's folder, whole or partial, was to run. Throws what plan_of_text() and specs_of()
/// throw.
inline Rerun rerun_of(std::filesystem::path const& folder) {
  auto const path = folder / "plan.json";
  return {plan_of_text(read_bundle_file(folder, "plan.json"), path.string()), specs_of(folder)};
}

}  // namespace inpex::host
