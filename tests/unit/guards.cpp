// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/guards.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <limits>
#include <set>
#include <string>
#include <string_view>

using namespace inpex::host;
using Catch::Matchers::ContainsSubstring;

namespace {

// A case about which no guard says anything.
Observed healthy() {
  Observed seen;
  seen.times = {0.5, 0.51, 0.5};
  seen.clock_tick = 3e-8;
  seen.timer_floor = 5e-8;
  seen.footprint = 2e9, seen.allocated = 2.05e9, seen.last_level_cache = 32e6,
  seen.memory_resident = true;
  seen.counts = {4, 4};
  seen.threads_on_node = 4, seen.cores_on_node = 4;
  seen.nearest = {"copy", 1.04};
  seen.longest_phase = 0.6;
  seen.speeds = {1.00, 1.04, 1.02};
  seen.energy_window = 10, seen.energy_updates = 60;
  seen.least_energy_window = 10, seen.least_energy_updates = 60;
  return seen;
}

// Whether exactly this guard fires; its sentence must hold the text.
void fires_only(Observed const& seen, std::string_view id, std::string const& text) {
  auto const guards = fired(seen);
  REQUIRE(guards.size() == 1);
  CHECK(guards[0].id == id);
  CHECK_THAT(guards[0].sentence, ContainsSubstring(text));
}

}  // namespace

TEST_CASE("a healthy case triggers no guard") { CHECK(fired(healthy()).empty()); }

TEST_CASE("every guard has an id of its own, a rule and a known severity") {
  std::set<std::string_view> ids;
  for (auto const& rule : guard_rules) {
    CHECK(ids.insert(rule.id).second);
    CHECK_FALSE(rule.rule.empty());
    CHECK_FALSE(rule.reason.empty());
    CHECK((rule.severity == "note" || rule.severity == "warning" || rule.severity == "wrong" ||
           rule.severity == "failed"));
  }
}

TEST_CASE("an empty result is no result") {
  auto seen = healthy();
  seen.times.clear();
  fires_only(seen, "empty-result", "no sample");
  seen = healthy();
  for (double const fom : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN(),
                           std::numeric_limits<double>::infinity()}) {
    seen.fom = fom;
    fires_only(seen, "empty-result", "figure of merit");
  }
}

TEST_CASE("a case of zero size is no case") {
  auto seen = healthy();
  seen.steps = 0;
  fires_only(seen, "zero-size", "0 steps");
  seen = healthy();
  seen.work = 0;
  fires_only(seen, "zero-size", "0 flops");
}

TEST_CASE("a sample as short as twenty empty regions or clock ticks measures the clock") {
  auto seen = healthy();
  seen.times = {0.5, 1e-6, 0.5};  // 20 * 5e-8 is 1e-6, and above is asked for
  fires_only(seen, "too-short", "1e-06 s");
  seen.times = {0.5, 1.01e-6, 0.5};
  CHECK(fired(seen).empty());
  seen.clock_tick = 1e-3;
  fires_only(seen, "too-short", "0.001 s");
}

TEST_CASE("a debug build and bounds checks are for drafts") {
  auto seen = healthy();
  seen.debug = true;
  fires_only(seen, "debug-build", "without optimisation");
  seen = healthy();
  seen.bounds_checks = true;
  fires_only(seen, "debug-build", "bounds checks");
  seen.division = "draft";
  CHECK(fired(seen).empty());
}

TEST_CASE("a working set near the cache is not memory-resident") {
  auto seen = healthy();
  seen.last_level_cache = 1e9;
  fires_only(seen, "cache-resident", "2000 MB is only 2 times");
  seen.memory_resident = false;
  CHECK(fired(seen).empty());
}

TEST_CASE("ranks that ran different counts are told") {
  auto seen = healthy();
  seen.counts = {4, 5};
  fires_only(seen, "unequal-counts", "between 4 and 5");
}

TEST_CASE("a dirty source matters in the reference division only") {
  auto seen = healthy();
  seen.dirty = true;
  fires_only(seen, "dirty-source", "differs from its commit");
  seen.division = "open";
  CHECK(fired(seen).empty());
}

TEST_CASE("more threads than hardware threads are told") {
  auto seen = healthy();
  seen.threads_on_node = 8;
  fires_only(seen, "oversubscribed", "8 threads share 4");
}

TEST_CASE("threads that take turns on one core are told") {
  auto seen = healthy();
  seen.misbound = "thread 0 of rank 0 and thread 0 of rank 1 share the hardware thread 0";
  fires_only(seen, "misbound", "share the hardware thread 0");
}

TEST_CASE("a rate above its ceiling is wrong") {
  auto seen = healthy();
  seen.nearest.fraction = 1.06;
  fires_only(seen, "above-ceiling", "1.06 of the copy ceiling");
  CHECK(fired(seen)[0].severity == "wrong");
}

TEST_CASE("a sample that is far shorter than one of its phases was not fenced") {
  auto seen = healthy();
  seen.longest_phase = 2.6;  // five times the longest sample is 2.55
  fires_only(seen, "no-fence", "2.6 s");
  seen.longest_phase = 2.5;
  CHECK(fired(seen).empty());
}

TEST_CASE("threads that other programs push off their cores are told") {
  auto seen = healthy();
  seen.switches_a_second = 250;
  fires_only(seen, "disturbed", "250 times a second");
}

TEST_CASE("a ceiling that could not be probed in peace is told") {
  auto seen = healthy();
  seen.ceilings_known = false;
  fires_only(seen, "ceilings-disturbed", "other programs");
}

TEST_CASE("a clock that changes by more than a twentieth is told") {
  auto seen = healthy();
  seen.speeds = {1.0, 1.1, 1.0};
  fires_only(seen, "clock-changed", "10.0 %");
}

TEST_CASE("samples that drift are told") {
  auto seen = healthy();
  seen.times = {0.5, 0.5, 0.52, 0.52, 0.524, 0.524};  // 4.6 % of the median
  CHECK(fired(seen).empty());
  seen.times.back() = 0.55, seen.times[4] = 0.55;
  fires_only(seen, "drifting", "slower");
}

TEST_CASE("stalls in one sample of twenty are told") {
  auto seen = healthy();
  seen.times.assign(40, 0.5);
  seen.times[20] = 2;  // one in forty is below the quantile
  CHECK(fired(seen).empty());
  seen.times[10] = seen.times[30] = 2;
  fires_only(seen, "stalled", "longer than the median");
}

TEST_CASE("more memory than the spec says is told") {
  auto seen = healthy();
  seen.allocated = 2.2e9;
  fires_only(seen, "footprint", "2200 MB, the spec says 2000 MB");
}

TEST_CASE("samples in which memory was allocated are told") {
  auto seen = healthy();
  seen.allocating = 3;
  fires_only(seen, "allocating-step", "3 timed samples");
}

TEST_CASE("work that differs from the spec fails the case") {
  auto seen = healthy();
  seen.work_difference = "phase sweep: 8 flops counted, 10 declared";
  fires_only(seen, "work-differs", "8 flops counted, 10 declared");
  CHECK(fired(seen)[0].severity == "failed");
}

TEST_CASE("energy of too short a window, or of too few updates, is told") {
  auto seen = healthy();
  seen.energy_window = 9.9;
  fires_only(seen, "energy-window", "9.9 s and 60 updates, the spec asks for 10 s and 60");
  seen = healthy();
  seen.energy_updates = 59;
  fires_only(seen, "energy-window", "59 updates");
  seen.energy_window = 0;  // no counter
  CHECK(fired(seen).empty());
}
