// SPDX-License-Identifier: Apache-2.0
// Products and sweeps of the 27-point matrix beside what a user would write, in turn in one
// process:
//   plain     compressed rows, natural order, OpenMP where that is possible (a sweep in natural
//   order is serial) twin      our chunks under plain OpenMP: what Kokkos and the frame cost inpex
//   sparse.spmv through the interface that the harness uses, and the sweeps of sparse.hpcg
// Usage: OMP_NUM_THREADS=1 native_sparse [points per side] [rounds] [products per round]

#include "sparse.hpp"
#include "../../miniapps/sparse/solver.hpp"
#include "../../miniapps/sparse/spmv.hpp"
#include "interleave.hpp"

#include <cstdlib>
#include <memory>

namespace {

using namespace inpex;
using namespace inpex::sparse;
using S = Kokkos::DefaultHostExecutionSpace;
constexpr int C = chunk_rows<S, double>;

void plain_product(Csr const& a, double const* x, double* y) {
  std::int64_t const* const start = a.start.data();
  int const* const column = a.column.data();
  double const* const value = a.value.data();
#pragma omp parallel for schedule(static)
  for (int row = 0; row < a.rows; ++row) {
    double sum = 0;
    for (auto k = start[row]; k < start[row + 1]; ++k) sum += value[k] * x[column[k]];
    y[row] = sum;
  }
}

void plain_sweep(Csr const& a, double const* diagonal, double const* r, double* x) {
  auto const relax = [&](int row) {
    double sum = r[row];
    for (auto k = a.begin(row); k < a.end(row); ++k)
      sum -= a.value.data()[k] * x[a.column.data()[k]];
    x[row] = (sum + x[row] * diagonal[row]) / diagonal[row];
  };
  for (int row = 0; row < a.rows; ++row) relax(row);
  for (int row = a.rows - 1; row >= 0; --row) relax(row);
}

}  // namespace

int main(int argc, char** argv) {
  Kokkos::ScopeGuard const guard(argc, argv);
  int const points = argc > 1 ? std::atoi(argv[1]) : 104,
            rounds = argc > 2 ? std::atoi(argv[2]) : 7, steps = argc > 3 ? std::atoi(argv[3]) : 5;
  Context<S> const context{};
  Box27 const box({points, points, points}, Comm(), 8);
  auto const hierarchy = box_hierarchy(box, 4, 26);
  auto const& a = hierarchy.front().share.matrix;
  auto const diagonal = positive_diagonal(a);
  Format const format{context.space.concurrency() == 1 ? Order::planes : Order::colours};
  Solver<double, S> solver(context, hierarchy, format);
  auto& fine = solver.multigrid().level(0);
  auto const whole =
      Packing<double, S>(a, make_ordering(a, Order::natural, {}, C), {.parts = Parts::whole})
          .take(0);
  auto const size = static_cast<std::size_t>(a.rows);
  std::vector<double> b = right_hand_side(box);
  HostArray<double> x("x", size), y("y", size);
  Vector<double, S> padded("x", a.rows + C), result("y", a.rows + C);
  for (int i = 0; i < a.rows; ++i) x.data()[i] = padded.data()[i] = 1;
  solver.set_right_hand_side(b);

  double const products = 2e-9 * static_cast<double>(a.entries()) * steps, sweeps = 2 * products;
  EachChunk<PackedProduct<double, C>> const kernel{
      {whole.view(), padded.data(), result.data()}, 0, (a.rows + C - 1) / C, 512};
  auto const twin = [&] {
    int const tiles = kernel.tiles();
#pragma omp parallel for schedule(static)
    for (int t = 0; t < tiles; ++t) kernel.tile(t);
  };
  auto const ours = [&] {
    auto const view = fine.matrix.view();
    for_stages(context, fine.stages,
               ForwardFromZero<double, C>{view, solver.gradients().b(), fine.x.data(),
                                          fine.kept.data(), fine.coarse_flags.data()},
               false);
    for_stages(context, fine.stages,
               BackwardFromZero<double, C>{view, fine.x.data(), fine.above.data()}, true, 1);
    context.space.fence("sweep");
  };
  auto const repeated = [steps](auto const& once) {
    return [steps, once] {
      for (int s = 0; s < steps; ++s) once();
    };
  };
  std::vector<native::Contender> contenders{
      {"product, compressed rows", products, "Gflop/s",
       repeated([&] { plain_product(a, x.data(), y.data()); })},
      {"product, our chunks, plain OpenMP", products, "Gflop/s", repeated(twin)},
      {"sweep from 0, natural order", sweeps, "Gflop/s", repeated([&] {
         std::fill_n(y.data(), size, 0.0);
         plain_sweep(a, diagonal.data(), b.data(), y.data());
       })},
      {"sweep from 0, ours", sweeps, "Gflop/s", repeated(ours)}};
  std::vector<std::unique_ptr<Case>> cases;
  for (std::string const each : {"strips", "sell", "csr"}) {
    cases.push_back(native::product_app(space_name<S>(), points, steps, each));
    contenders.push_back({"product, inpex, " + each, products, "Gflop/s",
                          [one = cases.back().get()] { one->sample(Timing::total); }});
  }
  native::interleave(contenders, rounds);
  std::printf("27-point matrix, %d points a side, %d thread(s), %d rounds of %d\n", points,
              context.space.concurrency(), rounds, steps);
  native::print(contenders, 0);
}
