// SPDX-License-Identifier: Apache-2.0
#pragma once
// How often this test program has allocated with new, so that a step that does is found.

namespace inpex::test {

long allocations();

}  // namespace inpex::test
