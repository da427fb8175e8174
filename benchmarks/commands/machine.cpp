// SPDX-License-Identifier: Apache-2.0
// `inpex machine`: what this machine is, and what it can do at best.

#include "commands.hpp"

#include <inpex/error.hpp>
#include <inpex/host/alarm.hpp>
#include <inpex/host/build_info.hpp>
#include <inpex/host/bundle_writer.hpp>
#include <inpex/host/ceilings.hpp>
#include <inpex/host/durable.hpp>
#include <inpex/host/energy_counters.hpp>
#include <inpex/host/machine_yaml.hpp>
#include <inpex/host/new_file.hpp>
#include <inpex/host/placement.hpp>
#include <inpex/host/platform.hpp>
#include <inpex/host/quantity.hpp>
#include <inpex/host/software.hpp>
#include <inpex/runtime.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace inpex::host {
namespace {

struct MachineOptions {
  std::string out;
  bool selftest = false;
  bool quick = false;
  bool json = false;
};

// Time for one space; two or three are usual.
Effort effort(MachineOptions const& options) {
  if (options.quick)
    return {.rounds = 9,
            .sample_seconds = 0.003,
            .seconds = 1.5,
            .selftest = options.selftest,
            .memory_bytes = std::uint64_t{128} << 20};
  if (options.selftest)
    return {.rounds = 11, .sample_seconds = 0.006, .seconds = 7, .selftest = true};
  return {};
}

// "1 rank", "2 ranks"
std::string counted(std::int64_t number, std::string const& noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

std::string caches_in_words(std::vector<Cache> const& caches) {
  std::string text;
  for (auto const& cache : caches) {
    bool const small = cache.bytes < (1 << 20);
    text += fmt::format("{}L{} {} x {} {}", text.empty() ? "" : ", ", cache.level,
                        cache.count.value_or(1), cache.bytes >> (small ? 10 : 20),
                        small ? "KiB" : "MiB");
  }
  return text;
}

void print_description(Machine const& machine) {
  auto const& platform = machine.platform;
  fmt::print("{}: {}, {}, {}, {}\n", platform.cpu.empty() ? "processor" : platform.cpu,
             counted(platform.cores.value_or(1), "core"),
             counted(platform.hardware_threads.value_or(1), "hardware thread"),
             counted(platform.numa_nodes.value_or(1), "NUMA node"),
             quantity(static_cast<double>(platform.memory_bytes.value_or(0)), "B"));
  if (!platform.caches.empty()) fmt::print("caches: {}\n", caches_in_words(platform.caches));
  for (auto const& gpu : platform.gpus)
    fmt::print("GPU: {}, {}\n", gpu.name,
               quantity(static_cast<double>(gpu.memory_bytes.value_or(0)), "B"));
  fmt::print("{}{}{}{}\n", platform.system,
             platform.huge_pages.empty() ? "" : ", huge pages: " + platform.huge_pages,
             platform.governor.empty() ? "" : ", governor: " + platform.governor,
             platform.hypervisor.empty() ? "" : ", virtual: " + platform.hypervisor);
  fmt::print("{}\n", energy_in_words(EnergyCounters(system_root())));
  fmt::print("{} on {}, bound to {}\n\n", counted(machine.placement.ranks.value_or(1), "rank"),
             counted(machine.placement.nodes.value_or(1), "node"),
             machine.placement.binding.empty() ? "nothing" : machine.placement.binding.front());
}

std::string cell(Machine const& machine, std::string const& name, std::string const& space) {
  auto const* ceiling = find_ceiling(machine, name, space);
  if (ceiling == nullptr) {
    auto const here = [&](auto const& each) { return each.name == name && each.space == space; };
    bool const withheld = std::any_of(machine.withheld.begin(), machine.withheld.end(), here);
    return withheld ? "withheld" : "";
  }
  std::string const unit = ceiling->unit == "byte/s" ? "B/s" : ceiling->unit;
  return quantity(ceiling->value, ceiling->interval.low, ceiling->interval.high, unit);
}

// A line for each name, a column for each space, or none for what belongs to no space.
void print_ceilings(Machine const& machine) {
  auto const& spaces = machine.placement.spaces;
  auto const print_line = [](std::string const& name, std::vector<std::string> const& cells) {
    std::string line = fmt::format("{:<20}", name);
    for (auto const& text : cells) line += fmt::format("  {:<26}", text);
    line.erase(line.find_last_not_of(' ') + 1);
    fmt::print("{}\n", line);
  };
  print_line("ceiling", spaces);
  for (auto const& name : ceiling_names(machine)) {
    std::vector<std::string> cells{cell(machine, name, "")};
    if (cells.front().empty()) cells.clear();
    for (auto const& space : spaces) cells.push_back(cell(machine, name, space));
    print_line(name, cells);
  }
  for (auto const& each : machine.withheld)
    fmt::print("withheld: {}{}: {}\n", each.name, each.space.empty() ? "" : " in " + each.space,
               each.reason);
}

Machine measured(Runtime const& runtime, Comm const& comm, MachineOptions const& options) {
  Topology const topology;
  Machine machine;
  machine.created = utc_now();
  machine.platform = platform_now(topology, runtime.spaces());
  machine.placement = placement_now(comm, runtime.spaces(), topology, "");
  machine.software = software_of(build_info());
  Site const site{runtime, comm, machine.platform.caches, node_layout(comm).ranks_here,
                  effort(options)};
  measure_ceilings(site, machine,
                   [](std::string const& line) { fmt::print(stderr, "{}\n", line); });
  return machine;
}

int measure_and_tell(Comm const& comm, MachineOptions const& options) {
  bool const first = comm.rank() == 0;
  if (first && !options.out.empty()) require_new_file(options.out);
  Runtime const runtime;
  auto const found = measured(runtime, comm, options);
  if (!first) return 0;
  if (options.json) {
    fmt::print("{}\n", json_text(found));
  } else {
    print_description(found);
    print_ceilings(found);
  }
  if (!options.out.empty()) {
    write_file(options.out, machine_text(found));
    fmt::print(stderr, "written to {}\n", options.out);
  }
  if (found.withheld.empty()) return 0;
  std::fflush(stdout);
  fmt::print(stderr, "{} withheld; measure again when nothing else runs here.\n",
             counted(static_cast<std::int64_t>(found.withheld.size()), "ceiling"));
  return exit_code(Fault::inconclusive);
}

int machine(MachineOptions const& options) {
  World const world(nullptr, nullptr);
  std::optional<Alarm> alarm;
  if (world.comm.size() > 1)
    alarm.emplace(600, "inpex: a rank waited too long for the others\n",
                  exit_code(Fault::environment));
  try {
    return measure_and_tell(world.comm, options);
  } catch (Error const& error) {
    if (world.comm.size() == 1) throw;
    fmt::print(stderr, "inpex: {}\n", error.what());
    world.comm.abort(exit_code(error.fault));  // the others may be waiting for this rank
  }
}

}  // namespace
}  // namespace inpex::host

void add_machine(CLI::App& inpex, Outcome& outcome) {
  auto* command = inpex.add_subcommand(
      "machine", "Measures what this machine can do at best, and says what it is");
  command->footer(
      "Example: inpex machine --out machine.yaml\n"
      "         mpirun -n 2 inpex machine    (all ranks together, and messages between them)\n"
      "Values are medians of at least 9 rounds, +- half of the interval that holds the median with "
      "95 %.\n"
      "Exit: 0; 2 when FILE exists; 3 when a device, memory or FILE cannot be had; 6 when a "
      "ceiling is withheld.");
  auto const options = std::make_shared<inpex::host::MachineOptions>();
  command->add_option("--out", options->out, "Write it to this new file, in YAML")
      ->type_name("FILE");
  command->add_flag("--selftest", options->selftest,
                    "Withhold a ceiling unless twice the work takes twice the time, within 15 %");
  command->add_flag("--quick", options->quick,
                    "Fewer and shorter rounds: some 5 seconds instead of 20");
  command->add_flag("--json", options->json, "Print it as one JSON object");
  command->callback([options, &outcome] { outcome.code = inpex::host::machine(*options); });
}
