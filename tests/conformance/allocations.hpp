// SPDX-License-Identifier: Apache-2.0
#pragma once
// How often this test program has allocated a kilobyte or more with new, so that a step that does
// is found. Smaller ones are not counted: Kokkos 4.5 makes strings in each dispatch (RangePolicy's
// check_conversion_safety), whatever its caller does.

namespace inpex::test {

long allocations();

}  // namespace inpex::test
