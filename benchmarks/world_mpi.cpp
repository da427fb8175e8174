// SPDX-License-Identifier: Apache-2.0
// The ranks of a program that was built with MPI. A process that no launcher started never starts
// MPI: it is one rank at once, and may fork.

#include <inpex/error.hpp>
#include <inpex/host/alarm.hpp>
#include <inpex/host/launcher.hpp>
#include <inpex/mpi.hpp>
#include <inpex/runtime.hpp>

#if __has_include(<mpi-ext.h>)
#include <mpi-ext.h>
#endif

#include <cstdlib>
#include <string_view>

namespace inpex {
namespace {

// Whether this MPI takes pointers to device memory, asked at run time where that is possible: the
// library that is loaded may differ from the one that was compiled against.
bool takes_device_memory() {
#if defined(MPIX_CUDA_AWARE_SUPPORT)
  if (MPIX_Query_cuda_support() == 1) return true;
#endif
  char const* cray = std::getenv("MPICH_GPU_SUPPORT_ENABLED");
  return cray != nullptr && std::string_view(cray) == "1";
}

constexpr char never_met[] =
    "inpex: the ranks did not find each other in time\n"
    "  see whether all of them run; INPEX_START_SECONDS allows more than 300\n";

// Thousands of ranks may need minutes to start.
double start_seconds() {
  char const* chosen = std::getenv("INPEX_START_SECONDS");
  double const seconds = chosen == nullptr ? 0 : std::atof(chosen);
  return seconds > 0 ? seconds : 300;
}

Comm start(int* argc, char*** argv) {
  if (!launched_by_mpi()) return Comm();
  host::Alarm const alarm(start_seconds(), never_met, exit_code(Fault::environment));
  int provided = MPI_THREAD_SINGLE;
  MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &provided);
  if (provided < MPI_THREAD_FUNNELED)
    throw Error(Fault::environment, "this MPI allows no threads beside the one that calls it", "",
                "load an MPI that was built with MPI_THREAD_FUNNELED");
  return Comm(std::make_shared<MpiRanks>(MPI_COMM_WORLD, takes_device_memory()));
}

}  // namespace

bool launched_by_mpi() { return !host::launcher_variable().empty(); }

World::World(int* argc, char*** argv) : comm(start(argc, argv)) {}

World::~World() {
  int started = 0, ended = 0;
  MPI_Initialized(&started);
  MPI_Finalized(&ended);
  if (started != 0 && ended == 0) MPI_Finalize();
}

}  // namespace inpex
