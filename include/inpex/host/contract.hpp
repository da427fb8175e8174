// SPDX-License-Identifier: Apache-2.0
#pragma once
// A contract as data: which figures a system must reach, with what confidence, in which division. A
// YAML file under the strict profile of specs; nothing in it is ever executed. What it means is in
// acceptance.hpp.

#include <inpex/fields.hpp>
#include <inpex/host/canonical.hpp>
#include <inpex/host/machine_yaml.hpp>
#include <inpex/host/record_groups.hpp>
#include <inpex/host/spec_load.hpp>
#include <inpex/nearest.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace inpex::host {

/// How far a result is vouched for, the least first: it has a signature of somebody whom the reader
/// knows; and runs of another signer on the same machine came out again.
enum class Tier { unsigned_result, signed_result, reproduced };
constexpr std::array<std::string_view, 3> words(Tier) {
  return {"unsigned", "signed", "reproduced"};
}

/// Which records a figure is made of. What is left out may be anything.
struct Selection {
  std::string name;
  std::string app, case_name, space, precision;
  Count ranks;
  std::string spec;  ///< digest of the spec, or its beginning
  static constexpr auto fields() {
    using S = Selection;
    return std::tuple{field("name", &S::name),
                      field("app", &S::app),
                      field("case", &S::case_name),
                      field("space", &S::space),
                      field("precision", &S::precision),
                      field("ranks", &S::ranks),
                      field("spec", &S::spec)};
  }
};

/// A figure within a composite: over its reference, with its weight.
struct Part {
  std::string figure;
  Number reference;
  Number weight;
  static constexpr auto fields() {
    return std::tuple{field("figure", &Part::figure), field("reference", &Part::reference),
                      field("weight", &Part::weight)};
  }
};

/// One demand. Exactly one of `figure` and `composite` says of what.
struct Clause {
  std::string id, sentence;
  std::string figure;
  std::string quantity;   ///< of a figure: fom (without it), time, energy
  std::string over;       ///< another figure: the clause is on the ratio to it
  Number times;           ///< and divided by this: how many times the resources
  std::string composite;  ///< geometric-mean, harmonic-mean, performance-portability, sum
  std::vector<Part> of;
  Number at_least, at_most;
  std::string unit;
  static constexpr auto fields() {
    using C = Clause;
    return std::tuple{field("id", &C::id),
                      field("sentence", &C::sentence),
                      field("figure", &C::figure),
                      field("quantity", &C::quantity),
                      field("over", &C::over),
                      field("times", &C::times),
                      field("composite", &C::composite),
                      field("of", &C::of),
                      field("at_least", &C::at_least),
                      field("at_most", &C::at_most),
                      field("unit", &C::unit)};
  }
};

/// A whole contract.
struct Contract {
  std::string inpex_contract, id, title, summary;
  std::string division;  ///< reference, closed or open: the freest that is accepted
  double confidence = 0.95;
  std::optional<Tier> tier;  ///< the least that a figure must have
  std::string source;        ///< digest of the source of the reference division, or its beginning
  std::vector<Selection> figures;
  std::vector<Clause> clauses;
  static constexpr auto fields() {
    using C = Contract;
    return std::tuple{field("inpex_contract", &C::inpex_contract),
                      field("id", &C::id),
                      field("title", &C::title),
                      field("summary", &C::summary),
                      field("division", &C::division),
                      field("confidence", &C::confidence),
                      field("tier", &C::tier),
                      field("source", &C::source),
                      field("figures", &C::figures),
                      field("clauses", &C::clauses)};
  }
};

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
    one_of("division", contract_.division, {"reference", "closed", "open"});
    if (!(contract_.confidence >= 0.5 && contract_.confidence <= 0.999))
      add("confidence", "it must be from 0.5 to 0.999", "0.95 is usual");
    if (contract_.figures.empty()) add("figures", "there is no figure");
    if (contract_.clauses.empty()) add("clauses", "there is no clause");
    for (std::size_t i = 0; i < contract_.figures.size(); ++i) figure(contract_.figures[i], i);
    std::set<std::string> ids;
    for (std::size_t i = 0; i < contract_.clauses.size(); ++i) {
      auto const place = fmt::format("clauses[{}]", i);
      if (contract_.clauses[i].id.empty() || !ids.insert(contract_.clauses[i].id).second)
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

  void figure(Selection const& each, std::size_t index) {
    auto const place = fmt::format("figures[{}]", index);
    if (each.name.empty()) add(place, "a figure needs a name");
    if (each.app.empty() || each.case_name.empty())
      add(place, "a figure needs an app and a case",
          "as in {name: heat, app: stencil.heat7, case: M}");
    if (!names_.insert(each.name).second) add(place + ".name", "this name is taken");
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
    if (!each.quantity.empty())
      one_of(place + ".quantity", each.quantity, {"fom", "time", "energy"});
    if (!each.figure.empty()) known(place + ".figure", each.figure);
    if (!each.over.empty()) known(place + ".over", each.over);
    if (each.times && !(*each.times > 0)) add(place + ".times", "it must be above 0");
    if (each.composite.empty()) return;
    one_of(place + ".composite", each.composite,
           {"geometric-mean", "harmonic-mean", "performance-portability", "sum"});
    if (each.of.empty()) add(place, "a composite needs its parts", "list figures under `of`");
    for (std::size_t i = 0; i < each.of.size(); ++i) {
      auto const part = fmt::format("{}.of[{}]", place, i);
      known(part + ".figure", each.of[i].figure);
      if (each.of[i].weight && !(*each.of[i].weight > 0))
        add(part + ".weight", "it must be above 0");
      if (each.of[i].reference && !(*each.of[i].reference > 0))
        add(part + ".reference", "it must be above 0");
      if (each.composite == "performance-portability" && !each.of[i].reference)
        add(part, "an efficiency needs a reference", "write the best known figure of the platform");
    }
    if (each.composite == "performance-portability" && each.at_most)
      add(place + ".at_most", "a platform without a figure counts as 0, which is below any limit",
          "write at_least");
  }

  Contract const& contract_;
  Yaml const& root_;
  Findings& findings_;
  std::set<std::string> names_;
};

}  // namespace detail

/// A contract, and the digest of what it says, whatever its way of writing.
struct ReadContract {
  Contract contract;
  std::string digest;
};

/// The contract of a text; `file` is how errors name it. Throws SpecErrors with every error and its
/// place.
inline ReadContract parse_contract(std::string const& text, std::string const& file) {
  Findings findings(file);
  Yaml const root = read_yaml(text, findings);
  findings.raise();
  ReadContract result;
  try {
    result.contract = JsonReader(file).read<Contract>(detail::json_of(root), "");
  } catch (Error const& error) {
    auto const begin = error.problem.find('\''), end = error.problem.find('\'', begin + 1);
    auto const path =
        begin == std::string::npos ? "" : error.problem.substr(begin + 1, end - begin - 1);
    findings.add(detail::node_at(root, path)->place, error.problem, error.hint);
    findings.raise();
  } catch (nlohmann::json::exception const&) {
    findings.add({}, "it holds a number that no machine can");
    findings.raise();
  }
  detail::ContractCheck(result.contract, root, findings).check();
  findings.raise();
  result.digest = sha256(canonical_text(canonical(root)));
  return result;
}

}  // namespace inpex::host
