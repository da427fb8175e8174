// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a contract may not say: names that nobody knows, numbers that no figure can reach or every
// one does, demands that contradict each other, units that are not those of the figure. Told all at
// once, each at its place. What only records know is left to clause_figures.hpp.

#include <inpex/host/contract.hpp>
#include <inpex/host/spec_errors.hpp>
#include <inpex/host/vocabulary.hpp>
#include <inpex/host/yaml_scalar.hpp>
#include <inpex/nearest.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inpex::host {

/// Whether the parts of a clause are over references; and whether it is on any ratio, which has no
/// unit.
inline bool has_references(Clause const& clause) {
  return std::any_of(clause.of.begin(), clause.of.end(),
                     [](Part const& part) { return part.reference.has_value(); });
}
inline bool is_ratio(Clause const& clause) {
  return !clause.over.empty() || has_references(clause);
}

/// The unit of a quantity that has the same for every figure, else "".
inline std::string unit_of_quantity(std::string const& quantity) {
  return quantity == "time" ? "s" : quantity == "energy" ? "J" : "";
}

namespace detail {

/// The node that a path such as "clauses[2].at_least" names, or the last one on the way to it.
inline Yaml const* node_at(Yaml const& root, std::string_view path) {
  Yaml const* node = &root;
  while (!path.empty()) {
    auto const end = std::min(path.find_first_of(".[", 1), path.size());
    auto word = path.substr(0, end);
    path.remove_prefix(end);
    if (word.front() == '.') word.remove_prefix(1);
    Yaml const* next = nullptr;
    if (!word.empty() && word.front() == '[') {
      auto const index = static_cast<std::size_t>(std::atoi(std::string(word.substr(1)).c_str()));
      if (index < node->items.size()) next = &node->items[index];
    } else {
      for (auto const& item : node->items)
        if (item.key == word) next = &item;
    }
    if (next == nullptr) return node;
    node = next;
  }
  return node;
}

/// Collects what is wrong with a contract, each at its place.
class ContractCheck {
 public:
  ContractCheck(Contract const& contract, Yaml const& root, Findings& findings)
      : contract_(contract), root_(root), findings_(findings) {}

  void check() {
    if (contract_.inpex_contract != "1.0")
      add("inpex_contract", "the format must be \"1.0\"", "write inpex_contract: \"1.0\"");
    name("id", contract_.id, "a contract needs an id");
    if (contract_.division.empty())
      add("division", "'division' is missing", "write reference, closed or open");
    else
      one_of("division", contract_.division, {"reference", "closed", "open"});
    if (!(contract_.confidence >= 0.5 && contract_.confidence <= 0.999))
      add("confidence", "it must be from 0.5 to 0.999", "0.95 is usual");
    pin("source", contract_.source);
    if (contract_.figures.empty()) add("figures", "there is no figure");
    if (contract_.clauses.empty()) add("clauses", "there is no clause");
    for (std::size_t i = 0; i < contract_.figures.size(); ++i) figure(contract_.figures[i], i);
    std::set<std::string> ids;
    for (std::size_t i = 0; i < contract_.clauses.size(); ++i) {
      auto const place = fmt::format("clauses[{}]", i);
      name(place + ".id", contract_.clauses[i].id, "a clause needs an id of its own");
      if (!ids.insert(contract_.clauses[i].id).second)
        add(place, "a clause needs an id of its own");
      clause(contract_.clauses[i], place);
    }
  }

 private:
  void add(std::string const& path, std::string problem, std::string hint = {}) {
    findings_.add(node_at(root_, path)->place, std::move(problem), std::move(hint));
  }
  void one_of(std::string const& path, std::string const& word,
              std::vector<std::string> const& known) {
    if (std::find(known.begin(), known.end(), word) == known.end())
      add(path, fmt::format("it cannot be '{}'", word), suggestion(word, known));
  }
  // Verdicts are printed by these names, a line each: none may look like another line.
  void name(std::string const& path, std::string const& text, std::string const& missing) {
    if (text.empty()) add(path, missing);
    if (std::any_of(text.begin(), text.end(), [](char c) { return c >= 0 && c < ' '; }))
      add(path, "a name is on one line", "write a word");
  }
  // A shorter beginning of a digest is soon that of another text, too.
  void pin(std::string const& path, std::string const& digest) {
    bool const hexadecimal = digest.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!digest.empty() && !(hexadecimal && digest.size() >= 12 && digest.size() <= 64))
      add(path, "a digest is pinned by its first 12 to 64 digits",
          "write 0 to 9 and a to f, as `inpex spec digest` or a record's software.source has them");
  }
  // Also refuses what is no number at all. Beyond these sizes, products of numbers overflow.
  void positive(std::string const& path, Number const& number) {
    if (number && !(*number >= 1e-100 && *number <= 1e100))
      add(path, "it must be a number above 0, of a size from 1e-100 to 1e100");
  }

  void figure(Selection const& each, std::size_t index) {
    auto const place = fmt::format("figures[{}]", index);
    name(place + ".name", each.name, "a figure needs a name");
    if (each.app.empty() || each.case_name.empty())
      add(place, "a figure needs an app and a case",
          "as in {name: heat, app: stencil.heat7, case: M}");
    if (!names_.insert(each.name).second) add(place + ".name", "this name is taken");
    if (!each.space.empty()) one_of(place + ".space", each.space, words_of("space"));
    if (!each.precision.empty())
      one_of(place + ".precision", each.precision, words_of("precision"));
    if (each.ranks && *each.ranks < 1) add(place + ".ranks", "there is at least one rank");
    pin(place + ".spec", each.spec);
    if (each.runs && !(*each.runs >= 1 && *each.runs <= 1000))
      add(place + ".runs", "a figure is of 1 to 1000 runs", "from 6 on its interval is over runs");
  }
  void known(std::string const& place, std::string const& name) {
    if (!names_.contains(name))
      add(place, fmt::format("there is no figure '{}'", name),
          suggestion(name, {names_.begin(), names_.end()}));
  }

  void clause(Clause const& each, std::string const& place) {
    if (each.figure.empty() == each.composite.empty())
      add(place, "a clause is on a figure or on a composite: one of the two");
    if (!each.at_least == !each.at_most)
      add(place, "a clause asks for at_least or at_most: one of the two");
    positive(place + ".at_least", each.at_least);
    positive(place + ".at_most", each.at_most);
    positive(place + ".times", each.times);
    if (!each.quantity.empty())
      one_of(place + ".quantity", each.quantity, {"fom", "time", "energy"});
    unit(each, place + ".unit");
    if (each.at_least && each.over.empty() && !unit_of_quantity(each.quantity).empty())
      add(place + ".at_least", fmt::format("less {} is better", each.quantity), "write at_most");
    if (!each.figure.empty()) known(place + ".figure", each.figure);
    if (!each.over.empty()) known(place + ".over", each.over);
    if (each.composite.empty())
      ratio(each, place);
    else
      composite(each, place);
  }

  void unit(Clause const& each, std::string const& path) {
    if (each.unit.empty()) return;
    name(path, each.unit, {});
    auto const own = unit_of_quantity(each.quantity);
    if (is_ratio(each))
      add(path, "a ratio has no unit", "leave it out");
    else if (!own.empty() && each.unit != own)
      add(path, fmt::format("the unit of {} is {}, not '{}'", each.quantity, own, each.unit),
          "write the limit in " + own);
  }

  void ratio(Clause const& each, std::string const& place) {
    if (!each.of.empty())
      add(place + ".of", "only a composite has parts", "write `composite`, or leave `of` out");
    if (!each.over.empty() && each.over == each.figure)
      add(place + ".over", "a figure over itself is 1, whatever it is", "name another figure");
    if (each.times && each.over.empty())
      add(place + ".times", "only a ratio is divided by times the resources",
          "write `over`, or leave `times` out");
    if (each.times) efficiency(each, place);
  }

  void efficiency(Clause const& each, std::string const& place) {
    if (!each.quantity.empty() && each.quantity != "fom")
      add(place + ".quantity", "an efficiency is of the figure of merit", "leave it out");
  }

  void composite(Clause const& each, std::string const& place) {
    one_of(place + ".composite", each.composite,
           {"geometric-mean", "harmonic-mean", "performance-portability", "sum"});
    for (auto const& [field, unwanted] :
         {std::pair(".over", !each.over.empty()), std::pair(".times", each.times.has_value())})
      if (unwanted)
        add(place + field, "a composite is over the references of its parts alone", "leave it out");
    if (each.of.empty()) add(place, "a composite needs its parts", "list figures under `of`");
    std::set<std::string> seen;
    for (std::size_t i = 0; i < each.of.size(); ++i) {
      auto const part = fmt::format("{}.of[{}]", place, i);
      known(part + ".figure", each.of[i].figure);
      if (!seen.insert(each.of[i].figure).second)
        add(part + ".figure", fmt::format("'{}' is a part already", each.of[i].figure),
            "give it one weight");
      positive(part + ".weight", each.of[i].weight);
      positive(part + ".reference", each.of[i].reference);
      if (has_references(each) && !each.of[i].reference &&
          each.composite != "performance-portability")
        add(part, "some parts have a reference and this one has none",
            "write a reference for every part or for none, so that all are of one unit");
    }
    if (each.composite == "performance-portability") portability(each, place);
  }

  void portability(Clause const& each, std::string const& place) {
    for (std::size_t i = 0; i < each.of.size(); ++i)
      if (!each.of[i].reference)
        add(fmt::format("{}.of[{}]", place, i), "an efficiency needs a reference",
            "write the best known figure of the platform");
    efficiency(each, place);
    if (each.at_most)
      add(place + ".at_most", "a platform without a figure counts as 0, which is below any limit",
          "write at_least");
  }

  Contract const& contract_;
  Yaml const& root_;
  Findings& findings_;
  std::set<std::string> names_;
};

}  // namespace detail
}  // namespace inpex::host
