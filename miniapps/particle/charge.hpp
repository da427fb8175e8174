// SPDX-License-Identifier: Apache-2.0
#pragma once
// Between electrons and the field's grid. Each cell has its electrons' charge at its eight corners
// in one cache line; what corners of eight cells share a node is added up here. The push of
// electrons is the gradient of the potential by central differences, four numbers a node.

#include <inpex/each.hpp>

#include <cstddef>

namespace inpex::particle {

/// Numbers of a cell's charge: at corner 4 dx + 2 dy + dz.
inline constexpr int corners = 8;

/// A part of the periodic grid: `width` planes along x, not periodic, of ny x nz.
struct GridShape {
  int width, ny, nz;
  [[nodiscard]] KOKKOS_INLINE_FUNCTION std::ptrdiff_t cell(int x, int y, int z) const {
    return (static_cast<std::ptrdiff_t>(x) * ny + y) * nz + z;
  }
  /// Of arrays in which the first row of a plane, and number of a row, stand again at its end.
  [[nodiscard]] KOKKOS_INLINE_FUNCTION std::ptrdiff_t node(int x, int y, int z) const {
    return (static_cast<std::ptrdiff_t>(x) * (ny + 1) + y) * (nz + 1) + z;
  }
};

/// No charge in any cell. Item: a row of cells.
struct ClearCharge {
  static constexpr char const* name = "charge: clear";
  static constexpr int per_tile = 16;
  int numbers;  ///< of a row
  double* charge;

  KOKKOS_INLINE_FUNCTION void operator()(int row) const {
    double* const first = charge + static_cast<std::ptrdiff_t>(row) * numbers;
    for (int n = 0; n < numbers; ++n) first[n] = 0;
  }
};

/// Charge at nodes, from that of cells: 7 flops a node. Item: a row of nodes, of which there is one
/// plane more than of cells.
struct FoldCharge {
  static constexpr char const* name = "charge: fold";
  static constexpr int per_tile = 16;
  GridShape cells;
  double const* charge;  ///< [width, ny, nz, 8]
  double* nodes;         ///< [width + 1, ny, nz]

  KOKKOS_INLINE_FUNCTION void operator()(int row) const {
    int const x = row / cells.ny, y = row % cells.ny, south = y > 0 ? y - 1 : cells.ny - 1;
    double* const to = nodes + static_cast<std::ptrdiff_t>(row) * cells.nz;
    for (int k = 0; k < cells.nz; ++k) to[k] = 0;
    if (x < cells.width) add(cells.cell(x, y, 0), 0, to), add(cells.cell(x, south, 0), 2, to);
    if (x > 0) add(cells.cell(x - 1, y, 0), 4, to), add(cells.cell(x - 1, south, 0), 6, to);
  }

 private:
  // Corners c and c + 1 of a row of cells.
  KOKKOS_FORCEINLINE_FUNCTION void add(std::ptrdiff_t first, int c, double* to) const {
    double const* const from = charge + first * corners + c;
    int const last = (cells.nz - 1) * corners;
    to[0] += from[0] + from[last + 1];
    for (int k = 1; k < cells.nz; ++k) to[k] += from[k * corners] + from[(k - 1) * corners + 1];
  }
};

/// The gradient of a potential, 3 differences and 3 products a node. Item: a row of nodes, the last
/// of a plane being its first again.
template <class Real, class T>
struct Gradient {
  static constexpr char const* name = "field: gradient";
  static constexpr int per_tile = 16;
  GridShape nodes;     ///< of the result
  T const* potential;  ///< [width + 2, ny, nz], from one plane earlier on
  Real* push;          ///< [width, ny + 1, nz + 1, 4]

  KOKKOS_INLINE_FUNCTION void operator()(int row) const {
    int const ny = nodes.ny, nz = nodes.nz, x = row / (ny + 1), y = row % (ny + 1) % ny,
              south = y > 0 ? y - 1 : ny - 1, north = y + 1 < ny ? y + 1 : 0;
    T const* const here = potential + nodes.cell(x + 1, y, 0);
    T const* const west = potential + nodes.cell(x, y, 0);
    T const* const east = potential + nodes.cell(x + 2, y, 0);
    T const* const down = potential + nodes.cell(x + 1, south, 0);
    T const* const up = potential + nodes.cell(x + 1, north, 0);
    Real* const to = push + static_cast<std::ptrdiff_t>(row) * (nz + 1) * 4;
    for (int n = 0; n <= nz; ++n) {
      int const k = n < nz ? n : 0, below = k > 0 ? k - 1 : nz - 1, above = k + 1 < nz ? k + 1 : 0;
      to[4 * n] = static_cast<Real>(T(0.5) * (east[k] - west[k]));
      to[4 * n + 1] = static_cast<Real>(T(0.5) * (up[k] - down[k]));
      to[4 * n + 2] = static_cast<Real>(T(0.5) * (here[above] - here[below]));
      to[4 * n + 3] = 0;
    }
  }
};

}  // namespace inpex::particle
