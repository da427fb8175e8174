// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether threads are where they were asked to be, by the placement that was found.

#include <inpex/host/record_machine.hpp>

#include <fmt/format.h>

#include <cctype>
#include <cstddef>
#include <cstdint>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

namespace inpex::host {

namespace detail {

// Whether OMP_PROC_BIND asks for places, and OMP_PLACES for none that several threads are to share.
inline bool asks_for_own_place(std::string_view bind, std::string_view places) {
  auto const starts = [](std::string_view text, std::string_view low) {
    if (text.size() < low.size()) return false;
    for (std::size_t i = 0; i < low.size(); ++i)
      if (std::tolower(static_cast<unsigned char>(text[i])) != low[i]) return false;
    return true;
  };
  bool const bound = starts(bind, "true") || starts(bind, "close") || starts(bind, "spread");
  return bound && (places.empty() || starts(places, "threads") || starts(places, "cores"));
}

}  // namespace detail

/// Two threads of a node that may only run on one and the same hardware thread; or that share what
/// each was to have alone, by the words of OMP_PROC_BIND and OMP_PLACES. As a sentence; "" where
/// there are none.
inline std::string misbound(Placement const& placement, std::string_view bind,
                            std::string_view places) {
  bool const apart = detail::asks_for_own_place(bind, places);
  std::map<std::pair<std::int64_t, std::string>, std::string> owner;  // by node and its threads
  for (std::size_t rank = 0; rank < placement.thread_binding.size(); ++rank) {
    std::istringstream threads(placement.thread_binding[rank]);
    std::string cpus;
    auto const node = rank < placement.node_of_rank.size() ? placement.node_of_rank[rank] : 0;
    for (int thread = 0; threads >> cpus; ++thread) {
      bool const one = cpus.find_first_of("-,") == std::string::npos;
      if (!one && !apart) continue;
      auto const me = fmt::format("thread {} of rank {}", thread, rank);
      auto const [at, first] = owner.try_emplace({node, cpus}, me);
      if (!first)
        return fmt::format("{} and {} share the hardware thread{} {}", at->second, me,
                           one ? "" : "s", cpus) +
               (apart ? fmt::format(", although OMP_PROC_BIND is {}", bind) : "");
    }
  }
  return {};
}

}  // namespace inpex::host
