// SPDX-License-Identifier: Apache-2.0
#pragma once
// A machine: what it is, and what it can do at best. `inpex machine` measures one (ceilings.hpp)
// and writes it (machine_yaml.hpp); predictions of seconds read it.

#include <inpex/host/record_groups.hpp>
#include <inpex/host/record_machine.hpp>
#include <inpex/host/vocabulary.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace inpex::host {

/// One ceiling of all ranks together. Names: copy, stream_copy, read, update, triad from and to
/// memory; L1_read, L1_copy and so on from and to a cache; fma_fp64, fma_fp32; launch, fence and
/// timer, whose values are seconds of one call; ping_pong_latency, ping_pong_bandwidth between two
/// ranks.
struct MachineCeiling {
  std::string name;
  std::string space;  ///< empty for what belongs to no space
  double value = 0;
  std::string unit;    ///< "byte/s", "flop/s", "s"
  Interval interval;   ///< of the median
  std::int64_t n = 0;  ///< rounds
  static constexpr auto fields() {
    using C = MachineCeiling;
    return std::tuple{field("name", &C::name),         field("space", &C::space),
                      field("value", &C::value),       field("unit", &C::unit),
                      field("interval", &C::interval), field("n", &C::n)};
  }
};

/// A ceiling that was not found, or is not believed, and why.
struct Withheld {
  std::string name;
  std::string space;
  std::string reason;
  static constexpr auto fields() {
    using W = Withheld;
    return std::tuple{field("name", &W::name), field("space", &W::space),
                      field("reason", &W::reason)};
  }
};

/// A machine and its ceilings: what `inpex machine` writes and `inpex describe` reads.
struct Machine {
  std::string inpex_machine = "1.0";  ///< version of this format
  std::string created;                ///< UTC
  Platform platform;
  Placement placement;  ///< of the measurement; `space` stays empty
  Software software;
  std::vector<MachineCeiling> ceilings;
  std::vector<Withheld> withheld;
  static constexpr auto fields() {
    using M = Machine;
    return std::tuple{field("inpex_machine", &M::inpex_machine),
                      field("created", &M::created),
                      field("platform", &M::platform),
                      field("placement", &M::placement),
                      field("software", &M::software),
                      field("ceilings", &M::ceilings),
                      field("withheld", &M::withheld)};
  }
};

/// The ceiling of that name in that space, or nullptr.
inline MachineCeiling const* find_ceiling(Machine const& machine, std::string_view name,
                                          std::string_view space) {
  for (auto const& ceiling : machine.ceilings)
    if (ceiling.name == name && ceiling.space == space) return &ceiling;
  return nullptr;
}

/// The names of all ceilings, measured or withheld, in the same order on every machine: memory,
/// caches from the nearest, flops, calls, messages.
inline std::vector<std::string> ceiling_names(Machine const& machine) {
  constexpr std::array order = {"copy",
                                "stream_copy",
                                "read",
                                "update",
                                "triad",
                                "L",
                                "fma_fp64",
                                "fma_fp32",
                                "launch",
                                "fence",
                                "timer",
                                "ping_pong_latency",
                                "ping_pong_bandwidth"};
  std::set<std::pair<std::ptrdiff_t, std::string>> names;
  auto const add = [&](std::string const& name) {
    std::string const kind = name.starts_with('L') ? "L" : name;
    names.emplace(std::find(order.begin(), order.end(), kind) - order.begin(), name);
  };
  for (auto const& each : machine.ceilings) add(each.name);
  for (auto const& each : machine.withheld) add(each.name);
  std::vector<std::string> result;
  for (auto const& each : names) result.push_back(each.second);
  return result;
}

/// What a phase does, for a prediction; of all ranks together.
struct Demand {
  double flops = 0;
  double bytes_read = 0;
  double bytes_written = 0;
};

/// The least seconds in which this machine can do that: its bytes at the memory ceiling of their
/// mix, or its flops, whichever takes longer. Real codes take longer than that. Empty when no
/// ceiling is known.
inline std::optional<double> least_seconds(Machine const& machine, std::string_view space,
                                           std::string_view precision, Demand const& demand) {
  double const bytes = demand.bytes_read + demand.bytes_written;
  double const written = bytes > 0 ? demand.bytes_written / bytes : 0;
  // the shares of writes of read, triad and stream_copy are 0, 1/3 and 1/2; the nearest is taken
  auto const* memory = find_ceiling(machine,
                                    written < 1.0 / 6    ? "read"
                                    : written < 5.0 / 12 ? "triad"
                                                         : "stream_copy",
                                    space);
  auto const* flops = find_ceiling(machine, "fma_" + std::string(arithmetic_of(precision)), space);
  if ((bytes > 0 && memory == nullptr) || (demand.flops > 0 && flops == nullptr)) return {};
  return std::max(bytes > 0 ? bytes / memory->value : 0.0,
                  demand.flops > 0 ? demand.flops / flops->value : 0.0);
}

}  // namespace inpex::host
