// SPDX-License-Identifier: Apache-2.0
#pragma once
// A Params struct names each of its fields once; from that come reading it out of a Table, writing
// it back, and the list that is held against the spec. Ranges, units and words stand in the spec,
// which is the only place that says them.
//
//   struct Params {
//     std::int64_t nx = 64;
//     double r = 0.125;
//     static constexpr auto fields() {
//       return std::tuple{field("nx", &Params::nx), field("r", &Params::r)};
//     }
//   };

#include <inpex/nearest.hpp>
#include <inpex/value.hpp>

#include <algorithm>
#include <concepts>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace inpex {

/// A member of a Params struct and the name by which specs and commands know it.
template <class Params, class Member>
struct NamedMember {
  std::string_view name;
  Member Params::*member;
};

/// Names a member, for the list that fields() returns.
template <class Params, class Member>
constexpr NamedMember<Params, Member> field(std::string_view name, Member Params::*member) {
  return {name, member};
}

/// A field as the harness sees it: `fallback` is the default of the struct and tells the type.
struct Field {
  std::string name;
  Value fallback;
};

/// A struct of parameters that lists its fields. Members are bool, int64, double, string, or a
/// vector of int64 or double.
template <class Params>
concept Described = std::default_initializable<Params> && std::copyable<Params> && requires {
  Params::fields();
};

/// All fields with their defaults, in order.
template <Described Params>
std::vector<Field> fields_of() {
  Params const defaults{};
  return std::apply(
      [&](auto const&... f) {
        return std::vector<Field>{{std::string(f.name), Value(defaults.*(f.member))}...};
      },
      Params::fields());
}

/// Every field of `params`, in order: what was really used.
template <Described Params>
Table write(Params const& params) {
  return std::apply(
      [&](auto const&... f) {
        return Table{{std::string(f.name), Value(params.*(f.member)), ""}...};
      },
      Params::fields());
}

/// Params from a table. A field that the table does not name keeps its default. Throws Error (spec)
/// for a name that is no field, with the nearest right one, and for a value of another type.
template <Described Params>
Params read(Table const& table) {
  std::vector<std::string> names;
  for (auto const& each : fields_of<Params>()) names.push_back(each.name);
  for (auto const& entry : table)
    if (std::find(names.begin(), names.end(), entry.name) == names.end())
      throw Error(Fault::spec, "unknown parameter '" + entry.name + "'", entry.where,
                  suggestion(entry.name, names));
  Params params{};
  auto const read_one = [&]<class Member>(NamedMember<Params, Member> const& f) {
    if (auto const* entry = find(table, f.name)) params.*(f.member) = as<Member>(*entry);
  };
  std::apply([&](auto const&... f) { (read_one(f), ...); }, Params::fields());
  return params;
}

}  // namespace inpex
