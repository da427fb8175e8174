// SPDX-License-Identifier: Apache-2.0
#pragma once
// Structs to JSON text and back; the rules are in json_writer.hpp and json_reader.hpp.

#include <inpex/host/json_reader.hpp>
#include <inpex/host/json_writer.hpp>

#include <nlohmann/json.hpp>

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

/// The struct that a JSON text holds. Throws Error (inconclusive) at `place`, with the field.
template <Group T>
T from_json_text(std::string_view text, std::string place) {
  JsonReader const reader(std::move(place));
  try {
    return reader.read<T>(JsonReader::Json::parse(text), "");
  } catch (nlohmann::json::parse_error const& error) {
    reader.fail("is not JSON from byte " + std::to_string(error.byte) + " on");
  } catch (nlohmann::json::exception const&) {
    reader.fail("holds a number that no machine can");
  }
}

}  // namespace inpex::host
