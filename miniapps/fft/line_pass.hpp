// SPDX-License-Identifier: Apache-2.0
#pragma once
// All lines along one axis, one pass over memory: what devices do, a team a few lines in its fast
// memory, and what a newcomer writes on hosts (variant naive), a line at a time.

#include "planes.hpp"

#include <inpex/launch.hpp>

#include <Kokkos_Core.hpp>

namespace inpex::fft {

/// Where the lines along an axis lie: rows (axis 0) or columns (1) of planes, line l being l %
/// across of plane first + l / across; or towers (2), columns of planes `pitch` numbers apart.
template <class T>
struct LinePlaces {
  int axis;
  RowPlaces<T> planes{};
  T* towers = nullptr;
  std::ptrdiff_t pitch = 0;

  /// Point i of line l.
  [[nodiscard]] KOKKOS_INLINE_FUNCTION T* operator()(std::int64_t line, int i) const {
    if (axis == 2) return towers + 2 * line + i * pitch;
    int const across = axis == 0 ? planes.ny : planes.nx, at = static_cast<int>(line % across),
              z = planes.first + static_cast<int>(line / across);
    return axis == 0 ? planes(at, z) + std::ptrdiff_t{2} * i
                     : planes(i, z) + std::ptrdiff_t{2} * at;
  }
};

/// Complex lines on their way to a transform and from it: what is done with their numbers. Point i
/// of line l is at from(l, i), and its result at to(l, i), which may be the same places.
template <class T, class From = LinePlaces<T>, class To = LinePlaces<T>>
struct ComplexLines {
  From from;
  To to;
  T scale = 1;
  bool exchange_in = false, exchange_out = false;  ///< of real and imaginary parts
  bool backward = false;                           ///< result k goes to point -k

  [[nodiscard]] KOKKOS_INLINE_FUNCTION static int results(int points) { return points; }
  [[nodiscard]] KOKKOS_INLINE_FUNCTION Complex<vec<T, 1>> load(std::int64_t line, int i,
                                                               int) const {
    T const* const at = from(line, i);
    return exchange_in ? Complex<vec<T, 1>>{{at[1]}, {at[0]}}
                       : Complex<vec<T, 1>>{{at[0]}, {at[1]}};
  }
  template <class Result>
  KOKKOS_INLINE_FUNCTION void store(std::int64_t line, int k, int points,
                                    Result const& result) const {
    auto const number = result(k);
    T* const at = to(line, backward && k > 0 ? points - k : k);
    at[exchange_out ? 1 : 0] = scale * number.re.lanes;
    at[exchange_out ? 0 : 1] = scale * number.im.lanes;
  }
};

/// Lines that are done together: point i of line l is pair i * lines + l of a buffer; stages go
/// from `now` to `next`.
template <class T>
struct TeamLines {
  T* now;
  T* next;
  int lines;

  KOKKOS_INLINE_FUNCTION Complex<vec<T, 1>> read(int i, int line) const {
    T const* const at = now + 2 * (i * lines + line);
    return {{at[0]}, {at[1]}};
  }
  KOKKOS_INLINE_FUNCTION void write(int i, int line, Complex<vec<T, 1>> number) const {
    T* const at = next + 2 * (i * lines + line);
    at[0] = number.re.lanes;
    at[1] = number.im.lanes;
  }
  KOKKOS_INLINE_FUNCTION void swap() {
    T* const kept = now;
    now = next;
    next = kept;
  }
};

/// One thread of a host, where a team is asked for: body(n) for 0 <= n < count.
struct Alone {
  template <class Body>
  KOKKOS_INLINE_FUNCTION void operator()(int count, Body const& body) const {
    for (int n = 0; n < count; ++n) body(n);
  }
};
/// A team: body(n) for 0 <= n < count, and a barrier.
template <class Member>
struct Together {
  Member const& member;
  template <class Body>
  KOKKOS_INLINE_FUNCTION void operator()(int count, Body const& body) const {
    Kokkos::parallel_for(Kokkos::TeamVectorRange(member, count), body);
    member.team_barrier();
  }
};

/// The transform of `lines` lines by teams that do a few lines each in two buffers of scratch
/// memory. Ends: load(line, i, n) is point i of n, store(line, k, n, result) takes number k <
/// results(n), for which it may look at any result(k).
template <class T, class Ends>
struct LinePass {
  static constexpr char const* name = "lines";
  AnyLine<T> any;
  Ends ends;
  std::int64_t lines;
  T* host_scratch = nullptr;  ///< [host_tiles][host_scratch_size]
  std::ptrdiff_t host_scratch_size = 0;
  int host_tiles = 1;

  [[nodiscard]] int tiles() const { return host_tiles; }
  void tile(int t) const {
    T* const scratch = host_scratch + t * host_scratch_size;
    for (auto line = lines * t / host_tiles; line < lines * (t + 1) / host_tiles; ++line)
      transform(Alone{}, line, {scratch, scratch + 2 * any.line.length, 1});
  }

  /// Lines of a team: neighbours share cache lines, as long as there is fast memory.
  [[nodiscard]] KOKKOS_INLINE_FUNCTION int together() const {
    auto const fit = static_cast<int>(fast_team_bytes / bytes_of_line());
    return fit < 1 ? 1 : fit > 8 ? 8 : fit;
  }
  [[nodiscard]] KOKKOS_INLINE_FUNCTION std::size_t team_scratch() const {
    return bytes_of_line() * static_cast<std::size_t>(together());
  }
  [[nodiscard]] int teams() const {
    return static_cast<int>((lines + together() - 1) / together());
  }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const& member) const {
    std::int64_t const first = std::int64_t{member.league_rank()} * together();
    int const count = static_cast<int>(lines - first < together() ? lines - first : together());
    T* const scratch = static_cast<T*>(member.team_scratch(scratch_level(team_scratch()))
                                           .get_shmem(static_cast<int>(team_scratch())));
    transform(Together<Member>{member}, first,
              {scratch, scratch + 2 * any.line.length * count, count});
  }

 private:
  using Number = Complex<vec<T, 1>>;
  [[nodiscard]] KOKKOS_INLINE_FUNCTION std::size_t bytes_of_line() const {
    return 4 * sizeof(T) * static_cast<std::size_t>(any.line.length);
  }
  template <class Each>
  KOKKOS_INLINE_FUNCTION void transform(Each const& each, std::int64_t first,
                                        TeamLines<T> at) const;
  template <class Each>
  KOKKOS_INLINE_FUNCTION void stages(Each const& each, TeamLines<T>& at) const;

  // Where result k is after all stages, and which result is at point n.
  KOKKOS_INLINE_FUNCTION int place_of(int k) const {
    auto const& first = any.line.stage[0];
    return any.line.stages == 0 ? k : k % first.radix * first.after + k / first.radix;
  }
  KOKKOS_INLINE_FUNCTION int result_at(int n) const {
    auto const& first = any.line.stage[0];
    return any.line.stages == 0 ? n : n / first.after + first.radix * (n % first.after);
  }
  KOKKOS_INLINE_FUNCTION Number load(std::int64_t line, int i) const {
    if (i >= any.length) return {{T(0)}, {T(0)}};
    auto const number = ends.load(line, i, any.length);
    return any.chirp == nullptr ? number : times(number, any.chirp[2 * i], any.chirp[2 * i + 1]);
  }
  KOKKOS_INLINE_FUNCTION Number result(TeamLines<T> const& done, int k, int line) const {
    auto const number = done.read(place_of(k), line);
    return any.chirp == nullptr
               ? number
               : times(Number{number.im, number.re}, any.chirp[2 * k], any.chirp[2 * k + 1]);
  }
};

namespace detail {

/// Butterfly number b of a stage: the first stage is one share of the whole line, later ones have
/// shares of R * before * after points each.
template <class T, int R>
KOKKOS_INLINE_FUNCTION void team_butterfly(Stage<T> const& stage, TeamLines<T> const& at, int b,
                                           int line, bool first) {
  int const before = stage.before, after = stage.after, points = R * before * after;
  int const share = b / (before * after), within = b % (before * after);
  int const q = within % before, p = within / before;
  Complex<vec<T, 1>> a[R];
  unrolled<R>([&](auto k) { a[k] = at.read(share * points + q + before * (p + after * k), line); });
  Butterfly<R>::apply(a, stage.roots);
  unrolled<R>([&](auto r) {
    auto number = a[Butterfly<R>::place(r)];
    if (r > 0 && after > 1) {
      T const* const w = stage.twiddles + 2 * (R * p + r);
      number = times(number, w[0], w[1]);
    }
    int const to = first ? r * after + p : share * points + q + before * (R * p + r);
    at.write(to, line, number);
  });
}

}  // namespace detail

template <class T, class Ends>
template <class Each>
KOKKOS_INLINE_FUNCTION void LinePass<T, Ends>::stages(Each const& each, TeamLines<T>& at) const {
  for (int s = 0; s < any.line.stages; ++s) {
    auto const& stage = any.line.stage[s];
    auto const here = at;
    with_radix(stage.radix, [&](auto radix) {
      each(any.line.length / stage.radix * here.lines, [&](int n) {
        detail::team_butterfly<T, radix>(stage, here, n / here.lines, n % here.lines, s == 0);
      });
    });
    at.swap();
  }
}

template <class T, class Ends>
template <class Each>
KOKKOS_INLINE_FUNCTION void LinePass<T, Ends>::transform(Each const& each, std::int64_t first,
                                                         TeamLines<T> at) const {
  int const count = any.line.length * at.lines, each_time = at.lines;
  auto const filled = at;
  each(count, [&](int n) {
    filled.write(n / each_time, n % each_time, load(first + n % each_time, n / each_time));
  });
  at.swap();
  for (int round = any.chirp == nullptr ? 1 : 0; round < 2; ++round) {
    stages(each, at);
    auto const here = at;
    if (round == 0) {  // the convolution: times the kernel, and back
      each(count, [&](int n) {
        int const k = result_at(n / each_time);
        auto const product = times(here.read(n / each_time, n % each_time), any.kernel[2 * k],
                                   any.kernel[2 * k + 1]);
        here.write(k, n % each_time, {product.im, product.re});
      });
      at.swap();
    }
  }
  auto const done = at;
  each(ends.results(any.length) * each_time, [&](int n) {
    int const line = n % each_time;
    ends.store(first + line, n / each_time, any.length,
               [&](int k) { return result(done, k, line); });
  });
}

}  // namespace inpex::fft
