// SPDX-License-Identifier: Apache-2.0
#pragma once
// Energy, virial and number of pairs of the list, for what is not the hot loop: rows are read as
// the force kernel reads them, one pair at a time, and sums are in double precision.

#include "rows.hpp"

#include <inpex/context.hpp>

namespace inpex::particle {

/// Sums over pairs, each counted once.
struct Energy {
  double energy = 0;  ///< 4 (r^-12 - r^-6)
  double pairs = 0;
  double virial = 0;  ///< r f
  double rest = 0;    ///< what rounding has taken from the energy

  /// Adds to the energy, and what is lost to the rest: millions of equal pairs of a lattice are all
  /// rounded the same way (Neumaier, ZAMM 54, 1974).
  KOKKOS_INLINE_FUNCTION void add(double share) {
    double const sum = energy + share, added = sum - energy;
    rest += (energy - (sum - added)) + (share - added);
    energy = sum;
  }
  KOKKOS_INLINE_FUNCTION Energy& operator+=(Energy const& other) {
    add(other.energy);
    rest += other.rest, pairs += other.pairs, virial += other.virial;
    return *this;
  }
};

/// Reduces over rows: index 8 * block + atom, of half lists ghosts' blocks too.
template <class Real, bool Half, bool Single = false>
struct Energies {
  using value_type = Energy;
  Columns<Real> columns;
  int const* list;
  int stride;
  Real cutoff_square;
  int blocks;  // own and ghosts; rows of single atoms are filled up with what is beyond

  KOKKOS_INLINE_FUNCTION void init(Energy& sum) const { sum = Energy{}; }
  KOKKOS_INLINE_FUNCTION void join(Energy& sum, Energy const& other) const { sum += other; }
  KOKKOS_INLINE_FUNCTION void operator()(int row, Energy& sum) const {
    int const block = row / block_atoms, atom = row % block_atoms;
    Real const* const xi = columns.x + static_cast<std::ptrdiff_t>(block) * block_size;
    Real const x[3] = {xi[atom], xi[block_atoms + atom], xi[2 * block_atoms + atom]};
    bool const ghost = block >= columns.own_blocks;
    for (int lane = 0; lane < block_atoms && !ghost && !Single; ++lane)
      if (Half ? lane > atom : lane != atom) pair(x, xi + lane, Half ? 1 : 0.5, sum);
    int const* const words = list + static_cast<std::ptrdiff_t>(block) * stride;
    for (int at = words[atom] & 0xffff, end = words[atom] >> 16; at < end;) {
      Run const run(words[at++]);
      Real image[3];
      for (int axis = 0; axis < 3; ++axis) image[axis] = x[axis] - columns.shift(run.image, axis);
      for (int n = 0; Single && n < run.entries; ++n)
        if (words[at + n] < blocks * block_atoms)
          pair(image,
               columns.x + static_cast<std::ptrdiff_t>(words[at + n] / block_atoms) * block_size +
                   words[at + n] % block_atoms,
               0.5, sum);
      for (int n = 0; !Single && n < run.entries; ++n)
        for (int lane = 0; lane < block_atoms; ++lane)
          pair(image, columns.x + static_cast<std::ptrdiff_t>(words[at + n]) * block_size + lane,
               Half && !run.ghosts && !ghost ? 1 : 0.5, sum);
      at += run.entries;
    }
  }
  KOKKOS_INLINE_FUNCTION void pair(Real const* xi, Real const* xj, double share,
                                   Energy& sum) const {
    double square = 0;
    for (int axis = 0; axis < 3; ++axis) {
      double const d = static_cast<double>(xi[axis] - xj[axis * block_atoms]);
      square += d * d;
    }
    if (!(square < static_cast<double>(cutoff_square)) && square == square) return;
    double const s = 1 / square, t = s * s * s;
    sum.add(share * 4 * t * (t - 1));
    sum.virial += share * 48 * t * (t - 0.5);
    sum.pairs += share;
  }
};

/// The sums of all ranks. Collective, blocking.
template <Space S, class Real, bool Half, bool Single>
Energy energy_of(Context<S> const& context, Energies<Real, Half, Single> const& body) {
  Energy sum;
  using Policy = Kokkos::RangePolicy<S, Kokkos::IndexType<int>>;
  int const rows = (Half ? body.blocks : body.columns.own_blocks) * block_atoms;
  Kokkos::parallel_reduce("energies", Policy(context.space, 0, rows), body, sum);
  return {context.comm.sum(sum.energy + sum.rest), context.comm.sum(sum.pairs),
          context.comm.sum(sum.virial)};
}

/// The largest square of a distance between where atoms are and were. Index: 8 * block + lane.
template <class Real>
struct Moved {
  Real const *x, *before;
  KOKKOS_INLINE_FUNCTION void operator()(int n, double& most) const {
    auto const at = static_cast<std::ptrdiff_t>(n / block_atoms) * block_size + n % block_atoms;
    double square = 0;
    for (int axis = 0; axis < 3; ++axis) {
      auto const d =
          static_cast<double>(x[at + axis * block_atoms] - before[at + axis * block_atoms]);
      square += d * d;
    }
    if (!(square <= most)) most = square;
  }
};

}  // namespace inpex::particle
