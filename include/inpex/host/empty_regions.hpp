// SPDX-License-Identifier: Apache-2.0
#pragma once
// What nothing costs: a timed region with no step in it, and one kernel that does nothing. Below
// the former no time means anything; the latter is what each launch of a case costs at least.

#include <inpex/runtime.hpp>
#include <inpex/stats.hpp>

#include <string>
#include <vector>

namespace inpex::host {

/// Seconds, medians of 21.
struct EmptyRegions {
  double fence = 0;   ///< nothing between two fences
  double launch = 0;  ///< an empty kernel and its fence
};

/// Measures both on this rank, in a fraction of a millisecond.
inline EmptyRegions empty_regions(Runtime const& runtime, std::string const& space) {
  auto const seconds_of = [&](char const* kernel) {
    auto const prepared = runtime.prepare({.kernel = kernel, .space = space, .repetitions = 1});
    std::vector<double> seconds;
    for (int i = 0; i < 21; ++i) seconds.push_back(prepared->run().seconds);
    return median(seconds);
  };
  return {seconds_of("fence"), seconds_of("launch")};
}

}  // namespace inpex::host
