// SPDX-License-Identifier: Apache-2.0
#pragma once
// Lines of any length. A length with a prime factor above 13 is done as a convolution with a chirp
// (Bluestein, IEEE Trans. Audio Electroacoust. 18, 1970): 2 j k = j^2 + k^2 - (k - j)^2 makes
//   X[k] = w[k] sum over j of (x[j] w[j]) / w[k - j],  w[j] = exp(-i pi j^2 / n),
// which two transforms of a smooth length of at least 2 n - 1 do.

#include "line.hpp"

#include <complex>
#include <optional>
#include <vector>

namespace inpex::fft {

/// The longest line that has no plain plan: its convolution must be below 2^31 points.
inline constexpr std::int64_t longest_chirp = (std::int64_t{1} << 30) - 1;

/// A transform of any length, for kernels.
template <class T>
struct AnyLine {
  int length = 1;
  Line<T> line{};             ///< of `length` points, or of the convolution
  T const* chirp = nullptr;   ///< [length] of w, pairs; nullptr where the line is smooth
  T const* kernel = nullptr;  ///< [line.length] the transform of 1/w over line.length, pairs
};

namespace detail {

using Wide = std::complex<long double>;

/// The transform of a smooth length, for tables alone: by its smallest factors.
inline std::vector<Wide> wide_transform(std::vector<Wide> const& x) {
  std::size_t const n = x.size();
  if (n == 1) return x;
  std::size_t p = 2;
  while (n % p != 0) ++p;
  std::vector<std::vector<Wide>> parts;
  for (std::size_t r = 0; r < p; ++r) {
    std::vector<Wide> part(n / p);
    for (std::size_t j = 0; j < n / p; ++j) part[j] = x[p * j + r];
    parts.push_back(wide_transform(part));
  }
  std::vector<Wide> result(n);
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t r = 0; r < p; ++r) {
      auto const angle = -2 * std::numbers::pi_v<long double> *
                         static_cast<long double>(k * r % n) / static_cast<long double>(n);
      result[k] += std::polar(1.0L, angle) * parts[r][k % (n / p)];
    }
  return result;
}

/// The shortest length from `least` on that is a power of two or 3, 5 or 9 times one.
inline std::int64_t smooth_length(std::int64_t least) {
  std::int64_t best = std::int64_t{1} << 40;
  for (std::int64_t const odd : {1, 3, 5, 9}) {
    std::int64_t length = odd;
    while (length < least) length *= 2;
    best = std::min(best, length);
  }
  return best;
}

}  // namespace detail

/// The tables of a line of any length from 1 on. Throws Error (spec) for what is no length, and for
/// one with a prime factor above 13 that is beyond longest_chirp.
template <class T, int W, class Array>
class AnyPlan {
 public:
  explicit AnyPlan(std::int64_t length)
      : plan_(smooth(checked(length)) ? length : detail::smooth_length(2 * length - 1)) {
    line_.length = static_cast<int>(length);
    line_.line = plan_.line();
    if (plan_.line().length != line_.length) add_chirp();
  }
  [[nodiscard]] AnyLine<T> const& line() const { return line_; }
  /// The same with its tables in the memory of a device, where copy(array) puts an array's numbers.
  template <class Copy>
  [[nodiscard]] AnyLine<T> line_on(Copy const& copy) const {
    auto line = line_;
    line.line = plan_.line_at(copy(plan_.tables()));
    if (!tables_) return line;
    line.chirp = copy(*tables_);
    line.kernel = line.chirp + 2 * line.length;
    return line;
  }
  /// Whether `row` of lanes.hpp can do it.
  [[nodiscard]] bool lanes_in_row() const { return line_.chirp == nullptr && plan_.lanes_in_row(); }
  /// Plants a fault, as LinePlan does.
  void spoil(bool conjugate) { plan_.spoil(conjugate); }

 private:
  static std::int64_t checked(std::int64_t length) {
    if (length < 1 || length >= std::int64_t{1} << 31)
      throw Error(Fault::spec, std::to_string(length) + " points cannot be transformed", {},
                  "take 1 to 2147483647 points along an axis");
    if (length > longest_chirp && !smooth(length))
      throw Error(Fault::spec,
                  std::to_string(length) + " points have a prime factor above " +
                      std::to_string(largest_radix),
                  {}, "take at most " + std::to_string(longest_chirp) + ", or a smooth length");
    return length;
  }
  void add_chirp();

  LinePlan<T, W, Array> plan_;
  AnyLine<T> line_;
  std::optional<Array> tables_;
};

template <class T, int W, class Array>
void AnyPlan<T, W, Array>::add_chirp() {
  auto const n = static_cast<std::int64_t>(line_.length);
  auto const all = static_cast<std::size_t>(plan_.line().length);
  tables_.emplace("chirp of " + std::to_string(n), 2 * (static_cast<std::size_t>(n) + all));
  T* const chirp = tables_->data();
  T* const kernel = chirp + 2 * n;
  std::vector<detail::Wide> inverse(all);
  for (std::int64_t j = 0; j < n; ++j) {
    auto const angle = std::numbers::pi_v<long double> * static_cast<long double>(j * j % (2 * n)) /
                       static_cast<long double>(n);
    auto const at = static_cast<std::size_t>(j);
    inverse[at] = std::polar(1.0L, angle);
    if (j > 0) inverse[all - at] = inverse[at];
    chirp[2 * j] = static_cast<T>(std::cos(angle));
    chirp[2 * j + 1] = static_cast<T>(-std::sin(angle));
  }
  auto const spectrum = detail::wide_transform(inverse);
  for (std::size_t k = 0; k < all; ++k) {
    kernel[2 * k] = static_cast<T>(spectrum[k].real() / static_cast<long double>(all));
    kernel[2 * k + 1] = static_cast<T>(spectrum[k].imag() / static_cast<long double>(all));
  }
  line_.chirp = chirp;
  line_.kernel = kernel;
}

}  // namespace inpex::fft
