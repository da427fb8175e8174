// SPDX-License-Identifier: Apache-2.0
#pragma once
// The controlled words of specs. A field that names a vocabulary takes these words and no others,
// so that two specs say the same thing with the same word. A new word is added here, and nowhere
// else.

#include <inpex/fault.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace inpex::host {

/// A named list of words; `words` are separated by blanks.
struct Vocabulary {
  std::string_view name;
  std::string_view words;
};

/// Every vocabulary of specs.
inline constexpr Vocabulary vocabularies[] = {
    {"status", "draft stable retired"},
    {"motif", "dense-linear-algebra sparse-linear-algebra spectral n-body structured-grid "
              "unstructured-grid monte-carlo "
              "combinational-logic graph-traversal dynamic-programming backtrack-and-branch "
              "graphical-models "
              "finite-state-machines"},
    {"trait", "memory-bandwidth memory-latency memory-capacity cache-bandwidth "
              "scratchpad-bandwidth floating-point-rate "
              "low-precision-rate matrix-units vector-width branch-divergence gather-scatter "
              "atomics launch-latency "
              "synchronisation reductions halo-exchange all-to-all collectives message-latency "
              "network-bandwidth "
              "load-imbalance neighbour-search file-input file-output variable-coefficients "
              "unstructured-halos "
              "adaptive-refinement long-range-forces bonded-forces boundary-conditions turbulence "
              "mixed-precision "
              "implicit-solves preconditioning nonlinear-solves time-adaptivity irregular-access "
              "regular-access "
              "temporal-locality strided-access transposes random-numbers"},
    {"parameter type", "int real text bool"},
    {"role", "fixed scaling tuning"},
    {"unit", "cells points atoms particles rows columns elements unknowns modes steps iterations "
             "levels bytes B seconds "
             "s m kg K J W Hz"},
    {"precision", "fp64 fp32 mixed"},
    {"space", "serial openmp cuda hip"},
    {"accumulation", "same fp64 fp32"},
    {"index", "int32 int64"},
    {"direction", "higher lower"},
    {"aggregate", "max-over-ranks mean-over-ranks"},
    {"statistic", "median mean min"},
    {"stopping rule", "stdrel entropy count timeout"},
    {"interval method", "order-statistics bootstrap student"},
    {"ceiling", "copy stream_copy read update triad fma"},
    {"check kind", "exact invariance convergence conservation residual reference statistical"},
    {"quantity", "max_abs_error max_rel_error l2_error l2_rel_error residual energy_drift "
                 "mass_drift momentum_drift "
                 "state-digest order value"},
    {"audit unit", "phase kernel"},
    {"audit arrays", "numbers all"},
    {"occasion", "every-run smoke teach"},
    {"over", "rank-grids spaces schedules variants sizes"},
    {"hold", "cells-per-rank cells points-per-rank points atoms-per-rank atoms rows-per-rank rows "
             "work-per-rank work"},
    {"source", "unmodified modified any"},
    {"permission", "any layout tiling fusion intrinsics overlap graphs libraries algorithm "
                   "fast-math precision temporal-blocking "
                   "parameters initial-data padding prefetch streaming-stores"},
};

/// The words of the vocabulary of that name, in order. The faults that can be planted are the
/// vocabulary "fault".
inline std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> result;
  if (name == "fault") {
    for (auto const& kind : fault_kinds) result.emplace_back(kind.name);
    return result;
  }
  for (auto const& vocabulary : vocabularies) {
    if (vocabulary.name != name) continue;
    std::string_view rest = vocabulary.words;
    while (!rest.empty()) {
      auto const end = rest.find(' ');
      result.emplace_back(rest.substr(0, end));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
  }
  return result;
}

/// Whether `word` is in the vocabulary of that name.
inline bool is_word_of(std::string_view vocabulary, std::string_view word) {
  for (auto const& each : words_of(vocabulary))
    if (each == word) return true;
  return false;
}

/// The precision of most operations of a run.
inline std::string_view arithmetic_of(std::string_view precision) {
  return precision == "mixed" ? "fp32" : precision;
}

/// Names that formulas know without a parameter: no parameter may take them.
inline constexpr std::string_view frame_names[] = {
    "real", "eps",   "lx",   "ly",    "lz",         "px",        "py",
    "pz",   "ranks", "time", "setup", "neighbours", "halo_cells"};

/// The name by which formulas know that a parameter of words has that value: 1 if so, else 0.
inline std::string chosen_name(std::string_view parameter, std::string_view word) {
  return std::string(parameter) + "_" + std::string(word);
}

/// Words that mean something else in a case or on the command line: no parameter may take them.
inline constexpr std::string_view reserved_names[] = {
    "summary", "fill_memory", "measure", "generator", "space", "precision", "schedule", "fault",
    "case",    "min",         "max",     "log2",      "ceil",  "floor",     "sqrt"};

}  // namespace inpex::host
