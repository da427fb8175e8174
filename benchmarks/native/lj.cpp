// SPDX-License-Identifier: Apache-2.0
// The force loop of particle.lj beside a plain twin: the same list, read by loops over eight lanes
// that a compiler vectorises, on one thread. Each round both start from forces of zero, and end
// with the same ones. Usage: OMP_NUM_THREADS=1 native_lj [cells per side] [rounds] [evaluations per
// round]

#include "../../miniapps/particle/atoms.hpp"
#include "interleave.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace {

using namespace inpex;
using namespace inpex::particle;
using Host = Kokkos::DefaultHostExecutionSpace;

/// Forces of all rows of one rank, in the order of blocks.
void plain(Forces<double, true> const& k, int blocks) {
  for (int b = 0; b < blocks; ++b)
    for (int atom = 0; atom < block_atoms; ++atom) {
      double const* const xi = k.columns.x + std::ptrdiff_t{b} * block_size;
      double* const fi = k.f + std::ptrdiff_t{b} * block_size;
      alignas(64) double sum_x[block_atoms] = {}, sum_y[block_atoms] = {}, sum_z[block_atoms] = {};
      auto const add = [&](int j, double x, double y, double z, int first) {
        double const* const __restrict xj = k.columns.x + std::ptrdiff_t{j} * block_size;
        double* const __restrict fj = k.f + std::ptrdiff_t{j} * block_size;
#pragma omp simd
        for (int lane = 0; lane < block_atoms; ++lane) {
          double const dx = x - xj[lane], dy = y - xj[8 + lane], dz = z - xj[16 + lane];
          double const square = dx * dx + dy * dy + dz * dz, s = 1 / square, t = s * s * s;
          double const f = square < k.cutoff_square && lane >= first ? t * s * (t - 0.5) : 0;
          sum_x[lane] += f * dx, sum_y[lane] += f * dy, sum_z[lane] += f * dz;
          fj[lane] -= f * dx, fj[8 + lane] -= f * dy, fj[16 + lane] -= f * dz;
        }
      };
      add(b, xi[atom], xi[8 + atom], xi[16 + atom], atom + 1);
      int const* const words = k.list + std::ptrdiff_t{b} * k.stride;
      for (int at = words[atom] & 0xffff, end = words[atom] >> 16; at < end;) {
        Run const run(words[at++]);
        double const x = xi[atom] - k.columns.shift(run.image, 0),
                     y = xi[8 + atom] - k.columns.shift(run.image, 1),
                     z = xi[16 + atom] - k.columns.shift(run.image, 2);
        for (int n = 0; n < run.entries; ++n) add(words[at + n], x, y, z, 0);
        at += run.entries;
      }
      for (int lane = 0; lane < block_atoms; ++lane)
        fi[atom] += sum_x[lane], fi[8 + atom] += sum_y[lane], fi[16 + atom] += sum_z[lane];
    }
}

}  // namespace

int main(int argc, char** argv) {
  Kokkos::ScopeGuard const guard(argc, argv);
  int const cells = native::argument(argc, argv, 1, 20),
            rounds = native::argument(argc, argv, 2, 5),
            evaluations = native::argument(argc, argv, 3, 20);
  Context<Host> const context;
  Melt const melt{{cells, cells, cells}};
  Atoms<double, Host> atoms(context, melt, {});
  atoms.start(Velocities(melt, Comm()));
  atoms.renew();
  atoms.clear_forces();
  atoms.add_forces();
  for (int n = 1; n <= 40; ++n) {  // a melt, no lattice
    atoms.integrate(n == 1 ? 0.0025 : 0.005, 0.005);
    if (n % 20 == 0) atoms.renew();
    atoms.add_forces();
  }
  std::vector<std::vector<double>> results;
  auto const contender = [&](char const* name, auto const& once) {
    return native::Contender{.name = name,
                             .work = static_cast<double>(melt.atoms()) * evaluations * 1e-6,
                             .unit = "M atom forces/s",
                             .run =
                                 [&, once] {
                                   for (int n = 0; n < evaluations; ++n) once();
                                 },
                             .before = [&] { atoms.clear_forces(); },
                             .after = [&] { results.push_back(atoms.on_host(2)); }};
  };
  std::vector<native::Contender> contenders{
      contender("plain twin, particle.lj forces",
                [&] { plain(atoms.forces<true>(0, 1), atoms.own_blocks()); }),
      contender("inpex particle.lj forces", [&] { atoms.add_forces(); })};
  native::interleave(contenders, rounds);
  native::print(contenders, 0);
  double most = 0, size = 0;
  for (std::size_t n = 0; n < results[0].size(); ++n)
    most = std::max(most, std::abs(results[0][n] - results[1][n])),
    size = std::max(size, std::abs(results[0][n]));
  std::printf("largest difference of a force, over the largest force: %.1e\n", most / size);
  return most <= 1e-12 * size ? 0 : 1;
}
