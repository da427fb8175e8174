// SPDX-License-Identifier: Apache-2.0
#pragma once
// The arithmetic of the wave equation at one point, and laws that its steps must keep, each tried
// in a small box of its own: order of the Laplacian, energy, reciprocity, mirror symmetry.

#include "block.hpp"
#include "layers.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

namespace inpex::stencil {

/// 41 flops: 12 pairs, 13 weights of which 10 are fused with a sum, 2 sums, and 4 of the step.
/// Pairs are added first, so that a point is symmetric under reflection to the last bit.
template <class T>
struct WavePoint {
  static constexpr char const* name = "wave25 sweep";
  static constexpr int radius = 4;
  static constexpr std::uint64_t flops = 41;
  static constexpr Reach reach = Reach::faces;
  static constexpr Shape shape{
      .rows = 1, .planes = 4, .chunk = 0, .level_planes = 4, .patch_x = 32, .patch_y = 16};
  static constexpr bool updates = true, coefficients = true;

  template <class U>
  KOKKOS_FORCEINLINE_FUNCTION auto operator()(U const& u) const {
    constexpr T k0 = T(3 * eighth_order[0]), k1 = T(eighth_order[1]), k2 = T(eighth_order[2]),
                k3 = T(eighth_order[3]), k4 = T(eighth_order[4]);
    auto const x = [&]<int d>(Offset<d, 0, 0>) __attribute__((always_inline)) {
      return u(Offset<-d, 0, 0>{}) + u(Offset<d, 0, 0>{});
    };
    auto const y = [&]<int d>(Offset<d, 0, 0>) __attribute__((always_inline)) {
      return u(Offset<0, -d, 0>{}) + u(Offset<0, d, 0>{});
    };
    auto const z = [&]<int d>(Offset<d, 0, 0>) __attribute__((always_inline)) {
      return u(Offset<0, 0, -d>{}) + u(Offset<0, 0, d>{});
    };
    constexpr Offset<1, 0, 0> one;
    constexpr Offset<2, 0, 0> two;
    constexpr Offset<3, 0, 0> three;
    constexpr Offset<4, 0, 0> four;
    auto const here = u(Here{});
    auto odd = fused(k3, z(three), fused(k1, z(one), k0 * here));
    auto even = fused(k4, z(four), k2 * z(two));
    odd = fused(k3, y(three), fused(k1, y(one), odd));
    even = fused(k4, y(four), fused(k2, y(two), even));
    auto const near = fused(k2, x(two), k1 * x(one));
    odd = fused(k3, x(three), odd);
    even = fused(k4, x(four), even);
    return fused(u.coefficient(), (odd + even) + near, T(2) * here - u.before());
  }
};

/// A value that depends on the plane alone.
struct OfPlane {
  double const* values;  // [planes] of the whole box
  int lower;             // the first plane of this block
  KOKKOS_INLINE_FUNCTION double operator()(int, int, int k) const { return values[lower + k]; }
};

namespace detail {

/// A small box of waves on this rank alone, filled from the host.
template <Space S, class T>
struct WaveBox {
  std::array<std::int64_t, 3> cells;
  Context<S> context;
  Block<S, T, WavePoint<T>> block;

  WaveBox(Context<S> const& like, std::array<std::int64_t, 3> n)
      : cells(n), context{.space = like.space, .schedule = like.schedule},
        block(context, {n, {4, 4, 4}}, {}, {}) {}

  /// value(i, j, k) becomes the field, the one a step before it, or the coefficient.
  template <class Value>
  void set(T* field, Value const& value) {
    std::vector<double> host;
    each([&](std::int64_t i, std::int64_t j, std::int64_t k) { host.push_back(value(i, j, k)); });
    auto const table = table_of<S>("values", host);
    block.fill(field, FromTable{table.data(), int(cells[0]), int(cells[1])});
    context.space.fence("values are set");
  }
  void steps(int count) {
    for (int step = 0; step < count; ++step) block.sweep(), block.swap();
  }
  [[nodiscard]] std::size_t index(std::int64_t i, std::int64_t j, std::int64_t k) const {
    return std::size_t(i + cells[0] * (j + cells[1] * k));
  }
  template <class Visit>
  void each(Visit const& visit) const {
    for (std::int64_t k = 0; k < cells[2]; ++k)
      for (std::int64_t j = 0; j < cells[1]; ++j)
        for (std::int64_t i = 0; i < cells[0]; ++i) visit(i, j, k);
  }
};

}  // namespace detail

/// The order of the Laplacian, in double: a Gaussian that the walls do not feel on three grids, and
/// the slope of the logarithm of the largest error. A field that was twice as large a step before
/// leaves c2 L u alone after the step.
template <Space S>
double wave_order(Context<S> const& context) {
  constexpr int count = 3;
  double errors[count], spacings[count];
  for (int g = 0; g < count; ++g) {
    std::int64_t const n = (32 << g) - 1;
    double const h = 1.0 / double(n + 1), width = 0.2;
    auto const radius2 = [&](std::int64_t i, std::int64_t j, std::int64_t k) {
      auto const at = [&](std::int64_t cell) { return double(cell + 1) * h - 0.5; };
      return at(i) * at(i) + at(j) * at(j) + at(k) * at(k);
    };
    auto const gauss = [&](auto... cell) { return std::exp(-radius2(cell...) / (width * width)); };
    detail::WaveBox<S, double> box(context, {n, n, n});
    box.set(box.block.current(), gauss);
    box.set(box.block.previous(), [&](auto... cell) { return 2 * gauss(cell...); });
    box.set(box.block.coefficient(), [](auto...) { return 1.0; });
    box.steps(1);
    auto const found = box.block.values(box.block.current());
    errors[g] = 0, spacings[g] = h;
    box.each([&](std::int64_t i, std::int64_t j, std::int64_t k) {
      if (std::min({i, j, k}) < 4 || std::max({i, j, k}) >= n - 4) return;
      double const r2 = radius2(i, j, k), w2 = width * width;
      double const exact = (4 * r2 / w2 - 6) / w2 * std::exp(-r2 / w2);
      errors[g] = std::max(errors[g], std::fabs(found[box.index(i, j, k)] / (h * h) - exact));
    });
  }
  // Grids are halved, so that the least-squares slope is that between the first and the last.
  return std::log(errors[0] / errors[count - 1]) / std::log(spacings[0] / spacings[count - 1]);
}

/// The largest relative change in 200 steps of what leapfrog conserves exactly:
/// sum (u - w)^2 / c2 - sum w L u, w the step before u. From random data in a layered box.
template <class T, Space S>
double wave_energy_drift(Context<S> const& context, double courant) {
  detail::WaveBox<S, T> box(context, {19, 12, 14});
  auto const squares = layered_squares(courant, {0.5, 1.0}, box.cells[2]);
  auto const noise = [&](std::uint64_t seed) {
    return [&box, seed](auto... cell) { return random_uniform(seed, box.index(cell...)) - 0.5; };
  };
  box.set(box.block.current(), noise(1));
  box.set(box.block.previous(), noise(2));
  box.set(box.block.coefficient(), [&](auto, auto, auto k) { return squares[std::size_t(k)]; });
  auto const energy = [&] {
    auto const u = box.block.values(box.block.current()),
               w = box.block.values(box.block.previous());
    auto const square = box.block.values(box.block.coefficient());
    auto const at = [&](std::int64_t i, std::int64_t j, std::int64_t k) -> long double {
      bool const inside =
          i >= 0 && j >= 0 && k >= 0 && i < box.cells[0] && j < box.cells[1] && k < box.cells[2];
      return inside ? static_cast<long double>(u[box.index(i, j, k)]) : 0;
    };
    long double sum = 0;
    box.each([&](std::int64_t i, std::int64_t j, std::int64_t k) {
      long double laplacian = 3 * eighth_order[0] * at(i, j, k);
      for (int d = 1; d <= 4; ++d)
        laplacian +=
            eighth_order[std::size_t(d)] * (at(i - d, j, k) + at(i + d, j, k) + at(i, j - d, k) +
                                            at(i, j + d, k) + at(i, j, k - d) + at(i, j, k + d));
      auto const n = box.index(i, j, k);
      auto const before = static_cast<long double>(w[n]);
      long double const change = static_cast<long double>(u[n]) - before;
      sum += change * change / static_cast<long double>(square[n]) - before * laplacian;
    });
    return sum;
  };
  auto const first = energy();
  long double drift = 0;
  for (int batch = 0; batch < 20; ++batch) {
    box.steps(10);
    drift = std::max(drift, std::fabs(energy() - first) / first);
  }
  return static_cast<double>(drift);
}

/// The relative difference between what a pulse at A brings to B and one at B brings to A, each
/// times c2 at its source: 0 for a symmetric operator.
template <class T, Space S>
double wave_reciprocity(Context<S> const& context, double courant) {
  std::array<std::int64_t, 3> const n{17, 13, 15}, a{3, 4, 2}, b{12, 8, 11};
  auto const squares = layered_squares(courant, {0.5, 0.8, 1.0}, n[2]);
  auto const heard = [&](std::array<std::int64_t, 3> source, std::array<std::int64_t, 3> place) {
    detail::WaveBox<S, T> box(context, n);
    box.set(box.block.current(), [&](auto... cell) {
      return std::array<std::int64_t, 3>{cell...} == source ? 1.0 : 0.0;
    });
    box.set(box.block.previous(), [](auto...) { return 0.0; });
    box.set(box.block.coefficient(), [&](auto, auto, auto k) { return squares[std::size_t(k)]; });
    box.steps(40);
    return static_cast<double>(
               box.block.values(box.block.current())[box.index(place[0], place[1], place[2])]) *
           squares[std::size_t(source[2])];
  };
  double const there = heard(a, b), back = heard(b, a);
  return std::fabs(there - back) / std::max(std::fabs(there), std::fabs(back));
}

/// Cells that differ in any bit from their mirror images in x and y, after 30 steps from data that
/// has these symmetries.
template <class T, Space S>
double wave_mirror(Context<S> const& context, double courant) {
  detail::WaveBox<S, T> box(context, {21, 18, 12});
  auto const squares = layered_squares(courant, {0.5, 1.0}, box.cells[2]);
  auto const folded = [&](std::int64_t i, std::int64_t j, std::int64_t k) {
    return box.index(std::min(i, box.cells[0] - 1 - i), std::min(j, box.cells[1] - 1 - j), k);
  };
  auto const noise = [&](auto... cell) { return random_uniform(3, folded(cell...)) - 0.5; };
  box.set(box.block.current(), noise);
  box.set(box.block.previous(), noise);
  box.set(box.block.coefficient(), [&](auto, auto, auto k) { return squares[std::size_t(k)]; });
  box.steps(30);
  auto const found = box.block.values(box.block.current());
  double different = 0;
  box.each([&](auto... cell) { different += found[box.index(cell...)] != found[folded(cell...)]; });
  return different;
}

}  // namespace inpex::stencil
