// SPDX-License-Identifier: Apache-2.0
// Temperature and potential energy of an atom of particle.lj before and after some steps, as LAMMPS
// prints them. Usage: native_melt_energies [cells per side] [steps] [variant, verlet: the list of
// LAMMPS]

#include "../../miniapps/particle/lj.hpp"

#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv) try {
  using namespace inpex;
  using Space = Kokkos::DefaultHostExecutionSpace;
  using Lj = particle::Lj<Space, double>;
  Kokkos::ScopeGuard const guard(argc, argv);
  Lj::Params params;
  params.nx = params.ny = params.nz = argc > 1 ? std::atoll(argv[1]) : 20;
  params.steps = argc > 2 ? std::atoll(argv[2]) : 100;
  params.variant = argc > 3 ? argv[3] : "verlet";
  Context<Space> const context;
  Lj melt(params, context);
  auto const print = [&](std::int64_t step) {
    auto const [temperature, energy] = melt.thermo();
    std::printf("%lld %.9g %.9g\n", static_cast<long long>(step), temperature, energy);
  };
  melt.reset();
  print(0);
  for (std::int64_t n = 0; n < params.steps; ++n) melt.step();
  print(params.steps);
  return 0;
} catch (inpex::Error const& error) {
  std::fprintf(stderr, "native_melt_energies: %s\n", error.what());
  return inpex::exit_code(error.fault);
}
