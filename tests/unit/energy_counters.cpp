// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/energy_counters.hpp>

#include "energy_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

using namespace inpex::host;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinRel;

namespace {

// Two packages with memory, and what must not be counted beside them.
void make_server(MadeSystem const& system) {
  system.zone("0", "package-0", 1'000'000);
  system.zone("0:0", "core", 500'000);
  system.zone("0:1", "dram", 200'000);
  system.zone("1", "package-1", 3'000'000);
  system.zone("1:0", "uncore", 70'000);
  system.zone("2", "psys", 9'000'000);
  system.file("class/powercap/intel-rapl/enabled", "1\n");
}

EnergyReading made_reading(std::vector<std::uint64_t> microjoules, double seconds = 0) {
  auto const since =
      std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  return {Clock::time_point{} + since, std::move(microjoules)};
}

}  // namespace

TEST_CASE("packages and their memory are read, their cores and the whole board are not") {
  MadeSystem const system;
  make_server(system);
  EnergyCounters const counters(system.root());
  REQUIRE(counters.readable());
  CHECK(counters.source().scope == "package, dram");
  CHECK(counters.read()->microjoules == std::vector<std::uint64_t>{1'000'000, 200'000, 3'000'000});
  auto const before = *counters.read();
  system.set("0", 1'500'000), system.set("0:0", 900'000), system.set("0:1", 300'000);
  system.set("1", 5'000'000), system.set("2", 19'000'000);
  CHECK_THAT(*counters.joules(before, *counters.read()), WithinRel(0.5 + 0.1 + 2, 1e-12));
}

TEST_CASE("memory below its package is found where the kernel lists it there alone") {
  MadeSystem const system;
  system.zone("0", "package-0", 1);
  system.file(MadeSystem::folder_of("0") + "intel-rapl:0:0/name", "dram\n");
  system.file(MadeSystem::folder_of("0") + "intel-rapl:0:0/energy_uj", "2\n");
  CHECK(EnergyCounters(system.root()).read()->microjoules == std::vector<std::uint64_t>{1, 2});
}

TEST_CASE("a package without memory of its own has the scope package") {
  MadeSystem const system;
  system.zone("0", "package-0", 1);
  CHECK(EnergyCounters(system.root()).source().scope == "package");
}

TEST_CASE("a counter that begins anew between two readings goes on") {
  MadeSystem const system;
  system.zone("0", "package-0", made_range - 300'000);
  EnergyCounters const counters(system.root());
  auto const before = *counters.read();
  system.set("0", 700'000);
  CHECK_THAT(*counters.joules(before, *counters.read()), WithinRel(1.0, 1e-12));
}

TEST_CASE("a window in which a counter may begin anew twice has no joules") {
  MadeSystem const system;
  system.zone("0", "package-0", 0);
  EnergyCounters const counters(system.root());
  // at 1 kW a range of 262143 J lasts 262 s
  auto const start = made_reading({0});
  CHECK(counters.joules(start, made_reading({1'000'000}, 262)) == 1.0);
  CHECK_FALSE(counters.joules(start, made_reading({1'000'000}, 263)));
}

TEST_CASE("one counter that cannot be read makes all of them unknown, before and in a run") {
  MadeSystem const system;
  make_server(system);
  EnergyCounters const counters(system.root());
  REQUIRE(counters.read());
  system.remove(MadeSystem::folder_of("0:1") + "energy_uj");
  CHECK_FALSE(counters.read());
  EnergyCounters const later(system.root());
  CHECK_FALSE(later.readable());
  CHECK_THAT(energy_in_words(later),
             ContainsSubstring("not every counter of made-rapl can be read"));
  for (auto const* text : {"", "many\n", "-1\n", "12x\n"}) {
    system.file(MadeSystem::folder_of("0:1") + "energy_uj", text);
    CHECK_FALSE(counters.read());
  }
  system.set("0:1", 1);
  CHECK(EnergyCounters(system.root()).readable());
  system.file(MadeSystem::folder_of("1") + "name", "");  // who knows what it counts
  CHECK_FALSE(EnergyCounters(system.root()).readable());
}

TEST_CASE("a package that is listed twice counts once") {
  MadeSystem const system;
  system.zone("0", "package-0", 100), system.zone("1", "package-1", 100);
  system.zone("2", "package-2", 100);
  EnergyCounters counters(system.root());
  // the second package was updated between two files, the third one is another
  std::vector<EnergyReading> seen{made_reading({100, 100, 100}), made_reading({150, 150, 160}),
                                  made_reading({190, 200, 220}), made_reading({250, 250, 270})};
  counters.count_once(seen);
  CHECK(counters.source().counters.size() == 2);
  CHECK(seen[2].microjoules == std::vector<std::uint64_t>{190, 220});
  CHECK(counters.joules(seen.front(), seen.back()) == (150 + 170) * 1e-6);
}

TEST_CASE("counters that stand still do not pass for one counter") {
  MadeSystem const system;
  system.zone("0", "package-0", 100), system.zone("1", "package-1", 100);
  EnergyCounters counters(system.root());
  std::vector<EnergyReading> seen(3, made_reading({100, 100}));
  counters.count_once(seen);
  CHECK(counters.source().counters.size() == 2);
}

TEST_CASE("power is that from the first update to the last, however few there are") {
  MadeSystem const system;
  system.zone("0", "package-0", 0), system.zone("1", "package-1", 0);
  EnergyCounters const counters(system.root());
  // 10 J an update on one package, 5 J on the other: 20 J and 10 J in the 0.4 s between updates
  std::vector<EnergyReading> seen;
  for (std::uint64_t i = 0; i < 7; ++i) {
    auto const updates = std::uint64_t{1'000'000} * ((i + 1) / 2);
    seen.push_back(made_reading({10 * updates, 5 * updates}, 0.1 * static_cast<double>(i)));
  }
  CHECK_THAT(*counters.watts(seen), WithinRel(30 / 0.4, 1e-6));
  CHECK_FALSE(counters.watts({seen[0], seen[1], seen[2]}));  // one update
  CHECK_FALSE(counters.watts({seen[1], seen[2]}));
  CHECK_FALSE(counters.watts({}));
}

TEST_CASE("the counter of a whole Cray node goes before all others, and is in joules") {
  MadeSystem const system;
  make_server(system);
  system.file("cray/pm_counters/energy", "123456 J 1700000000 us\n");
  EnergyCounters const counters(system.root());
  CHECK(counters.source().name == "made-pm_counters");
  CHECK(counters.source().scope == "node");
  auto const before = *counters.read();
  system.file("cray/pm_counters/energy", "123459 J 1700100000 us\n");
  CHECK(counters.joules(before, *counters.read()) == 3.0);
  CHECK_FALSE(counters.joules(*counters.read(), before));  // it was set back
}

TEST_CASE("of the driver amd_energy the sockets are read, where there is no zone of RAPL") {
  MadeSystem const system;
  system.file("class/hwmon/hwmon0/name", "nvme\n");
  system.file("class/hwmon/hwmon3/name", "amd_energy\n");
  system.file("class/hwmon/hwmon3/energy1_label", "Ecore000\n");
  system.file("class/hwmon/hwmon3/energy1_input", "5\n");
  system.file("class/hwmon/hwmon3/energy2_label", "Esocket0\n");
  system.file("class/hwmon/hwmon3/energy2_input", "7000000\n");
  EnergyCounters const counters(system.root());
  CHECK(counters.source().name == "made-amd_energy");
  CHECK(counters.source().scope == "package");
  CHECK(counters.read()->microjoules == std::vector<std::uint64_t>{7'000'000});
  system.file("class/hwmon/hwmon3/energy1_label", "");
  CHECK_FALSE(EnergyCounters(system.root()).readable());
}

TEST_CASE("a machine without counters says so") {
  MadeSystem const system;
  CHECK(energy_in_words(EnergyCounters(system.root())) ==
        "energy: no counter: this system has none");
  make_server(system);
  CHECK(energy_in_words(EnergyCounters(system.root())) ==
        "energy: made-rapl, 3 counters of scope package, dram");
}

TEST_CASE("what is read below another folder than /sys is called made") {
  ::setenv("INPEX_SYS", "/tmp/made", 1);
  CHECK(system_root() == "/tmp/made");
  ::unsetenv("INPEX_SYS");
  CHECK(system_root() == "/sys");
  MadeSystem const system;
  system.zone("0", "package-0", 1);
  CHECK(EnergyCounters(system.root()).source().name == "made-rapl");
  for (auto const& name : energy_sources) CHECK(name.rfind("made-", 0) != 0);
}

TEST_CASE("updates are seen while they come, and a counter that stands still has none") {
  MadeSystem const system;
  system.zone("0", "package-0", 1);
  EnergyCounters const counters(system.root());
  CHECK_FALSE(counters.update_period());
  RunningZone const running(system, 100);
  auto const period = counters.update_period();
  REQUIRE(period);
  CHECK(*period > 0.001);  // it sleeps for 2 ms between two
  CHECK(*period < 0.25);
}
