// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether this process is one of several that a launcher started, asked of the environment:
// starting MPI to find out would cost a lone process a second, and could not be undone before a
// fork.

#include <array>
#include <cstdlib>
#include <string>

namespace inpex::host {

/// The variable that shows a launcher, or "" when none did. Slurm sets a rank in batch scripts too,
/// where nothing was launched: only a step of several tasks counts.
inline std::string launcher_variable() {
  constexpr std::array known = {
      "OMPI_COMM_WORLD_SIZE",  // Open MPI
      "PMIX_RANK",             // PMIx, prrte
      "PMI_RANK",
      "PMI_SIZE",             // these two: MPICH, Intel MPI, Cray
      "MV2_COMM_WORLD_SIZE",  // MVAPICH
      "PALS_RANKID",          // Cray PALS
  };
  for (char const* name : known)
    if (std::getenv(name) != nullptr) return name;
  char const* tasks = std::getenv("SLURM_STEP_NUM_TASKS");
  if (std::getenv("SLURM_PROCID") != nullptr && tasks != nullptr && std::atoi(tasks) > 1)
    return "SLURM_STEP_NUM_TASKS";
  return {};
}

/// The rank that the launcher gave this process; 0 where it gave none.
inline int launched_rank() {
  for (char const* name : {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "MV2_COMM_WORLD_RANK",
                           "PALS_RANKID", "SLURM_PROCID"})
    if (char const* text = std::getenv(name)) return std::atoi(text);
  return 0;
}

}  // namespace inpex::host
