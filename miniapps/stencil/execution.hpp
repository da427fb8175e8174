// SPDX-License-Identifier: Apache-2.0
#pragma once
// What an app tells the block about its box and about how it is executed.

#include <array>
#include <cstdint>
#include <string>

namespace inpex::stencil {

/// How a stencil is executed; parameters with the role `tuning`.
struct Execution {
  std::string variant = "spatial";  ///< sweep.hpp, temporal.hpp, or naive: what a newcomer writes
  std::int64_t tile = 32;           ///< rows of y in a host tile
  std::string overlap = "on";       ///< on: the interior is swept while ghost cells travel
  std::int64_t fused = 1;           ///< steps that variant temporal does in one pass over memory
  std::int64_t steps = 1;           ///< of a sample
};

/// The box of a stencil: `cells` in all; ghost layers of each block; and how many layers of cells
/// at each wall of the box are not swept.
struct Domain {
  std::array<std::int64_t, 3> cells;
  std::array<int, 3> ghost;
  std::array<int, 3> margin{};
};

}  // namespace inpex::stencil
