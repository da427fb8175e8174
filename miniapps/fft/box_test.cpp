// SPDX-License-Identifier: Apache-2.0
// Boxes of complex and of real numbers, whoever transforms them.

#include "box_transform.hpp"
#include "noise.hpp"
#include "passes.hpp"

#include "device/spaces.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <vector>

namespace inpex::fft {

namespace {

constexpr int nx = 34, ny = 21, nz = 13;

/// Number (x, y, z) of a wave of 3, 5 and 7 turns.
std::complex<double> wave(int x, int y, int z) {
  return std::polar(1.0, 2 * std::numbers::pi * (3.0 * x / nx + 5.0 * y / ny + 7.0 * z / nz));
}

/// body(place, x, y, z) for all points of planes that are `pitch` numbers apart.
template <class Body>
void each_point(std::ptrdiff_t pitch, Body const& body) {
  for (int z = 0; z < nz; ++z)
    for (int y = 0; y < ny; ++y)
      for (int x = 0; x < nx; ++x)
        body(static_cast<std::size_t>(z * pitch + 2 * (x + nx * y)), x, y, z);
}

/// A wave has one number in its spectrum, and comes back.
template <class S>
void transform_wave(Context<S> const& context, bool naive) {
  BoxTransform<S, double> fft(context, {nx, ny, nz}, {.chunks = 3, .naive = naive});
  Memory<double, S> numbers("numbers", fft.plane_numbers()),
      spectrum("spectrum", fft.tower_numbers());
  std::vector<double> host(numbers.size());
  each_point(fft.plane_pitch(), [&](std::size_t at, int x, int y, int z) {
    host[at] = wave(x, y, z).real(), host[at + 1] = wave(x, y, z).imag();
  });
  using View = Kokkos::View<double*, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;
  Kokkos::deep_copy(numbers.view(), View(host.data(), host.size()));
  fft.forward(numbers.data(), spectrum.data());
  context.space.fence("test");
  auto const there = test::on_host<S>(spectrum.data(), spectrum.size());
  double worst = 0;
  each_point(fft.tower_pitch(), [&](std::size_t at, int x, int y, int z) {
    double const expected = x == 3 && y == 5 && z == 7 ? nx * ny * nz : 0;
    worst = std::max(worst, std::abs(std::complex<double>(there[at] - expected, there[at + 1])));
  });
  CHECK(worst < 1e-10);  // sums of 9282 numbers of size 1, in chirps where an axis has 34 points
  fft.backward(spectrum.data(), numbers.data(), 1.0 / (nx * ny * nz));
  context.space.fence("test");
  auto const back = test::on_host<S>(numbers.data(), numbers.size());
  worst = 0;
  each_point(fft.plane_pitch(), [&](std::size_t at, int x, int y, int z) {
    worst = std::max(worst, std::abs(std::complex<double>(back[at], back[at + 1]) - wave(x, y, z)));
  });
  CHECK(worst < 1e-14);
}

}  // namespace

TEST_CASE("a wave has one number in its spectrum, and comes back, whoever transforms it", "[fft]") {
  test::each_space([](auto const& given) {
    auto alone = given;
    alone.comm = Comm();
    transform_wave(alone, false);
    transform_wave(alone, true);
  });
}

namespace {

/// Fills `numbers` of a device with noise by place.
template <class T, class S>
void fill(Context<S> const& context, Memory<T, S> const& numbers) {
  std::vector<T> host(numbers.size() + 1);
  for (std::size_t n = 0; n < host.size() / 2; ++n)
    noise(static_cast<std::int64_t>(n), &host[2 * n]);
  using View = Kokkos::View<T*, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;
  Kokkos::deep_copy(numbers.view(), View(host.data(), numbers.size()));
  context.space.fence("test");
}

/// The half spectrum of real numbers is that of complex ones without imaginary parts, and they come
/// back.
template <class T, class S>
void transform_reals(Context<S> const& context, bool naive, bool dense, std::array<int, 3> n) {
  INFO(n[0] << " x " << n[1] << " x " << n[2] << (naive ? ", naive" : "")
            << (dense ? ", dense" : ""));
  std::array<std::int64_t, 3> const points{n[0], n[1], n[2]};
  BoxTransform<S, T, Of::real> fft(context, points, {.naive = naive, .dense = dense});
  BoxTransform<S, T> whole(context, points, {.naive = naive});
  Memory<T, S> reals("reals", fft.plane_numbers()), half("half", fft.tower_numbers()),
      numbers("numbers", whole.plane_numbers()), spectrum("spectrum", whole.tower_numbers());
  fill(context, reals);
  auto const start = test::on_host<S>(reals.data(), reals.size());
  auto const at = [&](int x, int y, int z, std::ptrdiff_t pitch, int row) {
    return static_cast<std::size_t>(z * pitch + x + std::ptrdiff_t{row} * y);
  };
  auto const each = [&](int columns, auto const& body) {
    for (int z = 0; z < n[2]; ++z)
      for (int y = 0; y < n[1]; ++y)
        for (int x = 0; x < columns; ++x) body(x, y, z);
  };
  std::vector<T> host(numbers.size());
  each(n[0], [&](int x, int y, int z) {
    host[at(2 * x, y, z, whole.plane_pitch(), 2 * n[0])] =
        start[at(x, y, z, fft.plane_pitch(), n[0])];
  });
  using View = Kokkos::View<T*, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;
  Kokkos::deep_copy(numbers.view(), View(host.data(), host.size()));
  fft.forward(reals.data(), half.data());
  whole.forward(numbers.data(), spectrum.data());
  context.space.fence("test");
  auto const found = test::on_host<S>(half.data(), half.size()),
             expected = test::on_host<S>(spectrum.data(), spectrum.size());
  double worst = 0, largest = 0;
  each(n[0] / 2 + 1, [&](int x, int y, int z) {
    for (int part = 0; part < 2; ++part) {
      auto const value =
          static_cast<double>(expected[at(2 * x + part, y, z, whole.tower_pitch(), 2 * n[0])]);
      auto const mine = static_cast<double>(
          found[at(2 * x + part, y, z, fft.tower_pitch(), 2 * fft.slabs().columns())]);
      worst = std::max(worst, std::abs(mine - value));
      largest = std::max(largest, std::abs(value));
    }
  });
  double const eps = std::numeric_limits<T>::epsilon();
  CHECK(worst <= 16 * eps * largest);
  fft.backward(half.data(), reals.data(), T(1) / static_cast<T>(n[0] * n[1] * n[2]));
  context.space.fence("test");
  auto const back = test::on_host<S>(reals.data(), reals.size());
  worst = 0;
  each(n[0], [&](int x, int y, int z) {
    auto const place = at(x, y, z, fft.plane_pitch(), n[0]);
    worst = std::max(worst, std::abs(static_cast<double>(back[place] - start[place])));
  });
  CHECK(worst <= 16 * eps);
}

}  // namespace

TEMPLATE_TEST_CASE("real numbers have half of a spectrum, whoever transforms them", "[fft]", double,
                   float) {
  test::each_space([](auto const& given) {
    auto alone = given;
    alone.comm = Comm();
    for (auto const& n : {std::array{64, 6, 3}, std::array{256, 5, 4}, std::array{34, 21, 13},
                          std::array{7, 1, 2}, std::array{1, 3, 5}, std::array{2, 2, 1}})
      for (bool const naive : {false, true})
        for (bool const dense : {false, true}) transform_reals<TestType>(alone, naive, dense, n);
  });
}

namespace {

/// Each wave times the number of its line of z, so that nothing but place and way matters.
struct TimesPlace {
  static constexpr int inputs = 1, outputs = 1;
  std::int64_t row;
  template <class V>
  [[gnu::always_inline]] constexpr void operator()(std::int64_t column, int z,
                                                   Complex<V> const (&in)[inputs],
                                                   Complex<V> (&out)[outputs]) const {
    auto const factor = V::broadcast(static_cast<double>(1 + column / row + 2 * z));
    out[0] = {factor * in[0].re, factor * in[0].im};
  }
};

}  // namespace

TEST_CASE("an operation on waves is between z there and back, and needs the room that was planned",
          "[fft]") {
  test::each_space([](auto const& context) {
    using Space = std::remove_cvref_t<decltype(context.space)>;
    auto alone = context;
    alone.comm = Comm();
    for (bool const naive : {false, true}) {
      BoxTransform<Space, double, Of::real> fft(alone, {nx, ny, nz},
                                                {.naive = naive, .fused_lines = 2});
      Memory<double, Space> fused("fused", fft.tower_numbers()),
          apart("apart", fft.tower_numbers()), numbers("numbers", fft.plane_numbers());
      fill(alone, numbers);
      std::int64_t const row = fft.slabs().columns();
      fft.to_towers(numbers.data(), fused.data());
      fft.on_waves({fused.data()}, TimesPlace{row}, true);
      fft.to_towers(numbers.data(), apart.data());
      fft.transform_towers(apart.data(), false);
      alone.space.fence("test");
      auto by_hand = test::on_host<Space>(apart.data(), apart.size());
      for (int z = 0; z < nz; ++z)
        for (std::int64_t column = 0; column < row * ny; ++column)
          for (int part = 0; part < 2; ++part)
            by_hand[static_cast<std::size_t>(z * fft.tower_pitch() + 2 * column + part)] *=
                static_cast<double>(1 + column / row + 2 * z);
      using View =
          Kokkos::View<double*, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;
      Kokkos::deep_copy(apart.view(), View(by_hand.data(), by_hand.size()));
      fft.transform_towers(apart.data(), true);
      alone.space.fence("test");
      auto const expected = test::on_host<Space>(apart.data(), apart.size());
      auto const found = test::on_host<Space>(fused.data(), fused.size());
      double worst = 0;
      for (int z = 0; z < nz; ++z)
        for (std::int64_t column = 0; column < row * ny; ++column)
          for (int part = 0; part < 2 && column % row <= nx / 2; ++part) {
            auto const at = static_cast<std::size_t>(z * fft.tower_pitch() + 2 * column + part);
            worst = std::max(worst, std::abs(found[at] - expected[at]));
          }
      CHECK(worst == 0);
      BoxTransform<Space, double, Of::real> unplanned(alone, {nx, ny, nz}, {.naive = naive});
      CHECK_THROWS_AS(unplanned.on_waves({fused.data()}, TimesPlace{row}, true), Error);
    }
  });
}

TEST_CASE("each number is in the part that says so", "[fft]") {
  for (int size = 1; size < 20; ++size)
    for (int parts = 1; parts <= size; ++parts) {
      Shares const shares{size, parts};
      INFO(size << " in " << parts);
      for (int part = 0; part < parts; ++part)
        for (int n = shares.start(part); n < shares.start(part + 1); ++n)
          CHECK(shares.part_of(n) == part);
    }
}

}  // namespace inpex::fft
