// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/machine.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace inpex::host;

namespace {

// read 40, triad 30, stream_copy 20 byte/s; 100 flop/s in fp64
Machine small_machine() {
  Machine machine;
  machine.ceilings = {{"read", "openmp", 40, "byte/s", {}, 9},
                      {"triad", "openmp", 30, "byte/s", {}, 9},
                      {"stream_copy", "openmp", 20, "byte/s", {}, 9},
                      {"fma_fp64", "openmp", 100, "flop/s", {}, 9}};
  return machine;
}

}  // namespace

TEST_CASE("bytes are held against the ceiling with the nearest mix of reads and writes") {
  auto const seconds = [](double read, double written) {
    return least_seconds(small_machine(), "openmp", "fp64",
                         {.bytes_read = read, .bytes_written = written});
  };
  CHECK(seconds(120, 0) == 3.0);  // 120 / 40
  CHECK(seconds(80, 40) == 4.0);  // 120 / 30
  CHECK(seconds(60, 60) == 6.0);  // 120 / 20
  CHECK(seconds(0, 120) == 6.0);
}

TEST_CASE("the longer of bytes and flops is the least time") {
  CHECK(least_seconds(small_machine(), "openmp", "fp64", {.flops = 1000, .bytes_read = 40}) ==
        10.0);
  CHECK(least_seconds(small_machine(), "openmp", "fp64", {.flops = 10, .bytes_read = 40}) == 1.0);
}

TEST_CASE("without the ceiling nothing is predicted") {
  CHECK(!least_seconds(small_machine(), "cuda", "fp64", {.bytes_read = 1}));
  CHECK(!least_seconds(small_machine(), "openmp", "fp32", {.flops = 1}));
  CHECK(find_ceiling(small_machine(), "copy", "openmp") == nullptr);
}

TEST_CASE("ceilings have one order, whatever was withheld and in whichever order it was measured") {
  Machine machine;
  for (char const* name : {"timer", "fence", "L2_copy", "triad", "L1_read"})
    machine.ceilings.push_back(
        {.name = name, .space = "", .value = 1, .unit = "s", .interval = {}, .n = 9});
  machine.withheld = {{"copy", "serial", "noise"}, {"triad", "serial", "noise"}};
  CHECK(ceiling_names(machine) ==
        std::vector<std::string>{"copy", "triad", "L1_read", "L2_copy", "fence", "timer"});
}
