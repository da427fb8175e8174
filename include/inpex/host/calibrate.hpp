// SPDX-License-Identifier: Apache-2.0
#pragma once
// How far two runs of the very same thing lie apart on this machine. The runs of a case are taken
// in pairs, one after the other, as a bundle holds them; each pair is judged as `inpex compare`
// would. Nothing is assumed of the noise but that a further pair is like those seen.

#include <inpex/host/bundle_writer.hpp>
#include <inpex/host/calibration.hpp>
#include <inpex/host/compare.hpp>
#include <inpex/host/effect.hpp>
#include <inpex/host/estimate.hpp>
#include <inpex/host/folder_lock.hpp>
#include <inpex/host/printable.hpp>
#include <inpex/host/quantity.hpp>
#include <inpex/host/rounds.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace inpex::host {

/// Fewest pairs that say anything: the next stays below the largest of ten with 91 %.
inline constexpr std::int64_t least_pairs = 10;

/// The rate that is exceeded with 5 % probability at most, if `events` of `trials` were seen.
/// Clopper and Pearson, Biometrika 26 (1934) 404, by bisection of the binomial law.
inline double rate_bound(std::int64_t events, std::int64_t trials) {
  if (events >= trials) return 1;
  auto const at_most = [&](double rate) {
    double sum = 0, n = static_cast<double>(trials);
    for (std::int64_t i = 0; i <= events; ++i) {
      double const k = static_cast<double>(i);
      sum += std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) +
                      k * std::log(rate) + (n - k) * std::log1p(-rate));
    }
    return sum;
  };
  double low = 0, high = 1;
  for (int i = 0; i < 60; ++i) {
    double const middle = (low + high) / 2;
    (at_most(middle) > 0.05 ? low : high) = middle;
  }
  return high;
}

/// Fills in what follows from ratios of equal runs.
inline void calibrate(std::span<Estimate const> ratios, CalibratedCase& found) {
  found.pairs = static_cast<std::int64_t>(ratios.size());
  found.effect = smallest_effect(ratios);
  // Each half is judged by the effect of the other: no pair sets the bar for itself.
  std::vector<Estimate> halves[2];
  for (std::size_t i = 0; i < ratios.size(); ++i) halves[i % 2].push_back(ratios[i]);
  found.false_verdicts =
      claims(halves[0], smallest_effect(halves[1])) + claims(halves[1], smallest_effect(halves[0]));
  found.false_rate_bound = rate_bound(found.false_verdicts, found.pairs);
  found.detectable = found_from(ratios, 0.9, found.effect);
  std::vector<double> values;
  for (auto const& ratio : ratios) values.push_back(ratio.value);
  found.in_turn = calibrate_rounds(values);
}

/// The calibration that the records of a bundle give: its cases of at least 10 pairs that passed.
/// Every second pair is turned round, so that a drift of the machine is no advantage of B.
inline Calibration calibration_of(std::vector<Record> const& records) {
  Calibration result;
  for (auto const& runs : detail::groups_of(records)) {
    auto const& first = *runs.front();
    std::vector<Estimate> ratios;
    for (std::size_t i = 0; i + 1 < runs.size(); i += 2) {
      auto const one = estimate_of(runs[i]->fom), other = estimate_of(runs[i + 1]->fom);
      bool const passed =
          runs[i]->status == Status::passed && runs[i + 1]->status == Status::passed;
      if (!passed || !one || !other) continue;
      ratios.push_back(i % 4 == 0 ? speed_ratio(*one, *other, first.fom.better)
                                  : speed_ratio(*other, *one, first.fom.better));
    }
    if (static_cast<std::int64_t>(ratios.size()) < least_pairs) continue;
    result.machine = machine_id(first.platform);
    CalibratedCase found{.app = first.spec.id,
                         .case_name = first.spec.case_name,
                         .space = first.placement.space,
                         .precision = first.spec.precision,
                         .ranks = first.placement.ranks,
                         .setting = setting_of(first)};
    calibrate(ratios, found);
    result.cases.push_back(std::move(found));
  }
  return result;
}

/// Puts new cases in place of older ones of the same name, and writes the machine's file; one that
/// read_calibration() would refuse is replaced. Throws Error (inconclusive) for what it would not
/// read again.
inline std::filesystem::path store(Calibration const& fresh, std::filesystem::path const& folder) {
  FolderLock const lock(folder);
  Calibration const none{.machine = fresh.machine, .created = {}, .cases = {}};
  auto whole = known_or([&] { return read_calibration(folder, fresh.machine); }, none);
  for (auto const& each : fresh.cases) {
    if (!is_possible(each))
      throw Error(Fault::inconclusive, "these runs of the same thing differ beyond any measure",
                  each.app + " " + each.case_name, "see what else runs on the machine");
    auto const same = [&](CalibratedCase const& other) {
      return other.app == each.app && other.case_name == each.case_name &&
             other.precision == each.precision && other.setting == each.setting;
    };
    std::erase_if(whole.cases, same);
    whole.cases.push_back(each);
  }
  whole.created = utc_now();
  auto const path = folder / (fresh.machine + ".json");
  write_file(path, json_text(whole) + "\n");
  return path;
}

namespace detail {

inline std::string slowed_text(Count const& slowed, Count const& found) {
  if (!slowed) return "\n";
  return fmt::format("; {} of {} that were slowed by twice that were found\n", *found, *slowed);
}

}  // namespace detail

/// Some lines for each case.
inline std::string calibration_table(Calibration const& calibration) {
  std::string text;
  for (auto const& each : calibration.cases) {
    auto const detectable = each.detectable < most_effect
                                ? "found in 90 % from " + percent(each.detectable) + " on"
                                : "nothing up to " + percent(most_effect) + " is found in 90 %";
    text += fmt::format(
        "{} {} {} {}: smallest effect {}, {}; {} of {} pairs of equal runs were called different "
        "({:.1f} % of all at most, with 95 %)",
        printable(each.app), printable(each.case_name), printable(each.space),
        printable(each.precision), percent(each.effect), detectable, each.false_verdicts,
        each.pairs, 100 * each.false_rate_bound);
    text += detail::slowed_text(each.slowed, each.slowed_found);
    if (!each.in_turn) continue;
    auto const& turns = *each.in_turn;
    text += fmt::format("  by {} rounds in turn: smallest effect {}; {} of {} equal ones were "
                        "called different",
                        turns.rounds, percent(turns.effect), turns.false_verdicts, turns.blocks);
    text += detail::slowed_text(turns.slowed, turns.slowed_found);
  }
  return text;
}

}  // namespace inpex::host
