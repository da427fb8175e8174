// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which energy may count for a contract, beyond that the result itself may (eligibility.hpp).

#include <inpex/host/energy_counters.hpp>
#include <inpex/host/energy_figures.hpp>
#include <inpex/host/evidence.hpp>
#include <inpex/host/metrics.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace inpex::host {

/// The net joules of a sample with their interval, and the scope of the counter; or why there are
/// none.
struct EnergyFigure {
  Fom net;
  std::string scope, why_none;
};

/// Why the energy of a result cannot count although its times may, or "": a counter of this system
/// was read for long enough, and it counts what the case ran on.
inline std::string why_no_energy(Evidence const& evidence) {
  auto const& energy = evidence.again.energy;
  auto const& rule = evidence.spec->energy;
  if (energy.source.empty()) return "no counter of energy was read";
  if (std::find(energy_sources.begin(), energy_sources.end(), energy.source) ==
      energy_sources.end())
    return "the counter " + energy.source + " is none of a machine";
  if (!energy.net_joules)
    return fmt::format("energy was read for {:.3g} s and {} updates, the spec asks for {} s and {}",
                       energy.window.value_or(0), energy.updates.value_or(0),
                       rule.min_window_seconds, rule.min_updates);
  if (evidence.record.placement.devices && energy.scope != "node")
    return "the scope " + energy.scope + " leaves out the devices that it ran on";
  if (!(*energy.net_joules > 0)) return "it took no more than the idle machine";
  return {};
}

/// Net joules of a sample, their interval made as that of times, by the rules of `measure`.
inline EnergyFigure energy_figure(Evidence const& evidence, Measure const& measure) {
  auto const& energy = evidence.again.energy;
  EnergyFigure figure{{}, energy.scope, why_no_energy(evidence)};
  if (!figure.why_none.empty()) return figure;
  auto const net = net_joules(evidence.samples.energy, *energy.idle_watts);
  figure.net.value = energy.net_joules;
  if (net.size() > 1) figure.net.interval = interval_of(net, measure);
  return figure;
}

}  // namespace inpex::host
