// SPDX-License-Identifier: Apache-2.0
#pragma once
// Guards of the harness: what can make a figure meaningless although the case ran to its end. Each
// is one function of what was observed, with an id and a rule in words; each comes from a failure
// that was seen in a public suite, and each has a test that triggers it. Severities: note and
// warning are told; wrong and failed decide the status of the case.

#include <inpex/host/bound.hpp>
#include <inpex/host/record_groups.hpp>
#include <inpex/stats.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace inpex::host {

/// What guards look at; whatever is not known keeps its harmless default.
struct Observed {
  std::vector<double> times;  ///< seconds of each sample, of its slowest rank
  double clock_tick = 0;      ///< seconds
  double timer_floor = 0;     ///< seconds of an empty timed region
  double fom = 1;
  double work = 1;  ///< flops and bytes of a sample, all ranks
  std::int64_t steps = 1;
  bool debug = false;          ///< no optimisation
  bool bounds_checks = false;  ///< of Kokkos
  bool dirty = false;          ///< source differs from its commit
  std::string division = "reference";
  bool memory_resident = false;      ///< the spec says so of this case
  double footprint = 0;              ///< bytes of one rank, by the spec's formula
  double allocated = 0;              ///< bytes that the app really holds on that rank; 0: not known
  double last_level_cache = 0;       ///< bytes of one rank's share; 0: not known
  std::vector<double> counts;        ///< samples times steps, by rank
  std::int64_t threads_on_node = 0;  ///< of all ranks on the fullest node; 0: not known
  std::int64_t cores_on_node = 0;    ///< hardware threads that they may use; 0: not known
  std::string misbound;              ///< of threads that share a hardware thread, as a sentence
  Nearness nearest;                  ///< of all kernels that were probed
  double longest_phase = 0;          ///< see longest_phase(); fenced; 0: not known
  bool ceilings_known = true;        ///< a probe of each had the cores for itself
  std::vector<double> speeds;        ///< of the core after each sample; empty: not known
  double switches_a_second = 0;      ///< times that a thread lost its core to another program
  std::int64_t allocating = 0;       ///< samples in which an app allocated
  double energy_window = 0;          ///< seconds in which energy was read; 0: it was not
  std::int64_t energy_updates = 0;   ///< of its counter
  double least_energy_window = 0;    ///< that the spec asks for, as the next
  std::int64_t least_energy_updates = 0;
  std::string work_difference;  ///< of counted against declared work, as a sentence
};

/// One rule: `fires` returns a sentence with the numbers, or "" when all is well.
struct GuardRule {
  std::string_view id;
  std::string_view rule;
  std::string_view severity;
  std::string_view reason;
  bool from_record;  ///< what it looks at is in the record, so that anyone can apply it again
  std::string (*fires)(Observed const&);
};

namespace detail {

inline std::string empty_result(Observed const& seen) {
  if (seen.times.empty()) return "no sample was taken";
  if (!(seen.fom > 0) || seen.fom > std::numeric_limits<double>::max())
    return fmt::format("the figure of merit is {}", seen.fom);
  return {};
}

inline std::string zero_size(Observed const& seen) {
  if (seen.steps > 0 && seen.work > 0) return {};
  return fmt::format("a sample has {} steps, with {} flops and bytes", seen.steps, seen.work);
}

inline std::string too_short(Observed const& seen) {
  double const floor = std::max(seen.clock_tick, seen.timer_floor);
  if (seen.times.empty()) return {};
  double const shortest = *std::min_element(seen.times.begin(), seen.times.end());
  if (shortest > 20 * floor) return {};
  return fmt::format("a sample took {:.3g} s, but an empty one already {:.3g} s", shortest, floor);
}

inline std::string debug_build(Observed const& seen) {
  if (seen.division == "draft" || (!seen.debug && !seen.bounds_checks)) return {};
  return seen.debug ? "the program was built without optimisation" : "bounds checks are on";
}

inline std::string small_working_set(Observed const& seen) {
  if (!seen.memory_resident || seen.last_level_cache <= 0) return {};
  if (seen.footprint >= 4 * seen.last_level_cache) return {};
  return fmt::format(
      "the working set of {:.4g} MB is only {:.2g} times the last-level cache of {:.4g} MB",
      seen.footprint / 1e6, seen.footprint / seen.last_level_cache, seen.last_level_cache / 1e6);
}

inline std::string unequal_counts(Observed const& seen) {
  if (seen.counts.empty()) return {};
  auto const [low, high] = std::minmax_element(seen.counts.begin(), seen.counts.end());
  if (*low == *high) return {};
  return fmt::format("ranks ran between {} and {} samples", *low, *high);
}

inline std::string dirty_source(Observed const& seen) {
  if (!seen.dirty || seen.division != "reference") return {};
  return "the source differs from its commit, so nobody else can build this program";
}

inline std::string oversubscribed(Observed const& seen) {
  if (seen.cores_on_node <= 0 || seen.threads_on_node <= seen.cores_on_node) return {};
  return fmt::format("{} threads share {} hardware threads", seen.threads_on_node,
                     seen.cores_on_node);
}

inline std::string above_ceiling(Observed const& seen) {
  if (!(seen.nearest.fraction > 1.05)) return {};
  return fmt::format(
      "it ran at {:.3g} of the {} ceiling, the best that was measured beside it, which cannot be",
      seen.nearest.fraction, seen.nearest.ceiling);
}

inline std::string no_fence(Observed const& seen) {
  if (seen.times.empty() || seen.longest_phase <= 0) return {};
  double const longest = *std::max_element(seen.times.begin(), seen.times.end());
  if (5 * longest >= seen.longest_phase) return {};
  return fmt::format("a whole sample took {:.3g} s, but one of its phases alone {:.3g} s", longest,
                     seen.longest_phase);
}

inline std::string disturbed(Observed const& seen) {
  if (seen.switches_a_second <= 20) return {};  // a machine at rest: below 5
  return fmt::format("each thread lost its core {:.0f} times a second to other programs",
                     seen.switches_a_second);
}

inline std::string ceilings_disturbed(Observed const& seen) {
  if (seen.ceilings_known) return {};
  return "other programs took the cores while ceilings were probed, so there is none to compare "
         "with";
}

inline std::string clock_changed(Observed const& seen) {
  if (seen.speeds.size() < 2) return {};
  auto const [low, high] = std::minmax_element(seen.speeds.begin(), seen.speeds.end());
  if (*high <= 1.05 * *low) return {};
  return fmt::format("the clock of the core changed by {:.1f} % between samples",
                     100 * (*high / *low - 1));
}

inline std::string drifting(Observed const& seen) {
  double const change = drift(seen.times);
  if (std::abs(change) <= 0.05) return {};
  return fmt::format("samples became {:.1f} % {} in the course of the run", 100 * std::abs(change),
                     change > 0 ? "slower" : "faster");
}

inline std::string stalled(Observed const& seen) {
  if (seen.times.size() < 10) return {};
  double const tail = quantile(seen.times, 0.95) / median(seen.times) - 1;
  if (tail <= 0.25) return {};
  return fmt::format("one sample in twenty took {:.0f} % longer than the median", 100 * tail);
}

inline std::string wrong_footprint(Observed const& seen) {
  constexpr double small = 4e6;  // padding of short rows, and tables, count for little
  if (seen.allocated <= 1.05 * seen.footprint || seen.allocated <= seen.footprint + small)
    return {};
  return fmt::format("the app holds {:.4g} MB, the spec says {:.4g} MB", seen.allocated / 1e6,
                     seen.footprint / 1e6);
}

inline std::string allocating_step(Observed const& seen) {
  if (seen.allocating == 0) return {};
  return fmt::format("memory was allocated in {} timed samples", seen.allocating);
}

inline std::string misbound_threads(Observed const& seen) { return seen.misbound; }

inline std::string short_energy(Observed const& seen) {
  bool const enough = seen.energy_window >= seen.least_energy_window &&
                      seen.energy_updates >= seen.least_energy_updates;
  if (seen.energy_window <= 0 || enough) return {};
  return fmt::format("energy was read for {:.3g} s and {} updates, the spec asks for {} s and {}",
                     seen.energy_window, seen.energy_updates, seen.least_energy_window,
                     seen.least_energy_updates);
}

inline std::string wrong_work(Observed const& seen) { return seen.work_difference; }

}  // namespace detail

/// Every guard that looks at one case. That faults are caught is proved by `inpex mutate`.
inline constexpr std::array guard_rules = {
    GuardRule{"work-differs", "the work that the app counts is what the spec's formulas say",
              "failed", "A rate is only as true as the work it is made of.", false,
              detail::wrong_work},
    GuardRule{"empty-result",
              "there is at least one sample, and the figure of merit is a positive number",
              "failed", "Suites have printed zero, NaN or nothing and called it a pass.", true,
              detail::empty_result},
    GuardRule{"zero-size", "a sample has at least one step, and a step does some work", "failed",
              "A case of no size is done in no time.", true, detail::zero_size},
    GuardRule{"too-short", "every sample is longer than 20 ticks of the clock and 20 empty regions",
              "failed", "Below that the clock is measured, and not the app.", true,
              detail::too_short},
    GuardRule{"unequal-counts", "all ranks run the same number of samples", "failed",
              "Ranks that stop by their own clock do different work, or hang.", false,
              detail::unequal_counts},
    GuardRule{"above-ceiling",
              "no rate is above 1.05 of the best ceiling that was measured in the same run",
              "wrong", "Then the count, the clock or the ceiling is wrong.", true,
              detail::above_ceiling},
    GuardRule{"no-fence",
              "a whole sample takes at least a fifth of the shortest time of its longest phase "
              "without messages",
              "wrong", "Without a fence only the launch of the kernels is timed.", true,
              detail::no_fence},
    GuardRule{"disturbed",
              "a thread loses its core at most 20 times a second while samples are taken", "note",
              "Other programs on the same cores are in the figure.", false, detail::disturbed},
    GuardRule{"ceilings-disturbed", "a ceiling was probed while nobody else used the cores", "note",
              "Without a true ceiling no figure can be held against it.", false,
              detail::ceilings_disturbed},
    GuardRule{"debug-build",
              "outside the draft division the build is optimised and without bounds checks",
              "warning", "Published figures have come from debug builds.", true,
              detail::debug_build},
    GuardRule{"oversubscribed", "no more threads than hardware threads run on a node", "warning",
              "Threads that wait for a core measure the scheduler.", false, detail::oversubscribed},
    GuardRule{"allocating-step", "no memory is allocated in timed samples", "warning",
              "The allocator is in the figure.", false, detail::allocating_step},
    GuardRule{"footprint", "the app holds at most 1.05 of the memory that the spec's formula says",
              "note", "What is planned by the formula must fit.", false, detail::wrong_footprint},
    GuardRule{"cache-resident",
              "what the spec calls memory-resident is 4 times the last-level cache", "note",
              "A case in the cache is no measure of memory.", true, detail::small_working_set},
    GuardRule{"dirty-source", "the source of the reference division is that of its commit", "note",
              "Nobody else can build a program whose source is not known.", true,
              detail::dirty_source},
    GuardRule{"clock-changed", "the core's clock changes by at most 5 % between samples", "note",
              "Then samples are of different machines.", true, detail::clock_changed},
    GuardRule{"drifting", "the last third of the samples is within 5 % of the first", "note",
              "Heat, power or a neighbour changed the machine meanwhile.", true, detail::drifting},
    GuardRule{"stalled", "of ten and more samples 95 % stay within 1.25 of the median", "note",
              "Something else takes the machine now and then.", true, detail::stalled},
    GuardRule{"misbound",
              "no two threads are bound to one hardware thread, and what OMP_PROC_BIND asks for "
              "is so",
              "warning", "While two threads take turns on one core, another may be idle.", false,
              detail::misbound_threads},
    GuardRule{"energy-window",
              "where energy is read, it is for as long, and as many updates of the counter, as the "
              "spec asks for",
              "note", "Joules between two updates are a guess.", true, detail::short_energy},
};

/// The guards that fire, in the order of the rules.
inline std::vector<Guard> fired(Observed const& seen) {
  std::vector<Guard> result;
  for (auto const& rule : guard_rules)
    if (auto sentence = rule.fires(seen); !sentence.empty())
      result.push_back({std::string(rule.id), std::move(sentence), std::string(rule.severity)});
  return result;
}

}  // namespace inpex::host
