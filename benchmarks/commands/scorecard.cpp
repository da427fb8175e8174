// SPDX-License-Identifier: Apache-2.0
// `inpex scorecard`: the figures by which all other figures are judged, each from what is run now:
// by this program's own commands, or in a process of its own.

#include "commands.hpp"

#include <inpex/host/children.hpp>
#include <inpex/host/json_text.hpp>
#include <inpex/host/new_file.hpp>
#include <inpex/host/programs.hpp>
#include <inpex/host/progress.hpp>
#include <inpex/host/scorecard_measures.hpp>
#include <inpex/runtime.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace inpex::host {
namespace {

using Words = std::vector<std::string>;

struct ScorecardOptions {
  bool quick = false;
  bool json = false;
  std::string from, out;
};

// How much of each is run.
struct Share {
  Words audited{"--all"}, mutated{"--all"};
  std::int64_t damages = 10'000, records = 10'000, compared = 1'000;
  std::int64_t pairs = 200, reproductions = 20;
  std::string min_seconds = "0.2";
  int fuzz_seconds = judged_fuzz_seconds;
};
Share const small_share{.audited = {"stencil.heat7"},
                        .mutated = {"stencil.heat7", "--case", "smoke"},
                        .damages = 200,
                        .records = 200,
                        .compared = 100,
                        .pairs = least_pairs,
                        .reproductions = 1,
                        .min_seconds = "0",
                        .fuzz_seconds = 1};

// The last complaint in what a program wrote to stderr, without its hint.
std::string complaint_in(std::string const& errors) {
  auto const at = errors.rfind("inpex: ");
  if (at == std::string::npos) return "it said nothing";
  return errors.substr(at + 7, errors.find('\n', at) - at - 7);
}

class Scoring {
 public:
  Scoring(Share share, std::string from) : share_(std::move(share)), from_(std::move(from)) {}

  // Every line; `told` gets those of each measure as soon as they are there.
  ScoreLines all(std::function<void(ScoreLines const&)> const& told) {
    constexpr std::array<std::pair<char const*, ScoreLines (Scoring::*)()>, 11> steps{
        {{"rules", &Scoring::rules},
         {"coverage of intervals", &Scoring::coverage},
         {"disturbances", &Scoring::harness},
         {"damages", &Scoring::damages},
         {"verify", &Scoring::verified},
         {"compare", &Scoring::compared},
         {"audit", &Scoring::audited},
         {"planted faults", &Scoring::mutated},
         {"equal runs", &Scoring::calibrated},
         {"reproduction", &Scoring::reproduced},
         {"fuzzers", &Scoring::fuzzed}}};
    ScoreLines lines;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      progress_.begin(i + 1, steps.size(), steps[i].first);
      auto const start = Clock::now();
      auto const found = safely(steps[i].first, steps[i].second);
      progress_.end(fmt::format("{:.1f} s", seconds_since(start)));
      told(found);
      lines.insert(lines.end(), found.begin(), found.end());
    }
    return lines;
  }

 private:
  static constexpr double patience = 4 * 3600;

  // A measure that breaks is a line that misses; what this build or machine lacks leaves it open.
  ScoreLines safely(std::string const& name, ScoreLines (Scoring::*measure)()) {
    try {
      return (this->*measure)();
    } catch (Error const& error) {
      auto const open = error.fault == Fault::environment ? Standing::open : Standing::miss;
      return {{name, error.problem.substr(0, error.problem.find('\n')), "", open}};
    }
  }

  ScoreLines rules() {
    return apart([] { return score_rules(); });
  }
  ScoreLines coverage() {
    return apart([] { return score_coverage(interval_coverage(2000)); });
  }
  ScoreLines harness() {
    return apart([] { return score_harness(harness_selftest()); });
  }
  ScoreLines damages() {
    return apart([this] { return score_damages(share_.damages); });
  }
  ScoreLines verified() {
    return apart([this] { return score_verify(share_.records); });
  }
  ScoreLines compared() {
    return apart([this] { return score_compare(share_.compared); });
  }

  ScoreLines audited() {
    auto const answer = own("audit", "--json", share_.audited, {Fault::wrong});
    return score_audit(from_json_text<AuditCounts>(answer.said, "inpex audit"), answer.seconds);
  }
  ScoreLines mutated() {
    auto const answer =
        own("mutate", "--json", share_.mutated, {Fault::failed, Fault::wrong, Fault::inconclusive});
    return score_mutation(from_json_text<Mutants>(answer.said, "inpex mutate").mutants,
                          answer.seconds);
  }
  ScoreLines calibrated() {
    Words words{"--slowed", "--from", from_};
    if (from_.empty()) {
      words = setting_;
      words.insert(words.end(), {app, "--slowed", "--pairs", std::to_string(share_.pairs), "--out",
                                 (scratch_ / "pairs").string()});
    }
    return score_calibration(
        from_json_text<Calibration>(own("calibrate", "--json", words).said, "inpex calibrate"));
  }
  // Bundles of six runs, whose median has an interval.
  ScoreLines reproduced() {
    auto const bundle = (scratch_ / "bundle").string();
    auto words = setting_;
    words.insert(words.end(), {"--repeat", "6", "--out", bundle});
    own("run", app, words);
    std::vector<int> codes;
    for (std::int64_t i = 0; i < share_.reproductions; ++i) {
      auto const again = (scratch_ / ("again" + std::to_string(i))).string();
      codes.push_back(
          own("reproduce", bundle, {"--out", again}, {Fault::rejected, Fault::inconclusive}).code);
    }
    add_flag(bundle, added_flag);
    own("reproduce", bundle, {"--out", (scratch_ / "changed").string()}, {Fault::inconclusive});
    return score_reproduction(codes, read_file(scratch_ / "stderr"));
  }

  // Where `ctest -R fuzz` of this build leaves them, with the inputs that it has found.
  ScoreLines fuzzed() {
    auto const folder = own_program().parent_path().parent_path() / "scratch/fuzz";
    ScoreLines lines;
    for (std::string const name : {"spec_fuzz", "result_fuzz"}) {
      if (!is_there(folder / name)) {
        lines.push_back(score_fuzzer(name, {}));
        continue;
      }
      auto const found = scratch_ / name;
      std::filesystem::create_directories(found);
      auto const answer = executed(
          {(folder / name).string(), fmt::format("-max_total_time={}", share_.fuzz_seconds),
           "-timeout=10", "-rss_limit_mb=2048", "-verbosity=0", "-print_final_stats=1",
           "-artifact_prefix=" + found.string() + "/", found.string(),
           (folder / "found" / name).string()});
      lines.push_back(score_fuzzer(name, {.said = read_file(scratch_ / "stderr"),
                                          .ended_well = answer.well(),
                                          .seconds = share_.fuzz_seconds}));
    }
    return lines;
  }

  // In a process of its own, so that a crash is found, and memory is its own.
  ScoreLines apart(std::function<ScoreLines()> const& measure) {
    auto const end = in_child([&] { return json_text(Scorecard{false, measure()}); }, patience);
    if (!end.well()) throw Error(Fault::failed, "its process " + end.reason() + ": " + end.said);
    return from_json_text<Scorecard>(end.answer, "the scorecard").lines;
  }

  // One of this program's commands. Throws Error when it ended neither well nor by one of these.
  ChildEnd own(std::string const& command, std::string const& first, Words const& rest,
               std::vector<Fault> const& answers = {}) {
    Words words{own_program().string(), command, first};
    words.insert(words.end(), rest.begin(), rest.end());
    auto end = executed(std::move(words));
    auto const is_end = [&](Fault answer) { return end.code == exit_code(answer); };
    if (end.well() ||
        (end.signal == 0 && !end.timed_out && std::any_of(answers.begin(), answers.end(), is_end)))
      return end;
    bool const lacking = end.code == exit_code(Fault::environment);
    throw Error(lacking ? Fault::environment : Fault::failed,
                "`inpex " + command + "` " + end.reason() + ": " +
                    complaint_in(read_file(scratch_ / "stderr")));
  }

  // What is said is of stdout alone. Calibrations of the user are neither taken nor changed.
  ChildEnd executed(Words words) {
    auto const calibrations = (scratch_ / "calibrations").string(),
               errors = (scratch_ / "stderr").string();
    return in_child(
        [&]() -> std::string {
          ::setenv("INPEX_CALIBRATIONS", calibrations.c_str(), 1);
          ::dup2(::open(errors.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600), STDERR_FILENO);
          become(std::move(words));
        },
        patience);
  }

  static constexpr char app[] = "stencil.heat7";
  Share share_;
  // One thread: several wait for each other, and for whoever takes the core of one of them.
  Words setting_{"--case", "teach", "--space", "serial", "--min-seconds", share_.min_seconds};
  std::string from_;
  ScratchFolder scratch_;
  Progress progress_;
};

int scorecard(ScorecardOptions const& options) {
  if (launched_by_mpi())
    throw Error(Fault::command, "scorecard starts its own ranks", "mpirun",
                "run it without a launcher");
  if (!options.out.empty()) require_new_file(options.out);
  if (!options.from.empty()) static_cast<void>(read_results(options.from));  // or it is refused now
  auto const print = [&](std::string const& text) {
    if (!options.json) fmt::print("{}", text);
    std::fflush(stdout);
  };
  auto const head = scorecard_head(options.quick);
  print(head);
  Scoring scoring(options.quick ? small_share : Share{}, options.from);
  Scorecard const card{options.quick,
                       scoring.all([&](ScoreLines const& lines) { print(scorecard_rows(lines)); })};
  auto const text = options.json ? json_text(card) + "\n" : head + scorecard_rows(card.lines);
  if (options.json) fmt::print("{}", text);
  std::fflush(stdout);
  if (!options.out.empty()) write_file(options.out, text);
  int const code = exit_code_of(card);
  if (code == exit_code(Fault::wrong))
    fmt::print(stderr,
               "inpex: a figure misses its aim\n  see its line; where time or noise decides, "
               "try again on an idle machine\n");
  else if (code != 0)
    fmt::print(stderr, "inpex: not every figure can be judged\n  see the open lines{}\n",
               options.quick ? ", and run without --quick" : "");
  return code;
}

}  // namespace
}  // namespace inpex::host

void add_scorecard(CLI::App& inpex, Outcome& outcome) {
  using namespace inpex::host;
  auto* command = inpex.add_subcommand(
      "scorecard", "Runs and prints the figures by which all other figures are judged");
  command->footer("Example: inpex scorecard --quick\n"
                  "Exit: 0 every figure reaches its aim; 4 one misses; 6 one is open.");
  auto const options = std::make_shared<ScorecardOptions>();
  command->add_flag("--quick", options->quick, "A small share of each, in a minute");
  command->add_option("--from", options->from,
                      "A bundle of `inpex calibrate`, instead of running equal pairs");
  command->add_option("--out", options->out, "Write what is printed to this new file, too");
  command->add_flag("--json", options->json, "Print the lines as one JSON object");
  command->callback([options, &outcome] { outcome.code = scorecard(*options); });
}
