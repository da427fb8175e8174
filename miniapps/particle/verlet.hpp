// SPDX-License-Identifier: Apache-2.0
#pragma once
// Forces by rows of single atoms, the list that LAMMPS has: every neighbour of every atom, each
// pair in two rows, so that a row writes one atom alone. Eight neighbours at a time are brought
// together from eight places; places are kept four numbers each for this, x y z 0, so that one is
// one load.

#include "rows.hpp"

#include <inpex/launch.hpp>
#include <inpex/shuffle.hpp>

namespace inpex::particle {

/// Copies the position of an atom to [8 blocks][4]. For Each.
template <class Real>
struct PackPlaces {
  static constexpr char const* name = "places";
  static constexpr int per_tile = 512 * block_atoms;
  Real const* x;
  Real* places;

  KOKKOS_INLINE_FUNCTION void operator()(int n) const {
    Real const* const from =
        x + static_cast<std::ptrdiff_t>(n / block_atoms) * block_size + n % block_atoms;
    Real* const to = places + std::ptrdiff_t{4} * n;
    to[0] = from[0], to[1] = from[block_atoms], to[2] = from[2 * block_atoms], to[3] = 0;
  }
};

/// Forces without the 48, see forces.hpp. Tiles are columns, teams too, with a thread a row.
template <class Real>
struct VerletForces {
  static constexpr char const* name = "forces, verlet";
  Columns<Real> columns;
  int const* list;
  int stride;
  Real const* places;
  Real cutoff_square;
  Real* f;

  template <int W>
  [[gnu::always_inline]] constexpr void row(int block, int atom) const {
    using V = vec<Real, W>;
    auto const at = static_cast<std::ptrdiff_t>(block) * block_size + atom;
    Real const x = columns.x[at], y = columns.x[at + block_atoms],
               z = columns.x[at + 2 * block_atoms];
    auto fx = V::broadcast(0), fy = fx, fz = fx;
    int const* const words = list + static_cast<std::ptrdiff_t>(block) * stride;
    for (int next = words[atom] & 0xffff, end = words[atom] >> 16; next < end;) {
      Run const run(words[next++]);
      auto const ix = V::broadcast(x - columns.shift(run.image, 0)),
                 iy = V::broadcast(y - columns.shift(run.image, 1)),
                 iz = V::broadcast(z - columns.shift(run.image, 2));
      for (int n = 0; n < run.entries; n += W) {
        auto const j = gather_records<W>(places, words + next + n);
        auto const dx = ix - j.x, dy = iy - j.y, dz = iz - j.z;
        auto const square = fused(dx, dx, fused(dy, dy, dz * dz));
        auto const s = V::broadcast(1) / square, t = s * s * s;
        auto const force = product_below(t * s, t - V::broadcast(Real(0.5)), square, cutoff_square);
        fx = fused(force, dx, fx), fy = fused(force, dy, fy), fz = fused(force, dz, fz);
      }
      next += run.entries;
    }
    f[at] += sum_of_lanes(fx), f[at + block_atoms] += sum_of_lanes(fy),
        f[at + 2 * block_atoms] += sum_of_lanes(fz);
  }

  [[nodiscard]] int tiles() const { return columns.own_x * columns.own_y; }
  void tile(int t) const {
    auto const mine = *this;
    int const c = columns.index(t / columns.own_y, t % columns.own_y);
    for (int b = columns.begin[c]; b < columns.end[c]; ++b)
      for (int atom = 0; atom < block_atoms; ++atom) mine.template row<host_lanes<Real>>(b, atom);
  }
  [[nodiscard]] int teams() const { return tiles(); }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const& member) const {
    int const c =
        columns.index(member.league_rank() / columns.own_y, member.league_rank() % columns.own_y);
    int const first = columns.begin[c];
    Kokkos::parallel_for(Kokkos::TeamVectorRange(member, (columns.end[c] - first) * block_atoms),
                         [&](int n) { row<1>(first + n / block_atoms, n % block_atoms); });
  }
};

}  // namespace inpex::particle
