// SPDX-License-Identifier: Apache-2.0
#pragma once
// What `inpex compare` leaves undecided, run again until it is decided or not: the task of A and
// that of B of each such pair, in turn, by the program and on the machine that made both. The
// verdict is on the median of the ratios within rounds, so that what changes between rounds is in
// neither side. No effect below that of rounds is claimed (rounds.hpp), or below that of single
// runs where the former is not known.

#include <inpex/error.hpp>
#include <inpex/host/compare.hpp>
#include <inpex/host/platform.hpp>
#include <inpex/host/reproduce.hpp>
#include <inpex/host/rerun.hpp>
#include <inpex/host/rounds.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace inpex::host {

/// A bundle whose runs can be repeated: its results, and what it ran.
struct Repeatable {
  ResultSource results;
  Rerun rerun;
};

/// Reads a bundle. Throws Error: command for a file of records, else what read_results() throws.
inline Repeatable read_repeatable(std::filesystem::path const& path) {
  auto results = read_results(path);
  if (!is_folder(path))
    throw Error(Fault::command, "a file of records cannot be run again", path.string(),
                "name the bundle that it is of");
  return {std::move(results), rerun_of(path)};
}

/// The task that made a record. Throws Error (inconclusive) if the plan has none.
inline Task const& task_of(Repeatable const& side, std::string const& record_id) {
  for (auto const& record : side.results.records)
    if (record.id == record_id)
      for (auto const& task : side.rerun.plan.tasks)
        if (task.name == record.provenance.task) return task;
  throw Error(Fault::inconclusive, "the plan has no task of the record " + record_id,
              side.results.path.string());
}

/// Throws Error (inconclusive) with the first reason why A and B cannot be run again here, in turn.
inline void require_here(Repeatable const& a, Repeatable const& b, BuildInfo const& build,
                         std::string const& host) {
  for (auto const* side : {&a, &b}) {
    require_program(side->rerun.plan, side->results, build);
    auto const* made_on = find(side->rerun.plan.conditions, "host");
    if (made_on != nullptr && as<std::string>(*made_on) != host)
      throw Error(Fault::inconclusive, "the bundle is of another machine",
                  side->results.path.string(), "confirm on the machine that made both");
  }
  auto const refuse = [&](std::string const& what) {
    throw Error(Fault::inconclusive, "A and B cannot be run in one bundle: " + what,
                a.results.path.string() + ", " + b.results.path.string(),
                "run both in the same way");
  };
  auto const &one = a.rerun, &other = b.rerun;
  for (auto const& [left, right] : {std::pair(&one.plan.conditions, &other.plan.conditions),
                                    std::pair(&one.plan.options, &other.plan.options)})
    if (auto const found = difference(*left, *right); !found.empty())
      refuse("from A to B, " + found);
  for (auto const& [id, spec] : one.specs)
    if (other.specs.contains(id) && other.specs.at(id).digest != spec.digest)
      refuse("their specs of " + id + " differ");
}

/// Every undecided pair as tasks: A, B in the first round, B, A in the second, and so on. Nothing
/// is left to be planned when none is undecided.
inline Rerun confirming(Repeatable const& a, Repeatable const& b, std::vector<Compared> const& all,
                        std::int64_t rounds) {
  Rerun result{{}, a.rerun.specs};
  result.plan.conditions = a.rerun.plan.conditions, result.plan.options = a.rerun.plan.options;
  for (std::int64_t round = 0; round < rounds; ++round)
    for (auto const& pair : all) {
      if (pair.verdict != Comparison::undecided) continue;
      std::pair both{task_of(a, pair.records_a.front()), task_of(b, pair.records_b.front())};
      if (round % 2 != 0) std::swap(both.first, both.second);
      result.plan.tasks.push_back(both.first), result.plan.tasks.push_back(both.second);
    }
  name_tasks(result.plan);
  return result;
}

/// The verdict on one pair by its runs: `a` and `b` of each round.
inline void decide(Compared& pair, detail::Runs const& a, detail::Runs const& b) {
  pair.records_a.clear(), pair.records_b.clear();
  std::vector<double> ratios;
  for (std::size_t i = 0; i < a.size(); ++i) {
    pair.records_a.push_back(a[i]->id), pair.records_b.push_back(b[i]->id);
    if (!a[i]->fom.value || !b[i]->fom.value) continue;
    double const one = *a[i]->fom.value, other = *b[i]->fom.value;
    ratios.push_back(a[i]->fom.better == "lower" ? one / other : other / one);
  }
  pair.rounds = static_cast<std::int64_t>(a.size());
  pair.reason = detail::why_not_both(a, b);
  pair.verdict = Comparison::refused, pair.ratio.reset();
  if (!pair.reason.empty()) return;
  pair.ratio = ratio_of_rounds(ratios);
  if (pair.effect_in_turn && *pair.rounds >= usual_rounds)
    pair.effect = pair.effect_in_turn, pair.assumed = false;
  pair.verdict = verdict_on(*pair.ratio, *pair.effect, pair.assumed);
  if (pair.verdict == Comparison::undecided)
    pair.reason = "still too close to the smallest effect: take more --rounds, or longer runs";
}

/// Decides every undecided pair by the records of a bundle that ran confirming(): in its order.
inline void decide(std::vector<Compared>& all, std::vector<Record> const& records) {
  std::vector<Compared*> open;
  for (auto& pair : all)
    if (pair.verdict == Comparison::undecided) open.push_back(&pair);
  for (std::size_t i = 0; i < open.size(); ++i) {
    detail::Runs a, b;
    for (std::size_t at = 2 * i, round = 0; at + 1 < records.size(); at += 2 * open.size()) {
      a.push_back(&records[at]), b.push_back(&records[at + 1]);
      if (round++ % 2 != 0) std::swap(a.back(), b.back());
    }
    decide(*open[i], a, b);
  }
}

}  // namespace inpex::host
