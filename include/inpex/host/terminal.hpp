// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether a person watches a file descriptor. A launcher may give its ranks terminals of its own
// and hand on what they write to a file: what a launcher started never takes its output for a
// person's.

#include <inpex/host/launcher.hpp>

#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace inpex::host {

/// A terminal, and no launcher between it and this process.
inline bool is_watched(int descriptor) {
  return ::isatty(descriptor) == 1 && launcher_variable().empty();
}

/// Whether colours may be written: it is watched, NO_COLOR is not set, and the terminal is not
/// dumb.
inline bool wants_colour(int descriptor) {
  auto const* none = std::getenv("NO_COLOR");
  auto const* terminal = std::getenv("TERM");
  return is_watched(descriptor) && (none == nullptr || *none == '\0') &&
         !(terminal != nullptr && std::string_view(terminal) == "dumb");
}

}  // namespace inpex::host
