// SPDX-License-Identifier: Apache-2.0
#pragma once
// What pair kernels need of vec<T, W> beyond simd.hpp: lanes within a limit, and sums across lanes.
// What looks into a vector is a function of the host alone, with another for one lane, which
// devices take (see sparse/chunks.hpp).

#include <inpex/simd.hpp>

namespace inpex::particle {

/// Atoms of a block, on every space; lanes of a vector are a share of them.
inline constexpr int block_atoms = 8;

/// Lanes of pair kernels on hosts: a block, or as much of it as a vector of this machine holds.
template <class T>
inline constexpr int host_lanes = native_lanes<T> < block_atoms ? native_lanes<T> : block_atoms;

/// a b in lanes whose r is below the limit, else 0, whatever a and b are.
template <class T>
KOKKOS_FORCEINLINE_FUNCTION vec<T, 1> product_below(vec<T, 1> a, vec<T, 1> b, vec<T, 1> r,
                                                    T limit) {
  return {r.lanes < limit ? a.lanes * b.lanes : T(0)};
}
template <class T, int W>
[[gnu::always_inline]] inline vec<T, W> product_below(vec<T, W> a, vec<T, W> b, vec<T, W> r,
                                                      T limit) {
#if defined(__AVX512VL__) && !defined(__CUDA_ARCH__)
  if constexpr (W == 8 && sizeof(T) == 8) {
    auto const near =
        _mm512_cmp_pd_mask(std::bit_cast<__m512d>(r.lanes), _mm512_set1_pd(limit), _CMP_LT_OQ);
    return {std::bit_cast<typename vec<T, W>::Lanes>(_mm512_maskz_mul_pd(
        near, std::bit_cast<__m512d>(a.lanes), std::bit_cast<__m512d>(b.lanes)))};
  }
  if constexpr (W == 8 && sizeof(T) == 4) {
    auto const near =
        _mm256_cmp_ps_mask(std::bit_cast<__m256>(r.lanes), _mm256_set1_ps(limit), _CMP_LT_OQ);
    return {std::bit_cast<typename vec<T, W>::Lanes>(
        _mm256_maskz_mul_ps(near, std::bit_cast<__m256>(a.lanes), std::bit_cast<__m256>(b.lanes)))};
  }
#endif
  auto const product = a.lanes * b.lanes;
  return {r.lanes < vec<T, W>::broadcast(limit).lanes ? product : product - product};
}

/// Whether a lane of r is below the limit.
template <class T>
KOKKOS_FORCEINLINE_FUNCTION bool any_below(vec<T, 1> r, T limit) {
  return r.lanes < limit;
}
template <class T, int W>
[[gnu::always_inline]] inline bool any_below(vec<T, W> r, T limit) {
#if defined(__AVX512VL__) && !defined(__CUDA_ARCH__)
  if constexpr (W == 8 && sizeof(T) == 8)
    return _mm512_cmp_pd_mask(std::bit_cast<__m512d>(r.lanes), _mm512_set1_pd(limit), _CMP_LT_OQ) !=
           0;
  if constexpr (W == 8 && sizeof(T) == 4)
    return _mm256_cmp_ps_mask(std::bit_cast<__m256>(r.lanes), _mm256_set1_ps(limit), _CMP_LT_OQ) !=
           0;
#endif
  auto const near = r.lanes < vec<T, W>::broadcast(limit).lanes;
  bool any = false;
  for (int lane = 0; lane < W; ++lane) any = any || near[lane];
  return any;
}

/// Writes first + l to `to` for each lane l whose r is below the limit, one behind the other; how
/// many. Up to 8 more words may be overwritten.
template <class T>
KOKKOS_FORCEINLINE_FUNCTION int write_below(vec<T, 1> r, T limit, int first, int* to) {
  *to = first;
  return r.lanes < limit ? 1 : 0;
}
template <class T, int W>
[[gnu::always_inline]] inline int write_below(vec<T, W> r, T limit, int first, int* to) {
#if defined(__AVX512VL__) && !defined(__CUDA_ARCH__)
  if constexpr (W == 8) {
    __mmask8 near = 0;
    if constexpr (sizeof(T) == 8)
      near = _mm512_cmp_pd_mask(std::bit_cast<__m512d>(r.lanes), _mm512_set1_pd(limit), _CMP_LT_OQ);
    else
      near = _mm256_cmp_ps_mask(std::bit_cast<__m256>(r.lanes), _mm256_set1_ps(limit), _CMP_LT_OQ);
    auto const all =
        _mm256_add_epi32(_mm256_set1_epi32(first), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm256_maskz_compress_epi32(near, all));
    return std::popcount(static_cast<unsigned>(near));
  }
#endif
  int count = 0;
  for (int lane = 0; lane < W; ++lane) {
    to[count] = first + lane;
    count += r.lanes[lane] < limit ? 1 : 0;
  }
  return count;
}

/// What is added to the square of the distance of an atom from itself, and from others that are not
/// its partners.
inline constexpr double far_apart = 1e8;
template <class Real, bool Half>
struct ApartTable {
  alignas(64) Real value[block_atoms][block_atoms];
};
template <class Real, bool Half>
inline constexpr auto apart_table = [] {
  ApartTable<Real, Half> table{};
  for (int atom = 0; atom < block_atoms; ++atom)
    for (int lane = 0; lane < block_atoms; ++lane)
      table.value[atom][lane] = (Half ? lane <= atom : lane == atom) ? Real(far_apart) : Real(0);
  return table;
}();

/// A distance for those of W lanes, from `lane` on, that are not partners of an atom of the same
/// block: itself, and in a half list all before it.
template <class Real, int W, bool Half>
constexpr vec<Real, W> not_partners(int atom, int lane) {
  if constexpr (W == 1)
    return {(Half ? lane <= atom : lane == atom) ? Real(far_apart) : Real(0)};
  else
    return vec<Real, W>::load(apart_table<Real, Half>.value[atom] + lane);
}

/// The sum of the lanes, always in the same order.
template <class T>
KOKKOS_FORCEINLINE_FUNCTION T across(vec<T, 1> v) {
  return v.lanes;
}
template <class T, int W>
[[gnu::always_inline]] inline T across(vec<T, W> v) {
  T sum[W];
  for (int lane = 0; lane < W; ++lane) sum[lane] = v.lanes[lane];
  for (int half = W / 2; half > 0; half /= 2)
    for (int lane = 0; lane < half; ++lane) sum[lane] += sum[lane + half];
  return sum[0];
}

/// Lane l of the result is the sum of the lanes of v[l]: a tree of 7 sums of vectors.
template <class T>
inline vec<T, 8> across_eight(vec<T, 8> const* v) {
  using Lanes = typename vec<T, 8>::Lanes;
  Lanes pairs[4], fours[2];
  for (int i = 0; i < 4; ++i) {
    Lanes const a = v[2 * i].lanes, b = v[2 * i + 1].lanes;
    pairs[i] = __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14) +
               __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
  }
  for (int i = 0; i < 2; ++i)
    fours[i] = __builtin_shufflevector(pairs[2 * i], pairs[2 * i + 1], 0, 1, 4, 5, 8, 9, 12, 13) +
               __builtin_shufflevector(pairs[2 * i], pairs[2 * i + 1], 2, 3, 6, 7, 10, 11, 14, 15);
  return {__builtin_shufflevector(fours[0], fours[1], 0, 1, 4, 5, 8, 9, 12, 13) +
          __builtin_shufflevector(fours[0], fours[1], 2, 3, 6, 7, 10, 11, 14, 15)};
}

}  // namespace inpex::particle
