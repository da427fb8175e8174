// SPDX-License-Identifier: Apache-2.0
// stencil.wave25 in single precision beside a twin in plain CUDA: a thread a column, which marches up z with
// nine cells in registers and the plane of its block in shared memory; see stencil_cuda.hpp.
// Usage: native_wave25 [cells per side] [rounds] [steps per round]

#include "../../miniapps/stencil/wave25.hpp"
#include "stencil_cuda.hpp"

namespace {

using namespace inpex;

using Point = stencil::WavePoint<float>;
using Block = native::CudaSubject<float, Point>::Block;

constexpr int radius = 4, width = 32, height = 16;
using Plane = float[height + 2 * radius][width + 2 * radius];

/// The new value of a cell: its column of nine, its place in the plane, its value a step before.
__device__ float next(float const (&column)[2 * radius + 1], Plane const& plane, int i, int j, float before,
                      float c2) {
  constexpr float k0 = -205.f / 24, k1 = 1.6f, k2 = -0.2f, k3 = 8.f / 315, k4 = -1.f / 560;
  auto const x = [&](int d) { return plane[j][i - d] + plane[j][i + d]; };
  auto const y = [&](int d) { return plane[j - d][i] + plane[j + d][i]; };
  auto const z = [&](int d) { return column[radius - d] + column[radius + d]; };
  float const here = column[radius];
  float odd = fma(k3, z(3), fma(k1, z(1), k0 * here)), even = fma(k4, z(4), k2 * z(2));
  odd = fma(k3, y(3), fma(k1, y(1), odd));
  even = fma(k4, y(4), fma(k2, y(2), even));
  float const near = fma(k2, x(2), k1 * x(1));
  odd = fma(k3, x(3), odd);
  even = fma(k4, x(4), even);
  return fma(c2, (odd + even) + near, 2.f * here - before);
}

// Threads beyond the cells march too: for the barriers, and since others read what they bring.
__global__ void __launch_bounds__(width* height) sweep(float const* __restrict__ in, float* __restrict__ out,
                                                       float const* __restrict__ c2, native::Cells cells) {
  __shared__ Plane planes[2];  // in turn: one barrier a plane
  int const x = int(threadIdx.x), y = int(threadIdx.y), i = cells.lower.x + int(blockIdx.x) * width + x,
            j = cells.lower.y + int(blockIdx.y) * height + y;
  int k = cells.lower.z + int(blockIdx.z) * native::cells_up;
  int const top = min(k + native::cells_up, cells.upper.z);
  bool const inside = i < cells.upper.x && j < cells.upper.y;
  // A thread's own place may be beyond the cells and read by neighbours; the first threads along an axis also
  // bring what is around the plane.
  bool const own = i < cells.upper.x + radius && j < cells.upper.y + radius &&
                   (i < cells.upper.x || j < cells.upper.y);
  bool const west = x < radius && j < cells.upper.y && i < cells.upper.x + radius;
  bool const east = west && i + width < cells.upper.x + radius;
  bool const south = y < radius && i < cells.upper.x && j < cells.upper.y + radius;
  bool const north = south && j + height < cells.upper.y + radius;
  std::ptrdiff_t at = cells.at(i, j, k);
  float column[2 * radius + 1], ahead = 0, before = 0, weight = 0;
  for (int z = -radius; z < radius; ++z) column[z + radius + 1] = inside ? in[at + z * cells.plane] : 0;
  if (inside) ahead = in[at + radius * cells.plane];
  for (; k < top; ++k, at += cells.plane) {
    Plane& plane = planes[k % 2];
    for (int z = 0; z < 2 * radius; ++z) column[z] = column[z + 1];
    column[2 * radius] = ahead;
    if (inside) {
      if (k + 1 < top) ahead = in[at + (radius + 1) * cells.plane];
      before = out[at], weight = c2[at];
    }
    if (own) plane[y + radius][x + radius] = inside ? column[radius] : in[at];
    if (west) plane[y + radius][x] = in[at - radius];
    if (east) plane[y + radius][x + width + radius] = in[at + width];
    if (south) plane[y][x + radius] = in[at - radius * cells.pitch];
    if (north) plane[y + height + radius][x + radius] = in[at + height * cells.pitch];
    __syncthreads();
    if (inside) out[at] = next(column, plane, x + radius, y + radius, before, weight);
  }
}

void step(Block& block) {
  auto const cells = native::Cells::of(block);
  sweep<<<native::blocks_of(cells, width, height), dim3(width, height), 0, native::stream_of(block)>>>(
      block.current(), block.next(), block.coefficient(), cells);
  block.swap();
}

std::uint64_t digest(Block& block) {
  return block.digest(block.current()) ^ mixed(block.digest(block.previous()));
}

}  // namespace

int main(int argc, char** argv) {
  Kokkos::ScopeGuard const guard(argc, argv);
  native::Wish const wish(argc, argv);
  auto const fill = [](Block& block) {
    stencil::Wave25<native::Cuda, float>::Params const params;
    auto const planes = block.grid().cells()[2];
    auto const squares = stencil::layered_squares(params.courant, params.velocities, planes);
    stencil::LayeredModes<native::Cuda> const modes(block.grid(), stencil::read_modes(params.modes), squares);
    auto const table = stencil::table_of<native::Cuda>("velocity", squares);
    block.set_coefficient(stencil::OfPlane{table.data(), 0});
    block.fill(block.current(), modes.after(0));
    block.fill(block.previous(), modes.after(-1));
    block.context().space.fence("the tables have been read");
  };
  return native::compare_twins<float, Point>(
      {.app = "stencil.wave25",
       .point = {},
       .domain = {{wish.cells, wish.cells, wish.cells}, {4, 4, 4}},
       .bytes = 16,
       .fill = fill,
       .step = step,
       .digest = digest},
      wish);
}
