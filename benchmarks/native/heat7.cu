// SPDX-License-Identifier: Apache-2.0
// stencil.heat7 in double beside a twin in plain CUDA: a thread a column, which marches up z with three
// cells in registers; see stencil_cuda.hpp.
// Usage: native_heat7 [cells per side] [rounds] [steps per round]

#include "../../miniapps/stencil/heat7.hpp"
#include "stencil_cuda.hpp"

namespace {

using namespace inpex;

__global__ void sweep(double const* __restrict__ in, double* __restrict__ out, native::Cells cells,
                      double centre, double side) {
  int const i = cells.lower.x + int(blockIdx.x * blockDim.x + threadIdx.x);
  int const j = cells.lower.y + int(blockIdx.y * blockDim.y + threadIdx.y);
  if (i >= cells.upper.x || j >= cells.upper.y) return;
  int k = cells.lower.z + int(blockIdx.z) * native::cells_up;
  int const top = min(k + native::cells_up, cells.upper.z);
  auto const p = cells.pitch, l = cells.plane;
  double const* u = in + cells.at(i, j, k);
  double* v = out + cells.at(i, j, k);
  double below = u[-l], here = u[0];
  for (; k < top; ++k, u += l, v += l) {
    double const above = u[l];
    double const sum = ((u[-1] + u[1]) + (u[-p] + u[p])) + (below + above);
    *v = fma(side, sum, centre * here);
    below = here, here = above;
  }
}

using Point = stencil::HeatPoint<double>;
using Block = native::CudaSubject<double, Point>::Block;

constexpr Point point{0.25, 0.125};

void step(Block& block) {
  auto const cells = native::Cells::of(block);
  sweep<<<native::blocks_of(cells, 64, 4), dim3(64, 4), 0, native::stream_of(block)>>>(
      block.current(), block.next(), cells, point.centre, point.side);
  block.swap();
}

}  // namespace

int main(int argc, char** argv) {
  Kokkos::ScopeGuard const guard(argc, argv);
  native::Wish const wish(argc, argv);
  auto const fill = [](Block& block) {
    stencil::SineModes<native::Cuda> const modes(block.grid(), stencil::read_modes({1, 1, 1, 1.0}));
    block.fill(block.current(), modes.after(0, [](stencil::Mode const&) { return 1.0L; }));
    block.context().space.fence("the modes have been read");
  };
  return native::compare_twins<double, Point>(
      {.app = "stencil.heat7",
       .point = point,
       .domain = {{wish.cells, wish.cells, wish.cells}, {1, 1, 1}},
       .bytes = 16,
       .fill = fill,
       .step = step,
       .digest = [](Block& block) { return block.digest(block.current()); }},
      wish);
}
