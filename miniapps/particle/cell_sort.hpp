// SPDX-License-Identifier: Apache-2.0
#pragma once
// Kernels that sort electrons by cell: count, then scatter to where a cell's electrons begin. On
// hosts tiles of one colour never meet in a cell, on devices counters are atomic. Which place an
// electron of a cell gets may differ; nothing depends on it. Electrons in another rank's slab are
// counted by peer and packed into messages.

#include "leapfrog.hpp"

#include <cstddef>

namespace inpex::particle {

/// What a plane of cells is to this rank, if it is not own plane 0, 1, ...: of peer p is -1 - p.
inline constexpr int out_of_reach = -1'000'000;

/// How cells are numbered, and who owns a plane.
template <class Real>
struct Places {
  int nx, ny, nz;
  int const* home;     ///< [nx]: own plane, or whose
  int const* columns;  ///< [own planes, ny]

  /// The own cell of an electron, or what its plane is; x comes back into the box.
  KOKKOS_FORCEINLINE_FUNCTION int operator()(Real& x, Real y, Real z) const {
    x = wrapped(vec<Real, 1>{x}, static_cast<Real>(nx)).lanes;
    bool const inside = x >= 0 && x < static_cast<Real>(nx) && y >= 0 &&
                        y < static_cast<Real>(ny) && z >= 0 && z < static_cast<Real>(nz);
    if (!inside) return out_of_reach;
    int const plane = home[static_cast<int>(x)];
    if (plane < 0) return plane;
    return columns[plane * ny + static_cast<int>(y)] * nz + static_cast<int>(z);
  }
};

/// Electrons that are sorted: number c of electron n is numbers[c * pitch + n * step].
template <class Real>
struct Unsorted {
  Real* numbers;
  std::ptrdiff_t pitch, step;
  KOKKOS_FORCEINLINE_FUNCTION Real* at(std::ptrdiff_t n) const { return numbers + n * step; }
};

template <bool Shared>
KOKKOS_FORCEINLINE_FUNCTION int taken(int* counter) {
  if constexpr (Shared)
    return Kokkos::atomic_fetch_add(counter, 1);
  else
    return (*counter)++;
}

/// Counts electrons of each cell, lists those that leave, and counts those that are lost.
template <class Real>
struct CountCells {
  static constexpr char const* name = "sort: count";
  Unsorted<Real> from;
  Places<Real> places;
  int* counts;                    ///< of each own cell
  int *leaving, *leavers, *lost;  ///< [peers]; [peers, room]; one
  int room;

  template <bool Shared>
  KOKKOS_FORCEINLINE_FUNCTION void electron(int n) const {
    Real* const e = from.at(n);
    int const cell = places(e[0], e[from.pitch], e[2 * from.pitch]);
    if (cell >= 0) {
      taken<Shared>(counts + cell);
    } else if (cell == out_of_reach) {
      Kokkos::atomic_add(lost, 1);
    } else {
      int const place = Kokkos::atomic_fetch_add(leaving - 1 - cell, 1);
      if (place < room) leavers[(-1 - cell) * room + place] = n;
    }
  }
};

/// Puts each electron where its cell has room.
template <class Real>
struct Scatter {
  static constexpr char const* name = "sort: scatter";
  Unsorted<Real> from;
  Places<Real> places;
  int* next;  ///< of each own cell: where its next electron goes
  ElectronView<Real> to;

  template <bool Shared>
  KOKKOS_FORCEINLINE_FUNCTION void electron(int n) const {
    Real* const e = from.at(n);
    int const cell = places(e[0], e[from.pitch], e[2 * from.pitch]);
    if (cell < 0) return;
    std::ptrdiff_t const place = taken<Shared>(next + cell);
    if (place >= to.pitch) return;
    for (int c = 0; c < 6; ++c) to.run(c)[place] = e[c * from.pitch];
  }
};

/// Packs electrons that leave to one peer, six numbers each. Item: an electron.
template <class Real>
struct PackLeavers {
  static constexpr char const* name = "sort: pack";
  static constexpr int per_tile = 1024;
  ElectronView<Real> from;
  int const* leavers;
  Real shift;  ///< what is planted in x
  Real* message;

  KOKKOS_INLINE_FUNCTION void operator()(int n) const {
    for (int c = 0; c < 6; ++c)
      message[6 * static_cast<std::ptrdiff_t>(n) + c] = from.run(c)[leavers[n]];
    message[6 * static_cast<std::ptrdiff_t>(n)] += shift;
  }
};

/// A pass of the sort over the electrons of tiles, in the schedule of Leapfrog.
template <class Body>
struct SortTiles {
  static constexpr char const* name = Body::name;
  static constexpr int per_team = 1024;
  Body body;
  TileView view;
  int electrons;

  [[nodiscard]] int tiles() const { return view.count; }
  void tile(int t) const {
    auto const mine = body;
    for (int n = view.begin(t), end = view.end(t); n < end; ++n) mine.template electron<false>(n);
  }
  [[nodiscard]] int teams() const { return (electrons + per_team - 1) / per_team; }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const& member) const {
    int const first = member.league_rank() * per_team, left = electrons - first;
    Kokkos::parallel_for(Kokkos::TeamVectorRange(member, left < per_team ? left : +per_team),
                         [&](int n) { body.template electron<true>(first + n); });
  }
};

/// The same over electrons in no order: those that arrive. Item: an electron.
template <class Body>
struct SortEach {
  static constexpr char const* name = Body::name;
  static constexpr int per_tile = 1024;
  Body body;
  KOKKOS_INLINE_FUNCTION void operator()(int n) const { body.template electron<true>(n); }
};

/// Sums of all counts before a cell, in place. Index: own cells.
struct ScanCells {
  int* counts;
  KOKKOS_INLINE_FUNCTION void operator()(int n, int& sum, bool last) const {
    int const count = counts[n];
    if (last) counts[n] = sum;
    sum += count;
  }
};

}  // namespace inpex::particle
