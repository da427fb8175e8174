// SPDX-License-Identifier: Apache-2.0
#pragma once
// Would a slower program be noticed? Pairs of runs, in turn, of which one is held up in every
// sample by as many seconds as twice the smallest effect makes of a sample: inpex-faults can.

#include <inpex/error.hpp>
#include <inpex/host/calibration.hpp>
#include <inpex/host/compare.hpp>
#include <inpex/host/json_text.hpp>
#include <inpex/host/record.hpp>
#include <inpex/host/rounds.hpp>
#include <inpex/host/run_plan.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inpex::host {

/// The words behind `inpex-faults` that run a task of a plan once more, held up by `delay` seconds
/// in each sample, into the new folder `out`.
inline std::vector<std::string> slowed_words(RunPlan const& plan, Task const& task, double delay,
                                             std::string const& out) {
  std::vector<std::string> words{
      "run",        task.app,      "--case",      task.case_name,
      "--space",    task.space,    "--precision", task.precision,
      "--schedule", task.schedule, "--tuning",    "off",
      "--out",      out,           "--slower",    fmt::format("{}", delay)};
  for (auto const& [name, value, where] : task.parameters) {
    auto const* text = std::get_if<std::string>(&value);
    words.insert(words.end(), {"-p", name + "=" + (text != nullptr ? *text : json_text(value))});
  }
  if (auto const* least = find(plan.options, "min_seconds"))
    words.insert(words.end(), {"--min-seconds", json_text(least->value)});
  return words;
}

/// One run, held up by so many seconds in each sample; 0 for none.
using SlowedRun = std::function<Record(double)>;

namespace detail {

// Its figure with the interval. Throws Error (failed) for a run that gave none.
inline Estimate figure_of(Record const& record) {
  auto const figure = estimate_of(record.fom);
  if (record.status == Status::passed && figure) return *figure;
  throw Error(Fault::failed, "a run to be slowed gave no figure: " + record.reason,
              record.spec.id + " " + record.spec.case_name);
}

}  // namespace detail

/// Ratios of speed, of the run that was held up over the other: that many pairs in turn, every
/// second one the other way round.
inline std::vector<Estimate> slowed_pairs(SlowedRun const& run, double delay, std::int64_t pairs) {
  std::vector<Estimate> ratios;
  for (std::int64_t i = 0; i < pairs; ++i) {
    bool const turned = i % 2 != 0;
    auto one = run(turned ? delay : 0), other = run(turned ? 0 : delay);
    if (turned) std::swap(one, other);
    ratios.push_back(speed_ratio(detail::figure_of(one), detail::figure_of(other), one.fom.better));
  }
  return ratios;
}

/// How many of them are called slower.
inline std::int64_t called_slower(std::span<Estimate const> ratios, double effect) {
  return std::count_if(ratios.begin(), ratios.end(), [&](Estimate const& ratio) {
    return verdict_on(ratio, effect) == Comparison::slower;
  });
}

/// Pairs that are slowed at most: if all of sixty are found, with 95 % fewer than one in twenty is
/// missed.
inline constexpr std::int64_t most_slowed = 60;

/// Tries it on a calibrated case whose samples take `seconds`: by as many pairs as it was
/// calibrated by, or most_slowed, and once more for rounds in turn, whose effect is another.
inline void try_slowed(CalibratedCase& found, double seconds, SlowedRun const& run) {
  auto const count = std::min(found.pairs, most_slowed);
  auto const pairs = slowed_pairs(run, 2 * found.effect * seconds, count);
  found.slowed = count;
  found.slowed_found = called_slower(pairs, found.effect);
  if (!found.in_turn) return;
  std::vector<double> ratios;
  for (auto const& ratio : slowed_pairs(run, 2 * found.in_turn->effect * seconds, count))
    ratios.push_back(ratio.value);
  auto const size = static_cast<std::size_t>(found.in_turn->rounds);
  auto const blocks = detail::blocks_of_rounds(ratios, size, size);
  found.in_turn->slowed = std::ssize(blocks);
  found.in_turn->slowed_found = called_slower(blocks, found.in_turn->effect);
}

}  // namespace inpex::host
