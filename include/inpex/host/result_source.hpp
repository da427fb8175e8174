// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where results are read from: a whole bundle, or a file of records, one a line. A bundle brings
// its specs with it, so that its records can be judged by the rules under which they were made.

#include <inpex/error.hpp>
#include <inpex/host/bundle.hpp>
#include <inpex/host/spec_load.hpp>
#include <inpex/host/unchanged.hpp>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace inpex::host {

/// Records, and what they were made by as far as it is there.
struct ResultSource {
  std::filesystem::path path;
  std::vector<Record> records;
  std::map<std::string, Spec> specs;  ///< by id; empty for a file of records
  std::optional<double> min_seconds;  ///< of the command, in place of the specs'

  [[nodiscard]] Spec const* spec(std::string const& id) const {
    auto const found = specs.find(id);
    return found == specs.end() ? nullptr : &found->second;
  }
};

/// The specs of a bundle's folder, by id: every file below specs/, as verify reads them. Throws
/// Error (inconclusive) for one that does not hold: the bundle is not what a run made.
inline std::map<std::string, Spec> specs_of(std::filesystem::path const& bundle) {
  std::map<std::string, Spec> specs;
  for (auto const& [name, special] : files_below(bundle)) {
    if (name.rfind("specs/", 0) != 0) continue;
    auto const place = (bundle / name).string();
    try {
      auto spec = parse_spec(read_bundle_file(bundle, name), place);
      auto id = spec.id;
      if (!specs.emplace(id, std::move(spec)).second)
        throw Error(Fault::inconclusive, "a second spec of " + id, place, take_unchanged);
    } catch (SpecErrors const& errors) {
      auto const& first = errors.errors.front();
      throw Error(Fault::inconclusive, first.problem, first.where, take_unchanged);
    }
  }
  return specs;
}

/// The least seconds that the command of a plan asked for, if it did.
inline std::optional<double> least_seconds(RunPlan const& plan) {
  auto const* entry = find(plan.options, "min_seconds");
  if (entry == nullptr) return std::nullopt;
  return as<double>(*entry);
}

/// Reads a bundle, which must be whole and unchanged, or a file of records. Throws Error: command
/// if there is nothing of that name, inconclusive if it is not as it was written.
inline ResultSource read_results(std::filesystem::path const& path) {
  ResultSource source{path, {}, {}, {}};
  if (!is_folder(path)) {
    if (!is_there(path))
      throw Error(Fault::command, "there is no such bundle or file of records", path.string(),
                  name_a_bundle);
    auto const text = read_file(path);
    if (!text.empty() && text.front() != '{')
      throw Error(Fault::inconclusive, "the file holds no records", path.string(),
                  name_a_bundle + std::string(", or a file like the records.jsonl in it"));
    source.records = records_of_text(text, path.string());
    return source;
  }
  auto bundle = open_bundle(path);
  if (!bundle.whole)
    throw Error(Fault::inconclusive, "the run of this bundle was interrupted or goes on",
                path.string(), "go on with `inpex run --resume " + path.string() + "`");
  source.records = std::move(bundle.records);
  source.specs = specs_of(bundle.folder);
  source.min_seconds = least_seconds(bundle.plan);
  return source;
}

}  // namespace inpex::host
