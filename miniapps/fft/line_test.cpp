// SPDX-License-Identifier: Apache-2.0
// Lines of every kind against direct sums in long double, and what is refused.

#include "batch_pass.hpp"
#include "box_transform.hpp"
#include "noise.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdio>
#include <functional>
#include <limits>
#include <numbers>
#include <numeric>
#include <string>
#include <vector>

namespace inpex::fft {

namespace {

using Host = Kokkos::DefaultHostExecutionSpace;
using Wide = std::complex<long double>;

/// Noise of n points, and its transform by direct sums.
template <class T>
struct Sample {
  std::vector<T> numbers;
  std::vector<Wide> spectrum;

  explicit Sample(int n)
      : numbers(2 * static_cast<std::size_t>(n)), spectrum(static_cast<std::size_t>(n)) {
    for (int j = 0; j < n; ++j) noise(j, &numbers[2 * static_cast<std::size_t>(j)]);
    for (int k = 0; k < n; ++k) {
      auto const roots = turns(k, n);
      for (std::size_t j = 0; j < roots.size(); ++j)
        spectrum[static_cast<std::size_t>(k)] +=
            roots[j] * Wide(numbers[2 * j], numbers[2 * j + 1]);
    }
  }
  /// The relative error of a spectrum in the mean square, over eps.
  [[nodiscard]] double error(std::vector<T> const& found) const {
    long double error = 0, size = 0;
    for (std::size_t k = 0; k < spectrum.size(); ++k) {
      error += std::norm(Wide(found[2 * k], found[2 * k + 1]) - spectrum[k]);
      size += std::norm(spectrum[k]);
    }
    return static_cast<double>(std::sqrt(error / size)) /
           static_cast<double>(std::numeric_limits<T>::epsilon());
  }
};

/// The transform of the numbers as W lines side by side, of which one is looked at.
template <class T, int W>
std::vector<T> by_bundle(std::vector<T> const& numbers) {
  auto const n = static_cast<std::ptrdiff_t>(numbers.size() / 2);
  AnyPlan<T, W, Memory<T, Host>> plan(n);
  Memory<T, Host> lines("lines", static_cast<std::size_t>(2 * W * n)),
      scratch("scratch", bundle_scratch<T, W>(plan.line()));
  for (std::ptrdiff_t j = 0; j < n; ++j)
    for (int part = 0; part < 2; ++part)
      for (int lane = 0; lane < W; ++lane)
        lines.data()[2 * W * j + W * part + lane] =
            numbers[static_cast<std::size_t>(2 * j + part)] * static_cast<T>(lane + 1);
  transform_bundle<T, W>(plan.line(), scratch.data(), {lines.data(), 2 * W}, {lines.data(), 2 * W});
  std::vector<T> found(numbers.size());
  for (std::ptrdiff_t k = 0; k < n; ++k)
    for (int part = 0; part < 2; ++part)
      found[static_cast<std::size_t>(2 * k + part)] = lines.data()[2 * W * k + W * part];
  return found;
}

/// The lengths that are tried: all to 64, and others of every kind to 2048.
std::vector<int> lengths() {
  std::vector<int> all(64);
  std::iota(all.begin(), all.end(), 1);
  for (int const more : {97, 127, 128, 143, 210, 243, 256, 343, 360, 509, 512, 625, 1001, 1024,
                         1155, 1331, 2039, 2048})
    all.push_back(more);
  return all;
}

}  // namespace

TEMPLATE_TEST_CASE("a line of any length is its direct sum", "[fft]", double, float) {
  for (int const n : lengths()) {
    INFO(n);
    Sample<TestType> const sample(n);
    // A stage rounds by about eps/2, and roundings add up as their root; a chirp is three
    // transforms of up to 4 n points.
    double const bound = std::sqrt(std::log2(n + 1.0)) * (smooth(n) ? 1 : 4);
    auto const found = by_bundle<TestType, native_lanes<TestType>>(sample.numbers);
    CHECK(sample.error(found) <= bound);
    if (smooth(n) && radices_of(n, 1) == radices_of(n, native_lanes<TestType>))
      CHECK(by_bundle<TestType, 1>(sample.numbers) == found);
  }
}

namespace {

/// The root mean square of a - b over that of b, over eps.
double distance(std::vector<double> const& a, std::vector<Wide> const& b) {
  long double error = 0, size = 0;
  for (std::size_t k = 0; k < b.size(); ++k) {
    error += std::norm(Wide(a[2 * k], a[2 * k + 1]) - b[k]);
    size += std::norm(b[k]);
  }
  return static_cast<double>(std::sqrt(error / size)) / std::numeric_limits<double>::epsilon();
}
std::vector<Wide> wide(std::vector<double> const& numbers) {
  std::vector<Wide> all(numbers.size() / 2);
  for (std::size_t k = 0; k < all.size(); ++k) all[k] = {numbers[2 * k], numbers[2 * k + 1]};
  return all;
}
std::vector<double> noise_of(int n, std::int64_t first) {
  std::vector<double> numbers(2 * static_cast<std::size_t>(n));
  for (int j = 0; j < n; ++j) noise(first + j, &numbers[2 * static_cast<std::size_t>(j)]);
  return numbers;
}

}  // namespace

TEST_CASE("lines of sums, of shifted points and of convolutions", "[fft]") {
  constexpr int W = native_lanes<double>;
  for (int const n : {5, 16, 34, 60, 97, 128, 243, 360}) {
    INFO(n);
    double const bound = 4 * std::sqrt(std::log2(n + 1.0)) * (smooth(n) ? 1 : 4);
    auto const a = noise_of(n, 0), b = noise_of(n, n);
    auto const spectrum_a = wide(by_bundle<double, W>(a)),
               spectrum_b = wide(by_bundle<double, W>(b));
    auto sum = a, shifted = a, convolution = a;
    auto sums = spectrum_a, turned = spectrum_a, product = spectrum_a;
    auto const roots = turns(3, n);
    auto const points_a = wide(a), points_b = wide(b);
    for (std::size_t j = 0; j < points_a.size(); ++j) {
      auto const length = points_a.size();
      Wide convolved = 0;
      for (std::size_t i = 0; i < length; ++i)
        convolved += points_a[i] * points_b[(j + length - i) % length];
      for (std::size_t part = 0; part < 2; ++part) {
        sum[2 * j + part] = 0.5 * a[2 * j + part] + b[2 * j + part];
        shifted[2 * j + part] = a[2 * ((j + length - 3 % length) % length) + part];
        convolution[2 * j + part] =
            static_cast<double>(part == 0 ? convolved.real() : convolved.imag());
      }
      sums[j] = 0.5L * spectrum_a[j] + spectrum_b[j];
      turned[j] = roots[j] * spectrum_a[j];
      product[j] = spectrum_a[j] * spectrum_b[j];
    }
    CHECK(distance(by_bundle<double, W>(sum), sums) <= bound);
    CHECK(distance(by_bundle<double, W>(shifted), turned) <= bound);
    CHECK(distance(by_bundle<double, W>(convolution), product) <= bound);
  }
}

// Hidden: prints the table of docs/performance/fft.md.
TEST_CASE("errors by length", "[.errors]") {
  std::printf("| points | fp64 | fp32 |\n|---|---|---|\n");
  for (int const n : {4,   16,  60,  64,   97,   128,  210,  243,  256,  360,
                      509, 512, 625, 1001, 1021, 1024, 1331, 2039, 2048, 4096}) {
    auto const error = [n](auto zero) {
      using T = decltype(zero);
      Sample<T> const sample(n);
      return sample.error(by_bundle<T, native_lanes<T>>(sample.numbers));
    };
    std::printf("| %d | %.2f | %.2f |\n", n, error(0.0), error(0.0F));
  }
}

TEMPLATE_TEST_CASE("a long row has the bits of a bundle", "[fft]", double, float) {
  constexpr int W = native_lanes<TestType>;
  for (int const n : {64, 128, 192, 256, 512, 1024, 1280, 1792}) {
    INFO(n);
    AnyPlan<TestType, W, Memory<TestType, Host>> plan(n);
    if (!plan.lanes_in_row()) continue;
    Sample<TestType> const sample(n);
    Memory<TestType, Host> row("row", static_cast<std::size_t>(2 * n)),
        scratch("scratch", bundle_scratch<TestType, W>(plan.line()));
    transform_row<TestType, W>(plan.line().line, scratch.data(), {sample.numbers.data(), 0, false},
                               row.data(), {});
    std::vector<TestType> found(sample.numbers.size());
    leave_all<TestType, W>({row.data(), found.data(), n, 1, false});
    CHECK(found == by_bundle<TestType, W>(sample.numbers));
  }
}

namespace {

/// Lines one behind the other by W lanes, all of which are looked at: the greatest error.
template <class T, int W>
double batch_error(Sample<T> const& sample, bool backward) {
  int const n = static_cast<int>(sample.spectrum.size());
  constexpr std::size_t lines = 2 * W + 3;
  AnyPlan<T, W, Memory<T, Host>> plan(n);
  Memory<T, Host> numbers("numbers", lines * sample.numbers.size()),
      found("found", lines * sample.numbers.size()),
      scratch("scratch", batch_scratch<T, W>(plan.line()) + 4096);
  for (std::size_t i = 0; i < numbers.size(); ++i)
    numbers.data()[i] = sample.numbers[i % sample.numbers.size()];
  BatchWork<T, W> const work{
      plan.line(), plan.lanes_in_row(), numbers.data(), found.data(), lines, T(0.5), backward};
  for (int part = 0; part < 2; ++part) work.share(scratch.data(), part, 2);
  double worst = 0;
  for (std::size_t line = 0; line < lines; ++line) {
    std::vector<T> spectrum(sample.numbers.size());
    for (std::size_t k = 0; k < sample.spectrum.size(); ++k) {
      auto const from = backward && k != 0 ? sample.spectrum.size() - k : k;
      for (std::size_t part = 0; part < 2; ++part)
        spectrum[2 * k + part] = 2 * found.data()[line * spectrum.size() + 2 * from + part];
    }
    worst = std::max(worst, sample.error(spectrum));
  }
  return worst;
}

}  // namespace

TEMPLATE_TEST_CASE_SIG("lines one behind the other, whatever the lanes are", "[fft]",
                       ((class T, int W), T, W), (double, 1), (double, 2), (double, 4), (double, 8),
                       (float, 4), (float, 16)) {
  std::vector<int> all(50);
  std::iota(all.begin(), all.end(), 1);
  for (int const more : {64, 80, 97, 112, 144, 240, 256, 400, 1024}) all.push_back(more);
  for (int const n : all) {
    INFO(n);
    Sample<T> const sample(n);
    double const bound = std::sqrt(std::log2(n + 1.0)) * (smooth(n) ? 1 : 4);
    for (bool const backward : {false, true}) CHECK(batch_error<T, W>(sample, backward) <= bound);
  }
}

TEST_CASE("radices multiply up to their length, and large primes are between small ones", "[fft]") {
  for (int n = 2; n <= 4096; ++n) {
    auto const radices = radices_of(n, 8);
    if (radices.empty()) continue;
    INFO(n);
    CHECK(std::accumulate(radices.begin(), radices.end(), 1, std::multiplies<>()) == n);
    for (auto const end : {radices.front(), radices.back()})
      CHECK((end <= 5 || end == 8 || end == 16));
  }
  CHECK(radices_of(17).empty());
  CHECK(radices_of(2 * 17).empty());
}

TEST_CASE("what cannot be transformed is refused with what can", "[fft]") {
  auto const refusal = [](auto const& make) {
    try {
      make();
      return std::string("accepted");
    } catch (Error const& error) {
      return error.problem + " / " + error.hint;
    }
  };
  using Plan = AnyPlan<double, 1, Memory<double, Host>>;
  CHECK(refusal([] { Plan(0); }) ==
        "0 points cannot be transformed / take 1 to 2147483647 points along an axis");
  CHECK(refusal([] {
          Plan(std::int64_t{1} << 31);
        }).starts_with("2147483648 points cannot be transformed"));
  CHECK(refusal([] {
          Plan(1999999973);
        }).starts_with("1999999973 points have a prime factor above 13"));
  CHECK(refusal([] {
          Slabs({8, -2, 8}, {8}, {}, Comm());
        }).starts_with("-2 points cannot be transformed"));
  CHECK(refusal([] {
          Slabs({65536, 65536, 2}, {65536}, {}, Comm());
        }).starts_with("a plane of more than 2147483647 points"));
}

}  // namespace inpex::fft
