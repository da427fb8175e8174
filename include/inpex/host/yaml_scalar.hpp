// SPDX-License-Identifier: Apache-2.0
#pragma once
// A node of a YAML tree, and what a scalar is: numbers are JSON's (decimal, finite, 0.5 and not
// .5), booleans are true and false, all else is text. Only plain scalars are numbers: "1" is text.

#include <inpex/host/printable.hpp>
#include <inpex/host/spec_errors.hpp>

#include <cctype>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace inpex::host {

/// A node and, inside a map, its key.
struct Yaml {
  enum class Kind { null, scalar, list, map };
  Kind kind = Kind::null;
  std::string text = {};  ///< of a scalar
  bool plain = false;     ///< a scalar without quotes
  bool one_line = true;   ///< the text stands in the file letter by letter
  Place place = {};
  bool refused = false;  ///< already reported
  std::string key = {};
  Place key_place = {};
  std::vector<Yaml> items = {};  ///< of a list or a map, in order

  /// The value of a map's key, or nullptr.
  [[nodiscard]] Yaml const* find(std::string_view name) const {
    if (kind != Kind::map) return nullptr;
    for (auto const& item : items)
      if (item.key == name) return &item;
    return nullptr;
  }
  /// Place of the first letter inside quotes, if there are any.
  [[nodiscard]] Place text_place() const {
    return plain || !one_line ? place : Place{place.line, place.column + 1};
  }
};

/// A word from the user's file, short enough for a message.
inline std::string abbreviated(std::string_view text) {
  std::string result;
  for (char const letter : text.substr(0, 60)) result += letter == '\n' ? ' ' : letter;
  while (!result.empty() && text.size() > 60 &&
         (static_cast<unsigned char>(result.back()) & 0xC0U) == 0x80)
    result.pop_back();
  return printable(text.size() > 60 ? result + "..." : result);
}

namespace detail {

constexpr bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

/// -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?, JSON's number.
struct NumberForm {
  bool number = false;
  bool whole = false;
};

inline NumberForm number_form(std::string_view text) {
  std::size_t at = 0;
  auto const peek = [&] { return at < text.size() ? text[at] : '\0'; };
  auto const digits = [&] {
    auto const start = at;
    while (is_digit(peek())) ++at;
    return at - start;
  };
  if (peek() == '-') ++at;
  bool const zero = peek() == '0';
  auto const whole_digits = digits();
  if (whole_digits == 0 || (zero && whole_digits > 1)) return {};
  bool whole = true;
  if (peek() == '.') {
    ++at, whole = false;
    if (digits() == 0) return {};
  }
  if (peek() == 'e' || peek() == 'E') {
    ++at, whole = false;
    if (peek() == '+' || peek() == '-') ++at;
    if (digits() == 0) return {};
  }
  return {at == text.size(), whole};
}

inline std::string lower(std::string_view text) {
  std::string result;
  for (char const letter : text)
    result += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return result;
}

/// A plain scalar that YAML's versions read differently: the problem and the hint, or two "".
inline std::pair<std::string, std::string> refused_scalar(std::string_view text) {
  if (text.size() > 40) return {};
  std::string const word = lower(text);
  if (word == "yes" || word == "no" || word == "on" || word == "off")
    return {"'" + std::string(text) + "' is a boolean in some versions of YAML",
            "write true or false, or put it in quotes"};
  if ((word == "true" || word == "false") && text != word)
    return {"'" + std::string(text) + "'", "write " + word};
  std::string_view digits = word;
  if (!digits.empty() && (digits[0] == '-' || digits[0] == '+')) digits.remove_prefix(1);
  if (digits == ".inf" || digits == ".nan")
    return {"'" + std::string(text) + "' is not a finite number", "write a finite number"};
  if (digits.size() < 2 || digits[0] != '0') return {};
  if (digits[1] == 'x' || digits[1] == 'o' || digits[1] == 'b')
    return {"'" + std::string(text) + "' is not decimal", "write numbers in decimal"};
  if (digits.find_first_not_of("0123456789") == std::string_view::npos)
    return {"'" + std::string(text) + "' is octal in some versions of YAML",
            "write it without the leading 0, or in quotes"};
  return {};
}

}  // namespace detail

/// The whole number that a plain scalar is, if it is one that 64 bits hold.
inline std::optional<std::int64_t> as_whole(Yaml const& node) {
  if (node.kind != Yaml::Kind::scalar || !node.plain || !detail::number_form(node.text).whole)
    return {};
  std::int64_t value = 0;
  auto const [end, error] =
      std::from_chars(node.text.data(), node.text.data() + node.text.size(), value);
  if (error != std::errc{} || end != node.text.data() + node.text.size()) return {};
  return value;
}

/// The finite number that a plain scalar is.
inline std::optional<double> as_number(Yaml const& node) {
  if (node.kind != Yaml::Kind::scalar || !node.plain || !detail::number_form(node.text).number)
    return {};
  double value = 0;
  auto const [end, error] =
      std::from_chars(node.text.data(), node.text.data() + node.text.size(), value);
  if (error != std::errc{} || end != node.text.data() + node.text.size()) return {};
  return value;
}

/// true or false.
inline std::optional<bool> as_bool(Yaml const& node) {
  if (node.kind != Yaml::Kind::scalar || !node.plain) return {};
  if (node.text == "true") return true;
  if (node.text == "false") return false;
  return {};
}

/// Whether a scalar is text: in quotes, or neither a number nor a boolean.
inline bool is_text(Yaml const& node) {
  return node.kind == Yaml::Kind::scalar &&
         (!node.plain || (!detail::number_form(node.text).number && !as_bool(node)));
}

/// What a node is, as messages say it.
inline std::string described(Yaml const& node) {
  switch (node.kind) {
  case Yaml::Kind::null:
    return "nothing";
  case Yaml::Kind::list:
    return "a list";
  case Yaml::Kind::map:
    return "a map";
  case Yaml::Kind::scalar:
    break;
  }
  if (as_bool(node)) return "the boolean " + node.text;
  if (node.plain && detail::number_form(node.text).number)
    return "the number " + abbreviated(node.text);
  return "'" + abbreviated(node.text) + "'";
}

}  // namespace inpex::host
