// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/environment.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace inpex;
using namespace inpex::host;

TEST_CASE("only variables that can change a result are kept, sorted, and none without a value") {
  char const* const variables[] = {"USER=somebody",
                                   "OMP_PLACES=cores",
                                   "OMP_NUM_THREADS=4",
                                   "OMPI_COMM_WORLD_SIZE=2",
                                   "OMPI_MCA_orte_hnp_uri=host:1234",
                                   "KOKKOS_NUM_THREADS=",
                                   "OMPX=1",
                                   nullptr};
  auto const table = environment_now(variables);
  REQUIRE(table.size() == 3);
  CHECK(table[0].name == "OMPI_COMM_WORLD_SIZE");
  CHECK(table[1] == Entry{"OMP_NUM_THREADS", std::string("4"), ""});
  CHECK(table[2].name == "OMP_PLACES");
}

TEST_CASE("counters that are named where they are anyway are not made ones") {
  char const* const there[] = {"INPEX_SYS=/sys", nullptr};
  CHECK(environment_now(there).empty());
  char const* const made[] = {"INPEX_SYS=/tmp/sys", nullptr};
  CHECK(at<std::string>(environment_now(made), "INPEX_SYS") == "sys");
}

TEST_CASE("of a path only the last component is kept") {
  char const* const variables[] = {"LD_PRELOAD=/home/somebody/lib/tool.so:/opt/b.so",
                                   "OMP_PROC_BIND=spread,close",
                                   "KOKKOS_TOOLS_LIBS=/home/somebody/kp_timer.so", nullptr};
  auto const table = environment_now(variables);
  CHECK(at<std::string>(table, "LD_PRELOAD") == "tool.so:b.so");
  CHECK(at<std::string>(table, "KOKKOS_TOOLS_LIBS") == "kp_timer.so");
  CHECK(at<std::string>(table, "OMP_PROC_BIND") == "spread,close");
}
