// SPDX-License-Identifier: Apache-2.0
#pragma once
// Machines as YAML: block style, a line for each ceiling, so that a person can read and compare
// them. What is written reads back to the same bits.

#include <inpex/host/json_text.hpp>
#include <inpex/host/machine.hpp>
#include <inpex/host/yaml.hpp>

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace inpex::host {

namespace detail {

using Json = nlohmann::ordered_json;

/// Whether YAML reads the text as itself without quotes: words, and nothing that could be a number.
inline bool is_plain(std::string const& text) {
  auto const letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (text.empty() || !letter(text.front()) || text.back() == ' ') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool const inner =
        text[i] == ' ' || text[i] == '.' || text[i] == '/' || text[i] == '_' || text[i] == '-';
    if (!letter(text[i]) && !(text[i] >= '0' && text[i] <= '9') && !inner) return false;
  }
  return lower(text) != "true" && lower(text) != "false" && lower(text) != "null" &&
         refused_scalar(text).first.empty();
}

/// A value on one line: maps and lists in flow style. A text in quotes is JSON's, which YAML reads
/// alike.
inline std::string flow_style(Json const& value) {
  if (value.is_string())
    return is_plain(value.get<std::string>()) ? value.get<std::string>() : value.dump();
  if (value.is_number_float()) return json_text(value.get<double>());
  if (!value.is_structured()) return value.dump();
  std::string text;
  for (auto const& [name, item] : value.items())
    text += (text.empty() ? "" : ", ") + (value.is_object() ? name + ": " : "") + flow_style(item);
  return value.is_object() ? "{" + text + "}" : "[" + text + "]";
}

/// A map in block style, `indent` blanks deep; its lists of maps have a line for each element.
inline std::string block(Json const& map, std::size_t indent) {
  std::string const margin(indent, ' ');
  std::string text;
  for (auto const& [name, value] : map.items()) {
    text += margin + name + ":";
    if (value.is_object() && !value.empty()) {
      text += "\n" + block(value, indent + 2);
    } else if (value.is_array() && !value.empty() && value.front().is_object()) {
      text += "\n";
      for (auto const& each : value) text += margin + "  - " + flow_style(each) + "\n";
    } else {
      text += " " + flow_style(value) + "\n";
    }
  }
  return text;
}

inline Json json_of(Yaml const& node) {
  if (node.kind == Yaml::Kind::map || node.kind == Yaml::Kind::list) {
    Json value = node.kind == Yaml::Kind::map ? Json::object() : Json::array();
    for (auto const& item : node.items) {
      if (node.kind == Yaml::Kind::map)
        value[item.key] = json_of(item);
      else
        value.push_back(json_of(item));
    }
    return value;
  }
  if (node.kind == Yaml::Kind::null) return nullptr;
  bool const json_word = node.text == "true" || node.text == "false";
  if (node.plain && (json_word || number_form(node.text).number)) return Json::parse(node.text);
  return node.text;
}

}  // namespace detail

/// The machine as the text of a machine.yaml.
inline std::string machine_text(Machine const& machine) {
  return "# What this machine is, and what it can do at best; written by `inpex machine`.\n" +
         detail::block(detail::Json::parse(json_text(machine)), 0);
}

/// The machine of such a text. Throws Error (spec or inconclusive) that names the place in `file`.
inline Machine read_machine(std::string const& text, std::string const& file) {
  Findings findings(file);
  Yaml const tree = read_yaml(text, findings);
  findings.raise();
  auto machine = JsonReader(file).read<Machine>(detail::json_of(tree));
  if (machine.inpex_machine != Machine{}.inpex_machine)
    throw Error(Fault::spec, "it has format '" + machine.inpex_machine + "'", file,
                "this inpex reads format " + Machine{}.inpex_machine +
                    "; measure the machine again with `inpex machine`");
  return machine;
}

}  // namespace inpex::host
