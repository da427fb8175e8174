// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rows of a plane on hosts: from interleaved memory to a plane buffer of blocks that fits a cache,
// and from that buffer back to memory. What leaves the buffer does so while new rows come in, so
// that loads and stores of memory overlap arithmetic; stores go past the caches.

#include "bundle.hpp"

#include <inpex/prefetch.hpp>

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
/// Numbers from row to row of nx.
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
  T* edge = nullptr;  ///< room for a row; see leave_through
  bool last = false;  ///< no row follows it without a gap
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

namespace detail {

/// One of rows that lie behind each other from the begin of a vector on and leave in this order,
/// past the caches: what does not fill a vector waits at `edge` for the next one.
template <class T, int W>
[[gnu::noinline]] void leave_through(Leaving<T> const& row) {
  using V = vec<T, W>;
  auto const begun = static_cast<std::ptrdiff_t>(reinterpret_cast<std::uintptr_t>(row.to) %
                                                 (W * sizeof(T)) / sizeof(T));
  for (int block = 0; block < blocks_of<W>(row.count); ++block) {
    auto const run = leaving_block<T, W>(row, block);
    run.first.store_unaligned(row.edge + begun + 2 * W * block);
    run.second.store_unaligned(row.edge + begun + 2 * W * block + W);
  }
  auto const all = begun + 2 * row.count, whole = all / W * W;
  T* const to = row.to - begun;
  for (std::ptrdiff_t i = 0; i < whole; i += W) V::load(row.edge + i).stream(to + i);
  if (row.last)
    std::copy_n(row.edge + whole, all - whole, to + whole);
  else
    V::load(row.edge + whole).store(row.edge);
}

}  // namespace detail

/// The whole row leaves.
template <class T, int W>
[[gnu::noinline]] void leave_all(Leaving<T> const& row) {
  if (row.to == nullptr) return;
  int const whole = row.count / W;
  if (streams<T, W>(row)) {
    for (int block = 0; block < whole; ++block) detail::stream_block<T, W>(row, block);
    return;
  }
  if (row.edge != nullptr) return detail::leave_through<T, W>(row);
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
        auto const numbers = read_numbers<V>(in.from + 2 * i);
        T const* const next = in.from + in.ahead + 2 * W * block;  // line after line, in order
        prefetch<Near::second>(next);
        prefetch<Near::second>(next + W);
        if (past) detail::stream_block<T, W>(out, block);
        ++block;
        return exchanged ? Complex<V>{numbers.im, numbers.re} : numbers;
      },
      [&](int k, Complex<V> number) __attribute__((always_inline)) { number.store(to + 2 * k); });
}

/// Rows of x that come in together, interleaved. From `next` on, if there is one, as many lie
/// behind them: these are asked for, and may be read beyond the end of a row.
template <class T>
struct ComingRows {
  T const* const* from;
  int count;
  bool exchanged;  ///< real and imaginary parts change places
  T const* next = nullptr;
};

namespace detail {

/// Where a block of B points begins that ends at n at the latest, if n points are as many.
template <int B>
constexpr int last_block(int begin, int n) {
  return begin + B <= n || n < B ? begin : n - B;
}

/// W / 2 points of row r from `at` on, or what there is of them.
template <class T, int W>
[[gnu::always_inline]] inline vec<T, W> row_points(ComingRows<T> const& in, int r, int at, int n) {
  T const* const from = in.from[r < in.count ? r : 0] + 2 * at;
  if (at + W / 2 <= n || in.next != nullptr) return vec<T, W>::load_unaligned(from);
  alignas(64) T part[W] = {};
  std::copy_n(from, 2 * (n - at), part);
  return vec<T, W>::load(part);
}

/// Rows of n points to blocks, row r in lane r: squares of W / 2 points of W / 2 rows are turned.
template <class T, int W>
[[gnu::always_inline]] inline void rows_to_lanes(ComingRows<T> const& in, int n, T* lines) {
  using V = vec<T, W>;
  constexpr int B = W / 2;
  T const* next = in.next;
  for (int i = 0; i < n; i += B) {
    int const at = last_block<B>(i, n);
    V low[B], high[B];
    unrolled<B>([&](auto r) __attribute__((always_inline)) {
      low[r] = row_points<T, W>(in, r, at, n), high[r] = row_points<T, W>(in, B + r, at, n);
      if (next == nullptr) return;
      prefetch<Near::second>(next + W * r);
      prefetch<Near::second>(next + W * (B + r));
    });
    if (next != nullptr) next += W * W;
    transpose_runs(low);
    transpose_runs(high);
    unrolled<B>([&](auto p) __attribute__((always_inline)) {
      auto const parts = unzip(low[p], high[p]);
      auto const number = in.exchanged ? Complex<V>{parts.second, parts.first}
                                       : Complex<V>{parts.first, parts.second};
      number.store(lines + 2 * W * (at + p));
    });
  }
}
template <class T, int W>
requires(W == 1) void rows_to_lanes(ComingRows<T> const& in, int n, T* lines) {
  for (int i = 0; i < n; ++i) {
    auto const number = read_numbers<vec<T, 1>>(in.from[0] + 2 * i);
    (in.exchanged ? Complex<vec<T, 1>>{number.im, number.re} : number).store(lines + 2 * i);
  }
}

/// Blocks of n points, times `scale`, to interleaved rows: out(r, at, numbers) takes W / 2 points
/// of row r, from `at` on, of which those from n on mean nothing.
template <class T, int W, class Out>
[[gnu::always_inline]] inline void lanes_to_rows(T const* lines, int n, T scale, bool exchanged,
                                                 Out const& out) {
  using V = vec<T, W>;
  constexpr int B = W / 2;
  for (int k = 0; k < n; k += B) {
    int const at = last_block<B>(k, n);
    V low[B], high[B];
    unrolled<B>([&](auto p) __attribute__((always_inline)) {
      T const* const from = lines + 2 * W * (at + p);
      auto const run = zip(scale * V::load(from + (exchanged ? W : 0)),
                           scale * V::load(from + (exchanged ? 0 : W)));
      low[p] = run.first, high[p] = run.second;
    });
    transpose_runs(low);
    transpose_runs(high);
    unrolled<B>([&](auto r) __attribute__((always_inline)) { out(r, at, low[r]); });
    unrolled<B>([&](auto r) __attribute__((always_inline)) { out(B + r, at, high[r]); });
  }
}

}  // namespace detail

/// Up to W rows of any length, into rows of the buffer from `to` on.
template <class T, int W>
[[gnu::noinline]] void transform_rows(AnyLine<T> const& any, T* scratch, ComingRows<T> const& in,
                                      PlaneBuffer<T> to) {
  using V = vec<T, W>;
  constexpr std::ptrdiff_t block = 2 * W;
  T* const lines = row_blocks<T, W>(any, scratch);
  detail::rows_to_lanes<T, W>(in, any.length, lines);
  transform_bundle<T, W>(any, scratch, {lines, block}, {lines, block});
  for (int k = 0; k < any.length; k += W) {
    V re[W], im[W];
    for (int l = 0; l < W; ++l) {
      auto const number = Complex<V>::load(lines + block * (k + l));
      re[l] = number.re, im[l] = number.im;
    }
    transpose(re);
    transpose(im);
    unrolled<W>([&](auto r) __attribute__((always_inline)) {
      if (r < in.count) Complex<V>{re[r], im[r]}.store(to.row(r) + 2 * k);
    });
  }
}

/// Up to W rows of any length to interleaved memory, one behind the other, times `scale`. W of them
/// leave past the caches: where a point may begin anywhere in a vector, by way of the scratch
/// memory.
template <class T, int W>
[[gnu::noinline]] void transform_rows_through(AnyLine<T> const& any, T* scratch,
                                              ComingRows<T> const& in, T* to, T scale) {
  using V = vec<T, W>;
  constexpr std::ptrdiff_t block = 2 * W;
  int const n = any.length;
  T* const lines = row_blocks<T, W>(any, scratch);
  detail::rows_to_lanes<T, W>(in, n, lines);
  transform_bundle<T, W>(any, scratch, {lines, block}, {lines, block});
  if constexpr (W == 1) {
    for (int k = 0; k < n; ++k) {
      auto const number = Complex<V>::load(lines + 2 * k);
      auto const re = scale * number.re, im = scale * number.im;
      write_numbers(in.exchanged ? Complex<V>{im, re} : Complex<V>{re, im}, to + 2 * k);
    }
  } else {
    bool const past = in.count == W && reinterpret_cast<std::uintptr_t>(to) % (W * sizeof(T)) == 0;
    bool const direct = past && 2 * n % W == 0;
    T* const rows = direct ? to : scratch;
    detail::lanes_to_rows<T, W>(
        lines, n, scale, in.exchanged, [&](int r, int k, V points) __attribute__((always_inline)) {
          T* const at = rows + std::ptrdiff_t{2} * n * r + 2 * k;
          direct ? points.stream(at) : points.store_unaligned(at);
        });
    if (past && !direct)
      for (std::ptrdiff_t i = 0; i < block * n; i += W) V::load(rows + i).stream(to + i);
    else if (!past)
      std::copy_n(rows, std::ptrdiff_t{2} * n * in.count, to);
  }
}

}  // namespace inpex::fft
