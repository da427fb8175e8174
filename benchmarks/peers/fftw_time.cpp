// SPDX-License-Identifier: Apache-2.0
// The time of FFTW on one thread, planned with FFTW_MEASURE, out of place, complex double, forward:
// a box, or many lines.
//   fftw_time box N REPETITIONS | fftw_time lines N COUNT REPETITIONS
// Prints GFLOP/s by 5 n log2 n: median, least, most.

#include <fftw3.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

int main(int count, char** words) {
  bool const box = count == 4 && std::strcmp(words[1], "box") == 0;
  if (!box && !(count == 5 && std::strcmp(words[1], "lines") == 0)) {
    std::fputs("fftw_time box N REPETITIONS | fftw_time lines N COUNT REPETITIONS\n", stderr);
    return 2;
  }
  int n = std::atoi(words[2]);
  int const lines = box ? n * n : std::atoi(words[3]), repetitions = std::atoi(words[count - 1]);
  auto const size = static_cast<std::size_t>(n) * static_cast<std::size_t>(lines);
  auto* const in = fftw_alloc_complex(size);
  auto* const out = fftw_alloc_complex(size);
  auto const plan = box ? fftw_plan_dft_3d(n, n, n, in, out, FFTW_FORWARD, FFTW_MEASURE)
                        : fftw_plan_many_dft(1, &n, lines, in, nullptr, 1, n, out, nullptr, 1, n,
                                             FFTW_FORWARD, FFTW_MEASURE);
  for (std::size_t i = 0; i < size; ++i) in[i][0] = std::sin(1.0 * i), in[i][1] = std::cos(2.0 * i);
  std::vector<double> rates;
  for (int r = 0; r <= repetitions; ++r) {
    auto const start = std::chrono::steady_clock::now();
    fftw_execute(plan);
    std::chrono::duration<double> const seconds = std::chrono::steady_clock::now() - start;
    double const logarithm = (box ? 3 : 1) * std::log2(n);
    if (r > 0) rates.push_back(5e-9 * static_cast<double>(size) * logarithm / seconds.count());
  }
  std::sort(rates.begin(), rates.end());
  std::printf("FFTW %s %d: %.2f GFLOP/s (%.2f to %.2f)\n", words[1], n, rates[rates.size() / 2],
              rates.front(), rates.back());
  fftw_destroy_plan(plan);
  fftw_free(in);
  fftw_free(out);
}
