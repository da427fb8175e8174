// SPDX-License-Identifier: Apache-2.0
#pragma once
// Forces as a newcomer writes them: for each atom a loop over all atoms of the columns around, at
// every step, with no list, no lanes, and every pair computed twice. On any space, a thread an
// atom.

#include "rows.hpp"

namespace inpex::particle {

/// Index 8 * block + atom, of own blocks.
template <class Real>
struct NaiveForces {
  static constexpr char const* name = "forces, naive";
  Columns<Real> columns;
  Real cutoff_square;
  Real* f;

  KOKKOS_INLINE_FUNCTION void operator()(int row) const {
    auto const at = static_cast<std::ptrdiff_t>(row / block_atoms) * block_size + row % block_atoms;
    Real const x[3] = {columns.x[at], columns.x[at + block_atoms], columns.x[at + 2 * block_atoms]};
    if (x[0] < Real(nowhere)) return;
    int c = 0;  // the column of this atom; few enough to look for it
    while (!(columns.begin[c] <= row / block_atoms && row / block_atoms < columns.end[c])) ++c;
    int const cx = c / columns.pitch() - columns.ghosts_x,
              cy = c % columns.pitch() - columns.ghosts_y;
    Real sum[3] = {0, 0, 0};
    for (int dx = -2; dx <= 2; ++dx)
      for (int dy = -2; dy <= 2; ++dy) {
        int const sx = side(cx + dx, columns.own_x, columns.ghosts_x),
                  sy = side(cy + dy, columns.own_y, columns.ghosts_y);
        int const there = columns.index(cx + dx - sx * columns.own_x, cy + dy - sy * columns.own_y);
        for (int sz = -1; sz <= 1; ++sz) {
          int const image = 9 * (sx + 1) + 3 * (sy + 1) + sz + 1;
          Real const here[3] = {x[0] - columns.shift(image, 0), x[1] - columns.shift(image, 1),
                                x[2] - columns.shift(image, 2)};
          for (int b = columns.begin[there]; b < columns.end[there]; ++b)
            for (int lane = 0; lane < block_atoms; ++lane) {
              auto const j = static_cast<std::ptrdiff_t>(b) * block_size + lane;
              if (j != at) add(here, columns.x + j, sum);
            }
        }
      }
    for (int axis = 0; axis < 3; ++axis) f[at + axis * block_atoms] += sum[axis];
  }

 private:
  // Which image a column is in, along an axis that wraps.
  KOKKOS_INLINE_FUNCTION static int side(int c, int own, int ghosts) {
    return ghosts > 0 ? 0 : c < 0 ? -1 : c >= own ? 1 : 0;
  }
  KOKKOS_INLINE_FUNCTION void add(Real const* xi, Real const* xj, Real* sum) const {
    Real d[3], square = 0;
    for (int axis = 0; axis < 3; ++axis)
      d[axis] = xi[axis] - xj[axis * block_atoms], square += d[axis] * d[axis];
    if (!(square < cutoff_square)) return;
    Real const s = 1 / square, t = s * s * s, force = t * s * (t - Real(0.5));
    for (int axis = 0; axis < 3; ++axis) sum[axis] += force * d[axis];
  }
};

}  // namespace inpex::particle
