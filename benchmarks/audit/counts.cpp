// SPDX-License-Identifier: Apache-2.0
// The audit's own file: its counters, and what tells them. Objects of inpex-audit are compiled with
// -fsanitize=thread, by which g++ and clang announce every load, store and atomic operation to
// functions of these names; no library of a sanitizer is linked, the functions are here. Kokkos
// reports phases, kernels and freed memory, as to any of its tools.

#include "announced.hpp"

#include <inpex/audit.hpp>

#include <Kokkos_Core.hpp>

#include <array>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace inpex::audit {
namespace {

/// In which phase, or kernel, an element was last read and written.
struct Seen {
  std::uint32_t read = 0, written = 0;
};
struct Element {
  Seen by_phase, by_kernel;
};
struct Array {
  std::uintptr_t begin, end;
  std::size_t each;
  bool numbers;
  std::vector<Element> elements;
};

/// What one thread has counted.
struct Ledger {
  std::vector<Tally> tallies{Tally{}};
  std::vector<std::size_t> open{0};  // tallies of the phases that have begun and not ended
  std::uint32_t phase = 1, kernel = 1;

  Tally& now() { return tallies[open.back()]; }
};

// Ranks are threads of which one runs at a time, so that arrays need no lock.
std::map<std::uintptr_t, Array> arrays;
std::array<Array*, 1024> recent{};
thread_local std::unique_ptr<Ledger> ledger;

Array* find(std::uintptr_t at) {
  Array*& guess = recent[(at >> 21) % recent.size()];  // memory.hpp aligns arrays to 2 MiB
  if (guess != nullptr && at >= guess->begin && at < guess->end) return guess;
  auto next = arrays.upper_bound(at);
  if (next == arrays.begin()) return nullptr;
  auto& found = std::prev(next)->second;
  if (at >= found.end) return nullptr;
  return guess = &found;
}

// Notes a read or write of an element; whether it must come from memory, or go there: the first
// write, and the first read if the element was not written before.
bool first(Seen& seen, std::uint32_t epoch, bool write) {
  bool const fresh = write ? seen.written != epoch : seen.read != epoch && seen.written != epoch;
  (write ? seen.written : seen.read) = epoch;
  return fresh;
}

std::uint32_t next_epoch() {
  static std::uint32_t last = 1;
  return ++last;
}

void begin_phase(char const* name) {
  if (ledger == nullptr) return;
  std::size_t which = 0;
  while (which < ledger->tallies.size() && ledger->tallies[which].phase != name) ++which;
  if (which == ledger->tallies.size()) ledger->tallies.push_back({.phase = name});
  ledger->open.push_back(which);
  ledger->phase = next_epoch();
}

void end_phase() {
  if (ledger == nullptr || ledger->open.size() == 1) return;
  ledger->open.pop_back();
  ledger->phase = next_epoch();
}

void begin_kernel(char const*, std::uint32_t, std::uint64_t*) {
  if (ledger == nullptr) return;
  ++ledger->now().kernels;
  ledger->kernel = next_epoch();
}

void forget(Kokkos_Profiling_SpaceHandle, char const*, void const* data, std::uint64_t) {
  if (arrays.erase(reinterpret_cast<std::uintptr_t>(data)) > 0) recent.fill(nullptr);
}

}  // namespace

void touch(void const* address, std::size_t bytes, bool write) {
  if (ledger == nullptr || bytes == 0) return;
  auto const at = reinterpret_cast<std::uintptr_t>(address);
  Array* const array = find(at);
  if (array == nullptr) return;
  auto& tally = ledger->now();
  ++(write ? tally.stores : tally.loads);
  std::uint64_t by_phase = 0, by_kernel = 0;
  auto const last = (std::min(at + bytes, array->end) - 1 - array->begin) / array->each;
  for (auto n = (at - array->begin) / array->each; n <= last; ++n) {
    by_phase += first(array->elements[n].by_phase, ledger->phase, write);
    by_kernel += first(array->elements[n].by_kernel, ledger->kernel, write);
  }
  if (!array->numbers) {
    (write ? tally.indices_written : tally.indices_read) += by_phase * array->each;
    return;
  }
  (write ? tally.written : tally.read) += by_phase * array->each;
  (write ? tally.written_by_kernel : tally.read_by_kernel) += by_kernel * array->each;
}

void atomic(void const* address, std::size_t bytes) {
  if (ledger == nullptr || find(reinterpret_cast<std::uintptr_t>(address)) == nullptr) return;
  ++ledger->now().atomics;
  touch(address, bytes, false);
  touch(address, bytes, true);
}

Session::Session() {
  Kokkos::initialize(
      Kokkos::InitializationSettings().set_num_threads(1).set_disable_warnings(true));
  namespace tools = Kokkos::Tools::Experimental;
  tools::set_push_region_callback(begin_phase);
  tools::set_pop_region_callback(end_phase);
  tools::set_begin_parallel_for_callback(begin_kernel);
  tools::set_begin_parallel_reduce_callback(begin_kernel);
  tools::set_deallocate_data_callback(forget);
}
Session::~Session() { Kokkos::finalize(); }

void begin() { ledger = std::make_unique<Ledger>(); }
std::vector<Tally> end() {
  auto const done = std::exchange(ledger, nullptr);
  return done->tallies;
}

void count_message(std::size_t bytes) {
  if (ledger == nullptr) return;
  ++ledger->now().messages;
  ledger->now().bytes_sent += bytes;
}

void count_flops(int operations) {
  if (ledger != nullptr) ledger->now().flops += static_cast<std::uint64_t>(operations);
}

void note_array(void const* data, std::size_t elements, std::size_t bytes_each, bool numbers) {
  auto const begin = reinterpret_cast<std::uintptr_t>(data);
  recent.fill(nullptr);
  arrays.insert_or_assign(begin, Array{begin, begin + elements * bytes_each, bytes_each, numbers,
                                       std::vector<Element>(elements)});
}

}  // namespace inpex::audit

// The interface of ThreadSanitizer's run time (compiler-rt: tsan_interface.h), as far as loads and
// stores go. The names are the compilers'.
using inpex::audit::touch;
extern "C" {
void __tsan_init() {}
void __tsan_func_entry(void*) {}
void __tsan_func_exit() {}
void __tsan_read1(void* at) { touch(at, 1, false); }
void __tsan_read2(void* at) { touch(at, 2, false); }
void __tsan_read4(void* at) { touch(at, 4, false); }
void __tsan_read8(void* at) { touch(at, 8, false); }
void __tsan_read16(void* at) { touch(at, 16, false); }
void __tsan_write1(void* at) { touch(at, 1, true); }
void __tsan_write2(void* at) { touch(at, 2, true); }
void __tsan_write4(void* at) { touch(at, 4, true); }
void __tsan_write8(void* at) { touch(at, 8, true); }
void __tsan_write16(void* at) { touch(at, 16, true); }
void __tsan_unaligned_read2(void* at) { touch(at, 2, false); }
void __tsan_unaligned_read4(void* at) { touch(at, 4, false); }
void __tsan_unaligned_read8(void* at) { touch(at, 8, false); }
void __tsan_unaligned_read16(void* at) { touch(at, 16, false); }
void __tsan_unaligned_write2(void* at) { touch(at, 2, true); }
void __tsan_unaligned_write4(void* at) { touch(at, 4, true); }
void __tsan_unaligned_write8(void* at) { touch(at, 8, true); }
void __tsan_unaligned_write16(void* at) { touch(at, 16, true); }
void __tsan_read_range(void* at, unsigned long bytes) { touch(at, bytes, false); }
void __tsan_write_range(void* at, unsigned long bytes) { touch(at, bytes, true); }
// clang has these in place of the functions themselves
void* __tsan_memcpy(void* to, void const* from, unsigned long bytes) {
  touch(from, bytes, false), touch(to, bytes, true);
  return std::memcpy(to, from, bytes);
}
void* __tsan_memmove(void* to, void const* from, unsigned long bytes) {
  touch(from, bytes, false), touch(to, bytes, true);
  return std::memmove(to, from, bytes);
}
void* __tsan_memset(void* to, int value, unsigned long bytes) {
  touch(to, bytes, true);
  return std::memset(to, value, bytes);
}
void __tsan_vptr_read(void**) {}
void __tsan_vptr_update(void**, void*) {}
}
