// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether the figures of one clause may be held against each other, and in which unit: what a
// contract cannot know and only records do.

#include <inpex/host/accepted_figure.hpp>
#include <inpex/host/contract.hpp>
#include <inpex/host/contract_check.hpp>

#include <fmt/format.h>

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace inpex::host {

/// What was handed in, by the name of the figure.
using AcceptedFigures = std::map<std::string, AcceptedFigure>;

/// The figures that a clause names.
inline std::vector<std::string> figures_of(Clause const& clause) {
  std::vector<std::string> names;
  for (auto const& name : {clause.figure, clause.over})
    if (!name.empty()) names.push_back(name);
  for (auto const& part : clause.of) names.push_back(part.figure);
  return names;
}

namespace detail {

inline std::vector<AcceptedRun> runs_of(Clause const& clause, AcceptedFigures const& all) {
  std::vector<AcceptedRun> runs;
  for (auto const& name : figures_of(clause))
    if (auto const found = all.find(name); found != all.end())
      runs.insert(runs.end(), found->second.runs.begin(), found->second.runs.end());
  return runs;
}

// Figures of the same runs say the same again: no more is known by both than by one of them.
inline std::string why_not_independent(Clause const& clause, AcceptedFigures const& all) {
  std::map<std::string, std::string> owners;  // of samples
  for (auto const& name : figures_of(clause)) {
    auto const found = all.find(name);
    if (found == all.end()) continue;
    for (auto const& samples : found->second.samples)
      if (auto const [owner, fresh] = owners.emplace(samples, name); !fresh)
        return fmt::format("its figures {} and {} are of the same run, and not independent",
                           owner->second, name);
  }
  return {};
}

inline std::string why_not_of_one_unit(Clause const& clause, std::vector<AcceptedRun> const& runs) {
  if (has_references(clause) || !unit_of_quantity(clause.quantity).empty()) return {};
  for (auto const& run : runs) {
    if (run.fom.unit != runs.front().fom.unit)
      return fmt::format("its figures are in {} and in {}", runs.front().fom.unit, run.fom.unit);
    if (!clause.unit.empty() && clause.unit != run.fom.unit)
      return fmt::format("its limit is in {}, the figure is in {}", clause.unit, run.fom.unit);
  }
  return {};
}

// A ratio that is divided by times the resources is of so many times the ranks, alike in all else.
inline std::string why_not_scaled(Clause const& clause, AcceptedFigures const& all) {
  if (!clause.times) return {};
  auto const many = settings_of(all.at(clause.figure)), few = settings_of(all.at(clause.over));
  return many.empty() || few.empty() ? "" : why_no_scaling(many, few, *clause.times);
}

}  // namespace detail

/// Why no verdict can be made of these figures together, or "": two are of one run, their units,
/// directions or counters of energy differ, or they are of no scaling.
inline std::string why_not_together(Clause const& clause, AcceptedFigures const& all) {
  if (auto why = detail::why_not_independent(clause, all); !why.empty()) return why;
  if (auto why = detail::why_not_scaled(clause, all); !why.empty()) return why;
  auto const runs = detail::runs_of(clause, all);
  if (auto why = detail::why_not_of_one_unit(clause, runs); !why.empty()) return why;
  std::set<std::string> scopes;  // joules of whole nodes and of their packages are of two kinds
  for (auto const& run : runs) {
    scopes.insert(run.energy.scope);
    bool const efficiency = clause.composite == "performance-portability" || clause.times;
    if (efficiency && run.fom.better == "lower")
      return fmt::format("{} is better when lower, of which there is no efficiency", run.fom.name);
    bool const of_fom = clause.quantity.empty() || clause.quantity == "fom";
    if (!clause.composite.empty() && of_fom && run.fom.better != runs.front().fom.better)
      return fmt::format("{} is better when {}, {} when {}", runs.front().fom.name,
                         runs.front().fom.better, run.fom.name, run.fom.better);
  }
  bool const mixed = clause.quantity == "energy" && scopes.size() > 1;
  return mixed ? "its energies are of counters of different scopes" : "";
}

/// What guards have said of the runs of a clause: no verdict depends on it, and a reader may care.
inline std::vector<std::string> notes_on(Clause const& clause, AcceptedFigures const& all) {
  auto const runs = detail::runs_of(clause, all);
  std::map<std::string, std::size_t> counts;
  for (auto const& run : runs)
    for (auto const& guard : run.guards) ++counts[fmt::format("{} ({})", guard.id, guard.severity)];
  std::vector<std::string> notes;
  for (auto const& [what, count] : counts)
    notes.push_back(fmt::format("{} in {} of {} runs", what, count, runs.size()));
  return notes;
}

/// The unit of a clause's value: "" for a ratio, and where there is no record yet.
inline std::string unit_of(Clause const& clause, AcceptedFigures const& all) {
  if (is_ratio(clause)) return {};
  if (auto const unit = unit_of_quantity(clause.quantity); !unit.empty()) return unit;
  auto const runs = detail::runs_of(clause, all);
  return runs.empty() ? "" : runs.front().fom.unit;
}

}  // namespace inpex::host
