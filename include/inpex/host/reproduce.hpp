// SPDX-License-Identifier: Apache-2.0
#pragma once
// Does a figure come out again? First the program must be the same: commit, flags, compiler, ranks.
// Then the bundle's plan is run again, and each figure held against the old one.

#include <inpex/error.hpp>
#include <inpex/host/build_info.hpp>
#include <inpex/host/compare.hpp>
#include <inpex/host/result_source.hpp>
#include <inpex/host/run_plan.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace inpex::host {

/// The first difference between the program of a bundle and this one, with both values; "" if none.
/// The host is no part of it. Ranks are compared when the run begins.
inline std::string build_difference(RunPlan const& plan, std::vector<Record> const& records,
                                    BuildInfo const& build) {
  Table planned, now{{"version", build.version, ""},
                     {"commit", build.commit, ""},
                     {"source", build.source_digest, ""},
                     {"compiler", build.compiler + " " + build.compiler_version, ""}};
  for (auto const& entry : plan.conditions)
    if (find(now, entry.name) != nullptr) planned.push_back(entry);
  if (auto const found = difference(planned, now); !found.empty()) return found;
  for (auto const& record : records)
    for (auto const& [name, was, is] :
         {std::tuple{"flags", record.software.flags, build.flags},
          std::tuple{"build type", record.software.build_type, build.build_type},
          std::tuple{"Kokkos", record.software.kokkos + " " + record.software.kokkos_options,
                     build.kokkos_version + " " + build.kokkos_options},
          std::tuple{"MPI", record.software.mpi, build.mpi_library}})
      if (was != is) return fmt::format("{} was '{}' and is now '{}'", name, was, is);
  return {};
}

/// Throws Error (inconclusive) unless this is the program that made the bundle.
inline void require_program(RunPlan const& plan, ResultSource const& made, BuildInfo const& build) {
  auto const difference = build_difference(plan, made.records, build);
  if (!difference.empty())
    throw Error(Fault::inconclusive, "this program is not the one of the bundle: " + difference,
                made.path.string(), "build the same commit with the same flags");
}

/// What is said of a bundle that was run again.
struct Reproduction {
  std::string sentence;
  int code = 0;
};

/// Whether no more than the smallest effect lies between two figures, which are known to within
/// three of it: what cannot be told apart for want of precision is not the same.
inline bool came_out_again(Compared const& each) {
  if (each.verdict == Comparison::same) return true;
  if (each.verdict != Comparison::undecided || !each.ratio || !each.effect) return false;
  auto const& [value, low, high, level] = *each.ratio;
  auto const within = [&](double ratio, double effects) {
    double const most = 1 + effects * std::min(*each.effect, most_same);
    return ratio < most && ratio > 1 / most;
  };
  return level >= 0.95 && within(value, 1) && within(low, 3) && within(high, 3);
}

/// Reproduced: every figure came out again. Of two machines nothing is claimed.
inline Reproduction reproduction(ResultSource const& before, ResultSource const& after,
                                 std::vector<Compared> const& all) {
  auto const machine = [](ResultSource const& source) {
    return source.records.empty() ? "" : machine_id(source.records.front().platform);
  };
  auto const count = [&](auto... verdict) {
    return std::count_if(all.begin(), all.end(),
                         [&](Compared const& each) { return ((each.verdict == verdict) || ...); });
  };
  if (machine(before) != machine(after))
    return {"another machine: figures are shown side by side, and nothing is claimed",
            exit_code(Fault::inconclusive)};
  if (auto const differ = count(Comparison::faster, Comparison::slower); differ > 0)
    return {fmt::format("not reproduced: {} of {} figures differ by more than the smallest effect",
                        differ, all.size()),
            exit_code(Fault::rejected)};
  auto const open = std::ssize(all) - std::count_if(all.begin(), all.end(), came_out_again);
  if (open > 0 || all.empty())
    return {fmt::format("undecided: {} of {} figures cannot be compared, or are not known well "
                        "enough: take more samples, or several runs",
                        open, all.size()),
            exit_code(Fault::inconclusive)};
  return {fmt::format("reproduced: {} figures, {} of them the same within the smallest effect, the "
                      "others not to be told apart",
                      all.size(), count(Comparison::same)),
          0};
}

}  // namespace inpex::host
