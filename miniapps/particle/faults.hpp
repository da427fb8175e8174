// SPDX-License-Identifier: Apache-2.0
#pragma once
// Faults of this folder that the substrate cannot plant: they alter the list or the state, never a
// kernel.

#include "rows.hpp"

#include <limits>

namespace inpex::particle {

/// One row in 512 forgets its last entry. Index: rows of own blocks.
template <class Real>
struct DropEntries {
  int* list;
  int stride;
  KOKKOS_INLINE_FUNCTION void operator()(int row) const {
    if (row % 512 != 3) return;
    int* const words = list + static_cast<std::ptrdiff_t>(row / block_atoms) * stride;
    int& span = words[row % block_atoms];
    int last = -1, end = span >> 16;
    for (int at = span & 0xffff; at < end; at += 1 + Run(words[at]).entries) last = at;
    if (last < 0) return;
    Run const run(words[last]);
    words[last] = Run::word(run.entries - 1, run.image, run.ghosts);
    span -= 1 << 16;
  }
};

/// Velocities become no number. Index: numbers of the first block.
template <class Real>
struct Poison {
  Real* v;
  KOKKOS_INLINE_FUNCTION void operator()(int n) const {
    v[n] = std::numeric_limits<Real>::quiet_NaN();
  }
};

}  // namespace inpex::particle
