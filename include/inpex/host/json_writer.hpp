// SPDX-License-Identifier: Apache-2.0
#pragma once
// JSON from structs that list their fields (fields.hpp): one line, keys in the order of the fields,
// numbers as the shortest text that reads back to the same bits. What is empty is left out.
// JSON has no NaN and no infinity: they are written as the texts "nan", "inf" and "-inf".

#include <inpex/fields.hpp>
#include <inpex/value.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

namespace inpex::host {

/// A struct that lists its fields.
template <class T>
concept Group = requires {
  T::fields();
};

/// An enumeration with a word for each value.
template <class T>
concept Worded = std::is_enum_v<T> && requires(T e) {
  words(e);
};

/// Writes values one after another into a text.
class JsonWriter {
 public:
  std::string text;

  void write(bool value) { text += value ? "true" : "false"; }
  void write(std::int64_t value) { text += std::to_string(value); }
  void write(double value) {
    if (std::isnan(value)) return write(std::string("nan"));
    if (std::isinf(value)) return write(std::string(value > 0 ? "inf" : "-inf"));
    std::array<char, 32> digits{};
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    std::string_view const shortest(digits.data(), static_cast<std::size_t>(end - digits.data()));
    text += shortest;
    if (shortest.find_first_of(".e") == std::string_view::npos) text += ".0";  // stays a real
  }
  /// Bytes that are no UTF-8 become U+FFFD.
  void write(std::string const& value) {
    bool const plain = std::all_of(value.begin(), value.end(), [](char each) {
      return each >= ' ' && each <= '~' && each != '"' && each != '\\';
    });
    if (plain) {  // nearly all texts: many times faster
      text += '"';
      text += value;
      text += '"';
      return;
    }
    text += nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  void write(Value const& value) {
    std::visit([this](auto const& each) { write(each); }, value);
  }
  void write(Table const& table) {
    char before = '{';
    for (auto const& entry : table) key(before, entry.name), write(entry.value);
    text += before == '{' ? "{}" : "}";
  }
  template <Worded T>
  void write(T value) {
    write(std::string(words(value)[static_cast<std::size_t>(value)]));
  }
  template <class T>
  void write(std::optional<T> const& value) {
    write(*value);
  }
  template <class T>
  void write(std::vector<T> const& values) {
    char before = '[';
    for (auto const& each : values) {
      text += before;
      before = ',';
      write(each);
    }
    text += before == '[' ? "[]" : "]";
  }
  template <Group T>
  void write(T const& group) {
    char before = '{';
    auto const write_one = [&](auto const& f) {
      if (!absent(group.*(f.member))) key(before, f.name), write(group.*(f.member));
    };
    std::apply([&](auto const&... f) { (write_one(f), ...); }, T::fields());
    text += before == '{' ? "{}" : "}";
  }

 private:
  void key(char& before, std::string_view name) {
    text += before;
    before = ',';
    write(std::string(name));
    text += ':';
  }
  template <class T>
  static bool absent(T const& value) {
    if constexpr (Group<T>)
      return std::apply([&](auto const&... f) { return (absent(value.*(f.member)) && ...); },
                        T::fields());
    else if constexpr (requires { value.empty(); })
      return value.empty();
    else if constexpr (requires { value.has_value(); })
      return !value.has_value();
    else
      return false;
  }
};

}  // namespace inpex::host
