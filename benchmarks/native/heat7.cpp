// SPDX-License-Identifier: Apache-2.0
// stencil.heat7 in double beside a plain OpenMP twin; see stencil.hpp.
// Usage: OMP_NUM_THREADS=1 native_heat7 [cells per side] [rounds] [steps per round]

#include "../../miniapps/stencil/heat7.hpp"
#include "stencil.hpp"

#include <algorithm>

namespace {

using namespace inpex;

void plain(Layout const& layout, stencil::Arrays<double> const& arrays, double centre, double side) {
  constexpr int block = 16;
  auto const [nx, ny, nz] = layout.extent;
  auto const pitch = layout.pitch, plane = layout.plane;
  double const* __restrict in = arrays.in;
  double* __restrict out = arrays.out;
#pragma omp parallel for schedule(static)
  for (int first = 0; first < ny; first += block)
    for (int k = 0; k < nz; ++k)
      for (int j = first; j < std::min(first + block, ny); ++j) {
        double const* u = in + layout.at(0, j, k);
        double* v = out + layout.at(0, j, k);
        for (int i = 0; i < nx; ++i)
          v[i] = centre * u[i] + side * (((u[i - 1] + u[i + 1]) + (u[i - pitch] + u[i + pitch])) +
                                         (u[i - plane] + u[i + plane]));
      }
}

}  // namespace

int main(int argc, char** argv) {
  Kokkos::ScopeGuard const guard(argc, argv);
  native::Wish const wish(argc, argv);
  native::compare<double, stencil::HeatPoint<double>>(
      {.app = "stencil.heat7",
       .point = {0.25, 0.125},
       .domain = {{wish.cells, wish.cells, wish.cells}, {1, 1, 1}},
       .tile = 32,
       .plain = [](auto const& layout, auto const& arrays) { plain(layout, arrays, 0.25, 0.125); },
       .variants = {"spatial", "temporal", "naive"}},
      wish);
}
