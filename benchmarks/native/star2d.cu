// SPDX-License-Identifier: Apache-2.0
// stencil.star2d, radius 4, in double beside a twin in plain CUDA of its two passes: a thread a column, which
// marches up z with nine cells in registers, then every cell raised by one; see stencil_cuda.hpp.
// Usage: native_star2d [cells per side] [rounds] [steps per round]

#include "../../miniapps/stencil/star2d.hpp"
#include "stencil_cuda.hpp"

namespace {

using namespace inpex;

constexpr int radius = 4;
using Point = stencil::StarPoint<double, radius>;
using Block = native::CudaSubject<double, Point>::Block;

constexpr Point point{{1.0 / (2 * radius), 1.0 / (4 * radius), 1.0 / (6 * radius), 1.0 / (8 * radius)}};

__global__ void sweep(double const* __restrict__ in, double* __restrict__ out, native::Cells cells,
                      Point star) {
  int const i = cells.lower.x + int(blockIdx.x * blockDim.x + threadIdx.x);
  if (i >= cells.upper.x) return;
  int k = cells.lower.z + int(blockIdx.z) * native::cells_up;
  int const top = min(k + native::cells_up, cells.upper.z);
  double const* u = in + cells.at(i, 0, k);
  double* v = out + cells.at(i, 0, k);
  double column[2 * radius + 1];
  for (int z = -radius; z < radius; ++z) column[z + radius + 1] = u[z * cells.plane];
  for (; k < top; ++k, u += cells.plane, v += cells.plane) {
    for (int z = 0; z < 2 * radius; ++z) column[z] = column[z + 1];
    column[2 * radius] = u[radius * cells.plane];
    double up = star.weights[0] * column[radius + 1], right = star.weights[0] * u[1];
    up = fma(-star.weights[0], column[radius - 1], up);
    right = fma(-star.weights[0], u[-1], right);
    for (int d = 2; d <= radius; ++d) {
      double const weight = star.weights[d - 1];
      up = fma(-weight, column[radius - d], fma(weight, column[radius + d], up));
      right = fma(-weight, u[-d], fma(weight, u[d], right));
    }
    *v = *v + (up + right);
  }
}

// A thread a cell of a row.
__global__ void raise(double* field, native::Cells all) {
  int const i = int(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < all.upper.x) field[all.at(i, 0, int(blockIdx.y))] += 1;
}

void step(Block& block) {
  auto const cells = native::Cells::of(block);
  auto all = cells;
  auto const [nx, ny, nz] = block.layout().extent;
  all.lower = {0, 0, 0}, all.upper = {nx, ny, nz};
  auto const stream = native::stream_of(block);
  sweep<<<native::blocks_of(cells, 64, 1), 64, 0, stream>>>(block.current(), block.next(), cells, point);
  raise<<<dim3(unsigned(nx + 255) / 256, unsigned(nz)), 256, 0, stream>>>(block.current(), all);
  block.keep();
}

std::uint64_t digest(Block& block) {
  return block.digest(block.next()) ^ mixed(block.digest(block.current()));
}

}  // namespace

int main(int argc, char** argv) {
  Kokkos::ScopeGuard const guard(argc, argv);
  native::Wish wish(argc, argv);
  if (argc < 2) wish.cells = 8000;
  auto const fill = [](Block& block) {
    block.fill(block.current(), stencil::detail::Ramp{0, 0, 0});
    block.fill(block.next(), stencil::detail::Zero{});
  };
  return native::compare_twins<double, Point>(
      {.app = "stencil.star2d",
       .point = point,
       .domain = {{wish.cells, 1, wish.cells}, {radius, 0, radius}, {radius, 0, radius}},
       .bytes = 40,
       .fill = fill,
       .step = step,
       .digest = digest,
       .variants = {"spatial", "naive"}},
      wish);
}
