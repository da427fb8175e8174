// SPDX-License-Identifier: Apache-2.0
#pragma once
// From a tree whose shape was checked to the structs of a Spec. What is refused already is passed
// over; formulas that do not parse and values that no parameter takes are added to the findings.
// Here stand the parts that know of each other by name; spec_parts.hpp reads the others.

#include <inpex/host/parameter.hpp>
#include <inpex/host/spec_parts.hpp>
#include <inpex/host/vocabulary.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace inpex::host::detail {

/// Reads one spec.
class SpecReader : SpecParts {
 public:
  SpecReader(Yaml const& root, Findings& findings) : SpecParts(findings), root_(root) {}

  Spec read() {
    spec_.file = findings_.file();
    heading();
    for_each(root_.find("parameters"), [&](Yaml const& item) { parameter(item); });
    for_each(root_.find("choices"), [&](Yaml const& item) { spec_.choices.push_back(item.key); });
    if (auto const* data = usable(root_.find("initial_data"))) initial_data(*data);
    precision(root_.find("precision"));
    spec_.measure = measure(root_.find("measure"), {});
    for_each(root_.find("cases"), [&](Yaml const& item) { one_case(item); });
    if (auto const* node = usable(root_.find("work"))) spec_.work = work(*node);
    if (auto const* node = usable(root_.find("audit"))) audit(*node);
    if (auto const* node = usable(root_.find("fom")))
      spec_.fom = {text(node->find("name")), formula(node->find("formula")),
                   text(node->find("unit")), text(node->find("better")) == "higher",
                   text(node->find("passed_as"))};
    for_each(root_.find("secondary"), [&](Yaml const& item) {
      spec_.secondary.push_back({item.key, formula(item.find("formula")), text(item.find("unit"))});
    });
    if (auto const* node = usable(root_.find("functional_unit")))
      spec_.functional_unit = {text(node->find("name")), formula(node->find("formula"))};
    for_each(root_.find("verify"), [&](Yaml const& item) { spec_.verify.push_back(check(item)); });
    for_each(root_.find("scaling"),
             [&](Yaml const& item) { spec_.scaling.push_back(scaling(item)); });
    for_each(root_.find("divisions"),
             [&](Yaml const& item) { spec_.divisions.push_back(division(item)); });
    energy(root_.find("energy"));
    return std::move(spec_);
  }

 private:
  void heading() {
    spec_.inpex_spec = text(root_.find("inpex_spec"));
    spec_.id = text(root_.find("id"));
    spec_.version = text(root_.find("version"));
    spec_.status = text(root_.find("status"));
    spec_.title = text(root_.find("title"));
    spec_.summary = text(root_.find("summary"));
    spec_.motif = text(root_.find("motif"));
    spec_.problem = text(root_.find("problem"));
    spec_.tags = texts(root_.find("tags"));
    spec_.proxy_for = texts(root_.find("proxy_for"));
    spec_.represents = texts(root_.find("represents"));
    spec_.does_not_represent = texts(root_.find("does_not_represent"));
    spec_.cite = texts(root_.find("cite"));
    spec_.do_not_optimise = texts(root_.find("do_not_optimise"));
    if (auto const* teach = usable(root_.find("teach"))) {
      spec_.objectives = texts(teach->find("objectives"));
      spec_.exercises = texts(teach->find("exercises"));
    }
  }

  void parameter(Yaml const& item) {
    for (auto const name : frame_names)
      if (item.key == name)
        findings_.add(item.key_place, "'" + item.key + "' is a name that formulas know already",
                      "take another name");
    for (auto const name : reserved_names)
      if (item.key == name)
        findings_.add(item.key_place, "'" + item.key + "' cannot be a parameter's name",
                      "take another name");
    Parameter result;
    result.name = item.key;
    result.type = text(item.find("type"), "int");
    auto const role = text(item.find("role"));
    result.role = role == "scaling" ? Role::scaling : role == "tuning" ? Role::tuning : Role::fixed;
    result.unit = text(item.find("unit"));
    result.summary = text(item.find("summary"));
    result.where = where(findings_.file(), item.key_place);
    if (result.role == Role::scaling && result.type != "int")
      findings_.add(item.key_place, "'" + item.key + "' has the role scaling, but is no int",
                    "write type: int");
    if (auto const* node = usable(item.find("multiple")))
      result.multiple = as_whole(*node).value_or(1);
    range(result, item);
    if (auto const* node = usable(item.find("allowed")))
      for (auto const& each : node->items) add_to(&Parameter::allowed, result, each);
    if (auto const* node = usable(item.find("open")))
      for (auto const& each : node->items) add_to(&Parameter::open, result, each);
    if (auto const* node = usable(item.find("candidates")))
      for (auto const& each : node->items) add_to(&Parameter::candidates, result, each);
    if (auto const* node = usable(item.find("default"))) result.fallback = value(result, *node);
    spec_.parameters.push_back(std::move(result));
  }

  void range(Parameter& parameter, Yaml const& item) {
    for (auto* limit : {&parameter.min, &parameter.max}) {
      auto const* node = usable(item.find(limit == &parameter.min ? "min" : "max"));
      if (node == nullptr) continue;
      if (parameter.type != "int" && parameter.type != "real")
        findings_.add(node->place, "a range of a " + parameter.type,
                      "remove it, or list what is allowed");
      else if (auto limit_value = typed(parameter, *node))
        *limit = std::move(limit_value);
      else
        findings_.add(node->place, described(*node) + " as the limit of an int",
                      typed_expectation(parameter));
    }
    if (parameter.min && parameter.max)
      if (auto const [problem, hint] = refusal(parameter, *parameter.min); !problem.empty())
        findings_.add(item.find("max")->place, "max is below min, so that no value is left",
                      "write a larger one");
  }

  // A value of `allowed` need only be in the range, one of `open` or `candidates` must be allowed
  // too.
  void add_to(std::vector<Value> Parameter::*list, Parameter& parameter, Yaml const& scalar) {
    if (scalar.refused) return;
    Parameter rule = parameter;
    if (list == &Parameter::allowed) rule.allowed.clear();
    if (auto each = value(rule, scalar)) (parameter.*list).push_back(*std::move(each));
  }

  std::optional<Value> value(Parameter const& parameter, Yaml const& scalar) {
    try {
      return checked_value(parameter, scalar, Fault::spec, where(findings_.file(), scalar.place));
    } catch (Error const& error) {
      findings_.add(error);
      return {};
    }
  }

  void initial_data(Yaml const& node) {
    spec_.generator = text(node.find("generator"));
    for (auto const& item : node.items) {
      if (item.key == "generator" || item.refused) continue;
      if (spec_.parameter(item.key) != nullptr)
        findings_.add(item.key_place, "'" + item.key + "' is a parameter as well",
                      "take another name");
      InitialDatum datum;
      datum.name = item.key;
      datum.list = item.kind == Yaml::Kind::list;
      datum.where = where(findings_.file(), item.place);
      bool const word =
          item.kind == Yaml::Kind::scalar && is_text(item) && is_name(item.text, true);
      if (word && spec_.parameter(item.text) == nullptr)
        datum.text = item.text;
      else
        flatten(datum, item);
      spec_.initial_data.push_back(std::move(datum));
    }
  }

  void flatten(InitialDatum& datum, Yaml const& node) {
    if (node.refused) return;
    if (node.kind == Yaml::Kind::scalar) datum.elements.push_back(formula(&node));
    for (auto const& item : node.items) {
      bool const ragged = item.items.size() != node.items.front().items.size() ||
                          item.kind != node.items.front().kind;
      if (ragged && !item.refused && !node.items.front().refused)
        findings_.add(item.place, "a row of " + std::to_string(item.items.size()) + " numbers",
                      "the first row has " + std::to_string(node.items.front().items.size()));
      flatten(datum, item);
    }
  }

  void precision(Yaml const* node) {
    if (usable(node) == nullptr) return;
    if (auto const* state = usable(node->find("state"))) {
      if (state->kind == Yaml::Kind::scalar)
        spec_.precisions = {state->text};
      else
        spec_.precisions = texts(state);
      for (std::size_t i = 0; i < state->items.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
          if (state->items[i].text == state->items[j].text && !state->items[i].refused)
            findings_.add(state->items[i].place, "'" + state->items[i].text + "' stands twice",
                          "remove one");
    }
    spec_.accumulate = text(node->find("accumulate"), "same");
    spec_.index = text(node->find("index"), "int64");
  }

  void one_case(Yaml const& item) {
    CaseSpec result;
    result.name = item.key;
    result.summary = text(item.find("summary"));
    result.where = where(findings_.file(), item.key_place);
    if (auto const* fraction = usable(item.find("fill_memory")))
      result.fill_memory = as_number(*fraction);
    result.measure = measure(item.find("measure"), spec_.measure);
    for (auto const& each : item.items)
      if (!each.refused && each.key != "summary" && each.key != "fill_memory" &&
          each.key != "measure")
        case_parameter(result, each);
    for (auto const& parameter : spec_.parameters) {
      bool const filled = result.fill_memory && parameter.role == Role::scaling;
      bool const defaulted =
          root_.find("parameters")->find(parameter.name)->find("default") != nullptr;
      if (item.find(parameter.name) == nullptr && !defaulted && !filled)
        findings_.add(item.key_place,
                      "the case '" + item.key + "' gives no value to '" + parameter.name + "'",
                      "write it here, or give the parameter a default");
    }
    spec_.cases.push_back(std::move(result));
  }

  void audit(Yaml const& node) {
    spec_.audit.let = named_formulas(node.find("let"));
    for_each(node.find("sizes"), [&](Yaml const& item) {
      CaseSpec size;
      size.where = where(findings_.file(), item.place);
      for (auto const& each : item.items)
        if (!each.refused) case_parameter(size, each);
      spec_.audit.sizes.push_back(std::move(size));
    });
    for_each(node.find("phases"),
             [&](Yaml const& item) { spec_.audit.phases.push_back(audit_phase(item)); });
  }

  void case_parameter(CaseSpec& result, Yaml const& item) {
    auto const* parameter = spec_.parameter(item.key);
    if (parameter == nullptr) {
      std::vector<std::string> known{"summary", "fill_memory", "measure"};
      for (auto const& each : spec_.parameters) known.push_back(each.name);
      findings_.add(item.key_place, "unknown parameter '" + abbreviated(item.key) + "'",
                    suggestion(item.key, known));
    } else if (result.fill_memory && parameter->role == Role::scaling) {
      findings_.add(item.key_place,
                    "'" + item.key + "' stands beside fill_memory, which decides it",
                    "remove one of them");
    } else if (auto each = value(*parameter, item)) {
      put(result.parameters, item.key, *std::move(each), where(findings_.file(), item.place));
    }
  }

  void energy(Yaml const* node) {
    if (usable(node) == nullptr) return;
    spec_.energy.min_window_seconds =
        number(node->find("min_window_seconds"), spec_.energy.min_window_seconds);
    spec_.energy.min_updates = whole(node->find("min_updates"), spec_.energy.min_updates);
  }

  Yaml const& root_;
  Spec spec_;
};

}  // namespace inpex::host::detail
