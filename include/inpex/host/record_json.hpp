// SPDX-License-Identifier: Apache-2.0
#pragma once
// A record as one line of records.jsonl, and its id. The id is the hash of the content, so that a
// changed digit is found without anything but the line.

#include <inpex/host/json_text.hpp>
#include <inpex/host/record.hpp>
#include <inpex/host/sha256.hpp>
#include <inpex/host/unchanged.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace inpex::host {

/// SHA-256 of the record's line without `id` and `created`: 64 hexadecimal digits.
inline std::string content_id(Record record) {
  record.id.clear();
  record.created.clear();
  return sha256(json_text(record));
}

/// SHA-256 of the raw samples, as the JSON of Samples writes them with its phases sorted by name.
inline std::string samples_digest(Samples samples) {
  std::sort(samples.phases.begin(), samples.phases.end(),
            [](auto const& a, auto const& b) { return a.name < b.name; });
  return sha256(json_text(samples));
}

/// By which runs are told apart: SHA-256 of the times, whatever the order of samples and of ranks.
inline std::string times_digest(Matrix times) {
  for (auto& row : times) std::sort(row.begin(), row.end());
  std::sort(times.begin(), times.end());
  return samples_digest({std::move(times), {}, {}});
}

/// The part of an id that names the record's group in HDF5 and in tables.
inline std::string short_id(std::string const& id) { return id.substr(0, 12); }

/// The record of one line. Throws Error (inconclusive) at `place` for whatever is not as inpex
/// writes it, and when the content does not have the hash that `id` states.
inline Record record_of_line(std::string_view line, std::string const& place) {
  JsonReader const reader(place, take_unchanged);
  auto record = from_json_text<Record>(line, place, take_unchanged);
  if (record.inpex_record != Record{}.inpex_record)
    reader.fail("the record has format '" + record.inpex_record + "'",
                "this inpex reads format " + Record{}.inpex_record);
  for (auto const& [name, text] : {std::pair{"id", record.id},
                                   {"created", record.created},
                                   {"spec.id", record.spec.id},
                                   {"spec.case", record.spec.case_name}})
    if (text.empty()) reader.fail("'" + std::string(name) + "' is missing");
  if (record.status != Status::passed && record.reason.empty())
    reader.fail("'reason' is missing, but the status is " + std::string(word(record.status)));
  if (content_id(record) != record.id)
    reader.fail("the content does not have the hash that 'id' states: it was changed");
  if (json_text(record) != line) reader.fail("the line is not as inpex writes it: it was changed");
  return record;
}

}  // namespace inpex::host
