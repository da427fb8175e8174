// SPDX-License-Identifier: Apache-2.0
#pragma once
// `inpex run` from its options to its exit code: plans all tasks before anything is touched, runs
// them one by one, and appends a record of each to the bundle. Every rank goes the same way; only
// rank 0 reads and writes the bundle and speaks.

#include <inpex/error.hpp>
#include <inpex/host/bundle_writer.hpp>
#include <inpex/host/environment.hpp>
#include <inpex/host/execute.hpp>
#include <inpex/host/interrupt.hpp>
#include <inpex/host/json_text.hpp>
#include <inpex/host/machine_yaml.hpp>
#include <inpex/host/prepare.hpp>
#include <inpex/host/rerun.hpp>
#include <inpex/host/run_options.hpp>
#include <inpex/host/survey.hpp>
#include <inpex/host/table.hpp>
#include <inpex/host/targets.hpp>
#include <inpex/host/tasks.hpp>
#include <inpex/host/terminal.hpp>
#include <inpex/host/tuned_run.hpp>
#include <inpex/runtime.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace inpex::host {

/// One `inpex run`. Construct it before anything else: it starts MPI under a launcher.
class RunSession {
 public:
  RunSession(RunOptions options, std::vector<std::string> command)
      : options_(std::move(options)), world_(nullptr, nullptr), apart_(!launched_by_mpi()),
        progress_(world_.comm.rank() != 0) {
    conditions_.ranks = world_.comm.size();
    conditions_.command = std::move(command);
    conditions_.min_seconds = options_.min_seconds;
    conditions_.fault = options_.fault;
    conditions_.delay = options_.slower.value_or(0);
  }

  /// Runs everything, and gives back the exit code. Throws Error before the first case for what
  /// cannot be run. Collective.
  int execute() {
    if (options_.again) {
      take_plan(*options_.again), require_ranks(plan_, world_.comm.size());
      plan_.command = conditions_.command;
    } else if (!options_.resume.empty()) {
      take_plan(rerun_of(interrupted_folder(options_.resume)));
      conditions_.command = plan_.command;  // of which all records are
    } else {
      plan_from_words();
    }
    meet(meeting_seconds);
    look_around();
    if (options_.resume.empty() && !options_.again) take_tuning();
    for (auto const& task : plan_.tasks)
      runs_.push_back(
          prepare_beside_others(built_app(task.app), task, spec_of(task.app), conditions_));
    require_any(runs_);
    if (options_.dry_run) return dry_run();
    meet(between_seconds());
    open_bundle();
    Interrupt const interrupt;
    for (std::size_t i = 0; i < runs_.size(); ++i) {
      if (!due(i)) continue;
      if (world_.comm.maximum(std::uint64_t{interrupt.requested()}) != 0) return stopped(interrupt);
      one(i);
    }
    if (world_.comm.maximum(std::uint64_t{interrupt.requested()}) != 0 && !complete())
      return stopped(interrupt);
    return finish();
  }

 private:
  static constexpr double meeting_seconds = 120;

  // From here on the ranks meet outside of cases, where one may hang too.
  void meet(double seconds) {
    if (apart_) return;
    meeting_.emplace(
        seconds,
        "inpex: the ranks did not meet in time; go on with `inpex run --resume`, where "
        "there is a bundle\n",
        exit_code(Fault::failed));
  }

  [[nodiscard]] double between_seconds() const {
    return options_.case_timeout.value_or(meeting_seconds);
  }
  [[nodiscard]] bool first_rank() const { return world_.comm.rank() == 0; }

  // On rank 0 alone; where that fails, all ranks fail alike.
  void on_first_rank(std::function<void()> const& action) {
    std::exception_ptr trouble;
    Fault fault = Fault::failed;
    if (first_rank()) try {
        action();
      } catch (Error const& error) {
        trouble = std::current_exception(), fault = error.fault;
      } catch (std::exception const&) {
        trouble = std::current_exception();
      }
    bool const failed = world_.comm.broadcast(trouble != nullptr);
    fault = world_.comm.broadcast(fault);
    if (trouble) std::rethrow_exception(trouble);
    if (failed) throw Error(fault, "rank 0 cannot go on");
  }

  Spec const& spec_of(std::string const& id) const {
    for (auto const& spec : specs_)
      if (spec.id == id) return spec;
    throw Error(Fault::inconclusive, "the bundle has no spec of " + id);
  }

  void plan_from_words() {
    auto const targets = resolve_targets(options_.words.targets, load_all(spec_folders()));
    for (auto const& target : targets) {
      auto const same = std::find_if(specs_.begin(), specs_.end(),
                                     [&](Spec const& each) { return each.id == target.spec.id; });
      if (same == specs_.end())
        specs_.push_back(target.spec);
      else if (same->digest != target.spec.digest)
        throw Error(
            Fault::command,
            fmt::format("{} and {} are two specs of {}", same->file, target.spec.file, same->id),
            "TARGET", "run them one after the other");
    }
    auto const round = tasks_of(targets, options_.words);
    for (std::int64_t i = 0; i < options_.repeat; ++i)
      plan_.tasks.insert(plan_.tasks.end(), round.begin(), round.end());
    plan_.command = conditions_.command;
    if (options_.repeat != 1) put(plan_.options, "repeat", options_.repeat);
    if (options_.min_seconds) put(plan_.options, "min_seconds", *options_.min_seconds);
    if (!options_.fault.empty()) put(plan_.options, "fault", options_.fault);
    if (options_.slower) put(plan_.options, "slower", *options_.slower);
    name_tasks(plan_);
  }

  void take_plan(Rerun const& rerun) {
    plan_ = rerun.plan;
    for (auto const& [id, spec] : rerun.specs) specs_.push_back(spec);
    if (find(plan_.options, "min_seconds") != nullptr)
      conditions_.min_seconds = at<double>(plan_.options, "min_seconds");
    if (find(plan_.options, "fault") != nullptr)
      conditions_.fault = at<std::string>(plan_.options, "fault");
    if (find(plan_.options, "slower") != nullptr)
      conditions_.delay = at<double>(plan_.options, "slower");
  }

  void look_around() {
    if (!apart_) runtime_ = std::make_unique<Runtime>();
    auto const here = [this](Runtime const& runtime, Comm const& comm) {
      return survey(runtime, comm, options_.dry_run);
    };
    if (!apart_) {
      conditions_.survey = here(*runtime_, world_.comm);
    } else {
      auto const end = in_child([&] { return json_text(here(Runtime(), Comm())); }, 300);
      if (!end.well())
        throw Error(Fault::environment,
                    "the process that looks at this machine " + end.reason() + "\n" + end.said, "",
                    "see whether `inpex machine` works");
      conditions_.survey = from_json_text<Survey>(end.answer, "the survey");
    }
    auto const& build = build_info();
    plan_conditions_ = {{"version", build.version, ""},
                        {"commit", build.commit, ""},
                        {"source", build.source_digest, ""},
                        {"compiler", build.compiler + " " + build.compiler_version, ""},
                        {"host", conditions_.survey.platform.host, ""},
                        {"ranks", std::int64_t{conditions_.ranks}, ""}};
    environment_ = json_text(environment_now()) + "\n";
    conditions_.environment = sha256(environment_);
  }

  // A fault is planted into what the spec says, and a plan of a bundle has its values already.
  void take_tuning() {
    if (options_.tuning == "off" || !options_.fault.empty()) return;
    for (auto const& sentence :
         tune_tasks(options_.tuning, world_.comm, specs_, conditions_.survey, plan_.tasks))
      fmt::print(stderr, "inpex: {}\n", sentence);
  }

  int dry_run() {
    return first_rank() ? show_forecasts(runs_, conditions_.survey, options_.json) : 0;
  }

  void open_bundle() {
    on_first_rank([this] {
      if (!options_.resume.empty()) {
        if (difference(plan_.conditions, plan_conditions_).empty())
          require_environment(interrupted_folder(options_.resume), Fault::command);
        bundle_.emplace(BundleWriter::resume(options_.resume, plan_conditions_));
        return;
      }
      for (auto const& bundle : options_.like) require_environment(bundle, Fault::inconclusive);
      if (options_.out.empty()) options_.out = new_folder({}, options_.words.targets.front());
      plan_.conditions = plan_conditions_;
      Machine machine;
      machine.created = utc_now();
      machine.platform = conditions_.survey.platform;
      machine.software = conditions_.survey.software;
      BundleWriter::Files files{{"environment.json", environment_},
                                {"machine.yaml", machine_text(machine)}};
      for (auto const& spec : specs_) files["specs/" + spec.id + ".yaml"] = spec.text;
      bundle_.emplace(BundleWriter::create(options_.out, plan_, files));
    });
  }

  // Whether the task has no record yet.
  bool due(std::size_t i) {
    bool waits = false;
    if (first_rank())
      for (auto const& task : bundle_->remaining())
        waits = waits || task.name == plan_.tasks[i].name;
    return world_.comm.broadcast(waits);
  }
  bool complete() { return world_.comm.broadcast(first_rank() && bundle_->remaining().empty()); }

  void one(std::size_t i) {
    auto const& run = runs_[i];
    progress_.begin(i + 1, runs_.size(), plan_.tasks[i].name);
    double const seconds = options_.case_timeout.value_or(patience(run.plan));
    auto const executed = run.lacks ? skipped(run)
                          : apart_  ? execute_apart(run, seconds, progress_)
                                    : execute_here(run, seconds, *runtime_, world_.comm, progress_);
    meet(between_seconds());
    on_first_rank([&] {
      for (std::size_t at = 0; at < executed.said.size();) {
        auto const end = std::min(executed.said.find('\n', at), executed.said.size());
        bundle_->log(plan_.tasks[i].name + ": " + executed.said.substr(at, end - at));
        at = end + 1;
      }
      auto const record = bundle_->append(executed.result.record, executed.result.samples);
      if (record.status == Status::failed) faults_.push_back(executed.result.fault);
      progress_.end(record.fom.value ? fmt::format("{}, {}", word(record.status),
                                                   quantity(*record.fom.value, record.fom.unit))
                                     : std::string(word(record.status)));
    });
  }

  int stopped(Interrupt const& interrupt) {
    progress_.clear();
    if (first_rank())
      fmt::print(
          stderr,
          "inpex: stopped, {} of {} cases have a record\n  go on with `inpex run --resume {}`\n",
          bundle_->records().size(), runs_.size(), bundle_->folder().string());
    return interrupt.exit_code();
  }

  int finish() {
    int code = 0;
    on_first_rank([&] {
      progress_.clear();
      auto const records = bundle_->records();
      auto const folder = bundle_->finish().string();
      if (options_.json)
        fmt::print("{}\n", json_text(RunOutput{folder, records}));
      else if (!options_.quiet)
        fmt::print("{}bundle: {}\n", ResultTable(records, wants_colour(STDOUT_FILENO)).text(),
                   folder);
      code = exit_code_of(records, faults_);
      if (code != 0)
        fmt::print(stderr, "inpex: {}\n  look at `inpex show {}` and at {}/log.txt\n",
                   summary(code), folder, folder);
    });
    return world_.comm.broadcast(code);
  }

  RunOptions options_;
  World world_;
  bool apart_;  // each case in a process of its own
  std::optional<Alarm> meeting_;
  Progress progress_;
  RunConditions conditions_;
  Table plan_conditions_;
  std::string environment_;  // as JSON
  std::vector<Spec> specs_;
  RunPlan plan_;
  std::vector<CaseRun> runs_;
  std::vector<Fault> faults_;  // of cases that failed, on rank 0
  std::unique_ptr<Runtime> runtime_;
  std::optional<BundleWriter> bundle_;  // on rank 0
};

}  // namespace inpex::host
