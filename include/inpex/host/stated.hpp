// SPDX-License-Identifier: Apache-2.0
#pragma once
// What guards look at as far as a record states it: the same for the run that makes the record and
// for whoever applies the guards again.

#include <inpex/host/declared.hpp>
#include <inpex/host/guards.hpp>
#include <inpex/host/metrics.hpp>
#include <inpex/host/record.hpp>
#include <inpex/host/spec.hpp>
#include <inpex/host/topology.hpp>

#include <algorithm>
#include <cstdint>

namespace inpex::host {

/// Puts into `seen` what the record of a case of that spec states.
inline void put_stated(Record const& record, Spec const& spec, Observed& seen) {
  seen.clock_tick = record.timing.clock_tick.value_or(0);
  seen.timer_floor = record.quality.timer_floor.value_or(0);
  seen.steps = record.timing.steps.value_or(0);
  seen.fom = record.fom.value.value_or(0);
  auto const work = work_of(record.phases);
  seen.work = static_cast<double>(work.flops + work.bytes_read + work.bytes_written);
  seen.debug = record.software.build_type == "Debug";
  seen.bounds_checks = record.software.kokkos_options.find("BOUNDS_CHECK") != std::string::npos;
  seen.dirty = record.software.dirty.value_or(false);
  seen.division = record.spec.division;
  seen.energy_window = record.energy.window.value_or(0);
  seen.energy_updates = record.energy.updates.value_or(0);
  seen.least_energy_window = spec.energy.min_window_seconds;
  seen.least_energy_updates = spec.energy.min_updates;
  seen.memory_resident = memory_resident(spec, record.spec.case_name);
  auto const nodes = std::max<std::int64_t>(1, record.placement.nodes.value_or(1));
  auto const ranks = std::max<std::int64_t>(1, record.placement.ranks.value_or(1) / nodes);
  seen.last_level_cache = 0;  // of a device it is not known
  if (!record.placement.devices)
    seen.last_level_cache =
        static_cast<double>(last_level_bytes(record.platform.caches)) / static_cast<double>(ranks);
}

}  // namespace inpex::host
