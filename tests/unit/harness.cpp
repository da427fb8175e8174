// SPDX-License-Identifier: Apache-2.0
// The harness with an app and a machine that are made up: every sample takes 1 s by the app's own
// account, and every probe moves 1000 bytes and does 1e6 flops a second.
#include <inpex/host/harness.hpp>

#include <inpex/host/formula_parser.hpp>

#include "energy_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <new>
#include <string>
#include <thread>
#include <vector>

namespace inpex {
namespace {

// What the made-up app does; each test sets it anew.
struct Script {
  double error = 0;               // that the check finds
  std::uint64_t flops = 8;        // a step
  std::uint64_t bytes = 8;        // read, and as many written, a step
  std::uint64_t allocated = 0;    // bytes that the app holds
  std::string refusal;            // what the constructor throws
  std::string beyond;             // what a sample throws
  bool beyond_in_phases = false;  // but not before it is verified
  bool out_of_memory = false;
  int held_up = 0;              // timed phases that other programs hold up
  std::string phase = "sweep";  // that a sample times
  std::vector<std::string> checks{"exact"};
  std::uint64_t holds = 0;            // bytes now
  std::string waits;                  // the kernel whose probes wait for a core
  std::filesystem::path energy_root;  // where counters of energy are
};
Script script;

class MadeUpProbe final : public PreparedProbe {
 public:
  explicit MadeUpProbe(Probe const& probe) : probe_(probe) {}
  Probed run() override {
    auto const repetitions = static_cast<double>(probe_.repetitions);
    auto const end = host::Clock::now() + std::chrono::milliseconds(script.waits.empty() ? 0 : 2);
    if (probe_.kernel == script.waits) std::this_thread::sleep_until(end);
    while (host::Clock::now() < end) continue;  // the others have theirs
    if (probe_.kernel == "fma") return {.seconds = repetitions, .flops = 1e6 * repetitions};
    if (probe_.kernel == "fence") return {.seconds = 1e-7, .calls = repetitions};
    if (probe_.kernel == "launch") return {.seconds = 3e-7, .calls = repetitions};
    return {.seconds = repetitions, .bytes = 1000 * repetitions};
  }

 private:
  Probe probe_;
};

}  // namespace

Runtime::Runtime() = default;
Runtime::~Runtime() = default;
std::vector<SpaceInfo> Runtime::spaces() const {
  return {{.name = "serial", .device = "host", .memory_bytes = 1 << 30, .free_bytes = 1 << 30}};
}
std::vector<std::vector<int>> Runtime::cpus_of_threads(std::string const&) const { return {}; }
Allocated Runtime::allocated() const { return {.bytes = script.holds}; }
std::unique_ptr<PreparedProbe> Runtime::prepare(Probe const& probe) const {
  return std::make_unique<MadeUpProbe>(probe);
}

namespace {

class MadeUp final : public Case {
 public:
  explicit MadeUp(Table const& parameters) : parameters_(parameters) {
    if (!script.refusal.empty()) throw Error(Fault::spec, script.refusal, "nx");
    if (script.out_of_memory) throw std::bad_alloc();
    script.holds += script.allocated;
  }
  ~MadeUp() override { script.holds -= script.allocated; }
  void reset() override {}
  std::vector<Phase> sample(Timing timing) override {
    if (!script.beyond.empty() && (timing == Timing::phases || !script.beyond_in_phases))
      throw Error(Fault::wrong, script.beyond);
    if (!script.energy_root.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    if (timing == Timing::total) return {{"total", 1.0}};
    return {{script.phase, script.held_up-- > 0 ? 100 : 0.5}};
  }
  double check(std::string_view) override { return script.error; }
  std::uint64_t digest() override { return 0; }
  [[nodiscard]] std::vector<std::string> checks() const override { return script.checks; }
  [[nodiscard]] double setup_seconds() const override { return 0.25; }
  [[nodiscard]] std::vector<PhaseWork> work() const override {
    return {{"sweep",
             {.flops = script.flops, .bytes_read = script.bytes, .bytes_written = script.bytes}}};
  }
  [[nodiscard]] Table extents() const override { return {}; }
  [[nodiscard]] Table resolved() const override { return parameters_; }

 private:
  Table parameters_;
};

App const app{.name = "made.up",
              .summary = {},
              .item = {},
              .spaces = {"serial"},
              .precisions = {"fp64"},
              .fields = [] { return std::vector<Field>{}; },
              .make = [](Table const& table, Choice const&, Comm const&) -> std::unique_ptr<Case> {
                return std::make_unique<MadeUp>(table);
              }};

host::Formula made_formula(std::string const& text) {
  return host::parse_formula(text, {"made.yaml", {1, 1}, true});
}

// 10 steps of 8 flops, 8 bytes read and 8 written in 1 s: a rate of 10 steps a second.
host::Spec made_up_spec() {
  host::Spec spec;
  spec.id = "made.up";
  spec.fom.name = "rate", spec.fom.unit = "step/s", spec.fom.formula = made_formula("steps/time");
  host::PhaseSpec sweep;
  sweep.name = "sweep";
  sweep.flops = made_formula("8"), sweep.read = made_formula("8"), sweep.write = made_formula("8");
  spec.work.phases = {sweep};
  spec.work.footprint = made_formula("1000000");
  host::CheckSpec exact;
  exact.id = "exact", exact.quantity = "max_abs_error", exact.tolerance = made_formula("1e-6");
  spec.verify = {exact};
  return spec;
}

host::Record run(host::Spec const& spec = made_up_spec(), std::int64_t threads = 0,
                 std::int64_t min_samples = 3, std::string const& fault = {}) {
  host::Plan plan;
  plan.app = spec.id, plan.case_name = "smoke", plan.precision = "fp64";
  plan.parameters = {{"steps", std::int64_t{10}, ""}};
  plan.names = plan.parameters;
  plan.measure.min_samples = min_samples, plan.measure.min_seconds = 0;
  plan.phases = {{.name = "sweep",
                  .work = {8, 8, 8, 0, 0},
                  .launches = 1,
                  .overlap_with = {},
                  .ceiling = "stream_copy"}};
  plan.work = plan.phases[0].work;
  host::CaseRun made{.spec = spec,
                     .app = app,
                     .plan = plan,
                     .choice = {.space = "serial", .fault = fault},
                     .energy_root = script.energy_root,
                     .base = {}};
  made.base.spec.division = "reference";
  if (threads > 0) made.base.placement.threads = threads;
  Runtime const runtime;
  return host::run_case(made, runtime, Comm()).record;
}

bool fired(host::Record const& record, std::string_view id) {
  for (auto const& guard : record.quality.guards)
    if (guard.id == id) return true;
  return false;
}

}  // namespace
}  // namespace inpex

using namespace inpex;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinRel;
using host::Status;

TEST_CASE("of a planted fault no more samples are taken than find it") {
  script = {};
  CHECK(run(made_up_spec(), 0, 10).fom.n == 10);
  CHECK(run(made_up_spec(), 0, 10, "null-kernel").fom.n == 3);
  CHECK(run(made_up_spec(), 0, 2, "null-kernel").fom.n == 2);
}

TEST_CASE("a case that is right becomes a record with its figures") {
  script = {};
  auto const record = run();
  CHECK(record.status == Status::passed);
  CHECK(record.reason.empty());
  CHECK(record.fom.value == 10.0);
  CHECK(record.fom.n == 3);
  CHECK(record.timing.setup == 0.25);
  CHECK(record.timing.steps == 10);
  REQUIRE(record.phases.size() == 1);
  CHECK(record.phases[0].flops == 80);
  CHECK(record.phases[0].time == 0.5);
  // 160 bytes in 1 s of 1000 bytes a second; the phase took half of the time
  CHECK(record.fom.ceiling == "copy");
  CHECK_THAT(*record.fom.ceiling_fraction, WithinRel(0.16, 1e-12));
  CHECK_THAT(*record.phases[0].roofline_fraction, WithinRel(0.32, 1e-12));
}

TEST_CASE("a result out of tolerance is wrong, and says by how much") {
  script = {};
  script.error = 2e-6;
  auto const record = run();
  CHECK(record.status == Status::wrong);
  CHECK_THAT(record.reason, ContainsSubstring("'exact'") && ContainsSubstring("2e-06") &&
                                ContainsSubstring("1e-06"));
}

TEST_CASE("a rate above its ceiling is wrong although the result is right") {
  script = {};
  script.bytes = 100;  // 2000 bytes in 1 s
  auto spec = made_up_spec();
  spec.work.phases[0].read = spec.work.phases[0].write = made_formula("100");
  auto const record = run(spec);
  CHECK(record.status == Status::wrong);
  CHECK_THAT(record.reason, ContainsSubstring("2 of the copy ceiling"));
  CHECK(fired(record, "above-ceiling"));
}

TEST_CASE("where other programs take the cores there is no ceiling, and nothing is called wrong") {
  script = {};
  script.bytes = 100;
  auto spec = made_up_spec();
  spec.work.phases[0].read = spec.work.phases[0].write = made_formula("100");
  auto const record = run(spec, 1'000'000);  // a million threads cannot all have had a core
  CHECK(record.status == Status::passed);
  CHECK(record.ceilings.empty());
  CHECK_FALSE(record.fom.ceiling_fraction);
  CHECK(fired(record, "ceilings-disturbed"));
}

TEST_CASE("where one ceiling is not known, figures are not held against the others") {
  script = {};
  script.bytes = 100;
  script.waits = "fma";
  auto spec = made_up_spec();
  spec.work.phases[0].read = spec.work.phases[0].write = made_formula("100");
  auto const record = run(spec, 1);
  CHECK(record.status == Status::passed);
  CHECK(record.ceilings.empty());
  CHECK(fired(record, "ceilings-disturbed"));
}

TEST_CASE("work that the spec does not declare fails the case before it is measured") {
  script = {};
  script.flops = 9;
  auto const record = run();
  CHECK(record.status == Status::failed);
  CHECK_THAT(record.reason, ContainsSubstring("counts 9 flops") && ContainsSubstring("declares 8"));
  CHECK_FALSE(record.fom.value);
}

TEST_CASE("a phase that the spec does not have fails the case") {
  script = {};
  script.phase = "sweeep";
  auto const record = run();
  CHECK(record.status == Status::failed);
  CHECK_THAT(record.reason,
             ContainsSubstring("phase 'sweeep' is timed, but is none of the spec's: sweep"));
}

TEST_CASE("a check that the app lacks fails the case") {
  script = {};
  script.checks = {"order"};
  auto const record = run();
  CHECK(record.status == Status::failed);
  CHECK_THAT(record.reason, ContainsSubstring("no check 'exact'"));
}

TEST_CASE("what the app refuses is the reason of a failed record") {
  script = {};
  script.refusal = "there are more ranks than planes";
  auto const record = run();
  CHECK(record.status == Status::failed);
  CHECK_THAT(record.reason, ContainsSubstring("nx: there are more ranks than planes"));
  script = {};
  script.out_of_memory = true;
  CHECK(run().reason == "memory ran out");
}

TEST_CASE("a state beyond computing is wrong with the app's own reason, and is still checked") {
  script = {};
  script.beyond = "an atom left the box";
  script.error = 1;
  for (bool const in_phases : {false, true}) {
    script.beyond_in_phases = in_phases;
    auto const record = run();
    CHECK(record.status == Status::wrong);
    CHECK(record.reason == "an atom left the box");
    CHECK_FALSE(record.fom.value);
    REQUIRE(record.verify.size() == 1);
    CHECK_FALSE(record.verify[0].passed);
  }
}

TEST_CASE("phases that take far longer than samples are timed again before they are called wrong") {
  script = {};
  script.held_up = 4;
  CHECK(run().status == Status::passed);
  script.held_up = 1000;
  auto const record = run();
  CHECK(record.status == Status::wrong);
  CHECK(fired(record, "no-fence"));
}

TEST_CASE("an app that holds more than its spec says is told") {
  script = {};
  script.allocated = 10'000'000;
  auto const record = run();
  CHECK(record.status == Status::passed);
  CHECK(fired(record, "footprint"));
}

TEST_CASE("a case without steps is no result") {
  script = {};
  script.flops = script.bytes = 0;
  auto spec = made_up_spec();
  spec.work.phases[0].flops = spec.work.phases[0].read = spec.work.phases[0].write =
      made_formula("0");
  CHECK(run(spec).status == Status::failed);
  CHECK(fired(run(spec), "zero-size"));
}

TEST_CASE("a case beside a counter has the joules of a sample, where the spec's window is full") {
  script = {};
  host::MadeSystem const system;
  system.zone("0", "package-0", 1);
  script.energy_root = system.root();
  auto spec = made_up_spec();
  spec.energy = {.min_window_seconds = 0.06, .min_updates = 3};  // three samples of 20 ms
  host::RunningZone const running(system, 1e6);
  auto energy = run(spec).energy;
  // Who makes the counter run may get no core for the whole of a sample of 20 ms.
  for (int again = 0; again < 20 && energy.gross_joules.value_or(0) <= 0; ++again)
    energy = run(spec).energy;
  CHECK(energy.source == "made-rapl");
  CHECK(energy.scope == "package");
  CHECK(energy.window >= 0.06);
  REQUIRE(energy.net_joules);
  CHECK(*energy.gross_joules > 0);
  CHECK(*energy.idle_watts > 0);
  spec.energy.min_window_seconds = 1000;
  auto const shorter = run(spec);
  CHECK(shorter.status == Status::passed);
  CHECK(shorter.energy.window > 0);
  CHECK_FALSE(shorter.energy.gross_joules);
  CHECK(fired(shorter, "energy-window"));
}

TEST_CASE("a case beside no counter, or whose state is wrong, has no energy") {
  script = {};
  auto const without = run();
  CHECK(without.energy.source.empty());
  CHECK_FALSE(fired(without, "energy-window"));
  host::MadeSystem const system;
  system.zone("0", "package-0", 1);
  host::RunningZone const running(system, 100);
  script.energy_root = system.root();
  script.beyond = "an atom left the box", script.beyond_in_phases = true;
  auto const wrong = run();
  CHECK(wrong.status == Status::wrong);
  CHECK(wrong.energy.source.empty());
}

TEST_CASE("a record says what an empty region and an empty kernel take, and each clock sample") {
  script = {};
  auto const quality = run().quality;
  CHECK(quality.timer_floor == 1e-7);
  CHECK(quality.launch_time == 3e-7);
  REQUIRE(quality.speeds.size() == 3);
  auto const [low, high] = std::minmax_element(quality.speeds.begin(), quality.speeds.end());
  CHECK(quality.clock_change == *high / *low - 1);
}
