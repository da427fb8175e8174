// SPDX-License-Identifier: Apache-2.0
#pragma once
// How near a time comes to what the ceilings of a record allow. Nothing but the record's own
// numbers goes in, so that whoever holds the record finds the same bits.

#include <inpex/host/plan.hpp>
#include <inpex/host/record_groups.hpp>
#include <inpex/work.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace inpex::host {

/// The probe kernels that move bytes.
inline constexpr std::array<std::string_view, 5> byte_kernels = {"copy", "stream_copy", "read",
                                                                 "update", "triad"};

/// The kernels for the phase that moves most bytes: those of its mix of reads and writes, or of its
/// spec's choice. Which of two kernels of a mix is better depends on the cache that holds the
/// arrays: stores past the caches save a read in memory, and cost dearly above it.
inline std::vector<std::string> kernels_for(std::vector<PhasePlan> const& phases) {
  auto const bytes = [](PhasePlan const& phase) {
    return phase.work.bytes_read + phase.work.bytes_written;
  };
  auto const most =
      std::max_element(phases.begin(), phases.end(),
                       [&](auto const& a, auto const& b) { return bytes(a) < bytes(b); });
  if (most == phases.end() || bytes(*most) == 0) return {};
  if (most->ceiling == "triad") return {"triad", "copy"};
  if (most->ceiling == "read" || most->ceiling == "update") return {most->ceiling};
  return {"copy", "stream_copy"};
}

/// A ceiling by its name, and how much of it was reached.
struct Nearness {
  std::string ceiling;
  double fraction = 0;
};

/// How near `seconds` for this work of all ranks comes to the bound, which is the longer of the
/// times that its bytes and its flops need at best. Of the kernels that move bytes only those of
/// `mix` count. Zero work has no bound, nor has any where a ceiling of the mix is not known.
inline Nearness nearness(std::vector<Ceiling> const& ceilings, std::vector<std::string> const& mix,
                         Work const& work, double seconds) {
  auto const value = [&](std::string_view name) {
    for (auto const& ceiling : ceilings)
      if (ceiling.name == name) return ceiling.value;
    return 0.0;
  };
  Nearness result;
  double bandwidth = 0;
  std::string best;
  for (auto const& kernel : mix) {
    double const reached = value(kernel);
    if (!(reached > 0)) return result;
    if (reached > bandwidth) bandwidth = reached, best = kernel;
  }
  double const peak = value("fma");
  if (!(peak > 0)) return result;
  double const bytes =
      static_cast<double>(work.bytes_read) + static_cast<double>(work.bytes_written);
  if (bandwidth > 0 && bytes > 0) result = {best, bytes / bandwidth / seconds};
  double const flops = static_cast<double>(work.flops) / peak / seconds;
  if (flops > result.fraction) result = {"fma", flops};
  return result;
}

/// The same against the best of all kernels that move bytes. A mix is no upper bound: an app that
/// works in place, or mostly reads, may rightly beat the copy. Nothing beats all of them.
inline Nearness nearness_to_best(std::vector<Ceiling> const& ceilings, Work const& work,
                                 double seconds) {
  std::vector<std::string> known;
  for (auto const& ceiling : ceilings)
    if (ceiling.unit == "byte/s") known.push_back(ceiling.name);
  return nearness(ceilings, known, work, seconds);
}

}  // namespace inpex::host
