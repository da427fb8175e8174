// SPDX-License-Identifier: Apache-2.0
#pragma once
// Counter-based random numbers: the n-th number of a stream is a function of (seed, n), so that an
// initial state is the same for every rank count, space and order of evaluation.
// Philox4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC
// 2011.

#include <Kokkos_Macros.hpp>

#include <cstdint>

namespace inpex {

/// Four words of 32 random bits.
struct RandomBits {
  std::uint32_t word[4];
};

/// Philox4x32-10 of a 128-bit counter and a 64-bit key.
KOKKOS_INLINE_FUNCTION RandomBits philox(RandomBits counter, std::uint32_t key0,
                                         std::uint32_t key1) {
  for (int round = 0; round < 10; ++round) {
    auto const low = std::uint64_t{0xD2511F53u} * counter.word[0];
    auto const high = std::uint64_t{0xCD9E8D57u} * counter.word[2];
    counter = {{static_cast<std::uint32_t>(high >> 32) ^ counter.word[1] ^ key0,
                static_cast<std::uint32_t>(high),
                static_cast<std::uint32_t>(low >> 32) ^ counter.word[3] ^ key1,
                static_cast<std::uint32_t>(low)}};
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  return counter;
}

/// Random words number `index` of the stream `seed`.
KOKKOS_INLINE_FUNCTION RandomBits random_bits(std::uint64_t seed, std::uint64_t index) {
  return philox(
      {{static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32), 0u, 0u}},
      static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32));
}

/// A number in [0, 1), of 53 random bits.
KOKKOS_INLINE_FUNCTION double random_uniform(std::uint64_t seed, std::uint64_t index) {
  auto const bits = random_bits(seed, index);
  auto const wide = (std::uint64_t{bits.word[1]} << 32) | bits.word[0];
  return static_cast<double>(wide >> 11) * 0x1p-53;
}

}  // namespace inpex
