// SPDX-License-Identifier: Apache-2.0
// The transform of this project and FFTW's in turn at every length, one thread, complex double, out
// of place, about a million points in lines; FFTW is planned with FFTW_MEASURE. Results are
// compared.
//   fftw_lengths [FIRST, 2] [LAST, 1024] [ROUNDS, 5]
// Prints ratios of medians by kind of length, and all lengths at which FFTW is ahead.

#include "../../miniapps/fft/axis.hpp"
#include "../../miniapps/fft/batch_pass.hpp"
#include "../../miniapps/fft/noise.hpp"

#include <fftw3.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace {

using namespace inpex;
using namespace inpex::fft;
using Host = Kokkos::Serial;
constexpr int W = native_lanes<double>;

template <class Body>
double seconds(Body const& body) {
  auto const start = std::chrono::steady_clock::now();
  body();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}
double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// FFTW's time over ours.
double ratio(int n, int rounds) {
  auto const lines = (std::int64_t{1} << 20) / n;
  auto const size = static_cast<std::size_t>(2 * lines * n);
  Axis<Host, double> const axis(n);
  Memory<double, Host> numbers("numbers", size + 4096), ours("ours", size + 4096),
      theirs("theirs", size + 4096);
  Scratch<double, Host> const scratch(
      static_cast<std::ptrdiff_t>(batch_scratch<double, W>(axis.line)) + 1024);
  auto const as_fftw = [](Memory<double, Host> const& array) {
    return reinterpret_cast<fftw_complex*>(array.data());
  };
  auto const plan =
      fftw_plan_many_dft(1, &n, static_cast<int>(lines), as_fftw(numbers), nullptr, 1, n,
                         as_fftw(theirs), nullptr, 1, n, FFTW_FORWARD, FFTW_MEASURE);
  for (std::int64_t place = 0; place < lines * n; ++place) noise(place, numbers.data() + 2 * place);
  BatchWork<double, W> const work{
      axis.line, axis.plan.lanes_in_row(), numbers.data(), ours.data(), lines, 1, false};
  std::vector<double> our_times, their_times;
  for (int round = 0; round <= rounds; ++round) {
    double const mine = seconds([&] { work.share(scratch.data(), 0, 1); }),
                 other = seconds([&] { fftw_execute(plan); });
    if (round > 0) our_times.push_back(mine), their_times.push_back(other);
  }
  fftw_destroy_plan(plan);
  double error = 0, sum = 0;
  for (std::size_t i = 0; i < size; ++i) {
    error += std::pow(ours.data()[i] - theirs.data()[i], 2);
    sum += std::pow(theirs.data()[i], 2);
  }
  if (!(std::sqrt(error / sum) < 1e-14)) {
    std::printf("%d points: the results differ by %.1e\n", n, std::sqrt(error / sum));
    std::exit(4);
  }
  return median(their_times) / median(our_times);
}

int largest_prime(int n) {
  int prime = 1;
  for (int p = 2; n > 1; ++p)
    for (; n % p == 0; n /= p) prime = p;
  return prime;
}

}  // namespace

int main(int count, char** words) {
  Kokkos::ScopeGuard const guard(count, words);
  auto const asked = [&](int n, int otherwise) {
    return count > n ? std::atoi(words[n]) : otherwise;
  };
  int const first = asked(1, 2), last = asked(2, 1024), rounds = asked(3, 5);
  std::vector<double> found[3];
  std::vector<std::pair<int, double>> behind;
  for (int n = first; n <= last; ++n) {
    double const value = ratio(n, rounds);
    int const prime = largest_prime(n);
    found[prime <= 5 ? 0 : prime <= 13 ? 1 : 2].push_back(value);
    if (value < 1) behind.emplace_back(n, value);
  }
  char const* const kinds[] = {"2, 3 and 5", "up to 13", "more"};
  std::printf("| prime factors | lengths | ahead of FFTW at | median ratio | from | to "
              "|\n|---|---|---|---|---|---|\n");
  for (int kind = 0; kind < 3; ++kind) {
    auto& values = found[kind];
    if (values.empty()) continue;
    std::sort(values.begin(), values.end());
    std::printf("| %s | %zu | %td | %.2f | %.2f | %.2f |\n", kinds[kind], values.size(),
                values.end() - std::lower_bound(values.begin(), values.end(), 1.0), median(values),
                values.front(), values.back());
  }
  std::printf("\nbehind at %zu of %d lengths:", behind.size(), last - first + 1);
  for (auto const& [n, value] : behind) std::printf(" %d (%.2f)", n, value);
  std::printf("\n");
}
