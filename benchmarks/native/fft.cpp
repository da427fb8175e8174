// SPDX-License-Identifier: Apache-2.0
// The pass along z of fft.c2c3d in double, its hottest, beside a twin in one process on arrays of
// one layout: our own kernel for bundles of columns under plain OpenMP, which is what Kokkos and
// the frame cost. Both transform the same numbers, and must end with the same bits. Says how long
// the plan of the box took, too. Usage: OMP_NUM_THREADS=1 native_fft [points per side] [rounds]
// [passes per round]

#include "../../miniapps/fft/box_transform.hpp"
#include "../../miniapps/fft/noise.hpp"
#include "../../miniapps/fft/passes.hpp"
#include "interleave.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <vector>

namespace {

using namespace inpex;
using namespace inpex::fft;
using Host = Kokkos::DefaultHostExecutionSpace;
using Numbers = Memory<double, Host>;
constexpr int W = native_lanes<double>;

void fill(Numbers const& numbers) {
  auto const count = static_cast<std::ptrdiff_t>(numbers.size() / 2);
#pragma omp parallel for schedule(static)
  for (std::ptrdiff_t n = 0; n < count; ++n) noise(n, numbers.data() + 2 * n);
}

/// Columns of planes, by threads that each have room of their own.
struct Twin {
  AnyPlan<double, W, Numbers> plan;
  int threads;
  std::ptrdiff_t room;
  Numbers scratch;

  Twin(int length, int count)
      : plan(length), threads(count),
        room(static_cast<std::ptrdiff_t>(bundle_scratch<double, W>(plan.line()) + 1023) / 512 *
             512),
        scratch("scratch of the twin", static_cast<std::size_t>(room * count)) {}

  void transform(double* towers, std::ptrdiff_t pitch, std::int64_t columns, bool backward) const {
    constexpr std::int64_t whole = W * TowerWork<double, W>::bundles;
    TowerWork<double, W> const work{plan.line(), towers, pitch, pitch, columns, backward};
    auto const groups = (columns + whole - 1) / whole;
#pragma omp parallel for schedule(static) num_threads(threads)
    for (int t = 0; t < threads; ++t)
      transform_towers<double, W>(work, scratch.data() + t * room, groups * t / threads * whole,
                                  std::min(columns, groups * (t + 1) / threads * whole));
  }
};

}  // namespace

int main(int argc, char** argv) {
  Kokkos::ScopeGuard const guard(argc, argv);
  int const n = native::argument(argc, argv, 1, 256), rounds = native::argument(argc, argv, 2, 7),
            passes = native::argument(argc, argv, 3, 6);
  Context<Host> const context;
  auto const before = std::chrono::steady_clock::now();
  BoxTransform<Host, double> fft(context, {n, n, n}, {});
  std::chrono::duration<double> const planned = std::chrono::steady_clock::now() - before;
  Twin const twin(n, context.space.concurrency());
  Numbers ours("ours", fft.tower_numbers()), theirs("theirs", fft.tower_numbers());
  std::int64_t const columns = std::int64_t{n} * n;
  double const flops = 5e-9 * static_cast<double>(columns) * n * std::log2(n) * passes;
  bool same = true;
  // Forward and backward in turn: numbers grow by n in two passes.
  std::vector<native::Contender> contenders{
      {"our columns under plain OpenMP", flops, "GFLOP/s",
       [&] {
         for (int pass = 0; pass < passes; ++pass)
           twin.transform(theirs.data(), fft.tower_pitch(), columns, pass % 2 == 1);
       },
       [&] { fill(theirs); }},
      {"inpex, z of a box", flops, "GFLOP/s",
       [&] {
         for (int pass = 0; pass < passes; ++pass) fft.transform_towers(ours.data(), pass % 2 == 1);
       },
       [&] { fill(ours); },
       [&] {
         same = same && std::memcmp(ours.data(), theirs.data(), ours.size() * sizeof(double)) == 0;
       }}};
  native::interleave(contenders, rounds);
  std::printf("z of %d^3 complex fp64, %d thread(s), %d rounds of %d passes\n", n, twin.threads,
              rounds, passes);
  std::printf("planned in %.3g s\n", planned.count());
  native::print(contenders, 0);
  std::printf("inpex over its twin %.3f; bits %s\n",
              median(native::ratios(contenders[1], contenders[0])), same ? "the same" : "DIFFER");
  return same ? 0 : 1;
}
