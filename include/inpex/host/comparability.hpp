// SPDX-License-Identifier: Apache-2.0
#pragma once
// What must be the same before two figures may be compared: spec, case, figure of merit, measure,
// verification, precision, division and scaling mode. Platform, software, ranks and tuning are not
// part of it. The parts are kept apart, so that a refusal can name the one that differs.

#include <inpex/host/canonical.hpp>
#include <inpex/host/parameter.hpp>
#include <inpex/host/plan.hpp>
#include <inpex/host/sha256.hpp>
#include <inpex/host/spec.hpp>

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace inpex::host {

/// A component of the key: its name and its canonical JSON.
using KeyPart = std::pair<std::string, std::string>;

/// Rules and growth under which a case is run.
struct Conduct {
  std::string division = "reference";
  std::string scaling = "none";  ///< none, weak, strong, throughput
};

namespace detail {

inline nlohmann::json canonical_value(Value const& value) {
  return std::visit(
      [](auto const& each) -> nlohmann::json {
        if constexpr (std::is_same_v<std::decay_t<decltype(each)>, double>)
          return canonical_number(each);
        else
          return each;
      },
      value);
}

/// The case by its name and its parameters as run, but for tuning. Where memory decides the size,
/// the fraction stands for it.
inline nlohmann::json case_part(Spec const& spec, Plan const& plan) {
  nlohmann::json parameters = nlohmann::json::object();
  for (auto const& entry : plan.parameters) {
    auto const* parameter = spec.parameter(entry.name);
    bool const filled =
        plan.fill_memory && (parameter == nullptr || parameter->role == Role::scaling);
    bool const tuning = parameter != nullptr && parameter->role == Role::tuning;
    if (!tuning && !filled) parameters[entry.name] = canonical_value(entry.value);
  }
  nlohmann::json result{{"name", plan.case_name}, {"parameters", parameters}};
  if (plan.fill_memory) result["fill_memory"] = canonical_number(*plan.fill_memory);
  nlohmann::json data{{"generator", spec.generator}};
  for (auto const& datum : spec.initial_data) {
    data[datum.name] = nlohmann::json::array();
    for (auto const& element : datum.elements) data[datum.name].push_back(element.text());
    if (!datum.text.empty()) data[datum.name] = datum.text;
  }
  result["initial_data"] = data;
  return result;
}

inline nlohmann::json measure_part(Measure const& measure) {
  return {{"timed_region", measure.timed_region},
          {"excluded", measure.excluded},
          {"aggregate", measure.aggregate},
          {"warmup", measure.warmup},
          {"min_samples", measure.min_samples},
          {"max_samples", measure.max_samples},
          {"min_seconds", canonical_number(measure.min_seconds)},
          {"statistic", measure.statistic},
          {"stop",
           {{"rule", measure.stop.rule},
            {"max_noise", canonical_number(measure.stop.max_noise)},
            {"timeout_seconds", canonical_number(measure.stop.timeout_seconds)}}},
          {"interval", {{"level", measure.interval.level}, {"method", measure.interval.method}}}};
}

inline nlohmann::json verify_part(Spec const& spec, std::string_view case_name) {
  nlohmann::json result = nlohmann::json::array();
  for (auto const& check : spec.verify) {
    if (!check.applies_to(case_name)) continue;
    result.push_back({{"id", check.id},
                      {"kind", check.kind},
                      {"quantity", check.quantity},
                      {"expect", check.expect.empty() ? check.oracle : check.expect.text()},
                      {"tolerance", check.bitwise ? "bitwise" : check.tolerance.text()},
                      {"over", check.over}});
  }
  return result;
}

}  // namespace detail

/// The components of the key of a planned case, in a fixed order.
inline std::vector<KeyPart> comparability_parts(Spec const& spec, Plan const& plan,
                                                Conduct const& conduct) {
  nlohmann::json const fom{{"name", spec.fom.name},
                           {"formula", spec.fom.formula.text()},
                           {"unit", spec.fom.unit},
                           {"better", spec.fom.higher_is_better ? "higher" : "lower"}};
  nlohmann::json const precision{
      {"state", plan.precision}, {"accumulate", spec.accumulate}, {"index", spec.index}};
  return {{"spec", canonical_text(spec.id)},
          {"case", canonical_text(detail::case_part(spec, plan))},
          {"figure of merit", canonical_text(fom)},
          {"measure", canonical_text(detail::measure_part(plan.measure))},
          {"verification", canonical_text(detail::verify_part(spec, plan.case_name))},
          {"precision", canonical_text(precision)},
          {"division", canonical_text(conduct.division)},
          {"scaling mode", canonical_text(conduct.scaling)}};
}

/// SHA-256 over the components, as 64 hexadecimal digits.
inline std::string comparability_key(std::vector<KeyPart> const& parts) {
  Sha256 hash;
  for (auto const& [name, text] : parts) hash.add(name).add("\n").add(text).add("\n");
  return hash.hex();
}

}  // namespace inpex::host
