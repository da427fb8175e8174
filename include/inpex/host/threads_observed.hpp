// SPDX-License-Identifier: Apache-2.0
#pragma once
// What guards look at of threads: how many there are, on how many hardware threads, whether they
// are where they were asked to be, and how often they lost their cores.

#include <inpex/comm.hpp>
#include <inpex/host/binding.hpp>
#include <inpex/host/guards.hpp>
#include <inpex/host/measure.hpp>
#include <inpex/host/record.hpp>
#include <inpex/runtime.hpp>
#include <inpex/usable_cores.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string_view>

namespace inpex::host {

/// Fills in what was observed of the threads of a case in `record.placement.space`. Collective.
inline void observe_threads(Record const& record, Measured const& measured, Runtime const& runtime,
                            Comm const& comm, Observed& seen) {
  auto const& placement = record.placement;
  auto const nodes = placement.nodes.value_or(1);
  auto cpus = allowed_cpus();  // of this thread alone, where OpenMP binds each to a place
  for (auto const& more : runtime.cpus_of_threads(placement.space))
    cpus.insert(cpus.end(), more.begin(), more.end());
  auto const allowed =
      comm.sum(static_cast<std::uint64_t>(std::set(cpus.begin(), cpus.end()).size()));
  auto const threads = comm.sum(static_cast<std::uint64_t>(placement.threads.value_or(1)));
  if (measured.seconds > 0)
    seen.switches_a_second = static_cast<double>(measured.context_switches) /
                             static_cast<double>(threads) / measured.seconds;
  seen.threads_on_node = static_cast<std::int64_t>(threads) / nodes;
  seen.cores_on_node =
      std::min(static_cast<std::int64_t>(allowed) / nodes,
               record.platform.hardware_threads.value_or(static_cast<std::int64_t>(allowed)));
  auto const asked = [](char const* name) {
    char const* const value = std::getenv(name);
    return std::string_view(value == nullptr ? "" : value);
  };
  seen.misbound = misbound(placement, asked("OMP_PROC_BIND"), asked("OMP_PLACES"));
}

}  // namespace inpex::host
