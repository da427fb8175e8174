// SPDX-License-Identifier: Apache-2.0
// Writes the initial state of particle.lj as a data file of LAMMPS (read_data, atom_style atomic,
// units lj). Usage: native_melt_data [cells per side] > melt.data

#include "../../miniapps/particle/melt.hpp"

#include <cinttypes>
#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv) {
  using namespace inpex::particle;
  std::int64_t const cells = argc > 1 ? std::atoll(argv[1]) : 20;
  if (cells < 1) {
    std::fprintf(stderr, "native_melt_data: write a number of cells from 1, such as 20\n");
    return 2;
  }
  Melt const melt{{cells, cells, cells}};
  Velocities const velocities(melt, inpex::Comm());
  std::printf("particle.lj of inpex, step 0\n\n%" PRId64 " atoms\n1 atom types\n\n", melt.atoms());
  char const axes[] = "xyz";
  for (std::size_t axis = 0; axis < 3; ++axis)
    std::printf("0 %.17g %clo %chi\n", melt.box()[axis], axes[axis], axes[axis]);
  std::printf("\nMasses\n\n1 1.0\n");
  for (bool const places : {true, false}) {
    std::printf(places ? "\nAtoms # atomic\n\n" : "\nVelocities\n\n");
    std::int64_t id = 0;
    for (std::int64_t k = 0; k < cells; ++k)
      for (std::int64_t j = 0; j < cells; ++j)
        for (std::int64_t i = 0; i < cells; ++i)
          for (int site = 0; site < 4; ++site) {
            auto const place = melt.place(i, j, k, site);
            auto const line = places ? place : velocities.of(place);
            std::printf(places ? "%" PRId64 " 1 %.17g %.17g %.17g\n"
                               : "%" PRId64 " %.17g %.17g %.17g\n",
                        ++id, line[0], line[1], line[2]);
          }
  }
  return 0;
}
