// SPDX-License-Identifier: Apache-2.0
#pragma once
// Measures the ceilings of a machine: many gauges (gauges.hpp), each read once a round, so that
// what disturbs the machine for a while disturbs all of them, and the medians none. In a self-test
// each gauge also does twice the work; one that does not take twice the time measures something
// else, and is withheld.

#include <inpex/comm.hpp>
#include <inpex/host/clock.hpp>
#include <inpex/host/gauges.hpp>
#include <inpex/host/machine.hpp>
#include <inpex/stats.hpp>

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace inpex::host {

namespace detail {

inline constexpr double ceiling_level = 0.95;
inline constexpr double selftest_tolerance = 0.15;  // of the ratio 2
inline constexpr int selftest_tries = 3;

inline double value_of(Comm const& comm, Gauge const& gauge, Probed const& probed) {
  double const seconds = comm.maximum(probed.seconds);
  if (gauge.unit == "s")
    return comm.maximum(probed.calls > 0 ? probed.seconds / probed.calls : 0.0);
  return comm.sum(gauge.unit == "flop/s" ? probed.flops : probed.bytes) / seconds;
}

inline void read(Comm const& comm, Gauge& gauge, bool selftest) {
  comm.barrier();
  auto const once = gauge.run(1);
  gauge.values.push_back(value_of(comm, gauge, once));
  if (!selftest) return;
  comm.barrier();
  auto const twice = gauge.run(2);
  gauge.ratios.push_back(comm.maximum(twice.seconds) / comm.maximum(once.seconds));
}

inline bool scales(Gauge const& gauge) {
  return std::abs(median(gauge.ratios) / 2 - 1) <= selftest_tolerance;
}

/// Five digits: more than a measurement has, and few enough to read.
inline double rounded(double value) {
  return std::strtod(fmt::format("{:.4e}", value).c_str(), nullptr);
}

}  // namespace detail

/// Reads every gauge `effort.rounds` times, in turns, or fewer when the time is over. In a
/// self-test the gauges that fail are read again, up to three times in all, since another program
/// may have been in the way. Collective.
inline void measure(Comm const& comm, std::vector<Gauge>& gauges, Effort const& effort) {
  auto const start = Clock::now();
  for (int attempt = 0; attempt < (effort.selftest ? detail::selftest_tries : 1); ++attempt) {
    std::vector<Gauge*> due;
    for (auto& gauge : gauges)
      if (gauge.reason.empty() && comm.broadcast(attempt == 0 || !detail::scales(gauge)))
        due.push_back(&gauge);
    for (auto* gauge : due) gauge->values.clear(), gauge->ratios.clear();
    auto const goes_on = [&](int round) {
      return round < effort.least_rounds ||
             (round < effort.rounds && seconds_since(start) < effort.seconds);
    };
    for (int round = 0; comm.broadcast(goes_on(round)); ++round)
      for (auto* gauge : due) detail::read(comm, *gauge, effort.selftest);
  }
}

/// What the gauges say, put into the machine: a ceiling, or why there is none.
inline void conclude(std::vector<Gauge> const& gauges, bool selftest, Machine& machine) {
  for (auto const& gauge : gauges) {
    std::string reason = gauge.reason;
    if (reason.empty() && selftest && !detail::scales(gauge))
      reason = fmt::format("twice the work took {:.2f} times as long (median of {} rounds)",
                           median(gauge.ratios), gauge.ratios.size());
    if (!reason.empty()) {
      machine.withheld.push_back({gauge.name, gauge.space, reason});
      continue;
    }
    auto const interval = median_interval(gauge.values, detail::ceiling_level);
    machine.ceilings.push_back({gauge.name,
                                gauge.space,
                                detail::rounded(median(gauge.values)),
                                gauge.unit,
                                {detail::rounded(interval.low), detail::rounded(interval.high),
                                 detail::rounded(interval.level), "order-statistics"},
                                static_cast<std::int64_t>(gauge.values.size())});
  }
}

/// Measures everything, one space after the other, since arrays of several would crowd the memory.
/// `tell` gets a line of progress on rank 0. Collective.
inline void measure_ceilings(Site const& site, Machine& machine,
                             std::function<void(std::string const&)> const& tell) {
  Comm const& comm = site.comm;
  auto const take = [&](std::vector<Gauge> gauges, double preparation) {
    Effort left = site.effort;
    left.seconds -= preparation;
    measure(comm, gauges, left);
    conclude(gauges, left.selftest, machine);
  };
  for (auto const& space : site.runtime.spaces()) {
    if (comm.rank() == 0)
      tell(fmt::format("measuring {} on {}, {} thread{}", space.name, space.device,
                       space.concurrency, space.concurrency == 1 ? "" : "s"));
    auto const start = Clock::now();
    auto gauges = space_gauges(site, space);
    take(std::move(gauges), seconds_since(start));
  }
  std::vector<Gauge> rest{timer_gauge()};
  if (comm.size() > 1) {
    rest.push_back(ping_pong_gauge(comm, "ping_pong_latency", 8, 200));
    rest.push_back(ping_pong_gauge(comm, "ping_pong_bandwidth", std::size_t{1} << 20, 8));
  }
  take(std::move(rest), 0);
}

}  // namespace inpex::host
