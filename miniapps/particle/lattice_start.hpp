// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where a rank's atoms are before the first sort: its part of the lattice, in the lattice's order.

#include "domain.hpp"
#include "melt.hpp"
#include "population.hpp"

namespace inpex::particle {

/// Writes the places and velocities of this rank's atoms, unsorted; how many.
template <class Real>
int place_lattice(Melt const& melt, Velocities const& velocities, Domain const& domain,
                  HostAtoms<Real> to) {
  auto const is_own = [&](int axis, Point const& place) {
    auto const here = static_cast<Real>(place[static_cast<std::size_t>(axis)]);
    return domain.distance(axis, domain.column(axis, static_cast<double>(here))) == 0;
  };
  int n = 0;
  for (std::int64_t i = 0; i < melt.cells[0]; ++i) {
    bool near = !domain.is_cut(0);
    for (int site = 0; site < 3; ++site) near = near || is_own(0, melt.place(i, 0, 0, site));
    for (std::int64_t j = 0; near && j < melt.cells[1]; ++j)
      for (std::int64_t k = 0; k < melt.cells[2]; ++k)
        for (int site = 0; site < 4; ++site) {
          auto const place = melt.place(i, j, k, site);
          if (!is_own(0, place) || !is_own(1, place)) continue;
          auto const velocity = velocities.of(place);
          auto const at = Sorter<Real>::offset(n++);
          for (std::size_t axis = 0; axis < 3; ++axis) {
            auto const here = at + static_cast<std::ptrdiff_t>(axis) * block_atoms;
            to.x[here] = static_cast<Real>(place[axis]);
            to.v[here] = static_cast<Real>(velocity[axis]);
          }
        }
  }
  return n;
}

}  // namespace inpex::particle
