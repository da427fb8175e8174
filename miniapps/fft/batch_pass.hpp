// SPDX-License-Identifier: Apache-2.0
#pragma once
// Many lines that lie one behind the other, by threads: each is read once and written once. While a
// long line comes in, the one before leaves past the caches.

#include "rows.hpp"

#include <algorithm>

namespace inpex::fft {

/// `lines` lines of x.length points from `from` to another array or to the same one, times `scale`;
/// backward with real and imaginary parts exchanged on both ways.
template <class T, int W>
struct BatchWork {
  static constexpr char const* name = "lines";
  AnyLine<T> x;
  bool lanes_in_row;
  T const* from;
  T* to;
  std::int64_t lines;
  T scale;
  bool exchanged;

  void share(T* scratch, int part, int parts) const;
};

/// Numbers of T that a thread needs.
template <class T, int W>
std::size_t batch_scratch(AnyLine<T> const& x) {
  return rows_scratch<T, W>(x) + static_cast<std::size_t>(buffer_pitch<T, W>(x.length));
}

namespace detail {

/// Long lines one by one.
template <class T, int W>
void long_lines(BatchWork<T, W> const& work, T* scratch, std::int64_t first, std::int64_t last) {
  int const n = work.x.length;
  std::ptrdiff_t const pitch = std::ptrdiff_t{2} * n;
  T* const buffer = scratch + rows_scratch<T, W>(work.x);
  auto const leaving = [&](std::int64_t line) -> Leaving<T> {
    if (line < first) return {};
    return {buffer, work.to + line * pitch, n, work.scale, work.exchanged};
  };
  for (auto line = first; line < last; ++line)
    transform_row<T, W>(work.x.line, scratch, {work.from + line * pitch, pitch, work.exchanged},
                        buffer, leaving(line - 1));
  leave_all<T, W>(leaving(last - 1));
}

/// Short lines W at a time.
template <class T, int W>
void short_lines(BatchWork<T, W> const& work, T* scratch, std::int64_t first, std::int64_t last) {
  std::ptrdiff_t const pitch = std::ptrdiff_t{2} * work.x.length;
  for (auto line = first; line < last; line += W) {
    int const count = static_cast<int>(std::min<std::int64_t>(W, last - line));
    T const* rows[W];
    for (int r = 0; r < count; ++r) rows[r] = work.from + (line + r) * pitch;
    T const* const next = line + 2 * W <= last ? work.from + (line + W) * pitch : nullptr;
    transform_rows_through<T, W>(work.x, scratch, {rows, count, work.exchanged, next},
                                 work.to + line * pitch, work.scale);
  }
}

}  // namespace detail

/// Lines first .. last - 1, by one thread.
template <class T, int W>
void transform_batch(BatchWork<T, W> const& work, T* scratch, std::int64_t first,
                     std::int64_t last) {
  work.lanes_in_row ? detail::long_lines<T, W>(work, scratch, first, last)
                    : detail::short_lines<T, W>(work, scratch, first, last);
  stream_fence();
}

template <class T, int W>
void BatchWork<T, W>::share(T* scratch, int part, int parts) const {
  auto const first = [&](int n) { return std::min(lines, (lines + W - 1) / W * n / parts * W); };
  transform_batch<T, W>(*this, scratch, first(part), first(part + 1));
}

}  // namespace inpex::fft
