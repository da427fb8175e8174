// SPDX-License-Identifier: Apache-2.0
#pragma once
// What to measure of a machine: a gauge for each ceiling, which does a known amount of work and
// times it.

#include <inpex/comm.hpp>
#include <inpex/host/clock.hpp>
#include <inpex/host/record_machine.hpp>
#include <inpex/host/topology.hpp>
#include <inpex/runtime.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace inpex::host {

/// One thing to measure. `run(scale)` does the work `scale` (1 or 2) times on this rank and times
/// it.
struct Gauge {
  std::string name;
  std::string space;
  std::string unit;  ///< byte/s, flop/s, or s for the time of a call
  std::function<Probed(int scale)> run;
  std::string reason = {};  ///< why it cannot be measured; then `run` is not called

  std::vector<double> values = {};  ///< by round, of all ranks together
  std::vector<double> ratios = {};  ///< by round: the time of twice the work over that of once
};

/// How much time to spend.
struct Effort {
  int rounds = 21;
  int least_rounds = 9;           ///< even when the time is over
  double sample_seconds = 0.008;  ///< of one reading
  double seconds = 8;             ///< for one space, its preparation included
  bool selftest = false;
  std::uint64_t memory_bytes = std::uint64_t{256} << 20;  ///< least arrays of memory ceilings
};

/// Where to measure, and for how long.
struct Site {
  Runtime const& runtime;
  Comm const& comm;
  std::vector<Cache> const& caches;  ///< of this node
  int ranks_here = 1;                ///< of this node
  Effort effort = {};
};

/// Bytes of a rank's arrays that lie in the caches of one level, and not in those nearer to the
/// cores: half of a private cache, a quarter of one that others may use too; 0 if there is no such
/// size.
inline std::uint64_t cache_probe_bytes(std::vector<Cache> const& caches, std::size_t index,
                                       int threads_here, int ranks_here) {
  auto const held =
      [&](Cache const& cache) {  // by all caches of the level that the threads can reach
        std::int64_t const sharing = std::max<std::int64_t>(1, cache.shared.value_or(1));
        std::int64_t const used = std::clamp<std::int64_t>((threads_here + sharing - 1) / sharing,
                                                           1, cache.count.value_or(1));
        return static_cast<std::uint64_t>(used * cache.bytes);
      };
  std::uint64_t const all = held(caches[index]);
  std::uint64_t const nearer = index == 0 ? 0 : 2 * held(caches[index - 1]);
  std::uint64_t const wanted =
      std::max(caches[index].shared.value_or(1) > 2 || index > 1 ? all / 4 : all / 2, nearer);
  return wanted > all / 2 ? 0 : wanted / static_cast<std::uint64_t>(ranks_here);
}

/// Bytes of a rank's arrays for memory ceilings: all ranks of a node together hold at least four
/// times its last-level caches and `least`; on a device at least 2 GiB, which is more than eight of
/// its caches.
inline std::uint64_t memory_probe_bytes(SpaceInfo const& space, std::vector<Cache> const& caches,
                                        int ranks_here,
                                        std::uint64_t least = Effort{}.memory_bytes) {
  if (space.is_device)
    return std::min<std::uint64_t>(std::uint64_t{2} << 30, space.free_bytes / 16);
  return std::max<std::uint64_t>(least, 4 * last_level_bytes(caches)) /
         static_cast<std::uint64_t>(ranks_here);
}

/// Every rank prepares the probe with as many repetitions as take about `effort.sample_seconds`;
/// where one rank cannot, the gauge has a reason. Collective.
inline Gauge probe_gauge(Site const& site, std::string name, Probe probe) {
  Comm const& comm = site.comm;
  Effort const& effort = site.effort;
  Gauge gauge{.name = std::move(name),
              .space = probe.space,
              .unit = probe.kernel == "fma"                                 ? "flop/s"
                      : probe.kernel == "launch" || probe.kernel == "fence" ? "s"
                                                                            : "byte/s",
              .run = {}};
  std::shared_ptr<PreparedProbe> once, twice;
  auto const prepare = [&](std::shared_ptr<PreparedProbe>& prepared) {
    prepared.reset();
    try {
      prepared = site.runtime.prepare(probe);
    } catch (Error const& error) {
      gauge.reason = error.what();
    }
    bool const failed = comm.maximum(gauge.reason.empty() ? 0.0 : 1.0) > 0;
    if (failed && gauge.reason.empty()) gauge.reason = "another rank could not prepare it";
    return !failed;
  };
  for (bool enough = false; !enough;) {  // in step on every rank, since they agree on `seconds`
    if (!prepare(once)) return gauge;
    comm.barrier();
    double const first = once->run().seconds,
                 seconds = comm.maximum(std::min(first, once->run().seconds));
    enough = seconds >= effort.sample_seconds / 2;
    double const more = std::clamp(effort.sample_seconds / std::max(seconds, 1e-7), 2.0, 64.0);
    if (!enough) probe.repetitions *= static_cast<std::uint64_t>(more);
  }
  if (effort.selftest) {
    probe.repetitions *= 2;
    if (!prepare(twice)) return gauge;
  }
  gauge.run = [once, twice](int scale) { return scale == 1 ? once->run() : twice->run(); };
  return gauge;
}

/// The gauges of one space: memory, caches where it is a host's, flops, launch and fence.
/// Collective.
inline std::vector<Gauge> space_gauges(Site const& site, SpaceInfo const& space) {
  auto const& caches = site.caches;
  int const ranks_here = site.ranks_here;
  std::vector<Gauge> gauges;
  auto const add = [&](std::string name, Probe probe) {
    probe.space = space.name;
    gauges.push_back(probe_gauge(site, std::move(name), std::move(probe)));
  };
  // Enough repetitions to begin with that a stolen time slice is not taken for the time of one.
  auto const sweeps = [](std::uint64_t bytes) {
    return std::max<std::uint64_t>(1, (std::uint64_t{128} << 20) / bytes);
  };
  std::uint64_t const memory =
      memory_probe_bytes(space, caches, ranks_here, site.effort.memory_bytes);
  for (char const* kernel : {"copy", "stream_copy", "read", "update", "triad"})
    add(kernel, {.kernel = kernel, .bytes = memory});
  for (std::size_t i = 0; !space.is_device && i < caches.size(); ++i) {
    std::uint64_t const bytes =
        cache_probe_bytes(caches, i, ranks_here * space.concurrency, ranks_here);
    for (char const* kernel : {"read", "copy"})
      if (bytes >= 4096)
        add(fmt::format("L{}_{}", caches[i].level, kernel),
            {.kernel = kernel, .bytes = bytes, .repetitions = sweeps(bytes)});
  }
  for (char const* precision : {"fp64", "fp32"})
    add(fmt::format("fma_{}", precision),
        {.kernel = "fma", .precision = precision, .repetitions = 50000});
  for (char const* kernel : {"launch", "fence"}) add(kernel, {.kernel = kernel, .repetitions = 64});
  return gauges;
}

/// The cost of reading the clock: no time below it means anything.
inline Gauge timer_gauge() {
  return {.name = "timer", .space = "", .unit = "s", .run = [](int scale) {
            constexpr int readings = 20000;
            auto const start = Clock::now();
            auto last = start;
            for (int i = 0; i < readings * scale; ++i) last = Clock::now();
            return Probed{.seconds = std::chrono::duration<double>(last - start).count(),
                          .calls = 1.0 * readings * scale};
          }};
}

/// Half of a round trip between the first rank and the last, which are the farthest apart as
/// launchers place ranks; the others wait.
inline Gauge ping_pong_gauge(Comm const& comm, std::string name, std::size_t bytes,
                             int round_trips) {
  bool const latency = name == "ping_pong_latency";
  return {.name = std::move(name),
          .space = "",
          .unit = latency ? "s" : "byte/s",
          .run = [=](int scale) {
            std::vector<std::byte> out(bytes), in(bytes);
            int const last = comm.size() - 1, other = comm.rank() == 0 ? last : 0;
            if (comm.rank() != 0 && comm.rank() != last) return Probed{};
            auto const start = Clock::now();
            for (int trip = 0; trip < round_trips * scale; ++trip)
              for (bool const sends : {comm.rank() == 0, comm.rank() != 0}) {
                if (sends)
                  comm.send(out, other, 0);
                else
                  comm.receive(in, other, 0);
                comm.wait();
              }
            double const messages = 2.0 * round_trips * scale;
            // each of the two ranks counts half, since rates are sums over ranks
            return Probed{.seconds = seconds_since(start),
                          .bytes = messages * static_cast<double>(bytes) / 2,
                          .calls = messages};
          }};
}

}  // namespace inpex::host
