// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is said of pairs: the verdict on each with what it rests on, as a table for people, and as
// an exit code.

#include <inpex/error.hpp>
#include <inpex/fields.hpp>
#include <inpex/host/estimate.hpp>
#include <inpex/host/printable.hpp>
#include <inpex/host/quantity.hpp>
#include <inpex/host/record.hpp>
#include <inpex/host/verdict.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace inpex::host {

/// One case of A, the same of B, and the verdict on B.
struct Compared {
  std::string app, case_name, space_a, space_b, precision;
  Comparison verdict = Comparison::refused;
  std::optional<Estimate> ratio;  ///< speed of B over that of A: above 1 is faster
  Number effect;                  ///< smallest that may be claimed
  Number effect_in_turn;          ///< the same by at least `usual_rounds` of A and B in turn
  bool calibrated = false;
  bool assumed = true;  ///< `effect`, as too few equal runs have shown it
  Count rounds;         ///< that decided it, where they were run for that
  std::string reason;
  std::vector<std::string> records_a, records_b;  ///< ids
  static constexpr auto fields() {
    using C = Compared;
    return std::tuple{field("app", &C::app),
                      field("case", &C::case_name),
                      field("space_a", &C::space_a),
                      field("space_b", &C::space_b),
                      field("precision", &C::precision),
                      field("verdict", &C::verdict),
                      field("ratio", &C::ratio),
                      field("effect", &C::effect),
                      field("effect_in_turn", &C::effect_in_turn),
                      field("calibrated", &C::calibrated),
                      field("assumed", &C::assumed),
                      field("rounds", &C::rounds),
                      field("reason", &C::reason),
                      field("records_a", &C::records_a),
                      field("records_b", &C::records_b)};
  }
};

/// 5 when something is slower, 6 when something is undecided or refused, else 0.
inline int exit_code_of(std::vector<Compared> const& all) {
  auto const any = [&](Comparison verdict) {
    return std::any_of(all.begin(), all.end(),
                       [&](Compared const& each) { return each.verdict == verdict; });
  };
  if (any(Comparison::slower)) return exit_code(Fault::rejected);
  bool const open = any(Comparison::undecided) || any(Comparison::refused);
  return open ? exit_code(Fault::inconclusive) : 0;
}

/// The table for people: a line for each pair, with the effect that was asked for.
inline std::string comparison_table(std::vector<Compared> const& all) {
  std::string text;
  for (auto const& each : all) {
    auto const spaces = each.space_a == each.space_b || each.space_a.empty() || each.space_b.empty()
                            ? each.space_a + (each.space_a.empty() ? each.space_b : "")
                            : each.space_a + ", " + each.space_b;
    text += printable(fmt::format("{} {} {} {}: {}", each.app, each.case_name, spaces,
                                  each.precision, word(each.verdict)));
    if (each.ratio)
      text += fmt::format(", x {:.4f} ({:.4f} to {:.4f}, {:.0f} %)", each.ratio->value,
                          each.ratio->low, each.ratio->high, 100 * each.ratio->level);
    if (each.effect)
      text += fmt::format(", {} effect {}", each.calibrated ? "calibrated" : "assumed",
                          percent(*each.effect));
    if (each.rounds) text += fmt::format(", {} rounds in turn", *each.rounds);
    text += (each.reason.empty() ? "" : "; " + printable(each.reason)) + "\n";
  }
  return text;
}

/// How many pairs got each verdict, and what x is.
inline std::string comparison_summary(std::vector<Compared> const& all) {
  std::string counts;
  for (std::size_t i = 0; i < words(Comparison{}).size(); ++i) {
    auto const verdict = static_cast<Comparison>(i);
    auto const count = std::count_if(all.begin(), all.end(),
                                     [&](Compared const& each) { return each.verdict == verdict; });
    if (count > 0)
      counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", count, word(verdict));
  }
  return counts + "; x is the speed of B over that of A\n";
}

}  // namespace inpex::host
