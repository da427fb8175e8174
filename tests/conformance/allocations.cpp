// SPDX-License-Identifier: Apache-2.0
// Replaces new and delete of the whole program by counting ones; in a file of its own, since g++ 12
// warns of a mismatch wherever it inlines one of the two.

#include "allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {
std::atomic<long> count{0};
}

long inpex::test::allocations() { return count; }

void* operator new(std::size_t bytes) {
  if (bytes >= 1024) ++count;
  if (void* const memory = std::malloc(bytes == 0 ? 1 : bytes)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
