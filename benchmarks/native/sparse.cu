// SPDX-License-Identifier: Apache-2.0
// Products and sweeps of the 27-point matrix beside twins in plain CUDA, a thread a row, in turn in one
// process:
//   product  sliced ELLPACK; then sparse.spmv in each of its formats, through the interface of the harness
//   sweep    Gauss-Seidel by colours, forward from zero and backward, a kernel a colour; then that of
//   sparse.hpcg
// Twins read the arrays that the app packs, with loops of their own.
// Usage: native_sparse [points per side] [rounds] [products per round]

#include "../../miniapps/sparse/solver.hpp"
#include "../../miniapps/sparse/spmv.hpp"
#include "interleave.hpp"
#include "sparse.hpp"

#include <cstdlib>
#include <memory>

namespace {

using namespace inpex;
using namespace inpex::sparse;
using S = Kokkos::Cuda;
constexpr int C = chunk_rows<S, double>, threads = 256;
using Matrix = Strips<double, C>;

// One row of a matrix times x: strips.hpp says how it is stored.
__device__ double times(Matrix const& a, int row, double const* x) {
  Chunk const here = a.chunks[row / C];
  int const* const shape = a.shapes + here.shape;
  double const* const value = a.values + std::size_t{here.slot} * C + row % C;
  double sum = 0;
  if (shape[0] >= 0) {
    for (int s = 0; s < shape[0]; ++s) sum = fma(value[s * C], x[row + shape[1 + s]], sum);
  } else {
    int const* const column = a.columns + std::size_t(shape[1]) * C + row % C;
    for (int s = 0; s < -shape[0]; ++s) sum = fma(value[s * C], x[column[s * C]], sum);
  }
  return sum;
}

__global__ void product(Matrix a, int places, double const* x, double* y) {
  int const row = int(blockIdx.x * blockDim.x + threadIdx.x);
  if (row < places) y[row] = times(a, row, x);
}

__global__ void forward(Split<double, C> a, int first, int last, double const* r, double* x, double* kept,
                        unsigned char const* coarse) {
  int const row = first + int(blockIdx.x * blockDim.x + threadIdx.x);
  if (row >= last) return;
  double const rest = r[row] - times(a.lower, row, x);
  if (coarse[row / C] != 0) kept[row] = rest;
  x[row] = rest * a.inverse[row];
}

__global__ void backward(Split<double, C> a, int first, int last, double* x) {
  int const row = first + int(blockIdx.x * blockDim.x + threadIdx.x);
  if (row < last) x[row] = fma(-times(a.upper, row, x), a.inverse[row], x[row]);
}

unsigned blocks(int rows) { return unsigned(rows + threads - 1) / threads; }

void finish(Context<S> const& context) {
  for (auto const status : {cudaGetLastError(), cudaStreamSynchronize(context.space.cuda_stream())})
    if (status != cudaSuccess) {
      std::fprintf(stderr, "CUDA: %s\n", cudaGetErrorString(status));
      std::exit(1);
    }
}

struct Wish {
  int points = 256, rounds = 7, steps = 5;
};

// 1 if a product of the app differs from the twin's in any bit: no sum of theirs is rounded.
int products(Context<S> const& context, Box27 const& box, Csr const& a, Wish const& wish) {
  auto const ordering = sorted_by_length(a, 1024, C);
  auto const packed = Packing<double, S>(a, ordering, {.parts = Parts::whole, .contiguous = false}).take(0);
  int const places = ordering.places();
  auto const numbers = box.numbers();
  Vector<double, S> const x("x", places), other("other x", places), y("y", places);
  double* const vectors[] = {x.data(), other.data()};
  for (int which = 0; which < 2; ++which) {
    std::vector<double> values(static_cast<std::size_t>(places));
    for (int row = 0; row < a.rows; ++row)
      values[std::size_t(ordering.place.data()[row])] =
          element_of_x<double>(which, numbers[std::size_t(row)]);
    to_device(context, values, vectors[which]);
  }
  auto const twin = [&] {
    for (int s = 0; s < wish.steps; ++s)
      product<<<blocks(places), threads, 0, context.space.cuda_stream()>>>(packed.view(), places,
                                                                           vectors[s % 2], y.data());
    finish(context);
  };
  double const flops = 2e-9 * double(a.entries()) * wish.steps;
  std::vector<native::Contender> contenders{{"product, plain CUDA, sliced ELLPACK", flops, "Gflop/s", twin}};
  std::vector<std::unique_ptr<Case>> cases;
  for (std::string const format : {"sell", "strips", "csr"}) {
    cases.push_back(native::product_app(space_name<S>(), wish.points, wish.steps, format));
    auto* const one = cases.back().get();
    contenders.push_back({"product, inpex, " + format, flops, "Gflop/s",
                          [one] { one->sample(Timing::total); }, [one] { one->reset(); }});
  }
  native::interleave(contenders, wish.rounds);
  native::print(contenders, 0);
  std::uint64_t digest = 0;
  auto const result = on_host(context, static_cast<double const*>(y.data()), std::size_t(places));
  for (int row = 0; row < a.rows; ++row)
    digest +=
        cell_hash(std::uint64_t(numbers[std::size_t(row)]), result[std::size_t(ordering.place.data()[row])]);
  bool const same =
      std::all_of(cases.begin(), cases.end(), [&](auto const& each) { return each->digest() == digest; });
  if (!same) std::fprintf(stderr, "a product differs from the twin's\n");
  return same ? 0 : 1;
}

// 1 if the sweeps differ by more than rounding in another order.
int sweeps(Context<S> const& context, Box27 const& box, Hierarchy const& hierarchy, Wish const& wish) {
  Solver<double, S> solver(context, hierarchy, {Order::colours});
  solver.set_right_hand_side(right_hand_side(box));
  auto& fine = solver.multigrid().level(0);
  auto const view = fine.matrix.view();
  double const* const r = solver.gradients().b();
  Vector<double, S> const x("x", fine.x.places()), kept("kept", fine.x.places());
  auto const& first = fine.stages.first;
  auto const twin = [&] {
    auto const stream = context.space.cuda_stream();
    for (std::size_t s = 0; s + 1 < first.size(); ++s)
      forward<<<blocks(first[s + 1] - first[s]), threads, 0, stream>>>(
          view, first[s], first[s + 1], r, x.data(), kept.data(), fine.coarse_flags.data());
    for (std::size_t s = first.size() - 2; s-- > 0;)
      backward<<<blocks(first[s + 1] - first[s]), threads, 0, stream>>>(view, first[s], first[s + 1],
                                                                        x.data());
  };
  auto const ours = [&] {
    for_stages(context, fine.stages,
               ForwardFromZero<double, C>{view, r, fine.x.data(), fine.kept.data(), fine.coarse_flags.data()},
               false);
    for_stages(context, fine.stages, BackwardFromZero<double, C>{view, fine.x.data(), fine.above.data()}, true, 1);
  };
  auto const repeated = [&](auto const& once) {
    return [&, once] {
      for (int s = 0; s < wish.steps; ++s) once();
      finish(context);
    };
  };
  double const flops = 4e-9 * double(hierarchy.front().share.matrix.entries()) * wish.steps;
  std::vector<native::Contender> contenders{{"sweep, plain CUDA", flops, "Gflop/s", repeated(twin)},
                                            {"sweep, inpex", flops, "Gflop/s", repeated(ours)}};
  native::interleave(contenders, wish.rounds);
  native::print(contenders, 0);
  auto const places = std::size_t(fine.x.places());
  auto const mine = on_host(context, static_cast<double const*>(x.data()), places),
             theirs = on_host(context, static_cast<double const*>(fine.x.data()), places);
  double size = 0, most = 0;
  for (std::size_t row = 0; row < places; ++row)
    size = std::max(size, std::abs(mine[row])), most = std::max(most, std::abs(mine[row] - theirs[row]));
  std::printf("the sweeps differ by %.2g of %.2g\n", most, size);
  return size > 0 && most <= 64 * std::numeric_limits<double>::epsilon() * size ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Kokkos::ScopeGuard const guard(argc, argv);
  Wish wish;
  int* const words[] = {&wish.points, &wish.rounds, &wish.steps};
  for (int word = 1; word < argc && word <= 3; ++word) *words[word - 1] = std::atoi(argv[word]);
  Context<S> const context{};
  Box27 const box({wish.points, wish.points, wish.points}, Comm(), 8);
  auto const hierarchy = box_hierarchy(box, 4, 26);
  std::printf("27-point matrix, %d points a side, %d rounds of %d\n", wish.points, wish.rounds, wish.steps);
  int const wrong = products(context, box, hierarchy.front().share.matrix, wish);
  return wrong + sweeps(context, box, hierarchy, wish) > 0 ? 1 : 0;
}
