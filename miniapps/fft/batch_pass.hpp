// SPDX-License-Identifier: Apache-2.0
#pragma once
// Many lines that lie one behind the other, by threads: each is read once and written once. While a
// long line comes in, the one before leaves past the caches.

#include "planes.hpp"

#include <inpex/launch.hpp>

namespace inpex::fft {

/// `lines` lines of x.length points from `from` to another array, times `scale`; backward with real
/// and imaginary parts exchanged on both ways.
template <class T>
struct BatchWork {
  AnyLine<T> x;
  bool lanes_in_row;
  T const* from;
  T* to;
  std::int64_t lines;
  T scale;
  bool exchanged;
};

/// Numbers of T that a thread needs.
template <class T, int W>
std::size_t batch_scratch(AnyLine<T> const& x) {
  return bundle_scratch<T, W>(x) + 2 * W * W +
         W * static_cast<std::size_t>(buffer_pitch<T, W>(x.length));
}

/// Lines first .. last - 1, by one thread.
template <class T, int W>
void transform_batch(BatchWork<T> const& work, T* scratch, std::int64_t first, std::int64_t last) {
  int const n = work.x.length;
  std::ptrdiff_t const pitch = std::ptrdiff_t{2} * n;
  PlaneBuffer<T> const buffer{scratch + bundle_scratch<T, W>(work.x) + 2 * W * W,
                              buffer_pitch<T, W>(n)};
  auto const leaving = [&](int row, std::int64_t line) -> Leaving<T> {
    if (line < first) return {};
    return {buffer.row(row), work.to + line * pitch, n, work.scale, work.exchanged};
  };
  for (auto line = first; line < last; line += work.lanes_in_row ? 1 : W) {
    if (work.lanes_in_row) {
      transform_row<T, W>(work.x.line, scratch, {work.from + line * pitch, pitch, work.exchanged},
                          buffer.row(0), leaving(0, line - 1));
      continue;
    }
    int const count = static_cast<int>(std::min<std::int64_t>(W, last - line));
    T const* rows[W];
    for (int r = 0; r < count; ++r) rows[r] = work.from + (line + r) * pitch;
    transform_rows<T, W>(work.x, scratch, {rows, count, work.exchanged}, buffer);
    for (int r = 0; r < count; ++r) leave_all<T, W>(leaving(r, line + r));
  }
  if (work.lanes_in_row) leave_all<T, W>(leaving(0, last - 1));
  stream_fence();
}

/// Lines shared out among threads.
template <class T, int W>
struct BatchPass {
  static constexpr char const* name = "lines";
  BatchWork<T> work;
  T* scratch;
  std::ptrdiff_t scratch_size;
  int threads;

  [[nodiscard]] int tiles() const { return threads; }
  void tile(int t) const {
    transform_batch<T, W>(work, scratch + t * scratch_size, work.lines * t / threads,
                          work.lines * (t + 1) / threads);
  }
  [[nodiscard]] int teams() const { return 0; }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const&) const {}
};

}  // namespace inpex::fft
