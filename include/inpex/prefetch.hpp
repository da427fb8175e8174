// SPDX-License-Identifier: Apache-2.0
#pragma once
// Lines of memory that will be read soon.

namespace inpex {

/// Into which cache a prefetch brings a line: the first, the second (which leaves the small first
/// one to what is in use), or the first and no other, for what is used once.
enum class Near { first, second, once };

/// Asks for the cache line at `address`, which need not be valid, for reading soon. Always inlined:
/// g++ 12 takes a function that only prefetches for one without effect, and drops calls of it.
template <Near near = Near::first>
[[gnu::always_inline]] inline void prefetch(void const* address) {
  __builtin_prefetch(address, 0, near == Near::first ? 3 : near == Near::second ? 2 : 0);
}

}  // namespace inpex
