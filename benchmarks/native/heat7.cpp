// SPDX-License-Identifier: Apache-2.0
// stencil.heat7 in double beside a plain OpenMP twin; see stencil.hpp.
// Usage: OMP_NUM_THREADS=1 native_heat7 [cells per side] [rounds] [steps per round]

#include "../../miniapps/stencil/heat7.hpp"
#include "stencil.hpp"

namespace {

using namespace inpex;

void plain(Layout const& layout, stencil::Arrays<double> const& arrays, double centre,
           double side) {
  auto const p = layout.pitch, l = layout.plane;
  int const nx = layout.extent[0];
  native::for_blocked_rows(layout, [=](std::ptrdiff_t at) {
    double const* __restrict u = arrays.in + at;
    double* __restrict v = arrays.out + at;
    for (int i = 0; i < nx; ++i)
      v[i] = centre * u[i] +
             side * (((u[i - 1] + u[i + 1]) + (u[i - p] + u[i + p])) + (u[i - l] + u[i + l]));
  });
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
