// SPDX-License-Identifier: Apache-2.0
#pragma once
// The precision `mixed`: what is kept is fp64, the force of a pair is found in fp32.

namespace inpex::particle {

/// Stands where other precisions have their number.
struct Mixed {
  static constexpr auto precision = "mixed";
};

/// Of a precision: the numbers of positions, velocities and forces, and those of a pair.
template <class Number>
struct Numbers {
  using State = Number;
  using Pair = Number;
};
template <>
struct Numbers<Mixed> {
  using State = double;
  using Pair = float;
};

}  // namespace inpex::particle
