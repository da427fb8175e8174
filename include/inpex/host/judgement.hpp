// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is said of a contract: a verdict on each clause with its reason, and on the whole; as a
// table for people, and as an exit code.

#include <inpex/error.hpp>
#include <inpex/fields.hpp>
#include <inpex/host/contract.hpp>
#include <inpex/host/estimate.hpp>
#include <inpex/host/printable.hpp>
#include <inpex/host/quantity.hpp>
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
  std::vector<std::string> notes;  ///< guards that fired, and in how many of its runs
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
                      field("notes", &J::notes),
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

namespace detail {

/// "1.928 Gcell/s (1.498 to 2.965, 96.9 %), at least 1 Gcell/s"
inline std::string measured_and_asked(JudgedClause const& clause) {
  auto const with_unit = [&](double value) {
    return clause.unit.empty() ? fmt::format("{:.4g}", value) : quantity(value, clause.unit);
  };
  std::string text;
  if (auto const& found = clause.value) {
    double const factor = clause.unit.empty() ? 1 : scaled(found->value).factor;
    text = fmt::format("{} ({:.4g} to {:.4g}, {:.1f} %), ", with_unit(found->value),
                       found->low / factor, found->high / factor, 100 * found->level);
  }
  return text + (clause.at_least ? "at least " + with_unit(*clause.at_least)
                                 : "at most " + with_unit(*clause.at_most));
}

}  // namespace detail

/// Each clause: its verdict, and below it the sentence, what was measured and asked for, why it is
/// open, what guards have noted, and the records. Then the verdict on the whole.
inline std::string acceptance_table(Judgement const& judgement) {
  std::string text;
  for (auto const& clause : judgement.clauses) {
    text += fmt::format("{}: {}\n", printable(clause.id), word(clause.verdict));
    auto const line = [&](std::string const& words) {
      if (!words.empty()) text += "  " + printable(words) + "\n";
    };
    line(clause.sentence);
    line(detail::measured_and_asked(clause));
    line(clause.reason);
    for (auto const& note : clause.notes) line("note: " + note);
    std::string records;
    for (auto const& id : clause.records) records += (records.empty() ? "" : ", ") + short_id(id);
    if (!clause.records.empty())
      line(fmt::format("{} record{}, {}: {}", clause.records.size(),
                       clause.records.size() == 1 ? "" : "s",
                       word(clause.tier.value_or(Tier::unsigned_result)), records));
  }
  return text + fmt::format("{} ({}): {}\n", printable(judgement.contract),
                            short_id(judgement.digest), word(judgement.verdict));
}

}  // namespace inpex::host
