// SPDX-License-Identifier: Apache-2.0
// `inpex_benchmark`: every case of every app as a Google Benchmark, for those whose tools read its
// output. Its times are ours (manual time: the sample alone, without the reset before it), and each
// benchmark ends with the spec's verification, so that a wrong result is an error and no figure.

#include <inpex/app.hpp>
#include <inpex/comm.hpp>
#include <inpex/error.hpp>
#include <inpex/host/build_info.hpp>
#include <inpex/host/judge.hpp>
#include <inpex/host/plan_names.hpp>
#include <inpex/host/prepare.hpp>
#include <inpex/host/spec_load.hpp>
#include <inpex/host/survey.hpp>
#include <inpex/host/targets.hpp>
#include <inpex/nearest.hpp>
#include <inpex/runtime.hpp>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace inpex::host {
namespace {

constexpr std::string_view cases_flag = "--inpex_cases=";

void print_help() {
  fmt::print(
      "inpex_benchmark: verified mini-apps as Google Benchmarks, named app/case/space/precision\n"
      "          [--inpex_cases=<case>,...]    default smoke,S\n"
      "Example: inpex_benchmark --benchmark_filter=heat7/S/openmp --benchmark_format=json\n"
      "Exit: 0; 1 a case failed; 2 bad flag; 3 environment; 4 verification wrong.\n"
      "The flags of Google Benchmark:\n");
  benchmark::PrintDefaultHelp();
}

/// Takes our flag out of the command line; those of Google Benchmark stay.
std::vector<std::string> chosen_cases(int& argc, char** argv) {
  std::string words = "smoke,S";
  int kept = 1;
  for (int i = 1; i < argc; ++i) {
    std::string_view const word = argv[i];
    if (word.substr(0, cases_flag.size()) == cases_flag)
      words = word.substr(cases_flag.size());
    else
      argv[kept++] = argv[i];
  }
  argc = kept;
  std::vector<std::string> cases;
  for (std::size_t begin = 0; begin <= words.size();) {
    std::size_t const end = std::min(words.find(',', begin), words.size());
    cases.push_back(words.substr(begin, end - begin));
    begin = end + 1;
  }
  return cases;
}

/// A case that no app has is a slip of the keyboard.
void require_cases(std::vector<std::string> const& cases, std::vector<Spec> const& specs) {
  std::vector<std::string> known;
  for (auto const& spec : specs)
    for (auto const& each : spec.cases)
      if (std::find(known.begin(), known.end(), each.name) == known.end())
        known.push_back(each.name);
  for (auto const& name : cases)
    if (std::find(known.begin(), known.end(), name) == known.end())
      throw Error(Fault::command, "no app has a case '" + name + "'", "--inpex_cases",
                  suggestion(name, known));
}

/// What the registered benchmarks share, and the worst that happened to one of them.
struct Session {
  std::vector<Spec> specs;
  RunConditions conditions;
  int code = 0;
};

/// What a sample of the case does; counters are per second of it.
void count(benchmark::State& state, CaseRun const& run, Table names, Case const& configured) {
  Work step;
  for (auto const& phase : configured.work()) step = step + phase.work;
  auto const samples = static_cast<std::int64_t>(state.iterations());
  auto const bytes = static_cast<std::int64_t>(step.bytes_read + step.bytes_written);
  state.SetBytesProcessed(samples * run.plan.steps * bytes);
  put(names, "time", 1.0);  // a figure of merit is a rate: in one second it counts a sample's items
  state.SetItemsProcessed(samples * static_cast<std::int64_t>(run.spec.fom.formula.real(names)));
}

/// The first check that does not hold, as a sentence; "" when all hold.
std::string wrong(CaseRun const& run, Table const& names, Case& configured) {
  for (auto const& verdict : verify(configured, run.spec, run.plan.case_name, names))
    if (!verdict.passed) return why_wrong(verdict);
  return {};
}

void measure(benchmark::State& state, CaseRun const& run, Session& session) {
  auto const configured = run.app.make(run.plan.parameters, run.choice, Comm());
  configured->reset();
  configured->sample(inpex::Timing::total);  // warm-up
  double seconds = 0;
  for (auto _ : state) {
    configured->reset();
    seconds = configured->sample(inpex::Timing::total).front().seconds;
    state.SetIterationTime(seconds);
  }
  auto const names = names_after_run(run.spec, run.plan.names,
                                     {configured->extents(), seconds, configured->setup_seconds()});
  count(state, run, names, *configured);
  if (auto const sentence = wrong(run, names, *configured); !sentence.empty()) {
    state.SkipWithError(sentence.c_str());
    session.code = exit_code(Fault::wrong);
  }
}

/// One benchmark; whatever goes wrong becomes its error, and the others go on.
void benchmark_task(benchmark::State& state, Spec const& spec, Task const& task, Session& session) {
  try {
    measure(state, prepare(task, spec, session.conditions), session);
  } catch (std::exception const& trouble) {
    state.SkipWithError(trouble.what());
    session.code = std::max(session.code, exit_code(Fault::failed));
  }
}

void register_all(Session& session, std::vector<std::string> const& cases) {
  for (auto const& spec : session.specs)
    for (auto const& each : spec.cases) {
      if (std::find(cases.begin(), cases.end(), each.name) == cases.end()) continue;
      auto const& app = built_app(spec.id);
      for (auto const& space : app.spaces)
        for (auto const& precision : spec.precisions) {
          Task const task{"", spec.id, each.name, space, precision, "native", {}};
          auto const name = fmt::format("{}/{}/{}/{}", spec.id, each.name, space, precision);
          benchmark::RegisterBenchmark(name.c_str(),
                                       [&spec, task, &session](benchmark::State& state) {
                                         benchmark_task(state, spec, task, session);
                                       })
              ->UseManualTime()
              ->Unit(benchmark::kMillisecond);
        }
    }
}

void add_context(Session const& session) {
  auto const& build = build_info();
  benchmark::AddCustomContext("inpex_version", build.version);
  if (!build.commit.empty())
    benchmark::AddCustomContext("inpex_commit", build.commit + (build.dirty ? " (changed)" : ""));
  benchmark::AddCustomContext("inpex_compiler",
                              build.compiler + " " + build.compiler_version + " " + build.flags);
  for (auto const& spec : session.specs)
    benchmark::AddCustomContext("inpex_spec_" + spec.id, spec.version + " " + spec.digest);
}

/// Specs of apps that this program holds.
std::vector<Spec> built_specs() {
  auto specs = load_all(spec_folders());
  specs.erase(std::remove_if(specs.begin(), specs.end(),
                             [](Spec const& spec) {
                               return std::none_of(
                                   apps().begin(), apps().end(),
                                   [&](App const& app) { return app.name == spec.id; });
                             }),
              specs.end());
  return specs;
}

int run(int argc, char** argv) {
  if (launched_by_mpi())
    throw Error(Fault::command, "inpex_benchmark runs on one rank", {},
                "use `mpirun -n N inpex run` for more");
  auto const cases = chosen_cases(argc, argv);
  benchmark::Initialize(&argc, argv, print_help);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return exit_code(Fault::command);
  Session session{built_specs(), {}, 0};
  require_cases(cases, session.specs);
  Runtime const runtime;
  session.conditions.survey = survey(runtime, Comm());
  add_context(session);
  register_all(session, cases);
  std::size_t const matched =
      benchmark::RunSpecifiedBenchmarks();  // it says itself when there is none
  benchmark::Shutdown();
  return matched == 0 ? exit_code(Fault::command) : session.code;
}

}  // namespace
}  // namespace inpex::host

int main(int argc, char** argv) {
  try {
    return inpex::host::run(argc, argv);
  } catch (inpex::Error const& error) {
    fmt::print(stderr, "inpex_benchmark: {}\n", error.what());
    return exit_code(error.fault);
  } catch (std::exception const& trouble) {
    fmt::print(stderr, "inpex_benchmark: {}\n", trouble.what());
    return exit_code(inpex::Fault::failed);
  }
}
