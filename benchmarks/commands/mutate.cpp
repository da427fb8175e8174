// SPDX-License-Identifier: Apache-2.0
// `inpex mutate`: plants every fault by the program inpex-faults, and says which were caught.

#include "commands.hpp"

#include <inpex/app.hpp>
#include <inpex/error.hpp>
#include <inpex/host/build_info.hpp>
#include <inpex/host/bundle.hpp>
#include <inpex/host/children.hpp>
#include <inpex/host/json_text.hpp>
#include <inpex/host/mutation_score.hpp>
#include <inpex/host/prepare.hpp>
#include <inpex/host/programs.hpp>
#include <inpex/host/progress.hpp>
#include <inpex/host/scratch_folder.hpp>
#include <inpex/host/targets.hpp>
#include <inpex/runtime.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace inpex::host {
namespace {

struct MutateOptions {
  std::vector<std::string> targets;
  std::vector<std::string> cases{"smoke", "teach"};
  bool all = false;
  bool json = false;
};

// The words of a command that runs `ranks` ranks. More ranks than cores are meant here, and in a
// container root is all there is; libraries other than Open MPI ignore these variables.
std::vector<std::string> launcher(int ranks) {
  if (ranks == 1) return {};
  for (auto const* name : {"OMPI_MCA_rmaps_base_oversubscribe", "OMPI_MCA_mpi_yield_when_idle"})
    ::setenv(name, "1", 0);
  ::setenv("OMPI_MCA_hwloc_base_binding_policy", "none", 0);
  ::setenv("OMP_NUM_THREADS", "1", 0);
  if (::geteuid() == 0)
    for (auto const* name : {"OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"})
      ::setenv(name, "1", 0);
  char const* program = std::getenv("MPIEXEC");
  return {program != nullptr && *program != '\0' ? program : "mpirun", "-n", std::to_string(ranks)};
}

ChildEnd execute(std::vector<std::string> words, int ranks) {
  return in_child(
      [&]() -> std::string {
        auto all = launcher(ranks);
        all.insert(all.end(), words.begin(), words.end());
        become(std::move(all));
      },
      600);
}

class Mutation {
 public:
  explicit Mutation(MutateOptions options)
      : options_(std::move(options)),
        program_(program_beside("inpex-faults", "build the target inpex-faults")) {}

  std::vector<Mutant> all() {
    auto const targets = resolve_targets(options_.targets, load_all(spec_folders()));
    for (auto const& target : targets) total_ += planted_runs(target.spec).size();
    for (auto const& target : targets)
      for (auto const& run : planted_runs(target.spec)) one(target.spec, run);
    progress_.clear();
    return std::move(mutants_);
  }

 private:
  // Cases that the spec has, of those that were asked for.
  [[nodiscard]] std::string cases_of(Spec const& spec) const {
    auto const usual = MutateOptions{}.cases;  // a spec may lack one of these
    std::string text, unknown;
    for (auto const& name : options_.cases)
      if (spec.find_case(name) != nullptr)
        text += (text.empty() ? "" : ",") + name;
      else if (std::find(usual.begin(), usual.end(), name) == usual.end())
        unknown = name;
    if (text.empty() || !unknown.empty())
      throw Error(Fault::command,
                  spec.id + (unknown.empty() ? " has none of these cases"
                                             : " has no case '" + unknown + "'"),
                  "--case", "faults are run on small cases: smoke, teach");
    return text;
  }

  void one(Spec const& spec, PlantedRun const& run) {
    progress_.begin(++number_, total_,
                    spec.id + " " + (run.fault.empty() ? "without a fault" : run.fault));
    auto const before = mutants_.size();
    auto const why = obstacle(run, built_app(spec.id).fields(), !build_info().mpi_library.empty());
    if (!why.empty()) {
      mutants_.push_back({.app = spec.id,
                          .case_name = {},
                          .precision = {},
                          .fault = run.fault,
                          .check = {},
                          .ranks = run.ranks,
                          .fate = Fate::skipped,
                          .error = {},
                          .tolerance = {},
                          .reason = why});
    } else {
      for (auto& mutant : tried(spec, run)) mutants_.push_back(std::move(mutant));
    }
    std::size_t good = 0;
    for (auto i = before; i < mutants_.size(); ++i)
      good += mutants_[i].fate == Fate::caught || mutants_[i].fate == Fate::passed;
    progress_.end(fmt::format("{} of {} as it must be", good, mutants_.size() - before));
  }

  // A run that crashes or hangs is a fact about its fault, and the others run on.
  std::vector<Mutant> tried(Spec const& spec, PlantedRun const& run) {
    std::string precisions;
    for (auto const& each : spec.precisions) precisions += (precisions.empty() ? "" : ",") + each;
    auto const folder = scratch_ / std::to_string(number_);
    std::vector<std::string> words{
        program_,        "run",           spec.file,  "--case",
        cases_of(spec),  "--precision",   precisions, "--out",
        folder.string(), "--min-seconds", "0"};  // errors need no statistics
    if (!run.fault.empty()) words.insert(words.end(), {"--fault", run.fault});
    auto const end = execute(words, run.ranks);
    try {
      std::vector<Mutant> found;
      for (auto const& record : open_bundle(folder).records)
        for (auto& mutant : fates(spec, run, record)) found.push_back(std::move(mutant));
      return found;
    } catch (Error const&) {
      progress_.clear();
      fmt::print(stderr, "{}\n", end.said);
      return broken(spec, run, "inpex-faults " + end.reason() + " and left no bundle");
    }
  }

  MutateOptions options_;
  std::string program_;
  ScratchFolder scratch_;
  Progress progress_;
  std::size_t number_ = 0;
  std::size_t total_ = 0;
  std::vector<Mutant> mutants_;
};

int mutate(MutateOptions options) {
  if (launched_by_mpi())
    throw Error(Fault::command, "mutate starts its own ranks", "mpirun",
                "run it without a launcher");
  if (options.all)
    for (auto const& app : apps()) options.targets.push_back(app.name);
  if (options.targets.empty())
    throw Error(Fault::command, "which app?", "APP",
                "name one before any option, as in `inpex mutate stencil.heat7`, or --all");
  auto const mutants = Mutation(options).all();
  auto const [caught, planted] = score_of(mutants);
  auto const all_cases = MutateOptions{}.cases;
  if (std::is_permutation(options.cases.begin(), options.cases.end(), all_cases.begin(),
                          all_cases.end()))
    store_scores(mutants, calibration_folder(), build_info().source_digest);
  if (options.json)
    fmt::print("{}\n", json_text(Mutants{mutants, static_cast<std::int64_t>(caught),
                                         static_cast<std::int64_t>(planted)}));
  else
    fmt::print("{}", mutation_table(mutants));
  int const code = exit_code_of(mutants);
  if (code == exit_code(Fault::wrong))
    fmt::print(stderr,
               "inpex: a planted fault was not found\n  make the check of its row stricter\n");
  else if (code == exit_code(Fault::failed))
    fmt::print(stderr, "inpex: a run broke or failed without a fault\n  see its row, and `inpex "
                       "run` on its case\n");
  else if (score_of(mutants).planted == 0)
    fmt::print(stderr,
               "inpex: no fault was planted\n  list faults under `planted` of the checks\n");
  else if (code != 0)
    fmt::print(stderr, "inpex: not every fault could be planted\n  see the rows that were skipped; "
                       "those that need two ranks need a build with MPI\n");
  return code;
}

}  // namespace
}  // namespace inpex::host

void add_mutate(CLI::App& inpex, Outcome& outcome) {
  using namespace inpex::host;
  auto* command = inpex.add_subcommand(
      "mutate", "Plants every fault of an app, and says which its checks caught");
  command->footer(
      "Example: inpex mutate stencil.heat7\n"
      "Exit: 0 all were caught; 1 a run broke; 4 one survived; 6 some could not be planted.");
  auto const options = std::make_shared<MutateOptions>();
  command->add_option("APP", options->targets, "App, family or spec file");
  command->add_flag("--all", options->all, "Every app of this program");
  command->add_option("--case", options->cases, "Cases, with commas; without it smoke,teach")
      ->delimiter(',');
  command->add_flag("--json", options->json, "Print the table as one JSON object");
  command->callback([options, &outcome] { outcome.code = mutate(*options); });
}
