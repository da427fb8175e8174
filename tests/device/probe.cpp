// SPDX-License-Identifier: Apache-2.0
#include <inpex/probe.hpp>

#include "world.hpp"

#include <inpex/error.hpp>
#include <inpex/memory.hpp>

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace inpex {

namespace {

// One thread after the other sweeps a = 1.., b = 2.., c = 3.., so that every element is known
// after.
template <class Mix>
std::vector<double> swept(std::size_t size, int threads, std::uint64_t repetitions) {
  Memory<double, Kokkos::DefaultHostExecutionSpace> const store("arrays", 3 * size);
  probe::Arrays<double> const m{store.data(), store.data() + size, store.data() + 2 * size, size};
  for (std::size_t i = 0; i < size; ++i)
    m.a[i] = -1, m.b[i] = static_cast<double>(i), m.c[i] = static_cast<double>(2 * i);
  for (int t = 0; t < threads; ++t) probe::Sweep<Mix, double>{m, threads, repetitions}(t);
  return {m.a, m.a + size};
}

constexpr std::size_t size = 7 * probe::granule<double>;

}  // namespace

TEST_CASE("chunks cover the arrays once, in granules, whatever the number of threads") {
  for (std::size_t pieces : {1u, 2u, 7u, 64u, 1001u})
    for (int threads : {1, 2, 3, 16, 100}) {
      std::size_t const n = pieces * probe::granule<double>;
      std::size_t next = 0;
      for (int t = 0; t < threads; ++t) {
        auto const [begin, end] = probe::Chunk::of<double>(n, t, threads);
        CHECK(begin == next);
        CHECK((end - begin) % probe::granule<double> == 0);
        next = end;
      }
      CHECK(next == n);
    }
}

TEST_CASE("the mixes write what they say") {
  auto const copied = swept<probe::Copy>(size, 3, 2),
             streamed = swept<probe::StreamCopy>(size, 2, 1);
  auto const triad = swept<probe::Triad>(size, 3, 2), updated = swept<probe::Update>(size, 2, 2);
  for (std::size_t i = 0; i < size; ++i) {
    CHECK(copied[i] == static_cast<double>(i));
    CHECK(streamed[i] == static_cast<double>(i));
    CHECK(triad[i] == 2.0 * static_cast<double>(i));  // i + 2 i / 2
    CHECK(updated[i] == 0.5);                         // -1 -> 0 -> 1/2
  }
}

TEST_CASE("a read sums every element as often as it is repeated") {
  // sum of 0 .. n-1, three times, from two threads' eight lanes of sums
  Memory<double, Kokkos::DefaultHostExecutionSpace> const store("array", size),
      result("sums", 2 * cache_line);
  for (std::size_t i = 0; i < size; ++i) store.data()[i] = static_cast<double>(i);
  for (int t = 0; t < 2; ++t)
    probe::Sweep<probe::Read, double>{{store.data(), nullptr, nullptr, size}, 2, 3, result.data()}(
        t);
  double sum = 0;
  for (std::size_t i = 0; i < 2 * cache_line; ++i) sum += result.data()[i];
  CHECK(sum == 3.0 * static_cast<double>(size * (size - 1) / 2));
}

TEMPLATE_TEST_CASE("multiply-adds end at their fixed point, so that no compiler has left them out",
                   "", float, double) {
  // every chain ends at 1, so that the sum of all is their number
  alignas(64) TestType result[native_lanes<TestType>];
  probe::VectorChains<TestType>{200, TestType(0.5), result}(0);
  for (TestType const value : result) CHECK(value == TestType(probe::chains));
  probe::PointChains<TestType>{200, TestType(0.5), result}(0);
  CHECK(result[0] == TestType(probe::chains));
}

TEST_CASE("on a device the mixes write what they do on a host") {
  // four quarters of one point each: a = -1, b = 3, c = 8
  double a[4] = {-1, -1, -1, -1}, b[4] = {3, 3, 3, 3}, c[4] = {8, 8, 8, 8};
  probe::Arrays<double> const m{a, b, c, 4};
  probe::Points<probe::Update, double>{m}(0);
  for (double const value : a) CHECK(value == 0);  // (-1 + 1) / 2
  probe::Points<probe::Copy, double>{m}(0);
  for (double const value : a) CHECK(value == 3);
  probe::Points<probe::Triad, double>{m}(0);
  for (double const value : a) CHECK(value == 7);  // 3 + 8 / 2
}

TEST_CASE("on a device a read sums whole rounds of all threads") {
  // two threads, 16 elements 0 .. 15: the first sums the even ones, 0 + 2 + .. + 14 = 56
  double a[16], sums[2];
  for (int i = 0; i < 16; ++i) a[i] = i;
  probe::Points<probe::Read, double> const read{{a, nullptr, nullptr, 16}, 2, sums};
  read(0), read(1);
  CHECK(sums[0] == 56);
  CHECK(sums[1] == 64);
}

TEST_CASE("every space counts the bytes, flops and calls of its probes exactly") {
  for (auto const& space : test::runtime().spaces())
    for (auto const& kernel : probe_kernels()) {
      CAPTURE(space.name, kernel);
      Probe probe{.kernel = kernel, .space = space.name, .bytes = 3 << 20, .repetitions = 2};
      auto const once = test::runtime().prepare(probe)->run();
      probe.repetitions = 4;
      auto const twice = test::runtime().prepare(probe)->run();
      CHECK(once.seconds > 0);
      CHECK(twice.bytes == 2 * once.bytes);
      CHECK(twice.flops == 2 * once.flops);
      CHECK(twice.calls == 2 * once.calls);
      bool const calls = kernel == "launch" || kernel == "fence";
      CHECK((once.calls > 0) == calls);
      CHECK((once.flops > 0) == (kernel == "fma"));
      CHECK((once.bytes > 0) == (!calls && kernel != "fma"));
      // 3 MiB of arrays, each touched once, update twice; on hosts 3 MiB are whole granules of all
      // mixes
      if (!space.is_device && once.bytes > 0)
        CHECK(once.bytes == (kernel == "update" ? 4.0 : 2.0) * (3 << 20));
    }
}

TEST_CASE("the smallest probe is one granule, even with more threads than granules") {
  Probe const probe{.kernel = "triad", .space = "serial", .bytes = 4096};
  for (auto const& space : test::runtime().spaces())
    if (space.name == "serial") CHECK(test::runtime().prepare(probe)->run().bytes > 0);
}

TEST_CASE("probes do not count as memory of the apps") {
  auto const before = test::runtime().allocated();
  auto const space = test::runtime().spaces().front().name;
  auto const prepared =
      test::runtime().prepare({.kernel = "copy", .space = space, .bytes = 1 << 20});
  CHECK(test::runtime().allocated().bytes == before.bytes);
  CHECK(test::runtime().allocated().allocations == before.allocations);
}

TEST_CASE("arrays of apps are counted while they live") {
  auto const before = test::runtime().allocated();
  {
    Memory<double, Kokkos::DefaultHostExecutionSpace> const array("array of an app",
                                                                  1000);  // of 8 bytes
    CHECK(test::runtime().allocated().bytes == before.bytes + 8000);
    CHECK(test::runtime().allocated().allocations == before.allocations + 1);
    CHECK(test::runtime().allocated().peak_bytes >= before.bytes + 8000);
  }
  CHECK(test::runtime().allocated().bytes == before.bytes);
}

TEST_CASE("what cannot be probed is refused with the nearest right word") {
  auto const refusal = [](Probe const& probe) {
    try {
      auto const prepared = test::runtime().prepare(probe);
    } catch (Error const& error) {
      return std::to_string(exit_code(error.fault)) + " " + error.what();
    }
    return std::string("nothing was refused");
  };
  auto const space = test::runtime().spaces().front();
  CHECK(refusal({.kernel = "coppy", .space = space.name, .bytes = 4096})
            .find("did you mean 'copy'?") != std::string::npos);
  CHECK(refusal({.kernel = "copy", .space = "opnmp", .bytes = 4096}).substr(0, 1) == "2");
  CHECK(refusal({.kernel = "copy", .space = space.name, .precision = "fp16", .bytes = 4096})
            .substr(0, 1) == "2");
  CHECK(refusal({.kernel = "copy", .space = space.name, .bytes = 2 * space.memory_bytes})
            .substr(0, 1) == "3");
}

TEST_CASE("a second runtime is refused while the first one lives") {
  CHECK_THROWS_AS(Runtime(), Error);
}

}  // namespace inpex
