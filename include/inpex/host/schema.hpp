// SPDX-License-Identifier: Apache-2.0
#pragma once
// The JSON Schema (2020-12) of specs or suites for editors, and the table of fields for people:
// both made from the table that the validator uses. A schema knows shapes, not meanings.

#include <inpex/host/spec_fields.hpp>
#include <inpex/host/spec_shape.hpp>
#include <inpex/host/vocabulary.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace inpex::host {

namespace detail {

class SchemaWriter {
 public:
  using Json = nlohmann::ordered_json;
  explicit SchemaWriter(std::span<FieldRule const> rules) : rules_(rules) {}

  Json map(std::string const& path) const {
    Json result{{"type", "object"}};
    Json required = Json::array();
    std::string const prefix = path.empty() ? "" : path + ".";
    for (auto const& name : fields_below(rules_, path)) {
      auto const& rule = *find_rule(rules_, prefix + name);
      if (name != "*") result["properties"][name] = node(rule);
      if (rule.required) required.push_back(name);
    }
    if (!required.empty()) result["required"] = required;
    auto const* any = find_rule(rules_, prefix + "*");
    result["additionalProperties"] = any != nullptr ? node(*any) : Json(false);
    if (any != nullptr) result["propertyNames"] = {{"pattern", name_pattern}};
    return result;
  }

 private:
  static constexpr char const* name_pattern = "^[A-Za-z][A-Za-z0-9_]{0,63}$";

  static Json list(Json const& items, bool filled) {
    Json result{{"type", "array"}, {"items", items}};
    if (filled) result["minItems"] = 1;
    return result;
  }
  static Json pattern(char const* text) { return {{"type", "string"}, {"pattern", text}}; }
  static Json word(FieldRule const& rule) { return {{"enum", words_of(rule.words)}}; }
  static Json number(FieldRule const& rule) {
    Json result{{"type", rule.shape == Shape::whole ? "integer" : "number"}};
    auto const limit = [](double x) {
      return x == std::floor(x) ? Json(static_cast<std::int64_t>(x)) : Json(x);
    };
    if (rule.low) result["minimum"] = limit(*rule.low);
    if (rule.high) result["maximum"] = limit(*rule.high);
    return result;
  }

  // The shapes up to Shape::format.
  static Json text(Shape shape) {
    switch (shape) {
    case Shape::name:
      return pattern(name_pattern);
    case Shape::label:
      return pattern("^[A-Za-z][A-Za-z0-9_-]{0,63}$");
    case Shape::id:
      return pattern("^[a-z][a-z0-9_]{0,63}\\.[a-z][a-z0-9_]{0,63}$");
    case Shape::semver:
      return pattern("^(0|[1-9][0-9]{0,5})\\.(0|[1-9][0-9]{0,5})\\.(0|[1-9][0-9]{0,5})$");
    case Shape::format:
      return {{"const", "1.0"}};
    default:
      return {{"type", "string"}, {"minLength", 1}};
    }
  }

  Json node(FieldRule const& rule) const {
    Json result = shape(rule);
    result["description"] = rule.sentence;
    return result;
  }

  Json shape(FieldRule const& rule) const {
    if (rule.shape <= Shape::format) return text(rule.shape);
    Json scalar{{"type", {"number", "string", "boolean"}}};
    Json formula{{"type", {"number", "string"}}};
    switch (rule.shape) {
    case Shape::word:
      return word(rule);
    case Shape::word_or_words:
      return {{"anyOf", {word(rule), list(word(rule), true)}}};
    case Shape::texts:
      return list(text(Shape::text), false);
    case Shape::names:
      return list(text(Shape::label), false);
    case Shape::words:
      return list(word(rule), false);
    case Shape::whole:
    case Shape::number:
      return number(rule);
    case Shape::scalar:
      return scalar;
    case Shape::scalars:
      return list(scalar, false);
    case Shape::sweep:
      return {{"anyOf", {scalar, list(scalar, false)}}};
    case Shape::formula:
      return formula;
    case Shape::rows:
      return {{"anyOf", {formula, list({{"anyOf", {formula, list(formula, true)}}}, true)}}};
    case Shape::map:
      return map(std::string(rule.like.empty() ? rule.path : rule.like));
    case Shape::list:
      return elements(rule);
    case Shape::word_or_map:
      return {{"anyOf", {word(rule), map(std::string(rule.path))}}};
    default:
      return {};
    }
  }

  Json elements(FieldRule const& rule) const {
    auto const path = std::string(rule.path) + "[]";
    auto const* element = find_rule(rules_, path);
    return list(element != nullptr ? node(*element) : map(path), true);
  }

  std::span<FieldRule const> rules_;
};

}  // namespace detail

/// The schema of a file with these fields, as indented JSON with a newline at its end.
inline std::string json_schema(std::span<FieldRule const> rules, std::string_view title) {
  nlohmann::ordered_json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                                {"title", title}};
  schema.update(detail::SchemaWriter(rules).map(""));
  return schema.dump(2) + "\n";
}

/// The fields as a Markdown table: N is normative and enters the digest, I is informative.
inline std::string markdown_fields(std::span<FieldRule const> rules) {
  std::string result = "| field | | write | what it holds |\n|---|---|---|---|\n";
  for (auto const& rule : rules) {
    auto const* top = find_rule(rules, rule.path.substr(0, rule.path.find_first_of(".[")));
    result += fmt::format("| `{}` | {} | {} | {}{} |\n", rule.path, top->normative ? "N" : "I",
                          rule.like.empty() ? expected(rule)
                                            : fmt::format("the fields of `{}`", rule.like),
                          rule.sentence, rule.required ? " (required)" : "");
  }
  return result;
}

/// The controlled vocabularies that these fields name, as a Markdown table.
inline std::string markdown_words(std::span<FieldRule const> rules) {
  std::string result = "| vocabulary | words |\n|---|---|\n";
  std::vector<std::string_view> told;
  for (auto const& rule : rules) {
    if (rule.words.empty() || std::find(told.begin(), told.end(), rule.words) != told.end())
      continue;
    told.push_back(rule.words);
    result += fmt::format("| {} | {} |\n", rule.words, fmt::join(words_of(rule.words), ", "));
  }
  return result;
}

}  // namespace inpex::host
