// SPDX-License-Identifier: Apache-2.0
#pragma once
// The figures by which the truth of all other figures is judged, each with what it is to reach. A
// line is made from what was run just now, never from what is written somewhere.

#include <inpex/error.hpp>
#include <inpex/host/record.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace inpex::host {

/// Whether a figure reaches its aim. `open`: what was run is too little to tell.
enum class Standing { pass, miss, open };
constexpr std::array<std::string_view, 3> words(Standing) { return {"pass", "MISS", "open"}; }

/// One figure.
struct ScoreLine {
  std::string what, found, aim;
  Standing standing = Standing::open;
  static constexpr auto fields() {
    using L = ScoreLine;
    return std::tuple{field("what", &L::what), field("found", &L::found), field("aim", &L::aim),
                      field("standing", &L::standing)};
  }
};

/// All of them; `quick` when a small share of each was run.
struct Scorecard {
  bool quick = false;
  std::vector<ScoreLine> lines;
  static constexpr auto fields() {
    return std::tuple{field("quick", &Scorecard::quick), field("lines", &Scorecard::lines)};
  }
};

/// A line that is judged.
inline ScoreLine score(std::string what, std::string found, std::string aim, bool reached) {
  return {std::move(what), std::move(found), std::move(aim),
          reached ? Standing::pass : Standing::miss};
}

/// A line of a whole that must be reached to its last part. Nothing of nothing is open.
inline ScoreLine score_all(std::string what, std::size_t reached, std::size_t of) {
  auto line = score(std::move(what), fmt::format("{} of {}", reached, of), "all", reached == of);
  if (of == 0) line.standing = Standing::open;
  return line;
}

/// A line of a limit from above.
inline ScoreLine score_within(std::string what, double value, double limit, std::string_view unit) {
  return score(std::move(what), fmt::format("{:.3g} {}", value, unit),
               fmt::format("within {:g} {}", limit, unit), value <= limit);
}

/// 4 when a figure misses its aim, 6 when one is open, else 0.
inline int exit_code_of(Scorecard const& card) {
  auto const any = [&](Standing standing) {
    return std::any_of(card.lines.begin(), card.lines.end(),
                       [&](ScoreLine const& line) { return line.standing == standing; });
  };
  if (any(Standing::miss)) return exit_code(Fault::wrong);
  return any(Standing::open) ? exit_code(Fault::inconclusive) : 0;
}

/// The head of the table, in Markdown.
inline std::string scorecard_head(bool quick) {
  return std::string(quick ? "A small share of each: `--quick`.\n\n" : "") +
         "| what | found | aim | |\n|---|---|---|---|\n";
}

/// Lines of the table.
inline std::string scorecard_rows(std::vector<ScoreLine> const& lines) {
  std::string text;
  for (auto const& line : lines)
    text += fmt::format("| {} | {} | {} | {} |\n", line.what, line.found, line.aim,
                        word(line.standing));
  return text;
}

}  // namespace inpex::host
