// SPDX-License-Identifier: Apache-2.0
// The hot kernel of stencil.heat7 beside what else could have been written, in turn in one process:
//   blocked   plain OpenMP loops, blocked in y, vectorised by the compiler: the twin a user would
//   write twin      the tiles of our own kernel under plain OpenMP: what Kokkos and the frame cost
//   inpex     the mini-app, through the interface that the harness uses
//   naive     its naive variant: one cell a call under an MDRangePolicy
//   copy      the same bytes by streaming stores: the ceiling
// Usage: OMP_NUM_THREADS=1 native_heat7 [cells per side] [rounds] [steps per round]

#include "../../miniapps/stencil/heat7.hpp"
#include "interleave.hpp"

#include <inpex/app.hpp>

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

namespace inpex::stencil {
std::vector<App> apps();
}

namespace {

using namespace inpex;
using S = Kokkos::DefaultHostExecutionSpace;
using stencil::HeatPoint;

void blocked(Layout const& layout, HeatPoint<double> const& point, double const* __restrict in,
             double* __restrict out) {
  constexpr int block = 16;
  auto const [nx, ny, nz] = layout.extent;
  auto const pitch = layout.pitch, plane = layout.plane;
#pragma omp parallel for schedule(static)
  for (int first = 0; first < ny; first += block)
    for (int k = 0; k < nz; ++k)
      for (int j = first; j < std::min(first + block, ny); ++j) {
        double const* u = in + layout.at(0, j, k);
        double* v = out + layout.at(0, j, k);
        for (int i = 0; i < nx; ++i)
          v[i] = point.centre * u[i] +
                 point.side * (((u[i - 1] + u[i + 1]) + (u[i - pitch] + u[i + pitch])) +
                               (u[i - plane] + u[i + plane]));
      }
}

template <class Kernel>
void under_openmp(Kernel const& kernel) {
  int const tiles = kernel.tiles();
#pragma omp parallel for schedule(static)
  for (int t = 0; t < tiles; ++t) kernel.tile(t);
}

void stream_copy(double const* in, double* out, std::size_t size) {
  using V = vec<double, native_lanes<double>>;
  constexpr std::size_t piece = 4096;
#pragma omp parallel for schedule(static)
  for (std::size_t first = 0; first < size / piece * piece; first += piece) {
    for (std::size_t i = first; i < first + piece; i += V::width) V::load(in + i).stream(out + i);
    stream_fence();
  }
}

std::unique_ptr<Case> make(std::int64_t n, std::int64_t steps, char const* variant) {
  Table const table{{"nx", n, ""},
                    {"ny", n, ""},
                    {"nz", n, ""},
                    {"steps", steps, ""},
                    {"variant", std::string(variant), ""}};
  return stencil::apps().front().make(table, Choice{.space = std::string(space_name<S>())}, Comm());
}

}  // namespace

int main(int argc, char** argv) {
  Kokkos::ScopeGuard const guard(argc, argv);
  int const n = argc > 1 ? std::atoi(argv[1]) : 512, rounds = argc > 2 ? std::atoi(argv[2]) : 9,
            steps = argc > 3 ? std::atoi(argv[3]) : 5;
  auto const layout = make_layout({n, n, n}, 1, sizeof(double));
  HeatPoint<double> const point{0.25, 0.125};
  Context<S> const context{};
  Buffers<double, S> buffers("native", layout.size);
  int const threads = context.space.concurrency();
  stencil::Cuts cuts;
  cuts.add(Tiling(owned(layout), 32, threads));
  stencil::Sweep<double, HeatPoint<double>> const sweep(point, layout, cuts, stencil::Store::streamed);
  for (int touch = 0; touch < 2; ++touch) {
    for_cells(context, cuts.tilings[0],
              stencil::detail::Fill<double, stencil::detail::Zero>{buffers.current(), layout, {}});
    buffers.swap(context);
  }
  auto const app = make(n, steps, "spatial");
  double const updates = 1e-9 * double(n) * n * n * steps,
               bytes = 16e-9 * double(layout.size) * steps;
  auto const stepping = [&](auto const& step) {
    for (int s = 0; s < steps; ++s) {
      step(buffers.current(), buffers.next());
      buffers.swap(context);
    }
  };
  std::vector<native::Contender> contenders{
      {"blocked: plain OpenMP loops", updates, "Gcell/s",
       [&] { stepping([&](double const* u, double* v) { blocked(layout, point, u, v); }); }},
      {"twin: our tiles under plain OpenMP", updates, "Gcell/s",
       [&] { stepping([&](double const* u, double* v) { under_openmp(sweep.between({u, v})); }); }},
      {"inpex: the mini-app", updates, "Gcell/s", [&] { app->sample(Timing::total); }},
      {"copy by streaming stores", bytes, "GB/s",
       [&] { stepping([&](double const* u, double* v) { stream_copy(u, v, layout.size); }); }},
  };
  native::interleave(contenders, rounds);
  std::printf("heat7, %d^3 fp64, %d thread(s), %d rounds of %d steps; ratios to the first line\n",
              n, threads, rounds, steps);
  native::print(contenders, 0);
  std::vector<double> twin, ceiling;
  for (std::size_t round = 0; round < contenders[2].rates.size(); ++round) {
    twin.push_back(contenders[2].rates[round] / contenders[1].rates[round]);
    ceiling.push_back(16 * contenders[2].rates[round] / contenders[3].rates[round]);
  }
  std::printf("inpex over its twin %.3f; of the copy ceiling %.1f %%\n", median(twin),
              100 * median(ceiling));

  auto const naive = make(n, 1, "naive");
  std::vector<native::Contender> newcomer{
      {"naive: MDRangePolicy", updates / steps, "Gcell/s", [&] { naive->sample(Timing::total); }},
      {"inpex: the mini-app", updates, "Gcell/s", [&] { app->sample(Timing::total); }}};
  native::interleave(newcomer, std::min(rounds, 5));
  native::print(newcomer, 0);
}
