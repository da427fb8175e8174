// SPDX-License-Identifier: Apache-2.0
#pragma once
// Transforms on hosts, W at a time: `columns` has W neighbouring lines in the lanes; `row` has W
// neighbouring points of one line in them, which must be long (Line::lanes_in_row). The first stage
// reads what `load` gives and leaves radix transforms that each fit the nearest cache; the last one
// gives its results to `out`, in no order that a caller may rely on.

#include "butterfly.hpp"
#include "line.hpp"

#include <inpex/shuffle.hpp>

#include <cstddef>

namespace inpex::fft {

/// Numbers of T that `columns` and `row` need to work in. One vector more a share than it has
/// points, because results of one butterfly a power of two apart would all meet in one set of the
/// cache.
template <class T, int W>
std::size_t scratch_numbers(Line<T> const& line) {
  auto const& first = line.stage[0];
  return static_cast<std::size_t>(2 * W) *
         static_cast<std::size_t>(first.radix * (first.after + 1) + 2 * first.after);
}

namespace detail {

/// A stage from `from`, vectors of complex numbers, to out(place, number).
template <int R, class T, int W, class Out>
[[gnu::always_inline]] inline void host_stage(Stage<T> const& stage, T const* from,
                                              Out const& out) {
  using V = vec<T, W>;
  using B = Butterfly<R>;
  int const before = stage.before, after = stage.after;
  for (int p = 0; p < after; ++p) {
    T const* const w = stage.twiddles + 2 * R * p;
    for (int q = 0; q < before; ++q) {
      Complex<V> a[R];
      unrolled<R>([&](auto k) __attribute__((always_inline)) {
        a[k] = Complex<V>::load(from + 2 * W * (q + before * (p + after * k)));
      });
      B::apply(a, stage.roots);
      int const to = q + before * R * p;
      out(to, a[0]);
      unrolled<R - 1>([&](auto left_out) __attribute__((always_inline)) {
        constexpr int r = left_out + 1;
        out(to + before * r, times(a[B::place(r)], w[2 * r], w[2 * r + 1]));
      });
    }
  }
}
template <int R, class T, int W>
[[gnu::noinline]] void middle_stage(Stage<T> const& stage, T const* from, T* to) {
  host_stage<R, T, W>(
      stage, from, [&](int place, Complex<vec<T, W>> number) __attribute__((always_inline)) {
        number.store(to + 2 * W * place);
      });
}
template <int R, class T, int W, class Out>
[[gnu::always_inline]] inline void last_stage(Stage<T> const& stage, T const* from,
                                              Out const& out) {
  using V = vec<T, W>;
  int const before = stage.before;
  for (int q = 0; q < before; ++q) {
    Complex<V> a[R];
    unrolled<R>([&](auto k) __attribute__((always_inline)) {
      a[k] = Complex<V>::load(from + 2 * W * (q + before * k));
    });
    Butterfly<R>::apply(a, stage.roots);
    unrolled<R>([&](auto k) __attribute__((always_inline)) {
      out(q + before * k, a[Butterfly<R>::place(k)]);
    });
  }
}

/// Stages 1.. of a share: `share` is overwritten; `spare` has room for one.
template <class T, int W, class Out>
[[gnu::always_inline]] inline void later_stages(Line<T> const& line, T* share, T* spare,
                                                Out const& out) {
  T* from = share;
  T* to = spare;
  for (int s = 1; s + 1 < line.stages; ++s) {
    with_radix(line.stage[s].radix,
               [&](auto radix) { middle_stage<radix, T, W>(line.stage[s], from, to); });
    auto* const read = from;
    from = to;
    to = read;
  }
  auto const& last = line.stage[line.stages - 1];
  with_small_radix(
      last.radix, [&](auto radix)
                      __attribute__((always_inline)) { last_stage<radix, T, W>(last, from, out); });
}

}  // namespace detail

/// W lines at once: load(i) is point i of them, out(k, number) takes point k of their transforms.
template <class T, int W, class Load, class Out>
[[gnu::always_inline]] inline void columns(Line<T> const& line, T* scratch, Load const& load,
                                           Out const& out) {
  using V = vec<T, W>;
  auto const& first = line.stage[0];
  int const share = first.after + 1;
  with_small_radix(
      first.radix, [&](auto radix) __attribute__((always_inline)) {
        constexpr int R = radix;
        for (int p = 0; p < first.after; ++p) {
          Complex<V> a[R];
          unrolled<R>([&](auto k)
                          __attribute__((always_inline)) { a[k] = load(p + first.after * k); });
          Butterfly<R>::apply(a, first.roots);
          if (line.stages == 1) {
            unrolled<R>([&](auto k)
                            __attribute__((always_inline)) { out(k, a[Butterfly<R>::place(k)]); });
            return;
          }
          T const* const w = first.twiddles + 2 * R * p;
          a[0].store(scratch + 2 * W * p);
          unrolled<R - 1>([&](auto left_out) __attribute__((always_inline)) {
            constexpr int r = left_out + 1;
            times(a[Butterfly<R>::place(r)], w[2 * r], w[2 * r + 1])
                .store(scratch + 2 * W * (r * share + p));
          });
        }
      });
  if (line.stages == 1) return;
  T* const spare = scratch + 2 * W * first.radix * share;
  for (int r = 0; r < first.radix; ++r)
    detail::later_stages<T, W>(
        line, scratch + 2 * W * r * share,
        spare, [&](int k, Complex<V> number) __attribute__((always_inline)) {
          out(r + first.radix * k, number);
        });
}

/// One line: load(i) is points i .. i + W - 1, out(k, number) takes points k .. k + W - 1 of its
/// transform, i and k multiples of W.
template <class T, int W, class Load, class Out>
[[gnu::always_inline]] inline void row(Line<T> const& line, T* scratch, Load const& load,
                                       Out const& out) {
  using V = vec<T, W>;
  auto const& first = line.stage[0];
  int const share = first.after + 1;
  auto const stage = [&](auto radix) __attribute__((always_inline)) {
    constexpr int R = radix;
    for (int p = 0; p < first.after; p += W) {
      Complex<V> a[R];
      unrolled<R>([&](auto k) __attribute__((always_inline)) { a[k] = load(p + first.after * k); });
      Butterfly<R>::apply(a, first.roots);
      T const* const w = line.row_twiddles + 2 * R * p;
      unrolled<R / W>([&](auto h) __attribute__((always_inline)) {
        V re[W], im[W];
        unrolled<W>([&](auto l) __attribute__((always_inline)) {
          constexpr int r = h * W + l;
          auto b = a[Butterfly<R>::place(r)];
          if constexpr (r > 0) b = times(b, V::load(w + 2 * W * r), V::load(w + 2 * W * r + W));
          re[l] = b.re, im[l] = b.im;
        });
        transpose(re);
        transpose(im);
        unrolled<W>([&](auto l) __attribute__((always_inline)) {
          Complex<V>{re[l], im[l]}.store(scratch + 2 * W * (h * share + p + l));
        });
      });
    }
  };
  if constexpr (W <= 16) first.radix == 16 || W > 8 ? stage(Radix<16>{}) : stage(Radix<8>{});
  T* const spare = scratch + 2 * W * (first.radix / W) * share;
  for (int h = 0; h < first.radix / W; ++h)
    detail::later_stages<T, W>(
        line, scratch + 2 * W * h * share,
        spare, [&](int k, Complex<V> number) __attribute__((always_inline)) {
          out(h * W + first.radix * k, number);
        });
}

}  // namespace inpex::fft
