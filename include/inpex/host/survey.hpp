// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a run has to know of the machine before its first case: spaces, memory, placement. Finding
// out starts Kokkos, so without a launcher a child does it and sends the answer as text.

#include <inpex/comm.hpp>
#include <inpex/host/build_info.hpp>
#include <inpex/host/gauges.hpp>
#include <inpex/host/json_text.hpp>
#include <inpex/host/mutation_score.hpp>
#include <inpex/host/placement.hpp>
#include <inpex/host/plan.hpp>
#include <inpex/host/platform.hpp>
#include <inpex/host/record_machine.hpp>
#include <inpex/host/software.hpp>
#include <inpex/host/topology.hpp>
#include <inpex/runtime.hpp>
#include <inpex/usable_cores.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace inpex::host {

/// One space, with the memory that all ranks of the run share: of all nodes, or of all devices.
struct SurveyedSpace {
  std::int64_t total_bytes = 0;
  std::int64_t free_bytes = 0;
  Number bandwidth;  ///< bytes a second of one rank from and to memory, where it was asked for
  Placement placement;
  static constexpr auto fields() {
    using S = SurveyedSpace;
    return std::tuple{field("total_bytes", &S::total_bytes), field("free_bytes", &S::free_bytes),
                      field("bandwidth", &S::bandwidth), field("placement", &S::placement)};
  }
  [[nodiscard]] Memory memory() const {
    return {static_cast<std::uint64_t>(total_bytes), static_cast<std::uint64_t>(free_bytes)};
  }
};

/// What survey() finds: this machine, this program, and the spaces of both.
struct Survey {
  Platform platform;
  Software software;
  std::vector<SurveyedSpace> spaces;
  std::vector<AppScore> scores;  ///< of the checks of apps, of this source
  static constexpr auto fields() {
    return std::tuple{field("platform", &Survey::platform), field("software", &Survey::software),
                      field("spaces", &Survey::spaces), field("scores", &Survey::scores)};
  }
  /// The space of that name, or nullptr when this machine has none.
  [[nodiscard]] SurveyedSpace const* space(std::string_view name) const {
    for (auto const& each : spaces)
      if (each.placement.space == name) return &each;
    return nullptr;
  }
};

/// A quick look at the memory bandwidth of a rank while all others use theirs: for predictions, not
/// for records. Collective.
inline double quick_bandwidth(Runtime const& runtime, Comm const& comm, SpaceInfo const& space,
                              Platform const& platform) {
  auto const bytes = memory_probe_bytes(space, platform.caches, ranks_on_node());
  auto const probe =
      runtime.prepare({.kernel = "stream_copy", .space = space.name, .bytes = comm.minimum(bytes)});
  double best = 0;
  for (int i = 0; i < 3; ++i) {
    comm.barrier();
    auto const probed = probe->run();
    best = std::max(best, probed.bytes / comm.maximum(probed.seconds));
  }
  return best;
}

/// Looks around. Collective; the same on every rank as far as it decides anything.
inline Survey survey(Runtime const& runtime, Comm const& comm, bool with_bandwidth = false) {
  Topology const topology;
  auto const spaces = runtime.spaces();
  Survey result{platform_now(topology, spaces), software_of(build_info()), {}, {}};
  result.scores = read_scores(calibration_folder(), result.software.source).apps;
  auto const nodes = static_cast<std::uint64_t>(node_layout(comm).nodes);
  for (auto const& space : spaces) {
    auto const holders = space.is_device ? static_cast<std::uint64_t>(comm.size()) : nodes;
    SurveyedSpace surveyed;
    surveyed.total_bytes = static_cast<std::int64_t>(comm.minimum(space.memory_bytes) * holders);
    surveyed.free_bytes = static_cast<std::int64_t>(comm.minimum(space.free_bytes) * holders);
    if (with_bandwidth) surveyed.bandwidth = quick_bandwidth(runtime, comm, space, result.platform);
    surveyed.placement =
        placement_now(comm, spaces, topology, space.name, runtime.cpus_of_threads(space.name));
    result.spaces.push_back(std::move(surveyed));
  }
  return result;
}

/// Where an app runs that is given no space: on a device, else with threads, else without.
inline std::string default_space(std::vector<std::string> const& built) {
  for (auto const* wanted : {"cuda", "hip", "openmp", "serial"})
    if (std::find(built.begin(), built.end(), wanted) != built.end()) return wanted;
  return built.empty() ? "" : built.front();
}

}  // namespace inpex::host
