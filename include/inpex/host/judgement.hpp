// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is said of a contract: a verdict on each clause with its reason, and on the whole; as a
// table for people, and as an exit code.

#include <inpex/error.hpp>
#include <inpex/fields.hpp>
#include <inpex/host/contract.hpp>
#include <inpex/host/estimate.hpp>
#include <inpex/host/printable.hpp>
#include <inpex/host/record.hpp>
#include <inpex/host/record_json.hpp>

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace inpex::host {

/// What is said of a clause, and of the whole.
enum class Acceptance { accept, reject, inconclusive };
constexpr std::array<std::string_view, 3> words(Acceptance) {
  return {"ACCEPT", "REJECT", "INCONCLUSIVE"};
}

/// One clause, judged.
struct JudgedClause {
  std::string id, sentence;
  Acceptance verdict = Acceptance::inconclusive;
  std::optional<Estimate> value;
  Number at_least, at_most;
  std::string unit, reason;
  Count more_runs;  ///< of every figure, that would decide, or that it lacks; absent: none would
  std::optional<Tier> tier;          ///< the lowest of its figures
  std::vector<std::string> records;  ///< ids of those used
  static constexpr auto fields() {
    using J = JudgedClause;
    return std::tuple{field("id", &J::id),
                      field("sentence", &J::sentence),
                      field("verdict", &J::verdict),
                      field("value", &J::value),
                      field("at_least", &J::at_least),
                      field("at_most", &J::at_most),
                      field("unit", &J::unit),
                      field("reason", &J::reason),
                      field("more_runs", &J::more_runs),
                      field("tier", &J::tier),
                      field("records", &J::records)};
  }
};

/// The whole: rejected when a clause is, accepted when all are met.
struct Judgement {
  std::string contract, digest;
  Acceptance verdict = Acceptance::inconclusive;
  std::vector<JudgedClause> clauses;
  static constexpr auto fields() {
    using J = Judgement;
    return std::tuple{field("contract", &J::contract), field("digest", &J::digest),
                      field("verdict", &J::verdict), field("clauses", &J::clauses)};
  }
};

/// 0, 5, 6.
inline int exit_code_of(Acceptance verdict) {
  if (verdict == Acceptance::reject) return exit_code(Fault::rejected);
  return verdict == Acceptance::accept ? 0 : exit_code(Fault::inconclusive);
}

/// A line for each clause, then the verdict.
inline std::string acceptance_table(Judgement const& judgement) {
  std::string text;
  for (auto const& clause : judgement.clauses) {
    text += fmt::format("{}: {}", printable(clause.id), word(clause.verdict));
    if (clause.value)
      text += fmt::format(", {:.4g} ({:.4g} to {:.4g}, {:.1f} %){}{}", clause.value->value,
                          clause.value->low, clause.value->high, 100 * clause.value->level,
                          clause.unit.empty() ? "" : " ", printable(clause.unit));
    text += clause.at_least ? fmt::format(", at least {:.4g}", *clause.at_least)
                            : fmt::format(", at most {:.4g}", *clause.at_most);
    if (!clause.reason.empty()) text += "; " + printable(clause.reason);
    if (clause.tier) text += fmt::format("; {}", word(*clause.tier));
    for (auto const& id : clause.records)
      text += (id == clause.records.front() ? "; records " : ", ") + short_id(id);
    text += "\n";
  }
  return text + fmt::format("{} ({}): {}\n", printable(judgement.contract),
                            short_id(judgement.digest), word(judgement.verdict));
}

}  // namespace inpex::host
