// SPDX-License-Identifier: Apache-2.0
#pragma once
// How many cores this rank may use: those of its affinity mask, each counted once however many
// hardware threads it has, and no more than its share of the node where ranks are not bound.

#include <inpex/file_text.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include <sched.h>
#include <unistd.h>

namespace inpex {

/// Hardware threads, by the system's numbers, on which this process may run.
inline std::vector<int> allowed_cpus() {
  constexpr int most = 8192;
  std::vector<int> cpus;
  cpu_set_t* const mask = CPU_ALLOC(most);
  std::size_t const bytes = CPU_ALLOC_SIZE(most);
  if (mask != nullptr && sched_getaffinity(0, bytes, mask) == 0)
    for (int cpu = 0; cpu < most; ++cpu)
      if (CPU_ISSET_S(static_cast<std::size_t>(cpu), bytes, mask)) cpus.push_back(cpu);
  CPU_FREE(mask);
  if (cpus.empty()) cpus.push_back(0);
  return cpus;
}

/// Distinct cores among `cpus`. `root` stands before /sys, for tests.
inline int core_count(std::vector<int> const& cpus, std::string const& root = "") {
  std::set<std::string> cores;
  for (int const cpu : cpus) {
    std::string const number = std::to_string(cpu);
    std::string const siblings =
        file_text(root + "/sys/devices/system/cpu/cpu" + number + "/topology/thread_siblings_list");
    cores.insert(siblings.empty() ? number : siblings);
  }
  return static_cast<int>(cores.size());
}

/// Ranks that the launcher started on this node, by its own environment variable; 1 when none says.
inline int ranks_on_node() {
  for (char const* name : {"OMPI_COMM_WORLD_LOCAL_SIZE", "MPI_LOCALNRANKS", "PALS_LOCAL_SIZE",
                           "MV2_COMM_WORLD_LOCAL_SIZE"})
    if (char const* text = std::getenv(name)) return std::max(1, std::atoi(text));
  return 1;
}

/// Cores for this rank's threads, which may run on `cpus`; at least 1.
inline int usable_cores(std::vector<int> const& cpus = allowed_cpus()) {
  int const allowed = core_count(cpus);
  long const online = std::max(1L, sysconf(_SC_NPROCESSORS_ONLN));
  int const threads_a_core = std::max(1, static_cast<int>(cpus.size()) / allowed);
  int const share = static_cast<int>(online) / threads_a_core / ranks_on_node();
  return std::max(1, std::min(allowed, share));
}

}  // namespace inpex
