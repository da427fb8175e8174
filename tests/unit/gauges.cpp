// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/gauges.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstdint>

using namespace inpex;
using namespace inpex::host;

namespace {

constexpr std::int64_t kib = 1024, mib = 1024 * kib;
// 16 cores with 2 threads: L1 and L2 for each core, an L3 for every 8 cores
std::vector<Cache> const caches{
    {1, "data", 32 * kib, 16, 2}, {2, "unified", mib, 16, 2}, {3, "unified", 32 * mib, 2, 16}};

}  // namespace

TEST_CASE("arrays for a cache fill half of a private and a quarter of a shared one, for all "
          "threads together") {
  // 32 threads reach all 16 L1, all 16 L2, both L3
  CHECK(cache_probe_bytes(caches, 0, 32, 1) == 16u * 16 * kib);
  CHECK(cache_probe_bytes(caches, 1, 32, 1) == 16u * mib / 2);
  // a quarter of the L3 is 16 MiB, but the L2 hold as much: twice that of the L2 is taken
  CHECK(cache_probe_bytes(caches, 2, 32, 1) == 32u * mib);
}

TEST_CASE("one thread is given one cache of each level") {
  CHECK(cache_probe_bytes(caches, 0, 1, 1) == 16u * kib);
  CHECK(cache_probe_bytes(caches, 1, 1, 1) == 512u * kib);
  CHECK(cache_probe_bytes(caches, 2, 1, 1) == 8u * mib);
}

TEST_CASE("ranks of a node share its caches and its memory") {
  CHECK(cache_probe_bytes(caches, 1, 32, 4) == 16u * mib / 2 / 4);
  SpaceInfo const space{.name = "openmp", .device = "host"};
  // four times two L3 of 32 MiB are 256 MiB; a smaller machine takes 256 MiB all the same
  CHECK(memory_probe_bytes(space, caches, 1) == 256u * mib);
  CHECK(memory_probe_bytes(space, caches, 4) == 64u * mib);
  CHECK(memory_probe_bytes(space, {{2, "unified", mib, 1, 1}}, 1) == 256u * mib);
  CHECK(memory_probe_bytes(space, {{2, "unified", mib, 1, 1}}, 1, 128u * mib) == 128u * mib);
  CHECK(memory_probe_bytes(space, {{3, "unified", 96 * mib, 8, 16}}, 1) == 3072u * mib);
}

TEST_CASE("a cache that is hardly larger than those nearer to the cores has no size of its own") {
  CHECK(cache_probe_bytes({{1, "data", 32 * kib, 1, 1}, {2, "unified", 64 * kib, 1, 1}}, 1, 1, 1) ==
        0);
}

TEST_CASE("a device gets 2 GiB, or a sixteenth of what is free") {
  SpaceInfo device{
      .name = "cuda", .device = "GPU", .is_device = true, .free_bytes = std::uint64_t{100} << 30};
  CHECK(memory_probe_bytes(device, caches, 1) == std::uint64_t{2} << 30);
  device.free_bytes = std::uint64_t{16} << 30;
  CHECK(memory_probe_bytes(device, caches, 1) == std::uint64_t{1} << 30);
}

TEST_CASE("the timer's gauge counts its readings") {
  auto const timer = timer_gauge();
  auto const once = timer.run(1), twice = timer.run(2);
  CHECK(once.seconds > 0);
  CHECK(twice.calls == 2 * once.calls);
}
