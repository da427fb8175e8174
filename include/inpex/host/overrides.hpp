// SPDX-License-Identifier: Apache-2.0
#pragma once
// Values in place of a case's, from the command line (-p nx=64,128) or a suite; several values of
// one parameter, or several parameters with several values, are a sweep over all combinations.

#include <inpex/host/parameter.hpp>
#include <inpex/host/spec.hpp>
#include <inpex/host/yaml_scalar.hpp>
#include <inpex/nearest.hpp>

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inpex::host {

/// The values that one parameter takes, as they were written.
struct Setting {
  std::string name;
  std::vector<Yaml> values;
  std::string where;  ///< "-p nx=64,128", or the place in the suite
  Fault fault = Fault::command;
};

/// "nx=64,128" of the option -p. Throws Error (command).
inline Setting parse_setting(std::string_view option) {
  Setting result{.name = {}, .values = {}, .where = fmt::format("-p {}", abbreviated(option))};
  auto const equals = option.find('=');
  if (equals == std::string_view::npos || equals == 0)
    throw Error(Fault::command, "this sets nothing", result.where,
                "write -p name=value, or -p name=value,value");
  result.name = option.substr(0, equals);
  for (auto rest = option.substr(equals + 1); true;) {
    auto const end = rest.find(',');
    if (rest.substr(0, end).empty())
      throw Error(Fault::command, "a value is missing", result.where,
                  "write -p name=value, or -p name=value,value");
    result.values.push_back(scalar_of(rest.substr(0, end)));
    if (end == std::string_view::npos) return result;
    rest.remove_prefix(end + 1);
  }
}

/// Every combination of the settings, the last one varying fastest; one empty table where there are
/// no settings. Values have the parameters' types and lie in their ranges. Throws Error of the
/// setting's fault, and refuses more than 10,000 combinations.
inline std::vector<Table> sweep(Spec const& spec, std::vector<Setting> const& settings) {
  constexpr std::size_t most = 10000;
  std::vector<Table> tables(1);
  std::vector<std::string> known;
  for (auto const& parameter : spec.parameters) known.push_back(parameter.name);
  for (auto const& setting : settings) {
    auto const* parameter = spec.parameter(setting.name);
    if (parameter == nullptr)
      throw Error(setting.fault,
                  fmt::format("{} has no parameter '{}'", spec.id, abbreviated(setting.name)),
                  setting.where, suggestion(setting.name.substr(0, 64), known));
    if (find(tables.front(), setting.name) != nullptr)
      throw Error(setting.fault, fmt::format("'{}' is set twice", setting.name), setting.where,
                  fmt::format("write {0}=a,b for a sweep over both", setting.name));
    if (setting.values.size() * tables.size() > most)
      throw Error(setting.fault, fmt::format("a sweep of more than {} runs", most), setting.where,
                  "take fewer values");
    std::vector<Table> next;
    for (auto const& table : tables)
      for (auto const& value : setting.values) {
        next.push_back(table);
        next.back().push_back({setting.name,
                               checked_value(*parameter, value, setting.fault, setting.where),
                               setting.where});
      }
    tables = std::move(next);
  }
  return tables;
}

}  // namespace inpex::host
