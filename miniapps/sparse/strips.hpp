// SPDX-License-Identifier: Apache-2.0
#pragma once
// The format in which products and sweeps read a matrix: sliced ELLPACK with C rows to a chunk, one
// lane each (SELL-C: Kreutzer et al., SIAM J. Sci. Comput. 36, 2014). A chunk whose rows read
// columns that lie as they do, lane by lane next to each other, is a lane-contiguous one: it keeps
// one distance a slot in place of C columns, and chunks with equal distances share the list. All
// other chunks keep every column. Values are kept in full for each non-zero, or, where that is
// asked for, once for all chunks that are equal.

#include <inpex/memory.hpp>
#include <inpex/prefetch.hpp>
#include <inpex/simd.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace inpex::sparse {

/// Rows of a chunk: the lanes of a host's vector, or a warp.
template <Space S, class T>
inline constexpr int chunk_rows = is_host<S> ? native_lanes<T> : 32;

/// Vectors that a packed matrix reads have this many elements before the first row and after the
/// last: an absent entry of a lane at the edge is a zero times one of them.
inline constexpr int guard = 64;

/// One chunk: where its values begin, in slots, and its list of distances.
struct Chunk {
  std::uint32_t slot;
  std::uint32_t shape;
};

/// A packed matrix as kernels see it; a few pointers.
template <class T, int C>
struct Strips {
  using Value = T;
  static constexpr int rows = C;
  Chunk const* chunks;  ///< [chunks]
  int const* shapes;    ///< n, then n distances; or -n, then where the columns begin, in slots
  int const* columns;   ///< [C] a slot, of chunks that are not lane-contiguous
  T const* values;      ///< [C] a slot

  /// The sum of entries times x over the rows of a chunk from `lane` on: all of them with W = C,
  /// one with W = 1. `x` is at place 0. 2 flops an entry: a multiply and an add fused.
  template <int W>
  constexpr vec<T, W> times(int chunk, int lane, T const* x) const;
};

namespace detail {

inline constexpr int longest_unrolled = 27;
inline constexpr int bytes_ahead = 4096;  ///< the stream of values is asked for so far ahead

/// N slots with everything known to the compiler: four sums hide the latency of an addition, and a
/// loop of unknown length cost a fifth.
template <class T, int C, int N>
vec<T, C> unrolled(T const* values, int const* distance, T const* x) {
  using V = vec<T, C>;
  V sum[4] = {};
  [&]<int... I>(std::integer_sequence<int, I...>) {
    ((prefetch<Near::second>(reinterpret_cast<char const*>(values + I * C) + bytes_ahead),
      sum[I & 3] = fused(V::load(values + I * C), V::load_unaligned(x + distance[I]), sum[I & 3])),
     ...);
  }
  (std::make_integer_sequence<int, N>{});
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/// f(s, s % N) for all slots. The second is known to the compiler: an array with any other index
/// lies in memory, which devices feel at each slot.
template <int N, class F>
constexpr void by_turns(int slots, F const& f) {
  int s = 0;
  for (; s + N <= slots; s += N)
    for (int n = 0; n < N; ++n) f(s + n, n);
  for (int n = 0; n < N - 1; ++n)
    if (s + n < slots) f(s + n, n);
}

/// The same for any number of slots, and for one lane.
template <int W, class T, int C>
constexpr vec<T, W> looped(int slots, T const* values, int const* distance, T const* x) {
  using V = vec<T, W>;
  V sum[4] = {V::zero(), V::zero(), V::zero(), V::zero()};
  by_turns<4>(slots, [&](int s, int n) {
    sum[n] = fused(V::load(values + s * C), V::load_unaligned(x + distance[s]), sum[n]);
  });
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

template <class T, int C>
struct Unrolled {
  using Function = vec<T, C> (*)(T const*, int const*, T const*);
  template <int... N>
  static constexpr std::array<Function, sizeof...(N)> make(std::integer_sequence<int, N...>) {
    return {unrolled<T, C, N>...};
  }
  static constexpr auto table = make(std::make_integer_sequence<int, longest_unrolled + 1>{});
};

/// Slots whose columns are all kept.
template <int W, class T, int C>
constexpr vec<T, W> gathered(int slots, T const* values, int const* columns, T const* x) {
  vec<T, W> sum[2] = {vec<T, W>::zero(), vec<T, W>::zero()};
  by_turns<2>(slots, [&](int s, int n) {
    if constexpr (W > 1) {
      prefetch<Near::second>(reinterpret_cast<char const*>(values + s * C) + bytes_ahead);
      prefetch<Near::second>(reinterpret_cast<char const*>(columns + s * C) + bytes_ahead / 2);
    }
    sum[n] = fused(vec<T, W>::load(values + s * C), vec<T, W>::gather(x, columns + s * C), sum[n]);
  });
  return sum[0] + sum[1];
}

}  // namespace detail

template <class T, int C>
template <int W>
constexpr vec<T, W> Strips<T, C>::times(int chunk, int lane, T const* x) const {
  Chunk const here = chunks[chunk];
  int const* const shape = shapes + here.shape;
  T const* const from = values + std::size_t{here.slot} * C + lane;
  int const slots = shape[0];
  if (slots < 0)
    return detail::gathered<W, T, C>(-slots, from, columns + std::size_t(shape[1]) * C + lane, x);
  T const* const base = x + chunk * C + lane;
  if constexpr (W == 1) {
    return detail::looped<W, T, C>(slots, from, shape + 1, base);
  } else {
    if (slots <= detail::longest_unrolled)
      return detail::Unrolled<T, C>::table[static_cast<std::size_t>(slots)](from, shape + 1, base);
    return detail::looped<W, T, C>(slots, from, shape + 1, base);
  }
}

}  // namespace inpex::sparse
