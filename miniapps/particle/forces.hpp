// SPDX-License-Identifier: Apache-2.0
#pragma once
// Forces of Lennard-Jones on the atoms of blocks: u(r) = 4 (r^-12 - r^-6) for r < cut-off, not
// shifted. The force on i is 48 f (xi - xj) with s = 1/r^2, t = s^3, f = t s (t - 1/2); forces are
// kept without the 48.
//   A pair in range is 23 flops: 3 differences, 5 for the square, 1 quotient, 2 for t, 3 for f, 9
//   for both sums; one in the list but out of range is 8.

#include "rows.hpp"

#include <inpex/convert.hpp>
#include <inpex/launch.hpp>
#include <inpex/shuffle.hpp>

namespace inpex::particle {

/// An atom of row `i` while its pairs are added, in W lanes.
template <class Real, int W, class Pair = Real>
struct Around {
  vec<Real, W> x, y, z;
  vec<Pair, W> fx, fy, fz;
};

/// Adds W pairs of an atom with a block from a lane on; `apart` is added to their squares of
/// distances, where the block is its own.
template <bool Store, bool Inside, class Real, int W, class Pair>
[[gnu::always_inline]] constexpr void add_pairs(Around<Real, W, Pair>& i, Real const* xj, Real* fj,
                                                Pair cutoff_square, vec<Pair, W> apart) {
  using V = vec<Real, W>;
  using P = vec<Pair, W>;
  auto const dx = converted<Pair>(i.x - V::load(xj)),
             dy = converted<Pair>(i.y - V::load(xj + block_atoms)),
             dz = converted<Pair>(i.z - V::load(xj + 2 * block_atoms));
  auto square = fused(dx, dx, fused(dy, dy, dz * dz));
  if constexpr (Inside) square = square + apart;
  auto const s = P::broadcast(1) / square, t = s * s * s;
  auto const force = product_below(t * s, t - P::broadcast(Pair(0.5)), square, cutoff_square);
  auto const px = force * dx, py = force * dy, pz = force * dz;
  i.fx = i.fx + px, i.fy = i.fy + py, i.fz = i.fz + pz;
  if constexpr (Store) {
    (V::load(fj) - converted<Real>(px)).store(fj);
    (V::load(fj + block_atoms) - converted<Real>(py)).store(fj + block_atoms);
    (V::load(fj + 2 * block_atoms) - converted<Real>(pz)).store(fj + 2 * block_atoms);
  }
}

/// Adds the sums of a block's rows along one axis to its forces.
template <class Real, class Pair, int W>
[[gnu::always_inline]] inline void add_rows(vec<Pair, W> const* sums, Real* to) {
  if constexpr (W == block_atoms)
    (vec<Real, W>::load(to) + converted<Real>(sums_of_lanes(sums))).store(to);
  else
    for (int atom = 0; atom < block_atoms; ++atom)
      to[atom] += static_cast<Real>(sum_of_lanes(sums[atom]));
}

/// Half list: tiles are strips of columns, which write to their own blocks and to those of the two
/// columns behind; two strips of one colour have one of the other between them. Full list: each row
/// writes its own atom alone. Places and forces are Real; the force of a pair is Pair, from the
/// difference of places, and so is the sum of a row: an error of its distance is relative to it.
template <class Real, bool Half, class Pair = Real>
struct Forces {
  static constexpr char const* name = "forces";
  Columns<Real> columns;
  int const* list;
  int stride, strips, colour, colours;
  Pair cutoff_square;
  Real* f;

  template <int W>
  [[gnu::always_inline]] constexpr Around<Real, W, Pair> row(int block, int atom) const {
    using V = vec<Real, W>;
    auto const base = static_cast<std::ptrdiff_t>(block) * block_size;
    Real const *const xi = columns.x + base, x = xi[atom], y = xi[block_atoms + atom],
                      z = xi[2 * block_atoms + atom];
    auto const zero = vec<Pair, W>::broadcast(0);
    Around<Real, W, Pair> i{V::broadcast(x), V::broadcast(y), V::broadcast(z), zero, zero, zero};
    for (int lane = 0; lane < block_atoms && block < columns.own_blocks; lane += W)
      add_pairs<Half, true>(i, xi + lane, f + base + lane, cutoff_square,
                            not_partners<Pair, W, Half>(atom, lane));
    int const* const words = list + static_cast<std::ptrdiff_t>(block) * stride;
    for (int at = words[atom] & 0xffff, end = words[atom] >> 16; at < end;) {
      Run const run(words[at++]);
      i.x = V::broadcast(x - columns.shift(run.image, 0));
      i.y = V::broadcast(y - columns.shift(run.image, 1));
      i.z = V::broadcast(z - columns.shift(run.image, 2));
      if (Half && !run.ghosts)
        entries<W, Half>(i, words + at, run.entries);
      else
        entries<W, false>(i, words + at, run.entries);
      at += run.entries;
    }
    return i;
  }
  template <int W, bool Store>
  [[gnu::always_inline]] constexpr void entries(Around<Real, W, Pair>& i, int const* blocks,
                                                int count) const {
    for (int n = 0; n < count; ++n) {
      auto const j = static_cast<std::ptrdiff_t>(blocks[n]) * block_size;
      for (int lane = 0; lane < block_atoms; lane += W)
        add_pairs<Store, false>(i, columns.x + j + lane, f + j + lane, cutoff_square, i.fx);
    }
  }

  // All rows of a block; the sums of rows are added to its forces.
  template <int W>
  void block(int b) const {
    vec<Pair, W> fx[block_atoms], fy[block_atoms], fz[block_atoms];
    for (int atom = 0; atom < block_atoms; ++atom) {
      auto const i = row<W>(b, atom);
      fx[atom] = i.fx, fy[atom] = i.fy, fz[atom] = i.fz;
    }
    if (b >= columns.own_blocks) return;  // a ghost's forces are its owner's
    Real* const to = f + static_cast<std::ptrdiff_t>(b) * block_size;
    add_rows(fx, to);
    add_rows(fy, to + block_atoms);
    add_rows(fz, to + 2 * block_atoms);
  }

  [[nodiscard]] int tiles() const { return (strips - colour + colours - 1) / colours; }
  void tile(int t) const {
    auto const mine = *this;
    each_block(t, [&](int b) { mine.template block<host_lanes<Real>>(b); });
  }
  /// body(b) for all blocks of tile t.
  template <class Body>
  void each_block(int t, Body const& body) const {
    int const strip = t * colours + colour;
    for (int cx = columns.strip(strip, strips); cx < columns.strip(strip + 1, strips); ++cx)
      for (int cy = -columns.ghosts_y; cy < columns.own_y + columns.ghosts_y; ++cy) {
        int const c = columns.index(cx, cy);
        for (int b = columns.begin[c]; b < columns.end[c]; ++b) body(b);
      }
  }
  [[nodiscard]] int teams() const { return columns.own_x * columns.own_y; }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const& member) const {
    int const c =
        columns.index(member.league_rank() / columns.own_y, member.league_rank() % columns.own_y);
    int const first = columns.begin[c];
    Kokkos::parallel_for(Kokkos::TeamVectorRange(member, (columns.end[c] - first) * block_atoms),
                         [&](int n) {
                           int const b = first + n / block_atoms, atom = n % block_atoms;
                           auto const i = row<1>(b, atom);
                           Real* const to = f + static_cast<std::ptrdiff_t>(b) * block_size + atom;
                           to[0] += static_cast<Real>(i.fx.lanes);
                           to[block_atoms] += static_cast<Real>(i.fy.lanes);
                           to[2 * block_atoms] += static_cast<Real>(i.fz.lanes);
                         });
  }
};

/// v = -v, number by number.
template <class Real>
struct Negate {
  Real* v;
  KOKKOS_INLINE_FUNCTION void operator()(std::size_t n) const { v[n] = -v[n]; }
};

/// v += kick F; x += drift v; F = 0. 4 flops a coordinate. Over all numbers of the own blocks.
template <class Real>
struct Integrate {
  static constexpr char const* name = "integrate";
  static constexpr int per_tile = 512 * block_size;
  Real *x, *v, *f;
  int blocks;
  Real kick, drift;

  template <int W>
  constexpr void lanes(std::ptrdiff_t n) const {
    using V = vec<Real, W>;
    auto const now = fused(kick, V::load(f + n), V::load(v + n));
    now.store(v + n);
    fused(drift, now, V::load(x + n)).store(x + n);
    V::broadcast(0).store(f + n);
  }
  [[nodiscard]] KOKKOS_INLINE_FUNCTION std::ptrdiff_t size() const {
    return static_cast<std::ptrdiff_t>(blocks) * block_size;
  }
  [[nodiscard]] int tiles() const { return static_cast<int>((size() + per_tile - 1) / per_tile); }
  void tile(int t) const {
    auto const mine = *this;
    auto const first = std::ptrdiff_t{t} * per_tile,
               last = first + per_tile < size() ? first + per_tile : size();
    for (auto n = first; n < last; n += host_lanes<Real>) mine.template lanes<host_lanes<Real>>(n);
  }
  [[nodiscard]] int teams() const { return tiles(); }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const& member) const {
    auto const first = std::ptrdiff_t{member.league_rank()} * per_tile, left = size() - first;
    Kokkos::parallel_for(
        Kokkos::TeamVectorRange(member, static_cast<int>(left < per_tile ? left : +per_tile)),
        [&](int n) { lanes<1>(first + n); });
  }
};

}  // namespace inpex::particle
