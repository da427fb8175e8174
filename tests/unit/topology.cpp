// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/topology.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <string>

using namespace inpex;
using namespace inpex::host;

namespace {

/// hwloc believes in this machine for as long as it lives.
class Synthetic {
 public:
  explicit Synthetic(char const* words) { setenv("HWLOC_SYNTHETIC", words, 1); }
  ~Synthetic() { unsetenv("HWLOC_SYNTHETIC"); }
};

}  // namespace

TEST_CASE("a machine of two sockets is described by its parts") {
  // 2 sockets with 2 L3 of 32 MiB each; 4 cores under an L3, with 2 hardware threads, 1 MiB L2 and
  // 32 KiB L1
  Synthetic const machine(
      "package:2 numa:1 l3:2(size=33554432) l2:4(size=1048576) l1d:1(size=32768) core:1 pu:2");
  Topology const topology;
  CHECK(topology.sockets() == 2);
  CHECK(topology.numa_nodes() == 2);
  CHECK(topology.cores() == 16);
  CHECK(topology.hardware_threads() == 32);
  auto const caches = topology.caches();
  REQUIRE(caches.size() == 3);
  CHECK(caches[0].level == 1);
  CHECK(caches[0].bytes == 32768);
  CHECK(caches[0].count == 16);
  CHECK(caches[0].shared == 2);
  CHECK(caches[2].level == 3);
  CHECK(caches[2].kind == "unified");
  CHECK(caches[2].count == 4);
  CHECK(caches[2].shared == 8);
  CHECK(last_level_bytes(caches) == 4u * 33554432u);
}

TEST_CASE("a machine without caches has no last level") {
  Synthetic const machine("core:2 pu:1");
  CHECK(Topology().caches().empty());
  CHECK(last_level_bytes({}) == 0);
}

TEST_CASE("numbers become ranges") {
  CHECK(host::detail::ranges({0, 1, 2, 3, 8}) == "0-3,8");
  CHECK(host::detail::ranges({5}) == "5");
  CHECK(host::detail::ranges({1, 3, 5, 6}) == "1,3,5-6");
  CHECK(host::detail::ranges({}).empty());
}

TEST_CASE("this process is bound to cores of this machine") {
  Topology const topology;
  CHECK(topology.cores().value_or(0) >= 1);
  CHECK(topology.binding().substr(0, 5) == "core:");
}
