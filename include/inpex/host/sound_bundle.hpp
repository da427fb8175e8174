// SPDX-License-Identifier: Apache-2.0
#pragma once
// A bundle that holds, or an error: what is claimed or accepted rests on results that verification
// has found sound.

#include <inpex/error.hpp>
#include <inpex/host/build_info.hpp>
#include <inpex/host/children.hpp>
#include <inpex/host/json_text.hpp>
#include <inpex/host/unchanged.hpp>
#include <inpex/host/verify_bundle.hpp>

#include <fmt/format.h>

#include <sys/resource.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>

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

/// Limits a process that reads what others wrote, for a library may loop on it and take all memory:
/// to a minute of its processor and to 4 GB, each with something for every byte of the bundle. Not
/// in builds with sanitizers, which need more address space than there is.
inline void limit_reading(std::filesystem::path const& bundle) {
  if (build_info().sanitizers) return;
  std::uintmax_t bytes = 0;
  std::error_code trouble;
  for (std::filesystem::recursive_directory_iterator at(bundle, trouble), end;
       !trouble && at != end; at.increment(trouble))
    if (at->is_regular_file(trouble)) bytes += at->file_size(trouble);
  rlim_t const seconds = 60 + bytes / 1'000'000, memory = 4'000'000'000 + 20 * bytes;
  rlimit const time{seconds, seconds}, space{memory, memory};
  ::setrlimit(RLIMIT_CPU, &time);
  ::setrlimit(RLIMIT_AS, &space);
}

/// What verification finds, by a child, since a bundle may be made to crash a library. Throws
/// Error: command if there is no bundle, inconclusive if the child came to no end.
inline Verification verify_apart(std::filesystem::path const& bundle, Trust const& trust = {}) {
  constexpr double patience = 3600;
  BundleVerifier verifier(bundle);
  verifier.require_bundle();
  auto const end = in_child(
      [&] {
        limit_reading(bundle);
        return json_text(verifier.verify(trust));
      },
      patience);
  if (!end.well())
    throw Error(Fault::inconclusive,
                "the process that reads the bundle " + end.reason() + " " + end.said,
                bundle.string(), take_unchanged);
  return from_json_text<Verification>(end.answer, bundle.string());
}

/// Throws Error unless the bundle holds: command if there is none, inconclusive for what is not as
/// a run made it.
inline void require_sound(std::filesystem::path const& bundle, Trust const& trust = {}) {
  auto const found = verify_apart(bundle, trust);
  if (!found.holds())
    throw Error(Fault::inconclusive,
                "the bundle does not hold\n  " + detail::first_troubles(found) +
                    "see `inpex verify`",
                bundle.string(), take_unchanged);
}

}  // namespace inpex::host
