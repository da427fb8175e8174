// SPDX-License-Identifier: Apache-2.0
#pragma once
// A bundle, judged from itself alone: hashes, signature, and for every record all rules, on numbers
// that are computed again from the raw samples. Nothing of the bundle is executed, nothing is
// repaired, no file outside it is opened. Records are read few by few, so that memory does not grow
// with their number.

#include <inpex/host/bundle.hpp>
#include <inpex/host/evidence.hpp>
#include <inpex/host/machine_yaml.hpp>
#include <inpex/host/result_source.hpp>
#include <inpex/host/rules.hpp>
#include <inpex/host/samples_reader.hpp>
#include <inpex/host/signature.hpp>
#include <inpex/host/unchanged.hpp>
#include <inpex/host/verification.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

namespace inpex::host {

/// Judges one bundle.
class BundleVerifier {
 public:
  /// Called with each sound piece of evidence, in the order of the records.
  using Sink = std::function<void(Evidence&&)>;

  explicit BundleVerifier(std::filesystem::path const& folder, Sink sink = {})
      : folder_(without_slash(folder)), sink_(std::move(sink)) {}

  /// Throws Error: command if there is no bundle, inconclusive if it is not complete.
  void require_bundle() const {
    if (!is_folder(folder_))
      throw Error(Fault::command, "there is no such bundle", folder_.string(), name_a_bundle);
    if (is_partial(folder_))
      throw Error(Fault::inconclusive, "the run of this bundle was interrupted or goes on",
                  folder_.string(), "go on with `inpex run --resume " + folder_.string() + "`");
    if (!is_there(folder_ / manifest_name))
      throw Error(Fault::inconclusive,
                  "the folder is no bundle: it has no " + std::string(manifest_name),
                  folder_.string(), name_a_bundle);
  }

  /// Judges everything. Throws what require_bundle() throws.
  Verification verify(Trust const& trust = {}) {
    require_bundle();
    found_.bundle = folder_.string();
    all_ = files_below(folder_);
    hashes();
    auto const signature = check_signature(folder_, trust);
    found_.signature = signature.said, found_.signer = signature.signer;
    signing_key_ = signature.key;
    if (!signature.trouble.empty()) damaged((folder_ / signature_name).string(), signature.trouble);
    guarded("plan.json", [&](std::string const& text, std::string const& place) {
      plan_ = plan_of_text(text, place);
      for (auto const& each : plan_.tasks) planned_.emplace(each.name, &each);
      auto numbered = plan_;
      name_tasks(numbered);
      if (numbered.tasks != plan_.tasks) damaged(place, "its tasks are not numbered as they were");
    });
    guarded("environment.json", [&](std::string const& text, std::string const& place) {
      environment_ = sha256(text);
      variables_ = from_json_text<Table>(text, place);
    });
    guarded("machine.yaml", [&](std::string const& text, std::string const& place) {
      auto const machine = read_machine(text, place);
      machine_ = shared_json(machine.platform, machine.software);
    });
    specs();
    guarded("records.jsonl", [&](std::string const& text, std::string const&) { lines(text); });
    missing();
    return std::move(found_);
  }

 private:
  void damaged(std::string const& place, std::string const& sentence) {
    found_.troubles.push_back({place, "", "damaged", sentence});
  }

  // What the manifest finds is not looked at any further: its reader might be what is attacked.
  void hashes() {
    try {
      for (auto const& [name, what] : manifest_troubles(folder_, all_)) {
        damaged((folder_ / name).string(), "the file " + what);
        changed_.insert(name);
      }
    } catch (Error const& error) {
      damaged(error.where, error.problem);
    }
  }

  template <class Read>
  void guarded(std::string const& name, Read&& read) {
    if (changed_.contains(name)) return;
    auto const place = (folder_ / name).string();
    if (!is_there(place)) return damaged(place, "the file is missing");
    try {
      read(read_bundle_file(folder_, name), place);
    } catch (SpecErrors const& errors) {
      for (auto const& each : errors.errors) damaged(each.where, each.problem);
    } catch (Error const& error) {
      damaged(error.where.empty() ? place : error.where, error.problem);
    }
  }

  void specs() {
    for (auto const& [name, special] : all_) {
      if (name.rfind("specs/", 0) != 0 || special) continue;
      guarded(name, [&](std::string const& text, std::string const& place) {
        auto const spec = std::make_shared<Spec const>(parse_spec(text, place));
        if (!specs_.emplace(spec->id, spec).second) damaged(place, "a second spec of " + spec->id);
      });
    }
  }

  // A record between its line and its verdict.
  struct InHand {
    std::string place = {};
    std::optional<Error> trouble = {};  // for which it cannot be judged
    Record record = {};
    std::shared_ptr<Spec const> spec = {};
    Samples samples = {};
  };

  // Another thread, the only one that calls HDF5, reads samples while this one parses the records
  // after and judges those before: half of the time is HDF5's.
  void lines(std::string_view text) {
    std::size_t number = 0;
    std::vector<InHand> read;
    for (auto batch = next_of(text, number); !batch.empty();) {
      auto reading = std::async([&] {
        for (auto& each : batch) attempt(each, [&] { add_samples(each); });
      });
      for (auto& each : read) judge(std::move(each));
      auto next = next_of(text, number);
      reading.get();
      read = std::exchange(batch, std::move(next));
    }
    for (auto& each : read) judge(std::move(each));
  }

  // Few records, with few bytes of samples, so that memory does not grow with the bundle.
  std::vector<InHand> next_of(std::string_view& text, std::size_t& number) {
    std::vector<InHand> batch;
    std::uintmax_t bytes = 0;
    while (!text.empty() && batch.size() < 16 && bytes < 16'000'000) {
      auto const end = text.find('\n');
      auto& each = batch.emplace_back();
      each.place = (folder_ / "records.jsonl").string() + ":" + std::to_string(++number);
      attempt(each, [&] {
        if (end == std::string_view::npos) throw Error(Fault::inconclusive, "the line is torn");
        take(each, record_of_line(text.substr(0, end), each.place));
        std::error_code unknown;
        auto const size = std::filesystem::file_size(folder_ / each.record.timing.file, unknown);
        if (!unknown) bytes += size;
      });
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return batch;
  }

  template <class Work>
  static void attempt(InHand& each, Work&& work) {
    if (each.trouble) return;
    try {
      work();
    } catch (Error const& error) {
      each.trouble = error;
    }
  }

  void take(InHand& each, Record record) {
    auto const refuse = [](std::string const& problem) {
      throw Error(Fault::inconclusive, problem);
    };
    ++found_.records;
    auto const task = record.provenance.task;
    each.place += " (" + short_id(record.id) + (task.empty() ? "" : ", " + task) + ")";
    if (!tasks_.insert(task).second) refuse("a second record of this task");
    auto const spec = specs_.find(record.spec.id);
    if (spec == specs_.end()) refuse("the bundle lacks its spec");
    auto const& file = record.timing.file;
    if (!file.empty() && file != "samples/" + task + ".h5")
      refuse("its samples are not those of its task");
    if (!file.empty() && (changed_.contains(file) || !all_.contains(file)))
      refuse("its samples in " + file + " cannot be used");
    files_.insert(file);
    each.record = std::move(record), each.spec = spec->second;
  }

  void add_samples(InHand& each) const { each.samples = read_samples(folder_, each.record); }

  void judge(InHand each) {
    attempt(each, [&] { weigh(each); });
    if (each.trouble)
      damaged(each.trouble->where.empty() ? each.place : each.trouble->where,
              each.trouble->problem);
  }

  void weigh(InHand& each) {
    auto const& place = each.place;
    auto const task = each.record.provenance.task;
    if (!each.samples.time.empty() && !times_.insert(times_digest(each.samples.time)).second)
      found_.troubles.push_back({place, "", "false", "another record has the very same samples"});
    auto evidence = evidence_of(std::move(each.record), std::move(each.samples), each.spec,
                                least_seconds(plan_));
    evidence.environment = environment_;
    evidence.signer = found_.signer, evidence.signing_key = signing_key_;
    evidence.conditions = plan_.conditions, evidence.command = plan_.command;
    evidence.variables = variables_, evidence.machine = machine_;
    if (auto const planned = planned_.find(task); planned != planned_.end())
      evidence.task = *planned->second;
    if (auto const* fault = find(plan_.options, "fault")) evidence.fault = as<std::string>(*fault);
    auto const breaches = breaches_in(evidence);
    for (auto const& [rule, severity, sentence] : breaches)
      found_.troubles.push_back({place, rule, severity, sentence});
    bool const sound = std::none_of(breaches.begin(), breaches.end(),
                                    [](Breach const& one) { return one.severity == "false"; });
    found_.sound += sound;
    if (sound && sink_) sink_(std::move(evidence));
  }

  // Best-of would be to leave out what did not please: each task has its record, each file of
  // samples too.
  void missing() {
    auto const place = (folder_ / "records.jsonl").string();
    // Where it does not hold, the records of samples may be what is gone.
    bool const clean = found_.holds();
    for (auto const& task : plan_.tasks)
      if (!tasks_.contains(task.name) && !changed_.contains("records.jsonl"))
        damaged(place, "the task " + task.name + " has no record");
    for (auto const& [name, special] : all_)
      if (name.rfind("samples/", 0) == 0 && !files_.contains(name) && clean)
        damaged((folder_ / name).string(), "no record has these samples");
  }

  std::filesystem::path folder_;
  Sink sink_;
  Verification found_;
  std::set<std::string> changed_;  // files that are not what the manifest says
  std::set<std::string> tasks_, files_, times_;
  std::map<std::string, bool> all_;  // files, and whether one is special
  std::map<std::string, std::shared_ptr<Spec const>> specs_;
  RunPlan plan_;
  std::map<std::string, Task const*> planned_;  // its tasks by name
  std::string environment_, machine_, signing_key_;
  Table variables_;
};

}  // namespace inpex::host
