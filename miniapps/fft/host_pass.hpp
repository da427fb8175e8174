// SPDX-License-Identifier: Apache-2.0
#pragma once
// Work that threads of a host share out, each in scratch memory of its own: what every pass over
// memory on hosts is.

#include <inpex/launch.hpp>

#include <cstddef>

namespace inpex::fft {

/// Work has `void share(T* scratch, int part, int parts) const`, which does that part of it, and a
/// name.
template <class T, class Work>
struct HostPass {
  static constexpr char const* name = Work::name;
  Work work;
  T* scratch;
  std::ptrdiff_t scratch_size;
  int threads;

  [[nodiscard]] int tiles() const { return threads; }
  void tile(int t) const { work.share(scratch + t * scratch_size, t, threads); }
  [[nodiscard]] int teams() const { return 0; }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const&) const {}
};

}  // namespace inpex::fft
