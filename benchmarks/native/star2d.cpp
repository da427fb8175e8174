// SPDX-License-Identifier: Apache-2.0
// Native twin of stencil.star2d, radius 4: its two passes as plain OpenMP loops, and both done in
// one pass over memory, where a row is raised once all have read it.

#include "interleave.hpp"

#include <inpex/app.hpp>
#include <inpex/space.hpp>

#include <Kokkos_Core.hpp>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

namespace inpex::stencil {
std::vector<App> apps();
}

namespace {

using namespace inpex;

constexpr int radius = 4;

/// n x n cells, row by row; allocated by the threads that use them.
struct Sheet {
  std::ptrdiff_t n;
  std::unique_ptr<double[]> cells;
  explicit Sheet(std::ptrdiff_t side) : n(side), cells(new double[std::size_t(side * side)]) {}

  [[nodiscard]] double* row(std::ptrdiff_t k) const { return cells.get() + k * n; }
  template <class Value>
  void fill(Value const& value) {
#pragma omp parallel for schedule(static)
    for (std::ptrdiff_t k = 0; k < n; ++k)
      for (std::ptrdiff_t i = 0; i < n; ++i) row(k)[i] = value(i, k);
  }
};

/// Adds the star to row k of `out`, but for the cells next to the walls.
void add_star(Sheet const& in, Sheet const& out, std::ptrdiff_t k) {
  std::ptrdiff_t const n = in.n;
  if (k < radius || k >= n - radius) return;
  double const* u = in.row(k);
  double* v = out.row(k);
#pragma omp simd
  for (std::ptrdiff_t i = radius; i < n - radius; ++i) {
    double sum = 0;
    for (int d = 1; d <= radius; ++d)
      sum += 1.0 / (2 * d * radius) * ((u[i + d] - u[i - d]) + (u[i + d * n] - u[i - d * n]));
    v[i] += sum;
  }
}

void raise(Sheet const& in, std::ptrdiff_t k) {
  double* const u = in.row(k);
#pragma omp simd
  for (std::ptrdiff_t i = 0; i < in.n; ++i) u[i] += 1;
}

void two_passes(Sheet const& in, Sheet const& out) {
#pragma omp parallel for schedule(static)
  for (std::ptrdiff_t k = 0; k < in.n; ++k) add_star(in, out, k);
#pragma omp parallel for schedule(static)
  for (std::ptrdiff_t k = 0; k < in.n; ++k) raise(in, k);
}

// Each thread has a block of rows. A row is raised when the star has gone `radius` rows past it;
// those within reach of another thread's rows wait until all are done.
void one_pass(Sheet const& in, Sheet const& out) {
#pragma omp parallel
  {
    std::ptrdiff_t const t = omp_get_thread_num(), threads = omp_get_num_threads();
    std::ptrdiff_t const first = in.n * t / threads, last = in.n * (t + 1) / threads;
    auto const alone = [&](std::ptrdiff_t k) { return k >= first + radius && k < last - radius; };
    for (std::ptrdiff_t k = first; k < last; ++k) {
      add_star(in, out, k);
      if (alone(k - radius)) raise(in, k - radius);
    }
#pragma omp barrier
    for (std::ptrdiff_t k = first; k < last; ++k)
      if (!alone(k)) raise(in, k);
  }
}

/// The largest deviation from what `steps` steps leave behind: 2 steps inside, and i + k + steps.
double error(Sheet const& in, Sheet const& out, double steps) {
  double most = 0;
  for (std::ptrdiff_t k = 0; k < in.n; ++k)
    for (std::ptrdiff_t i = 0; i < in.n; ++i) {
      bool const inside = std::min(i, k) >= radius && std::max(i, k) < in.n - radius;
      most = std::max({most, std::abs(out.row(k)[i] - (inside ? 2 * steps : 0)),
                       std::abs(in.row(k)[i] - (double(i + k) + steps))});
    }
  return most;
}

}  // namespace

int main(int argc, char** argv) {
  Kokkos::ScopeGuard const guard(argc, argv);
  int words[] = {8000, 5, 5};  // cells a side, rounds, steps of a round
  for (int word = 1; word < argc && word <= 3; ++word) words[word - 1] = std::atoi(argv[word]);
  auto const [n, rounds, steps] = words;
  Sheet in(n), out(n);
  std::vector<double> errors(2);
  double const inner = double(n - 2 * radius) * double(n - 2 * radius);
  double const flops = 1e-9 * steps * ((8 * radius + 1) * inner + double(n) * n);
  auto const loops = [&, steps = steps](char const* name, auto const& step, double& worst) {
    return native::Contender{
        .name = name,
        .work = flops,
        .unit = "Gflop/s",
        .run =
            [&, step, steps] {
              for (int s = 0; s < steps; ++s) step(in, out);
            },
        .before =
            [&] {
              in.fill([](auto i, auto k) { return double(i + k); });
              out.fill([](auto, auto) { return 0.0; });
            },
        .after = [&, steps] { worst = std::max(worst, error(in, out, steps)); }};
  };
  std::unique_ptr<Case> ours;
  for (auto const& app : stencil::apps())
    if (app.name == "stencil.star2d")
      ours = app.make({{"nx", std::int64_t{n}, ""},
                       {"nz", std::int64_t{n}, ""},
                       {"steps", std::int64_t{steps}, ""}},
                      {.space = std::string(space_name<Kokkos::DefaultHostExecutionSpace>()),
                       .precision = "fp64"},
                      Comm());
  std::vector<native::Contender> contenders{
      loops("two passes, plain OpenMP loops", two_passes, errors[0]),
      loops("one pass, plain OpenMP loops", one_pass, errors[1]),
      {"inpex, spatial, two passes", flops, "Gflop/s", [&] { ours->sample(Timing::total); }}};
  native::interleave(contenders, rounds);
  std::printf("stencil.star2d, radius %d, %d x %d, fp64, %d thread(s), %d rounds of %d steps\n",
              radius, n, n, Kokkos::DefaultHostExecutionSpace().concurrency(), rounds, steps);
  native::print(contenders, 0);
  std::printf("errors of the loops %.2g, %.2g\n", errors[0], errors[1]);
}
