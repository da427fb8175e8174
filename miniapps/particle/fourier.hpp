// SPDX-License-Identifier: Apache-2.0
#pragma once
// Discrete Fourier transforms of any length, W lines side by side: Stockham's self-sorting
// algorithm with radices 4, 2 and the odd primes of the length. The arithmetic of a line does not
// depend on W, nor on who computes it.

#include <inpex/memory.hpp>
#include <inpex/simd.hpp>

#include <cmath>
#include <numbers>

namespace inpex::particle {

/// W lines in planar complex numbers, and as much room: element i of line l is re[i * pitch + l].
struct LineScratch {
  double *re, *im, *other_re, *other_im;
  int pitch;
};

/// A transform as kernels see it: n = product of `radix`, and n roots exp(-2 pi i j / n).
struct FourierPlan {
  int size = 1, stages = 0;
  int radix[32] = {};
  double const *cosine = nullptr, *sine = nullptr;

  /// X_k = sum x_j exp(-2 pi i j k / n) of W lines, not normalised; inverse with re and im
  /// exchanged. About 5 n log2 n flops a line. The result is in re and im of what is returned.
  template <int W>
  constexpr LineScratch transform(LineScratch lines) const {
    int length = size, stride = 1;
    for (int stage = 0; stage < stages; ++stage) {
      int const r = radix[stage];
      length /= r;
      if (r == 4)
        radix_four<W>(lines, length, stride);
      else if (r == 2)
        radix_two<W>(lines, length, stride);
      else
        any_radix<W>(lines, r, length, stride);
      stride *= r;
      lines = {lines.other_re, lines.other_im, lines.re, lines.im, lines.pitch};
    }
    return lines;
  }

 private:
  template <int W>
  struct Number {
    vec<double, W> re, im;
    friend constexpr Number operator+(Number a, Number b) { return {a.re + b.re, a.im + b.im}; }
    friend constexpr Number operator-(Number a, Number b) { return {a.re - b.re, a.im - b.im}; }
    constexpr Number times(double c, double s) const {
      return {fused(c, re, -s * im), fused(c, im, s * re)};
    }
  };
  template <int W>
  static constexpr Number<W> load(LineScratch const& lines, int i) {
    using V = vec<double, W>;
    return {V::load(lines.re + i * lines.pitch), V::load(lines.im + i * lines.pitch)};
  }
  template <int W>
  static constexpr void store(Number<W> a, LineScratch const& lines, int i) {
    a.re.store(lines.other_re + i * lines.pitch);
    a.im.store(lines.other_im + i * lines.pitch);
  }

  template <int W>
  constexpr void radix_two(LineScratch const& lines, int m, int s) const {
    for (int p = 0; p < m; ++p)
      for (int q = 0; q < s; ++q) {
        auto const a = load<W>(lines, q + s * p), b = load<W>(lines, q + s * (p + m));
        store<W>(a + b, lines, q + s * 2 * p);
        store<W>((a - b).times(cosine[p * s], sine[p * s]), lines, q + s * (2 * p + 1));
      }
  }
  template <int W>
  constexpr void radix_four(LineScratch const& lines, int m, int s) const {
    for (int p = 0; p < m; ++p)
      for (int q = 0; q < s; ++q) {
        auto const a = load<W>(lines, q + s * p), b = load<W>(lines, q + s * (p + m)),
                   c = load<W>(lines, q + s * (p + 2 * m)), d = load<W>(lines, q + s * (p + 3 * m));
        auto const even = a + c, odd = a - c, other = b + d, turned = b - d;
        Number<W> const minus{odd.re + turned.im, odd.im - turned.re},
            plus{odd.re - turned.im, odd.im + turned.re};
        int const at = q + s * 4 * p, w = p * s;
        store<W>(even + other, lines, at);
        store<W>(minus.times(cosine[w], sine[w]), lines, at + s);
        store<W>((even - other).times(cosine[2 * w], sine[2 * w]), lines, at + 2 * s);
        store<W>(plus.times(cosine[3 * w], sine[3 * w]), lines, at + 3 * s);
      }
  }
  template <int W>
  constexpr void any_radix(LineScratch const& lines, int r, int m, int s) const {
    int const turn = size / r;
    for (int p = 0; p < m; ++p)
      for (int k = 0; k < r; ++k)
        for (int q = 0; q < s; ++q) {
          auto sum = load<W>(lines, q + s * p);
          for (int j = 1, w = k; j < r; ++j, w = (w + k) % r)
            sum = sum + load<W>(lines, q + s * (p + j * m)).times(cosine[turn * w], sine[turn * w]);
          store<W>(sum.times(cosine[p * k * s], sine[p * k * s]), lines, q + s * (r * p + k));
        }
  }
};

/// Owns the roots of a plan.
template <Space S>
class Fourier {
 public:
  explicit Fourier(int size) : roots_("roots of one", 2 * static_cast<std::size_t>(size)) {
    plan_.size = size;
    for (int left = size, r = 4; left > 1;) {
      if (left % r != 0) {
        r = r == 4 ? 2 : r == 2 ? 3 : r + 2;
        continue;
      }
      plan_.radix[plan_.stages++] = r;
      left /= r;
    }
    auto const host = Kokkos::create_mirror_view(roots_.view());
    for (int j = 0; j < size; ++j) {
      long double const angle = 2 * std::numbers::pi_v<long double> * j / size;
      host(static_cast<std::size_t>(j)) = static_cast<double>(std::cos(angle));
      host(static_cast<std::size_t>(size + j)) = static_cast<double>(-std::sin(angle));
    }
    Kokkos::deep_copy(roots_.view(), host);
    plan_.cosine = roots_.data();
    plan_.sine = roots_.data() + size;
  }
  [[nodiscard]] FourierPlan const& plan() const { return plan_; }

 private:
  Memory<double, S> roots_;
  FourierPlan plan_;
};

}  // namespace inpex::particle
