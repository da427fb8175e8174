// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the melt is held against: sums over all pairs of all atoms, in extended precision, from
// coordinates alone. Nothing of blocks, columns or lists is used; images are the nearest ones, and
// the box is over two cut-offs wide.

#include "melt.hpp"

#include <inpex/comm.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

namespace inpex::particle {

/// Every rank's points on every rank, in the order of ranks. Collective, blocking.
inline std::vector<Point> gathered(Comm const& comm, std::vector<Point> const& mine) {
  struct Piece {
    double numbers[3 * 512];
  };
  std::vector<Point> all;
  for (int rank = 0; rank < comm.size(); ++rank) {
    auto const count = comm.broadcast(static_cast<std::uint64_t>(mine.size()), rank);
    for (std::uint64_t first = 0; first < count; first += 512) {
      Piece piece{};
      auto const here = static_cast<std::size_t>(std::min<std::uint64_t>(512, count - first));
      for (std::size_t n = 0; rank == comm.rank() && n < here; ++n)
        for (std::size_t axis = 0; axis < 3; ++axis)
          piece.numbers[3 * n + axis] = mine[first + n][axis];
      piece = comm.broadcast(piece, rank);
      for (std::size_t n = 0; n < here; ++n)
        all.push_back({piece.numbers[3 * n], piece.numbers[3 * n + 1], piece.numbers[3 * n + 2]});
    }
  }
  return all;
}

/// What one atom has of all others.
struct PairSums {
  long double force[3] = {0, 0, 0};
  long double size = 0;    ///< sum of the absolute values of its forces
  long double energy = 0;  ///< half of its pairs'
  long double shifted =
      0;  ///< the same of the potential that is 0 at the cut-off: what the motion conserves
  long double virial = 0;  ///< half of the sum of r f
};

/// Sums of the atom others[atom] over all others.
inline PairSums pair_sums(std::size_t atom, std::vector<Point> const& others, Point const& box,
                          double cutoff) {
  auto const& here = others[atom];
  PairSums sums;
  long double const limit = static_cast<long double>(cutoff) * cutoff;
  long double const at_limit = 1 / (limit * limit * limit), edge = 2 * at_limit * (at_limit - 1);
  for (auto const& there : others) {
    double image[3], rough = 0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      double const near = here[axis] - there[axis];
      image[axis] = near > box[axis] / 2 ? 1 : near < -box[axis] / 2 ? -1 : 0;
      rough += (near - image[axis] * box[axis]) * (near - image[axis] * box[axis]);
    }
    if (rough > 1.001 * cutoff * cutoff || &there == &here) continue;
    long double d[3], square = 0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      d[axis] = static_cast<long double>(here[axis]) - there[axis] -
                image[axis] * static_cast<long double>(box[axis]);
      square += d[axis] * d[axis];
    }
    if (!(square < limit)) continue;
    long double const s = 1 / square, t = s * s * s, f = 48 * t * s * (t - 0.5L);
    for (std::size_t axis = 0; axis < 3; ++axis) sums.force[axis] += f * d[axis];
    sums.size += std::abs(f) * std::sqrt(square);
    sums.energy += 2 * t * (t - 1);
    sums.shifted += 2 * t * (t - 1) - edge;
    sums.virial += f * square / 2;
  }
  return sums;
}

/// The energy of an atom of the perfect lattice, by a sum over its neighbours.
inline double lattice_energy(Melt const& melt, double cutoff) {
  long double const a = melt.edge(), limit = static_cast<long double>(cutoff) * cutoff;
  int const far = static_cast<int>(cutoff / melt.edge()) + 2;
  long double sum = 0;
  for (int i = -2 * far; i <= 2 * far; ++i)
    for (int j = -2 * far; j <= 2 * far; ++j)
      for (int k = -2 * far; k <= 2 * far; ++k) {
        if ((i + j + k) % 2 != 0 || (i == 0 && j == 0 && k == 0))
          continue;  // sites: halves with an even sum
        long double const square = a * a / 4 * (i * i + j * j + k * k);
        if (square >= limit) continue;
        long double const s = 1 / square, t = s * s * s;
        sum += 2 * t * (t - 1);
      }
  return static_cast<double>(sum);
}

/// Energies and temperature that LAMMPS (22 Jul 2025, in.lj, -sf opt) has after `steps` steps with
/// a new list every 20, as the distributed input has it and which loses pairs, and with a new list
/// before any pair is lost.
struct Published {
  std::array<std::int64_t, 3> cells;
  std::int64_t steps;
  double temperature, energy, complete_temperature, complete_energy;
};
inline constexpr Published published[] = {
    {{18, 6, 8}, 40, 0.727500361, -5.71242209, 0.727504406, -5.71242502},
    {{10, 10, 10}, 40, 0.718570968, -5.69964822, 0.718574184, -5.69964584},
    {{10, 10, 10}, 100, 0.75715334, -5.75814257, 0.757164446, -5.75813408},
    {{20, 20, 20}, 100, 0.757453103, -5.75850549, 0.757459983, -5.75849978},
    {{40, 40, 40}, 100, 0.758656173, -5.76032592, 0.758662851, -5.76031952},
};

}  // namespace inpex::particle
