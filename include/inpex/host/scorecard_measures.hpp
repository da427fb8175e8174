// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the lines of a scorecard are made from. The first functions run something themselves; the
// others judge what other commands have answered.

#include <inpex/host/audited.hpp>
#include <inpex/host/calibrate.hpp>
#include <inpex/host/coverage.hpp>
#include <inpex/host/damage.hpp>
#include <inpex/host/harness_selftest.hpp>
#include <inpex/host/mutation.hpp>
#include <inpex/host/quantity.hpp>
#include <inpex/host/reproduce.hpp>
#include <inpex/host/scorecard.hpp>
#include <inpex/host/scratch_folder.hpp>
#include <inpex/host/sound_bundle.hpp>

#include <fmt/format.h>

#include <sys/resource.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace inpex::host {

using ScoreLines = std::vector<ScoreLine>;

/// Rules that tell their two cases apart.
inline ScoreLines score_rules() {
  auto const found = rule_coverage();
  return {score_all("rules that pass a sound case and find a violating one", found.covered,
                    found.rules)};
}

/// How often intervals hold the truth, for each kind of figure that is judged.
inline ScoreLines score_coverage(std::vector<CoverageRow> const& rows) {
  ScoreLines lines;
  for (auto const& row : rows)
    if (row.judged)
      lines.push_back(score("intervals of 95 % that hold the truth: " + row.figure,
                            fmt::format("{:.1f} % of {}", 100 * row.share(), row.trials), row.aim(),
                            row.good()));
  return lines;
}

/// Disturbances that their guards flag. Those that fire undisturbed show nothing here.
inline ScoreLines score_harness(std::vector<Disturbance> const& all) {
  std::size_t injected = 0, flagged = 0, untried = 0;
  for (auto const& each : all) {
    if (each.guard.empty()) continue;
    ++injected, flagged += each.flagged() && !each.always, untried += each.always;
  }
  auto line = score_all("disturbances flagged", flagged, injected);
  if (untried > 0) line.found += fmt::format(", {} not to be tried here", untried);
  if (flagged + untried == injected && untried > 0) line.standing = Standing::open;
  return {line};
}

/// Damages to a bundle that `inpex verify` finds.
inline ScoreLines score_damages(std::int64_t times) {
  ScratchFolder const scratch;
  auto const missed = damages_missed(make_bundle(scratch / "bundle", 3), times, 1);
  return {score_all("bits flipped, ends cut off and bytes added, found",
                    static_cast<std::size_t>(times - missed), static_cast<std::size_t>(times))};
}

/// Time and memory of `inpex verify`. The memory is the most that this process ever had, with that
/// of making the bundle.
inline ScoreLines score_verify(std::int64_t records) {
  ScratchFolder const scratch;
  auto const folder = make_bundle(scratch / "bundle", records);
  auto const start = Clock::now();
  auto const sound = BundleVerifier(folder).verify().sound;
  double const seconds = seconds_since(start);
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  auto const what = fmt::format("`inpex verify` of {} records", records);
  return {
      sound == records ? score_within(what, seconds, 5, "s")
                       : score(what, fmt::format("{} are sound", sound), "all", false),
      score_within(what + ", memory", static_cast<double>(used.ru_maxrss) * 1024 / 1e6, 500, "MB")};
}

/// Time of `inpex compare` of two bundles, of which the second is twice as fast.
inline ScoreLines score_compare(std::int64_t pairs) {
  ScratchFolder const scratch;
  auto const one = make_sizes(scratch / "a", pairs, 1), other = make_sizes(scratch / "b", pairs, 2);
  auto const start = Clock::now();
  auto const a = read_results(one), b = read_results(other);
  require_sound(one), require_sound(other);
  auto const all = Comparer(a, b, [](std::string const& machine) {
                     return Calibration{.machine = machine, .created = {}, .cases = {}};
                   }).all();
  double const seconds = seconds_since(start);
  auto const faster = std::count_if(all.begin(), all.end(), [](Compared const& each) {
    return each.verdict == Comparison::faster;
  });
  auto const what = fmt::format("`inpex compare` of {} pairs", pairs);
  if (faster != pairs) return {score(what, fmt::format("{} are FASTER", faster), "all", false)};
  return {score_within(what, seconds, 2, "s")};
}

/// Apps of which every count is exact, or as the spec gives a reason for, and the time of the
/// audit.
inline ScoreLines score_audit(AuditCounts const& counts, double seconds) {
  std::map<std::string, bool> right;
  std::size_t reasoned = 0;
  for (auto const& row : counts.rows) {
    right.try_emplace(row.app, true);
    if (row.finding == Finding::wrong) right[row.app] = false;
    reasoned += row.finding == Finding::reasoned;
  }
  auto const good =
      std::count_if(right.begin(), right.end(), [](auto const& each) { return each.second; });
  auto line = score_all("apps whose counts are exact, or declared with a reason",
                        static_cast<std::size_t>(good), right.size());
  line.found += fmt::format("; {} of {} counts declared", reasoned, counts.rows.size());
  return {line, score_within("time of the audit", seconds, 60, "s")};
}

/// Planted faults that were caught, and the time it took. A fault that could not be planted leaves
/// it open, and a run that broke without one misses.
inline ScoreLines score_mutation(std::vector<Mutant> const& mutants, double seconds) {
  auto const [caught, planted] = score_of(mutants);
  auto line = score_all("planted faults caught", caught, planted);
  int const code = exit_code_of(mutants);
  if (line.standing == Standing::pass && code != 0)
    line.standing = code == exit_code(Fault::failed) ? Standing::miss : Standing::open;
  return {line, score_within("time of planting", seconds, 600, "s")};
}

/// Fewest pairs of equal runs that show a rate of one in a hundred.
inline constexpr std::int64_t judged_pairs = 200;

namespace detail {

/// How many runs that were really slowed were found; open where none was.
inline ScoreLine score_slowed(std::string const& what, Count const& slowed, Count const& found,
                              double effect) {
  if (!slowed) return {what, "none was slowed", "90 % or more", Standing::open};
  double const share = static_cast<double>(*found) / static_cast<double>(*slowed);
  return score(what,
               fmt::format("{} of {} ({:.1f} %), smallest effect {}", *found, *slowed, 100 * share,
                           percent(effect)),
               "90 % or more", share >= 0.9);
}

inline void leave_open(ScoreLines& lines, std::size_t from) {
  for (auto i = from; i < lines.size(); ++i) lines[i].standing = Standing::open;
}

}  // namespace detail

/// False verdicts on equal runs, and how many of those that were slowed by twice the smallest
/// effect are found: for each case, by single runs and by rounds in turn.
inline ScoreLines score_calibration(Calibration const& calibration) {
  ScoreLines lines;
  for (auto const& each : calibration.cases) {
    auto const name = each.app + " " + each.case_name + " " + each.precision;
    auto const begin = lines.size();
    double const rate = static_cast<double>(each.false_verdicts) / static_cast<double>(each.pairs);
    lines.push_back(
        score("equal runs called different: " + name,
              fmt::format("{} of {} pairs ({:.1f} %, with 95 % below {:.1f} %)",
                          each.false_verdicts, each.pairs, 100 * rate, 100 * each.false_rate_bound),
              fmt::format("1 % of {} or more", judged_pairs), rate <= 0.01));
    lines.push_back(detail::score_slowed("runs slowed by twice the smallest effect, found: " + name,
                                         each.slowed, each.slowed_found, each.effect));
    if (auto const& turns = each.in_turn) {
      auto const by = fmt::format(", {} rounds in turn", turns->rounds);
      lines.push_back(score("equal runs called different: " + name + by,
                            fmt::format("{} of {}", turns->false_verdicts, turns->blocks), "none",
                            turns->false_verdicts == 0));
      lines.push_back(
          detail::score_slowed("runs slowed by twice the smallest effect, found: " + name + by,
                               turns->slowed, turns->slowed_found, turns->effect));
    }
    if (each.pairs < judged_pairs) detail::leave_open(lines, begin);
  }
  return lines;
}

/// Fewest times that a bundle is made again to be judged by.
inline constexpr std::size_t judged_reproductions = 20;

/// Makes of a bundle one of a program that was built with a further flag, with hashes that agree.
inline void add_flag(std::filesystem::path const& bundle, std::string const& flag) {
  std::string lines;
  for (auto record : read_results(bundle).records) {
    record.software.flags += " " + flag;
    record.id = content_id(record);
    lines += json_text(record) + "\n";
  }
  quick_file(bundle / "records.jsonl", lines);
  quick_file(bundle / manifest_name, manifest_of(bundle));
}

inline constexpr char added_flag[] = "-fchanged";

/// Bundles that came out again, by the exit codes of `inpex reproduce`; and whether it names the
/// flag that was added to a bundle, by what it said of that.
inline ScoreLines score_reproduction(std::vector<int> const& codes, std::string const& said) {
  auto const good = std::count(codes.begin(), codes.end(), 0);
  bool const named = said.find(std::string(added_flag) + "' and is now") != std::string::npos;
  auto again = score_all("bundles reproduced on the same machine", static_cast<std::size_t>(good),
                         codes.size());
  if (codes.size() < judged_reproductions) again.standing = Standing::open;
  return {again, score("a changed flag is named", named ? "yes" : "no", "yes", named)};
}

/// Fewest seconds of a fuzzer that show that it finds nothing.
inline constexpr int judged_fuzz_seconds = 60;

/// How a fuzzer ended.
struct Fuzzed {
  std::string said = {};  ///< at its end; empty where it was not built
  bool ended_well = false;
  int seconds = judged_fuzz_seconds;  ///< that it was to take
};

/// Inputs of a fuzzer. A finding misses however short it ran.
inline ScoreLine score_fuzzer(std::string const& name, Fuzzed const& run) {
  auto const& said = run.said;
  auto const what = "inputs of " + name + " without a finding";
  auto const aim = fmt::format("{} s", judged_fuzz_seconds);
  if (said.empty()) return {what, "not built: `ctest -R fuzz` builds it", aim, Standing::open};
  std::string const mark = "stat::number_of_executed_units: ";
  auto const at = said.find(mark);
  auto const inputs = at == std::string::npos ? 0 : std::atoll(said.c_str() + at + mark.size());
  if (!run.ended_well || inputs == 0) return score(what, "a finding, or no end", aim, false);
  auto line = score(what, fmt::format("{} in {} s", inputs, run.seconds), aim, true);
  if (run.seconds < judged_fuzz_seconds) line.standing = Standing::open;
  return line;
}

}  // namespace inpex::host
