// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rules on how a record came to be: it was measured, by a task of its bundle's plan, under the
// conditions of that plan; and what has no samples has no figure. Each function returns a sentence,
// or "" when the rule holds.

#include <inpex/host/evidence.hpp>
#include <inpex/host/parameter.hpp>
#include <inpex/host/plan.hpp>
#include <inpex/host/rules_of_division.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <string>
#include <tuple>
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

/// Each parameter has a value that it may have, and, where the task did not set it, that of the
/// case.
inline std::string other_parameter(Evidence const& e) {
  auto const* one = e.spec->find_case(e.record.spec.case_name);
  for (auto const& parameter : e.spec->parameters) {
    auto const* used = find(e.record.spec.parameters, parameter.name);
    if (used == nullptr) return "the parameter " + parameter.name + " is not stated";
    auto const* wanted = value_in_case(e, parameter);
    bool const by_memory = one != nullptr && one->fill_memory && parameter.role == Role::scaling;
    if (!find(e.task->parameters, parameter.name) && wanted != nullptr && !by_memory &&
        !same_value(*wanted, used->value))
      return fmt::format("its {} is {}, the case has {}, and nobody set it", parameter.name,
                         json_text(used->value), json_text(*wanted));
    if (!has_type(parameter, used->value))
      return fmt::format("its {} is {}, and no {}", parameter.name, json_text(used->value),
                         parameter.type);
    if (auto const [problem, hint] = refusal(parameter, used->value); !problem.empty())
      return problem;
  }
  return {};
}

/// A case that fills a share of the memory does. Of one node the size follows exactly; of several
/// the least memory decides, of which no record tells, and half of the share is enough.
inline std::string other_size(Evidence const& e) {
  auto const& record = e.record;
  auto const* one = e.spec->find_case(record.spec.case_name);
  auto const nodes = record.placement.nodes.value_or(1);
  bool const on_device = record.placement.devices.value_or(0) > 0;
  if (one == nullptr || !one->fill_memory || on_device || e.samples.time.empty()) return {};
  auto const memory = static_cast<double>(record.platform.memory_bytes.value_or(0));
  if (!(memory > 0)) return "the case fills memory, and how much there is is not stated";
  auto again = record.spec.parameters;
  Wanted wanted;
  wanted.ranks = e.plan.ranks;
  wanted.memory.total_bytes =
      static_cast<std::uint64_t>(memory) * static_cast<std::uint64_t>(nodes);
  fill_memory(*e.spec, *one, wanted, e.plan.precision, again);
  auto const least = total_bytes(*e.spec, again, e.plan.precision, e.plan.ranks);
  auto const is = total_bytes(*e.spec, record.spec.parameters, e.plan.precision, e.plan.ranks);
  if (nodes == 1 ? is == least : 2 * is >= least && is <= least) return {};
  return fmt::format("it holds {} bytes, and {} fill {:.3g} of {} nodes of {:.4g} bytes", is, least,
                     *one->fill_memory, nodes, memory);
}

/// Ranks, nodes and what is stated of each rank.
inline std::string odd_placement(Record const& record) {
  auto const& place = record.placement;
  auto const ranks = place.ranks.value_or(0), nodes = place.nodes.value_or(1);
  if (ranks < 1 || record.spec.ranks != ranks || nodes < 1 || nodes > ranks)
    return fmt::format("{} ranks ran on {} nodes, of {} that were asked for", ranks, nodes,
                       record.spec.ranks.value_or(0));
  for (auto const& [name, size] : {std::pair("node_of_rank", std::ssize(place.node_of_rank)),
                                   std::pair("binding", std::ssize(place.binding)),
                                   std::pair("thread_binding", std::ssize(place.thread_binding))})
    if (size != 0 && size != ranks)
      return fmt::format("placement.{} is of {} ranks, {} ran", name, size, ranks);
  for (auto const node : place.node_of_rank)
    if (node < 0 || node >= nodes)
      return fmt::format("a rank ran on node {}, of {} nodes", node, nodes);
  return {};
}

/// What cannot change from case to case is as the bundle's machine.yaml says.
inline std::string other_machine(Evidence const& e) {
  auto const mine = shared_json(e.record.platform, e.record.software);
  if (mine == e.machine) return {};
  if (e.machine.empty()) return "machine.yaml does not say of what machine and program it is";
  return "the record and machine.yaml: " +
         json_difference(nlohmann::json::parse(mine), nlohmann::json::parse(e.machine), "");
}

inline std::string other_plan(Evidence const& e) {
  auto const& record = e.record;
  if (!e.task) return "no task of the plan has the name '" + record.provenance.task + "'";
  if (auto difference = other_task(record, *e.task); !difference.empty()) return difference;
  if (auto difference = other_parameter(e); !difference.empty()) return difference;
  if (auto odd = odd_placement(record); !odd.empty()) return odd;
  if (auto difference = other_size(e); !difference.empty()) return difference;
  if (record.provenance.command != e.command) return "its command is not that of the plan";
  auto const ranks = record.placement.ranks.value_or(0);
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
  return other_machine(e);
}

/// Whoever has a library loaded before all others can replace the clock, and what a kernel calls.
inline std::string preloaded(Evidence const& e) {
  if (!in_division(e, "reference", "closed")) return {};
  for (auto const* name : {"LD_PRELOAD", "LD_AUDIT"})
    if (auto const* entry = find(e.variables, name))
      return fmt::format("it ran with {}={}", name, json_text(entry->value));
  return {};
}

}  // namespace inpex::host::detail
