// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rows of a plane on hosts: from interleaved memory to a plane buffer of blocks that fits a cache,
// and from that buffer back to memory. What leaves the buffer does so while new rows come in, so
// that loads and stores of memory overlap arithmetic; stores go past the caches.

#include "bundle.hpp"

#include <algorithm>

namespace inpex::fft {

/// A plane of blocks, `pitch` numbers from row to row. One block more a row than it needs, because
/// rows a power of two apart would meet in one set of the cache.
template <class T>
struct PlaneBuffer {
  T* data;
  std::ptrdiff_t pitch;
  [[nodiscard]] T* row(int y) const { return data + y * pitch; }
};

/// Blocks that hold n numbers.
template <int W>
constexpr int blocks_of(int n) {
  return (n + W - 1) / W;
}
/// Numbers of a plane of nx by ny.
template <class T, int W>
constexpr std::ptrdiff_t buffer_pitch(int nx) {
  return std::ptrdiff_t{2 * W} * (blocks_of<W>(nx) + 1);
}

/// A row on its way from blocks to interleaved memory: block after block, times `scale`, with real
/// and imaginary parts exchanged if `exchanged`. Nothing if `to` is nullptr.
template <class T>
struct Leaving {
  T const* from = nullptr;
  T* to = nullptr;
  int count = 0;  ///< numbers of the row
  T scale = 1;
  bool exchanged = false;
};

namespace detail {

template <class T, int W>
[[gnu::always_inline]] inline VecPair<T, W> leaving_block(Leaving<T> const& row, int block) {
  using V = vec<T, W>;
  T const* const from = row.from + 2 * W * block;
  auto const first = V::load(from + (row.exchanged ? W : 0)),
             second = V::load(from + (row.exchanged ? 0 : W));
  return zip(row.scale * first, row.scale * second);
}
template <class T, int W>
[[gnu::always_inline]] inline void stream_block(Leaving<T> const& row, int block) {
  auto const run = leaving_block<T, W>(row, block);
  run.first.stream(row.to + 2 * W * block);
  run.second.stream(row.to + 2 * W * block + W);
}

}  // namespace detail

/// Whether the row may leave by streaming stores.
template <class T, int W>
bool streams(Leaving<T> const& row) {
  return row.to != nullptr && row.count % W == 0 &&
         reinterpret_cast<std::uintptr_t>(row.to) % (W * sizeof(T)) == 0;
}
/// The whole row leaves.
template <class T, int W>
[[gnu::noinline]] void leave_all(Leaving<T> const& row) {
  if (row.to == nullptr) return;
  int const whole = row.count / W;
  if (streams<T, W>(row)) {
    for (int block = 0; block < whole; ++block) detail::stream_block<T, W>(row, block);
    return;
  }
  for (int block = 0; block < whole; ++block) {
    auto const run = detail::leaving_block<T, W>(row, block);
    run.first.store_unaligned(row.to + 2 * W * block);
    run.second.store_unaligned(row.to + 2 * W * block + W);
  }
  for (int i = whole * W; i < row.count; ++i) {
    T const* const from = row.from + 2 * W * whole + i % W;
    row.to[2 * i] = row.scale * from[row.exchanged ? W : 0];
    row.to[2 * i + 1] = row.scale * from[row.exchanged ? 0 : W];
  }
}

/// A row of x comes in: interleaved at `from`, the one after next at `from + ahead`.
template <class T>
struct Coming {
  T const* from;
  std::ptrdiff_t ahead;
  bool exchanged;  ///< real and imaginary parts change places
};

/// The transform of a long row into `to`, blocks, while another leaves that may be there now.
template <class T, int W>
[[gnu::noinline]] void transform_row(Line<T> const& line, T* scratch, Coming<T> const& in, T* to,
                                     Leaving<T> const& out) {
  using V = vec<T, W>;
  bool const past = streams<T, W>(out), exchanged = in.exchanged;
  if (!past) leave_all<T, W>(out);
  int block = 0;
  row<T, W>(
      line, scratch,
      [&](int i) __attribute__((always_inline)) {
        auto const parts =
            unzip(V::load_unaligned(in.from + 2 * i), V::load_unaligned(in.from + 2 * i + W));
        T const* const next = in.from + in.ahead + 2 * W * block;  // line after line, in order
        prefetch<Near::second>(next);
        prefetch<Near::second>(next + W);
        if (past) detail::stream_block<T, W>(out, block);
        ++block;
        return exchanged ? Complex<V>{parts.second, parts.first}
                         : Complex<V>{parts.first, parts.second};
      },
      [&](int k, Complex<V> number) __attribute__((always_inline)) { number.store(to + 2 * k); });
}

/// Rows of x that come in together, interleaved; the ones after them are asked for if they follow
/// each other from `next` on.
template <class T>
struct ComingRows {
  T const* const* from;
  int count;
  bool exchanged;  ///< real and imaginary parts change places
  T const* next = nullptr;
};

namespace detail {

/// Points at .. at + W - 1 of row r, or what there is of them.
template <class T, int W>
[[gnu::always_inline]] inline Complex<vec<T, W>> row_points(ComingRows<T> const& in, int r, int at,
                                                            int n) {
  using V = vec<T, W>;
  T const* const from = in.from[r < in.count ? r : 0] + 2 * at;
  Complex<V> numbers;
  if (at + W <= n) {
    auto const parts = unzip(V::load_unaligned(from), V::load_unaligned(from + W));
    numbers = {parts.first, parts.second};
  } else {
    alignas(64) T part[2 * W];
    split<T, W>(from, n - at, part);
    numbers = Complex<V>::load(part);
  }
  return in.exchanged ? Complex<V>{numbers.im, numbers.re} : numbers;
}

/// Where a block of W points begins that ends at n at the latest, if n points are as many.
template <int W>
constexpr int last_block(int begin, int n) {
  return begin + W <= n || n < W ? begin : n - W;
}

}  // namespace detail

/// Up to W rows of any length, in the lanes: out(r, k, numbers) takes points k .. k + W - 1 of row
/// r, of which those from n on mean nothing. Blocks begin at multiples of W, or, if `within`, end
/// at n.
template <class T, int W, class Out>
[[gnu::always_inline]] inline void rows_in_lanes(AnyLine<T> const& any, T* scratch,
                                                 ComingRows<T> const& in, bool within,
                                                 Out const& out) {
  using V = vec<T, W>;
  constexpr std::ptrdiff_t block = 2 * W;
  int const n = any.length;
  T* const lines = row_blocks<T, W>(any, scratch);
  T const* next = in.next;
  for (int i = 0; i < n; i += W) {
    int const at = detail::last_block<W>(i, n);
    V re[W], im[W];
    unrolled<W>([&](auto r) __attribute__((always_inline)) {
      auto const numbers = detail::row_points<T, W>(in, r, at, n);
      re[r] = numbers.re, im[r] = numbers.im;
      if (next == nullptr) return;
      prefetch<Near::second>(next + 2 * W * r);
      prefetch<Near::second>(next + 2 * W * r + W);
    });
    if (next != nullptr) next += 2 * W * W;
    transpose(re);
    transpose(im);
    for (int l = 0; l < W; ++l) Complex<V>{re[l], im[l]}.store(lines + block * (at + l));
  }
  transform_bundle<T, W>(any, scratch, {lines, block}, {lines, block});
  for (int k = 0; k < n; k += W) {
    int const at = within ? detail::last_block<W>(k, n) : k;
    V re[W], im[W];
    for (int l = 0; l < W; ++l) {
      auto const number = Complex<V>::load(lines + block * (at + l));
      re[l] = number.re, im[l] = number.im;
    }
    transpose(re);
    transpose(im);
    unrolled<W>([&](auto r) __attribute__((always_inline)) {
      if (r < in.count) out(r, at, Complex<V>{re[r], im[r]});
    });
  }
}

/// Up to W rows of any length, into rows of the buffer from `to` on.
template <class T, int W>
[[gnu::noinline]] void transform_rows(AnyLine<T> const& any, T* scratch, ComingRows<T> const& in,
                                      PlaneBuffer<T> to) {
  rows_in_lanes<T, W>(
      any, scratch, in,
      false, [&](int r, int k, Complex<vec<T, W>> numbers) __attribute__((always_inline)) {
        numbers.store(to.row(r) + 2 * k);
      });
}

/// Up to W rows of any length to interleaved memory, rows `pitch` numbers apart, times `scale`.
template <class T, int W>
[[gnu::noinline]] void transform_rows_through(AnyLine<T> const& any, T* scratch,
                                              ComingRows<T> const& in, T* to, std::ptrdiff_t pitch,
                                              T scale) {
  bool const past =
      any.length % W == 0 && reinterpret_cast<std::uintptr_t>(to) % (W * sizeof(T)) == 0;
  rows_in_lanes<T, W>(
      any, scratch, in,
      true, [&](int r, int k, Complex<vec<T, W>> numbers) __attribute__((always_inline)) {
        auto const re = scale * numbers.re, im = scale * numbers.im;
        auto const run = in.exchanged ? zip(im, re) : zip(re, im);
        T* const at = to + r * pitch + 2 * k;
        if (past) {
          run.first.stream(at);
          run.second.stream(at + W);
        } else if (k + W <= any.length) {
          run.first.store_unaligned(at);
          run.second.store_unaligned(at + W);
        } else {
          alignas(64) T points[2 * W];
          run.first.store(points);
          run.second.store(points + W);
          std::copy_n(points, 2 * (any.length - k), at);
        }
      });
}

}  // namespace inpex::fft
