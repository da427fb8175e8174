// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/placement.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace inpex;
using namespace inpex::host;

namespace {

std::vector<SpaceInfo> const spaces{
    {.name = "openmp", .device = "host", .concurrency = 6},
    {.name = "cuda", .device = "some GPU", .concurrency = 1000, .is_device = true}};

}  // namespace

TEST_CASE("a host's case has threads and no device, a device's case the other way round") {
  auto const host_case = placement_now(Comm(), spaces, Topology(), "openmp");
  CHECK(host_case.threads == 6);
  CHECK(!host_case.devices);
  auto const device_case = placement_now(Comm(), spaces, Topology(), "cuda");
  CHECK(device_case.devices == 1);
  CHECK(!device_case.threads);
  CHECK(device_case.spaces == std::vector<std::string>{"openmp", "cuda"});
}

TEST_CASE("one rank is on one node, with its own binding, and MPI is not spoken of") {
  auto const placement = placement_now(Comm(), spaces, Topology(), "openmp");
  CHECK(placement.nodes == 1);
  CHECK(placement.ranks == 1);
  CHECK(placement.binding == std::vector<std::string>{Topology().binding()});
  CHECK(!placement.gpu_aware_mpi);
  CHECK(node_layout(Comm()).ranks_here == 1);
}
