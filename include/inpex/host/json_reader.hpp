// SPDX-License-Identifier: Apache-2.0
#pragma once
// Structs that list their fields (fields.hpp) from JSON as json_writer.hpp writes it. Strict:
// unknown keys, wrong types, empty texts and missing numbers are errors that name the field.

#include <inpex/error.hpp>
#include <inpex/fields.hpp>
#include <inpex/host/json_writer.hpp>
#include <inpex/host/printable.hpp>
#include <inpex/nearest.hpp>
#include <inpex/value.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace inpex::host {

/// Reads a struct from a parsed text; `place` is where the text stands ("records.jsonl:3"),
/// `advice` the hint of what has none of its own.
class JsonReader {
 public:
  using Json = nlohmann::ordered_json;
  explicit JsonReader(std::string place, char const* advice = "")
      : place_(std::move(place)), advice_(advice) {}

  /// A struct with fields, or a Table.
  template <class T>
  T read(Json const& json) const {
    if constexpr (Group<T>) {
      return read(json, Path{}, T{});
    } else {
      T value;
      read_into(value, json, Path{});
      return value;
    }
  }

  [[noreturn]] void fail(std::string const& problem, std::string const& hint = {}) const {
    throw Error(Fault::inconclusive, printable(problem), place_,  // it may name what it read
                hint.empty() ? advice_ : hint);
  }

 private:
  std::string place_;
  char const* advice_;

  // Of the value that is read; becomes a text only for an error.
  struct Path {
    Path const* parent = nullptr;
    std::string_view name = {};
    std::optional<std::size_t> index = {};  // in a list, whose elements have no name
    [[nodiscard]] std::string text() const {
      if (parent == nullptr) return {};
      auto const before = parent->text();
      if (index) return before + "[" + std::to_string(*index) + "]";
      return before + (before.empty() ? "" : ".") + std::string(name);
    }
    [[nodiscard]] std::string quoted() const { return "'" + text() + "'"; }
  };

  [[noreturn]] void refuse(Path const& path, char const* wanted, Json const& found) const {
    fail((path.parent == nullptr ? "it" : path.quoted()) + " must be " + wanted +
         ", but is of type " + found.type_name());
  }

  template <Group T>
  T read(Json const& json, Path const& path, T group) const {
    if (!json.is_object()) refuse(path, "an object", json);
    std::size_t known = 0;
    auto const read_one = [&]<class Member>(NamedMember<T, Member> const& f) {
      auto const found = json.find(f.name);
      if (found != json.end())
        ++known, read_into(group.*(f.member), *found, Path{&path, f.name});
      else if constexpr (std::is_arithmetic_v<Member> || Worded<Member>)
        require_known<T>(json, path), fail(Path{&path, f.name}.quoted() + " is missing");
    };
    std::apply([&](auto const&... f) { (read_one(f), ...); }, T::fields());
    if (known != json.size()) require_known<T>(json, path);
    return group;
  }
  template <Group T>
  void require_known(Json const& json, Path const& path) const {
    std::vector<std::string> names;
    std::apply([&](auto const&... f) { (names.emplace_back(f.name), ...); }, T::fields());
    for (auto const& [name, value] : json.items())
      if (std::find(names.begin(), names.end(), name) == names.end())
        fail("unknown field " + Path{&path, name}.quoted(), suggestion(name, names));
  }

  void read_into(bool& value, Json const& json, Path const& path) const {
    if (!json.is_boolean()) refuse(path, "true or false", json);
    value = json.get<bool>();
  }
  void read_into(std::int64_t& value, Json const& json, Path const& path) const {
    if (!json.is_number_integer()) refuse(path, "a whole number", json);
    if (json.is_number_unsigned() && json.get<std::uint64_t>() > std::uint64_t{INT64_MAX})
      fail(path.quoted() + " is above 2^63-1");
    value = json.get<std::int64_t>();
  }
  void read_into(double& value, Json const& json, Path const& path) const {
    if (json.is_number()) return void(value = json.get<double>());
    if (json == "nan") return void(value = std::numeric_limits<double>::quiet_NaN());
    if (json == "inf") return void(value = std::numeric_limits<double>::infinity());
    if (json == "-inf") return void(value = -std::numeric_limits<double>::infinity());
    refuse(path, "a number", json);
  }
  void read_into(std::string& value, Json const& json, Path const& path) const {
    if (!json.is_string()) refuse(path, "a text", json);
    value = json.get<std::string>();
    if (value.empty()) fail(path.quoted() + " is empty", "leave out what is unknown");
  }
  template <Worded T>
  void read_into(T& value, Json const& json, Path const& path) const {
    if (!json.is_string()) refuse(path, "a text", json);
    auto const choices = words(T{});
    auto const found = std::find(choices.begin(), choices.end(), json.get<std::string>());
    if (found == choices.end())
      fail(path.quoted() + " cannot be '" + json.get<std::string>() + "'",
           suggestion(json.get<std::string>(), {choices.begin(), choices.end()}));
    value = static_cast<T>(found - choices.begin());
  }
  template <Group T>
  void read_into(T& value, Json const& json, Path const& path) const {
    value = read(json, path, std::move(value));
  }
  template <class T>
  void read_into(std::optional<T>& value, Json const& json, Path const& path) const {
    read_into(value.emplace(), json, path);
  }
  template <class T>
  void read_into(std::vector<T>& values, Json const& json, Path const& path) const {
    if (!json.is_array()) refuse(path, "a list", json);
    values.clear();
    for (auto const& each : json) {
      Path const place{&path, {}, values.size()};
      if constexpr (std::is_same_v<T,
                                   std::string>) {  // "" is a value here: an argument may be empty
        if (!each.is_string()) refuse(place, "a text", each);
        values.push_back(each.template get<std::string>());
      } else {
        read_into(values.emplace_back(), each, place);
      }
    }
  }
  void read_into(Table& table, Json const& json, Path const& path) const {
    if (!json.is_object()) refuse(path, "an object", json);
    table.clear();
    for (auto const& [name, value] : json.items())
      table.push_back({name, read_value(value, Path{&path, name}), {}});
  }
  Value read_value(Json const& json, Path const& path) const {
    if (json.is_boolean()) return json.get<bool>();
    if (json.is_string()) return json.get<std::string>();
    if (json.is_number_float()) return json.get<double>();
    if (json.is_array()) {
      auto const whole = [](Json const& each) { return each.is_number_integer(); };
      if (std::all_of(json.begin(), json.end(), whole)) return list<std::int64_t>(json, path);
      return list<double>(json, path);
    }
    std::int64_t number = 0;
    read_into(number, json, path);
    return number;
  }
  template <class T>
  std::vector<T> list(Json const& json, Path const& path) const {
    std::vector<T> values;
    read_into(values, json, path);
    return values;
  }
};

}  // namespace inpex::host
