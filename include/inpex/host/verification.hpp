// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the judgement of a bundle says, for programs and for people.

#include <inpex/error.hpp>
#include <inpex/fields.hpp>
#include <inpex/host/printable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

namespace inpex::host {

/// One thing that is not as it must be. Severities: damaged (not as it was written), false (not
/// what inpex makes of such a run), division (no result of the division that it names).
struct Trouble {
  std::string place;  ///< file, with line and record where it is one
  std::string rule;   ///< empty for damage
  std::string severity;
  std::string sentence;
  static constexpr auto fields() {
    using T = Trouble;
    return std::tuple{field("place", &T::place), field("rule", &T::rule),
                      field("severity", &T::severity), field("sentence", &T::sentence)};
  }
};

/// What was found in a bundle.
struct Verification {
  std::string bundle;
  std::int64_t records = 0;  ///< that were read
  std::int64_t sound = 0;    ///< of which every number was computed again and is the same
  std::string signature;
  std::string signer;  ///< whom the reader knows; "" for nobody
  std::vector<Trouble> troubles;
  static constexpr auto fields() {
    using V = Verification;
    return std::tuple{field("bundle", &V::bundle), field("records", &V::records),
                      field("sound", &V::sound),   field("signature", &V::signature),
                      field("signer", &V::signer), field("troubles", &V::troubles)};
  }
  /// Whether it is as it was written, and every number follows.
  [[nodiscard]] bool holds() const {
    return std::all_of(troubles.begin(), troubles.end(),
                       [](Trouble const& each) { return each.severity == "division"; });
  }
};

/// 0 when the bundle holds, else 6.
inline int exit_code_of(Verification const& found) {
  return found.holds() ? 0 : exit_code(Fault::inconclusive);
}

/// The findings for people, one a line, then the summary.
inline std::string verification_text(Verification const& found) {
  std::string text;
  for (auto const& [place, rule, severity, sentence] : found.troubles)
    text +=
        printable(place + ": " + severity + (rule.empty() ? "" : " by " + rule) + ": " + sentence) +
        "\n";
  text += fmt::format("{}: {} of {} records recomputed bit for bit from their samples{}{}\n",
                      found.bundle, found.sound, found.records, found.signature.empty() ? "" : "; ",
                      printable(found.signature));
  text += found.holds() ? "the bundle holds\n" : "the bundle does NOT hold\n";
  return text;
}

}  // namespace inpex::host
