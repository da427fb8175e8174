// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/stopping.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstddef>
#include <functional>
#include <utility>

using namespace inpex::host;

namespace {

Measure rules(std::string rule, std::int64_t min_samples, double min_seconds) {
  Measure measure;
  measure.min_samples = min_samples;
  measure.min_seconds = min_seconds;
  measure.stop.rule = std::move(rule);
  return measure;
}

// Plays a stream of sample times, with nothing but samples elapsing, until it is stopped.
std::pair<std::size_t, Stopped> play(Measure const& measure,
                                     std::function<double(std::size_t)> const& time) {
  Stopping stopping(measure);
  double elapsed = 0;
  for (std::size_t n = 1;; ++n) {
    elapsed += time(n);
    if (auto const stopped = stopping.add(time(n), elapsed); stopped != Stopped::not_yet)
      return {n, stopped};
  }
}

double steady(std::size_t) { return 1.0; }
double noisy(std::size_t n) { return n % 2 == 0 ? 0.9 : 1.1; }  // deviation over mean tends to 0.1

}  // namespace

TEST_CASE("samples without noise stop at the fewest samples and seconds that are asked for") {
  CHECK(play(rules("stdrel", 10, 5), steady) == std::pair(std::size_t{10}, Stopped::settled));
  CHECK(play(rules("stdrel", 10, 25), steady) == std::pair(std::size_t{25}, Stopped::settled));
}

TEST_CASE("stdrel goes on until the deviation is at most the noise that is allowed") {
  // one outlier of 2 among n - 1 ones: variance (n-1)/n^2 * n/(n-1) = 1/n, mean 1 + 1/n, so the
  // noise is sqrt(1/n) / (1 + 1/n) = sqrt(n) / (n + 1) <= 0.15 first at n = 43
  auto measure = rules("stdrel", 5, 1);
  measure.stop.max_noise = 0.15;
  auto const [n, stopped] = play(measure, [](std::size_t i) { return i == 1 ? 2.0 : 1.0; });
  CHECK(n == 43);
  CHECK(stopped == Stopped::settled);
}

TEST_CASE("noise that does not fall ends the samples once its estimate has settled") {
  // the first estimate is NaN for one sample; the last 64 hold none from n = 65 on, and 80 is the
  // first multiple of 16 above 64
  auto const [n, stopped] = play(rules("stdrel", 10, 5), noisy);
  CHECK(n == 80);
  CHECK(stopped == Stopped::noisy);
}

TEST_CASE("count takes the fewest samples whatever their noise") {
  CHECK(play(rules("count", 7, 1000), noisy) == std::pair(std::size_t{7}, Stopped::settled));
}

TEST_CASE("a measure of no minimum time is one of count") {
  CHECK(play(rules("stdrel", 3, 0), noisy) == std::pair(std::size_t{3}, Stopped::settled));
}

TEST_CASE("entropy stops when no new values come") {
  // two values: the entropy is 1 bit from the second sample on, up to 1/n^2
  auto const [n, stopped] = play(rules("entropy", 10, 5), noisy);
  CHECK(stopped == Stopped::settled);
  CHECK(n >= 32);
  CHECK(n <= 128);
}

TEST_CASE("entropy goes on while every sample is a new value") {
  auto measure = rules("entropy", 10, 5);
  measure.max_samples = 500;
  measure.stop.timeout_seconds = 1e9;
  // n values told apart: entropy log2 n, whose slope over the last half is above 8.4e-4 for n <
  // 1700
  CHECK(play(measure, [](std::size_t n) { return 1.0 + static_cast<double>(n); }) ==
        std::pair(std::size_t{500}, Stopped::most_samples));
}

TEST_CASE("the time limit stops every rule, before the fewest samples too") {
  for (auto const* rule : {"stdrel", "entropy", "count", "timeout"}) {
    auto measure = rules(rule, 1000, 1000);
    measure.stop.timeout_seconds = 6;
    CHECK(play(measure, noisy) == std::pair(std::size_t{6}, Stopped::timeout));
  }
}
