// SPDX-License-Identifier: Apache-2.0
#pragma once
// The environment variables that can change a result, for environment.json. Only those on the list
// are looked at, and of a value that holds a path only the last component is kept: a bundle is
// published, and must not tell who made it.

#include <inpex/value.hpp>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

extern char** environ;  // POSIX declares it nowhere

namespace inpex::host {

namespace detail {

/// Whole names, and beginnings of names that end in '_'.
inline constexpr std::array<std::string_view, 28> recorded_variables = {
    "OMP_",                  // threads, binding, places, waiting
    "GOMP_",                 // GNU's own settings
    "KMP_",                  // LLVM's and Intel's
    "KOKKOS_",               // threads, devices, tools
    "OMPI_COMM_WORLD_SIZE",  // ranks, as the launcher sees them
    "OMPI_COMM_WORLD_LOCAL_SIZE",
    "OMPI_UNIVERSE_SIZE",
    "PMI_SIZE",
    "MPI_LOCALNRANKS",
    "MPICH_GPU_SUPPORT_ENABLED",
    "SLURM_JOB_NUM_NODES",
    "SLURM_NTASKS",
    "SLURM_NTASKS_PER_NODE",
    "SLURM_CPUS_PER_TASK",
    "SLURM_CPU_BIND",
    "CUDA_VISIBLE_DEVICES",
    "CUDA_LAUNCH_BLOCKING",
    "HIP_VISIBLE_DEVICES",
    "ROCR_VISIBLE_DEVICES",
    "HSA_XNACK",
    "MALLOC_ARENA_MAX",
    "MALLOC_TOP_PAD_",
    "GLIBC_TUNABLES",
    "HWLOC_SYNTHETIC",
    "HWLOC_XMLFILE",
    "INPEX_SYS",  // made counters of energy
    "LD_PRELOAD",
    "LD_AUDIT",
};

inline bool is_recorded(std::string_view name) {
  return std::any_of(
      recorded_variables.begin(), recorded_variables.end(), [&](std::string_view listed) {
        return listed.back() == '_' ? name.substr(0, listed.size()) == listed : name == listed;
      });
}

/// "libtool.so:other.so" for "/home/somebody/libtool.so:/opt/other.so".
inline std::string without_folders(std::string_view value) {
  std::string kept;
  std::size_t component = 0;  // where the present one starts in `kept`
  for (char const letter : value) {
    if (letter == '/') {
      kept.resize(component);
      continue;
    }
    kept += letter;
    if (std::string_view(":;,= ").find(letter) != std::string_view::npos) component = kept.size();
  }
  return kept;
}

}  // namespace detail

/// The listed variables that have a value, sorted by name; texts.
inline Table environment_now(char const* const* variables = environ) {
  Table table;
  for (; variables != nullptr && *variables != nullptr; ++variables) {
    std::string_view const text = *variables;
    std::size_t const equals = text.find('=');
    if (equals == text.npos || !detail::is_recorded(text.substr(0, equals))) continue;
    if (equals + 1 == text.size()) continue;  // set to nothing, which is as good as not set
    if (text == "INPEX_SYS=/sys") continue;   // where counters are anyway
    put(table, text.substr(0, equals), detail::without_folders(text.substr(equals + 1)));
  }
  std::sort(table.begin(), table.end(),
            [](Entry const& a, Entry const& b) { return a.name < b.name; });
  return table;
}

}  // namespace inpex::host
