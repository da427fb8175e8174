// SPDX-License-Identifier: Apache-2.0
#pragma once
// Bundles that are made without a run, from the sound result of rule_fixtures.hpp: to
// try what judges them, at any size.

#include <inpex/host/machine_yaml.hpp>
#include <inpex/host/manifest.hpp>
#include <inpex/host/rule_fixtures.hpp>
#include <inpex/host/run_plan.hpp>
#include <inpex/host/samples_file.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <utility>

namespace inpex::host {

/// Writes a file without waiting for the disk.
inline void quick_file(std::filesystem::path const& path, std::string const& text) {
  std::ofstream(path, std::ios::binary) << text;
}

/// What was run in place of the sound result, by the number of the task: before anything is
/// computed from it.
using Vary = std::function<void(std::int64_t, Record&, Samples&)>;

namespace detail {

inline constexpr char made_at[] = "2026-11-23T00:00:00Z";

/// The record of a task, its file of samples written below `folder`. The first sample of each is
/// another nanosecond shorter.
inline std::string made_line(std::filesystem::path const& folder, Evidence const& sound,
                             std::string const& task, std::int64_t number,
                             std::function<void(Record&)> const& forge, Vary const& vary) {
  auto [run, samples] = std::pair(sound.record, sound.samples);
  samples.time.front().front() -= 1e-9 * static_cast<double>(number);
  if (vary) vary(number, run, samples);
  auto record = evidence_of(run, samples, sound.spec, sound.min_seconds).again;
  record.provenance.task = task;
  record.provenance.environment = sha256("{}\n");
  record.created = made_at;
  describe_samples(record, samples);
  if (forge) forge(record);
  record.id = content_id(record);
  quick_file(folder / record.timing.file, SampleWriter(record.id).image(samples));
  return json_text(record) + "\n";
}

}  // namespace detail

/// A whole bundle of that many records at `folder`; `forge` changes each record before it gets its
/// id, so that all hashes agree.
inline std::filesystem::path make_bundle(std::filesystem::path const& folder, std::int64_t records,
                                         std::function<void(Record&)> const& forge = {},
                                         Vary const& vary = {}) {
  auto const sound = sound_evidence();
  for (auto const* each : {"", "samples", "specs"})
    std::filesystem::create_directories(folder / each);
  RunPlan plan;
  plan.command = {"inpex", "run", "fixture.box"};
  plan.conditions = sound.conditions;
  for (std::int64_t i = 0; i < records; ++i)
    plan.tasks.push_back({"", "fixture.box", "smoke", "serial", "fp64", "native", {}});
  name_tasks(plan);
  std::string lines;
  std::int64_t number = 0;
  for (auto& task : plan.tasks) {
    auto const line = detail::made_line(folder, sound, task.name, number++, forge, vary);
    if (vary) task.parameters = record_of_line(line.substr(0, line.size() - 1), "").spec.parameters;
    lines += line;
  }
  quick_file(folder / "records.jsonl", lines);
  quick_file(folder / "plan.json", json_text(plan) + "\n");
  quick_file(folder / "environment.json", "{}\n");
  quick_file(folder / "log.txt", "the run begins\n");
  auto const first = record_of_line(lines.substr(0, lines.find('\n')), "records.jsonl");
  Machine machine;
  machine.created = detail::made_at;
  machine.platform = first.platform, machine.software = first.software;
  quick_file(folder / "machine.yaml", machine_text(machine));
  quick_file(folder / "specs/fixture.box.yaml", detail::fixture_spec);
  quick_file(folder / manifest_name, manifest_of(folder));
  return folder;
}

/// A bundle of that many runs, each of another size, at `speed` times the sound rate.
inline std::filesystem::path make_sizes(std::filesystem::path const& folder, std::int64_t records,
                                        double speed) {
  return make_bundle(folder, records, {},
                     [speed](std::int64_t number, Record& record, Samples& samples) {
                       put(record.spec.parameters, "nx", 32 + 8 * number);
                       put(record.spec.reported, "rounds", 4 + number);
                       for (auto& row : samples.time) row.front() /= speed;
                     });
}

}  // namespace inpex::host
