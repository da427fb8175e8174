// SPDX-License-Identifier: Apache-2.0
#pragma once
// A bundle, read: the folder of one run. Whole under its own name, with a manifest that holds; or
// `NAME.partial`, of a run that goes on or was interrupted, from which every whole record is read.

#include <inpex/error.hpp>
#include <inpex/host/bundle_file.hpp>
#include <inpex/host/bundle_lock.hpp>
#include <inpex/host/durable.hpp>
#include <inpex/host/manifest.hpp>
#include <inpex/host/record.hpp>
#include <inpex/host/record_json.hpp>
#include <inpex/host/run_plan.hpp>
#include <inpex/host/unchanged.hpp>

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inpex::host {

inline constexpr std::string_view partial_ending = ".partial";

/// `path` without a slash at its end.
inline std::filesystem::path without_slash(std::filesystem::path const& path) {
  auto const clean = path.lexically_normal();
  return clean.has_filename() || clean == clean.root_path() ? clean : clean.parent_path();
}

/// Whether the name ends as that of a run that is not complete.
inline bool is_partial(std::filesystem::path const& folder) {
  return folder.extension() == partial_ending;
}

/// Records of a folder, and what is no whole record: bytes at the end of records.jsonl that a kill
/// or a power cut left.
struct RecordLines {
  std::vector<Record> records;
  std::string torn;
};

/// The records of a text, one a line. With `torn` a last line that is no record goes there;
/// everything else that is wrong throws Error (inconclusive) with its line.
inline std::vector<Record> records_of_text(std::string_view text, std::string const& place,
                                           std::string* torn = nullptr) {
  std::vector<Record> records;
  std::set<std::string> tasks;
  std::size_t number = 0;
  for (std::string_view rest = text; !rest.empty();) {
    auto const end = rest.find('\n');
    auto const last = end == std::string_view::npos || end + 1 == rest.size();
    auto const line = place + ":" + std::to_string(++number);
    try {
      if (end == std::string_view::npos)
        throw Error(Fault::inconclusive, "the line is torn", line, take_unchanged);
      auto record = record_of_line(rest.substr(0, end), line);
      if (!record.provenance.task.empty() && !tasks.insert(record.provenance.task).second)
        throw Error(Fault::inconclusive, "a second record of " + record.provenance.task, line,
                    take_unchanged);
      records.push_back(std::move(record));
    } catch (Error const&) {
      if (torn == nullptr || !last) throw;
      *torn = rest;
    }
    rest.remove_prefix(last ? rest.size() : end + 1);
  }
  return records;
}

/// Reads records.jsonl of a folder; with `torn_allowed` its last line may be no record.
inline RecordLines read_records(std::filesystem::path const& folder, bool torn_allowed) {
  auto const path = folder / "records.jsonl";
  RecordLines found;
  if (torn_allowed && !is_there(path)) return found;
  found.records = records_of_text(read_bundle_file(folder, "records.jsonl"), path.string(),
                                  torn_allowed ? &found.torn : nullptr);
  return found;
}

/// The tasks of `plan` that have no record, in order.
inline std::vector<Task> remaining_tasks(RunPlan const& plan, std::vector<Record> const& records) {
  std::set<std::string> done;
  for (auto const& record : records) done.insert(record.provenance.task);
  std::vector<Task> remaining;
  for (auto const& task : plan.tasks)
    if (!done.contains(task.name)) remaining.push_back(task);
  return remaining;
}

/// A bundle as it is on disk.
struct Bundle {
  std::filesystem::path folder;
  bool whole = false;    ///< complete, and every file is as the manifest says
  bool running = false;  ///< another process is writing it now
  RunPlan plan;
  std::vector<Record> records;
  std::vector<Task> remaining;  ///< without a record; the first is the one that was interrupted
  std::string torn;             ///< bytes of a record that was not written to its end
};

/// Opens a bundle, whole or partial. A whole one is held against its manifest before anything else
/// is read. Throws Error: command if there is none, inconclusive if it is not as it was written.
inline Bundle open_bundle(std::filesystem::path const& path) {
  Bundle bundle;
  bundle.folder = without_slash(path);
  auto const& folder = bundle.folder;
  auto const partial = folder.string() + std::string(partial_ending);
  if (!is_folder(folder))
    throw Error(Fault::command, "there is no such bundle", folder.string(),
                is_folder(partial) ? "its run was interrupted or goes on: look at '" + partial + "'"
                                   : name_a_bundle);
  bundle.whole = !is_partial(folder);
  if (bundle.whole && !is_there(folder / manifest_name))
    throw Error(Fault::inconclusive,
                "the folder is no bundle: it has no " + std::string(manifest_name), folder.string(),
                name_a_bundle);
  if (bundle.whole) verify_manifest(folder);
  auto const plan = folder / "plan.json";
  if (!is_there(plan))
    throw Error(Fault::inconclusive, "the folder has no plan.json: its run had not begun",
                folder.string(), "remove the folder, and run again");
  bundle.plan = plan_of_text(read_bundle_file(folder, "plan.json"), plan.string());
  auto lines = read_records(folder, !bundle.whole);
  bundle.records = std::move(lines.records);
  bundle.torn = std::move(lines.torn);
  bundle.remaining = remaining_tasks(bundle.plan, bundle.records);
  bundle.running = !bundle.whole && is_locked(plan);
  return bundle;
}

/// The partial folder of an interrupted run, named by it or by the bundle that it was to become.
/// Throws Error (command) when nothing is there to go on with.
inline std::filesystem::path interrupted_folder(std::filesystem::path const& at) {
  auto whole = without_slash(at);
  if (is_partial(whole)) whole.replace_extension();
  std::filesystem::path partial = whole.string() + std::string(partial_ending);
  if (is_folder(partial) && is_there(partial / "plan.json")) return partial;
  if (is_folder(partial))
    throw Error(Fault::command, "the run had not begun: there is no plan.json", partial.string(),
                "remove the folder, and run again");
  if (is_there(whole))
    throw Error(Fault::command, "nothing is left to do", whole.string(),
                "look at it with `inpex show " + whole.string() + "`");
  throw Error(Fault::command, "there is no interrupted run", partial.string(),
              "write the --out folder of a run that was stopped");
}

}  // namespace inpex::host
