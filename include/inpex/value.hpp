// SPDX-License-Identifier: Apache-2.0
#pragma once
// Ordered named values: the only currency between the harness and the mini-apps.

#include <inpex/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace inpex {

/// One parameter's value. A list of numbers is a list of int64 only if every element is one.
using Value = std::variant<bool, std::int64_t, double, std::string, std::vector<std::int64_t>,
                           std::vector<double>>;

/// A named value, and the place in the user's file or command that set it ("heat7.yaml:12:9").
struct Entry {
  std::string name;
  Value value;
  std::string where;

  friend bool operator==(Entry const& a, Entry const& b) {  // the place is not part of the value
    return a.name == b.name && a.value == b.value;
  }
};

/// Keeps the order in which it was written; names are unique.
using Table = std::vector<Entry>;

/// The word for a value's type, as error messages use it.
inline std::string_view type_name(Value const& value) {
  constexpr std::string_view names[] = {"bool", "int", "real", "text", "ints", "reals"};
  return names[value.index()];
}

/// The entry of that name, or nullptr. O(size).
inline Entry const* find(Table const& table, std::string_view name) {
  for (auto const& entry : table)
    if (entry.name == name) return &entry;
  return nullptr;
}

/// Sets the value of `name`, in place if it is there, else at the end.
inline void put(Table& table, std::string_view name, Value value, std::string where = {}) {
  for (auto& entry : table)
    if (entry.name == name) {
      entry = {std::string(name), std::move(value), std::move(where)};
      return;
    }
  table.push_back({std::string(name), std::move(value), std::move(where)});
}

/// The entry's value as a T. An int is accepted where a real is asked for, a list of ints where
/// reals are; nothing else is converted. Throws Error (spec) that names the place.
template <class T>
T as(Entry const& entry) {
  if (auto const* exact = std::get_if<T>(&entry.value)) return *exact;
  if constexpr (std::is_same_v<T, double>)
    if (auto const* whole = std::get_if<std::int64_t>(&entry.value))
      return static_cast<double>(*whole);
  if constexpr (std::is_same_v<T, std::vector<double>>)
    if (auto const* whole = std::get_if<std::vector<std::int64_t>>(&entry.value))
      return {whole->begin(), whole->end()};
  throw Error(Fault::spec,
              entry.name + " is a " + std::string(type_name(entry.value)) + ", but must be a " +
                  std::string(type_name(Value(T{}))),
              entry.where);
}

/// The value of `name` as a T; throws Error (spec) if it is missing or of another type.
template <class T>
T at(Table const& table, std::string_view name) {
  if (auto const* entry = find(table, name)) return as<T>(*entry);
  throw Error(Fault::spec, std::string(name) + " is missing");
}

}  // namespace inpex
