// SPDX-License-Identifier: Apache-2.0
// The one rank of a program that was built without MPI. Under a launcher it would be so many runs
// that know nothing of each other, so it refuses.

#include <inpex/error.hpp>
#include <inpex/host/launcher.hpp>
#include <inpex/runtime.hpp>

namespace inpex {

bool launched_by_mpi() { return false; }

World::World(int*, char***) {
  if (auto const name = host::launcher_variable(); !name.empty())
    throw Error(Fault::environment, "this inpex was built without MPI, but a launcher started it",
                name, "run it without mpirun, or build it where CMake finds MPI");
}

World::~World() = default;

}  // namespace inpex
