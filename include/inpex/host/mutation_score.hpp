// SPDX-License-Identifier: Apache-2.0
#pragma once
// How many planted faults the checks of an app have caught: what `inpex mutate` found last, for one
// source. Records of a program of the same source say it. One JSON file a source, named by its
// digest, beside the calibrations.

#include <inpex/error.hpp>
#include <inpex/host/calibration.hpp>
#include <inpex/host/mutation.hpp>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
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

/// The scores that follow from what was planted. An app of which a fault could not be planted has
/// none: it is not known whether all would be caught.
inline std::vector<AppScore> app_scores(std::vector<Mutant> const& mutants) {
  std::vector<AppScore> scores;
  std::vector<std::string> open;
  for (auto const& mutant : mutants) {
    if (mutant.fate == Fate::skipped) open.push_back(mutant.app);
    if (scores.empty() || scores.back().app != mutant.app) scores.push_back({mutant.app, 0, 0});
    scores.back().planted += !mutant.fault.empty();
    scores.back().caught += mutant.fate == Fate::caught;
  }
  std::erase_if(scores, [&](auto const& each) {
    return std::find(open.begin(), open.end(), each.app) != open.end();
  });
  return scores;
}

/// Where the scores of a source lie.
inline std::filesystem::path scores_file(std::filesystem::path const& folder,
                                         std::string const& source) {
  return folder / ("mutation-" + source.substr(0, 16) + ".json");
}

/// What is known of a source; nothing where there is no file. Throws Error (inconclusive) for a
/// file that is not as it was written.
inline MutationScores read_scores(std::filesystem::path const& folder, std::string const& source) {
  MutationScores scores;
  scores.source = source;
  auto const path = scores_file(folder, source);
  if (source.empty() || !is_there(path)) return scores;
  auto found = from_json_text<MutationScores>(read_file(path), path.string());
  if (found.inpex_mutation != scores.inpex_mutation || found.source != source)
    throw Error(Fault::inconclusive, "these are no scores of this source", path.string(),
                "remove the file, and run `inpex mutate --all` again");
  return found;
}

/// Puts new scores in place of older ones of the same apps. Throws Error for a full or locked disk.
inline void store_scores(std::vector<AppScore> const& fresh, std::filesystem::path const& folder,
                         std::string const& source) {
  if (source.empty() || fresh.empty()) return;
  std::error_code trouble;
  std::filesystem::create_directories(folder, trouble);
  auto whole = read_scores(folder, source);
  for (auto const& each : fresh) {
    std::erase_if(whole.apps, [&](auto const& other) { return other.app == each.app; });
    whole.apps.push_back(each);
  }
  write_file(scores_file(folder, source), json_text(whole) + "\n");
}

}  // namespace inpex::host
