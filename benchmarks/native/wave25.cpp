// SPDX-License-Identifier: Apache-2.0
// stencil.wave25 in single precision beside a plain OpenMP twin; see stencil.hpp.
// Usage: OMP_NUM_THREADS=1 native_wave25 [cells per side] [rounds] [steps per round]

#include "../../miniapps/stencil/wave25.hpp"
#include "stencil.hpp"

namespace {

using namespace inpex;

void plain(Layout const& layout, stencil::Arrays<float> const& arrays) {
  constexpr float weight[] = {-205.f / 24, 1.6f, -0.2f, 8.f / 315, -1.f / 560};
  auto const p = layout.pitch, l = layout.plane;
  int const nx = layout.extent[0];
  native::for_blocked_rows(layout, [=](std::ptrdiff_t at) {
    float const *u = arrays.in + at, *c2 = arrays.coefficient + at;
    float* w = arrays.out + at;
#pragma omp simd
    for (int i = 0; i < nx; ++i) {
      float sum = weight[0] * u[i];
      for (int d = 1; d <= 4; ++d)
        sum += weight[d] * (((u[i - d] + u[i + d]) + (u[i - d * p] + u[i + d * p])) +
                            (u[i - d * l] + u[i + d * l]));
      w[i] = 2.f * u[i] - w[i] + c2[i] * sum;
    }
  });
}

}  // namespace

int main(int argc, char** argv) {
  Kokkos::ScopeGuard const guard(argc, argv);
  native::Wish const wish(argc, argv);
  native::compare<float, stencil::WavePoint<float>>(
      {.app = "stencil.wave25",
       .point = {},
       .domain = {{wish.cells, wish.cells, wish.cells}, {4, 4, 4}},
       .tile = 64,
       .plain = plain,
       .variants = {"spatial", "temporal", "naive"}},
      wish);
}
