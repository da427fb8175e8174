// SPDX-License-Identifier: Apache-2.0
#pragma once
// A spec for people and for programs: its words, its parameters, and what each case will need on a
// machine, as far as that is known.

#include <inpex/host/canonical.hpp>
#include <inpex/host/machine.hpp>
#include <inpex/host/parameter.hpp>
#include <inpex/host/plan.hpp>
#include <inpex/host/quantity.hpp>
#include <inpex/host/spec.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace inpex::host {

/// For which run the needs of cases are predicted.
struct Outlook {
  int ranks = 1;
  std::string precision;           ///< empty: the spec's default
  std::string space = "openmp";    ///< whose ceilings are taken
  Memory memory;                   ///< of all ranks
  std::optional<Machine> machine;  ///< without it no seconds are predicted
};

/// What one case will need.
struct CaseNeeds {
  std::string name;
  std::string summary;
  std::optional<Plan> plan;       ///< nothing where it cannot be planned here
  std::string reason;             ///< why not
  std::optional<double> seconds;  ///< of a sample, at the machine's ceilings: at least this
};

/// The least seconds of a sample: phases one after another, but for those that another one hides.
inline std::optional<double> least_seconds(Plan const& plan, Outlook const& outlook) {
  if (!outlook.machine) return {};
  double total = 0;
  for (auto const& phase : plan.phases) {
    if (!phase.overlap_with.empty()) continue;
    auto const ranks = static_cast<double>(plan.ranks);
    auto const seconds =
        least_seconds(*outlook.machine, outlook.space, plan.precision,
                      {.flops = ranks * static_cast<double>(phase.work.flops),
                       .bytes_read = ranks * static_cast<double>(phase.work.bytes_read),
                       .bytes_written = ranks * static_cast<double>(phase.work.bytes_written)});
    if (!seconds) return {};
    total += *seconds;
  }
  return total * static_cast<double>(plan.steps);
}

/// The needs of every case, in the spec's order.
inline std::vector<CaseNeeds> case_needs(Spec const& spec, Outlook const& outlook) {
  std::vector<CaseNeeds> result;
  for (auto const& one : spec.cases) {
    CaseNeeds needs{
        .name = one.name, .summary = one.summary, .plan = {}, .reason = {}, .seconds = {}};
    try {
      needs.plan = make_plan(spec, {.case_name = one.name,
                                    .overrides = {},
                                    .ranks = outlook.ranks,
                                    .precision = outlook.precision,
                                    .memory = outlook.memory,
                                    .min_seconds = {}});
      needs.seconds = least_seconds(*needs.plan, outlook);
    } catch (Error const& error) {
      if (error.where == "--precision") throw;
      needs.reason = error.problem;
    }
    result.push_back(std::move(needs));
  }
  return result;
}

namespace detail {

/// The text in lines of at most 96 letters, each behind a margin.
inline std::string wrapped(std::string_view text, std::string const& margin) {
  std::string result, line;
  auto const flush = [&] {
    if (!line.empty()) result += margin + line + "\n";
    line.clear();
  };
  for (std::size_t at = 0; at < text.size();) {
    auto const end = std::min(text.find_first_of(" \n", at), text.size());
    auto const word = text.substr(at, end - at);
    if (!line.empty() && line.size() + 1 + word.size() > 96) flush();
    if (!word.empty()) line += (line.empty() ? "" : " ") + std::string(word);
    if (end < text.size() && text[end] == '\n') flush();
    at = end + 1;
  }
  flush();
  return result;
}

inline std::string parameter_line(Parameter const& parameter) {
  constexpr std::string_view roles[] = {"fixed", "scaling", "tuning"};
  std::string range;
  if (parameter.min) range += ", from " + written(*parameter.min);
  if (parameter.max) range += (parameter.min ? " to " : ", up to ") + written(*parameter.max);
  if (parameter.multiple > 1) range += fmt::format(", a multiple of {}", parameter.multiple);
  for (auto const& each : parameter.allowed)
    range += (&each == &parameter.allowed.front() ? ", one of " : " or ") + written(each);
  for (auto const& each : parameter.candidates)
    range += (&each == &parameter.candidates.front() ? ", tuned over " : ", ") + written(each);
  return fmt::format("  {:<10} {:<5} {:<8} {}{}{}{}\n", parameter.name, parameter.type,
                     roles[static_cast<int>(parameter.role)], parameter.summary,
                     parameter.unit.empty() ? "" : " [" + parameter.unit + "]", range,
                     parameter.fallback ? ", default " + written(*parameter.fallback) : "");
}

/// "32 x 32 x 32": the scaling parameters.
inline std::string size_of(Spec const& spec, Plan const& plan) {
  std::string size;
  for (auto const& parameter : spec.parameters)
    if (parameter.role == Role::scaling)
      size += (size.empty() ? "" : " x ") + written(find(plan.parameters, parameter.name)->value);
  return size;
}

inline std::string case_line(Spec const& spec, CaseNeeds const& needs) {
  if (!needs.plan)
    return fmt::format("  {:<8} cannot be planned here: {}\n", needs.name, needs.reason);
  auto const& plan = *needs.plan;
  auto const per_step = [&](std::uint64_t count, char const* unit) {
    return quantity(static_cast<double>(count), unit);
  };
  return fmt::format("  {:<8} {:<20} {:>7} {:>12} {:>12} {:>12} {:>10}\n", needs.name,
                     size_of(spec, plan), plan.steps, per_step(plan.total_bytes, "B"),
                     per_step(plan.work.bytes_read + plan.work.bytes_written, "B"),
                     per_step(plan.work.flops, "flop"),
                     needs.seconds ? quantity(*needs.seconds, "s") : "-");
}

inline std::string check_line(CheckSpec const& check) {
  std::string expects = check.oracle.empty() ? check.expect.text() : check.oracle;
  return fmt::format("  {:<14} {}{}, tolerance {}, {}\n", check.id, check.quantity,
                     expects.empty() ? "" : " against " + expects,
                     check.bitwise ? "bitwise" : check.tolerance.text(),
                     check.when == "every-run" ? "in every run" : "in the case " + check.when);
}

}  // namespace detail

/// The spec in words.
inline std::string description(Spec const& spec, Outlook const& outlook) {
  std::string text = fmt::format("{} {} ({}, {}): {}\n", spec.id, spec.version, spec.status,
                                 spec.motif, spec.title);
  text += detail::wrapped(spec.summary, "  ");
  text += "\nProblem\n" + detail::wrapped(spec.problem, "  ");
  text += "\nParameters\n";
  for (auto const& parameter : spec.parameters) text += detail::parameter_line(parameter);
  text += fmt::format(
      "\nCases in {} on {} rank{}; bytes and flops are of one step on the largest rank\n",
      outlook.precision.empty() ? spec.precisions.front() : outlook.precision, outlook.ranks,
      outlook.ranks == 1 ? "" : "s");
  text += fmt::format("  {:<8} {:<20} {:>7} {:>12} {:>12} {:>12} {:>10}\n", "case", "size", "steps",
                      "memory", "bytes", "flops", "sample >=");
  for (auto const& needs : case_needs(spec, outlook)) text += detail::case_line(spec, needs);
  if (!outlook.machine)
    text += "  Seconds need the ceilings of a machine: inpex machine --out FILE, then --machine "
            "FILE.\n";
  text += fmt::format("\nFigure of merit\n  {} = {} in {}, {} is better\n", spec.fom.name,
                      spec.fom.formula.text(), spec.fom.unit,
                      spec.fom.higher_is_better ? "higher" : "lower");
  text += "\nVerification\n";
  for (auto const& check : spec.verify) text += detail::check_line(check);
  text +=
      fmt::format("\nPrecisions: {}. Digest: {}\n", fmt::join(spec.precisions, ", "), spec.digest);
  return text;
}

/// The same for programs; SI units, unknown is absent.
inline nlohmann::ordered_json description_json(Spec const& spec, Outlook const& outlook) {
  nlohmann::ordered_json json{
      {"id", spec.id},         {"version", spec.version}, {"status", spec.status},
      {"digest", spec.digest}, {"title", spec.title},     {"summary", spec.summary},
      {"motif", spec.motif},   {"problem", spec.problem}, {"precisions", spec.precisions}};
  json["fom"] = {{"name", spec.fom.name},
                 {"formula", spec.fom.formula.text()},
                 {"unit", spec.fom.unit},
                 {"better", spec.fom.higher_is_better ? "higher" : "lower"}};
  for (auto const& parameter : spec.parameters)
    json["parameters"].push_back(
        {{"name", parameter.name}, {"type", parameter.type}, {"summary", parameter.summary}});
  for (auto const& check : spec.verify)
    json["verify"].push_back({{"id", check.id},
                              {"quantity", check.quantity},
                              {"when", check.when},
                              {"tolerance", check.bitwise ? "bitwise" : check.tolerance.text()}});
  for (auto const& needs : case_needs(spec, outlook)) {
    nlohmann::ordered_json one{{"name", needs.name}, {"summary", needs.summary}};
    if (!needs.plan) {
      one["reason"] = needs.reason;
    } else {
      auto const& plan = *needs.plan;
      for (auto const& entry : plan.parameters)
        std::visit([&](auto const& value) { one["parameters"][entry.name] = value; }, entry.value);
      one.update({{"precision", plan.precision},
                  {"ranks", plan.ranks},
                  {"steps", plan.steps},
                  {"memory_bytes", plan.total_bytes},
                  {"flops", plan.work.flops},
                  {"bytes_read", plan.work.bytes_read},
                  {"bytes_written", plan.work.bytes_written},
                  {"messages", plan.work.messages},
                  {"bytes_sent", plan.work.bytes_sent}});
      if (needs.seconds) one["least_seconds"] = *needs.seconds;
    }
    json["cases"].push_back(std::move(one));
  }
  return json;
}

}  // namespace inpex::host
