// SPDX-License-Identifier: Apache-2.0
#pragma once
// Moves of elements between lanes: runs of pairs to two vectors and back, a square of elements
// turned over its diagonal, a vector back to front. Of the host alone: with one lane there is
// nothing to move.

#include <inpex/simd.hpp>

#include <cstddef>
#include <utility>

namespace inpex {

/// Two vectors, which are often the real and the imaginary parts of complex numbers.
template <class T, int W>
struct VecPair {
  vec<T, W> first, second;
};

namespace detail {

// Lane i of the result is element pick(i) of the run low, high.
template <class Pick, class Lanes, std::size_t... I>
[[gnu::always_inline]] inline Lanes picked(Lanes low, Lanes high, std::index_sequence<I...>) {
#if defined(__CUDACC__)  // nvcc 13.0 hands the pack to g++ without its expansion
  constexpr int width = static_cast<int>(sizeof...(I));
  Lanes result{};
  for (int i = 0; i < width; ++i) {
    int const from = Pick::of(i);
    result[i] = from < width ? low[from] : high[from - width];
  }
  return result;
#else
  return __builtin_shufflevector(low, high, Pick::of(static_cast<int>(I))...);
#endif
}
template <class Pick, class T, int W>
[[gnu::always_inline]] inline vec<T, W> pick(vec<T, W> low, vec<T, W> high) {
  return {picked<Pick>(low.lanes, high.lanes, std::make_index_sequence<W>{})};
}

struct Even {
  static constexpr int of(int i) { return 2 * i; }
};
struct Odd {
  static constexpr int of(int i) { return 2 * i + 1; }
};
template <int W, int Half>
struct Zipped {
  static constexpr int of(int i) { return (i + Half * W) / 2 + i % 2 * W; }
};
template <int W>
struct Backwards {
  static constexpr int of(int i) { return W - 1 - i; }
};
// Of two rows that are `Step` apart: what stays in the upper one, or moves to the lower one.
template <int W, int Step, bool Lower>
struct Turned {
  static constexpr int of(int i) {
    return (i & Step) == 0 ? i + (Lower ? Step : 0) : i + W - (Lower ? 0 : Step);
  }
};

template <int Step, class T, int W>
[[gnu::always_inline]] inline void turn(vec<T, W>* rows) {
  if constexpr (Step < W) {
    for (int i = 0; i < W; ++i)
      if ((i & Step) == 0) {
        auto const upper = rows[i], lower = rows[i + Step];
        rows[i] = pick<Turned<W, Step, false>>(upper, lower);
        rows[i + Step] = pick<Turned<W, Step, true>>(upper, lower);
      }
    turn<2 * Step>(rows);
  }
}

}  // namespace detail

/// The even and the odd elements of the run low, high.
template <class T, int W>
[[gnu::always_inline]] inline VecPair<T, W> unzip(vec<T, W> low, vec<T, W> high) {
  return {detail::pick<detail::Even>(low, high), detail::pick<detail::Odd>(low, high)};
}
/// The run whose even elements are `even` and whose odd ones are `odd`: the low and the high half.
template <class T, int W>
[[gnu::always_inline]] inline VecPair<T, W> zip(vec<T, W> even, vec<T, W> odd) {
  return {detail::pick<detail::Zipped<W, 0>>(even, odd),
          detail::pick<detail::Zipped<W, 1>>(even, odd)};
}
/// The lanes from last to first.
template <class T, int W>
[[gnu::always_inline]] inline vec<T, W> reversed(vec<T, W> v) {
  return detail::pick<detail::Backwards<W>>(v, v);
}
/// The same for one lane: nothing moves.
template <class T>
[[gnu::always_inline]] inline VecPair<T, 1> unzip(vec<T, 1> low, vec<T, 1> high) {
  return {low, high};
}
template <class T>
[[gnu::always_inline]] inline VecPair<T, 1> zip(vec<T, 1> even, vec<T, 1> odd) {
  return {even, odd};
}
template <class T>
[[gnu::always_inline]] inline vec<T, 1> reversed(vec<T, 1> v) {
  return v;
}

/// Element [i][j] of W vectors becomes element [j][i]: W log2(W) moves.
template <class T, int W>
[[gnu::always_inline]] inline void transpose(vec<T, W>* rows) {
  detail::turn<1>(rows);
}

}  // namespace inpex
