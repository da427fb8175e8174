// SPDX-License-Identifier: Apache-2.0
#pragma once
// The initial state of the melt: atoms on a face-centred cubic lattice, and velocities that are a
// function of the atom's place alone, so that they are the same on every number of ranks and on
// every space, to the last bit. The rule of velocities is that of LAMMPS' `velocity all create T
// SEED loop geom`: a hash of the coordinates seeds the generator of Park and Miller ("Random number
// generators: good ones are hard to find", CACM 31, 1988), so that both codes start from the same
// atoms.

#include <inpex/comm.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace inpex::particle {

using Point = std::array<double, 3>;

/// What the state is made from; reduced units of Lennard-Jones throughout.
struct Melt {
  std::array<std::int64_t, 3> cells{};
  double density = 0.8442, temperature = 1.44;
  std::int64_t seed = 87287;

  [[nodiscard]] std::int64_t atoms() const { return 4 * cells[0] * cells[1] * cells[2]; }
  /// Edge of a cubic cell of 4 atoms.
  [[nodiscard]] double edge() const { return std::pow(4 / density, 1.0 / 3.0); }
  [[nodiscard]] Point box() const {
    return {edge() * static_cast<double>(cells[0]), edge() * static_cast<double>(cells[1]),
            edge() * static_cast<double>(cells[2])};
  }
  /// Site `site`, 0 <= site < 4, of cell (i, j, k).
  [[nodiscard]] Point place(std::int64_t i, std::int64_t j, std::int64_t k, int site) const {
    constexpr double in_cell[4][3] = {{0, 0, 0}, {0.5, 0.5, 0}, {0.5, 0, 0.5}, {0, 0.5, 0.5}};
    double const a = edge();
    return {a * (static_cast<double>(i) + in_cell[site][0]),
            a * (static_cast<double>(j) + in_cell[site][1]),
            a * (static_cast<double>(k) + in_cell[site][2])};
  }
};

/// Three numbers in 1 .. 2^31 - 2, from a seed and a point.
inline std::array<std::uint64_t, 3> random_words(std::int64_t seed, Point const& place) {
  std::uint32_t hash = 0;  // Jenkins' one-at-a-time hash, of signed bytes
  auto const add = [&](void const* from, std::size_t bytes) {
    for (std::size_t n = 0; n < bytes; ++n) {
      signed char byte = 0;
      std::memcpy(&byte, static_cast<char const*>(from) + n, 1);
      hash += static_cast<std::uint32_t>(static_cast<int>(byte));
      hash += hash << 10;
      hash ^= hash >> 6;
    }
  };
  auto const short_seed = static_cast<std::int32_t>(seed);
  add(&short_seed, sizeof short_seed);
  add(place.data(), sizeof place);
  hash += hash << 3;
  hash ^= hash >> 11;
  hash += hash << 15;
  std::uint64_t state = hash & 0x7ffffff;
  if (state == 0) state = 1;
  auto const next = [&] { return state = state * 16807 % 2147483647; };
  for (int warm_up = 0; warm_up < 5; ++warm_up) next();
  std::array<std::uint64_t, 3> words{};
  for (auto& word : words) word = next();
  return words;
}

/// From words to velocities: sums of whole numbers are the same in every order.
class Velocities {
 public:
  /// Adds up the words of this rank's lattice planes and of all others. Collective, blocking.
  Velocities(Melt const& melt, Comm const& comm) : seed_(melt.seed) {
    std::array<std::uint64_t, 3> sum{}, high{}, low{};
    for (std::int64_t i = comm.rank(); i < melt.cells[0]; i += comm.size())
      for (std::int64_t j = 0; j < melt.cells[1]; ++j)
        for (std::int64_t k = 0; k < melt.cells[2]; ++k)
          for (int site = 0; site < 4; ++site) {
            auto const words = random_words(seed_, melt.place(i, j, k, site));
            for (std::size_t axis = 0; axis < 3; ++axis) {
              auto const square = words[axis] * words[axis];
              sum[axis] += words[axis], high[axis] += square >> 31,
                  low[axis] += square & 0x7fffffff;
            }
          }
    auto const atoms = static_cast<double>(melt.atoms());
    double energy = 0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      mean_[axis] = static_cast<double>(comm.sum(sum[axis])) / atoms;
      energy +=
          static_cast<double>(static_cast<long double>(comm.sum(high[axis])) * 2147483648.0L +
                              static_cast<long double>(comm.sum(low[axis])) -
                              static_cast<long double>(mean_[axis]) * mean_[axis] * melt.atoms());
    }
    scale_ = std::sqrt(melt.temperature * 3 * (atoms - 1) / energy);
  }
  /// The velocity of the atom that starts at this place. No atom pulls the others along: the sum is
  /// 0.
  [[nodiscard]] Point of(Point const& place) const {
    auto const words = random_words(seed_, place);
    Point velocity{};
    for (std::size_t axis = 0; axis < 3; ++axis)
      velocity[axis] = scale_ * (static_cast<double>(words[axis]) - mean_[axis]);
    return velocity;
  }

 private:
  std::int64_t seed_;
  Point mean_{};
  double scale_ = 0;
};

}  // namespace inpex::particle
