// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/counted_beside.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace inpex;
using namespace inpex::host;

namespace {

Record run_of(std::string const& app, std::vector<Counter> counters) {
  Record record;
  record.status = Status::passed;
  record.spec.id = app, record.spec.case_name = "S", record.spec.precision = "fp64";
  record.placement.space = "serial";
  PhaseGroup phase{};
  phase.name = "sweep", phase.flops = 8000, phase.bytes_read = 1000, phase.bytes_written = 1000;
  record.phases = {phase};
  record.counters = std::move(counters);
  return record;
}

}  // namespace

TEST_CASE("what the processor counted stands beside what is declared, misses in bytes too") {
  auto const record = run_of("a.b", {{"cycles", 4000}, {"cache_misses", 50}, {"page_faults", 7}});
  CHECK(counted_beside({record}, {"a.b"}) ==
        "a.b S serial fp64: declared 8.000 kflop, 2.000 kB; counted 4.000 kcycles, 50.00 "
        "cache_misses (3.200 kB)\n");
}

TEST_CASE("a system that shows no counter is told, and other apps and failed runs are left out") {
  auto failed = run_of("a.b", {});
  failed.status = Status::failed;
  auto const text =
      counted_beside({run_of("a.b", {{"page_faults", 7}}), run_of("c.d", {}), failed}, {"a.b"});
  CHECK(text ==
        "a.b S serial fp64: declared 8.000 kflop, 2.000 kB; counted nothing: this system shows no "
        "counter of the processor\n");
}
