// SPDX-License-Identifier: Apache-2.0
#pragma once
// The values of tuning parameters that `inpex tune` found best on a machine: which ones it tries,
// the file that keeps what it found, and what of it a run takes. What a run takes is printed and
// stands in its plan and its records, so that nothing depends on the file afterwards.

#include <inpex/error.hpp>
#include <inpex/fields.hpp>
#include <inpex/host/calibration.hpp>
#include <inpex/host/durable.hpp>
#include <inpex/host/json_text.hpp>
#include <inpex/host/parameter.hpp>
#include <inpex/host/run_plan.hpp>
#include <inpex/host/spec.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace inpex::host {

/// The best values of one app, in one space and precision and with so many threads.
struct Tuned {
  std::string app, space, precision;
  std::int64_t threads = 1;
  std::string spec;   ///< digest of the spec that they were found with
  Table parameters;   ///< those that `candidates` are given for
  double gain = 1;    ///< rate over the rate of the defaults
  std::string found;  ///< when
  static constexpr auto fields() {
    return std::tuple{field("app", &Tuned::app),
                      field("space", &Tuned::space),
                      field("precision", &Tuned::precision),
                      field("threads", &Tuned::threads),
                      field("spec", &Tuned::spec),
                      field("parameters", &Tuned::parameters),
                      field("gain", &Tuned::gain),
                      field("found", &Tuned::found)};
  }
};

/// All that was found on one machine.
struct Tuning {
  std::string inpex_tuning = "1.0";
  std::string machine;  ///< its id
  std::string cpu;
  std::vector<Tuned> apps;
  static constexpr auto fields() {
    return std::tuple{field("inpex_tuning", &Tuning::inpex_tuning),
                      field("machine", &Tuning::machine), field("cpu", &Tuning::cpu),
                      field("apps", &Tuning::apps)};
  }
};

/// Every combination of the candidates of a spec's parameters, its defaults first; none where no
/// parameter has candidates.
inline std::vector<Table> candidates_of(Spec const& spec) {
  Table defaults;
  std::vector<Table> tables(1);
  for (auto const& parameter : spec.parameters) {
    if (parameter.candidates.empty() || !parameter.fallback) continue;
    put(defaults, parameter.name, *parameter.fallback);
    std::vector<Table> next;
    for (auto const& table : tables)
      for (auto const& value : parameter.candidates) {
        next.push_back(table);
        put(next.back(), parameter.name, value);
      }
    tables = std::move(next);
  }
  if (defaults.empty()) return {};
  std::erase(tables, defaults);
  tables.insert(tables.begin(), defaults);
  return tables;
}

/// Where what was found on a machine is kept: $INPEX_TUNING, else a file named after the machine
/// beside what `inpex calibrate` keeps.
inline std::filesystem::path tuning_file(Platform const& platform) {
  char const* own = std::getenv("INPEX_TUNING");
  if (own != nullptr && *own != '\0') return own;
  return calibration_folder() / fmt::format("tuning-{}.json", machine_id(platform));
}

/// The tuning of a text. Throws Error (inconclusive) at `place` for one that is damaged, of another
/// format or of another machine.
inline Tuning tuning_of_text(std::string_view text, std::string const& place,
                             std::string_view machine) {
  auto tuning = from_json_text<Tuning>(text, place, "run `inpex tune` again");
  if (tuning.inpex_tuning != Tuning{}.inpex_tuning)
    throw Error(Fault::inconclusive, fmt::format("the tuning has format '{}'", tuning.inpex_tuning),
                place, "this inpex reads format " + Tuning{}.inpex_tuning);
  if (tuning.machine != machine)
    throw Error(
        Fault::inconclusive,
        fmt::format("the tuning is of another machine ({}, {})", tuning.machine, tuning.cpu), place,
        "run `inpex tune` on this one");
  return tuning;
}

/// What was found for an app, or nullptr. A spec that has changed since then has nothing.
inline Tuned const* found_for(Tuning const& tuning, Spec const& spec, Task const& task,
                              std::int64_t threads) {
  for (auto const& each : tuning.apps)
    if (each.app == spec.id && each.space == task.space && each.precision == task.precision &&
        each.threads == threads && each.spec == spec.digest)
      return &each;
  return nullptr;
}

/// Puts what was found into the task, and gives back what it put; nothing where the command itself
/// tunes, or where a value is no longer one that the spec takes.
inline Table tune_task(Tuned const& found, Spec const& spec, Task& task) {
  for (auto const& entry : task.parameters)
    if (auto const* parameter = spec.parameter(entry.name))
      if (parameter->role == Role::tuning) return {};
  Table taken;
  for (auto const& entry : found.parameters) {
    auto const* parameter = spec.parameter(entry.name);
    if (parameter == nullptr || parameter->role != Role::tuning || !parameter->fallback ||
        entry.value.index() != parameter->fallback->index() ||
        !refusal(*parameter, entry.value).first.empty())
      return {};
    if (entry.value != *parameter->fallback) put(taken, entry.name, entry.value, "inpex tune");
  }
  for (auto const& entry : taken) put(task.parameters, entry.name, entry.value, entry.where);
  return taken;
}

/// "tile=64, fused=4"
inline std::string settings_in_words(Table const& parameters) {
  std::string text;
  for (auto const& entry : parameters)
    text += (text.empty() ? "" : ", ") + entry.name + "=" + written(entry.value);
  return text;
}

/// What was found replaces what was known of the same app, space, precision and threads.
inline void keep_tuned(Tuning& tuning, Tuned found) {
  std::erase_if(tuning.apps, [&](Tuned const& each) {
    return each.app == found.app && each.space == found.space &&
           each.precision == found.precision && each.threads == found.threads;
  });
  tuning.apps.push_back(std::move(found));
}

}  // namespace inpex::host
