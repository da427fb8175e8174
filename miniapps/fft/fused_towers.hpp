// SPDX-License-Identifier: Apache-2.0
#pragma once
// Towers there and back with work on the waves between, in one pass over memory on hosts: lines of
// several arrays are transformed into the cache, an operation makes lines of others of them, number
// by number, and these are transformed back while they are stored.

#include "planes.hpp"

namespace inpex::fft {

/// Op: `inputs` and `outputs`, how many arrays are transformed there and back, the first of `data`
/// both; op(column, z, in, out) makes numbers out[outputs] of in[inputs], W neighbouring columns in
/// the lanes, which are of one row. W divides the columns of a row.
template <class T, int W, class Op>
struct FusedTowers {
  static constexpr char const* name = "waves";
  static constexpr int arrays = Op::inputs > Op::outputs ? Op::inputs : Op::outputs;
  AnyLine<T> z;
  T* data[arrays];
  std::ptrdiff_t pitch;
  std::int64_t columns;
  Op op;
  bool there;  ///< else op gets nothing that means anything

  void share(T* scratch, int part, int parts) const;
};

/// Numbers of T that a thread needs for so many lines of W columns.
template <class T, int W>
std::size_t fused_scratch(AnyLine<T> const& z, int lines) {
  return bundle_scratch<T, W>(z) + static_cast<std::size_t>(lines) *
                                       static_cast<std::size_t>(2 * W) *
                                       static_cast<std::size_t>(z.length + 1);
}

namespace detail {

template <class T, int W, class Op>
void operate(Op const& op, std::int64_t column, int length, T* in, T* out, std::ptrdiff_t room) {
  using V = vec<T, W>;
  for (int z = 0; z < length; ++z) {
    Complex<V> from[Op::inputs], to[Op::outputs];
    for (int i = 0; i < Op::inputs; ++i) from[i] = Complex<V>::load(in + i * room + 2 * W * z);
    op(column, z, from, to);
    for (int i = 0; i < Op::outputs; ++i) to[i].store(out + i * room + 2 * W * z);
  }
}

}  // namespace detail

template <class T, int W, class Op>
void FusedTowers<T, W, Op>::share(T* scratch, int part, int parts) const {
  int const n = z.length;
  auto const bundles = columns / W, first = bundles * part / parts,
             last = bundles * (part + 1) / parts;
  std::ptrdiff_t const room = std::ptrdiff_t{2 * W} * (n + 1);
  T* const in = scratch + bundle_scratch<T, W>(z);
  T* const out = in + Op::inputs * room;
  for (auto bundle = first; bundle < last; ++bundle) {
    auto const at = 2 * W * bundle;
    if (there)
      for (int i = 0; i < Op::inputs; ++i)
        arrive<T, W>(z, scratch, data[i] + at, pitch, in + i * room);
    detail::operate<T, W>(op, bundle * W, n, in, out, room);
    for (int i = 0; i < Op::outputs; ++i)
      depart<T, W>(z, scratch, out + i * room, data[i] + at, pitch,
                   bundle + 1 < last ? data[i] + at + 2 * W : nullptr);
  }
}

/// The operation alone, for devices, and for variant naive: number n of all, of `columns` a plane.
template <class T, int W, class Op>
struct OperateOnTowers {
  FusedTowers<T, W, Op> work;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t n) const {
    using V = vec<T, 1>;
    auto const column = n % work.columns;
    auto const z = static_cast<int>(n / work.columns);
    auto const at = z * work.pitch + 2 * column;
    Complex<V> from[Op::inputs], to[Op::outputs];
    for (int i = 0; i < Op::inputs; ++i) from[i] = read_numbers<V>(work.data[i] + at);
    work.op(column, z, from, to);
    for (int i = 0; i < Op::outputs; ++i) write_numbers(to[i], work.data[i] + at);
  }
};

}  // namespace inpex::fft
