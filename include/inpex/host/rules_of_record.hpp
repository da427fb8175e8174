// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rules that hold for every record: what it states is what follows from its samples and its spec.
// Each function returns a sentence that names the field, or "" when the rule holds.

#include <inpex/host/evidence.hpp>
#include <inpex/host/guards.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace inpex::host::detail {

/// The first field in which two groups differ, with both values.
template <class T>
std::string group_difference(T const& stated, T const& again, std::string const& name) {
  auto const one = json_text(stated), other = json_text(again);
  if (one == other) return {};
  return "stated and computed again: " +
         json_difference(nlohmann::json::parse(one), nlohmann::json::parse(other), name);
}

inline std::string other_spec(Evidence const& e) {
  if (e.record.spec.id != e.spec->id)
    return "the spec is of " + e.spec->id + ", the record of " + e.record.spec.id;
  if (e.record.spec.digest != e.again.spec.digest) return "the digest is not that of the spec";
  return e.record.spec.version == e.again.spec.version ? "" : "the version is not that of the spec";
}
inline std::string other_key(Evidence const& e) {
  return e.record.spec.comparability_key == e.again.spec.comparability_key
             ? ""
             : "the comparability key is not that of what was run";
}
inline std::string other_names(Evidence const& e) {
  auto const names_of = [](Table const& table) {
    std::vector<std::string> names;
    for (auto const& entry : table) names.push_back(entry.name);
    return names;
  };
  auto const difference = [](std::vector<std::string> const& stated,
                             std::vector<std::string> const& declared, char const* verb) {
    return stated == declared ? std::string()
                              : fmt::format("the app has {} [{}], the spec declares [{}]", verb,
                                            fmt::join(stated, ", "), fmt::join(declared, ", "));
  };
  auto const odd =
      difference(names_of(e.record.spec.reported), names_of(e.again.spec.reported), "reported");
  if (!odd.empty() || e.samples.time.empty()) return odd;
  return difference(names_of(e.record.spec.chosen), e.spec->choices, "chosen");
}
inline std::string other_times(Evidence const& e) {
  return group_difference(e.record.timing, e.again.timing, "timing");
}
inline std::string other_figure(Evidence const& e) {
  return group_difference(e.record.fom, e.again.fom, "fom");
}
inline std::string other_phases(Evidence const& e) {
  return group_difference(e.record.phases, e.again.phases, "phases");
}
inline std::string other_quality(Evidence const& e) {
  return group_difference(e.record.quality, e.again.quality, "quality");
}
inline std::string other_verdicts(Evidence const& e) {
  std::set<std::string_view> known;
  for (auto const& verdict : e.record.verify) {
    if (e.spec->check(verdict.id) == nullptr) return "the spec has no check '" + verdict.id + "'";
    if (!known.insert(verdict.id).second) return "the check '" + verdict.id + "' was made twice";
  }
  return group_difference(e.record.verify, e.again.verify, "verify");
}

inline std::string missing_check(Evidence const& e) {
  if (e.record.status != Status::passed || e.record.kind != Kind::measured) return {};
  for (auto const& check : e.spec->verify) {
    auto const made = [&](VerifyGroup const& verdict) { return verdict.id == check.id; };
    if (check.applies_to(e.record.spec.case_name) &&
        std::none_of(e.record.verify.begin(), e.record.verify.end(), made))
      return "the check '" + check.id + "' was not made";
  }
  return {};
}

inline std::string groundless_status(Evidence const& e) {
  bool const called_wrong = e.record.status == Status::wrong;
  if (e.samples.time.empty() || (!called_wrong && e.record.status != Status::failed)) return {};
  auto const& guards = e.record.quality.guards;
  auto const& verdicts = e.record.verify;
  bool const grounds =
      std::any_of(guards.begin(), guards.end(),
                  [&](auto const& each) { return each.severity == word(e.record.status); }) ||
      (called_wrong && std::any_of(verdicts.begin(), verdicts.end(),
                                   [](auto const& each) { return !each.passed; }));
  return grounds ? "" : fmt::format("it is {}, and nothing says why", word(e.record.status));
}
inline std::string wrong_status(Evidence const& e) {
  if (e.record.status != Status::passed) return groundless_status(e);
  if (!e.record.reason.empty()) return "it passed, and has a reason why not";
  if (e.record.kind == Kind::measured && e.samples.time.empty())
    return "it passed without a sample";
  for (auto const& verdict : e.record.verify)
    if (!verdict.passed) return "it passed although " + why_wrong(verdict);
  for (auto const& guard : e.record.quality.guards)
    if (guard.severity == "wrong" || guard.severity == "failed")
      return "it passed although the guard " + guard.id + " says " + guard.severity;
  return {};
}

/// Guards of severity failed and wrong end a run early, so only what has a figure is held to them.
inline std::string other_guards(Evidence const& e) {
  for (auto const& guard : e.record.quality.guards)
    if (std::none_of(guard_rules.begin(), guard_rules.end(),
                     [&](auto const& rule) { return rule.id == guard.id; }))
      return "there is no guard '" + guard.id + "'";
  if (e.samples.time.empty()) return {};
  auto const seen = observed_in(e);
  for (auto const& rule : guard_rules) {
    auto const stated = [&](Guard const& guard) { return guard.id == rule.id; };
    auto const& guards = e.record.quality.guards;
    auto const found = std::find_if(guards.begin(), guards.end(), stated);
    if (found != guards.end() && found->severity != rule.severity)
      return fmt::format("the guard {} is {}, the record says {}", rule.id, rule.severity,
                         found->severity);
    auto const fires = rule.fires(seen);
    if (!fires.empty() && found == guards.end())
      return fmt::format("the guard {} fires, and is not stated: {}", rule.id, fires);
    if (rule.from_record && fires.empty() && found != guards.end())
      return fmt::format("the guard {} is stated, and does not fire", rule.id);
  }
  return {};
}

/// What other rules look at: where it is left out, they would have nothing to find.
inline std::string unstated(Evidence const& e) {
  auto const& record = e.record;
  if (record.spec.division == "draft" || e.samples.time.empty()) return {};
  auto const& place = record.placement;
  for (auto const& [name, there] :
       {std::pair("timing.clock_tick", record.timing.clock_tick.value_or(0) > 0),
        std::pair("quality.timer_floor", record.quality.timer_floor.value_or(0) > 0),
        std::pair("software.kokkos_options", !record.software.kokkos_options.empty()),
        std::pair("placement.threads", place.threads.value_or(place.devices.value_or(0)) > 0)})
    if (!there) return fmt::format("{} is not stated", name);
  return {};
}

inline std::string other_environment(Evidence const& e) {
  return e.record.provenance.environment == e.environment
             ? ""
             : "provenance.environment is not the hash of environment.json";
}

/// Of what passed, every phase that does anything was timed: rules look for the longest.
inline std::string untimed_phase(Evidence const& e) {
  if (e.record.status != Status::passed || e.record.spec.division == "draft") return {};
  for (auto const& phase : e.again.phases) {
    auto const took_some = [&](PhaseSamples const& timed) {
      return timed.name == phase.name &&
             std::any_of(timed.time.begin(), timed.time.end(), [](auto const& row) {
               return std::any_of(row.begin(), row.end(),
                                  [](double seconds) { return seconds > 0; });
             });
    };
    if (!(work_of(phase) == Work{}) &&
        std::none_of(e.samples.phases.begin(), e.samples.phases.end(), took_some))
      return "the phase " + phase.name + " was not timed";
  }
  return {};
}

inline std::string odd_samples(Evidence const& e) {
  auto const ranks = static_cast<std::size_t>(e.record.placement.ranks.value_or(1));
  for (std::size_t i = 0; i < e.samples.time.size(); ++i) {
    auto const& row = e.samples.time[i];
    if (row.size() != ranks)
      return fmt::format("sample {} has times of {} ranks, {} ran", i, row.size(), ranks);
    for (double const seconds : row)
      if (!(seconds > 0) || std::isinf(seconds))
        return fmt::format("sample {} took {} s", i, seconds);
  }
  for (auto const& [name, rows] : e.samples.phases)
    for (auto const& row : rows) {
      bool const odd = std::any_of(row.begin(), row.end(), [](double seconds) {
        return !(seconds >= 0) || std::isinf(seconds);
      });
      if (odd || row.size() != ranks)
        return fmt::format("the phase {} has times of {} ranks, {} ran, or times below 0", name,
                           row.size(), ranks);
    }
  return untimed_phase(e);
}

inline std::string odd_readings(Evidence const& e) {
  auto const& readings = e.samples.energy.readings;
  if (readings.empty()) return {};
  if (readings.size() != e.samples.time.size())
    return fmt::format("energy was read in {} samples of {}", readings.size(),
                       e.samples.time.size());
  for (std::size_t i = 0; i < readings.size(); ++i) {
    auto const& row = readings[i];
    double const seconds = e.samples.time[i].front();
    if (!std::isfinite(row[0]) || !std::isfinite(row[1]) || row[1] < 0)
      return fmt::format("sample {} took {} J in {} s", i, row[1], row[0]);
    if (row[0] + 1e-6 < seconds)  // both are of the clock of rank 0, with ticks of nanoseconds
      return fmt::format("sample {} took {} s, and energy was read for {} s of it", i, seconds,
                         row[0]);
  }
  return {};
}
inline std::string other_energy(Evidence const& e) {
  if (e.samples.time.empty()) return {};
  if (auto odd = odd_readings(e); !odd.empty()) return odd;
  auto const& stated = e.record.energy;
  auto const* made = find(e.variables, "INPEX_SYS");
  if (made != nullptr && !stated.source.empty() && stated.source.rfind("made-", 0) != 0)
    return fmt::format("the counters lay at INPEX_SYS={}, and it says {}", json_text(made->value),
                       stated.source);
  if (stated.idle_watts && !(std::isfinite(*stated.idle_watts) && *stated.idle_watts >= 0))
    return fmt::format("the idle machine took {} W", *stated.idle_watts);
  if (stated.updates.value_or(0) < 0) return fmt::format("there were {} updates", *stated.updates);
  return group_difference(stated, e.again.energy, "energy");
}

inline std::string fault_not_caught(Evidence const& e) {
  if (e.fault.empty() || e.record.status != Status::passed) return {};
  return "the fault '" + e.fault + "' was planted, and the case passed";
}

}  // namespace inpex::host::detail
