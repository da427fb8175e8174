// SPDX-License-Identifier: Apache-2.0
#pragma once
// Execution spaces by the names that users write, and the only place that knows which back ends
// this build has.

#include <Kokkos_Core.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

namespace inpex {

/// A Kokkos execution space, such as Kokkos::OpenMP.
template <class S>
concept Space = Kokkos::is_execution_space<S>::value;

/// A list of spaces as a type.
template <Space... S>
struct SpaceList {};

/// Whether the host's own memory is the space's memory, so that its kernels run as tiles.
template <Space S>
inline constexpr bool is_host = std::is_same_v<typename S::memory_space, Kokkos::HostSpace>;

/// The name by which specs and commands know the space.
template <Space S>
constexpr std::string_view space_name() {
#ifdef KOKKOS_ENABLE_SERIAL
  if constexpr (std::is_same_v<S, Kokkos::Serial>) return "serial";
#endif
#ifdef KOKKOS_ENABLE_OPENMP
  if constexpr (std::is_same_v<S, Kokkos::OpenMP>) return "openmp";
#endif
#ifdef KOKKOS_ENABLE_CUDA
  if constexpr (std::is_same_v<S, Kokkos::Cuda>) return "cuda";
#endif
#ifdef KOKKOS_ENABLE_HIP
  if constexpr (std::is_same_v<S, Kokkos::HIP>) return "hip";
#endif
  return "other";
}

namespace detail {

template <class Lists, class... More>
struct Joined;
template <Space... A, Space... B, class... More>
struct Joined<SpaceList<A...>, SpaceList<B...>, More...> : Joined<SpaceList<A..., B...>, More...> {
};
template <Space... A>
struct Joined<SpaceList<A...>> {
  using type = SpaceList<A...>;
};

#ifdef KOKKOS_ENABLE_SERIAL
using SerialList = SpaceList<Kokkos::Serial>;
#else
using SerialList = SpaceList<>;
#endif
#ifdef KOKKOS_ENABLE_OPENMP
using OpenMpList = SpaceList<Kokkos::OpenMP>;
#else
using OpenMpList = SpaceList<>;
#endif
#ifdef KOKKOS_ENABLE_CUDA
using CudaList = SpaceList<Kokkos::Cuda>;
#else
using CudaList = SpaceList<>;
#endif
#ifdef KOKKOS_ENABLE_HIP
using HipList = SpaceList<Kokkos::HIP>;
#else
using HipList = SpaceList<>;
#endif

}  // namespace detail

/// The device behind a space, as its vendor's library sees it; no name and no bytes on hosts.
struct DeviceFacts {
  std::string name;
  std::size_t memory_bytes = 0;
  std::size_t free_bytes = 0;  ///< now
};
template <Space S>
DeviceFacts device_facts([[maybe_unused]] S const& space) {
  DeviceFacts facts;
#ifdef KOKKOS_ENABLE_CUDA
  if constexpr (std::is_same_v<S, Kokkos::Cuda>) {
    facts.name = space.cuda_device_prop().name;
    cudaMemGetInfo(&facts.free_bytes, &facts.memory_bytes);
  }
#endif
#ifdef KOKKOS_ENABLE_HIP
  if constexpr (std::is_same_v<S, Kokkos::HIP>) {
    facts.name = space.hip_device_prop().name;
    (void)hipMemGetInfo(&facts.free_bytes, &facts.memory_bytes);
  }
#endif
  return facts;
}

/// Every space of this build; mini-apps are instantiated for each.
using Spaces = typename detail::Joined<detail::SerialList, detail::OpenMpList, detail::CudaList,
                                       detail::HipList>::type;

}  // namespace inpex
