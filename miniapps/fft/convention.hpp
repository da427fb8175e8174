// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the apps of this folder have in common: how flops are counted, by what factor a step changes
// the state, and how the state is held against the noise that it came from.

#include "noise.hpp"

#include <limits>

namespace inpex::fft {

/// Flops of `lines` lines of n points by the field's convention, 5 n log2(n) a line, whatever an
/// algorithm does.
inline double conventional_flops(double lines, double n) { return 5 * lines * n * std::log2(n); }

/// The factor of the backward transform of a step, beside one over the points: in turn, so that a
/// step left out shows.
inline double next_factor(std::int64_t step) { return step % 2 == 0 ? 0.5 : 2; }
/// The size of the state after so many steps.
inline double halved(std::int64_t steps) { return steps % 2 == 0 ? 1 : 0.5; }

/// Numbers [planes][columns], planes `pitch` numbers of T apart; the first has place `first`, and
/// places of planes are `apart`.
struct NoiseShape {
  std::ptrdiff_t pitch;
  std::int64_t columns, planes, first, apart;
};
template <class T>
struct FillNoise {
  T* to;
  NoiseShape shape;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t n) const {
    auto const plane = n / shape.columns, column = n % shape.columns;
    noise(shape.first + plane * shape.apart + column, to + plane * shape.pitch + 2 * column);
  }
};
/// Noise by place.
template <Space S, class T>
void fill_noise(Context<S> const& context, T* to, NoiseShape const& shape) {
  using Policy = Kokkos::RangePolicy<S, Kokkos::IndexType<std::int64_t>>;
  Kokkos::parallel_for("noise", Policy(context.space, 0, shape.columns * shape.planes),
                       FillNoise<T>{to, shape});
}

/// Plants a fault: a stretch of the numbers is none.
template <Space S, class T>
void poison(Context<S> const& context, Memory<T, S> const& array) {
  auto const middle = array.size() / 2;
  Kokkos::deep_copy(context.space, Kokkos::subview(array.view(), std::pair(middle / 2, middle)),
                    std::numeric_limits<T>::quiet_NaN());
}

/// The largest distance of numbers from `size` times the noise, over the largest of that; infinite
/// where a number is none.
template <class T>
class NoiseError {
 public:
  explicit NoiseError(double size) : size_(size) {}
  void add(std::int64_t place, T const* number) {
    T start[2];
    noise(place, start);
    for (int part = 0; part < 2; ++part) {
      double const error =
          std::abs(static_cast<double>(number[part]) - size_ * static_cast<double>(start[part]));
      if (!(error <= most_)) most_ = std::isfinite(error) ? error : HUGE_VAL;
    }
  }
  [[nodiscard]] double most() const { return most_ / (0.5 * size_); }

 private:
  double size_, most_ = 0;
};

/// Parseval: the sum of squares after a transform is that of the noise before it times the points
/// of a line or box, or over them after a backward one. Given all results, in any order.
template <class T>
class NoiseEnergy {
 public:
  void add(std::int64_t place, T const* number) {
    T start[2];
    noise(place, start);
    for (int part = 0; part < 2; ++part) {
      before_ += static_cast<long double>(start[part]) * static_cast<long double>(start[part]);
      after_ += static_cast<long double>(number[part]) * static_cast<long double>(number[part]);
    }
  }
  /// Relative; `size` of the numbers that were transformed. Collective.
  [[nodiscard]] double error(Comm const& comm, double size, double points) const {
    double const expected = comm.sum(static_cast<double>(before_)) * size * size * points;
    double const error = std::abs(comm.sum(static_cast<double>(after_)) / expected - 1);
    return std::isfinite(error) ? error : HUGE_VAL;
  }

 private:
  long double before_ = 0, after_ = 0;
};

}  // namespace inpex::fft
