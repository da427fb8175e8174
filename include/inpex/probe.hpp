// SPDX-License-Identifier: Apache-2.0
#pragma once
// The kernels that measure what a machine can do at best: five mixes of reads and writes, and fused
// multiply-adds out of registers. Hosts get one dispatch over one chunk a thread, so that nothing
// but the chunk's loop is timed, even when it fits the first cache; devices get one point a lane
// and several points a thread, so that enough bytes are in flight.

#include <inpex/simd.hpp>
#include <inpex/space.hpp>

#include <cstddef>
#include <cstdint>

namespace inpex::probe {

/// The arrays of a probe, shape [size] each; a is written (or updated, or read), b and c are read.
template <class T>
struct Arrays {
  T* a = nullptr;
  T* b = nullptr;
  T* c = nullptr;
  std::size_t size = 0;
};

/// Elements that a host's chunk is a multiple of: 8 vectors, so that no loop has a remainder.
template <class T>
inline constexpr std::size_t granule = 8 * static_cast<std::size_t>(native_lanes<T>);

// Mixes. `arrays` is how many of a, b, c exist, `touches` how many elements a point reads and
// writes, no write-allocate counted. `vector` does W points of a host, `point` one of a device: two
// functions, since nvcc lets no function that a device may call name a vector.

/// a = b, with plain stores: the cache reads each line of a before it is written.
struct Copy {
  static constexpr int arrays = 2, touches = 2;
  template <class V, class T>
  static void vector(Arrays<T> const& m, std::size_t i) {
    V::load(m.b + i).store(m.a + i);
  }
  template <class T>
  KOKKOS_INLINE_FUNCTION static T value(Arrays<T> const& m, std::size_t i) {
    return m.b[i];
  }
};

/// a = b, on hosts with stores past the caches.
struct StreamCopy : Copy {
  template <class V, class T>
  static void vector(Arrays<T> const& m, std::size_t i) {
    V::load(m.b + i).stream(m.a + i);
  }
};

/// a = (a + 1) / 2 in place; its fixed point 1 keeps denormals and overflow away.
struct Update {
  static constexpr int arrays = 1, touches = 2;
  template <class V, class T>
  static void vector(Arrays<T> const& m, std::size_t i) {
    fused(T(0.5), V::load(m.a + i), V::broadcast(T(0.5))).store(m.a + i);
  }
  template <class T>
  KOKKOS_INLINE_FUNCTION static T value(Arrays<T> const& m, std::size_t i) {
    return fused(T(0.5), vec<T, 1>{m.a[i]}, vec<T, 1>{T(0.5)}).lanes;
  }
};

/// a = b + c / 2, on hosts with stores past the caches: STREAM's triad (McCalpin 1995), 24 bytes a
/// point in fp64.
struct Triad {
  static constexpr int arrays = 3, touches = 3;
  template <class V, class T>
  static void vector(Arrays<T> const& m, std::size_t i) {
    fused(T(0.5), V::load(m.c + i), V::load(m.b + i)).stream(m.a + i);
  }
  template <class T>
  KOKKOS_INLINE_FUNCTION static T value(Arrays<T> const& m, std::size_t i) {
    return fused(T(0.5), vec<T, 1>{m.c[i]}, vec<T, 1>{m.b[i]}).lanes;
  }
};

/// The sum of a; `result` has one element a thread, which only keeps the loop alive.
struct Read {
  static constexpr int arrays = 1, touches = 1;
};

/// Host: thread t's chunk of [0, size), a multiple of the granule.
struct Chunk {
  std::size_t begin, end;
  template <class T>
  static Chunk of(std::size_t size, int thread, int threads) {
    std::size_t const pieces = size / granule<T>, t = static_cast<std::size_t>(thread);
    auto const p = static_cast<std::size_t>(threads);
    return {pieces * t / p * granule<T>, pieces * (t + 1) / p * granule<T>};
  }
};

/// Tells the compiler that any memory may have changed, so that it repeats what it is asked to.
inline void forget_memory() { asm volatile("" ::: "memory"); }

/// Host: thread t writes its part of every array for the first time, with ones.
template <class T>
struct FirstTouch {
  Arrays<T> m;
  int threads;
  void operator()(int thread) const {
    auto const [begin, end] = Chunk::of<T>(m.size, thread, threads);
    T* const arrays[] = {m.a, m.b, m.c};
    for (T* const array : arrays)
      for (std::size_t i = begin; array != nullptr && i < end; ++i) array[i] = 1;
  }
};

/// Host: thread t sweeps its chunk `repetitions` times, with no meeting of threads in between. One
/// load a loop: unrolled by hand, a plain copy was a tenth slower, for prefetchers learn the step
/// of an instruction.
template <class Mix, class T>
struct Sweep {
  using V = vec<T, native_lanes<T>>;
  Arrays<T> m;
  int threads;
  std::uint64_t repetitions;
  void operator()(int thread) const {
    constexpr std::size_t lanes = native_lanes<T>;
    Arrays<T> const mine = m;  // in registers: stores through a may not change the pointers
    auto const [begin, end] = Chunk::of<T>(m.size, thread, threads);
    for (std::uint64_t r = 0; r < repetitions; ++r) {
      for (std::size_t i = begin; i < end; i += lanes) Mix::template vector<V>(mine, i);
      stream_fence();
      forget_memory();
    }
  }
};

/// Host: thread t sums its chunk `repetitions` times into result[t cache_line]. Eight sums, since
/// an addition takes three to four cycles and a processor starts up to two in each; from both
/// halves of the chunk at once, since one stream alone was a twentieth slower.
template <class T>
struct Sweep<Read, T> {
  using V = vec<T, native_lanes<T>>;
  Arrays<T> m;
  int threads;
  std::uint64_t repetitions;
  T* result;
  void operator()(int thread) const {
    constexpr std::size_t lanes = native_lanes<T>;
    auto const [begin, end] = Chunk::of<T>(m.size, thread, threads);
    std::size_t const half = (end - begin) / 2;
    V sum[8] = {};
    for (std::uint64_t r = 0; r < repetitions; ++r) {
      for (std::size_t i = begin; i < begin + half; i += 4 * lanes)
        for (std::size_t k = 0; k < 4; ++k) {
          sum[k] = sum[k] + V::load(m.a + i + k * lanes);
          sum[k + 4] = sum[k + 4] + V::load(m.a + half + i + k * lanes);
        }
      forget_memory();
    }
    V const all = ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
    all.store(result + static_cast<std::size_t>(thread) * cache_line);
  }
};

/// Device: four points a thread, a quarter of the array apart, so that each access is coalesced;
/// all are read before one is written, so that four loads are in flight.
template <class Mix, class T>
struct Points {
  Arrays<T> m;
  KOKKOS_INLINE_FUNCTION void operator()(std::size_t i) const {
    std::size_t const quarter = m.size / 4;
    T values[4];
    for (std::size_t k = 0; k < 4; ++k) values[k] = Mix::value(m, i + k * quarter);
    for (std::size_t k = 0; k < 4; ++k) m.a[i + k * quarter] = values[k];
  }
};

/// Device: thread t sums every `threads`-th element, eight at a time, into result[t].
template <class T>
struct Points<Read, T> {
  Arrays<T> m;
  std::size_t threads;
  T* result;
  KOKKOS_INLINE_FUNCTION void operator()(std::size_t thread) const {
    T sum[8] = {};
    std::size_t const steps = m.size / threads / 8;
    for (std::size_t s = 0; s < steps; ++s)
      for (std::size_t k = 0; k < 8; ++k) sum[k] += m.a[thread + (8 * s + k) * threads];
    result[thread] =
        ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
  }
};

/// Chains x = x / 2 + 1 / 2 that are independent of one another. Twelve of them hide a latency of
/// four cycles with up to three units, and leave registers for the constants where there are
/// sixteen.
inline constexpr int chains = 12;

/// Host: thread t runs chains of whole vectors, and stores their sum at result[t cache_line]. 2
/// flops a lane, a chain and a repetition: one multiply, one add.
template <class T>
struct VectorChains {
  static constexpr int lanes = native_lanes<T>;
  std::uint64_t repetitions;
  T half;  // known at run time only, so that the compiler cannot solve the recurrence
  T* result;
  void operator()(int thread) const {
    using V = vec<T, lanes>;
    V x[chains];
    for (int k = 0; k < chains; ++k) x[k] = V::broadcast(T(k));
    V const shift = V::broadcast(half);
    for (std::uint64_t r = 0; r < repetitions; ++r)
      for (int k = 0; k < chains; ++k) x[k] = fused(half, x[k], shift);
    for (int k = 1; k < chains; ++k) x[0] = x[0] + x[k];
    x[0].store(result + static_cast<std::size_t>(thread) * cache_line);
  }
};

/// Device: the same, one lane a thread, into result[t].
template <class T>
struct PointChains {
  static constexpr int lanes = 1;
  std::uint64_t repetitions;
  T half;
  T* result;
  KOKKOS_INLINE_FUNCTION void operator()(int thread) const {
    using One = vec<T, 1>;
    One x[chains];
    for (int k = 0; k < chains; ++k) x[k] = One{T(k)};
    for (std::uint64_t r = 0; r < repetitions; ++r)
      for (int k = 0; k < chains; ++k) x[k] = fused(half, x[k], One{half});
    for (int k = 1; k < chains; ++k) x[0] = x[0] + x[k];
    x[0].store(result + thread);
  }
};

/// Every space: nothing.
struct Empty {
  KOKKOS_INLINE_FUNCTION void operator()(int) const {}
};

}  // namespace inpex::probe
