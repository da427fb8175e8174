// SPDX-License-Identifier: Apache-2.0
#pragma once
// A result: what was run, how long it took, whether it is right, and where. Plain structs, SI base
// units. Unknown is absent: an empty optional, text or list; never 0 and never "". Each struct
// lists its fields once; from that come the JSON (record_json.hpp) and the check of docs/record.md.

#include <inpex/fields.hpp>
#include <inpex/host/record_groups.hpp>
#include <inpex/host/record_machine.hpp>
#include <inpex/value.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace inpex::host {

/// Where a record's figures come from.
enum class Kind { measured, projected, imported };
/// How a case ended. Only `passed` is ever ranked.
enum class Status { passed, wrong, failed, timeout, skipped };

/// The words that JSON uses for the values of an enumeration, in order.
constexpr std::array<std::string_view, 3> words(Kind) {
  return {"measured", "projected", "imported"};
}
constexpr std::array<std::string_view, 5> words(Status) {
  return {"passed", "wrong", "failed", "timeout", "skipped"};
}
/// The word of one value.
template <class Enumeration>
requires requires(Enumeration e) { words(e); }
constexpr std::string_view word(Enumeration value) {
  return words(value)[static_cast<std::size_t>(value)];
}

/// One result: one line of records.jsonl.
struct Record {
  std::string inpex_record = "1.0";  ///< version of this format
  std::string id;       ///< SHA-256 of the record without `id` and `created`; BundleWriter fills it
  std::string created;  ///< UTC, "2026-11-22T18:00:00Z"; BundleWriter fills it when it is empty
  Kind kind = Kind::measured;
  Status status = Status::failed;
  std::string reason;  ///< a sentence, for every status but passed
  SpecGroup spec;
  Fom fom;
  Timing timing;
  std::vector<PhaseGroup> phases;
  std::vector<Counter> counters;  ///< those that the system lets be read
  std::vector<VerifyGroup> verify;
  std::vector<Ceiling> ceilings;
  Platform platform;
  Placement placement;
  Software software;
  Energy energy;
  Quality quality;
  Provenance provenance;

  static constexpr auto fields() {
    using R = Record;
    return std::tuple{field("inpex_record", &R::inpex_record),
                      field("id", &R::id),
                      field("created", &R::created),
                      field("kind", &R::kind),
                      field("status", &R::status),
                      field("reason", &R::reason),
                      field("spec", &R::spec),
                      field("fom", &R::fom),
                      field("timing", &R::timing),
                      field("phases", &R::phases),
                      field("counters", &R::counters),
                      field("verify", &R::verify),
                      field("ceilings", &R::ceilings),
                      field("platform", &R::platform),
                      field("placement", &R::placement),
                      field("software", &R::software),
                      field("energy", &R::energy),
                      field("quality", &R::quality),
                      field("provenance", &R::provenance)};
  }
};

/// Seconds, [sample][rank]: every sample has the same number of ranks.
using Matrix = std::vector<std::vector<double>>;

/// Most samples whose values stand in the record itself.
inline constexpr std::size_t most_inline = 64;

/// Raw samples of one phase, taken with a fence at each end.
struct PhaseSamples {
  std::string name;
  Matrix time;
  static constexpr auto fields() {
    return std::tuple{field("name", &PhaseSamples::name), field("time", &PhaseSamples::time)};
  }
};

/// What a counter of energy showed, [sample][2]: seconds from just before to just after a sample of
/// `time`, and the joules of all nodes meanwhile. Empty where none could be read.
struct EnergySamples {
  std::string source;
  Matrix readings;
  static constexpr auto fields() {
    using E = EnergySamples;
    return std::tuple{field("source", &E::source), field("readings", &E::readings)};
  }
};

/// Everything that was measured, so that statistics can be redone. Empty for a case that never ran.
struct Samples {
  Matrix time;  ///< the samples behind the figure of merit
  std::vector<PhaseSamples> phases;
  EnergySamples energy = {};
  static constexpr auto fields() {
    using S = Samples;
    return std::tuple{field("time", &S::time), field("phases", &S::phases),
                      field("energy", &S::energy)};
  }
};

}  // namespace inpex::host
