// SPDX-License-Identifier: Apache-2.0
#include <inpex/usable_cores.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <unistd.h>

using namespace inpex;
namespace fs = std::filesystem;

TEST_CASE("hardware threads of one core count as one core") {
  // four hardware threads: 0 and 2 share a core, 1 and 3 another
  fs::path const root = fs::temp_directory_path() / ("inpex-cores-" + std::to_string(getpid()));
  for (int cpu : {0, 1, 2, 3}) {
    fs::path const folder =
        root / "sys/devices/system/cpu" / ("cpu" + std::to_string(cpu)) / "topology";
    fs::create_directories(folder);
    std::ofstream(folder / "thread_siblings_list") << (cpu % 2 == 0 ? "0,2\n" : "1,3\n");
  }
  CHECK(core_count({0, 1, 2, 3}, root.string()) == 2);
  CHECK(core_count({0, 2}, root.string()) == 1);
  fs::remove_all(root);
}

TEST_CASE("without a topology every hardware thread is a core") {
  CHECK(core_count({4, 5, 6}, "/nowhere") == 3);
}

TEST_CASE("this process may run somewhere, and uses no more than that") {
  auto const cpus = allowed_cpus();
  CHECK(!cpus.empty());
  CHECK(std::is_sorted(cpus.begin(), cpus.end()));
  CHECK(usable_cores() >= 1);
  CHECK(usable_cores() <= static_cast<int>(cpus.size()));
}

TEST_CASE("ranks that are not bound share the node") {
  int const alone = usable_cores();
  setenv("OMPI_COMM_WORLD_LOCAL_SIZE", "1000000", 1);
  CHECK(ranks_on_node() == 1000000);
  CHECK(usable_cores() == 1);
  setenv("OMPI_COMM_WORLD_LOCAL_SIZE", "1", 1);
  CHECK(usable_cores() == alone);
  unsetenv("OMPI_COMM_WORLD_LOCAL_SIZE");
}
