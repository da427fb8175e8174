// SPDX-License-Identifier: Apache-2.0
#pragma once
// CUDA 13 dropped the forms of three calls that Kokkos 4.5 and 4.6 use. This header is included
// before every CUDA file, Kokkos' own and ours, and forwards the old forms to the new ones.
// Harmless for a Kokkos that calls the new ones. Seen with CUDA 13.0.88 and Kokkos 4.5.01.

#include <cuda_runtime.h>

#if CUDART_VERSION >= 13000
inline cudaMemLocation inpex_location(int device) {
  return {device < 0 ? cudaMemLocationTypeHost : cudaMemLocationTypeDevice,
          device < 0 ? 0 : device};
}
inline cudaError_t cudaGraphAddDependencies(cudaGraph_t graph, cudaGraphNode_t const* from,
                                            cudaGraphNode_t const* to, size_t count) {
  return cudaGraphAddDependencies(graph, from, to, nullptr, count);
}
inline cudaError_t cudaMemPrefetchAsync(void const* data, size_t bytes, int device,
                                        cudaStream_t stream = nullptr) {
  return cudaMemPrefetchAsync(data, bytes, inpex_location(device), 0, stream);
}
inline cudaError_t cudaMemAdvise(void const* data, size_t bytes, cudaMemoryAdvise advice,
                                 int device) {
  return cudaMemAdvise(data, bytes, advice, inpex_location(device));
}
#endif
