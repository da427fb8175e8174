// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/counters.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstddef>

#include <sys/mman.h>

using namespace inpex;
using namespace inpex::host;

namespace {

/// Touches pages that the process does not have yet.
void touch_pages(std::size_t count) {
  std::size_t const page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  void* const place =
      ::mmap(nullptr, count * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  REQUIRE(place != MAP_FAILED);
  ::madvise(place, count * page, MADV_NOHUGEPAGE);
  for (std::size_t i = 0; i < count; ++i) static_cast<char volatile*>(place)[i * page] = 1;
  ::munmap(place, count * page);
}

/// Page faults, or -1 where the system lets nobody count them.
double faults_of(Counters const& counters, int times) {
  for (auto const& each : counters.values(Comm(), times))
    if (each.name == "page_faults") return each.value;
  return -1;
}

}  // namespace

TEST_CASE("what a processor counts between resume and pause is counted, once for each time") {
  Counters const counters;
  if (faults_of(counters, 1) < 0) {
    for (auto const& each : counters.values(Comm(), 1)) CHECK(each.name != "page_faults");
    return;
  }
  touch_pages(1000);
  CHECK(faults_of(counters, 1) == 0);
  counters.resume();
  touch_pages(1000);
  counters.pause();
  touch_pages(1000);
  CHECK(faults_of(counters, 1) >= 1000);
  CHECK(faults_of(counters, 1) < 1100);
  CHECK(2 * faults_of(counters, 2) == faults_of(counters, 1));
}
