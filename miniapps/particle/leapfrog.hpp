// SPDX-License-Identifier: Apache-2.0
#pragma once
// One step of electrons: the push of the field at their places, a kick, a drift, and their charge
// where they are then, in one pass over memory.
//   Flops an electron: 15 for weights and 45 for the push; 6 for kick and drift, 6 for borders; 14
//   for shares of charge, 8 to add them: 94.

#include "cloud.hpp"

#include <inpex/launch.hpp>

#include <cstddef>

namespace inpex::particle {

inline constexpr int leapfrog_flops = 94;

/// Electrons of a rank as six runs of numbers, x, y, z and velocities in cells a unit of time, each
/// `pitch` long.
template <class Real>
struct ElectronView {
  Real* numbers;
  std::ptrdiff_t pitch;
  [[nodiscard]] KOKKOS_FORCEINLINE_FUNCTION Real* run(int which) const {
    return numbers + which * pitch;
  }
};

/// Where electrons of tiles begin, in order of cells: those of own cell n end at ends[n].
struct TileView {
  int const *ends, *first_column, *tile;  ///< `tile`: of one colour
  int count, nz;
  [[nodiscard]] KOKKOS_INLINE_FUNCTION int begin_of_column(int column) const {
    return column == 0 ? 0 : ends[column * nz - 1];
  }
  [[nodiscard]] int begin(int t) const { return begin_of_column(first_column[tile[t]]); }
  [[nodiscard]] int end(int t) const { return begin_of_column(first_column[tile[t] + 1]); }
};

/// What a pass does with one electron, or with W.
template <class Real>
struct Leap {
  Window<Real> window;
  ElectronView<Real> electrons;
  Real timestep;

  template <int W, bool Shared>
  constexpr void electron(std::ptrdiff_t n) const {
    using V = vec<Real, W>;
    V x[3], a[3];
    for (int axis = 0; axis < 3; ++axis) x[axis] = V::load_unaligned(electrons.run(axis) + n);
    window.gather(window.template locate<W>(x[0], x[1], x[2]), a);
    for (int axis = 0; axis < 3; ++axis) {
      Real* const velocity = electrons.run(3 + axis) + n;
      auto const v = fused(timestep, a[axis], V::load_unaligned(velocity));
      store(v, velocity);
      x[axis] = fused(timestep, v, x[axis]);
    }
    // Along x borders are crossed at the next sort: the window has margins there.
    x[1] = wrapped(x[1], static_cast<Real>(window.cells.ny));
    x[2] = wrapped(x[2], static_cast<Real>(window.cells.nz));
    for (int axis = 0; axis < 3; ++axis) store(x[axis], electrons.run(axis) + n);
    window.template deposit<Shared>(window.template locate<W>(x[0], x[1], x[2]));
  }

 private:
  KOKKOS_FORCEINLINE_FUNCTION static void store(vec<Real, 1> v, Real* to) { *to = v.lanes; }
  template <int W>
  [[gnu::always_inline]] static inline void store(vec<Real, W> v, Real* to) {
    *reinterpret_cast<typename vec<Real, W>::Unaligned*>(to) = v.lanes;
  }
};

/// All electrons. On hosts tiles of one colour, whose charge nobody else adds to; on devices all at
/// once, with atomics.
template <class Real>
struct Leapfrog {
  static constexpr char const* name = "electrons: leapfrog";
  static constexpr int per_team = 1024;
  Leap<Real> leap;
  TileView view;
  int electrons;

  [[nodiscard]] int tiles() const { return view.count; }
  void tile(int t) const {
    auto const mine = leap;
    std::ptrdiff_t const end = view.end(t);
    std::ptrdiff_t n = view.begin(t);
    constexpr int W = cloud_lanes<Real>;
    for (; n + W <= end; n += W) mine.template electron<W, false>(n);
    for (; n < end; ++n) mine.template electron<1, false>(n);
  }
  [[nodiscard]] int teams() const { return (electrons + per_team - 1) / per_team; }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const& member) const {
    int const first = member.league_rank() * per_team, left = electrons - first;
    Kokkos::parallel_for(Kokkos::TeamVectorRange(member, left < per_team ? left : +per_team),
                         [&](int n) { leap.template electron<1, true>(first + n); });
  }
};

/// The same, one electron at a time and with atomics on every space. Index: electrons.
template <class Real>
struct NaiveLeapfrog {
  Leap<Real> leap;
  KOKKOS_INLINE_FUNCTION void operator()(int n) const { leap.template electron<1, true>(n); }
};

}  // namespace inpex::particle
