// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rules on how a record came to be: it was measured, by a task of its bundle's plan, under the
// conditions of that plan; and what has no samples has no figure. Each function returns a sentence,
// or "" when the rule holds.

#include <inpex/host/evidence.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace inpex::host::detail {

inline std::string not_measured(Evidence const& e) {
  if (e.record.kind == Kind::measured) return {};
  return "the record is " + std::string(word(e.record.kind)) + ", and nothing can compute it again";
}

inline std::string figure_of_nothing(Evidence const& e) {
  if (!e.samples.time.empty()) return {};
  auto const& [fom, timing] = std::tie(e.record.fom, e.record.timing);
  bool const has_figure =
      fom.value || fom.interval || fom.n || !fom.secondary.empty() || fom.ceiling_fraction;
  bool const has_times = timing.median || timing.min || timing.max || timing.interval ||
                         !timing.quantiles.empty() || !timing.samples.empty() ||
                         timing.rank_maximum || timing.rank_mean;
  bool const has_phases =
      std::any_of(e.record.phases.begin(), e.record.phases.end(), [](PhaseGroup const& each) {
        return each.time || each.roofline_fraction || each.hidden;
      });
  if (!has_figure && !has_times && !has_phases && e.record.energy.source.empty()) return {};
  return "it has figures, and no samples from which they follow";
}

inline bool counts_set_up(Spec const& spec) {
  auto const named = [](Formula const& formula) {
    auto const used = formula.uses();
    return std::any_of(used.begin(), used.end(),
                       [](auto const& use) { return use.name == "setup"; });
  };
  return named(spec.fom.formula) ||
         std::any_of(spec.secondary.begin(), spec.secondary.end(),
                     [&](auto const& each) { return named(each.formula); });
}

inline std::string odd_set_up(Evidence const& e) {
  auto const& setup = e.record.timing.setup;
  if (setup && !(std::isfinite(*setup) && *setup > 0))
    return fmt::format("the set-up took {} s", *setup);
  if (!setup && !e.samples.time.empty() && counts_set_up(*e.spec))
    return "a figure counts the set-up, and its time is not stated";
  return {};
}

/// Numbers of both kinds are equal by their value: a whole number may set a real parameter.
inline bool same_value(Value const& one, Value const& other) {
  auto const number = [](Value const& value) -> Number {
    if (auto const* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
    auto const* real = std::get_if<double>(&value);
    return real == nullptr ? Number() : Number(*real);
  };
  auto const a = number(one), b = number(other);
  return a && b ? *a == *b : one == other;
}

inline std::string other_task(Record const& record, Task const& task) {
  auto const differ = [](char const* what, std::string const& is, std::string const& planned) {
    return fmt::format("its {} is '{}', the plan has '{}'", what, is, planned);
  };
  for (auto const& [what, is, planned] :
       {std::tuple("app", &record.spec.id, &task.app),
        std::tuple("case", &record.spec.case_name, &task.case_name),
        std::tuple("space", &record.placement.space, &task.space),
        std::tuple("precision", &record.spec.precision, &task.precision),
        std::tuple("schedule", &record.placement.schedule, &task.schedule)})
    if (*is != *planned) return differ(what, *is, *planned);
  for (auto const& set : task.parameters) {
    auto const* used = find(record.spec.parameters, set.name);
    if (used == nullptr || !same_value(used->value, set.value))
      return differ(set.name.c_str(), used == nullptr ? "" : json_text(used->value),
                    json_text(set.value));
  }
  return {};
}

inline std::string other_plan(Evidence const& e) {
  auto const& record = e.record;
  if (!e.task) return "no task of the plan has the name '" + record.provenance.task + "'";
  if (auto difference = other_task(record, *e.task); !difference.empty()) return difference;
  for (auto const& parameter : e.spec->parameters)
    if (find(record.spec.parameters, parameter.name) == nullptr)
      return "the parameter " + parameter.name + " is not stated";
  auto const ranks = record.placement.ranks.value_or(0);
  if (ranks < 1 || record.spec.ranks != ranks || record.placement.nodes.value_or(1) < 1)
    return fmt::format("{} ranks ran on {} nodes, of {} that were asked for", ranks,
                       record.placement.nodes.value_or(1), record.spec.ranks.value_or(0));
  std::array<std::pair<char const*, std::string>, 6> const stated{
      {{"version", record.software.inpex},
       {"commit", record.software.commit},
       {"source", record.software.source},
       {"compiler", record.software.compiler},
       {"host", record.platform.host},
       {"ranks", std::to_string(ranks)}}};
  for (auto const& [name, is] : stated) {
    auto const* entry = find(e.conditions, name);
    auto const* text = entry == nullptr ? nullptr : std::get_if<std::string>(&entry->value);
    auto const planned = text != nullptr ? *text : entry == nullptr ? "" : json_text(entry->value);
    if (planned != is) return fmt::format("its {} is '{}', the plan has '{}'", name, is, planned);
  }
  return {};
}

}  // namespace inpex::host::detail
