// SPDX-License-Identifier: Apache-2.0
#pragma once
// vec<T, W>: W lanes of T on hosts, one T on devices (W = 1), with the few operations that kernels
// need: aligned and unaligned access, streaming stores, lane shifts, fused multiply-add, lanes
// below a limit, conversion. The only place with intrinsics. What looks into a vector of W lanes is
// of the host alone, with another function for one lane, which devices take (see
// sparse/chunks.hpp). Why not Kokkos' simd: it has no lane shifts and no streaming stores.
// Arithmetic is element by element and contraction is off, so a point has the same bits whatever W
// is.

#include <Kokkos_Macros.hpp>

#include <bit>
#include <cmath>
#include <cstddef>
#include <type_traits>
#include <utility>

#if defined(__x86_64__) && !defined(__CUDA_ARCH__)
#include <immintrin.h>
#endif

namespace inpex {

namespace detail {
#if defined(__AVX512F__)
inline constexpr int vector_bytes = 64;
#elif defined(__AVX__)
inline constexpr int vector_bytes = 32;
#else
inline constexpr int vector_bytes = 16;
#endif
}  // namespace detail

/// Lanes of T in the widest vector of the processor that the build is for.
template <class T>
inline constexpr int native_lanes = detail::vector_bytes / static_cast<int>(sizeof(T));

/// Bytes of a cache line, to which rows of arrays are aligned.
inline constexpr std::size_t cache_line = 64;

/// W lanes; hosts only. The memory of aligned accesses starts at a multiple of W * sizeof(T) bytes.
template <class T, int W>
struct vec {
  using Lanes [[gnu::vector_size(W * sizeof(T))]] = T;
  using Unaligned [[gnu::vector_size(W * sizeof(T)), gnu::aligned(alignof(T)), gnu::may_alias]] = T;
  Lanes lanes;

  static constexpr int width = W;
  static vec load(T const* from) { return {*reinterpret_cast<Lanes const*>(from)}; }
  static vec load_unaligned(T const* from) { return {*reinterpret_cast<Unaligned const*>(from)}; }
  static vec broadcast(T value) { return {Lanes{} + value}; }
  static vec zero() { return {Lanes{}}; }
  /// Lane n is from[place[n]].
  static vec gather(T const* from, int const* place) {
    vec read;
    for (int lane = 0; lane < W; ++lane) read.lanes[lane] = from[place[lane]];
    return read;
  }
  void store(T* to) const { *reinterpret_cast<Lanes*>(to) = lanes; }
  void store_unaligned(T* to) const { *reinterpret_cast<Unaligned*>(to) = lanes; }
  /// A store past the caches, for data that is not read again soon; stream_fence() ends a series.
  void stream(T* to) const;

  friend vec operator+(vec a, vec b) { return {a.lanes + b.lanes}; }
  friend vec operator-(vec a, vec b) { return {a.lanes - b.lanes}; }
  friend vec operator*(vec a, vec b) { return {a.lanes * b.lanes}; }
  friend vec operator*(T a, vec b) { return {a * b.lanes}; }
  friend vec operator-(vec a) { return {-a.lanes}; }
  friend vec operator/(vec a, vec b) { return {a.lanes / b.lanes}; }
};

/// One lane, on every space: the same code with W = 1.
template <class T>
struct vec<T, 1> {
  T lanes;

  static constexpr int width = 1;
  KOKKOS_INLINE_FUNCTION static vec load(T const* from) { return {*from}; }
  KOKKOS_INLINE_FUNCTION static vec load_unaligned(T const* from) { return {*from}; }
  KOKKOS_INLINE_FUNCTION static vec broadcast(T value) { return {value}; }
  KOKKOS_INLINE_FUNCTION static vec zero() { return {T(0)}; }
  KOKKOS_INLINE_FUNCTION static vec gather(T const* from, int const* place) {
    return {from[*place]};
  }
  KOKKOS_INLINE_FUNCTION void store(T* to) const { *to = lanes; }
  KOKKOS_INLINE_FUNCTION void store_unaligned(T* to) const { *to = lanes; }
  KOKKOS_INLINE_FUNCTION void stream(T* to) const { *to = lanes; }

  KOKKOS_INLINE_FUNCTION friend vec operator+(vec a, vec b) { return {a.lanes + b.lanes}; }
  KOKKOS_INLINE_FUNCTION friend vec operator-(vec a, vec b) { return {a.lanes - b.lanes}; }
  KOKKOS_INLINE_FUNCTION friend vec operator*(vec a, vec b) { return {a.lanes * b.lanes}; }
  KOKKOS_INLINE_FUNCTION friend vec operator*(T a, vec b) { return {a * b.lanes}; }
  KOKKOS_INLINE_FUNCTION friend vec operator-(vec a) { return {-a.lanes}; }
  KOKKOS_INLINE_FUNCTION friend vec operator/(vec a, vec b) { return {a.lanes / b.lanes}; }
};

/// a * b + c with one rounding.
template <class T>
KOKKOS_INLINE_FUNCTION vec<T, 1> fused(vec<T, 1> a, vec<T, 1> b, vec<T, 1> c) {
  using std::fma;
  return {fma(a.lanes, b.lanes, c.lanes)};
}
template <class T, int W>
[[gnu::always_inline]] inline vec<T, W> fused(vec<T, W> a, vec<T, W> b, vec<T, W> c) {
  [[maybe_unused]] auto const as = [](auto lanes) {
    return std::bit_cast<typename vec<T, W>::Lanes>(lanes);
  };
#if defined(__AVX512F__) && !defined(__CUDA_ARCH__)
  if constexpr (std::is_same_v<T, double> && W == 8)
    return {as(_mm512_fmadd_pd(std::bit_cast<__m512d>(a.lanes), std::bit_cast<__m512d>(b.lanes),
                               std::bit_cast<__m512d>(c.lanes)))};
  if constexpr (std::is_same_v<T, float> && W == 16)
    return {as(_mm512_fmadd_ps(std::bit_cast<__m512>(a.lanes), std::bit_cast<__m512>(b.lanes),
                               std::bit_cast<__m512>(c.lanes)))};
#endif
#if defined(__FMA__) && !defined(__CUDA_ARCH__)
  if constexpr (std::is_same_v<T, double> && W == 4)
    return {as(_mm256_fmadd_pd(std::bit_cast<__m256d>(a.lanes), std::bit_cast<__m256d>(b.lanes),
                               std::bit_cast<__m256d>(c.lanes)))};
  if constexpr (std::is_same_v<T, float> && W == 8)
    return {as(_mm256_fmadd_ps(std::bit_cast<__m256>(a.lanes), std::bit_cast<__m256>(b.lanes),
                               std::bit_cast<__m256>(c.lanes)))};
#endif
  vec<T, W> result;
  for (int lane = 0; lane < W; ++lane)
    result.lanes[lane] = std::fma(a.lanes[lane], b.lanes[lane], c.lanes[lane]);
  return result;
}
/// The same with one number for all lanes.
template <class T>
KOKKOS_FORCEINLINE_FUNCTION vec<T, 1> fused(T a, vec<T, 1> b, vec<T, 1> c) {
  return fused(vec<T, 1>{a}, b, c);
}
template <class T, int W>
[[gnu::always_inline]] inline vec<T, W> fused(T a, vec<T, W> b, vec<T, W> c) {
  return fused(vec<T, W>::broadcast(a), b, c);
}

namespace detail {
// Lane i of the result is element Pick::of(i) of the run low, high.
template <class Pick, class T, int W, std::size_t... I>
[[gnu::always_inline]] inline auto picked(vec<T, W> low, vec<T, W> high,
                                          std::index_sequence<I...>) {
  using Result = vec<T, static_cast<int>(sizeof...(I))>;
#if defined(__CUDACC__)  // nvcc 13.0 hands the pack to g++ without its expansion
  Result result;
  for (int i = 0; i < Result::width; ++i) {
    int const from = Pick::of(i);
    result.lanes[i] = from < W ? low.lanes[from] : high.lanes[from - W];
  }
  return result;
#else
  return Result{__builtin_shufflevector(low.lanes, high.lanes, Pick::of(static_cast<int>(I))...)};
#endif
}
template <class Pick, class T, int W>
[[gnu::always_inline]] inline vec<T, W> pick(vec<T, W> low, vec<T, W> high) {
  return picked<Pick>(low, high, std::make_index_sequence<W>{});
}

template <int Shift>
struct Shifted {
  static constexpr int of(int i) { return i + Shift; }
};
}  // namespace detail

/// The W lanes that start `Shift` lanes after the start of `low` in the run low, high; 0 <= Shift
/// <= W. `shift<1>(here, next)` is the neighbour at +1, `shift<W - 1>(previous, here)` the one at
/// -1.
template <int Shift, class T, int W>
[[gnu::always_inline]] inline vec<T, W> shift(vec<T, W> low, vec<T, W> high) {
  return detail::pick<detail::Shifted<Shift>>(low, high);
}

namespace detail {
#if defined(__AVX512VL__) && !defined(__CUDA_ARCH__)
template <class T, int W>
inline constexpr bool has_masks = W == 8 && (std::is_same_v<T, double> || std::is_same_v<T, float>);
template <class T>
[[gnu::always_inline]] inline __mmask8 mask_below(vec<T, 8> v, T limit) {
  if constexpr (sizeof(T) == 8)
    return _mm512_cmp_pd_mask(std::bit_cast<__m512d>(v.lanes), _mm512_set1_pd(limit), _CMP_LT_OQ);
  else
    return _mm256_cmp_ps_mask(std::bit_cast<__m256>(v.lanes), _mm256_set1_ps(limit), _CMP_LT_OQ);
}
#endif
}  // namespace detail

/// a b in lanes whose v is below the limit, else 0, whatever a and b are. A NaN is not below.
template <class T>
KOKKOS_FORCEINLINE_FUNCTION vec<T, 1> product_below(vec<T, 1> a, vec<T, 1> b, vec<T, 1> v,
                                                    T limit) {
  return {v.lanes < limit ? a.lanes * b.lanes : T(0)};
}
template <class T, int W>
[[gnu::always_inline]] inline vec<T, W> product_below(vec<T, W> a, vec<T, W> b, vec<T, W> v,
                                                      T limit) {
#if defined(__AVX512VL__) && !defined(__CUDA_ARCH__)
  using Lanes = typename vec<T, W>::Lanes;
  if constexpr (detail::has_masks<T, W> && sizeof(T) == 8)
    return {std::bit_cast<Lanes>(_mm512_maskz_mul_pd(detail::mask_below(v, limit),
                                                     std::bit_cast<__m512d>(a.lanes),
                                                     std::bit_cast<__m512d>(b.lanes)))};
  if constexpr (detail::has_masks<T, W> && sizeof(T) == 4)
    return {std::bit_cast<Lanes>(_mm256_maskz_mul_ps(detail::mask_below(v, limit),
                                                     std::bit_cast<__m256>(a.lanes),
                                                     std::bit_cast<__m256>(b.lanes)))};
#endif
  auto const below = v.lanes < vec<T, W>::broadcast(limit).lanes;
  return {below ? a.lanes * b.lanes : vec<T, W>::zero().lanes};
}

/// Whether a lane of v is below the limit, which no NaN is.
template <class T>
KOKKOS_FORCEINLINE_FUNCTION bool any_below(vec<T, 1> v, T limit) {
  return v.lanes < limit;
}
template <class T, int W>
[[gnu::always_inline]] inline bool any_below(vec<T, W> v, T limit) {
#if defined(__AVX512VL__) && !defined(__CUDA_ARCH__)
  if constexpr (detail::has_masks<T, W>) return detail::mask_below(v, limit) != 0;
#endif
  auto const below = v.lanes < vec<T, W>::broadcast(limit).lanes;
  bool any = false;
  for (int lane = 0; lane < W; ++lane) any = any || below[lane];
  return any;
}

/// Writes first + l to `to` for each lane l whose v is below the limit, one behind the other; how
/// many. What is behind them, up to to[W - 1], may be overwritten.
template <class T>
KOKKOS_FORCEINLINE_FUNCTION int write_below(vec<T, 1> v, T limit, int first, int* to) {
  *to = first;
  return v.lanes < limit ? 1 : 0;
}
template <class T, int W>
[[gnu::always_inline]] inline int write_below(vec<T, W> v, T limit, int first, int* to) {
#if defined(__AVX512VL__) && !defined(__CUDA_ARCH__)
  if constexpr (detail::has_masks<T, W>) {
    auto const below = detail::mask_below(v, limit);
    auto const all =
        _mm256_add_epi32(_mm256_set1_epi32(first), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm256_maskz_compress_epi32(below, all));
    return std::popcount(static_cast<unsigned>(below));
  }
#endif
  int count = 0;
  for (int lane = 0; lane < W; ++lane) {
    to[count] = first + lane;
    count += v.lanes[lane] < limit ? 1 : 0;
  }
  return count;
}

template <class T, int W>
inline void vec<T, W>::stream(T* to) const {
#if defined(__clang__)
  __builtin_nontemporal_store(lanes, reinterpret_cast<Lanes*>(to));
#elif defined(__AVX512F__) && !defined(__CUDA_ARCH__)
  if constexpr (W * sizeof(T) == 64)
    return _mm512_stream_si512(reinterpret_cast<__m512i*>(to), std::bit_cast<__m512i>(lanes));
  store(to);
#elif defined(__AVX__) && !defined(__CUDA_ARCH__)
  if constexpr (W * sizeof(T) == 32)
    return _mm256_stream_si256(reinterpret_cast<__m256i*>(to), std::bit_cast<__m256i>(lanes));
  store(to);
#else
  store(to);
#endif
}

/// Orders streaming stores of this thread before what it does next: once at the end of a tile.
inline void stream_fence() {
#if defined(__x86_64__) && !defined(__CUDA_ARCH__)
  _mm_sfence();
#endif
}

/// Eight lanes as numbers of the other width by one instruction, of which g++ 12 makes two halves,
/// at twice the cost. Whether there is one; where there is none, `to` is left as it was.
template <class To, class T, int W>
[[gnu::always_inline]] inline bool converted_at_once([[maybe_unused]] vec<T, W> v,
                                                     [[maybe_unused]] vec<To, W>& to) {
#if defined(__AVX512F__) && !defined(__CUDA_ARCH__)
  using Lanes = typename vec<To, W>::Lanes;
  if constexpr (std::is_same_v<T, float> && std::is_same_v<To, double> && W == 8)
    return to.lanes = std::bit_cast<Lanes>(_mm512_cvtps_pd(std::bit_cast<__m256>(v.lanes))), true;
  if constexpr (std::is_same_v<T, double> && std::is_same_v<To, float> && W == 8)
    return to.lanes = std::bit_cast<Lanes>(_mm512_cvtpd_ps(std::bit_cast<__m512d>(v.lanes))), true;
#endif
  return false;
}

}  // namespace inpex
