// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/binding.hpp>
#include <inpex/host/placement.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace inpex;
using namespace inpex::host;

namespace {

std::vector<SpaceInfo> const both_spaces{
    {.name = "openmp", .device = "host", .concurrency = 6},
    {.name = "cuda", .device = "some GPU", .concurrency = 1000, .is_device = true}};

}  // namespace

TEST_CASE("a host's case has threads and no device, a device's case the other way round") {
  auto const host_case = placement_now(Comm(), both_spaces, Topology(), "openmp");
  CHECK(host_case.threads == 6);
  CHECK(!host_case.devices);
  auto const device_case = placement_now(Comm(), both_spaces, Topology(), "cuda");
  CHECK(device_case.devices == 1);
  CHECK(!device_case.threads);
  CHECK(device_case.spaces == std::vector<std::string>{"openmp", "cuda"});
}

TEST_CASE("one rank is on one node, with its own binding, and MPI is not spoken of") {
  auto const placement = placement_now(Comm(), both_spaces, Topology(), "openmp");
  CHECK(placement.nodes == 1);
  CHECK(placement.ranks == 1);
  CHECK(placement.binding == std::vector<std::string>{Topology().binding()});
  CHECK(!placement.gpu_aware_mpi);
  CHECK(node_layout(Comm()).ranks_here == 1);
}

TEST_CASE("hardware threads of threads are written as hwloc writes them") {
  auto const placement =
      placement_now(Comm(), both_spaces, Topology(), "openmp", {{0, 1, 2, 8}, {3}});
  CHECK(placement.thread_binding == std::vector<std::string>{"0-2,8 3"});
  CHECK(placement.node_of_rank == std::vector<std::int64_t>{0});
  CHECK(placement_now(Comm(), both_spaces, Topology(), "cuda").thread_binding.empty());
  std::string const longer(300, 'x');
  CHECK(of_all_ranks(Comm(), longer) == std::vector{longer});
}

TEST_CASE("two threads of a node on one hardware thread are named") {
  Placement placement;
  placement.thread_binding = {"0 1", "2 1"};
  placement.node_of_rank = {0, 0};
  CHECK(misbound(placement, "", "") ==
        "thread 1 of rank 0 and thread 1 of rank 1 share the hardware thread 1");
  placement.node_of_rank = {0, 1};
  CHECK(misbound(placement, "true", "").empty());
}

TEST_CASE("threads that were to have places of their own are held to it") {
  Placement placement;
  placement.thread_binding = {"0-1 0-1"};
  CHECK(misbound(placement, "", "").empty());
  CHECK(misbound(placement, "false", "cores").empty());
  CHECK(misbound(placement, "close", "sockets").empty());
  CHECK(misbound(placement, "Spread,close", "cores(2)") ==
        "thread 0 of rank 0 and thread 1 of rank 0 share the hardware threads 0-1, although "
        "OMP_PROC_BIND is Spread,close");
}
