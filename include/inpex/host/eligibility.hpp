// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which results may count for a contract.

#include <inpex/host/evidence.hpp>
#include <inpex/host/rules.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace inpex::host {

/// Why a result cannot count, or "": only what was measured, passed, obeys the rules of its
/// division and has the case's size does, in a division that is no freer than `division`; draft
/// never.
inline std::string why_not_eligible(Evidence const& evidence, std::string const& division) {
  auto const& record = evidence.record;
  constexpr std::array<std::string_view, 3> freer = {"reference", "closed", "open"};
  auto const rank = [&](std::string_view name) {
    return std::find(freer.begin(), freer.end(), name) - freer.begin();
  };
  if (record.kind != Kind::measured)
    return "it is " + std::string(word(record.kind)) + ", not measured";
  if (record.status != Status::passed)
    return "its status is " + std::string(word(record.status)) + ": " + record.reason;
  if (rank(record.spec.division) > rank(division))
    return "its division is " + record.spec.division + ", the contract asks for " + division;
  for (auto const& breach : breaches_in(evidence))
    return "it breaks " + breach.rule + ": " + breach.sentence;
  for (auto const& parameter : evidence.spec->parameters) {
    auto const* wanted = detail::value_in_case(evidence, parameter);
    auto const* used = find(record.spec.parameters, parameter.name);
    bool const sized = parameter.role == Role::scaling && wanted != nullptr && used != nullptr;
    if (sized && detail::canonical_value(*wanted) != detail::canonical_value(used->value))
      return fmt::format("{} is {}, the case has {}", parameter.name, json_text(used->value),
                         json_text(*wanted));
  }
  return {};
}

}  // namespace inpex::host
