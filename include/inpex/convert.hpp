// SPDX-License-Identifier: Apache-2.0
#pragma once
// Lanes of one type of number as lanes of another, for kernels whose arithmetic is narrower than
// their state.

#include <inpex/simd.hpp>

#include <bit>
#include <type_traits>
#if defined(__AVX512F__) && !defined(__CUDA_ARCH__)
#include <immintrin.h>
#endif

namespace inpex {

/// The lanes as numbers of another type, each rounded once.
template <class To, class T>
KOKKOS_FORCEINLINE_FUNCTION vec<To, 1> converted(vec<T, 1> v) {
  return {static_cast<To>(v.lanes)};
}
template <class To, class T, int W>
[[gnu::always_inline]] inline vec<To, W> converted(vec<T, W> v) {
  if constexpr (std::is_same_v<To, T>) {
    return v;
  } else {
    // As one conversion: g++ 12 makes two halves of it, at twice the cost.
#if defined(__AVX512F__) && !defined(__CUDA_ARCH__)
    using Lanes = typename vec<To, W>::Lanes;
    if constexpr (std::is_same_v<T, float> && std::is_same_v<To, double> && W == 8)
      return {std::bit_cast<Lanes>(_mm512_cvtps_pd(std::bit_cast<__m256>(v.lanes)))};
    if constexpr (std::is_same_v<T, double> && std::is_same_v<To, float> && W == 8)
      return {std::bit_cast<Lanes>(_mm512_cvtpd_ps(std::bit_cast<__m512d>(v.lanes)))};
#endif
    vec<To, W> result;
    for (int lane = 0; lane < W; ++lane) result.lanes[lane] = static_cast<To>(v.lanes[lane]);
    return result;
  }
}

}  // namespace inpex
