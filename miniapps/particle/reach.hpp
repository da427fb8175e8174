// SPDX-License-Identifier: Apache-2.0
#pragma once
// How a list is made, and how much room its rows get at first.

#include "lanes.hpp"

namespace inpex::particle {

/// What a list is made by.
struct Reach {
  double cutoff = 2.5, skin = 0.3;
  bool watched = false;  ///< whether stale() will be asked
  bool single = false;   ///< rows of single atoms
  [[nodiscard]] double list() const { return cutoff + skin; }

  /// Words of a row, with some to spare: a few hundred atoms a rank fluctuate, and a list that
  /// grows allocates within a sample. Of blocks in proportion to the volume within reach,
  /// widened by the size of a block; of single atoms as many as there are neighbours, a third more,
  /// and what runs are filled up with.
  [[nodiscard]] int words_of_row(double density, bool half) const {
    if (single) return 40 + static_cast<int>(1.33 * 4.19 * list() * list() * list() * density);
    double const wide = list() + 0.6, pairs = 4.19 * wide * wide * wide * density / block_atoms;
    return (half ? 1 : 2) * (4 + static_cast<int>(1.15 * pairs));
  }
};

}  // namespace inpex::particle
