// SPDX-License-Identifier: Apache-2.0
// `inpex tune`: tries the candidates of an app's tuning parameters on this machine, and keeps the
// best for `inpex run`.

#include "commands.hpp"
#include "run_words.hpp"

#include <inpex/app.hpp>
#include <inpex/error.hpp>
#include <inpex/host/bundle_writer.hpp>
#include <inpex/host/clock.hpp>
#include <inpex/host/durable.hpp>
#include <inpex/host/plan.hpp>
#include <inpex/host/platform.hpp>
#include <inpex/host/prepare.hpp>
#include <inpex/host/progress.hpp>
#include <inpex/host/survey.hpp>
#include <inpex/host/targets.hpp>
#include <inpex/host/tasks.hpp>
#include <inpex/host/topology.hpp>
#include <inpex/host/tuner.hpp>
#include <inpex/host/tuning.hpp>
#include <inpex/runtime.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace inpex::host {
namespace {

struct TuneOptions {
  std::vector<std::string> targets, spaces, precisions;
  std::string case_name, file;
  double seconds = 10;
};

class Tuner {
 public:
  explicit Tuner(TuneOptions options)
      : options_(std::move(options)), survey_(survey(runtime_, Comm())) {
    path_ = options_.file;
    if (path_.empty()) path_ = tuning_file(survey_.platform);
  }

  int all() {
    read();
    fmt::print("{:<18}{:<8}{:<10}{:>5}  {:<28}{:>6}\n", "app", "space", "precision", "tried",
               "best", "gain");
    for (auto const& target : resolve_targets(options_.targets, load_all(spec_folders()))) {
      auto const& spec = target.spec;
      auto const& app = built_app(spec.id);
      auto const chosen = [](auto const& asked, std::string const& otherwise) {
        return asked.empty() ? std::vector<std::string>{otherwise} : asked;
      };
      for (auto const& space : chosen(options_.spaces, default_space(app.spaces)))
        for (auto const& precision : chosen(options_.precisions, spec.precisions.front()))
          one(spec, {{}, spec.id, case_of(spec), space, precision, "native", {}});
    }
    if (!tuning_.apps.empty()) write();
    return 0;
  }

 private:
  [[nodiscard]] std::string case_of(Spec const& spec) const {
    if (!options_.case_name.empty()) return options_.case_name;
    return spec.find_case("tune") != nullptr ? "tune" : default_case(spec);
  }

  void one(Spec const& spec, Task const& task) {
    auto const candidates = candidates_of(spec);
    if (candidates.empty()) {
      fmt::print("{:<18}{:<8}{:<10}{:>5}  {}\n", spec.id, task.space, task.precision, 0,
                 "no parameter has candidates");
      return;
    }
    auto const start = Clock::now();
    auto const timed = [&](std::size_t i) { return seconds(spec, task, candidates[i]); };
    auto const search = search_candidates(
        candidates.size(), timed, [&] { return seconds_since(start); }, options_.seconds);
    auto const& best = candidates[search.best];
    fmt::print("{:<18}{:<8}{:<10}{:>5}  {:<28}{:>6.3f}\n", spec.id, task.space, task.precision,
               search.tried, settings_in_words(best), search.gain);
    std::fflush(stdout);
    keep_tuned(tuning_, {.app = spec.id,
                         .space = task.space,
                         .precision = task.precision,
                         .threads = threads(task.space),
                         .spec = spec.digest,
                         .parameters = best,
                         .gain = search.gain,
                         .found = utc_now()});
  }

  // The better of two samples, after one that touches everything.
  double seconds(Spec const& spec, Task task, Table const& parameters) {
    task.parameters = parameters;
    RunConditions conditions;
    conditions.survey = survey_;
    auto const ready = prepare(task, spec, conditions);
    auto const made = ready.app.make(ready.plan.parameters, ready.choice, Comm());
    double least = 0;
    for (int sample = 0; sample < 3; ++sample) {
      made->reset();
      double const took = made->sample(inpex::Timing::total).front().seconds;
      if (sample == 1 || (sample == 2 && took < least)) least = took;
    }
    return least;
  }

  [[nodiscard]] std::int64_t threads(std::string const& space) const {
    return survey_.space(space)->placement.threads.value_or(1);
  }

  void read() {
    auto const machine = machine_id(survey_.platform);
    tuning_ = {.machine = machine, .cpu = survey_.platform.cpu, .apps = {}};
    if (!is_there(path_)) return;
    try {
      tuning_ = tuning_of_text(read_file(path_), path_.string(), machine);
    } catch (Error const& error) {
      fmt::print(stderr, "inpex: {}\n  {}: what was in it is replaced\n", error.what(),
                 path_.string());
    }
  }

  void write() const {
    if (auto const folder = folder_of(path_); !is_folder(folder)) {
      std::error_code trouble;
      std::filesystem::create_directories(folder, trouble);
    }
    write_file(path_, json_text(tuning_) + "\n");
    fmt::print("kept in {}\n", path_.string());
  }

  TuneOptions options_;
  Runtime runtime_;
  Survey survey_;
  std::filesystem::path path_;
  Tuning tuning_;
};

int tune(TuneOptions const& options) {
  if (launched_by_mpi())
    throw Error(Fault::command, "one rank tunes for all", "mpirun", "run it without a launcher");
  if (options.targets.empty())
    throw Error(Fault::command, "which app?", "APP",
                "name one before any option, as in `inpex tune stencil.heat7`");
  return Tuner(options).all();
}

}  // namespace
}  // namespace inpex::host

void add_tune(CLI::App& inpex, Outcome& outcome) {
  using namespace inpex::host;
  auto* command = inpex.add_subcommand(
      "tune",
      "Finds the best tile sizes of an app on this machine, and keeps them for `inpex run`");
  command->footer(
      "Example: inpex tune stencil\n"
      "Exit: 0; 2 bad command or spec; 3 memory, device, or a file that cannot be written.");
  auto const options = std::make_shared<TuneOptions>();
  command->add_option("APP", options->targets, "App, family or spec file");
  command->add_option(
      "--case", options->case_name,
      "Case to try candidates at; without it `tune`, or what `inpex run` would take");
  command->add_option("--space", options->spaces, "Spaces, with commas")->delimiter(',');
  command->add_option("--precision", options->precisions, "Precisions, with commas")
      ->delimiter(',');
  command->add_option("--seconds", options->seconds, "After which no candidate of an app is begun")
      ->check(seconds(true));
  command->add_option("--file", options->file,
                      "Where to keep what is found; without it by machine");
  command->callback([options, &outcome] { outcome.code = tune(*options); });
}
