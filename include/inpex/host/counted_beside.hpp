// SPDX-License-Identifier: Apache-2.0
#pragma once
// What specs declare of a sample, with what the processor counted in it beside: caches, prefetchers
// and speculation are in the latter, so that it proves nothing, but shows what an app asks of a
// machine.

#include <inpex/host/metrics.hpp>
#include <inpex/host/quantity.hpp>
#include <inpex/host/record.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace inpex::host {

/// Bytes that a miss of the last-level cache brings, on the processors that are known.
inline constexpr double cache_line_bytes = 64;

/// A line for each record that passed and is of one of these apps. Records without any counter of
/// the processor say so.
inline std::string counted_beside(std::vector<Record> const& records,
                                  std::vector<std::string> const& apps) {
  std::string text;
  for (auto const& record : records) {
    bool const wanted = std::find(apps.begin(), apps.end(), record.spec.id) != apps.end();
    if (!wanted || record.status != Status::passed) continue;
    auto const work = work_of(record.phases);
    text += fmt::format("{} {} {} {}: declared {}, {}; counted", record.spec.id,
                        record.spec.case_name, record.placement.space, record.spec.precision,
                        quantity(static_cast<double>(work.flops), "flop"),
                        quantity(static_cast<double>(work.bytes_read + work.bytes_written), "B"));
    bool any = false;
    for (auto const& [name, value] : record.counters) {
      if (name == "page_faults") continue;  // of the system, not of the processor
      text += (any ? ", " : " ") + quantity(value, name);
      if (name == "cache_misses") text += " (" + quantity(value * cache_line_bytes, "B") + ")";
      any = true;
    }
    text += any ? "\n" : " nothing: this system shows no counter of the processor\n";
  }
  return text;
}

}  // namespace inpex::host
