// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rules of the divisions: what a result may have changed that calls itself reference, closed, open
// or draft. Each function returns a sentence, or "" when the rule holds.

#include <inpex/host/evidence.hpp>
#include <inpex/host/stopping.hpp>
#include <inpex/host/yaml_scalar.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace inpex::host::detail {

inline bool in_division(Evidence const& e, std::string_view one, std::string_view other = {}) {
  return e.record.spec.division == one || (!other.empty() && e.record.spec.division == other);
}
inline Division const* division_in(Spec const& spec, std::string_view name) {
  for (auto const& division : spec.divisions)
    if (division.name == name) return &division;
  return nullptr;
}

inline std::string unknown_division(Evidence const& e) {
  if (in_division(e, "reference", "closed") || in_division(e, "open", "draft")) return {};
  return "there is no division '" + e.record.spec.division + "'";
}

inline std::string hidden_draft(Evidence const& e) {
  if (in_division(e, "draft")) return {};
  if (e.spec->status == "draft") return "the spec is a draft";
  if (!e.fault.empty()) return "a fault was planted";
  if (lower(e.record.software.build_type) == "debug") return "the program is a debug build";
  bool const checks = e.record.software.kokkos_options.find("BOUNDS_CHECK") != std::string::npos;
  return checks ? "the program checks every index" : "";
}

inline std::string hidden_open(Evidence const& e) {
  if (in_division(e, "open", "draft")) return {};
  for (auto const& parameter : e.spec->parameters) {
    auto const* entry = find(e.record.spec.parameters, parameter.name);
    if (entry != nullptr && std::find(parameter.open.begin(), parameter.open.end(), entry->value) !=
                                parameter.open.end())
      return fmt::format("{} = {} is for the open division", parameter.name,
                         json_text(entry->value));
  }
  return {};
}

inline std::string unknown_source(Evidence const& e) {
  if (!in_division(e, "reference")) return {};
  if (e.record.software.commit.empty()) return "the commit of the source is not known";
  if (e.record.software.source.empty()) return "the digest of the source is not known";
  return e.record.software.dirty.value_or(true) ? "the source differs from its commit" : "";
}

/// The value of a parameter in the spec's case; nothing where memory decides it.
inline Value const* value_in_case(Evidence const& e, Parameter const& parameter) {
  auto const* one = e.spec->find_case(e.record.spec.case_name);
  if (one == nullptr) return nullptr;
  if (auto const* entry = find(one->parameters, parameter.name)) return &entry->value;
  return parameter.fallback ? &*parameter.fallback : nullptr;
}

inline std::string changed_parameters(Evidence const& e) {
  if (!in_division(e, "reference")) return {};
  for (auto const& parameter : e.spec->parameters) {
    auto const* wanted = value_in_case(e, parameter);
    auto const* used = find(e.record.spec.parameters, parameter.name);
    if (parameter.role != Role::fixed || wanted == nullptr || used == nullptr) continue;
    if (canonical_value(*wanted) != canonical_value(used->value))
      return fmt::format("{} is {}, the case has {}", parameter.name, json_text(used->value),
                         json_text(*wanted));
  }
  return {};
}

inline std::string foreign_tuning(Evidence const& e) {
  auto const* division = division_in(*e.spec, "reference");
  if (!in_division(e, "reference") || division == nullptr) return {};
  for (auto const& parameter : e.spec->parameters) {
    auto const* wanted = value_in_case(e, parameter);
    auto const* used = find(e.record.spec.parameters, parameter.name);
    if (parameter.role != Role::tuning || wanted == nullptr || used == nullptr) continue;
    bool const listed = std::find(division->tune.begin(), division->tune.end(), parameter.name) !=
                        division->tune.end();
    if (!listed && canonical_value(*wanted) != canonical_value(used->value))
      return parameter.name + " was tuned, and is not in the list";
  }
  return {};
}

inline constexpr std::array unsafe_words = {"-ffast-math",
                                            "--fast-math",
                                            "use_fast_math",
                                            "-Ofast",
                                            "-mrecip",
                                            "-funsafe-math-optimizations",
                                            "-fassociative-math",
                                            "-menable-unsafe-fp-math",
                                            "-freciprocal-math",
                                            "-ffinite-math-only",
                                            "-fno-signed-zeros",
                                            "-fsingle-precision-constant",
                                            "-fcx-limited-range",
                                            "-fcx-fortran-rules",
                                            "-ffp-contract=fast",
                                            "prec-div=false",
                                            "prec-sqrt=false",
                                            "ftz=true",
                                            "fp-model=fast",
                                            "fp-model fast",
                                            "fp-model=aggressive"};
/// Words that make a compiler precise which is not so by itself.
inline constexpr std::array precise_words = {"fp-model=precise", "fp-model precise",
                                             "fp-model=strict", "fp-model strict"};

inline std::string unsafe_flags(Evidence const& e) {
  if (!in_division(e, "reference", "closed")) return {};
  auto const& software = e.record.software;
  auto const given = [&](char const* word) {
    return software.flags.find(word) != std::string::npos;
  };
  auto const unsafe = std::find_if(unsafe_words.begin(), unsafe_words.end(), given);
  if (unsafe != unsafe_words.end()) return fmt::format("the program was built with {}", *unsafe);
  bool const fast_by_itself = software.compiler.find("IntelLLVM") != std::string::npos;
  if (fast_by_itself && std::none_of(precise_words.begin(), precise_words.end(), given))
    return "this compiler changes the arithmetic unless -fp-model=precise is given";
  return {};
}

/// Whether a level of optimisation is below -O2, which is what "" is: of several the last one
/// counts.
inline bool is_slow(std::string_view level) {
  return level != "-O2" && level != "-O3" && level != "-Ofast";
}

/// The compilers of hosts and of devices each have their flags: "-O3 ... CUDA: 12.4 90 -O3".
inline std::string slow_flags(Evidence const& e) {
  if (!in_division(e, "reference", "closed")) return {};
  std::istringstream words(e.record.software.flags);
  std::string level;
  for (std::string word; words >> word;) {
    if (word.rfind("-fsanitize=", 0) == 0) return "the program was built with " + word;
    if (word == "CUDA:" || word == "HIP:") {
      if (is_slow(level)) break;
      level.clear();
    }
    if (word.rfind("-O", 0) == 0) level = word;
  }
  if (level.empty()) return "the flags have no level of optimisation";
  return is_slow(level) ? "the program was built with " + level : "";
}

inline std::string surviving_fault(Evidence const& e) {
  auto const& [planted, caught] =
      std::tie(e.record.software.faults_planted, e.record.software.faults_caught);
  if (!in_division(e, "reference", "closed") || planted == caught) return {};
  return fmt::format("of {} faults that were planted {} were caught", planted.value_or(0),
                     caught.value_or(0));
}

inline std::string other_precision(Evidence const& e) {
  if (!in_division(e, "reference", "closed")) return {};
  auto const& known = e.spec->precisions;
  if (std::find(known.begin(), known.end(), e.record.spec.precision) != known.end()) return {};
  return "the spec has no precision '" + e.record.spec.precision + "'";
}

/// Of samples from which some were taken out, what is left meets the rule too early.
inline std::string selected_samples(Evidence const& e) {
  Stopping rule(e.plan.measure);
  auto const times = slowest(e.samples.time);
  for (std::size_t i = 0; i + 1 < times.size(); ++i)
    if (rule.add(times[i], 0) != Stopped::not_yet)
      return fmt::format("the rule by which samples are taken stops after {} of them, here are {}",
                         i + 1, times.size());
  return {};
}

inline std::string too_few_samples(Evidence const& e) {
  if (in_division(e, "draft") || e.record.status != Status::passed || e.samples.time.empty())
    return {};
  auto const* one = e.spec->find_case(e.record.spec.case_name);
  auto const taken = static_cast<std::int64_t>(e.samples.time.size());
  if (taken < one->measure.min_samples)
    return fmt::format("{} samples, the spec asks for {}", taken, one->measure.min_samples);
  if (e.min_seconds && *e.min_seconds < one->measure.min_seconds)
    return fmt::format("the command asked for {} s of samples, the spec for {} s", *e.min_seconds,
                       one->measure.min_seconds);
  double sum = 0;
  for (double const seconds : slowest(e.samples.time)) sum += seconds;
  bool const by_time = one->measure.stop.rule != "count" && taken < one->measure.max_samples;
  if (by_time && sum < one->measure.min_seconds)
    return fmt::format("the samples take {:.3g} s together, the spec asks for {} s", sum,
                       one->measure.min_seconds);
  return selected_samples(e);
}

inline std::string missing_requirement(Evidence const& e) {
  auto const* division = division_in(*e.spec, e.record.spec.division);
  if (division == nullptr || e.record.status != Status::passed) return {};
  for (auto const& required : division->require) {
    if (required == "disclosure" && e.record.provenance.command.empty())
      return "the command is not disclosed";
    if (required.rfind("verify.", 0) != 0) continue;
    auto const passed = [&](VerifyGroup const& verdict) {
      return "verify." + verdict.id == required && verdict.passed;
    };
    if (std::none_of(e.record.verify.begin(), e.record.verify.end(), passed))
      return "the division requires " + required;
  }
  return {};
}

}  // namespace inpex::host::detail
