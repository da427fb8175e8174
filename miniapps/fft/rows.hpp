// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rows of a plane on hosts: from interleaved memory to a plane buffer of blocks that fits a cache,
// and from that buffer back to memory. What leaves the buffer does so while new rows come in, so
// that loads and stores of memory overlap arithmetic; stores go past the caches.

#include "bundle.hpp"

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

/// Rows of x that come in together, interleaved.
template <class T>
struct ComingRows {
  T const* const* from;
  int count;
  bool exchanged;  ///< real and imaginary parts change places
};

/// Up to W rows of any length, into rows of the buffer from `to` on.
template <class T, int W>
void transform_rows(AnyLine<T> const& any, T* scratch, ComingRows<T> const& in, PlaneBuffer<T> to) {
  using V = vec<T, W>;
  constexpr std::ptrdiff_t block = 2 * W;
  int const n = any.length;
  T* const lines = scratch + bundle_scratch<T, W>(any) - block * (n + W);  // lanes are rows
  for (int i = 0; i < n; i += W) {
    V re[W], im[W];
    for (int r = 0; r < W; ++r) {
      alignas(64) T part[2 * W] = {};
      if (r < in.count) split<T, W>(in.from[r] + 2 * i, std::min(W, n - i), part);
      re[r] = V::load(part + (in.exchanged ? W : 0));
      im[r] = V::load(part + (in.exchanged ? 0 : W));
    }
    transpose(re);
    transpose(im);
    for (int l = 0; l < W; ++l) Complex<V>{re[l], im[l]}.store(lines + block * (i + l));
  }
  transform_bundle<T, W>(any, scratch, {lines, block}, {lines, block});
  for (int k = 0; k < n; k += W) {
    V re[W], im[W];
    for (int l = 0; l < W; ++l) {
      auto const number =
          k + l < n ? Complex<V>::load(lines + block * (k + l)) : Complex<V>{V::zero(), V::zero()};
      re[l] = number.re, im[l] = number.im;
    }
    transpose(re);
    transpose(im);
    for (int r = 0; r < in.count; ++r) Complex<V>{re[r], im[r]}.store(to.row(r) + 2 * k);
  }
}

}  // namespace inpex::fft
