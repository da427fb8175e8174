// SPDX-License-Identifier: Apache-2.0
// The time of oneMKL, double, on MKL_NUM_THREADS threads: complex transforms of a box, forward, out
// of place, or many lines of N points; or the product with the 27-point matrix of a box, optimised
// beforehand for a thousand products.
//   onemkl_time box|lines|product N REPETITIONS
// Prints GFLOP/s by 5 n log2 n, or by 2 flops an entry: median, least, most.

#include <mkl.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <complex>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using Complex = std::complex<double>;

void must(long status, char const* what) {
  if (status == 0) return;
  std::fprintf(stderr, "onemkl_time: %s: status %ld\n", what, status);
  std::exit(1);
}

template <class Run>
void measure(std::string const& name, double flops, int repetitions, Run const& run) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> rates;
  for (int r = 0; r <= repetitions; ++r) {
    auto const start = Clock::now();
    run();
    std::chrono::duration<double> const seconds = Clock::now() - start;
    if (r > 0) rates.push_back(1e-9 * flops / seconds.count());
  }
  std::sort(rates.begin(), rates.end());
  std::printf("oneMKL %s: %.2f GFLOP/s (%.2f to %.2f)\n", name.c_str(), rates[rates.size() / 2],
              rates.front(), rates.back());
}

/// `count` transforms, one behind the other, of a box or a line of `total` points.
void transforms(std::string const& name, MKL_LONG const* lengths, MKL_LONG axes, MKL_LONG count,
                MKL_LONG total, int repetitions) {
  std::vector<Complex> in(static_cast<std::size_t>(count * total)), out(in.size());
  for (std::size_t i = 0; i < in.size(); ++i) in[i] = std::sin(1.0 + static_cast<double>(i % 1000));
  DFTI_DESCRIPTOR_HANDLE plan = nullptr;
  must(axes == 1 ? DftiCreateDescriptor(&plan, DFTI_DOUBLE, DFTI_COMPLEX, 1, lengths[0])
                 : DftiCreateDescriptor(&plan, DFTI_DOUBLE, DFTI_COMPLEX, axes, lengths),
       "plan");
  must(DftiSetValue(plan, DFTI_PLACEMENT, DFTI_NOT_INPLACE), "placement");
  must(DftiSetValue(plan, DFTI_NUMBER_OF_TRANSFORMS, count), "count");
  must(DftiSetValue(plan, DFTI_FWD_DISTANCE, total), "distance");
  must(DftiSetValue(plan, DFTI_BWD_DISTANCE, total), "distance");
  must(DftiCommitDescriptor(plan), "commit");
  double const flops = 5 * static_cast<double>(in.size()) * std::log2(static_cast<double>(total));
  measure(name, flops, repetitions,
          [&] { must(DftiComputeForward(plan, in.data(), out.data()), "transform"); });
  DftiFreeDescriptor(&plan);
}

void product(MKL_INT n, int repetitions) {
  auto const inside = [n](MKL_INT i) { return i >= 0 && i < n; };
  std::vector<MKL_INT> starts{0}, columns;
  std::vector<double> values;
  for (MKL_INT row = 0; row < n * n * n; ++row) {
    for (MKL_INT d = 0; d < 27; ++d) {
      MKL_INT const i = row % n + d % 3 - 1, j = row / n % n + d / 3 % 3 - 1,
                    k = row / n / n + d / 9 - 1;
      if (!inside(i) || !inside(j) || !inside(k)) continue;
      columns.push_back((k * n + j) * n + i);
      values.push_back(d == 13 ? 26 : -1);
    }
    starts.push_back(static_cast<MKL_INT>(columns.size()));
  }
  sparse_matrix_t a = nullptr;
  matrix_descr const general{SPARSE_MATRIX_TYPE_GENERAL, SPARSE_FILL_MODE_FULL,
                             SPARSE_DIAG_NON_UNIT};
  must(mkl_sparse_d_create_csr(&a, SPARSE_INDEX_BASE_ZERO, n * n * n, n * n * n, starts.data(),
                               starts.data() + 1, columns.data(), values.data()),
       "matrix");
  must(mkl_sparse_set_mv_hint(a, SPARSE_OPERATION_NON_TRANSPOSE, general, 1000), "hint");
  must(mkl_sparse_optimize(a), "optimise");
  auto const rows = static_cast<std::size_t>(n * n * n);
  std::vector<double> x(rows, 1), y(rows);
  constexpr int products = 20;
  measure("product " + std::to_string(n), 2.0 * products * static_cast<double>(values.size()),
          repetitions, [&] {
            for (int i = 0; i < products; ++i)
              must(mkl_sparse_d_mv(SPARSE_OPERATION_NON_TRANSPOSE, 1, a, general, x.data(), 0,
                                   y.data()),
                   "product");
          });
  mkl_sparse_destroy(a);
}

}  // namespace

int main(int count, char** words) {
  std::vector<std::string> const asked(words + 1, words + count);
  auto const kind = asked.empty() ? std::string{} : asked[0];
  if (asked.size() != 3 || (kind != "box" && kind != "lines" && kind != "product")) {
    std::fputs("onemkl_time box|lines|product N REPETITIONS\n", stderr);
    return 2;
  }
  MKL_LONG const n = std::atoll(asked[1].c_str());
  int const repetitions = std::atoi(asked[2].c_str());
  MKL_LONG const box[] = {n, n, n};
  if (kind == "product")
    product(static_cast<MKL_INT>(n), repetitions);
  else if (kind == "box")
    transforms("box " + asked[1], box, 3, 1, n * n * n, repetitions);
  else
    transforms("lines " + asked[1], box, 1, 65536L * 1024 / n, n, repetitions);
}
