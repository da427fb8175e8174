// SPDX-License-Identifier: Apache-2.0
#pragma once
// How a length is taken apart into the radices of butterfly.hpp. Eights are best on processors with
// 32 vector registers: 16 numbers are in registers at once, with room for what they are multiplied
// by, where a 16 spills (256 points as 8 8 4 take 0.93 ns a point, as 16 16 1.41). What is left
// over of the twos is one 16, which must be first, or one 4 or 2, which is best last; 16 alone are
// 4 and 4.

#include <cstdint>
#include <vector>

namespace inpex::fft {

/// The largest prime that has a butterfly.
inline constexpr int largest_radix = 13;

/// Radices whose product is `length`, in the order of the stages; empty where a prime factor is
/// larger than 13, or the length less than 2. The first and the last are at most 5, or 8, or 16:
/// for the sake of short programs 7, 11 and 13 are between others, if need be between ones. The
/// first is a multiple of `lanes` where that can be.
inline std::vector<int> radices_of(std::int64_t length, int lanes = 1) {
  int twos = 0;
  while (length > 1 && length % 2 == 0) length /= 2, ++twos;
  std::vector<int> radices, middle;
  auto const take = [&](int exponent) {
    radices.push_back(1 << exponent);
    twos -= exponent;
  };
  if (twos == 4)
    take(2);
  else if (twos > 4 && (twos % 3 == 1 || lanes > 8))
    take(4);
  while (twos >= 3) take(3);
  for (int const prime : {13, 11, 7, 5, 3})
    while (length > 1 && length % prime == 0)
      length /= prime, (prime > 5 ? middle : radices).push_back(prime);
  if (length != 1) return {};
  if (twos > 0) take(twos);
  if (middle.empty()) return radices;
  if (radices.empty()) radices.push_back(1);
  if (radices.size() == 1) radices.push_back(1);
  radices.insert(radices.begin() + 1, middle.begin(), middle.end());
  return radices;
}

/// Whether the butterflies are enough for this length.
inline bool smooth(std::int64_t length) { return length == 1 || !radices_of(length).empty(); }

}  // namespace inpex::fft
