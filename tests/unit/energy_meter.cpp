// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/energy_figures.hpp>
#include <inpex/host/energy_meter.hpp>

#include "energy_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::WithinRel;

namespace {

// Two ranks as one of them sees them; the other one has the same sums.
class Twin final : public Transport {
 public:
  explicit Twin(int rank) : rank_(rank) {}
  [[nodiscard]] int rank() const override { return rank_; }
  [[nodiscard]] int size() const override { return 2; }
  [[nodiscard]] bool device_memory() const override { return false; }
  void barrier() override {}
  void reduce(std::span<double> values, Reduction reduction) override {
    for (auto& value : values)
      if (reduction == Reduction::sum) value *= 2;
  }
  void reduce(std::span<std::uint64_t>, Reduction) override {}
  void broadcast(std::span<std::byte>, int) override {}
  void gather(std::span<double const>, std::span<double>) override {}
  void send(std::span<std::byte const>, int, int) override {}
  void receive(std::span<std::byte>, int, int) override {}
  void wait() override {}
  [[noreturn]] void abort(int code) override { std::_Exit(code); }

 private:
  int rank_;
};

// A meter that has seen its counter go on, which then stands still at 1 J.
EnergyMeter made_meter(MadeSystem const& system, Comm const& comm, Metering metering = {}) {
  system.zone("0", "package-0", 1);
  std::optional<RunningZone> running(std::in_place, system, 100.0);
  metering.root = system.root();
  metering.idle_seconds = 0.05;
  EnergyMeter meter(comm, metering);
  running.reset();
  system.set("0", 1'000'000);
  return meter;
}

}  // namespace

TEST_CASE("joules are read from just before to just after, and the idle machine's power is known") {
  MadeSystem const system;
  Comm const comm;
  auto meter = made_meter(system, comm);
  REQUIRE(meter.readable());
  meter.start();
  system.set("0", 3'500'000);
  auto const row = meter.stop();
  CHECK(row[1] == 2.5);
  CHECK(row[0] > 0);
  auto const raw = meter.named({row});
  CHECK(raw.source == "made-rapl");
  auto const told = meter.told(raw);
  CHECK(told.scope == "package");
  CHECK(*told.idle_watts > 50);  // 100, less what a reading lags behind
  CHECK(*told.idle_watts < 200);
}

TEST_CASE("only updates that lie within a window as a whole count") {
  MadeSystem const system;
  Comm const comm;
  auto const meter = made_meter(system, comm);
  // two updates a window, however long a period is
  auto const one = *meter.told({"rapl", {{1e6, 0}}}).updates;
  auto const period = 1e6 / static_cast<double>(one);
  CHECK(*meter.told({"rapl", {{2.9 * period, 0}, {2.9 * period, 0}, {0.9 * period, 0}}}).updates ==
        4);
}

TEST_CASE("joules of two nodes are added") {
  MadeSystem const system;
  Comm const comm(std::make_shared<Twin>(0));
  auto meter = made_meter(system, comm, {.root = {}, .node_of_rank = {0, 1}});
  meter.start();
  system.set("0", 2'000'000);
  CHECK(meter.stop()[1] == 2.0);
}

TEST_CASE("only the first rank of a node reads") {
  MadeSystem const system;
  Comm const comm(std::make_shared<Twin>(1));
  for (bool const apart : {false, true}) {
    auto meter = made_meter(system, comm, {.root = {}, .node_of_rank = {0, apart ? 1 : 0}});
    meter.start();
    system.set("0", 2'000'000);
    CHECK(meter.stop()[1] == (apart ? 2.0 : 0.0));
  }
}

TEST_CASE("a reading that fails leaves no energy of the whole case") {
  MadeSystem const system;
  Comm const comm;
  auto meter = made_meter(system, comm);
  meter.start();
  auto const good = meter.stop();
  meter.start();
  system.remove(MadeSystem::folder_of("0") + "energy_uj");
  auto const bad = meter.stop();
  CHECK(std::isnan(bad[1]));
  CHECK(meter.named({good}).readings.size() == 1);
  CHECK(meter.named({good, bad, good}).readings.empty());
}

TEST_CASE("without a root, a counter, or a counter that goes on nothing is readable") {
  MadeSystem const system;
  Comm const comm;
  CHECK_FALSE(EnergyMeter(comm, {}).readable());
  CHECK_FALSE(EnergyMeter(comm, {.root = system.root(), .node_of_rank = {}}).readable());
  system.zone("0", "package-0", 1);
  CHECK_FALSE(EnergyMeter(comm, {.root = system.root(), .node_of_rank = {}}).readable());
}

TEST_CASE("the figures are those of one sample, net of the idle machine, and window of all") {
  // 20 W for 1, 2 and 4 s are 20, 40 and 80 J of 100, 130 and 120
  EnergySamples const raw{"rapl", {{1, 100}, {2, 130}, {4, 120}}};
  Energy stated;
  stated.scope = "package", stated.updates = 70, stated.idle_watts = 20, stated.level = "1";
  auto const energy = energy_of(raw, stated, {.min_window_seconds = 7, .min_updates = 70});
  CHECK(energy.window == 7.0);
  CHECK(energy.gross_joules == 120.0);
  CHECK(energy.net_joules == 80.0);
  CHECK(energy.idle_watts == 20.0);
  CHECK(energy.level.empty());
  CHECK(energy_of({}, stated, {}).source.empty());
}

TEST_CASE("too short a window, or too few updates, has no joules") {
  EnergySamples const raw{"rapl", {{1, 100}, {2, 130}, {4, 120}}};
  Energy stated;
  stated.scope = "package", stated.updates = 70, stated.idle_watts = 20;
  for (auto const& rule : {EnergyRule{7.1, 70}, EnergyRule{7, 71}}) {
    auto const energy = energy_of(raw, stated, rule);
    CHECK(energy.source == "rapl");
    CHECK(energy.scope == "package");
    CHECK(energy.window == 7.0);
    CHECK(energy.updates == 70);
    CHECK_FALSE(energy.gross_joules);
    CHECK_FALSE(energy.net_joules);
    CHECK_FALSE(energy.idle_watts);
  }
}
