// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/machine_yaml.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace inpex;
using namespace inpex::host;

namespace {

Machine full_machine() {
  Machine machine;
  machine.created = "2026-11-22T18:00:00Z";
  machine.platform.host = "0123456789012345";  // digits only: must stay a text
  machine.platform.cpu = "A: \"strange\" {name} # 7";
  machine.platform.cores = 16;
  machine.platform.clock_hz = 2.6e9;
  machine.platform.caches = {{1, "data", 32768, 2, 1}, {3, "unified", 33554432, 1, 2}};
  machine.placement.binding = {"core:0-1", ""};
  machine.placement.gpu_aware_mpi = false;
  machine.software.flags = "yes";  // a boolean in some versions of YAML
  machine.ceilings = {
      {"stream_copy", "openmp", 0.1 + 0.2, "byte/s", {1e300, 5e-324, 0.96, "order-statistics"}, 9}};
  machine.withheld = {{"update", "openmp", "twice the work took 2.41 times as long"}};
  return machine;
}

}  // namespace

TEST_CASE("a machine reads back to the same bits") {
  CHECK(json_text(read_machine(machine_text(full_machine()), "machine.yaml")) ==
        json_text(full_machine()));
  CHECK(json_text(read_machine(machine_text(Machine()), "machine.yaml")) == json_text(Machine()));
}

TEST_CASE("a person finds a ceiling on a line of its own") {
  CHECK(machine_text(full_machine())
            .find("\n  - {name: stream_copy, space: openmp, value: 0.30000000000000004,") !=
        std::string::npos);
}

TEST_CASE("another format is refused with what to do") {
  auto text = machine_text(Machine());
  text.replace(text.find("1.0"), 3, "9.0");
  try {
    read_machine(text, "machine.yaml");
    FAIL("it was accepted");
  } catch (Error const& error) {
    CHECK(std::string(error.what()).find("machine.yaml: it has format '9.0'") == 0);
    CHECK(error.hint.find("inpex machine") != std::string::npos);
  }
}

TEST_CASE("what is no machine is refused with the nearest right word") {
  try {
    read_machine("inpex_machine: \"1.0\"\nplatfrom: {cores: 2}\n", "machine.yaml");
    FAIL("it was accepted");
  } catch (Error const& error) {
    CHECK(error.hint == "did you mean 'platform'?");
  }
  CHECK_THROWS_AS(read_machine("a: &b 1\nc: *b\n", "machine.yaml"), Error);
  CHECK_THROWS_AS(read_machine("", "machine.yaml"), Error);
}
