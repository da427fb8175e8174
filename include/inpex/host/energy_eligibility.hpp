// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which energy may count for a contract, beyond that the result itself may (eligibility.hpp). It is
// the gross energy, all that the counter counted: what the idle machine takes is as the run states
// it, and whoever keeps the machine busy while that is measured would lower the net.

#include <inpex/host/energy_counters.hpp>
#include <inpex/host/evidence.hpp>
#include <inpex/host/metrics.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace inpex::host {

/// The gross joules of a sample with their interval, and the scope of the counter; or why there are
/// none.
struct EnergyFigure {
  Fom gross;
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
  if (!energy.gross_joules)
    return fmt::format("energy was read for {:.3g} s and {} updates, the spec asks for {} s and {}",
                       energy.window.value_or(0), energy.updates.value_or(0),
                       rule.min_window_seconds, rule.min_updates);
  if (evidence.record.placement.devices && energy.scope != "node")
    return "the scope " + energy.scope + " leaves out the devices that it ran on";
  if (!(*energy.gross_joules > 0)) return "the counter counted nothing";
  return {};
}

/// Gross joules of a sample, their interval made as that of times, by the rules of `measure`.
inline EnergyFigure energy_figure(Evidence const& evidence, Measure const& measure) {
  auto const& energy = evidence.again.energy;
  EnergyFigure figure{{}, energy.scope, why_no_energy(evidence)};
  if (!figure.why_none.empty()) return figure;
  std::vector<double> joules;
  for (auto const& row : evidence.samples.energy.readings) joules.push_back(row[1]);
  figure.gross.value = energy.gross_joules;
  if (joules.size() > 1) figure.gross.interval = interval_of(joules, measure);
  return figure;
}

}  // namespace inpex::host
