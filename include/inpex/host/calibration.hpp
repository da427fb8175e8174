// SPDX-License-Identifier: Apache-2.0
#pragma once
// What `inpex calibrate` has found on a machine: how far two runs of the very same thing lie apart.
// A verdict never claims a smaller effect. One JSON file a machine, named by the machine's id.

#include <inpex/error.hpp>
#include <inpex/host/durable.hpp>
#include <inpex/host/json_text.hpp>
#include <inpex/host/record.hpp>
#include <inpex/host/sha256.hpp>

#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace inpex::host {

/// What may be claimed by rounds of A and B in turn (rounds.hpp).
struct CalibratedRounds {
  std::int64_t rounds = 0;
  double effect = 0;                ///< smallest relative difference that may be claimed
  std::int64_t blocks = 0;          ///< of so many rounds of equal runs
  std::int64_t false_verdicts = 0;  ///< of `blocks`, each judged by the effect of the other half
  Count slowed = {};                ///< blocks whose one side was slowed by twice the effect
  Count slowed_found = {};          ///< of these, called slower
  static constexpr auto fields() {
    using C = CalibratedRounds;
    return std::tuple{field("rounds", &C::rounds), field("effect", &C::effect),
                      field("blocks", &C::blocks), field("false_verdicts", &C::false_verdicts),
                      field("slowed", &C::slowed), field("slowed_found", &C::slowed_found)};
  }
};

/// Pairs of equal runs of one case, judged as if one side were new.
struct CalibratedCase {
  std::string app, case_name, space, precision;
  Count ranks;
  std::string setting;  ///< schedule, threads and parameters: setting_of()
  std::int64_t pairs = 0;
  double effect = 0;                ///< smallest relative difference that may be claimed
  double detectable = 0;            ///< relative difference that is found in 90 % of pairs
  std::int64_t false_verdicts = 0;  ///< of `pairs`, each judged by the effect of the other half
  double false_rate_bound = 0;      ///< 95 % upper bound of the rate of false verdicts
  Count slowed = {};                ///< pairs whose one side was slowed by twice the effect
  Count slowed_found = {};          ///< of these, called slower
  std::optional<CalibratedRounds> in_turn = {};
  static constexpr auto fields() {
    using C = CalibratedCase;
    return std::tuple{field("app", &C::app),
                      field("case", &C::case_name),
                      field("space", &C::space),
                      field("precision", &C::precision),
                      field("ranks", &C::ranks),
                      field("setting", &C::setting),
                      field("pairs", &C::pairs),
                      field("effect", &C::effect),
                      field("detectable", &C::detectable),
                      field("false_verdicts", &C::false_verdicts),
                      field("false_rate_bound", &C::false_rate_bound),
                      field("slowed", &C::slowed),
                      field("slowed_found", &C::slowed_found),
                      field("in_turn", &C::in_turn)};
  }
};

/// What two records of equal key must share to be held against each other first: where and how.
inline std::string setting_of(Record const& record) {
  return fmt::format("{} {} {} {} {}", record.placement.space, record.placement.schedule,
                     record.placement.ranks.value_or(1), record.placement.threads.value_or(1),
                     json_text(record.spec.parameters));
}

/// All of one machine.
struct Calibration {
  std::string inpex_calibration = "1.0";
  std::string machine;
  std::string created;
  std::vector<CalibratedCase> cases;
  static constexpr auto fields() {
    using C = Calibration;
    return std::tuple{field("inpex_calibration", &C::inpex_calibration),
                      field("machine", &C::machine), field("created", &C::created),
                      field("cases", &C::cases)};
  }
};

/// The machine's id: a hash of its name, processor, cores and memory.
inline std::string machine_id(Platform const& platform) {
  auto const number = [](Count const& value) { return std::to_string(value.value_or(0)); };
  std::string text = platform.host + "\n" + platform.cpu + "\n" + number(platform.cores) + "\n" +
                     number(platform.hardware_threads) + "\n" + number(platform.memory_bytes);
  for (auto const& gpu : platform.gpus) text += "\n" + gpu.name + number(gpu.count);
  return sha256(text).substr(0, 16);
}

/// Where calibrations lie: INPEX_CALIBRATIONS, else in the user's folder for data.
inline std::filesystem::path calibration_folder() {
  auto const* chosen = std::getenv("INPEX_CALIBRATIONS");
  if (chosen != nullptr && *chosen != '\0') return chosen;
  auto const* data = std::getenv("XDG_DATA_HOME");
  if (data != nullptr && *data != '\0') return std::filesystem::path(data) / "inpex";
  auto const* home = std::getenv("HOME");
  return std::filesystem::path(home != nullptr ? home : ".") / ".local/share/inpex";
}

/// Beyond this factor nothing is looked for: equal runs that differ a hundredfold are no measure.
inline constexpr double most_effect = 99;

namespace detail {

inline bool is_effect(double value) { return value >= 0 && value <= most_effect; }

inline bool is_part(std::int64_t part, std::int64_t whole) { return part >= 0 && part <= whole; }

inline bool is_part(Count const& part, Count const& whole) {
  return part.has_value() == whole.has_value() && (!part || is_part(*part, *whole));
}

}  // namespace detail

/// Whether the numbers of a case can have come from runs: finite effects, rates within 0 and 1,
/// counts of which none is above what it is a part of.
inline bool is_possible(CalibratedCase const& each) {
  auto const& turns = each.in_turn;
  return detail::is_effect(each.effect) && detail::is_effect(each.detectable) &&
         each.false_rate_bound >= 0 && each.false_rate_bound <= 1 &&
         detail::is_part(each.false_verdicts, each.pairs) &&
         detail::is_part(each.slowed_found, each.slowed) &&
         (!turns || (turns->rounds > 0 && detail::is_effect(turns->effect) &&
                     detail::is_part(turns->false_verdicts, turns->blocks) &&
                     detail::is_part(turns->slowed_found, turns->slowed)));
}

/// The calibration of a machine; without any case when there is none. Throws Error (inconclusive)
/// for a file that is not as it was written, or that no runs can have given.
inline Calibration read_calibration(std::filesystem::path const& folder,
                                    std::string const& machine) {
  auto const path = folder / (machine + ".json");
  if (!is_there(path)) return {.machine = machine, .created = {}, .cases = {}};
  constexpr char advice[] = "remove the file, and run `inpex calibrate` again";
  auto const found = from_json_text<Calibration>(read_file(path), path.string(), advice);
  JsonReader const reader(path.string(), advice);
  if (found.inpex_calibration != Calibration{}.inpex_calibration || found.machine != machine)
    reader.fail("this is no calibration of this machine");
  for (auto const& each : found.cases)
    if (!is_possible(each))
      reader.fail("no runs can have given what it says of " + each.app + " " + each.case_name);
  return found;
}

/// What is known of the case of a record, or nullptr.
inline CalibratedCase const* find_case(Calibration const& calibration, Record const& record) {
  for (auto const& each : calibration.cases)
    if (each.app == record.spec.id && each.case_name == record.spec.case_name &&
        each.space == record.placement.space && each.precision == record.spec.precision &&
        each.setting == setting_of(record))
      return &each;
  return nullptr;
}

}  // namespace inpex::host
