// SPDX-License-Identifier: Apache-2.0
#pragma once
// From the readings of each sample to the energy group of a record: the same for the run and for
// whoever computes it again. What the idle machine takes, how many updates there were and what was
// counted are as the run states them.

#include <inpex/host/record.hpp>
#include <inpex/host/spec.hpp>
#include <inpex/stats.hpp>

#include <vector>

namespace inpex::host {

/// Joules of each sample beyond those of the idle machine, gross less watts times the window.
inline std::vector<double> net_joules(EnergySamples const& raw, double idle_watts) {
  std::vector<double> net;
  for (auto const& row : raw.readings) net.push_back(row[1] - idle_watts * row[0]);
  return net;
}

/// Whether the windows are long enough, together, for joules to mean something.
inline bool enough_energy(Energy const& energy, EnergyRule const& rule) {
  return energy.window.value_or(0) >= rule.min_window_seconds &&
         energy.updates.value_or(0) >= rule.min_updates;
}

/// The group as it follows from the readings, [sample, 2] of window and gross joules; empty without
/// any, and without watts and joules where there are too few for the spec.
inline Energy energy_of(EnergySamples const& raw, Energy const& stated, EnergyRule const& rule) {
  Energy energy;
  if (raw.readings.empty()) return energy;
  energy.source = raw.source, energy.scope = stated.scope, energy.updates = stated.updates;
  double window = 0;
  std::vector<double> gross;
  for (auto const& row : raw.readings) window += row[0], gross.push_back(row[1]);
  energy.window = window;
  if (!enough_energy(energy, rule) || !stated.idle_watts) return energy;
  energy.idle_watts = stated.idle_watts;
  energy.gross_joules = median(gross);
  energy.net_joules = median(net_joules(raw, *stated.idle_watts));
  return energy;
}

}  // namespace inpex::host
