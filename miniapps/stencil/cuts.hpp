// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which cells of a block are swept, and how these are cut so that the interior can be swept while
// ghost cells travel.

#include "execution.hpp"

#include <inpex/grid.hpp>
#include <inpex/lattice.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace inpex::stencil {

/// Tilings done by one launch: a whole block, its interior, or what is next to its faces.
struct Cuts {
  static constexpr int most = 6;
  Kokkos::Array<Tiling, most> tilings{};
  int count = 0;

  void add(Tiling const& tiling) {
    if (tiling.count() > 0) tilings[count++] = tiling;
  }
  [[nodiscard]] int tiles() const {
    int sum = 0;
    for (int c = 0; c < count; ++c) sum += tilings[c].count();
    return sum;
  }
  [[nodiscard]] Box tile(int t) const {
    int c = 0;
    for (; t >= tilings[c].count(); ++c) t -= tilings[c].count();
    return tilings[c].tile(t);
  }
};

/// The owned cells of a block that are not in the domain's margin.
inline Box swept_cells(Grid const& grid, Layout const& layout, Domain const& domain) {
  Box box = owned(layout);
  for (int axis = 0; axis < 3; ++axis) {
    auto const lower = grid.lower()[axis], margin = std::int64_t{domain.margin[axis]};
    auto const within = [&](std::int64_t cell) {
      return static_cast<int>(
          std::clamp(cell - lower, std::int64_t{0}, std::int64_t{layout.extent[axis]}));
    };
    box.lower[axis] = within(margin);
    box.upper[axis] = within(domain.cells[axis] - margin);
  }
  return box;
}

/// The interior of a box, which needs no ghost cell of a neighbour within `radius`, or what is
/// around it, in disjoint boxes; tiling(box) is how each is tiled.
template <class Tiles>
Cuts cut(Box const& swept, Grid const& grid, Layout const& layout, int radius, bool interior,
         Tiles const& tiling) {
  Cuts result;
  Box inner = swept;
  for (int axis = 2; axis >= 0; --axis)
    for (int side : {-1, 1}) {
      std::array<int, 3> step{};
      step[static_cast<std::size_t>(axis)] = side;
      if (grid.neighbour(step) < 0) continue;
      Box slab = inner;
      auto& edge = side < 0 ? inner.lower[axis] : inner.upper[axis];
      int const near = side < 0 ? radius : layout.extent[axis] - radius;
      int const at = std::clamp(near, inner.lower[axis], inner.upper[axis]);
      (side < 0 ? slab.upper[axis] : slab.lower[axis]) = at;
      edge = at;
      if (!interior) result.add(tiling(slab));
    }
  if (interior) result.add(tiling(inner));
  return result;
}

}  // namespace inpex::stencil
