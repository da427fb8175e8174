// SPDX-License-Identifier: Apache-2.0
// The atomic operations of ThreadSanitizer's run time (compiler-rt: tsan_interface_atomic.h), which
// compilers call in place of their own in objects of inpex-audit: done in the strongest order, and
// counted. What no app uses is not here; the linker names what is missing.

#include "announced.hpp"

#include <cstdint>

namespace {

template <class T>
T& at(T volatile* place) {
  auto& here = const_cast<T&>(*place);
  inpex::audit::atomic(&here, sizeof(T));
  return here;
}

template <class T>
T load(T const volatile* place) {
  return __atomic_load_n(&at(const_cast<T volatile*>(place)), __ATOMIC_SEQ_CST);
}
template <class T>
void store(T volatile* place, T value) {
  __atomic_store_n(&at(place), value, __ATOMIC_SEQ_CST);
}
template <class T>
T exchange(T volatile* place, T value) {
  return __atomic_exchange_n(&at(place), value, __ATOMIC_SEQ_CST);
}
template <class T>
T fetch_add(T volatile* place, T value) {
  return __atomic_fetch_add(&at(place), value, __ATOMIC_SEQ_CST);
}
template <class T>
T fetch_sub(T volatile* place, T value) {
  return __atomic_fetch_sub(&at(place), value, __ATOMIC_SEQ_CST);
}
template <class T>
bool compare_exchange(T volatile* place, T* expected, T value) {
  return __atomic_compare_exchange_n(&at(place), expected, value, false, __ATOMIC_SEQ_CST,
                                     __ATOMIC_SEQ_CST);
}

using Word = std::uint32_t;
using Long = std::uint64_t;
using Byte = std::uint8_t;

}  // namespace

extern "C" {
void __tsan_atomic_thread_fence(int) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
Byte __tsan_atomic8_load(Byte const volatile* from, int) { return load(from); }
void __tsan_atomic8_store(Byte volatile* to, Byte value, int) { store(to, value); }
Word __tsan_atomic32_load(Word const volatile* from, int) { return load(from); }
void __tsan_atomic32_store(Word volatile* to, Word value, int) { store(to, value); }
Word __tsan_atomic32_exchange(Word volatile* to, Word value, int) { return exchange(to, value); }
Word __tsan_atomic32_fetch_add(Word volatile* to, Word value, int) { return fetch_add(to, value); }
Word __tsan_atomic32_fetch_sub(Word volatile* to, Word value, int) { return fetch_sub(to, value); }
bool __tsan_atomic32_compare_exchange_strong(Word volatile* to, Word* expected, Word value, int,
                                             int) {
  return compare_exchange(to, expected, value);
}
bool __tsan_atomic32_compare_exchange_weak(Word volatile* to, Word* expected, Word value, int,
                                           int) {
  return compare_exchange(to, expected, value);
}
Long __tsan_atomic64_load(Long const volatile* from, int) { return load(from); }
void __tsan_atomic64_store(Long volatile* to, Long value, int) { store(to, value); }
Long __tsan_atomic64_exchange(Long volatile* to, Long value, int) { return exchange(to, value); }
Long __tsan_atomic64_fetch_add(Long volatile* to, Long value, int) { return fetch_add(to, value); }
Long __tsan_atomic64_fetch_sub(Long volatile* to, Long value, int) { return fetch_sub(to, value); }
bool __tsan_atomic64_compare_exchange_strong(Long volatile* to, Long* expected, Long value, int,
                                             int) {
  return compare_exchange(to, expected, value);
}
bool __tsan_atomic64_compare_exchange_weak(Long volatile* to, Long* expected, Long value, int,
                                           int) {
  return compare_exchange(to, expected, value);
}
}
