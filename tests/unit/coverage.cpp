// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/coverage.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <algorithm>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::WithinAbs;

TEST_CASE("intervals of 95 % hold the truth in 93 to 97 %, whatever is made of them") {
  for (auto const& row : interval_coverage(2000)) {
    CAPTURE(row.figure, row.share());
    CHECK(row.good());
  }
}

TEST_CASE("an interval that is half as wide would not pass") {
  CoverageRow const narrow{"time", 2000, 1400};
  CHECK_FALSE(narrow.good());
  CHECK_FALSE(CoverageRow{"time", 2000, 1990}.good());  // nor one that is far too wide
  CHECK(CoverageRow{"time", 2000, 1900}.good());
}

TEST_CASE("of few samples intervals hold the truth no less often than they state") {
  auto const rows = interval_coverage(2000);
  auto const row = [&](std::string const& name) {
    return *std::find_if(rows.begin(), rows.end(),
                         [&](CoverageRow const& each) { return each.figure.rfind(name, 0) == 0; });
  };
  CHECK_THAT(row("time, 6 samples").least, WithinAbs(1 - 2 / 64.0 - 0.02, 1e-9));
  CHECK_THAT(row("time, 10 samples").least, WithinAbs(1 - 22 / 1024.0 - 0.02, 1e-9));
  auto narrow = row("time, 6 samples");
  narrow.held = 1880;  // 94 %
  CHECK_FALSE(narrow.good());
}

TEST_CASE("the slope of a line with outliers is that of the line") {
  std::vector<double> values;
  for (int i = 0; i < 40; ++i) values.push_back(5 + 0.25 * i);
  values[7] = 1000, values[30] = 1000;
  CHECK_THAT(robust_slope(values), WithinAbs(0.25, 1e-12));
  CHECK(robust_slope(std::vector<double>{1, 2, 3}) == 0);
}

TEST_CASE("a trend does not widen the interval, and few values get the exact one") {
  std::vector<double> straight;
  for (int i = 0; i < 41; ++i) straight.push_back(1 + 0.01 * i);
  auto const bounds = steady_interval(straight, 0.95);
  CHECK_THAT(bounds.low, WithinAbs(1.2, 1e-9));
  CHECK_THAT(bounds.high, WithinAbs(1.2, 1e-9));
  std::vector<double> const few{3, 1, 2, 6, 5, 4};
  CHECK(steady_interval(few, 0.95) == median_interval(few, 0.95));
}

TEST_CASE("the interval holds the plain median") {
  SimulatedMachine machine(3);
  for (int i = 0; i < 200; ++i) {
    auto const times = machine.series(20, {.drift = 0.5});
    auto const bounds = steady_interval(times, 0.95);
    CHECK(bounds.low <= median(times));
    CHECK(median(times) <= bounds.high);
  }
}

TEST_CASE("quantiles of the normal law are those of the tables") {
  CHECK_THAT(inpex::detail::normal_quantile(0.975), WithinAbs(1.959964, 1e-6));
  CHECK_THAT(inpex::detail::normal_quantile(0.5), WithinAbs(0, 1e-9));
}
