// SPDX-License-Identifier: Apache-2.0
#pragma once
// One test body for every space and schedule of the build.

#include <inpex/inpex.hpp>

#include "world.hpp"

namespace inpex::test {

template <class Body, class... S>
void each_space(SpaceList<S...>, Body const& body) {
  (body(Context<S>{.comm = world()}), ...);
  (body(Context<S>{.comm = world(), .schedule = Schedule::device}), ...);
}

/// Calls body(context) for every space of the build, in both schedules, on all ranks of the test.
template <class Body>
void each_space(Body const& body) {
  each_space(Spaces{}, body);
}

/// A copy on the host of `size` elements at `data`, in the memory of S.
template <class S, class T>
std::vector<T> on_host(T const* data, std::size_t size) {
  std::vector<T> host(size);
  Kokkos::View<T const*, typename S::memory_space, Kokkos::MemoryTraits<Kokkos::Unmanaged>> const
      there(data, size);
  Kokkos::deep_copy(Kokkos::View<T*, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>>(
                        host.data(), size),
                    there);
  return host;
}

}  // namespace inpex::test
