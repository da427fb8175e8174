// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/measure.hpp>

#include "energy_fixture.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace inpex;
using namespace inpex::host;

namespace {

// A case whose n-th sample takes n milliseconds by its own account, and which notes what is called.
class Scripted final : public Case {
 public:
  std::string calls;
  std::uint64_t allocated = 0;
  bool grows = false;                   // allocates in the second sample
  bool leaks = false;                   // allocates in every sample
  MadeSystem const* counter = nullptr;  // which goes on by n joules in the n-th sample

  void reset() override { calls += 'r'; }
  std::vector<Phase> sample(inpex::Timing timing) override {
    bool const total = timing == inpex::Timing::total;
    calls += total ? 's' : 'p';
    ++samples_;
    if (leaks || (grows && samples_ == 2)) ++allocated;
    joules_ += samples_;
    if (counter != nullptr) counter->set("0", 1'000'000 * static_cast<std::uint64_t>(joules_));
    double const seconds = 1e-3 * static_cast<double>(samples_);
    if (total) return {{"total", seconds}};
    return {{"sweep", seconds}, {"halo", seconds / 2}};
  }
  double check(std::string_view) override { return 0; }
  std::uint64_t digest() override { return 0; }
  [[nodiscard]] std::vector<std::string> checks() const override { return {}; }
  [[nodiscard]] double setup_seconds() const override { return 0; }
  [[nodiscard]] std::vector<PhaseWork> work() const override { return {}; }
  [[nodiscard]] Table extents() const override { return {}; }
  [[nodiscard]] Table resolved() const override { return {}; }

 private:
  int samples_ = 0;
  int joules_ = 0;
};

// Two ranks as rank 0 sees them; the other one is always three times as slow, and allocates
// nothing.
class SlowPartner final : public Transport {
 public:
  int barriers = 0;
  [[nodiscard]] int rank() const override { return 0; }
  [[nodiscard]] int size() const override { return 2; }
  [[nodiscard]] bool device_memory() const override { return false; }
  void barrier() override { ++barriers; }
  void reduce(std::span<double> values, Reduction) override {
    for (auto& value : values) value *= 3;
  }
  void reduce(std::span<std::uint64_t>, Reduction) override {}
  void broadcast(std::span<std::byte>, int) override {}
  void gather(std::span<double const> mine, std::span<double> all) override {
    all[0] = mine[0], all[1] = 3 * mine[0];
  }
  void send(std::span<std::byte const>, int, int) override {}
  void receive(std::span<std::byte>, int, int) override {}
  void wait() override {}
  [[noreturn]] void abort(int code) override { std::_Exit(code); }
};

Measure three_samples() {
  Measure measure;
  measure.warmup = 1;
  measure.min_samples = 3;
  measure.stop.rule = "count";
  return measure;
}

}  // namespace

TEST_CASE("every sample follows a reset, and warm-up is not kept") {
  Scripted scripted;
  Comm const comm;
  auto const measured = Measurement(scripted, comm, three_samples()).total();
  CHECK(scripted.calls == "rsrsrsrs");
  CHECK(measured.samples.time == Matrix{{2e-3}, {3e-3}, {4e-3}});
  CHECK(measured.taken == 4);
  CHECK(measured.speeds.size() == 3);
}

TEST_CASE("times are kept by rank, and a sample's is that of the slowest") {
  Scripted scripted;
  Comm const comm(std::make_shared<SlowPartner>());
  std::vector<double> seen;
  Watch const watch{.allocations = {},
                    .sample_seen = [&](std::size_t, double seconds) { seen.push_back(seconds); }};
  auto const measured = Measurement(scripted, comm, three_samples(), watch).total();
  REQUIRE(measured.samples.time.size() == 3);
  CHECK(measured.samples.time[0] == std::vector<double>{2e-3, 6e-3});
  CHECK(slowest(measured.samples.time) == seen);
}

TEST_CASE("a sample in which storage grew is taken again and counted") {
  Scripted scripted;
  scripted.grows = true;  // in the first sample after the warm-up
  Comm const comm;
  Watch const watch{.allocations = [&] { return scripted.allocated; }, .sample_seen = {}};
  auto const measured = Measurement(scripted, comm, three_samples(), watch).total();
  CHECK(measured.retaken == 1);
  CHECK(measured.allocating == 0);
  CHECK(measured.samples.time == Matrix{{3e-3}, {4e-3}, {5e-3}});
}

TEST_CASE("an app that always allocates ends all the same, and is found out") {
  Scripted scripted;
  scripted.leaks = true;
  Comm const comm;
  Watch const watch{.allocations = [&] { return scripted.allocated; }, .sample_seen = {}};
  auto const measured = Measurement(scripted, comm, three_samples(), watch).total();
  CHECK(measured.retaken == 3);
  CHECK(measured.allocating == 3);
  CHECK(measured.samples.time.size() == 3);
}

TEST_CASE("phases come from samples of their own") {
  Scripted scripted;
  Comm const comm;
  auto const phases = Measurement(scripted, comm, three_samples()).phases(2, Counters());
  CHECK(scripted.calls == "rprp");
  REQUIRE(phases.size() == 2);
  CHECK(phases[0].name == "sweep");
  CHECK(phases[0].time == Matrix{{1e-3}, {2e-3}});
  CHECK(phases[1].name == "halo");
  CHECK(phases[1].time == Matrix{{0.5e-3}, {1e-3}});
}

TEST_CASE("energy is read in samples that count, and not in what is warm-up or taken again") {
  MadeSystem const system;
  system.zone("0", "package-0", 1);
  Comm const comm;
  std::optional<EnergyMeter> meter;
  {
    RunningZone const running(system, 100);
    meter.emplace(comm, Metering{.root = system.root(), .node_of_rank = {}, .idle_seconds = 0.05});
  }
  REQUIRE(meter->readable());
  system.set("0", 0);
  Scripted scripted;
  scripted.counter = &system, scripted.grows = true;
  Watch const watch{
      .allocations = [&] { return scripted.allocated; }, .sample_seen = {}, .energy = &*meter};
  auto const measured = Measurement(scripted, comm, three_samples(), watch).total();
  auto const& [source, readings] = measured.samples.energy;
  CHECK(source == "made-rapl");
  REQUIRE(readings.size() == 3);  // 3, 4 and 5 J: the first is warm-up, the second is taken again
  for (std::size_t i = 0; i < 3; ++i) CHECK(readings[i][1] == 3.0 + static_cast<double>(i));
}

TEST_CASE("without a counter there is no energy, and nothing is asked of ranks for it") {
  Scripted scripted;
  auto const partner = std::make_shared<SlowPartner>();
  Comm const comm(partner);
  EnergyMeter meter(comm, {});
  Watch const watch{.allocations = {}, .sample_seen = {}, .energy = &meter};
  auto const measured = Measurement(scripted, comm, three_samples(), watch).total();
  CHECK(measured.samples.energy.readings.empty());
  CHECK(partner->barriers == 0);
}
