// SPDX-License-Identifier: Apache-2.0
#include <inpex/simd.hpp>

#include <inpex/memory.hpp>
#include <inpex/random.hpp>

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <cstdint>

namespace inpex {

TEMPLATE_TEST_CASE("lanes shift as a window over two vectors", "", float, double) {
  constexpr int width = native_lanes<TestType>;
  using V = vec<TestType, width>;
  alignas(64) TestType values[3 * width], out[width];
  for (int i = 0; i < 3 * width; ++i) values[i] = static_cast<TestType>(i);
  auto const low = V::load(values), high = V::load(values + width);
  shift<1>(low, high).store(out);
  for (int i = 0; i < width; ++i) CHECK(out[i] == static_cast<TestType>(i + 1));
  shift<width - 1>(low, high).store(out);
  for (int i = 0; i < width; ++i) CHECK(out[i] == static_cast<TestType>(i + width - 1));
  V::load_unaligned(values + 3).stream(out);
  stream_fence();
  for (int i = 0; i < width; ++i) CHECK(out[i] == static_cast<TestType>(i + 3));
}

TEMPLATE_TEST_CASE("a lane has the bits of one value alone, also fused", "", float, double) {
  constexpr int width = native_lanes<TestType>;
  alignas(64) TestType a[width], b[width], out[width];
  for (int i = 0; i < width; ++i) {
    a[i] = static_cast<TestType>(random_uniform(1, static_cast<std::uint64_t>(i)));
    b[i] = static_cast<TestType>(random_uniform(2, static_cast<std::uint64_t>(i)));
  }
  auto const factor = static_cast<TestType>(1) / 3;
  fused(factor, vec<TestType, width>::load(a), vec<TestType, width>::load(b)).store(out);
  for (int i = 0; i < width; ++i) {
    CHECK(out[i] == std::fma(factor, a[i], b[i]));
    CHECK(out[i] == fused(factor, vec<TestType, 1>{a[i]}, vec<TestType, 1>{b[i]}).lanes);
  }
}

TEMPLATE_TEST_CASE_SIG("lanes below a limit are those of a loop over them, and no NaN is", "",
                       ((class T, int W), T, W), (float, 1), (float, 2), (float, 4), (float, 8),
                       (float, 16), (double, 1), (double, 2), (double, 4), (double, 8)) {
  using V = vec<T, W>;
  auto const limit = static_cast<T>(2), none = static_cast<T>(NAN), far = static_cast<T>(INFINITY);
  T const values[] = {1, 2, none, -far, 3, 0.5, far, 1.5};
  for (int shift = 0; shift < 8; ++shift) {
    alignas(64) T v[W], a[W], product[W];
    for (int l = 0; l < W; ++l) {
      v[l] = values[(l * 3 + shift) % 8];
      // What is beyond the limit may have any product.
      a[l] = v[l] < limit ? static_cast<T>(l + 1) : (l % 2 == 0 ? none : far);
    }
    product_below(V::load(a), V::broadcast(3), V::load(v), limit).store(product);
    int expected[W], count = 0, found[W + 1];
    for (int l = 0; l < W; ++l)
      if (v[l] < limit) expected[count++] = 100 + l;
    found[W] = -1;
    CHECK(any_below(V::load(v), limit) == (count > 0));
    CHECK_FALSE(any_below(V::broadcast(none), limit));
    CHECK(write_below(V::load(v), limit, 100, found) == count);
    for (int n = 0; n < count; ++n) CHECK(found[n] == expected[n]);
    CHECK(found[W] == -1);
    for (int l = 0; l < W; ++l) CHECK(product[l] == (v[l] < limit ? 3 * a[l] : T(0)));
  }
}

TEST_CASE("memory starts on a huge page, is zero, and what cannot be had is an error") {
  Memory<double, Kokkos::DefaultHostExecutionSpace> const memory("test", 1000);
  CHECK(reinterpret_cast<std::uintptr_t>(memory.data()) % (2u << 20) == 0);
  for (std::size_t i = 0; i < memory.size(); ++i) REQUIRE(memory.data()[i] == 0);
  using Huge = Memory<double, Kokkos::DefaultHostExecutionSpace>;
  CHECK_THROWS_AS(Huge("too much", std::size_t{1} << 58), Error);
}

// Known answers of the authors' own distribution (Random123, kat_vectors).
TEST_CASE("random bits are those of Philox4x32-10") {
  auto const zeros = philox({{0, 0, 0, 0}}, 0, 0);
  CHECK(zeros.word[0] == 0x6627e8d5u);
  CHECK(zeros.word[1] == 0xe169c58du);
  CHECK(zeros.word[2] == 0xbc57ac4cu);
  CHECK(zeros.word[3] == 0x9b00dbd8u);
  auto const ones =
      philox({{0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu}}, 0xffffffffu, 0xffffffffu);
  CHECK(ones.word[0] == 0x408f276du);
  CHECK(ones.word[3] == 0x6d5451fdu);
}

}  // namespace inpex
