// SPDX-License-Identifier: Apache-2.0
#pragma once
// Programs run in turn, A B C A B C, so that a machine that changes its speed changes it for all,
// and a table of medians, ranges and ratios round by round.

#include <inpex/stats.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

namespace inpex::native {

/// One program: `run` does `work` units once; `before` and `after` it, nothing is timed.
struct Contender {
  std::string name;
  double work;
  std::string unit;
  std::function<void()> run;
  std::function<void()> before = [] {}, after = [] {};
  std::vector<double> rates = {};
};

/// Runs every contender once without counting, then `rounds` times in turn.
inline void interleave(std::vector<Contender>& contenders, int rounds) {
  using Clock = std::chrono::steady_clock;
  for (int round = -1; round < rounds; ++round)
    for (auto& each : contenders) {
      each.before();
      auto const start = Clock::now();
      each.run();
      std::chrono::duration<double> const seconds = Clock::now() - start;
      each.after();
      if (round >= 0) each.rates.push_back(each.work / seconds.count());
    }
}

/// How many times the rate of another one, round by round.
inline std::vector<double> ratios(Contender const& one, Contender const& other) {
  std::vector<double> result;
  for (std::size_t round = 0; round < one.rates.size(); ++round)
    result.push_back(one.rates[round] / other.rates[round]);
  return result;
}

/// Word n of the command line, a whole number, or what stands for it where there is none.
inline int argument(int argc, char** argv, int n, int otherwise) {
  return argc > n ? std::atoi(argv[n]) : otherwise;
}

/// A line a contender: median, range, and the median (and range) of its ratio to the contender
/// `base`.
inline void print(std::vector<Contender> const& contenders, std::size_t base) {
  for (auto const& each : contenders) {
    auto const times = ratios(each, contenders[base]);
    auto const [low, high] = std::minmax_element(each.rates.begin(), each.rates.end());
    std::printf("%-38s %8.3f (%.3f-%.3f) %s", each.name.c_str(), median(each.rates), *low, *high,
                each.unit.c_str());
    if (each.unit == contenders[base].unit)
      std::printf("   x %.2f (%.2f-%.2f)", median(times),
                  *std::min_element(times.begin(), times.end()),
                  *std::max_element(times.begin(), times.end()));
    std::printf("\n");
  }
}

}  // namespace inpex::native
