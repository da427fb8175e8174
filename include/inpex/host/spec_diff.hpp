// SPDX-License-Identifier: Apache-2.0
#pragma once
// What changed between two versions of a spec, field by field, and which step of its version that
// needs. Major: results of before and after cannot be compared (a changed or removed case, figure
// of merit, measure or check, or what decides the numbers: problem, initial data, precision,
// parameters that are not for tuning). Minor: more than before (an added case, check, parameter or
// precision). Patch: all else.

#include <inpex/host/canonical.hpp>
#include <inpex/host/spec_load.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <vector>

namespace inpex::host {

/// The step of a version that a change needs, or that was made; `back` is a step backwards.
enum class Step { back, none, patch, minor, major };

/// The word for a step.
constexpr std::string_view step_name(Step step) {
  constexpr std::string_view names[] = {"back", "none", "patch", "minor", "major"};
  return names[static_cast<int>(step)];
}

/// One field that differs.
struct Change {
  std::vector<std::string> path;  ///< {"cases", "M", "steps"}
  nlohmann::json before, after;   ///< null: not there
  Step needs = Step::patch;

  [[nodiscard]] std::string sentence() const {
    std::string name;
    for (auto const& part : path) name += (name.empty() ? "" : ".") + part;
    auto const shown = [](nlohmann::json const& value) {
      return abbreviated(value.is_string() ? value.get<std::string>() : canonical_text(value));
    };
    if (before.is_null()) return fmt::format("{}: added {}", name, shown(after));
    if (after.is_null()) return fmt::format("{}: removed {}", name, shown(before));
    return fmt::format("{}: {} became {}", name, shown(before), shown(after));
  }
};

/// All that differs between two specs, and whether the step of the version is large enough.
struct SpecDiff {
  std::string old_version, new_version;
  std::vector<Change> changes;  ///< of all fields but the version
  Step needed = Step::none;
  Step made = Step::none;

  [[nodiscard]] bool enough() const { return made != Step::back && made >= needed; }
};

/// The step from one version to another.
inline Step version_step(std::string_view from, std::string_view to) {
  auto const numbers = [](std::string_view text) {
    std::array<int, 3> result{};
    for (auto& number : result) {
      auto const end = std::min(text.find('.'), text.size());
      std::from_chars(text.data(), text.data() + end, number);
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return result;
  };
  auto const a = numbers(from), b = numbers(to);
  if (b < a) return Step::back;
  if (b[0] > a[0]) return Step::major;
  if (b[1] > a[1]) return Step::minor;
  return b[2] > a[2] ? Step::patch : Step::none;
}

namespace detail {

class SpecComparison {
 public:
  using Json = nlohmann::json;

  SpecComparison(Yaml const& before, Yaml const& after)
      : before_(keyed(canonical(before))), after_(keyed(canonical(after))) {}

  std::vector<Change> changes() {
    compare(before_, after_, {});
    return std::move(changes_);
  }

 private:
  // Checks are told apart by their ids, not by their order.
  static Json keyed(Json spec) {
    Json checks = Json::object();
    for (auto& check : spec["verify"]) checks[check["id"].get<std::string>()] = check;
    spec["verify"] = checks;
    spec.erase("version");
    return spec;
  }

  void compare(Json const& a, Json const& b, std::vector<std::string> const& path) {
    if (a == b) return;
    if (!a.is_object() || !b.is_object()) {
      changes_.push_back({path, a, b, needs(path, a, b)});
      return;
    }
    Json names = a;
    names.update(b);
    for (auto const& [name, unused] : names.items()) {
      auto next = path;
      next.push_back(name);
      compare(a.value(name, Json()), b.value(name, Json()), next);
    }
  }

  [[nodiscard]] Step needs(std::vector<std::string> const& path, Json const& a,
                           Json const& b) const {
    auto const& top = path.front();
    if (path.back() == "summary" && (path.size() == 1 || top == "cases" || top == "parameters"))
      return Step::patch;
    bool const added_entry = path.size() == 2 && a.is_null();
    if (top == "cases" || top == "verify") {
      if (added_entry) return Step::minor;
      return path.size() == 3 && path[2] == "planted" ? Step::patch : Step::major;
    }
    if (top == "parameters")
      return added_entry ? Step::minor : tuning(path) ? Step::patch : Step::major;
    if (top == "precision" && path.back() == "state")
      return only_appended(a, b) ? Step::minor : Step::major;
    for (auto const* decides :
         {"inpex_spec", "id", "problem", "initial_data", "precision", "fom", "measure"})
      if (top == decides) return Step::major;
    return Step::patch;
  }

  [[nodiscard]] bool tuning(std::vector<std::string> const& path) const {
    auto const role = [&](Json const& spec) {
      return spec["parameters"].value(path[1], Json::object()).value("role", "tuning");
    };
    return role(before_) == "tuning" && role(after_) == "tuning";
  }

  static bool only_appended(Json const& a, Json const& b) {
    Json const before = a.is_array() ? a : Json::array({a}),
               after = b.is_array() ? b : Json::array({b});
    return before.size() <= after.size() && std::equal(before.begin(), before.end(), after.begin());
  }

  Json before_, after_;
  std::vector<Change> changes_;
};

}  // namespace detail

/// What differs between two spec files. Throws what load_spec throws.
inline SpecDiff diff_specs(std::string const& old_path, std::string const& new_path) {
  auto const before = detail::read_spec(read_small_file(old_path), old_path);
  auto const after = detail::read_spec(read_small_file(new_path), new_path);
  SpecDiff result{before.spec.version, after.spec.version,
                  detail::SpecComparison(before.root, after.root).changes()};
  for (auto const& change : result.changes) result.needed = std::max(result.needed, change.needs);
  result.made = version_step(result.old_version, result.new_version);
  return result;
}

}  // namespace inpex::host
