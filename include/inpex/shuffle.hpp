// SPDX-License-Identifier: Apache-2.0
#pragma once
// Moves of elements between lanes: runs of pairs to two vectors and back, squares of elements
// turned over their diagonals, a vector back to front, records to vectors of their fields; and sums
// of lanes. Of the host alone, but for sums and records of one lane: with one lane there is nothing
// to move.

#include <inpex/simd.hpp>

#include <cstddef>
#include <utility>

namespace inpex {

/// Two vectors, which are often the real and the imaginary parts of complex numbers.
template <class T, int W>
struct VecPair {
  vec<T, W> first, second;
};

/// Three vectors, which are often the coordinates of W places.
template <class T, int W>
struct VecTriple {
  vec<T, W> x, y, z;
};

namespace detail {

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

// Squares of N x N elements, from the step on.
template <int Step, int N, class T, int W>
[[gnu::always_inline]] inline void turn(vec<T, W>* rows) {
  if constexpr (Step < N) {
    for (int i = 0; i < N; ++i)
      if ((i & Step) == 0) {
        auto const upper = rows[i], lower = rows[i + Step];
        rows[i] = pick<Turned<W, Step, false>>(upper, lower);
        rows[i + Step] = pick<Turned<W, Step, true>>(upper, lower);
      }
    turn<2 * Step, N>(rows);
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
  detail::turn<1, W>(rows);
}
/// The same for each square of 4 x 4 in four vectors: element [i][4 n + j] becomes [j][4 n + i].
template <class T, int W>
[[gnu::always_inline]] inline void transpose_fours(vec<T, W>* rows) {
  static_assert(W % 4 == 0);
  detail::turn<1, 4>(rows);
}

namespace detail {
// The even or the odd ones of runs of two elements.
template <bool Odd>
struct RunsOfTwo {
  static constexpr int of(int i) { return i / 2 * 4 + i % 2 + (Odd ? 2 : 0); }
};
// Runs first, first + step, ... of `Count` rows, to every step-th of `columns`.
template <int Count, class T, int W>
[[gnu::always_inline]] inline void turn_runs(vec<T, W> const* rows, vec<T, W>* columns, int step) {
  if constexpr (Count == 1) {
    columns[0] = rows[0];
  } else {
    vec<T, W> even[Count / 2], odd[Count / 2];
    for (int i = 0; i < Count / 2; ++i) {
      even[i] = pick<RunsOfTwo<false>>(rows[2 * i], rows[2 * i + 1]);
      odd[i] = pick<RunsOfTwo<true>>(rows[2 * i], rows[2 * i + 1]);
    }
    turn_runs<Count / 2>(even, columns, 2 * step);
    turn_runs<Count / 2>(odd, columns + step, 2 * step);
  }
}
}  // namespace detail

/// The same for W / 2 vectors of runs of two: run [i][j] becomes run [j][i].
template <class T, int W>
[[gnu::always_inline]] inline void transpose_runs(vec<T, W>* rows) {
  vec<T, W> columns[W / 2];
  detail::turn_runs<W / 2>(rows, columns, 1);
  for (int i = 0; i < W / 2; ++i) rows[i] = columns[i];
}

/// One vector, `low` before `high`.
template <class T, int W>
[[gnu::always_inline]] inline vec<T, 2 * W> joined(vec<T, W> low, vec<T, W> high) {
  return detail::picked<detail::Shifted<0>>(low, high, std::make_index_sequence<2 * W>{});
}

namespace detail {
template <int W, class T>
[[gnu::always_inline]] inline VecTriple<T, W> gather_lanes(T const* records, int const* place) {
  auto const record = [&](int n) {
    return vec<T, 4>::load(records + std::ptrdiff_t{4} * place[n]);
  };
  if constexpr (W == 4) {
    vec<T, 4> rows[4] = {record(0), record(1), record(2), record(3)};
    transpose_fours(rows);
    return {rows[0], rows[1], rows[2]};
  } else if constexpr (W == 8) {
    vec<T, 8> rows[4];
    for (int n = 0; n < 4; ++n) rows[n] = joined(record(n), record(n + 4));
    transpose_fours(rows);
    return {rows[0], rows[1], rows[2]};
  } else {
    VecTriple<T, W> result;
    for (int n = 0; n < W; ++n) {
      auto const each = record(n);
      result.x.lanes[n] = each.lanes[0], result.y.lanes[n] = each.lanes[1],
      result.z.lanes[n] = each.lanes[2];
    }
    return result;
  }
}
template <class T>
KOKKOS_FORCEINLINE_FUNCTION VecTriple<T, 1> gather_lane(T const* records, int const* place) {
  T const* const from = records + std::ptrdiff_t{4} * *place;
  return {{from[0]}, {from[1]}, {from[2]}};
}
}  // namespace detail

/// Lane n of x, y and z are the first three numbers of record place[n]. Records are four numbers
/// each and start at a multiple of their size.
template <int W, class T>
constexpr VecTriple<T, W> gather_records(T const* records, int const* place) {
  if constexpr (W == 1)
    return detail::gather_lane(records, place);
  else
    return detail::gather_lanes<W>(records, place);
}

/// The sum of the lanes, always in the same order: halves of the vector are added, until one lane
/// is left.
template <class T>
KOKKOS_FORCEINLINE_FUNCTION T sum_of_lanes(vec<T, 1> v) {
  return v.lanes;
}
template <class T, int W>
[[gnu::always_inline]] inline T sum_of_lanes(vec<T, W> v) {
  T sum[W];
  for (int lane = 0; lane < W; ++lane) sum[lane] = v.lanes[lane];
  for (int half = W / 2; half > 0; half /= 2)
    for (int lane = 0; lane < half; ++lane) sum[lane] += sum[lane + half];
  return sum[0];
}

namespace detail {
// Of 2 * Step rows. Each step adds neighbours, or what were neighbours.
template <int Step, class T, int W>
[[gnu::always_inline]] inline vec<T, W> folded(vec<T, W> const* rows) {
  if constexpr (Step == 1) {
    return pick<Turned<W, 1, false>>(rows[0], rows[1]) + pick<Turned<W, 1, true>>(rows[0], rows[1]);
  } else {
    auto const upper = folded<Step / 2>(rows), lower = folded<Step / 2>(rows + Step);
    return pick<RunsOfTwo<false>>(upper, lower) + pick<RunsOfTwo<true>>(upper, lower);
  }
}
}  // namespace detail

/// Lane l of the result is the sum of the lanes of rows[l], of W vectors, neighbours first: W - 1
/// additions of vectors.
template <class T, int W>
[[gnu::always_inline]] inline vec<T, W> sums_of_lanes(vec<T, W> const* rows) {
  return detail::folded<W / 2>(rows);
}

}  // namespace inpex
