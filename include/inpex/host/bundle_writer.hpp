// SPDX-License-Identifier: Apache-2.0
#pragma once
// A bundle, written: create, append a record for every task of the plan, finish. Until finish() the
// folder is `OUT.partial`; what append() returned from survives a kill at any moment. Functions
// name files by path, so that a forked child may append while its parent creates and finishes; one
// process appends at a time.

#include <inpex/error.hpp>
#include <inpex/host/bundle.hpp>
#include <inpex/host/bundle_lock.hpp>
#include <inpex/host/durable.hpp>
#include <inpex/host/manifest.hpp>
#include <inpex/host/record_json.hpp>
#include <inpex/host/run_plan.hpp>
#include <inpex/host/samples_file.hpp>
#include <inpex/host/samples_reader.hpp>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inpex::host {

/// The present time in UTC, "2026-11-22T18:00:00Z".
inline std::string utc_now() {
  std::time_t const now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::string text(20, '\0');
  std::strftime(text.data(), text.size() + 1, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

/// What the record says of its samples: how many, inline when at most 64, their file and digest.
inline void describe_samples(Record& record, Samples const& samples) {
  if (samples.time.empty() && samples.phases.empty()) return;
  auto& timing = record.timing;
  timing.count = static_cast<std::int64_t>(samples.time.size());
  timing.samples.clear();
  for (auto const& ranks : samples.time)
    if (samples.time.size() <= most_inline && !ranks.empty())
      timing.samples.push_back(*std::max_element(ranks.begin(), ranks.end()));
  timing.file = "samples/" + record.provenance.task + ".h5";
  timing.samples_digest = samples_digest(samples);
}

/// The one writer of a bundle; it holds the lock.
class BundleWriter {
 public:
  using Files = std::map<std::string, std::string>;
  /// Makes `out`.partial with the plan in it, and locks it. `files`, name and text, are what a
  /// resumed run needs: they are there before the plan is, so that no kill comes between. Refuses
  /// an `out` that exists in either form; whatever is refused, nothing that was there is touched.
  /// Throws Error (environment).
  static BundleWriter create(std::filesystem::path const& out, RunPlan const& plan,
                             Files const& files = {});
  /// Takes up `at`, or `at`.partial, under the same `conditions` as the plan's. A torn record is
  /// moved to torn.txt. Throws Error: command if there is nothing to resume or conditions differ,
  /// environment, or inconclusive if the folder is not as it was written.
  static BundleWriter resume(std::filesystem::path const& at, Table const& conditions);

  [[nodiscard]] RunPlan const& plan() const { return plan_; }
  /// OUT.partial, where the files are until finish().
  [[nodiscard]] std::filesystem::path const& folder() const { return folder_; }
  /// What is on disk now, a child's records included.
  [[nodiscard]] std::vector<Record> records() const { return read_records(folder_, true).records; }
  /// The tasks that have no record yet, in order.
  [[nodiscard]] std::vector<Task> remaining() const { return remaining_tasks(plan_, records()); }

  /// Writes a file of the bundle as a whole: "machine.yaml", "specs/stencil.heat7.yaml".
  void put(std::string const& name, std::string_view text) const;
  /// A line in log.txt, with the time.
  void log(std::string_view sentence) const;
  /// Writes the samples' file, then the record's line, and gives back the record as it was written:
  /// with id, time and what it says of its samples. Its `provenance.task` must be a task of the
  /// plan without a record. When anything cannot be written, no record has been.
  Record append(Record record, Samples const& samples) const;
  /// Makes the bundle whole, and gives back its folder. Every task must have its record.
  std::filesystem::path finish();

 private:
  BundleWriter(std::filesystem::path folder, RunPlan plan, BundleLock lock)
      : folder_(std::move(folder)), plan_(std::move(plan)), lock_(std::move(lock)) {}
  static BundleWriter begin(std::filesystem::path const& partial, RunPlan const& plan,
                            Files const& files);
  [[nodiscard]] bool waits(std::string const& task, std::string const& lines) const;
  void save(std::string const& torn) const;
  void remove_leftovers() const;

  std::filesystem::path folder_;
  RunPlan plan_;
  BundleLock lock_;
};

inline BundleWriter BundleWriter::create(std::filesystem::path const& out, RunPlan const& plan,
                                         Files const& files) {
  auto const whole = without_slash(out);
  std::filesystem::path const partial = whole.string() + std::string(partial_ending);
  if (is_partial(whole))
    throw Error(Fault::command, "a bundle's name cannot end in .partial", whole.string(),
                "leave out the ending, or go on with it: inpex run --resume " + whole.string());
  if (is_there(whole))
    throw Error(Fault::environment, "the folder exists already", whole.string(),
                "choose another folder with --out");
  if (is_there(partial))
    throw Error(Fault::environment, "a run into this folder was interrupted, or goes on",
                partial.string(),
                "go on with `inpex run --resume " + whole.string() + "`, or choose another --out");
  make_folder(partial, false);
  try {
    return begin(partial, plan, files);
  } catch (Error const&) {
    std::error_code ignored;  // the first trouble is the one to tell
    std::filesystem::remove_all(partial, ignored);
    throw;
  }
}

inline BundleWriter BundleWriter::begin(std::filesystem::path const& partial, RunPlan const& plan,
                                        Files const& files) {
  auto const name = partial / "plan.json";
  auto const text = json_text(plan);
  auto const checked = plan_of_text(text, name.string());
  // Locked before it has its name, so that nobody can come between.
  auto const unnamed = partial / "plan.new";
  write_file(unnamed, text + "\n");
  BundleWriter writer(partial, checked, BundleLock(unnamed));
  make_folder(partial / "samples", false);
  write_file(partial / "records.jsonl", "");
  for (auto const& [file, content] : files) writer.put(file, content);
  writer.log("the run begins");
  if (!writer.lock_.held())
    writer.log("this file system has no locks: nothing keeps out a second run");
  rename_to(unnamed, name);
  sync_folder(partial);
  sync_folder(folder_of(partial));
  return writer;
}

inline BundleWriter BundleWriter::resume(std::filesystem::path const& at, Table const& conditions) {
  auto const partial = interrupted_folder(at);
  auto whole = partial;
  whole.replace_extension();
  if (is_there(whole))
    throw Error(Fault::environment, "the folder exists, beside the interrupted run", whole.string(),
                "move one of them away");
  require_plain(partial);
  auto plan = open_bundle(partial).plan;
  if (auto const found = difference(plan.conditions, conditions); !found.empty())
    throw Error(Fault::command, "the run cannot go on under other conditions: " + found,
                partial.string(), "restore them, or run anew with another --out");
  BundleWriter writer(partial, std::move(plan), BundleLock(partial / "plan.json"));
  auto const lines = read_records(partial, true);
  for (auto const& record : lines.records) read_samples(partial, record);
  writer.save(lines.torn);
  writer.remove_leftovers();
  writer.log("the run goes on");
  return writer;
}

inline void BundleWriter::put(std::string const& name, std::string_view text) const {
  auto const path = folder_ / name;
  if (path.parent_path() != folder_) make_folder(path.parent_path(), true);
  write_file(path, text);
  sync_folder(folder_);
}

inline void BundleWriter::log(std::string_view sentence) const {
  auto line = utc_now() + " " + std::string(sentence);
  std::replace(line.begin(), line.end(), '\n', ' ');
  append_line(folder_ / "log.txt", line);
}

/// Whether `task` is in the plan and has no record in `lines`. Within a JSON text quotes are
/// escaped, so that the words looked for can only be the field; reading all records would take as
/// long as a short case.
inline bool BundleWriter::waits(std::string const& task, std::string const& lines) const {
  return lines.find("\"provenance\":{\"task\":\"" + task + "\"") == std::string::npos &&
         std::any_of(plan_.tasks.begin(), plan_.tasks.end(),
                     [&](Task const& each) { return each.name == task; });
}

inline Record BundleWriter::append(Record record, Samples const& samples) const {
  auto const path = folder_ / "records.jsonl";
  auto const before = read_file(path);
  if (!waits(record.provenance.task, before))
    throw Error(Fault::failed,
                "'" + record.provenance.task + "' is no task that waits for a record",
                folder_.string());
  // An earlier child may have been killed within a line.
  save(before.substr(before.rfind('\n') + 1));
  describe_samples(record, samples);
  if (record.created.empty()) record.created = utc_now();
  record.id = content_id(record);
  auto const line = json_text(record);
  auto written = record_of_line(line, path.string());  // what cannot be read back is not written
  if (!record.timing.file.empty())
    write_file(folder_ / record.timing.file, SampleWriter(record.id).image(samples));
  append_line(path, line);
  return written;
}

inline std::filesystem::path BundleWriter::finish() {
  auto whole = folder_;
  whole.replace_extension();
  auto const lines = read_records(folder_, true);
  save(lines.torn);
  if (auto const left = remaining_tasks(plan_, lines.records); !left.empty())
    throw Error(Fault::inconclusive,
                "the bundle lacks " + left.front().name + " and whatever follows it",
                folder_.string(), "go on with `inpex run --resume " + whole.string() + "`");
  remove_leftovers();
  log("the run is complete");
  write_file(folder_ / manifest_name, manifest_of(folder_));
  if (is_there(whole))
    throw Error(Fault::environment, "the folder has come into being while the run went on",
                whole.string(), "move it away; then `inpex run --resume " + whole.string() + "`");
  rename_to(folder_, whole);
  sync_folder(folder_of(whole));
  return whole;
}

/// Moves `torn`, what a kill left of a record, from the end of records.jsonl to torn.txt.
inline void BundleWriter::save(std::string const& torn) const {
  if (torn.empty()) return;
  append_line(folder_ / "torn.txt", torn);
  log("a record was not written to its end: its " + std::to_string(torn.size()) +
      " bytes are in torn.txt");
  File file(folder_ / "records.jsonl", O_WRONLY, "write");
  if (::ftruncate(file.descriptor(), file.size() - static_cast<off_t>(torn.size())) != 0)
    refuse_system("shorten", file.path(), errno);
  file.sync();
}

/// Removes files of samples without a record, half-written files, and a manifest that came too
/// early.
inline void BundleWriter::remove_leftovers() const {
  std::set<std::string> wanted;
  for (auto const& record : records()) wanted.insert(record.timing.file);
  for (auto const& [name, special] : files_below(folder_)) {
    bool const samples = name.rfind("samples/", 0) == 0 && !wanted.contains(name);
    if (samples || std::filesystem::path(name).extension() == ".tmp") remove_file(folder_ / name);
  }
  remove_file(folder_ / manifest_name);
}

}  // namespace inpex::host
