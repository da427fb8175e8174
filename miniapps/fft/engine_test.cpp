// SPDX-License-Identifier: Apache-2.0
// The library that this program has beside our own transforms; what it has not is refused.

#include "batch_pass.hpp"
#include "box_transform.hpp"
#include "engine_choice.hpp"
#include "noise.hpp"
#include "passes.hpp"

#include "refusal.hpp"

#include <inpex/app.hpp>

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <string>

namespace inpex::fft {

std::vector<App> apps();

namespace {

using Host = Kokkos::DefaultHostExecutionSpace;

template <class T>
void fill(Memory<T, Host> const& numbers) {
  for (std::size_t n = 0; n + 1 < numbers.size(); n += 2)
    noise(static_cast<std::int64_t>(n / 2), numbers.data() + n);
}

/// The distance of numbers from others in the mean square, over these.
class Distance {
 public:
  template <class T>
  void add(T found, T expected) {
    auto const wide = static_cast<long double>(expected);
    error_ += std::pow(static_cast<long double>(found) - wide, 2);
    size_ += wide * wide;
  }
  [[nodiscard]] double relative() const { return static_cast<double>(std::sqrt(error_ / size_)); }

 private:
  long double error_ = 0, size_ = 0;
};

/// Of the spectra of a box, ours and the engine's.
template <class T, Of of>
double box_distance(std::array<std::int64_t, 3> points) {
  constexpr bool real = of == Of::real;
  Context<Host> const context;
  BoxTransform<Host, T, of> fft(context, points, {});
  Memory<T, Host> numbers("numbers", fft.plane_numbers()), ours("ours", fft.tower_numbers()),
      theirs("theirs", fft.tower_numbers());
  auto const task = [&] {
    return box_task(fft.slabs(), real, fft.plane_pitch(), fft.tower_pitch());
  };
  auto const engine =
      engine_of(std::string(built_engine()), context, task, numbers.data(), theirs.data());
  fill(numbers);
  engine->forward();
  fft.forward(numbers.data(), ours.data());
  Distance distance;
  auto const kept = real ? points[0] / 2 + 1 : points[0];
  for (std::int64_t z = 0; z < points[2]; ++z)
    for (std::int64_t y = 0; y < points[1]; ++y)
      for (std::int64_t i = 0; i < 2 * kept; ++i) {
        auto const at = z * fft.tower_pitch() + 2 * fft.slabs().columns() * y + i;
        distance.add(theirs.data()[at], ours.data()[at]);
      }
  return distance.relative();
}

/// Of the spectra of lines.
template <class T>
double lines_distance(int n) {
  constexpr int W = native_lanes<T>, lines = 2 * W + 3;
  Context<Host> const context;
  AnyPlan<T, W, Memory<T, Host>> plan(n);
  auto const size = static_cast<std::size_t>(2 * lines * n);
  Memory<T, Host> numbers("numbers", size), ours("ours", size), theirs("theirs", size),
      scratch("scratch", batch_scratch<T, W>(plan.line()) + 4096);
  auto const engine = engine_of(
      std::string(built_engine()), context, [&] { return lines_task(n, lines); }, numbers.data(),
      theirs.data());
  fill(numbers);
  engine->forward();
  BatchWork<T, W> const work{
      plan.line(), plan.lanes_in_row(), numbers.data(), ours.data(), lines, T(1), false};
  work.share(scratch.data(), 0, 1);
  Distance distance;
  for (std::size_t i = 0; i < size; ++i) distance.add(theirs.data()[i], ours.data()[i]);
  return distance.relative();
}

}  // namespace

TEMPLATE_TEST_CASE("the library and we have the same spectra", "[fft]", double, float) {
  if (built_engine().empty()) {
    SUCCEED("this program has no library of transforms");
    return;
  }
  // Both round as the root of their stages, by at most 1e-14 in fp64: 45 eps.
  double const bound = 45 * static_cast<double>(std::numeric_limits<TestType>::epsilon());
  for (auto const& points :
       {std::array<std::int64_t, 3>{32, 24, 20}, {34, 21, 13}, {7, 1, 2}, {1, 3, 5}}) {
    INFO(points[0] << " x " << points[1] << " x " << points[2]);
    CHECK(box_distance<TestType, Of::complex>(points) <= bound);
    CHECK(box_distance<TestType, Of::real>(points) <= bound);
  }
  for (int const n : {2, 17, 60, 256, 1001}) {
    INFO(n);
    CHECK(lines_distance<TestType>(n) <= bound);
  }
}

TEST_CASE("an engine that cannot be is refused with what can", "[fft]") {
  bool const fftw = built_engine() == "fftw";
  Table const other{{"engine", std::string(fftw ? "mkl" : "fftw"), ""}};
  for (auto const& app : apps()) {
    if (app.name == "fft.spectral") continue;
    INFO(app.name);
    auto const refusal = test::refusal([&] { app.make(other, {.space = "serial"}, Comm()); });
    CHECK(refusal.starts_with("engine: '" + std::string(fftw ? "mkl" : "fftw") +
                              "' is not in this program\n  configure it with -DINPEX_" +
                              (fftw ? "MKL" : "FFTW") + "=ON, or take engine=own"));
  }
  std::string const name(built_engine());
  CHECK(test::refusal([&] { detail::require_engine(name, true, 1); }) == "accepted");
  CHECK(test::refusal([&] {
          detail::require_engine(name, true, 3);
        }).find("on one rank alone, not on 3\n  take one rank, or take engine=own") !=
        std::string::npos);
  CHECK(test::refusal([&] {
          detail::require_engine(name, false, 1);
        }).find("on hosts alone, by its own schedule\n  take --space serial or openmp") !=
        std::string::npos);
}

}  // namespace inpex::fft
