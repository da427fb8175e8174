// SPDX-License-Identifier: Apache-2.0
#pragma once
// Canonical JSON: keys sorted, no blanks, numbers normalised (1, 1.0 and 1e0 are all 1), so that a
// digest of it changes with the meaning and not with the writing.

#include <inpex/host/spec_fields.hpp>
#include <inpex/host/yaml_scalar.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

namespace inpex::host {

/// A number without its way of writing: a whole one up to 2^53 is an integer.
inline nlohmann::json canonical_number(double value) {
  if (value == std::floor(value) && std::abs(value) <= 0x1p53)
    return static_cast<std::int64_t>(value);
  return value;
}

/// A YAML node as canonical JSON; what was refused is null.
inline nlohmann::json canonical(Yaml const& node) {
  nlohmann::json result;
  if (node.kind == Yaml::Kind::list) {
    result = nlohmann::json::array();
    for (auto const& item : node.items) result.push_back(canonical(item));
  } else if (node.kind == Yaml::Kind::map) {
    result = nlohmann::json::object();
    for (auto const& item : node.items) result[item.key] = canonical(item);
  } else if (auto const flag = as_bool(node)) {
    result = *flag;
  } else if (auto const whole = as_whole(node)) {
    result = *whole;
  } else if (auto const number = as_number(node)) {
    result = canonical_number(*number);
  } else if (node.kind == Yaml::Kind::scalar) {
    result = node.text;
  }
  return result;
}

/// The fields of a spec that enter its digest. The order of named formulas counts, since each may
/// use those before it, but one that uses another cannot stand before it: sorted keys lose nothing.
inline nlohmann::json normative(Yaml const& root) {
  nlohmann::json result = nlohmann::json::object();
  for (auto const& item : root.items) {
    auto const* rule = find_rule(spec_fields, item.key);
    if (rule != nullptr && rule->normative) result[item.key] = canonical(item);
  }
  return result;
}

/// The text of canonical JSON.
inline std::string canonical_text(nlohmann::json const& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace inpex::host
