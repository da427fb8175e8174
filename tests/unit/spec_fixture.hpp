// SPDX-License-Identifier: Apache-2.0
#pragma once
// The smallest good spec of the corpus, with edits; and the errors of a text as sentences.

#include <inpex/host/spec_load.hpp>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace inpex::test {

inline std::string source_path(std::string const& path) {
  return std::string(INPEX_SOURCE_DIR) + "/" + path;
}

/// The text of tests/corpus/good/minimal.yaml with each `first` replaced by its `second`, once.
inline std::string
minimal_spec(std::vector<std::pair<std::string, std::string>> const& edits = {}) {
  auto text = host::read_small_file(source_path("tests/corpus/good/minimal.yaml"));
  for (auto const& [from, to] : edits) {
    auto const at = text.find(from);
    if (at == std::string::npos) throw std::logic_error("the edit '" + from + "' finds nothing");
    text.replace(at, from.size(), to);
  }
  return text;
}

/// All errors that reading the text gives, "place: problem / hint"; empty if it holds.
inline std::vector<std::string> errors_of(std::string const& text) {
  std::vector<std::string> result;
  try {
    host::parse_spec(text, "a.yaml");
  } catch (host::SpecErrors const& errors) {
    for (auto const& each : errors.errors)
      result.push_back(each.where + ": " + each.problem + " / " + each.hint);
  }
  return result;
}

}  // namespace inpex::test
