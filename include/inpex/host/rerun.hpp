// SPDX-License-Identifier: Apache-2.0
#pragma once
// A plan that is run as it stands, with its specs: that of a bundle, or one made of several.

#include <inpex/host/bundle_file.hpp>
#include <inpex/host/environment.hpp>
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

/// Throws Error of that fault unless the variables that a bundle was made under (environment.json)
/// are those of now.
inline void require_environment(std::filesystem::path const& folder, Fault fault) {
  auto const place = (folder / "environment.json").string();
  auto const before =
      from_json_text<Table>(read_bundle_file(folder, "environment.json"), place, take_unchanged);
  if (auto const found = difference(before, environment_now()); !found.empty())
    throw Error(fault, "the environment of the bundle was another: " + found, place,
                "restore it, or run anew");
}

}  // namespace inpex::host
