// SPDX-License-Identifier: Apache-2.0
// stencil.box27 in double beside a twin in plain CUDA: a thread a column, which marches up z with the sums
// of three planes in registers; see stencil_cuda.hpp.
// Usage: native_box27 [cells per side] [rounds] [steps per round]

#include "../../miniapps/stencil/box27.hpp"
#include "stencil_cuda.hpp"

namespace {

using namespace inpex;

using Point = stencil::BoxPoint<double>;
using Block = native::CudaSubject<double, Point>::Block;

constexpr Point point{0.32, 0.06, 0.02, 0.01};

/// Of the cells west, here and east in one plane: the cell, and the sum of the two beside it along y.
struct Plane {
  double cell[3], pair[3];
  __device__ Plane(double const* u, std::ptrdiff_t pitch) {
    for (int x = 0; x < 3; ++x) cell[x] = u[x - 1], pair[x] = u[x - 1 - pitch] + u[x - 1 + pitch];
  }
};

__device__ double mean(Plane const& below, Plane const& here, Plane const& above, Point const& weight) {
  auto const faces = [&](int x) { return here.pair[x] + (below.cell[x] + above.cell[x]); };
  auto const edges = [&](int x) { return below.pair[x] + above.pair[x]; };
  auto const beside = [&](int x) {
    return fma(weight.corner, edges(x), fma(weight.edge, faces(x), weight.face * here.cell[x]));
  };
  double const own =
      fma(weight.edge, edges(1), fma(weight.face, faces(1), weight.centre * here.cell[1]));
  return own + (beside(0) + beside(2));
}

__global__ void sweep(double const* __restrict__ in, double* __restrict__ out, native::Cells cells,
                      Point weight) {
  int const i = cells.lower.x + int(blockIdx.x * blockDim.x + threadIdx.x);
  int const j = cells.lower.y + int(blockIdx.y * blockDim.y + threadIdx.y);
  if (i >= cells.upper.x || j >= cells.upper.y) return;
  int k = cells.lower.z + int(blockIdx.z) * native::cells_up;
  int const top = min(k + native::cells_up, cells.upper.z);
  double const* u = in + cells.at(i, j, k);
  double* v = out + cells.at(i, j, k);
  Plane below(u - cells.plane, cells.pitch), here(u, cells.pitch);
  for (; k < top; ++k, u += cells.plane, v += cells.plane) {
    Plane const above(u + cells.plane, cells.pitch);
    *v = mean(below, here, above, weight);
    below = here, here = above;
  }
}

void step(Block& block) {
  auto const cells = native::Cells::of(block);
  sweep<<<native::blocks_of(cells, 64, 4), dim3(64, 4), 0, native::stream_of(block)>>>(
      block.current(), block.next(), cells, point);
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
      {.app = "stencil.box27",
       .point = point,
       .domain = {{wish.cells, wish.cells, wish.cells}, {1, 1, 1}},
       .bytes = 16,
       .fill = fill,
       .step = step,
       .digest = [](Block& block) { return block.digest(block.current()); }},
      wish);
}
