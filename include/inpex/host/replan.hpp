// SPDX-License-Identifier: Apache-2.0
#pragma once
// A record's plan again, from the record and its spec alone: what its formulas could name, how it
// was measured, and what its comparability key was made of.

#include <inpex/host/comparability.hpp>
#include <inpex/host/plan.hpp>
#include <inpex/host/record.hpp>
#include <inpex/host/unchanged.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inpex::host {

/// The plan by which a record was made; `min_seconds` is the command's, where it had one. Throws
/// Error (inconclusive) when the spec lacks the record's case, and Error (spec) for a formula that
/// cannot be evaluated.
inline Plan replan(Record const& record, Spec const& spec, std::optional<double> min_seconds) {
  auto const* one = spec.find_case(record.spec.case_name);
  if (one == nullptr)
    throw Error(Fault::inconclusive,
                "the spec of " + spec.id + " has no case '" + record.spec.case_name + "'",
                spec.file, take_unchanged);
  auto const ranks = record.spec.ranks.value_or(1);
  if (ranks < 1 || ranks > 10'000'000)
    throw Error(Fault::inconclusive, fmt::format("the record has {} ranks", ranks), {},
                take_unchanged);
  Plan plan;
  plan.precision = record.spec.precision;
  plan.ranks = static_cast<int>(ranks);
  plan.parameters = record.spec.parameters;
  detail::complete(plan, spec, *one, min_seconds);
  return plan;
}

/// The components of a record's comparability key, again.
inline std::vector<KeyPart> parts_of(Record const& record, Spec const& spec,
                                     std::optional<double> min_seconds) {
  return comparability_parts(spec, replan(record, spec, min_seconds),
                             {record.spec.division, record.spec.scaling});
}

namespace detail {

/// The first place where two JSON values differ, with both: "parameters.nx: 32 and 64"; "" if none.
inline std::string json_difference(nlohmann::json const& a, nlohmann::json const& b,
                                   std::string const& path) {
  if (a == b) return {};
  auto const below = [&](std::string const& name) {
    return path.empty() ? name : path + "." + name;
  };
  if (a.is_object() && b.is_object()) {
    std::set<std::string> names;
    for (auto const* each : {&a, &b})
      for (auto const& [name, value] : each->items()) names.insert(name);
    // Numbers and words first: lists of data often follow from them.
    for (bool const structured : {false, true})
      for (auto const& name : names) {
        auto const one = a.value(name, nlohmann::json()), other = b.value(name, nlohmann::json());
        if ((one.is_structured() || other.is_structured()) != structured) continue;
        auto const difference = json_difference(one, other, below(name));
        if (!difference.empty()) return difference;
      }
  }
  if (a.is_array() && b.is_array() && a.size() == b.size())
    for (std::size_t i = 0; i < a.size(); ++i)
      if (a[i] != b[i]) return json_difference(a[i], b[i], path + "[" + std::to_string(i) + "]");
  auto const shown = [](nlohmann::json const& value) {
    return value.is_null() ? std::string("nothing") : canonical_text(value);
  };
  return (path.empty() ? "" : path + ": ") + shown(a) + " and " + shown(b);
}

}  // namespace detail

/// The first component in which two keys differ, its field and both values: "case, parameters.nx:
/// 32 and 64"; "" when they agree.
inline std::string key_difference(std::vector<KeyPart> const& a, std::vector<KeyPart> const& b) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (a[i].second == b[i].second) continue;
    auto const difference = detail::json_difference(nlohmann::json::parse(a[i].second),
                                                    nlohmann::json::parse(b[i].second), "");
    return a[i].first + (difference.find(": ") == std::string::npos ? ": " : ", ") + difference;
  }
  return {};
}

/// The same for records without a spec, from what they state of themselves.
inline std::vector<KeyPart> stated_parts(Record const& record) {
  auto const& spec = record.spec;
  nlohmann::json parameters = nlohmann::json::object();
  for (auto const& entry : spec.parameters)
    parameters[entry.name] = detail::canonical_value(entry.value);
  return {{"spec", canonical_text(spec.id)},
          {"case", canonical_text({{"name", spec.case_name}, {"parameters", parameters}})},
          {"figure of merit", canonical_text({{"name", record.fom.name},
                                              {"unit", record.fom.unit},
                                              {"better", record.fom.better}})},
          {"precision", canonical_text(spec.precision)},
          {"division", canonical_text(spec.division)},
          {"scaling mode", canonical_text(spec.scaling)},
          {"spec version", canonical_text(spec.version)},
          {"comparability key", canonical_text(spec.comparability_key)}};
}

}  // namespace inpex::host
