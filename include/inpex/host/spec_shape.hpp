// SPDX-License-Identifier: Apache-2.0
#pragma once
// Holds a YAML tree against a table of fields: unknown and missing fields, and values of another
// shape. What is wrong is added to the findings and marked as refused in the tree, so that whoever
// reads on passes over it.

#include <inpex/host/spec_fields.hpp>
#include <inpex/host/vocabulary.hpp>
#include <inpex/host/yaml_scalar.hpp>
#include <inpex/nearest.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace inpex::host {

/// Whether a word is a letter, then letters, digits and _ (and - for a label); at most 64 of them.
inline bool is_name(std::string_view word, bool label = false) {
  if (word.empty() || word.size() > 64) return false;
  auto const is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (!is_letter(word[0])) return false;
  return std::all_of(word.begin(), word.end(), [&](char c) {
    return is_letter(c) || detail::is_digit(c) || c == '_' || (label && c == '-');
  });
}

/// Whether a word is family.app, of small letters, digits and _.
inline bool is_app_id(std::string_view word) {
  auto const dot = word.find('.');
  if (dot == std::string_view::npos) return false;
  auto const part = [](std::string_view name) {
    return is_name(name) &&
           std::none_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  };
  return part(word.substr(0, dot)) && part(word.substr(dot + 1));
}

/// Whether a word is major.minor.patch, each without a leading 0 and of at most 6 digits.
inline bool is_semver(std::string_view word) {
  int parts = 0;
  while (true) {
    auto const end = std::min(word.find('.'), word.size());
    auto const part = word.substr(0, end);
    if (part.size() > 6 || !detail::number_form(part).whole || part[0] == '-') return false;
    ++parts;
    if (end == word.size()) return parts == 3;
    word.remove_prefix(end + 1);
  }
}

/// The fields of a map, by the path of the map; "*" stands for any name.
inline std::vector<std::string> fields_below(std::span<FieldRule const> rules,
                                             std::string_view path) {
  std::vector<std::string> result;
  std::string const prefix = path.empty() ? "" : std::string(path) + ".";
  for (auto const& rule : rules) {
    if (rule.path.substr(0, prefix.size()) != prefix) continue;
    auto const rest = rule.path.substr(prefix.size());
    if (rest.find_first_of(".[") == std::string_view::npos) result.emplace_back(rest);
  }
  return result;
}

/// What may be written, in words.
inline std::string expected(FieldRule const& rule) {
  constexpr std::string_view words[] = {// in the order of Shape
                                        "text; numbers go in quotes",
                                        "a name: a letter, then letters, digits and _",
                                        "a name: a letter, then letters, digits, _ and -",
                                        "family.app in small letters",
                                        "a version such as 1.0.0",
                                        "\"1.0\", in quotes",
                                        "a word",
                                        "a word, or a list of them,",
                                        "a list of texts",
                                        "a list of names",
                                        "a list of words",
                                        "a whole number",
                                        "a number",
                                        "a number, a text or a boolean",
                                        "a list of numbers or texts",
                                        "a number, a text or a boolean, or a list of them",
                                        "a number or a formula",
                                        "a number, a list of numbers, or a list of such lists",
                                        "fields: 'name: value'",
                                        "a list: '- name: value'",
                                        "fields, or a word"};
  std::string text(words[static_cast<std::size_t>(rule.shape)]);
  if (!rule.words.empty()) text += fmt::format(" of the vocabulary '{}'", rule.words);
  if (rule.low) text += fmt::format(" from {}", *rule.low);
  if (rule.high) text += fmt::format(" to {}", *rule.high);
  return text;
}

namespace detail {

class ShapeCheck {
 public:
  ShapeCheck(std::span<FieldRule const> rules, Findings& findings)
      : rules_(rules), findings_(findings) {}

  void map(Yaml& node, std::string const& path) {
    auto const known = fields_below(rules_, path);
    for (auto& item : node.items)
      if (!findings_.full()) field(item, path, known);
    for (auto const& name : known) {
      auto const* rule = find_rule(rules_, path.empty() ? name : path + "." + name);
      if (rule->required && node.find(name) == nullptr)
        findings_.add(node.key.empty() ? node.place : node.key_place,
                      "'" + name + "' is missing" +
                          (path.empty() ? "" : " in '" + node_name(node) + "'"),
                      "write " + name + ": " + std::string(rule->sentence));
    }
  }

 private:
  static std::string node_name(Yaml const& node) {
    return node.key.empty() ? "this entry" : abbreviated(node.key);
  }

  void refuse(Yaml& node, FieldRule const& rule) {
    auto const name = node.key.empty() ? "an element" : "'" + abbreviated(node.key) + "'";
    findings_.add(node.place, name + " is " + described(node), "write " + expected(rule));
    node.refused = true;
  }

  void field(Yaml& item, std::string const& path, std::vector<std::string> const& known) {
    std::string const prefix = path.empty() ? "" : path + ".";
    auto const* rule = item.key == "*" ? nullptr : find_rule(rules_, prefix + item.key);
    auto const* any = find_rule(rules_, prefix + "*");
    if (item.key.find_first_of(".[") != std::string::npos) rule = nullptr;
    if (rule == nullptr && any == nullptr) {
      findings_.add(item.key_place, "unknown field '" + abbreviated(item.key) + "'",
                    suggestion(std::string_view(item.key).substr(0, 64), known));
      item.refused = true;
    } else if (rule == nullptr && !is_name(item.key)) {
      findings_.add(item.key_place, "'" + abbreviated(item.key) + "' is no name",
                    "write a letter, then letters, digits and _, at most 64");
      item.refused = true;
    } else if (!item.refused) {
      node(item, rule != nullptr ? *rule : *any);
    }
  }

  void word(Yaml& node, std::string_view vocabulary, FieldRule const& rule) {
    if (!is_text(node)) return refuse(node, rule);
    if (is_word_of(vocabulary, node.text)) return;
    findings_.add(node.place,
                  "unknown " + std::string(vocabulary) + " '" + abbreviated(node.text) + "'",
                  suggestion(std::string_view(node.text).substr(0, 64), words_of(vocabulary)));
    node.refused = true;
  }

  void number(Yaml& node, FieldRule const& rule) {
    auto const value = as_number(node);
    bool const whole = rule.shape != Shape::whole || as_whole(node).has_value();
    if (!value || !whole || (rule.low && *value < *rule.low) || (rule.high && *value > *rule.high))
      refuse(node, rule);
  }

  void elements(Yaml& node, FieldRule const& rule) {
    if (node.kind != Yaml::Kind::list) return refuse(node, rule);
    for (auto& item : node.items) {
      if (item.refused) continue;
      bool good = true;
      if (rule.shape == Shape::words || rule.shape == Shape::word_or_words)
        word(item, rule.words, rule);
      if (rule.shape == Shape::texts) good = is_text(item) && !item.text.empty();
      if (rule.shape == Shape::names) good = is_text(item) && is_name(item.text, true);
      if (rule.shape == Shape::scalars || rule.shape == Shape::sweep)
        good = item.kind == Yaml::Kind::scalar && !item.text.empty();
      if (!good) refuse(item, rule);
    }
  }

  void rows(Yaml& node, FieldRule const& rule, int depth) {
    if (node.refused) return;
    if (node.kind == Yaml::Kind::list && depth < 2 && !node.items.empty()) {
      for (auto& item : node.items) rows(item, rule, depth + 1);
      return;
    }
    if (node.kind != Yaml::Kind::scalar || node.text.empty() || as_bool(node)) refuse(node, rule);
  }

  void list(Yaml& node, FieldRule const& rule) {
    if (node.kind != Yaml::Kind::list || node.items.empty()) return refuse(node, rule);
    std::string const path = std::string(rule.path) + "[]";
    auto const* element = find_rule(rules_, path);
    for (auto& item : node.items) {
      if (item.refused || findings_.full()) continue;
      if (element != nullptr && item.kind != Yaml::Kind::map)
        word(item, element->words, *element);
      else if (item.kind != Yaml::Kind::map)
        refuse(item, rule);
      else
        map(item, path);
    }
  }

  // Whether a text is as one of the shapes up to Shape::format wants it.
  static bool fits(std::string const& text, Shape shape) {
    switch (shape) {
    case Shape::name:
      return is_name(text);
    case Shape::label:
      return is_name(text, true);
    case Shape::id:
      return is_app_id(text);
    case Shape::semver:
      return is_semver(text);
    case Shape::format:
      return text == "1.0";
    default:
      return !text.empty();
    }
  }

  void node(Yaml& node, FieldRule const& rule) {
    if (rule.shape <= Shape::format) {
      if (!is_text(node) || !fits(node.text, rule.shape)) refuse(node, rule);
      return;
    }
    switch (rule.shape) {
    case Shape::word:
      return word(node, rule.words, rule);
    case Shape::word_or_words:
      if (node.kind != Yaml::Kind::list) return word(node, rule.words, rule);
      if (node.items.empty()) return refuse(node, rule);
      return elements(node, rule);
    case Shape::whole:
    case Shape::number:
      return number(node, rule);
    case Shape::sweep:
      if (node.kind == Yaml::Kind::list) return elements(node, rule);
      [[fallthrough]];
    case Shape::scalar:
      if (node.kind != Yaml::Kind::scalar || node.text.empty()) refuse(node, rule);
      return;
    case Shape::formula:
      if (node.kind != Yaml::Kind::scalar || node.text.empty() || as_bool(node)) refuse(node, rule);
      return;
    case Shape::rows:
      return rows(node, rule, 0);
    case Shape::map:
      if (node.kind != Yaml::Kind::map) return refuse(node, rule);
      return map(node, std::string(rule.like.empty() ? rule.path : rule.like));
    case Shape::list:
      return list(node, rule);
    case Shape::word_or_map:
      return word(node, rule.words, rule);
    default:
      return elements(node, rule);
    }
  }

  std::span<FieldRule const> rules_;
  Findings& findings_;
};

}  // namespace detail

/// Checks a whole file; its root must be a map.
inline void check_shape(Yaml& root, std::span<FieldRule const> rules, Findings& findings) {
  if (root.kind == Yaml::Kind::map) return detail::ShapeCheck(rules, findings).map(root, "");
  if (findings.empty())
    findings.add(root.place, "the file is " + described(root), "write fields: 'name: value'");
}

}  // namespace inpex::host
