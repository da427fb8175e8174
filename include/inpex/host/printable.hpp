// SPDX-License-Identifier: Apache-2.0
#pragma once
// Texts of a bundle or contract, fit for a terminal. Whoever made it chose its names and reasons:
// what would move the cursor, colour a verdict, turn the order of letters or begin a line of its
// own is shown by its number instead. All other text is as it was.

#include <cstddef>
#include <string>
#include <string_view>

namespace inpex::host {

namespace detail {

/// Length of the UTF-8 character at `at`, or 0 where there is none (overlong forms, surrogates and
/// what lies beyond U+10FFFF included).
inline std::size_t utf8_length(std::string_view text, std::size_t at) {
  auto const byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  unsigned const first = byte(at);
  if (first < 0x80) return 1;
  std::size_t const length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(at + i) & 0xC0U) != 0x80) return 0;
  unsigned const second = byte(at + 1);
  bool const wrong = (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
                     (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
  return wrong ? 0 : length;
}

/// Whether a whole character steers a terminal: C0, DEL, C1 (U+0080 to U+009F), the ends of lines
/// U+2028 and U+2029, and what turns the direction (U+202A to U+202E, U+2066 to U+2069).
inline bool is_control(std::string_view character) {
  auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
  if (character.size() == 1) return byte(0) < 0x20 || byte(0) == 0x7F;
  if (character.size() == 2) return byte(0) == 0xC2 && byte(1) < 0xA0;
  if (character.size() != 3 || byte(0) != 0xE2) return false;
  return (byte(1) == 0x80 && byte(2) >= 0xA8 && byte(2) <= 0xAE) ||
         (byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9);
}

inline std::string shown(std::string_view text, bool lines) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    auto const length = utf8_length(text, at);
    auto const character = text.substr(at, length == 0 ? 1 : length);
    at += character.size();
    if ((length > 0 && !is_control(character)) || (lines && character == "\n")) {
      result += character;
      continue;
    }
    for (char const each : character) {
      auto const code = static_cast<unsigned char>(each);
      result += "\\x";
      result += digits[code / 16], result += digits[code % 16];
    }
  }
  return result;
}

}  // namespace detail

/// The text on one line: control characters, newlines too, and bytes that are no UTF-8 as \x1b.
inline std::string printable(std::string_view text) { return detail::shown(text, false); }

/// The same of a text of several lines, which they stay.
inline std::string printable_lines(std::string_view text) { return detail::shown(text, true); }

}  // namespace inpex::host
