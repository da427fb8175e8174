// SPDX-License-Identifier: Apache-2.0
#pragma once
// What changed between two versions of a contract, clause by clause and figure by figure, and which
// way. Loosened: what was not accepted before may be accepted now; so it is when a clause is gone,
// or asks for another thing. A change that only shuts out is tightened.

#include <inpex/host/contract_load.hpp>
#include <inpex/host/json_text.hpp>
#include <inpex/host/record.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inpex::host {

/// Which way a change goes. `replaced`: another demand, which counts as loosened.
enum class Turn { reworded, added, tightened, removed, replaced, loosened };
constexpr std::array<std::string_view, 6> words(Turn) {
  return {"reworded", "added", "tightened", "removed", "replaced", "loosened"};
}

/// One thing that differs.
struct ContractChange {
  std::string place;  ///< "clause heat-rate", "figure heat" or "contract"
  Turn turn = Turn::reworded;
  std::string what;  ///< field with both values; empty where the whole was added or removed

  /// Whether it lets something through that was not let through before.
  [[nodiscard]] bool loosens() const {
    return turn == Turn::loosened || turn == Turn::replaced ||
           (turn == Turn::removed && place.rfind("clause ", 0) == 0);
  }
  [[nodiscard]] std::string sentence() const {
    return place + ": " + std::string(word(turn)) + (what.empty() ? "" : ", " + what);
  }
};

/// All that differs between two contracts.
struct ContractDiff {
  std::string old_digest, new_digest;
  std::vector<ContractChange> changes;
  [[nodiscard]] bool loosened() const {
    return std::any_of(changes.begin(), changes.end(),
                       [](ContractChange const& each) { return each.loosens(); });
  }
};

namespace detail {

/// Compares two contracts by the JSON of their parts, in which what is not set is absent.
class ContractComparison {
 public:
  using Json = nlohmann::json;

  std::vector<ContractChange> changes(Contract const& before, Contract const& after) {
    auto whole = std::pair(json_of(before), json_of(after));
    for (auto* each : {&whole.first, &whole.second}) each->erase("figures"), each->erase("clauses");
    compare("contract", whole.first, whole.second, &of_contract);
    parts("figure ", before.figures, after.figures, &Selection::name, &of_figure);
    parts("clause ", before.clauses, after.clauses, &Clause::id, &of_clause);
    return std::move(changes_);
  }

 private:
  // The turn of a field from one value to another; a null is a field that is not set.
  using TurnOf = Turn (*)(std::string const& field, Json const& before, Json const& after,
                          Json const& whole);

  template <class T>
  static Json json_of(T const& value) {
    return Json::parse(json_text(value));
  }

  template <class Part>
  void parts(std::string const& kind, std::vector<Part> const& before,
             std::vector<Part> const& after, std::string Part::*name, TurnOf turn_of) {
    auto const find = [&](std::vector<Part> const& all, Part const& wanted) {
      return std::find_if(all.begin(), all.end(),
                          [&](Part const& each) { return each.*name == wanted.*name; });
    };
    for (auto const& each : before) {
      auto const other = find(after, each);
      if (other == after.end())
        changes_.push_back({kind + each.*name, Turn::removed, {}});
      else
        compare(kind + each.*name, json_of(each), json_of(*other), turn_of);
    }
    for (auto const& each : after)
      if (find(before, each) == before.end())
        changes_.push_back({kind + each.*name, Turn::added, {}});
  }

  void compare(std::string const& place, Json const& before, Json const& after, TurnOf turn_of) {
    Json names = before;
    names.update(after);
    auto const shown = [](Json const& value) {
      return value.is_null() ? "nothing" : canonical_text(value);
    };
    for (auto const& [field, unused] : names.items()) {
      auto const a = before.value(field, Json()), b = after.value(field, Json());
      if (a == b) continue;
      changes_.push_back({place, turn_of(field, a, b, after),
                          fmt::format("{}: {} became {}", field, shown(a), shown(b))});
    }
  }

  // By value: of JSON, a text is above every number.
  static Turn above(Json const& strict, Json const& lax) {
    if (!strict.is_number() || !lax.is_number()) return Turn::replaced;
    return grown(strict.get<double>() > lax.get<double>());
  }
  static Turn grown(bool tightens) { return tightens ? Turn::tightened : Turn::loosened; }

  // 0 for what asks for nothing.
  static std::ptrdiff_t height(Json const& tier) {
    auto const all = words(Tier{});
    auto const found = std::find(all.begin(), all.end(),
                                 tier.is_string() ? tier.get<std::string>() : std::string(all[0]));
    return found - all.begin();
  }

  static Turn of_contract(std::string const& field, Json const& a, Json const& b, Json const&) {
    if (field == "confidence") return above(b, a);
    if (field == "source") return Turn::replaced;
    if (field == "tier" && height(b) == height(a)) return Turn::reworded;
    if (field == "tier") return grown(height(b) > height(a));
    if (field != "division") return Turn::reworded;
    auto const freedom = [](Json const& division) {
      return division == "reference" ? 0 : division == "closed" ? 1 : 2;
    };
    return grown(freedom(b) < freedom(a));
  }

  // What is left out may be anything. But a spec: without it there is the judge's, and another one
  // may be easier.
  static Turn of_figure(std::string const& field, Json const& a, Json const& b, Json const&) {
    if (field == "spec") return Turn::replaced;
    if (field == "runs") {
      auto const fewest = [](Json const& runs) { return runs.is_null() ? Json(1) : runs; };
      return fewest(a) == fewest(b) ? Turn::reworded : above(fewest(b), fewest(a));
    }
    return a.is_null() ? Turn::tightened : b.is_null() ? Turn::loosened : Turn::replaced;
  }

  static bool is_fom(Json const& quantity) { return quantity.is_null() || quantity == "fom"; }

  static Turn of_clause(std::string const& field, Json const& a, Json const& b, Json const& whole) {
    if (field == "sentence") return Turn::reworded;
    if (field == "quantity" && is_fom(a) && is_fom(b)) return Turn::reworded;
    if (a.is_null() || b.is_null()) return Turn::replaced;
    if (field == "at_least") return above(b, a);
    if (field == "at_most") return above(a, b);
    // The ratio is divided by it.
    if (field == "times") return whole.contains("at_least") ? above(b, a) : above(a, b);
    return Turn::replaced;
  }

  std::vector<ContractChange> changes_;
};

}  // namespace detail

/// What differs between two contracts.
inline ContractDiff diff_contracts(ReadContract const& before, ReadContract const& after) {
  return {before.digest, after.digest,
          detail::ContractComparison().changes(before.contract, after.contract)};
}

/// A line for each change, then both digests.
inline std::string contract_diff_text(ContractDiff const& diff) {
  std::string text;
  for (auto const& change : diff.changes) text += printable(change.sentence()) + "\n";
  if (diff.changes.empty()) text = "nothing differs\n";
  return text + fmt::format("digest {}\n    to {}\n", diff.old_digest, diff.new_digest);
}

}  // namespace inpex::host
