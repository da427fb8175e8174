// SPDX-License-Identifier: Apache-2.0
#pragma once
// The ranks of a test program.

#include <inpex/comm.hpp>
#include <inpex/runtime.hpp>

namespace inpex::test {

/// All ranks; set by main before the first test.
Comm& world();

/// Kokkos, as main started it.
Runtime const& runtime();

}  // namespace inpex::test
