// SPDX-License-Identifier: Apache-2.0
#pragma once
// The inner loop of every stencil on hosts: R rows in Q planes go along x together, a vector of
// cells each at a time. What one point of the group has loaded the others take from registers;
// along x values come by lane shifts of aligned loads, which never split a cache line.

#include "neighbourhood.hpp"

#include <inpex/lattice.hpp>
#include <inpex/prefetch.hpp>
#include <inpex/simd.hpp>

#include <algorithm>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace inpex::stencil {

namespace detail {

template <class F, int... n>
[[gnu::always_inline]] inline void for_each_of(F const& f, std::integer_sequence<int, n...>) {
  (f(std::integral_constant<int, n>{}), ...);
}
/// f(0), ..., f(N - 1) with compile-time numbers.
template <int N, class F>
[[gnu::always_inline]] inline void unrolled(F const& f) {
  for_each_of(f, std::make_integer_sequence<int, N>{});
}

}  // namespace detail

/// How results leave: kept in cache, or past it because they are not read again soon.
enum class Store { cached, streamed };

/// Where rows of x are that are first read by the next group of rows, seen from the first row of
/// this one: `piece` is what is swept group by group, and the next piece is `next_piece` cells on.
struct Ahead {
  Box piece;
  int j;  // the first row of this group
  std::ptrdiff_t pitch, next_piece;

  /// `rows` on in a plane that is read `reach` rows beyond the piece; past the last of these, the
  /// first one of the next piece.
  [[nodiscard]] std::ptrdiff_t operator()(int rows, int reach) const {
    bool const inside = j + rows < piece.upper[1] + reach;
    return inside ? rows * pitch : next_piece - (piece.extent(1) - rows) * pitch;
  }
};

/// The rows of a group, and where their neighbours are. Pointers are to the cell x = 0 of the
/// group's first row; plane z of `in` is in[z + radius], z from -radius to Q + radius - 1. All rows
/// start at whole cache lines, and a vector before the first and after the last cell can be read.
template <class T, Point P, int R, int Q>
struct Rows {
  static constexpr int radius = P::radius;
  // A shift reaches the radius; in an audit no further, so that all that is read is used.
  static constexpr int lanes = native_lanes<T> == 1 ? radius : std::max(native_lanes<T>, 4);
  static_assert(radius <= lanes);
  using V = vec<T, lanes>;

  T const* in[Q + 2 * radius];
  T* out[Q];
  T const* before[Q];       // what P::updates reads
  T const* coefficient[Q];  // what P::coefficients reads
  std::ptrdiff_t in_pitch, out_pitch, before_pitch, coefficient_pitch;
  T const* soon[Q];           // rows of `in` that the next group reads first, and
  std::ptrdiff_t other_soon;  // how far on it reads `before` and `coefficient`

  /// Sets what is read soon; plane z of `in` is `plane` cells above the group's first row `here`.
  void look_ahead(T const* here, std::ptrdiff_t plane, Ahead const& ahead) {
    for (int q = 0; q < Q; ++q) {
      int const z = q + radius,
                reach = z < Q ? radius : 0;  // the planes that this group reads first
      soon[q] = here + z * plane + ahead(R + reach, reach);
    }
    other_soon = ahead(R, 0);
  }
  /// Computes the cells from <= x < to of every row; with `Ask`, asks memory for what is read soon.
  template <Store store, bool Ask>
  void sweep(P const& point, int from, int to) const;
};

namespace detail {

/// The registers of a group whose point reads cells: those of its rows, and beside them along x.
template <class T, Point P, int R, int Q>
struct CellWindow {
  using Group = Rows<T, P, R, Q>;
  using V = typename Group::V;
  static constexpr int radius = P::radius, lanes = Group::lanes;
  Group const& group;
  V previous[Q][R], next[Q][R];
  V along[Q + 2 * radius][R];  // z from -radius of the first plane

  [[gnu::always_inline]] CellWindow(P const&, Group const& rows, int i) : group(rows) {
    each([&](auto q, auto r) __attribute__((always_inline)) {
      along[q + radius][r] = load(q, r, i - lanes);
      next[q][r] = load(q, r, i);
    });
  }
  /// The window of the vector at i, when it was that of the one before.
  [[gnu::always_inline]] void advance(int i) {
    each([&](auto q, auto r) __attribute__((always_inline)) {
      previous[q][r] = along[q + radius][r];
      along[q + radius][r] = next[q][r];
      next[q][r] = load(q, r, i + lanes);
    });
    unrolled<radius * R>([&](auto n) __attribute__((always_inline)) {
      constexpr int z = n / R, r = n % R;
      along[z][r] = load(z - radius, r, i);
      along[Q + radius + z][r] = load(Q + z, r, i);
    });
  }
  template <int q, int r, class O>
  [[gnu::always_inline]] V at(O, int i) const {
    if constexpr (O::y == 0 && O::z == 0 && O::x < 0)
      return shift<lanes + O::x>(previous[q][r], along[q + radius][r]);
    else if constexpr (O::y == 0 && O::z == 0 && O::x > 0)
      return shift<O::x>(along[q + radius][r], next[q][r]);
    else if constexpr (O::x == 0 && r + O::y >= 0 && r + O::y < R)
      return along[q + O::z + radius][r + O::y];
    else if constexpr (O::x == 0)
      return load(q + O::z, r + O::y, i);
    else
      return V::load_unaligned(group.in[q + O::z + radius] + (r + O::y) * group.in_pitch + i +
                               O::x);
  }

 private:
  template <class F>
  [[gnu::always_inline]] static void each(F const& f) {
    unrolled<Q * R>([&](auto n) __attribute__((always_inline)) {
      f(std::integral_constant<int, n / R>{}, std::integral_constant<int, n % R>{});
    });
  }
  [[gnu::always_inline]] V load(int z, int row, int i) const {
    return V::load(group.in[z + radius] + row * group.in_pitch + i);
  }
};

/// The registers of a group whose point reads columns: the shares of three vectors of them along x.
template <class T, Point P, int R, int Q>
struct ColumnWindow {
  using Group = Rows<T, P, R, Q>;
  using V = typename Group::V;
  static constexpr int radius = P::radius, lanes = Group::lanes;
  using Registers = Shares<V>[Q][R];
  P const point;  // a copy, which no store of results can change
  Group const& group;
  Registers previous, here, next;

  [[gnu::always_inline]] ColumnWindow(P const& of, Group const& rows, int i)
      : point(of), group(rows) {
    load(here, i - lanes);
    load(next, i);
  }
  [[gnu::always_inline]] void advance(int i) {
    unrolled<Q * R>([&](auto n) __attribute__((always_inline)) {
      constexpr int q = n / R, r = n % R;
      previous[q][r] = here[q][r];
      here[q][r] = next[q][r];
    });
    load(next, i + lanes);
  }
  template <int q, int r, class O>
  [[gnu::always_inline]] Shares<V> column(O) const {
    if constexpr (O::x < 0)
      return shifted<lanes + O::x>(previous[q][r], here[q][r]);
    else if constexpr (O::x > 0)
      return shifted<O::x>(here[q][r], next[q][r]);
    else
      return here[q][r];
  }

 private:
  template <int lane>
  [[gnu::always_inline]] static Shares<V> shifted(Shares<V> const& west, Shares<V> const& east) {
    return {shift<lane>(west.own, east.own), shift<lane>(west.beside, east.beside)};
  }
  // The cells of the columns of one vector of the group.
  struct Slice {
    V cells[Q + 2 * radius][R + 2 * radius];
    template <int q, int r>
    struct View {
      Slice const& slice;
      template <class O>
      [[gnu::always_inline]] V operator()(O) const {
        return slice.cells[q + O::z + radius][r + O::y + radius];
      }
    };
  };
  [[gnu::always_inline]] void load(Registers& columns, int i) const {
    Slice slice;
    unrolled<(Q + 2 * radius) * (R + 2 * radius)>([&](auto n) __attribute__((always_inline)) {
      constexpr int z = n / (R + 2 * radius), y = n % (R + 2 * radius);
      slice.cells[z][y] = V::load(group.in[z] + (y - radius) * group.in_pitch + i);
    });
    unrolled<Q * R>([&](auto n) __attribute__((always_inline)) {
      constexpr int q = n / R, r = n % R;
      columns[q][r] = point.column(typename Slice::template View<q, r>{slice});
    });
  }
};

template <class T, Point P, int R, int Q>
struct WindowOf {
  using type = CellWindow<T, P, R, Q>;
};
template <class T, Point P, int R, int Q>
requires Columned<P>
struct WindowOf<T, P, R, Q> {
  using type = ColumnWindow<T, P, R, Q>;
};

/// What the point at row r of plane q sees of a window.
template <class Window, int q, int r>
struct Lanes {
  Window const& window;
  int i;

  template <class O>
  [[gnu::always_inline]] auto operator()(O at) const {
    return window.template at<q, r>(at, i);
  }
  template <class P, class O>
  [[gnu::always_inline]] auto column(P const&, O at) const {
    return window.template column<q, r>(at);
  }
  [[gnu::always_inline]] auto before() const {
    auto const& group = window.group;
    return Window::V::load(group.before[q] + r * group.before_pitch + i);
  }
  [[gnu::always_inline]] auto coefficient() const {
    auto const& group = window.group;
    return Window::V::load(group.coefficient[q] + r * group.coefficient_pitch + i);
  }
};

}  // namespace detail

// All that it calls is inlined at once and by force: the compiler keeps a window in registers only
// when it sees no call before it splits the window up; otherwise it is two to four times slower.
template <class T, Point P, int R, int Q>
template <Store store, bool Ask>
inline void Rows<T, P, R, Q>::sweep(P const& point, int from, int to) const {
  using Window = typename detail::WindowOf<T, P, R, Q>::type;
  int i = from & ~(lanes - 1);  // rounds down, below zero too
  Window window(point, *this, i);
  auto const next_vector = [&](auto whole) __attribute__((always_inline)) {
    for (int n = 0; Ask && n < Q * R; ++n) {
      int const q = n / R, r = n % R;
      prefetch<Near::second>(soon[q] + r * in_pitch + i);
      if (P::updates) prefetch<Near::second>(before[q] + r * before_pitch + i + other_soon);
      if (P::coefficients)
        prefetch<Near::second>(coefficient[q] + r * coefficient_pitch + i + other_soon);
    }
    window.advance(i);
    V values[Q][R];  // all before the first is stored: the compiler need not load anything again
    detail::unrolled<Q * R>([&](auto n) __attribute__((always_inline)) {
      constexpr int q = n / R, r = n % R;
      values[q][r] = point(detail::Lanes<Window, q, r>{window, i});
    });
    detail::unrolled<Q * R>([&](auto n) __attribute__((always_inline)) {
      constexpr int q = n / R, r = n % R;
      T* const row = out[q] + r * out_pitch + i;
      if constexpr (!whole && lanes > 1)
        for (int lane = std::max(0, from - i); lane < std::min(lanes, to - i); ++lane)
          row[lane] = values[q][r].lanes[lane];
      else if constexpr (store == Store::streamed)
        values[q][r].stream(row);
      else
        values[q][r].store(row);
    });
    i += lanes;
  };
  if (i < from) next_vector(std::false_type{});
#pragma GCC unroll 1
  while (i + lanes <= to) next_vector(std::true_type{});
  if (i < to) next_vector(std::false_type{});
}

}  // namespace inpex::stencil
