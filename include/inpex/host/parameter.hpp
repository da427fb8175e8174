// SPDX-License-Identifier: Apache-2.0
#pragma once
// Values of parameters: from a scalar of a spec or a word of the command line to the parameter's
// own type, and whether its range and its list of allowed values hold them.

#include <inpex/host/spec.hpp>
#include <inpex/host/yaml_scalar.hpp>
#include <inpex/nearest.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace inpex::host {

/// A value as it is written: 32, 0.125, naive, true. Reals keep every digit. Lists are in brackets.
inline std::string written(Value const& value) {
  if (auto const* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (auto const* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  if (auto const* number = std::get_if<double>(&value)) return fmt::format("{}", *number);
  if (auto const* text = std::get_if<std::string>(&value)) return *text;
  std::string result;
  auto const add = [&](auto const& list) {
    for (auto const& each : list) result += (result.empty() ? "" : ", ") + fmt::format("{}", each);
  };
  if (auto const* wholes = std::get_if<std::vector<std::int64_t>>(&value)) add(*wholes);
  if (auto const* reals = std::get_if<std::vector<double>>(&value)) add(*reals);
  return "[" + result + "]";
}

/// The scalar as a value of the parameter's type, if it is one. A real may be written as a whole
/// number; nothing else is converted.
inline std::optional<Value> typed(Parameter const& parameter, Yaml const& scalar) {
  std::optional<Value> result;
  if (parameter.type == "int") {
    if (auto const whole = as_whole(scalar)) result = *whole;
  } else if (parameter.type == "real") {
    if (auto const number = as_number(scalar)) result = *number;
  } else if (parameter.type == "bool") {
    if (auto const flag = as_bool(scalar)) result = *flag;
  } else if (is_text(scalar)) {
    result = scalar.text;
  }
  return result;
}

/// Whether a value is of the parameter's type; a whole number may stand for a real one.
inline bool has_type(Parameter const& parameter, Value const& value) {
  bool const whole = std::holds_alternative<std::int64_t>(value);
  if (parameter.type == "int") return whole;
  if (parameter.type == "real") return whole || std::holds_alternative<double>(value);
  if (parameter.type == "bool") return std::holds_alternative<bool>(value);
  return std::holds_alternative<std::string>(value);
}

/// A word of the command line as a plain scalar.
inline Yaml scalar_of(std::string_view word) {
  Yaml scalar;
  scalar.kind = Yaml::Kind::scalar;
  scalar.text = word;
  scalar.plain = true;
  return scalar;
}

/// What the parameter's type takes, in words.
inline std::string typed_expectation(Parameter const& parameter) {
  if (parameter.type == "int") return "write a whole number that 64 bits hold";
  if (parameter.type == "real") return "write a finite number";
  if (parameter.type == "bool") return "write true or false";
  return "write text";
}

/// What is wrong with a value of the parameter's own type, and what to write: two "" if nothing is.
inline std::pair<std::string, std::string> refusal(Parameter const& parameter, Value const& value) {
  auto const below = [](Value const& a, Value const& b) {
    auto const* i = std::get_if<std::int64_t>(&a);
    auto const* j = std::get_if<std::int64_t>(&b);
    if (i != nullptr && j != nullptr) return *i < *j;
    return as<double>({"", a, ""}) < as<double>({"", b, ""});
  };
  if (parameter.min && below(value, *parameter.min))
    return {
        fmt::format("{} is {}, below {}", parameter.name, written(value), written(*parameter.min)),
        "write at least " + written(*parameter.min)};
  if (parameter.max && below(*parameter.max, value))
    return {
        fmt::format("{} is {}, above {}", parameter.name, written(value), written(*parameter.max)),
        "write at most " + written(*parameter.max)};
  auto const* whole = std::get_if<std::int64_t>(&value);
  if (whole != nullptr && *whole % parameter.multiple != 0)
    return {fmt::format("{} is {}, no multiple of {}", parameter.name, *whole, parameter.multiple),
            fmt::format("write {} or {}", *whole / parameter.multiple * parameter.multiple,
                        (*whole / parameter.multiple + 1) * parameter.multiple)};
  if (parameter.allowed.empty()) return {};
  if (std::find(parameter.allowed.begin(), parameter.allowed.end(), value) !=
      parameter.allowed.end())
    return {};
  std::vector<std::string> words;
  for (auto const& each : parameter.allowed) words.push_back(written(each));
  return {
      fmt::format("{} is '{}', which is not allowed", parameter.name, abbreviated(written(value))),
      suggestion(written(value).substr(0, 64), words)};
}

/// The value of a scalar, of the parameter's type and range. Throws Error of that fault otherwise.
inline Value checked_value(Parameter const& parameter, Yaml const& scalar, Fault fault,
                           std::string const& where) {
  auto value = typed(parameter, scalar);
  if (!value)
    throw Error(fault,
                fmt::format("{} is {}, but its type is {}", parameter.name, described(scalar),
                            parameter.type),
                where, typed_expectation(parameter));
  if (auto const [problem, hint] = refusal(parameter, *value); !problem.empty())
    throw Error(fault, problem, where, hint);
  return *std::move(value);
}

}  // namespace inpex::host
