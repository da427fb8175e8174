// SPDX-License-Identifier: Apache-2.0
#pragma once
// Kernels that sort electrons by cell: count, then scatter to where a cell's electrons begin. On
// hosts tiles of one colour never meet in a cell, on devices counters are atomic. Which place an
// electron of a cell gets may differ; nothing depends on it. Electrons in another rank's slab are
// counted by peer and packed into messages.

#include "lanes.hpp"
#include "leapfrog.hpp"

#include <cstddef>
#include <cstring>
#include <type_traits>

namespace inpex::particle {

/// What a column of cells is to this rank, if it is not own column 0, 1, ...: of peer p is -1 - p.
inline constexpr int out_of_reach = -1'000'000;

/// How cells are numbered, and who owns a column.
template <class Real>
struct Places {
  int nx, ny, nz;
  int const* columns;  ///< [nx, ny]: own column, or whose

  /// The own cell of an electron, or what its column is; x comes back into the box.
  KOKKOS_FORCEINLINE_FUNCTION int operator()(Real& x, Real y, Real z) const {
    x = wrapped(vec<Real, 1>{x}, static_cast<Real>(nx)).lanes;
    bool const inside = x >= 0 && x < static_cast<Real>(nx) && y >= 0 &&
                        y < static_cast<Real>(ny) && z >= 0 && z < static_cast<Real>(nz);
    if (!inside) return out_of_reach;
    int const column = columns[static_cast<int>(x) * ny + static_cast<int>(y)];
    return column < 0 ? column : column * nz + static_cast<int>(z);
  }
  /// The same of eight electrons, on hosts.
  void eight(Real* x, Real const* y, Real const* z, int (&cell)[8]) const {
    using V = vec<Real, 8>;
    using I = vec<int, 8>;
    auto const length = [](int n) { return static_cast<Real>(n); };
    auto const wx = wrapped(V::load_unaligned(x), length(nx)), vy = V::load_unaligned(y),
               vz = V::load_unaligned(z);
    std::memcpy(x, &wx.lanes, sizeof wx.lanes);
    auto const cx = between(wx, Real(0), length(nx)), cy = between(vy, Real(0), length(ny)),
               cz = between(vz, Real(0), length(nz));
    auto const none = V::zero().lanes;
    // NaN is not at most 0.
    auto const beyond = (wx - cx) * (wx - cx) + (vy - cy) * (vy - cy) + (vz - cz) * (vz - cz);
    if (any_below(V{beyond.lanes <= none ? none : none - 1}, Real(-0.5))) {
      for (int lane = 0; lane < 8; ++lane) cell[lane] = (*this)(x[lane], y[lane], z[lane]);
      return;
    }
    alignas(32) int column[8], height[8];
    (between(whole(cx), 0, nx - 1) * I::broadcast(ny) + between(whole(cy), 0, ny - 1))
        .store(column);
    between(whole(cz), 0, nz - 1).store(height);
    for (int lane = 0; lane < 8; ++lane) {
      int const found = columns[column[lane]];
      cell[lane] = found < 0 ? found : found * nz + height[lane];
    }
  }
};

/// Electrons that are sorted: number c of electron n is numbers[c * pitch + n * step].
template <class Real>
struct Unsorted {
  Real* numbers;
  std::ptrdiff_t pitch, step;
  KOKKOS_FORCEINLINE_FUNCTION Real* at(std::ptrdiff_t n) const { return numbers + n * step; }
  KOKKOS_FORCEINLINE_FUNCTION int cell(Places<Real> const& places, std::ptrdiff_t n) const {
    return places(at(n)[0], at(n)[pitch], at(n)[2 * pitch]);
  }
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
  KOKKOS_FORCEINLINE_FUNCTION void electron(int n, int cell) const {
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
  KOKKOS_FORCEINLINE_FUNCTION void electron(int n, int cell) const {
    if (cell < 0) return;
    Real* const e = from.at(n);
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
    int n = view.begin(t);
    int const end = view.end(t);
    using Real = std::remove_cvref_t<decltype(*mine.from.at(n))>;
    if constexpr (cloud_lanes<Real> == 8)
      for (; n + 8 <= end; n += 8) {
        int cell[8];
        auto* const x = mine.from.at(n);
        mine.places.eight(x, x + mine.from.pitch, x + 2 * mine.from.pitch, cell);
        for (int lane = 0; lane < 8; ++lane) mine.template electron<false>(n + lane, cell[lane]);
      }
    for (; n < end; ++n) mine.template electron<false>(n, mine.from.cell(mine.places, n));
  }
  [[nodiscard]] int teams() const { return (electrons + per_team - 1) / per_team; }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const& member) const {
    int const first = member.league_rank() * per_team, left = electrons - first;
    Kokkos::parallel_for(Kokkos::TeamVectorRange(member, left < per_team ? left : +per_team),
                         [&](int n) {
                           int const e = first + n;
                           body.template electron<true>(e, body.from.cell(body.places, e));
                         });
  }
};

/// The same over electrons in no order: those that arrive. Item: an electron.
template <class Body>
struct SortEach {
  static constexpr char const* name = Body::name;
  static constexpr int per_tile = 1024;
  Body body;
  KOKKOS_INLINE_FUNCTION void operator()(int n) const {
    body.template electron<true>(n, body.from.cell(body.places, n));
  }
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
