// SPDX-License-Identifier: Apache-2.0
// The time of FFTW, planned with FFTW_MEASURE, out of place, double, on OMP_NUM_THREADS threads: a
// box of complex or real numbers (of these the mean of both ways), or many complex lines of each of
// some lengths, forward.
//   fftw_time box|real N REPETITIONS | fftw_time lines FIRST[-LAST] POINTS REPETITIONS
// Prints GFLOP/s by 5 n log2 n, half of that for real numbers: median, least, most.

#include <fftw3.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

/// Numbers that transforms neither overflow nor vanish on.
double* filled(std::size_t size) {
  auto* const numbers = fftw_alloc_real(size);
  for (std::size_t i = 0; i < size; ++i) numbers[i] = std::sin(1.0 + static_cast<double>(i % 1000));
  return numbers;
}

/// Executes plans in turn, once more than asked; prints rates of `flops` each time.
void measure(std::string const& name, std::vector<fftw_plan> const& plans, double flops,
             int repetitions) {
  std::vector<double> rates;
  for (int r = 0; r <= repetitions; ++r) {
    auto const start = Clock::now();
    for (auto const plan : plans) fftw_execute(plan);
    std::chrono::duration<double> const seconds = Clock::now() - start;
    if (r > 0) rates.push_back(1e-9 * flops / seconds.count());
  }
  std::sort(rates.begin(), rates.end());
  std::printf("FFTW %s: %.2f GFLOP/s (%.2f to %.2f)\n", name.c_str(), rates[rates.size() / 2],
              rates.front(), rates.back());
  std::fflush(stdout);
  for (auto const plan : plans) fftw_destroy_plan(plan);
}

void box(int n, bool real, int repetitions) {
  auto const points =
      static_cast<std::size_t>(n) * static_cast<std::size_t>(n) * static_cast<std::size_t>(n);
  auto const numbers = real ? points : 2 * points,
             waves = real ? 2 * points / static_cast<std::size_t>(n) *
                                static_cast<std::size_t>(n / 2 + 1)
                          : 2 * points;
  auto* const in = fftw_alloc_real(numbers);
  auto* const out = reinterpret_cast<fftw_complex*>(filled(waves));
  auto* const complex_in = reinterpret_cast<fftw_complex*>(in);
  double const flops = 5 * 3 * std::log2(n) * static_cast<double>(points);
  auto const begin = Clock::now();
  auto const plans =
      real ? std::vector{fftw_plan_dft_r2c_3d(n, n, n, in, out, FFTW_MEASURE),
                         fftw_plan_dft_c2r_3d(n, n, n, out, in, FFTW_MEASURE)}
           : std::vector{fftw_plan_dft_3d(n, n, n, complex_in, out, FFTW_FORWARD, FFTW_MEASURE)};
  std::chrono::duration<double> const planned = Clock::now() - begin;
  std::fill_n(in, numbers, 0.0);
  measure((real ? "real " : "box ") + std::to_string(n), plans, flops, repetitions);
  std::printf("planned in %.1f s\n", planned.count());
  fftw_free(in);
  fftw_free(out);
}

void lines(int n, int points, int repetitions) {
  int const count = points / n;
  auto const size = 2 * static_cast<std::size_t>(n) * static_cast<std::size_t>(count);
  auto* const in = reinterpret_cast<fftw_complex*>(filled(size));
  auto* const out = reinterpret_cast<fftw_complex*>(filled(size));
  auto const plan = fftw_plan_many_dft(1, &n, count, in, nullptr, 1, n, out, nullptr, 1, n,
                                       FFTW_FORWARD, FFTW_MEASURE);
  measure("lines " + std::to_string(n), {plan}, 2.5 * static_cast<double>(size) * std::log2(n),
          repetitions);
  fftw_free(in);
  fftw_free(out);
}

}  // namespace

int main(int count, char** words) {
  std::vector<std::string> const asked(words + 1, words + count);
  if (asked.size() < 3) {
    std::fputs(
        "fftw_time box|real N REPETITIONS | fftw_time lines FIRST[-LAST] POINTS REPETITIONS\n",
        stderr);
    return 2;
  }
  fftw_init_threads();
  char const* const threads = std::getenv("OMP_NUM_THREADS");
  fftw_plan_with_nthreads(threads == nullptr ? 1 : std::atoi(threads));
  int const repetitions = std::stoi(asked.back());
  if (asked[0] != "lines") {
    box(std::stoi(asked[1]), asked[0] == "real", repetitions);
    return 0;
  }
  auto const dash = asked[1].find('-');
  int const first = std::stoi(asked[1]),
            last = dash == std::string::npos ? first : std::stoi(asked[1].substr(dash + 1));
  for (int n = first; n <= last; ++n) lines(n, std::stoi(asked[2]), repetitions);
}
