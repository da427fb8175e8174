// SPDX-License-Identifier: Apache-2.0
#pragma once
// Small files of /proc and /sys as texts. Plain C input, since device translation units include it.

#include <cstddef>
#include <cstdio>
#include <string>

namespace inpex {

/// The whole file; "" when it cannot be read.
inline std::string file_text(std::string const& path) {
  std::string text;
  if (std::FILE* const file = std::fopen(path.c_str(), "r")) {
    char buffer[4096];
    while (std::size_t const n = std::fread(buffer, 1, sizeof buffer, file)) text.append(buffer, n);
    std::fclose(file);
  }
  return text;
}

/// Its first line, without the end of it.
inline std::string first_line(std::string const& path) {
  auto const text = file_text(path);
  return text.substr(0, text.find('\n'));
}

}  // namespace inpex
