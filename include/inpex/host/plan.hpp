// SPDX-License-Identifier: Apache-2.0
#pragma once
// A spec, a case and what the user overrides, made into what is run: the final table of parameters,
// each with the place that set it, and what a step will cost on the largest rank. Every formula is
// evaluated here, so that what overflows or does not fit is known before anything is touched.

#include <inpex/host/plan_names.hpp>
#include <inpex/host/spec.hpp>
#include <inpex/work.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inpex::host {

/// Memory that all ranks of a run share: of the node's hosts or devices together. 0: unknown.
struct Memory {
  std::uint64_t total_bytes = 0;
  std::uint64_t free_bytes = 0;
};

/// What the user asked for.
struct Wanted {
  std::string case_name;
  Table overrides = {};  ///< of sweep() in overrides.hpp: typed and with places
  int ranks = 1;
  std::string precision = {};              ///< empty: the spec's default
  Memory memory = {};                      ///< needed for cases with fill_memory
  std::optional<double> min_seconds = {};  ///< in place of the spec's
};

/// One phase of a step, on the rank with the largest block and most neighbours.
struct PhasePlan {
  std::string name;
  Work work;
  std::uint64_t launches = 0;
  std::string overlap_with;
  std::string
      ceiling;  ///< probe kernel to compare with; empty for a phase that neither moves nor computes
};

/// What will be run.
struct Plan {
  std::string app, case_name, precision;
  int ranks = 1;
  Table parameters;  ///< for App::make
  Table names;       ///< what formulas know before the run
  Measure measure;
  std::optional<double> fill_memory;
  std::vector<PhasePlan> phases;
  Work work;                          ///< of a step: the sum of the phases
  std::uint64_t footprint_bytes = 0;  ///< of the largest rank
  std::uint64_t total_bytes = 0;      ///< of all ranks at most, set-up and verification included
  std::int64_t steps = 1;             ///< of a sample
};

/// The probe kernel that a phase is compared with: the spec's, else the one with the nearest mix of
/// reads and writes (read 1:0, triad 2:1, stream_copy 1:1), else fma where only flops are counted.
inline std::string ceiling_of(PhaseSpec const& phase, Work const& work) {
  if (!phase.ceiling.empty()) return phase.ceiling;
  auto const read = static_cast<double>(work.bytes_read),
             written = static_cast<double>(work.bytes_written);
  if (read + written == 0) return work.flops > 0 ? "fma" : "";
  double const share = read / (read + written);
  return share > 5.0 / 6 ? "read" : share > 7.0 / 12 ? "triad" : "stream_copy";
}

namespace detail {

inline PhasePlan planned_phase(PhaseSpec const& phase, Table const& names) {
  PhasePlan result{phase.name, {}, phase.launches.count(names), phase.overlap_with, {}};
  result.work = {phase.flops.count(names), phase.read.count(names), phase.write.count(names),
                 phase.messages.count(names), phase.message_bytes.count(names)};
  result.ceiling = ceiling_of(phase, result.work);
  return result;
}

/// What all ranks hold together at most; each kind of block counts as often as it occurs.
inline std::uint64_t total_bytes(Spec const& spec, Table const& parameters,
                                 std::string_view precision, int ranks) {
  std::uint64_t total = 0;
  auto const add = [&](Table const& names, std::uint64_t count) {
    std::uint64_t bytes = 0;
    if (__builtin_mul_overflow(spec.work.most().count(names), count, &bytes) ||
        __builtin_add_overflow(total, bytes, &total))
      throw Error(Fault::spec, fmt::format("64-bit overflow of the bytes of {} ranks", ranks),
                  spec.work.most().where());
  };
  auto const blocks = blocks_of(parameters, ranks);
  if (!blocks) {
    add(names_before_run(spec, parameters, precision, ranks), static_cast<std::uint64_t>(ranks));
    return total;
  }
  for (auto const& kind : block_kinds(*blocks))
    add(names_of_block(spec, parameters, precision, ranks, *blocks, kind.extent),
        static_cast<std::uint64_t>(kind.count));
  return total;
}

inline void put_scaling(Spec const& spec, Table& parameters, std::int64_t size,
                        std::string const& place) {
  for (auto const& parameter : spec.parameters)
    if (parameter.role == Role::scaling) put(parameters, parameter.name, size, place);
}

/// The least and the most that every scaling parameter takes.
inline std::pair<std::int64_t, std::int64_t> scaling_range(Spec const& spec) {
  std::int64_t least = 8, most = std::int64_t{1} << 40;
  for (auto const& parameter : spec.parameters) {
    if (parameter.role != Role::scaling) continue;
    if (parameter.min) least = std::max(least, std::get<std::int64_t>(*parameter.min));
    if (parameter.max) most = std::min(most, std::get<std::int64_t>(*parameter.max));
  }
  return {least, most};
}

/// Sets all scaling parameters to the largest multiple of 8 whose bytes, summed over the ranks,
/// stay within the fraction of the memory. They grow with the size; too few planes for the ranks,
/// and sizes beyond 64 bits, count as too small and too large.
inline void fill_memory(Spec const& spec, CaseSpec const& one, Wanted const& wanted,
                        std::string_view precision, Table& parameters) {
  if (wanted.memory.total_bytes == 0)
    throw Error(
        Fault::environment,
        fmt::format("the case '{}' fills memory, but how much there is is not known", one.name),
        one.where, "take a case with a size of its own");
  auto const budget =
      static_cast<std::uint64_t>(*one.fill_memory * static_cast<double>(wanted.memory.total_bytes));
  auto const [least, most] = scaling_range(spec);
  auto const within = [&](std::int64_t size) {
    put_scaling(spec, parameters, size, one.where);
    try {
      static_cast<void>(blocks_of(parameters, wanted.ranks));
    } catch (Error const&) {
      return size < (std::int64_t{1} << 30);
    }
    try {
      return total_bytes(spec, parameters, precision, wanted.ranks) <= budget;
    } catch (Error const&) {
      return false;
    }
  };
  std::int64_t low = 0, high = most / 8 + 1;  // in units of 8: `low` is within, `high` is not
  while (high - low > 1) {
    auto const middle = low + (high - low) / 2;
    (within(8 * middle) ? low : high) = middle;
  }
  put_scaling(spec, parameters, std::max(8 * low, least), one.where);
  auto const needed = total_bytes(spec, parameters, precision, wanted.ranks);
  if (8 * low < least)
    throw Error(Fault::environment,
                fmt::format("the case '{}' may fill {} bytes, but its least size needs {}",
                            one.name, budget, needed),
                one.where, "take a smaller case, or more memory");
}

inline Table initial_data(Spec const& spec, Table const& names) {
  Table result;
  for (auto const& datum : spec.initial_data) {
    std::vector<Value> values;
    for (auto const& element : datum.elements) values.push_back(element.evaluate(names));
    if (!datum.text.empty()) {
      put(result, datum.name, datum.text, datum.where);
    } else if (!datum.list) {
      put(result, datum.name, values.front(), datum.where);
    } else if (std::all_of(values.begin(), values.end(),
                           [](Value const& v) { return v.index() == 1; })) {
      std::vector<std::int64_t> whole;
      for (auto const& value : values) whole.push_back(std::get<std::int64_t>(value));
      put(result, datum.name, std::move(whole), datum.where);
    } else {
      std::vector<double> reals;
      for (auto const& value : values) reals.push_back(as<double>({"", value, ""}));
      put(result, datum.name, std::move(reals), datum.where);
    }
  }
  return result;
}

/// The case's parameters in the spec's order: its own value, else the default; then the overrides.
inline Table case_parameters(Spec const& spec, CaseSpec const& one, Wanted const& wanted) {
  Table result;
  for (auto const& parameter : spec.parameters) {
    if (auto const* entry = find(one.parameters, parameter.name))
      result.push_back(*entry);
    else if (parameter.fallback)
      result.push_back({parameter.name, *parameter.fallback, parameter.where});
    else
      result.push_back(
          {parameter.name, std::int64_t{0}, parameter.where});  // fill_memory decides it
    if (auto const* entry = find(wanted.overrides, parameter.name)) result.back() = *entry;
  }
  return result;
}

inline void check_wanted(Spec const& spec, CaseSpec const* one, Wanted const& wanted,
                         std::string const& precision) {
  if (one == nullptr) {
    std::vector<std::string> known;
    for (auto const& each : spec.cases) known.push_back(each.name);
    throw Error(Fault::command, fmt::format("{} has no case '{}'", spec.id, wanted.case_name),
                "--case", suggestion(wanted.case_name, known));
  }
  if (std::find(spec.precisions.begin(), spec.precisions.end(), precision) == spec.precisions.end())
    throw Error(Fault::command, fmt::format("{} has no precision '{}'", spec.id, precision),
                "--precision", suggestion(precision, spec.precisions));
  if (wanted.ranks < 1)
    throw Error(Fault::command, fmt::format("{} ranks", wanted.ranks), "", "run on 1 rank or more");
  for (auto const& entry : wanted.overrides) {
    auto const* parameter = spec.parameter(entry.name);
    if (parameter != nullptr && one->fill_memory && parameter->role == Role::scaling)
      throw Error(Fault::command,
                  fmt::format("'{}' cannot be set in the case '{}', which fills memory", entry.name,
                              one->name),
                  entry.where, "take a case with a size of its own");
  }
}

/// What follows from the precision, the ranks and the parameters of a plan.
inline void complete(Plan& plan, Spec const& spec, CaseSpec const& one,
                     std::optional<double> min_seconds) {
  plan.app = spec.id;
  plan.case_name = one.name;
  plan.fill_memory = one.fill_memory;
  plan.names = names_before_run(spec, plan.parameters, plan.precision, plan.ranks);
  plan.measure = one.measure;
  if (min_seconds) plan.measure.min_seconds = *min_seconds;
  for (auto const& phase : spec.work.phases)
    plan.phases.push_back(planned_phase(phase, plan.names));
  for (auto const& phase : plan.phases) plan.work = plan.work + phase.work;
  plan.footprint_bytes = spec.work.footprint.count(plan.names);
  if (auto const* steps = find(plan.parameters, "steps")) plan.steps = as<std::int64_t>(*steps);
}

}  // namespace detail

/// What will be run. Throws Error (command) for a case, precision or override that cannot be, Error
/// (spec) for a formula that cannot be evaluated with them, Error (environment) where memory is
/// unknown or too small for a case that fills it.
inline Plan make_plan(Spec const& spec, Wanted const& wanted) {
  auto const* one = spec.find_case(wanted.case_name);
  std::string const precision =
      wanted.precision.empty() ? spec.precisions.front() : wanted.precision;
  detail::check_wanted(spec, one, wanted, precision);
  Plan plan;
  plan.precision = precision;
  plan.ranks = wanted.ranks;
  plan.parameters = detail::case_parameters(spec, *one, wanted);
  if (one->fill_memory) detail::fill_memory(spec, *one, wanted, precision, plan.parameters);
  detail::complete(plan, spec, *one, wanted.min_seconds);
  for (auto& entry : detail::initial_data(spec, plan.names))
    plan.parameters.push_back(std::move(entry));
  plan.total_bytes = detail::total_bytes(spec, plan.parameters, precision, wanted.ranks);
  return plan;
}

/// Throws Error (environment) if what the plan holds at most is larger than the free memory.
inline void check_memory(Plan const& plan, Memory const& memory) {
  if (memory.free_bytes == 0 || plan.total_bytes <= memory.free_bytes) return;
  throw Error(Fault::environment,
              fmt::format("the case '{}' of {} in {} needs {:.2f} GB, but {:.2f} GB are free",
                          plan.case_name, plan.app, plan.precision,
                          static_cast<double>(plan.total_bytes) / 1e9,
                          static_cast<double>(memory.free_bytes) / 1e9),
              "", "take a smaller case or more ranks on other nodes");
}

/// Seconds of a sample where every rank moves that many bytes a second and nothing else counts; a
/// phase that another one hides takes no time of its own.
inline double predicted_seconds(Plan const& plan, double bytes_per_second) {
  double bytes = 0;
  for (auto const& phase : plan.phases)
    if (phase.overlap_with.empty())
      bytes += static_cast<double>(phase.work.bytes_read) +
               static_cast<double>(phase.work.bytes_written);
  return bytes * static_cast<double>(plan.steps) / bytes_per_second;
}

}  // namespace inpex::host
