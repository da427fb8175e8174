// SPDX-License-Identifier: Apache-2.0
#pragma once
// How pair kernels use lanes: how many, and which pairs of a block with itself are none.

#include <inpex/simd.hpp>

namespace inpex::particle {

/// Atoms of a block, on every space; lanes of a vector are a share of them.
inline constexpr int block_atoms = 8;

/// Lanes of pair kernels on hosts: a block, or as much of it as a vector of this machine holds.
template <class T>
inline constexpr int host_lanes = native_lanes<T> < block_atoms ? native_lanes<T> : block_atoms;

/// What is added to the square of the distance of an atom from itself, and from others that are not
/// its partners.
inline constexpr double far_apart = 1e8;
template <class Real, bool Half>
struct ApartTable {
  alignas(64) Real value[block_atoms][block_atoms];
};
template <class Real, bool Half>
inline constexpr auto apart_table = [] {
  ApartTable<Real, Half> table{};
  for (int atom = 0; atom < block_atoms; ++atom)
    for (int lane = 0; lane < block_atoms; ++lane)
      table.value[atom][lane] = (Half ? lane <= atom : lane == atom) ? Real(far_apart) : Real(0);
  return table;
}();

/// A distance for those of W lanes, from `lane` on, that are not partners of an atom of the same
/// block: itself, and in a half list all before it.
template <class Real, int W, bool Half>
constexpr vec<Real, W> not_partners(int atom, int lane) {
  if constexpr (W == 1)
    return {(Half ? lane <= atom : lane == atom) ? Real(far_apart) : Real(0)};
  else
    return vec<Real, W>::load(apart_table<Real, Half>.value[atom] + lane);
}

}  // namespace inpex::particle
