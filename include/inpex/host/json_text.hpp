// SPDX-License-Identifier: Apache-2.0
#pragma once
// Structs to JSON text and back; the rules are in json_writer.hpp and json_reader.hpp. A text that
// nests deeper than any struct does is refused before it is parsed: a tree of it would be copied,
// compared and taken down by recursion.

#include <inpex/host/json_reader.hpp>
#include <inpex/host/json_writer.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace inpex::host {

/// One line of JSON, without the newline.
template <class T>
std::string json_text(T const& value) {
  JsonWriter writer;
  writer.write(value);
  return writer.text;
}

/// Lists and objects within one another that are read at most; a record has 6.
inline constexpr std::size_t json_depth_limit = 64;

/// Whether lists and objects are more than `limit` deep anywhere in a text. O(size), no recursion.
inline bool nests_deeper(std::string_view text, std::size_t limit) {
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    char const letter = text[at];
    if (quoted) {
      if (letter == '\\')
        ++at;  // what it escapes ends no text
      else
        quoted = letter != '"';
    } else if (letter == '"') {
      quoted = true;
    } else if (letter == '[' || letter == '{') {
      if (++depth > limit) return true;
    } else if ((letter == ']' || letter == '}') && depth > 0) {
      --depth;
    }
  }
  return false;
}

/// The struct or Table that a JSON text holds. Throws Error (inconclusive) at `place`, with the
/// field; the hint is `advice` where the field needs none of its own.
template <class T>
T from_json_text(std::string_view text, std::string place, char const* advice = "") {
  JsonReader const reader(std::move(place), advice);
  if (nests_deeper(text, json_depth_limit))
    reader.fail("lists and objects are nested deeper than " + std::to_string(json_depth_limit));
  try {
    return reader.read<T>(JsonReader::Json::parse(text));
  } catch (nlohmann::json::parse_error const& error) {
    reader.fail("is not JSON from byte " + std::to_string(error.byte) + " on");
  } catch (nlohmann::json::exception const&) {
    reader.fail("holds a number that no machine can");
  }
}

}  // namespace inpex::host
