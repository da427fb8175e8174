// SPDX-License-Identifier: Apache-2.0
#pragma once
// What compilers announce, as counts.cpp takes it.

#include <cstddef>

namespace inpex::audit {

/// A load or store of so many bytes; those outside of arrays are passed over.
void touch(void const* address, std::size_t bytes, bool write);
/// An atomic operation: a load and a store, and counted as what it is.
void atomic(void const* address, std::size_t bytes);

}  // namespace inpex::audit
