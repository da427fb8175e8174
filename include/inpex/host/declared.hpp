// SPDX-License-Identifier: Apache-2.0
#pragma once
// What an app counts and holds, against what its spec declares. A rate is only as true as the work
// that it is made of, so the two must agree to the last flop and byte, on every rank.

#include <inpex/app.hpp>
#include <inpex/host/record.hpp>
#include <inpex/host/record_groups.hpp>
#include <inpex/host/spec.hpp>
#include <inpex/work.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace inpex::host {

/// The work of one step on one rank, by the spec's formulas.
inline std::vector<PhaseWork> declared_work(Spec const& spec, Table const& names) {
  std::vector<PhaseWork> result;
  for (auto const& phase : spec.work.phases)
    result.push_back({phase.name,
                      {.flops = phase.flops.count(names),
                       .bytes_read = phase.read.count(names),
                       .bytes_written = phase.write.count(names),
                       .messages = phase.messages.count(names),
                       .bytes_sent = phase.message_bytes.count(names)}});
  return result;
}

/// The first difference between two accounts of the same step, as a sentence; "" when they agree. A
/// phase that does nothing may be left out of either.
inline std::string work_difference(std::vector<PhaseWork> const& counted,
                                   std::vector<PhaseWork> const& declared) {
  auto const work_of = [](std::vector<PhaseWork> const& all, std::string const& phase) {
    for (auto const& each : all)
      if (each.phase == phase) return each.work;
    return Work{};
  };
  constexpr std::array<std::pair<char const*, std::uint64_t Work::*>, 5> kinds = {
      {{"flops", &Work::flops},
       {"bytes read", &Work::bytes_read},
       {"bytes written", &Work::bytes_written},
       {"messages", &Work::messages},
       {"bytes sent", &Work::bytes_sent}}};
  for (auto const* list : {&declared, &counted})
    for (auto const& phase : *list) {
      auto const app = work_of(counted, phase.phase), spec = work_of(declared, phase.phase);
      for (auto const& [name, member] : kinds)
        if (app.*member != spec.*member)
          return fmt::format("phase '{}': the app counts {} {} a step, the spec declares {}",
                             phase.phase, app.*member, name, spec.*member);
    }
  return {};
}

/// The same for all ranks: rank 0's sentence, or one that says that another rank differs.
/// Collective.
inline std::string work_difference(std::vector<PhaseWork> const& counted,
                                   std::vector<PhaseWork> const& declared, Comm const& comm) {
  auto sentence = work_difference(counted, declared);
  auto const differing = comm.sum(std::uint64_t{sentence.empty() ? 0u : 1u});
  if (differing > 0 && sentence.empty())
    sentence =
        fmt::format("the work that {} other ranks count is not what the spec declares", differing);
  return sentence;
}

/// A phase that an app timed under a name that the spec does not have, as a sentence, or "": its
/// seconds would be nobody's.
inline std::string phase_difference(std::vector<PhaseSamples> const& timed, Spec const& spec) {
  std::vector<std::string> declared;
  for (auto const& phase : spec.work.phases) declared.push_back(phase.name);
  for (auto const& phase : timed)
    if (std::find(declared.begin(), declared.end(), phase.name) == declared.end())
      return fmt::format("phase '{}' is timed, but is none of the spec's: {}", phase.name,
                         fmt::join(declared, ", "));
  return {};
}

/// The work of one sample on all ranks, by phase; times are not in it yet. Collective.
inline std::vector<PhaseGroup> phase_groups(std::vector<PhaseWork> const& phases,
                                            std::int64_t steps, Comm const& comm) {
  std::vector<PhaseGroup> result;
  auto const whole = [&](std::uint64_t mine) {
    return static_cast<std::int64_t>(comm.sum(mine)) * steps;
  };
  for (auto const& [name, work] : phases) {
    PhaseGroup group;
    group.name = name;
    group.flops = whole(work.flops);
    group.bytes_read = whole(work.bytes_read);
    group.bytes_written = whole(work.bytes_written);
    group.messages = whole(work.messages);
    group.bytes_sent = whole(work.bytes_sent);
    result.push_back(std::move(group));
  }
  return result;
}

/// Whether the spec says that this case lives in memory, beyond every cache: it represents memory
/// bandwidth, and the case is one of the large sizes M, L or a share of the memory.
inline bool memory_resident(Spec const& spec, std::string_view case_name) {
  bool bandwidth = false;
  for (auto const& trait : spec.represents) bandwidth = bandwidth || trait == "memory-bandwidth";
  return bandwidth && (case_name == "M" || case_name == "L" || case_name.substr(0, 3) == "mem");
}

}  // namespace inpex::host
