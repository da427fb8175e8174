// SPDX-License-Identifier: Apache-2.0
#include <inpex/stats.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <cmath>
#include <numeric>
#include <random>
#include <vector>

using namespace inpex;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

std::vector<double> one_to(int n) {
  std::vector<double> values(static_cast<std::size_t>(n));
  std::iota(values.begin(), values.end(), 1.0);
  return values;
}

// x[i] = phi x[i-1] + noise, with uniform noise from a fixed seed.
std::vector<double> autoregressive(std::size_t n, double phi) {
  std::mt19937_64 generator(7);
  std::vector<double> values(n);
  double x = 0;
  for (auto& value : values) {
    x = phi * x + static_cast<double>(generator() >> 11) * 0x1p-53 - 0.5;
    value = x;
  }
  return values;
}

}  // namespace

TEST_CASE("the median of an even number of values lies halfway between the middle two") {
  CHECK(median(std::vector{4.0, 1.0, 3.0, 2.0}) == 2.5);
  CHECK(median(std::vector{9.0, 1.0, 5.0}) == 5.0);
}

TEST_CASE("quantiles interpolate at (n - 1) p") {
  auto const values = one_to(11);  // value at p is 1 + 10 p
  CHECK(quantile(values, 0.0) == 1.0);
  CHECK(quantile(values, 1.0) == 11.0);
  CHECK_THAT(quantile(values, 0.25), WithinRel(3.5, 1e-15));
  CHECK_THAT(quantile(values, 0.05), WithinRel(1.5, 1e-15));
}

TEST_CASE("nothing is known of an empty span") {
  std::vector<double> const none;
  CHECK(std::isnan(median(none)));
  CHECK(std::isnan(mean(none)));
  CHECK(std::isnan(minimum(none)));
  CHECK(std::isnan(standard_deviation(none)));
  CHECK(std::isnan(median_interval(none, 0.95).low));
  CHECK(effective_sample_size(none) == 0);
}

TEST_CASE("the deviation divides by n - 1") {
  // 2, 4, 6: mean 4, squares 4 + 0 + 4, over 2 gives 4, root 2
  CHECK(standard_deviation(std::vector{2.0, 4.0, 6.0}) == 2.0);
  CHECK(relative_deviation(std::vector{2.0, 4.0, 6.0}) == 0.5);
  CHECK(standard_deviation(std::vector{2.0}) == 0.0);
}

TEST_CASE("the interval of the median takes the order statistics that the binomial asks for") {
  // n = 10: [x2, x9] holds with 1 - 2 (1 + 10) / 1024; [x3, x8] only with 1 - 2 * 56 / 1024
  auto const wide = median_interval(one_to(10), 0.95);
  CHECK(wide.low == 2);
  CHECK(wide.high == 9);
  CHECK_THAT(wide.level, WithinRel(1 - 22.0 / 1024, 1e-12));
  auto const narrow = median_interval(one_to(10), 0.89);
  CHECK(narrow.low == 3);
  CHECK(narrow.high == 8);
}

TEST_CASE("too few values give the whole range and the level that it reaches") {
  // n = 5: 1 - 2 / 32 = 0.9375 < 0.95
  auto const interval = median_interval(one_to(5), 0.95);
  CHECK(interval.low == 1);
  CHECK(interval.high == 5);
  CHECK_THAT(interval.level, WithinRel(0.9375, 1e-12));
}

TEST_CASE("the interval of many values approaches that of the normal law") {
  // ends near n/2 -+ 1.96 sqrt(n)/2 = 5000 -+ 98; 2^-10000 is below the smallest double
  auto const interval = median_interval(one_to(10000), 0.95);
  CHECK_THAT(interval.low, WithinAbs(5000 - 98, 2));
  CHECK_THAT(interval.high, WithinAbs(5001 + 98, 2));
  CHECK(interval.level >= 0.95);
  CHECK(interval.level < 0.96);
}

TEST_CASE("intervals of the median hold the true one as often as they say") {
  std::mt19937_64 generator(11);
  int held = 0;
  int const trials = 2000;
  for (int trial = 0; trial < trials; ++trial) {
    std::vector<double> values(20);
    for (auto& value : values) value = static_cast<double>(generator() >> 11) * 0x1p-53;
    auto const interval = median_interval(values, 0.95);
    held += interval.low <= 0.5 && 0.5 <= interval.high;
  }
  // n = 20: [x6, x15] holds with 0.9586; three standard errors of 2000 trials are 0.0134
  CHECK_THAT(static_cast<double>(held) / trials, WithinAbs(0.9586, 0.0134));
}

TEST_CASE("Student's interval has the quantiles of the tables") {
  // t at 0.975: 12.7062 (1), 4.30265 (2), 3.18245 (3), 2.26216 (9), 2.04227 (30)
  CHECK_THAT(inpex::detail::student_quantile(0.975, 1), WithinRel(12.7062, 1e-5));
  CHECK_THAT(inpex::detail::student_quantile(0.975, 2), WithinRel(4.30265, 1e-5));
  CHECK_THAT(inpex::detail::student_quantile(0.975, 3), WithinRel(3.18245, 1e-5));
  CHECK_THAT(inpex::detail::student_quantile(0.975, 9), WithinRel(2.26216, 1e-5));
  CHECK_THAT(inpex::detail::student_quantile(0.975, 30), WithinRel(2.04227, 1e-5));
  // 2, 4, 6: mean 4, deviation 2, half width 4.30265 * 2 / sqrt(3)
  auto const interval = mean_interval(std::vector{2.0, 4.0, 6.0}, 0.95);
  CHECK_THAT(interval.half_width(), WithinRel(4.30265 * 2 / std::sqrt(3.0), 1e-5));
}

TEST_CASE("the bootstrap of a mean is as wide as the normal law says, and always the same") {
  // uniform noise of variance 1/12: half width 1.96 sqrt(1 / 12 / 400)
  auto const values = autoregressive(400, 0.0);
  auto const interval = bootstrap_interval(values, 0.95, mean);
  CHECK_THAT(interval.half_width(), WithinRel(1.96 * std::sqrt(1 / 12.0 / 400), 0.1));
  CHECK(interval == bootstrap_interval(values, 0.95, mean));
}

TEST_CASE("a series that alternates is anticorrelated with its neighbour") {
  std::vector<double> values;
  for (int i = 0; i < 1000; ++i) values.push_back(i % 2 == 0 ? 1 : -1);
  CHECK_THAT(autocorrelation(values, 1), WithinAbs(-0.999, 1e-12));  // (n - 1) / n
  CHECK_THAT(autocorrelation(values, 2), WithinAbs(0.998, 1e-12));
  CHECK(autocorrelation(std::vector(10, 3.0), 1) == 0);
}

TEST_CASE("correlated samples count for fewer than they are") {
  // an autoregressive series of coefficient phi is worth n (1 - phi) / (1 + phi)
  auto const values = autoregressive(20000, 0.6);
  CHECK_THAT(effective_sample_size(values), WithinRel(20000 * 0.4 / 1.6, 0.15));
  auto const independent = autoregressive(20000, 0.0);
  CHECK(effective_sample_size(independent) > 0.9 * 20000);
  CHECK(effective_sample_size(independent) <= 20000);
}

TEST_CASE("drift compares the last third with the first") {
  // 1..9: medians of thirds 2 and 8, of all 5
  CHECK_THAT(drift(one_to(9)), WithinRel(1.2, 1e-15));
  CHECK(drift(std::vector(30, 2.0)) == 0);
  CHECK(drift(one_to(5)) == 0);
}

TEST_CASE("the slope of a line is found") {
  CHECK_THAT(slope(std::vector{5.0, 5.25, 5.5, 5.75}), WithinRel(0.25, 1e-15));
  CHECK(slope(std::vector{5.0}) == 0);
}

TEST_CASE("the running deviation is that of the whole series") {
  auto const values = autoregressive(500, 0.3);
  RunningDeviation running;
  std::vector<double> shifted;
  for (double const value : values) {
    shifted.push_back(value + 10);
    running.add(value + 10);
  }
  CHECK_THAT(running.relative(), WithinRel(relative_deviation(shifted), 1e-12));
  CHECK(std::isnan(RunningDeviation().relative()));
}

TEST_CASE("entropy counts the values that can be told apart") {
  RunningEntropy entropy(0.1);
  CHECK(entropy.bits() == 0);
  for (int i = 0; i < 64; ++i) entropy.add(1.05 + i % 4);  // four equally likely bins: 2 bits
  CHECK_THAT(entropy.bits(), WithinAbs(2, 1e-12));
  RunningEntropy constant(0.1);
  for (int i = 0; i < 64; ++i) constant.add(1.05);
  CHECK(constant.bits() == 0);
}
