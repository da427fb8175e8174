// SPDX-License-Identifier: Apache-2.0
// stencil.box27 in double beside a plain OpenMP twin; see stencil.hpp.
// Usage: OMP_NUM_THREADS=1 native_box27 [cells per side] [rounds] [steps per round]

#include "../../miniapps/stencil/box27.hpp"
#include "stencil.hpp"

namespace {

using namespace inpex;

constexpr double centre = 0.32, face = 0.06, edge = 0.02, corner = 0.01;

// Sums over y and z at each x first, which the compiler shares as far as it sees it.
void plain(Layout const& layout, stencil::Arrays<double> const& arrays) {
  auto const p = layout.pitch, l = layout.plane;
  int const nx = layout.extent[0];
  native::for_blocked_rows(layout, [=](std::ptrdiff_t at) {
    double const* __restrict u = arrays.in + at;
    double* __restrict v = arrays.out + at;
    for (int i = 0; i < nx; ++i) {
      auto const faces = [&](int x) { return (u[x - p] + u[x + p]) + (u[x - l] + u[x + l]); };
      auto const edges = [&](int x) {
        return (u[x - p - l] + u[x + p - l]) + (u[x - p + l] + u[x + p + l]);
      };
      v[i] = centre * u[i] + face * (faces(i) + (u[i - 1] + u[i + 1])) +
             edge * (edges(i) + (faces(i - 1) + faces(i + 1))) +
             corner * (edges(i - 1) + edges(i + 1));
    }
  });
}

}  // namespace

int main(int argc, char** argv) {
  Kokkos::ScopeGuard const guard(argc, argv);
  native::Wish const wish(argc, argv);
  native::compare<double, stencil::BoxPoint<double>>(
      {.app = "stencil.box27",
       .point = {centre, face, edge, corner},
       .domain = {{wish.cells, wish.cells, wish.cells}, {1, 1, 1}},
       .tile = 32,
       .plain = plain,
       .variants = {"spatial", "temporal", "naive"}},
      wish);
}
