// SPDX-License-Identifier: Apache-2.0
#pragma once
// Pairs of real rows on hosts, from memory to half spectra in a plane buffer and back. As with
// complex rows, what leaves the buffer does so while what comes next is transformed.

#include "halves.hpp"

#include <inpex/prefetch.hpp>

namespace inpex::fft {

/// Numbers of T that a thread needs beside those of the transform: a whole row of Z.
template <class T, int W>
std::size_t pair_scratch(int n) {
  return static_cast<std::size_t>(2 * W * (blocks_of<W>(n) + 1));
}

/// Two real rows come in; the ones after next are at `from + ahead`.
template <class T>
struct ComingPair {
  T const* from[2];
  std::ptrdiff_t ahead;
};

namespace detail {

/// Twice the half spectra of two rows, from that of one in whole vectors.
template <class T, int W>
[[gnu::noinline]] void part_pair(T const* z, int n, T* a, T* b) {
  using V = vec<T, W>;
  int const blocks = n / W;
  auto upper = Complex<V>::load(z);  // number n is number 0
  for (int k = 0; k < blocks / 2; ++k) {
    auto const lower = Complex<V>::load(z + 2 * W * (blocks - 1 - k));
    Complex<V> const mirror{reversed(shift<1>(lower.re, upper.re)),
                            reversed(shift<1>(lower.im, upper.im))};
    auto const parts = apart(Complex<V>::load(z + 2 * W * k), mirror);
    parts.first.store(a + 2 * W * k);
    parts.second.store(b + 2 * W * k);
    upper = lower;
  }
  T const* const middle = z + W * blocks;  // number n / 2 is real
  T* const last[2] = {a + W * blocks, b + W * blocks};
  for (int row = 0; row < 2; ++row) {
    Complex<V>{V::zero(), V::zero()}.store(last[row]);
    last[row][0] = 2 * middle[W * row];
  }
}

/// The spectrum of a pair of rows, with exchanged parts as theirs are.
template <class T, int W>
[[gnu::noinline]] void join_pair(T* a, T* b, int n, T* z) {
  using V = vec<T, W>;
  int const blocks = n / W;
  for (T* const real : {a, b, a + W * blocks, b + W * blocks}) real[0] = 0;  // numbers 0 and n / 2
  for (int k = 0; k < blocks / 2; ++k)
    together(Complex<V>::load(a + 2 * W * k), Complex<V>::load(b + 2 * W * k)).store(z + 2 * W * k);
  auto const mirrored = [](Complex<V> low, Complex<V> high) __attribute__((always_inline)) {
    return Complex<V>{reversed(shift<1>(low.re, high.re)), reversed(shift<1>(low.im, high.im))};
  };
  auto a_high = Complex<V>::load(a + W * blocks), b_high = Complex<V>::load(b + W * blocks);
  for (int k = blocks / 2; k < blocks; ++k) {
    auto const a_low = Complex<V>::load(a + 2 * W * (blocks - 1 - k)),
               b_low = Complex<V>::load(b + 2 * W * (blocks - 1 - k));
    together_mirrored(mirrored(a_low, a_high), mirrored(b_low, b_high)).store(z + 2 * W * k);
    a_high = a_low, b_high = b_low;
  }
}

}  // namespace detail

/// Twice the half spectra of two long rows into rows `to` of a buffer; others may leave from there.
template <class T, int W>
[[gnu::noinline]] void transform_pair(Line<T> const& line, T* scratch, T* whole,
                                      ComingPair<T> const& in, T* const (&to)[2],
                                      Leaving<T> const (&out)[2]) {
  using V = vec<T, W>;
  bool const past = streams<T, W>(out[0]) && streams<T, W>(out[1]);
  int const half = line.length / W / 2;
  int block = 0;
  row<T, W>(
      line, scratch,
      [&](int i) __attribute__((always_inline)) {
        for (T const* const from : in.from) prefetch<Near::second>(from + in.ahead + W * block);
        if (past)
          detail::stream_block<T, W>(out[block >= half], block < half ? block : block - half);
        ++block;
        return Complex<V>{V::load_unaligned(in.from[0] + i), V::load_unaligned(in.from[1] + i)};
      },
      [&](int k, Complex<V> number)
          __attribute__((always_inline)) { number.store(whole + 2 * k); });
  for (auto const& row : out) past ? detail::stream_block<T, W>(row, half) : leave_all<T, W>(row);
  detail::part_pair<T, W>(whole, line.length, to[0], to[1]);
}

/// Twice the half spectra of up to 2 W rows of any length; rows[r] for all r.
template <class T, int W>
void transform_pairs(AnyLine<T> const& any, T* scratch, T const* const (&rows)[2 * W],
                     PlaneBuffer<T> to) {
  using V = vec<T, W>;
  constexpr std::ptrdiff_t block = 2 * W;
  int const n = any.length;
  T* const lines = row_blocks<T, W>(any, scratch);  // lanes are pairs
  for (int i = 0; i < n; i += W) {
    V part[2][W];
    for (int row = 0; row < 2 * W; ++row) {
      alignas(64) T points[W] = {};
      std::copy_n(rows[row] + i, std::min(W, n - i), points);
      part[row % 2][row / 2] = V::load(points);
    }
    transpose(part[0]);
    transpose(part[1]);
    for (int l = 0; l < W; ++l) Complex<V>{part[0][l], part[1][l]}.store(lines + block * (i + l));
  }
  transform_bundle<T, W>(any, scratch, {lines, block}, {lines, block});
  for (int k = 0; k < half_columns<W>(n); k += W) {
    V re[2][W], im[2][W];
    for (int l = 0; l < W; ++l) {
      auto const z = [&](int at) { return Complex<V>::load(lines + block * at); };
      ComplexPair<V> parts{{V::zero(), V::zero()}, {V::zero(), V::zero()}};
      if (2 * (k + l) <= n) parts = apart(z(k + l), z((n - k - l) % n));
      re[0][l] = parts.first.re, im[0][l] = parts.first.im;
      re[1][l] = parts.second.re, im[1][l] = parts.second.im;
    }
    for (int which = 0; which < 2; ++which) transpose(re[which]), transpose(im[which]);
    for (int row = 0; row < 2 * W; ++row)
      Complex<V>{re[row % 2][row / 2], im[row % 2][row / 2]}.store(to.row(row) + 2 * k);
  }
}

/// Half spectra on their way from interleaved memory to rows of a buffer, with real and imaginary
/// parts exchanged; nothing where `from` is nullptr.
template <class T>
struct ComingHalf {
  T const* from = nullptr;
  T* to = nullptr;
  std::ptrdiff_t ahead = 0;  ///< where the row after next is
};

/// Blocks first .. last - 1 of a row come in.
template <class T, int W>
[[gnu::always_inline]] inline void come(ComingHalf<T> const& row, int first, int last) {
  using V = vec<T, W>;
  if (row.from == nullptr) return;
  for (int block = first; block < last; ++block) {
    T const* const from = row.from + 2 * W * block;
    prefetch<Near::second>(from + row.ahead);
    prefetch<Near::second>(from + row.ahead + W);
    auto const numbers = read_numbers<V>(from);
    Complex<V>{numbers.im, numbers.re}.store(row.to + 2 * W * block);
  }
}

/// Two real rows in memory, times `scale`.
template <class T>
struct LeavingPair {
  T* to[2];
  T scale;
};

/// The real rows of two long half spectra, rows `from` of a buffer, which others take meanwhile.
template <class T, int W>
[[gnu::noinline]] void transform_pair_back(Line<T> const& line, T* scratch, T* whole,
                                           T* const (&from)[2], LeavingPair<T> const& out,
                                           ComingHalf<T> const (&in)[2]) {
  using V = vec<T, W>;
  detail::join_pair<T, W>(from[0], from[1], line.length, whole);
  bool const past = streams<T, W>(Leaving<T>{nullptr, out.to[0], W}) &&
                    streams<T, W>(Leaving<T>{nullptr, out.to[1], W});
  int const half = line.length / W / 2;
  int block = 0;
  row<T, W>(
      line, scratch,
      [&](int i) __attribute__((always_inline)) { return Complex<V>::load(whole + 2 * i); },
      [&](int i, Complex<V> number) __attribute__((always_inline)) {
        int const coming = block < half ? block : block - half;
        come<T, W>(in[block >= half], coming, coming + 1);
        ++block;
        auto const a = out.scale * number.im, b = out.scale * number.re;
        if (past) {
          a.stream(out.to[0] + i);
          b.stream(out.to[1] + i);
        } else {
          a.store_unaligned(out.to[0] + i);
          b.store_unaligned(out.to[1] + i);
        }
      });
  for (auto const& row : in) come<T, W>(row, half, half + 1);
}

/// The real rows of up to 2 W half spectra, rows of a buffer: `count` rows, to rows[r].
template <class T, int W>
void transform_pairs_back(AnyLine<T> const& any, T* scratch, PlaneBuffer<T> from,
                          T* const (&rows)[2 * W], int count, T scale) {
  using V = vec<T, W>;
  constexpr std::ptrdiff_t block = 2 * W;
  int const n = any.length;
  T* const lines = row_blocks<T, W>(any, scratch);  // lanes are pairs
  for (int k = 0; 2 * k <= n; k += W) {
    V re[2][W], im[2][W];
    for (int row = 0; row < 2 * W; ++row) {
      auto const numbers = Complex<V>::load(from.row(std::min(row, count - 1)) + 2 * k);
      re[row % 2][row / 2] = numbers.re, im[row % 2][row / 2] = numbers.im;
    }
    for (int which = 0; which < 2; ++which) transpose(re[which]), transpose(im[which]);
    for (int l = 0; l < W && 2 * (k + l) <= n; ++l) {
      int const at = k + l;
      bool const real = at == 0 || 2 * at == n;
      Complex<V> const a{real ? V::zero() : re[0][l], im[0][l]},
          b{real ? V::zero() : re[1][l], im[1][l]};
      together_mirrored(a, b).store(lines + block * ((n - at) % n));
      together(a, b).store(lines + block * at);
    }
  }
  transform_bundle<T, W>(any, scratch, {lines, block}, {lines, block});
  for (int i = 0; i < n; i += W) {
    V part[2][W];  // of rows a, b
    for (int l = 0; l < W; ++l) {
      auto const number =
          i + l < n ? Complex<V>::load(lines + block * (i + l)) : Complex<V>{V::zero(), V::zero()};
      part[0][l] = scale * number.im, part[1][l] = scale * number.re;
    }
    transpose(part[0]);
    transpose(part[1]);
    for (int row = 0; row < count; ++row) {
      alignas(64) T points[W];
      part[row % 2][row / 2].store(points);
      std::copy_n(points, std::min(W, n - i), rows[row] + i);
    }
  }
}

}  // namespace inpex::fft
