// SPDX-License-Identifier: Apache-2.0
#pragma once
// How many planted faults the checks of an app have caught: what `inpex mutate` found last, for one
// source. Records of a program of the same source say it. One JSON file a source, named by its
// digest, beside the calibrations.

#include <inpex/error.hpp>
#include <inpex/host/calibration.hpp>
#include <inpex/host/folder_lock.hpp>
#include <inpex/host/mutation.hpp>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace inpex::host {

/// The score of one app, over all precisions and the cases smoke and teach.
struct AppScore {
  std::string app;
  std::int64_t planted = 0;
  std::int64_t caught = 0;
  static constexpr auto fields() {
    using A = AppScore;
    return std::tuple{field("app", &A::app), field("planted", &A::planted),
                      field("caught", &A::caught)};
  }
};

/// Those of one source.
struct MutationScores {
  std::string inpex_mutation = "1.0";
  std::string source;  ///< digest of include/ and miniapps/
  std::vector<AppScore> apps;
  static constexpr auto fields() {
    using M = MutationScores;
    return std::tuple{field("inpex_mutation", &M::inpex_mutation), field("source", &M::source),
                      field("apps", &M::apps)};
  }
  /// The entry of an app, or nullptr.
  [[nodiscard]] AppScore const* of(std::string const& app) const {
    auto const found =
        std::find_if(apps.begin(), apps.end(), [&](auto const& each) { return each.app == app; });
    return found == apps.end() ? nullptr : &*found;
  }
};

/// The scores that follow from what was planted. An app has none where a fault could not be
/// planted, or where a run without a fault did not pass: a check that always fails finds all.
inline std::vector<AppScore> app_scores(std::vector<Mutant> const& mutants) {
  std::map<std::string, std::vector<Mutant>> apps;
  for (auto const& mutant : mutants) apps[mutant.app].push_back(mutant);
  std::vector<AppScore> scores;
  for (auto const& [app, of_app] : apps) {
    auto const unknown = [](Mutant const& each) {
      return each.fate == Fate::skipped || (each.fault.empty() && each.fate != Fate::passed);
    };
    if (std::any_of(of_app.begin(), of_app.end(), unknown)) continue;
    auto const [caught, planted] = score_of(of_app);
    scores.push_back({app, static_cast<std::int64_t>(planted), static_cast<std::int64_t>(caught)});
  }
  return scores;
}

/// Where the scores of a source lie.
inline std::filesystem::path scores_file(std::filesystem::path const& folder,
                                         std::string const& source) {
  return folder / ("mutation-" + source.substr(0, 16) + ".json");
}

/// What is known of a source; nothing where there is no file. Throws Error (inconclusive) for a
/// file that is not as it was written, or that no faults can have given.
inline MutationScores read_scores(std::filesystem::path const& folder, std::string const& source) {
  MutationScores scores;
  scores.source = source;
  auto const path = scores_file(folder, source);
  if (source.empty() || !is_there(path)) return scores;
  constexpr char advice[] = "remove the file, and run `inpex mutate --all` again";
  auto const found = from_json_text<MutationScores>(read_file(path), path.string(), advice);
  JsonReader const reader(path.string(), advice);
  if (found.inpex_mutation != scores.inpex_mutation || found.source != source)
    reader.fail("these are no scores of this source");
  for (auto const& each : found.apps)
    if (each.caught < 0 || each.caught > each.planted)
      reader.fail("no faults can have given what it says of " + each.app);
  return found;
}

/// Puts the scores of what was planted in place of older ones of the same apps, those that have
/// none now among them. A file that read_scores() would refuse is replaced. Throws Error for a full
/// or locked disk.
inline void store_scores(std::vector<Mutant> const& mutants, std::filesystem::path const& folder,
                         std::string const& source) {
  if (source.empty() || mutants.empty()) return;
  FolderLock const lock(folder);
  MutationScores none;
  none.source = source;
  auto whole = known_or([&] { return read_scores(folder, source); }, none);
  std::erase_if(whole.apps, [&](AppScore const& old) {
    return std::any_of(mutants.begin(), mutants.end(),
                       [&](Mutant const& each) { return each.app == old.app; });
  });
  for (auto const& each : app_scores(mutants)) whole.apps.push_back(each);
  write_file(scores_file(folder, source), json_text(whole) + "\n");
}

}  // namespace inpex::host
