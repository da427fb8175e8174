// SPDX-License-Identifier: Apache-2.0
#pragma once
// Lanes of one type of number as lanes of another, for kernels whose arithmetic is narrower than
// their state.

#include <inpex/simd.hpp>

#include <type_traits>

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
    vec<To, W> result;
    if (!converted_at_once(v, result))
      for (int lane = 0; lane < W; ++lane) result.lanes[lane] = static_cast<To>(v.lanes[lane]);
    return result;
  }
}

}  // namespace inpex
