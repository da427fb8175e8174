// SPDX-License-Identifier: Apache-2.0
#pragma once
// Bundles of W lines on hosts, where they lie in memory. A split line is a row of blocks of 2 W
// numbers: W real parts, then W imaginary ones; it is what passes hand to each other within the
// caches. Interleaved is the users' format: real, imaginary, real, ...

#include "chirp.hpp"
#include "lanes.hpp"

#include <inpex/prefetch.hpp>

#include <cstddef>
#include <cstdint>

namespace inpex::fft {

/// Blocks `stride` numbers apart: block i is at data + i * stride.
template <class T>
struct Blocks {
  T* data;
  std::ptrdiff_t stride;
};

/// Numbers of T that a bundle of any kind needs to work in.
template <class T, int W>
std::size_t bundle_scratch(AnyLine<T> const& any) {
  auto const blocks = static_cast<std::size_t>(any.line.length + any.length);
  return scratch_numbers<T, W>(any.line) + 2 * W * 2 * blocks;
}
/// And W rows that are brought into the lanes, in whole vectors.
template <class T, int W>
std::size_t rows_scratch(AnyLine<T> const& any) {
  return bundle_scratch<T, W>(any) + 2 * W * W;
}
/// Where lines lie, block after block, while they are transformed: the last of bundle_scratch, and,
/// for those rows, what rows_scratch has more.
template <class T, int W>
T* row_blocks(AnyLine<T> const& any, T* scratch) {
  return scratch + bundle_scratch<T, W>(any) - std::ptrdiff_t{2 * W} * any.length;
}

namespace detail {

template <class T, int W>
[[gnu::noinline]] void smooth_bundle(Line<T> const& line, T* scratch, Blocks<T const> from,
                                     Blocks<T> to) {
  using V = vec<T, W>;
  columns<T, W>(
      line, scratch,
      [&](int i)
          __attribute__((always_inline)) { return Complex<V>::load(from.data + i * from.stride); },
      [&](int k, Complex<V> number) __attribute__((always_inline)) {
        T* const place = to.data + k * to.stride;
        number.store(place);
        prefetch<Near::second>(place + 4 * W);  // of the bundle after next, where rows are long
        prefetch<Near::second>(place + 5 * W);
      });
}

template <class T, int W>
[[gnu::noinline]] void chirp_bundle(AnyLine<T> const& any, T* scratch, Blocks<T const> from,
                                    Blocks<T> to) {
  using V = vec<T, W>;
  constexpr std::ptrdiff_t block = 2 * W;
  int const n = any.length, all = any.line.length;
  T* const a = scratch + scratch_numbers<T, W>(any.line);
  T* const b = a + block * all;
  auto const turned = [](Complex<V> x, T const* by) __attribute__((always_inline)) {
    return times(x, by[0], by[1]);
  };
  for (int j = 0; j < n; ++j)
    turned(Complex<V>::load(from.data + j * from.stride), any.chirp + 2 * j).store(a + block * j);
  for (int j = n; j < all; ++j) Complex<V>{V::zero(), V::zero()}.store(a + block * j);
  smooth_bundle<T, W>(any.line, scratch, {a, block}, {b, block});
  for (int k = 0; k < all; ++k) {  // back again with real and imaginary parts exchanged
    auto const product = turned(Complex<V>::load(b + block * k), any.kernel + 2 * k);
    Complex<V>{product.im, product.re}.store(b + block * k);
  }
  smooth_bundle<T, W>(any.line, scratch, {b, block}, {a, block});
  for (int k = 0; k < n; ++k) {
    auto const sum = Complex<V>::load(a + block * k);
    turned({sum.im, sum.re}, any.chirp + 2 * k).store(to.data + k * to.stride);
  }
}

}  // namespace detail

/// W split lines; `from` and `to` may be the same.
template <class T, int W>
void transform_bundle(AnyLine<T> const& any, T* scratch, Blocks<T const> from, Blocks<T> to) {
  if (any.chirp != nullptr)
    detail::chirp_bundle<T, W>(any, scratch, from, to);
  else if (any.length > 1)
    detail::smooth_bundle<T, W>(any.line, scratch, from, to);
  else if (from.data != to.data)
    Complex<vec<T, W>>::load(from.data).store(to.data);
}

/// `count` <= W interleaved numbers to a block; the lanes that remain are 0.
template <class T, int W>
void split(T const* from, int count, T* to) {
  using V = vec<T, W>;
  if (count == W) {
    read_numbers<V>(from).store(to);
    return;
  }
  for (int lane = 0; lane < W; ++lane) {
    to[lane] = lane < count ? from[2 * lane] : T(0);
    to[W + lane] = lane < count ? from[2 * lane + 1] : T(0);
  }
}
/// A block to `count` <= W interleaved numbers, times `scale`.
template <class T, int W>
void join(T const* from, int count, T scale, T* to) {
  using V = vec<T, W>;
  if (count == W) {
    write_numbers(Complex<V>{scale * V::load(from), scale * V::load(from + W)}, to);
    return;
  }
  for (int lane = 0; lane < count; ++lane) {
    to[2 * lane] = scale * from[lane];
    to[2 * lane + 1] = scale * from[W + lane];
  }
}

/// W interleaved lines, points `from_stride` and `to_stride` numbers apart. Backwards: result k
/// goes to point -k, which makes a forward transform the backward one. `ahead` is asked for while
/// results are stored: the lines that come next.
template <class T>
struct Interleaved {
  T const* from;
  std::ptrdiff_t from_stride;
  T* to;
  std::ptrdiff_t to_stride;
  int count;  ///< lines, at most W
  bool backward;
};

namespace detail {

template <class T, int W, class Ahead>
[[gnu::noinline]] void whole_interleaved(Line<T> const& line, T* scratch, Interleaved<T> const& at,
                                         Ahead const& ahead) {
  using V = vec<T, W>;
  int const turn = at.backward ? line.length : 0;
  columns<T, W>(
      line, scratch,
      [&](int i)
          __attribute__((always_inline)) { return read_numbers<V>(at.from + i * at.from_stride); },
      [&](int k, Complex<V> number) __attribute__((always_inline)) {
        T* const to = at.to + (turn != 0 && k != 0 ? turn - k : k) * at.to_stride;
        write_numbers(number, to);
        ahead(k);
      });
}

}  // namespace detail

/// Transforms up to W interleaved lines.
template <class T, int W, class Ahead>
void transform_interleaved(AnyLine<T> const& any, T* scratch, Interleaved<T> const& at,
                           Ahead const& ahead) {
  if (any.chirp == nullptr && any.length > 1 && at.count == W)
    return detail::whole_interleaved<T, W>(any.line, scratch, at, ahead);
  constexpr std::ptrdiff_t block = 2 * W;
  T* const lines = row_blocks<T, W>(any, scratch);
  for (int i = 0; i < any.length; ++i)
    split<T, W>(at.from + i * at.from_stride, at.count, lines + block * i);
  transform_bundle<T, W>(any, scratch, {lines, block}, {lines, block});
  for (int k = 0; k < any.length; ++k) {
    int const place = at.backward && k != 0 ? any.length - k : k;
    join<T, W>(lines + block * k, at.count, T(1), at.to + place * at.to_stride);
  }
}

/// W interleaved lines, points `stride` numbers apart, to their transforms in blocks.
template <class T, int W>
[[gnu::noinline]] void arrive(AnyLine<T> const& any, T* scratch, T const* from,
                              std::ptrdiff_t stride, T* to) {
  using V = vec<T, W>;
  constexpr std::ptrdiff_t block = 2 * W;
  if (any.chirp != nullptr || any.length == 1) {
    for (int i = 0; i < any.length; ++i) split<T, W>(from + i * stride, W, to + block * i);
    return transform_bundle<T, W>(any, scratch, {to, block}, {to, block});
  }
  columns<T, W>(
      any.line, scratch,
      [&](int i) __attribute__((always_inline)) { return read_numbers<V>(from + i * stride); },
      [&](int k, Complex<V> number)
          __attribute__((always_inline)) { number.store(to + block * k); });
}
/// Blocks to interleaved lines by the backward transform; asks for the lines at `next`, if any.
template <class T, int W>
[[gnu::noinline]] void depart(AnyLine<T> const& any, T* scratch, T* from, T* to,
                              std::ptrdiff_t stride, T const* next) {
  using V = vec<T, W>;
  constexpr std::ptrdiff_t block = 2 * W;
  int const n = any.length;
  if (any.chirp != nullptr || n == 1) {
    transform_bundle<T, W>(any, scratch, {from, block}, {from, block});
    for (int k = 0; k < n; ++k)
      join<T, W>(from + block * k, W, T(1), to + (k == 0 ? 0 : n - k) * stride);
    return;
  }
  columns<T, W>(
      any.line, scratch,
      [&](int i) __attribute__((always_inline)) { return Complex<V>::load(from + block * i); },
      [&](int k, Complex<V> number) __attribute__((always_inline)) {
        auto const place = (k == 0 ? 0 : n - k) * stride;
        write_numbers(number, to + place);
        if (next == nullptr) return;
        prefetch<Near::second>(next + place);
        prefetch<Near::second>(next + place + W);
      });
}

}  // namespace inpex::fft
