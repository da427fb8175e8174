// SPDX-License-Identifier: Apache-2.0
#pragma once
// A contract as data: which figures a system must reach, with what confidence, in which division.
// It is read by contract_load.hpp; what it means is in acceptance.hpp.

#include <inpex/fields.hpp>
#include <inpex/host/record_groups.hpp>

#include <array>
#include <optional>
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
  Count runs;        ///< fewest that decide; 1 without it
  static constexpr auto fields() {
    using S = Selection;
    return std::tuple{field("name", &S::name),           field("app", &S::app),
                      field("case", &S::case_name),      field("space", &S::space),
                      field("precision", &S::precision), field("ranks", &S::ranks),
                      field("spec", &S::spec),           field("runs", &S::runs)};
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

}  // namespace inpex::host
