// SPDX-License-Identifier: Apache-2.0
#pragma once
// Programs run in turn, A B C A B C, so that a machine that changes its speed changes it for all,
// and a table of medians, ranges and ratios round by round.

#include <inpex/stats.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
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

/// A line a contender: median, range, and the median (and range) of its ratio to the contender
/// `base`.
inline void print(std::vector<Contender> const& contenders, std::size_t base) {
  for (auto const& each : contenders) {
    std::vector<double> ratios;
    for (std::size_t round = 0; round < each.rates.size(); ++round)
      ratios.push_back(each.rates[round] / contenders[base].rates[round]);
    auto const [low, high] = std::minmax_element(each.rates.begin(), each.rates.end());
    std::printf("%-38s %8.3f (%.3f-%.3f) %s", each.name.c_str(), median(each.rates), *low, *high,
                each.unit.c_str());
    if (each.unit == contenders[base].unit)
      std::printf("   x %.2f (%.2f-%.2f)", median(ratios),
                  *std::min_element(ratios.begin(), ratios.end()),
                  *std::max_element(ratios.begin(), ratios.end()));
    std::printf("\n");
  }
}

}  // namespace inpex::native
