// SPDX-License-Identifier: Apache-2.0
#pragma once
// The clock that times are read from, and the processor's own clock, which may change under a run.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>

#include <sys/resource.h>
#include <time.h>

namespace inpex::host {

using Clock = std::chrono::steady_clock;

/// Seconds since `start`.
inline double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Smallest step of the clock that is seen when it is read again and again, in seconds. This is the
/// larger of its resolution and the time of a reading; a few microseconds are spent.
inline double clock_tick() {
  double smallest = std::numeric_limits<double>::infinity();
  for (int i = 0; i < 100; ++i) {
    auto const start = Clock::now();
    double step = 0;
    while (step == 0) step = seconds_since(start);
    smallest = std::min(smallest, step);
  }
  return smallest;
}

/// Speed of this core in arbitrary units that are proportional to its clock: a chain of integer
/// multiply-adds, each of which waits for the one before, touches no memory and has a fixed latency
/// in cycles. The fastest of five chains of some 5 us each, so that an interruption does not count.
inline double processor_speed() {
  constexpr int length = 4000;
  double best = 0;
  for (int chain = 0; chain < 5; ++chain) {
    volatile std::uint64_t seed = 1;  // the compiler must not know where the chain starts or ends
    std::uint64_t x = seed;
    auto const start = Clock::now();
    for (int i = 0; i < length; ++i) x = x * 6364136223846793005u + 1442695040888963407u;
    seed = x;
    best = std::max(best, length / seconds_since(start));
  }
  return best;
}

/// Seconds that processors have worked for this process so far, all threads together.
inline double processor_seconds() {
  timespec time = {};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// Times that this process lost a core to another since it began, all threads together.
inline std::int64_t context_switches() {
  rusage usage = {};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_nivcsw;
}

}  // namespace inpex::host
