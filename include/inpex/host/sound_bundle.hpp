// SPDX-License-Identifier: Apache-2.0
#pragma once
// A bundle that holds, or an error: what is claimed or accepted rests on results that verification
// has found sound.

#include <inpex/error.hpp>
#include <inpex/host/children.hpp>
#include <inpex/host/json_text.hpp>
#include <inpex/host/verify_bundle.hpp>

#include <filesystem>
#include <string>

namespace inpex::host {

namespace detail {

/// The first findings that make a bundle not hold, a line each.
inline std::string first_troubles(Verification const& found) {
  constexpr int most = 5;
  std::string text;
  int shown = 0, others = 0;
  for (auto const& trouble : found.troubles) {
    if (trouble.severity == "division") continue;
    if (shown++ < most)
      text += printable(trouble.place + ": " + trouble.sentence) + "\n  ";
    else
      ++others;
  }
  return others == 0 ? text : text + fmt::format("and {} more\n  ", others);
}

}  // namespace detail

/// Throws Error unless the bundle holds: command if there is none, inconclusive for what is not as
/// a run made it. It is read by a child, since one may be made to crash a library.
inline void require_sound(std::filesystem::path const& bundle, Trust const& trust = {}) {
  constexpr double patience = 3600;
  BundleVerifier verifier(bundle);
  verifier.require_bundle();
  auto const end = in_child([&] { return json_text(verifier.verify(trust)); }, patience);
  if (!end.well())
    throw Error(Fault::inconclusive,
                "the process that reads the bundle " + end.reason() + " " + end.said,
                bundle.string(), "take an unchanged copy, or run again");
  auto const found = from_json_text<Verification>(end.answer, bundle.string());
  if (!found.holds())
    throw Error(Fault::inconclusive,
                "the bundle does not hold\n  " + detail::first_troubles(found) +
                    "see `inpex verify`",
                bundle.string(), "take an unchanged copy, or run again");
}

}  // namespace inpex::host
