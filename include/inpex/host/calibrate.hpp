// SPDX-License-Identifier: Apache-2.0
#pragma once
// How far two runs of the very same thing lie apart on this machine. The runs of a case are taken
// in pairs, one after the other, as a bundle holds them; each pair is judged as `inpex compare`
// would. Nothing is assumed of the noise but that a further pair is like those seen.

#include <inpex/host/bundle_writer.hpp>
#include <inpex/host/calibration.hpp>
#include <inpex/host/compare.hpp>
#include <inpex/host/estimate.hpp>

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

/// What is added to a difference that was seen, as a share of its logarithm.
inline constexpr double margin = 0.25;

/// The smallest effect by which, for its size alone, at most 1 % of further pairs are expected to
/// be called different; of fewer than 199 pairs no more than any of these. The k-th largest of n is
/// exceeded by one more with the probability k / (n + 1), whatever the law of the noise; as that
/// rests on a pair or two, a margin beyond it is not claimed either. Of a hundred pairs with an
/// exponential law the largest alone leaves more than 1 % in 37 of a hundred calibrations, with the
/// margin in 8.
inline double smallest_effect(std::span<Estimate const> ratios) {
  std::vector<double> sizes;
  for (auto const& ratio : ratios) sizes.push_back(std::abs(std::log(ratio.value)));
  std::sort(sizes.rbegin(), sizes.rend());
  if (sizes.empty()) return 0;
  auto const k = std::max(std::size_t{1}, (sizes.size() + 1) / 100);
  return std::exp(sizes[k - 1] * (1 + margin)) * (1 + 1e-9) - 1;
}

/// Verdicts that claim a difference.
inline std::int64_t claims(std::span<Estimate const> ratios, double effect) {
  return std::count_if(ratios.begin(), ratios.end(), [&](Estimate const& ratio) {
    auto const verdict = verdict_on(ratio, effect);
    return verdict == Comparison::faster || verdict == Comparison::slower;
  });
}

/// Pairs that are called faster when B is made faster by that factor.
inline std::int64_t found_at(std::span<Estimate const> ratios, double factor, double effect) {
  return std::count_if(ratios.begin(), ratios.end(), [&](Estimate ratio) {
    ratio.value *= factor, ratio.low *= factor, ratio.high *= factor;
    return verdict_on(ratio, effect) == Comparison::faster;
  });
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
  auto const enough = 0.9 * static_cast<double>(found.pairs);
  double low = 1, high = 100;
  for (int i = 0; i < 60; ++i) {
    double const middle = std::sqrt(low * high);
    bool const found_there = static_cast<double>(found_at(ratios, middle, found.effect)) >= enough;
    (found_there ? high : low) = middle;
  }
  found.detectable = high - 1;
  found.found_at_twice = found_at(ratios, 1 + 2 * found.effect, found.effect);
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

/// Puts new cases in place of older ones of the same name, and writes the machine's file.
inline std::filesystem::path store(Calibration const& fresh, std::filesystem::path const& folder) {
  std::error_code trouble;
  std::filesystem::create_directories(folder, trouble);
  auto whole = read_calibration(folder, fresh.machine);
  for (auto const& each : fresh.cases) {
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

/// A line for each case.
inline std::string calibration_table(Calibration const& calibration) {
  std::string text;
  for (auto const& each : calibration.cases)
    text += fmt::format(
        "{} {} {} {}: smallest effect {:.2g} %, found in 90 % from {:.2g} % on; {} of {} pairs "
        "of equal runs were called different (below {:.1f} % of all, with 95 %); at twice the "
        "effect {} of {} were found\n",
        each.app, each.case_name, each.space, each.precision, 100 * each.effect,
        100 * each.detectable, each.false_verdicts, each.pairs, 100 * each.false_rate_bound,
        each.found_at_twice, each.pairs);
  return text;
}

}  // namespace inpex::host
