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

/// Noise by place, from place `first` on.
template <class T>
struct FillNoise {
  T* to;
  std::int64_t first;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t n) const { noise(first + n, to + 2 * n); }
};

/// Plants a fault: a stretch of the numbers is none.
template <Space S, class T>
void poison(Context<S> const& context, Memory<T, S> const& array) {
  auto const middle = array.size() / 2;
  Kokkos::deep_copy(context.space, Kokkos::subview(array.view(), std::pair(middle / 2, middle)),
                    std::numeric_limits<T>::quiet_NaN());
}

/// The largest distance of numbers from where they started, times `size`, over the largest of that;
/// infinite where a number is none.
template <class T>
class NoiseError {
 public:
  explicit NoiseError(double size) : size_(size) {}
  void add(T const* start, T const* number) {
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

/// Parseval: the sum of squares after a transform is that before it times a factor.
class NoiseEnergy {
 public:
  template <class T>
  void add_before(T const* number, int weight = 1) {
    for (int part = 0; part < 2; ++part) before_ += weight * square(number[part]);
  }
  template <class T>
  void add_after(T number) {
    after_ += square(number);
  }
  /// Relative. Collective.
  [[nodiscard]] double error(Comm const& comm, double factor) const {
    double const expected = comm.sum(static_cast<double>(before_)) * factor;
    double const error = std::abs(comm.sum(static_cast<double>(after_)) / expected - 1);
    return std::isfinite(error) ? error : HUGE_VAL;
  }

 private:
  template <class T>
  static long double square(T number) {
    return static_cast<long double>(number) * static_cast<long double>(number);
  }
  long double before_ = 0, after_ = 0;
};

}  // namespace inpex::fft
