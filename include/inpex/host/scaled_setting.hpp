// SPDX-License-Identifier: Apache-2.0
#pragma once
// How a run was set up. Runs of one figure are alike in it; runs on few and on many ranks that tell
// how a code scales differ in the number of ranks, by the factor that is asked for, and in nothing
// else that makes a rank faster.

#include <inpex/host/calibration.hpp>
#include <inpex/host/evidence.hpp>
#include <inpex/host/json_text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace inpex::host {

/// How a run was set up.
struct ScaledSetting {
  std::int64_t ranks = 1;
  /// What must be the same on any number of ranks, by its name; "unknown" where nobody stated it.
  std::vector<std::pair<std::string, std::string>> shared;
};

/// The setting of a result.
inline ScaledSetting scaled_setting(Evidence const& evidence) {
  auto const& record = evidence.record;
  auto const& placement = record.placement;
  auto const ranks = placement.ranks.value_or(1);
  auto const devices = placement.devices.value_or(0);
  ScaledSetting setting{
      ranks,
      {{"space", placement.space},
       {"schedule", placement.schedule},
       {"precision", record.spec.precision},
       {"threads of a rank", placement.threads ? std::to_string(*placement.threads) : "unknown"},
       {"devices of a rank",
        fmt::format("{:.4g}", static_cast<double>(devices) / static_cast<double>(ranks))},
       {"processor", record.platform.cpu},
       {"machine", machine_id(record.platform)}}};
  for (auto const& parameter : evidence.spec->parameters) {
    if (parameter.role != Role::tuning) continue;
    auto const* used = find(record.spec.parameters, parameter.name);
    setting.shared.emplace_back(parameter.name,
                                used == nullptr ? "unknown" : json_text(used->value));
  }
  return setting;
}

/// Why runs are not of one figure, or "": their median would be of a mixture. They may be of
/// several machines that have the same processor, as the nodes of a system do.
inline std::string why_not_alike(std::vector<ScaledSetting> const& runs) {
  for (auto const& [ranks, shared] : runs) {
    auto const& first = runs.front();
    if (ranks != first.ranks)
      return fmt::format("its runs differ in ranks: {} and {}", first.ranks, ranks);
    for (std::size_t i = 0; i < std::min(shared.size(), first.shared.size()); ++i)
      if (shared[i].first != "machine" && shared[i] != first.shared[i])
        return fmt::format("its runs differ in {}: {} and {}", shared[i].first,
                           first.shared[i].second, shared[i].second);
  }
  return {};
}

/// Why runs are not of one scaling of `times` the ranks, from `few` to `many`, or "". Neither is
/// empty.
inline std::string why_no_scaling(std::vector<ScaledSetting> const& many,
                                  std::vector<ScaledSetting> const& few, double times) {
  auto const& first = few.front();
  for (auto const* side : {&few, &many})
    for (auto const& [ranks, shared] : *side) {
      if (ranks != side->front().ranks)
        return fmt::format("no scaling: a figure has runs of ranks {} and {}", side->front().ranks,
                           ranks);
      if (shared.size() != first.shared.size())
        return "no scaling: its figures have different parameters";
      for (std::size_t i = 0; i < shared.size(); ++i)
        if (shared[i] != first.shared[i])
          return fmt::format("no scaling: {} is {} with ranks {} and {} with ranks {}",
                             shared[i].first, first.shared[i].second, first.ranks, shared[i].second,
                             ranks);
    }
  double const ratio = static_cast<double>(many.front().ranks) / static_cast<double>(first.ranks);
  if (std::abs(ratio - times) <= 1e-9 * times) return {};
  return fmt::format("no scaling by {:.4g}: the ranks are {} over {}", times, many.front().ranks,
                     first.ranks);
}

}  // namespace inpex::host
