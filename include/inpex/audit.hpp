// SPDX-License-Identifier: Apache-2.0
#pragma once
// What an audit counts on each rank, and the few calls by which it is told. They are defined in the
// program inpex-audit alone (benchmarks/audit/counts.cpp), whose objects are compiled with every
// load and store announced; in all other programs nothing calls them.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace inpex::audit {

/// What one rank did in one phase. Bytes are compulsory traffic of the arrays that hold numbers:
/// each distinct element that is read before it is written, and each that is written, once from the
/// begin of a phase to its end or, `_by_kernel`, once a kernel. Indices are the same of all other
/// arrays. Issued loads and stores depend on the schedule, and inform only.
struct Tally {
  std::string phase;  ///< "" outside of all phases
  std::uint64_t flops = 0;
  std::uint64_t read = 0, written = 0;
  std::uint64_t read_by_kernel = 0, written_by_kernel = 0;
  std::uint64_t indices_read = 0, indices_written = 0;
  std::uint64_t messages = 0, bytes_sent = 0;
  std::uint64_t loads = 0, stores = 0, atomics = 0;
  std::uint64_t kernels = 0;
};

/// Kokkos on one thread, and the audit as the tool that it reports to. One at a time.
class Session {
 public:
  Session();
  ~Session();
  Session(Session const&) = delete;
  Session& operator=(Session const&) = delete;
};

/// This thread, which plays a rank, counts from here; until end(), which returns its tallies in the
/// order in which phases began.
void begin();
std::vector<Tally> end();

/// A message of this thread's rank to another.
void count_message(std::size_t bytes);
/// Operations on counting numbers, counted.hpp.
void count_flops(int operations);
/// An array of this thread's rank, until its memory is given back; `numbers`: of counting numbers.
void note_array(void const* data, std::size_t elements, std::size_t bytes_each, bool numbers);

/// Whether T is a counting number.
template <class T>
inline constexpr bool is_counted = requires {
  typename T::Plain;
};

}  // namespace inpex::audit
