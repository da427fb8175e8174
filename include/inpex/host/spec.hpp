// SPDX-License-Identifier: Apache-2.0
#pragma once
// The spec of a mini-app as data: what spec_load.hpp makes of a YAML file once it was found to
// hold. Everything here has been checked: names are known, ranges hold, and each formula evaluates
// for every case and precision. plan.hpp turns it, a case and overrides into what is run.

#include <inpex/host/formula.hpp>
#include <inpex/value.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inpex::host {

/// Who may change a parameter: nobody within a case, a scaling law, or whoever tunes.
enum class Role { fixed, scaling, tuning };

/// One parameter of an app.
struct Parameter {
  std::string name;
  std::string type = "int";  ///< int, real, text, bool
  Role role = Role::fixed;
  std::string unit;
  std::string summary;
  std::optional<Value> fallback;  ///< the default; of the parameter's own type
  std::optional<Value> min, max;  ///< inclusive; numbers only
  std::int64_t multiple = 1;      ///< what every value of an int is a multiple of
  std::vector<Value> allowed;     ///< empty: every value of the type and range
  std::vector<Value> open;        ///< values with which a run belongs to the open division
  std::vector<Value> candidates;  ///< values that `inpex tune` tries
  std::string where;
};

/// At most so many combinations of candidates may a spec have: `inpex tune` takes seconds.
inline constexpr std::size_t most_candidates = 24;

/// A formula with a name: of `let`, of `extents`, or a key of `initial_data`.
struct NamedFormula {
  std::string name;
  Formula formula;
};

/// One key of `initial_data`: its elements in order, rows flattened. `list` is false for a scalar.
struct InitialDatum {
  std::string name;
  std::vector<Formula> elements;
  std::string text;  ///< where the value is a word and no formula
  bool list = false;
  std::string where;
};

/// When there are enough samples; stopping.hpp says what the rules mean.
struct Stop {
  std::string rule = "stdrel";  ///< stdrel, entropy, count, timeout
  double max_noise = 0.01;      ///< relative, of stdrel and entropy
  double timeout_seconds = 120;
};

/// How a record states the interval of its figure.
struct IntervalRule {
  double level = 0.95;
  std::string method = "order-statistics";
};

/// How a case is measured: the spec's, with what the case overrides already put in.
struct Measure {
  std::string timed_region;
  std::vector<std::string> excluded;
  std::string aggregate = "max-over-ranks";
  std::int64_t warmup = 1;
  std::int64_t min_samples = 10;
  std::int64_t max_samples = 1000;
  double min_seconds = 5;
  std::string statistic = "median";
  Stop stop;
  IntervalRule interval;
  std::string where;
};

/// A named size of the problem.
struct CaseSpec {
  std::string name;
  std::string summary;
  Table parameters;  ///< as the case writes them; defaults are not in here
  std::optional<double>
      fill_memory;  ///< fraction of the memory that decides the scaling parameters
  Measure measure;
  std::string where;
};

/// Work of one phase of a step on one rank. An empty formula counts 0.
struct PhaseSpec {
  std::string name;
  Formula flops, read, write, messages, message_bytes, launches;
  std::string overlap_with;  ///< another phase, or empty
  std::string ceiling;  ///< the probe kernel to compare with; empty: by the mix of reads and writes
  std::string where;
};

/// What a step costs and what the app holds, on one rank.
struct WorkSpec {
  std::vector<NamedFormula> let;      ///< in order; each may use those before it
  std::vector<NamedFormula> extents;  ///< what Case::extents() of the app will return, predicted
  std::vector<NamedFormula> totals;   ///< the same for what does not differ from rank to rank
  Formula footprint;                  ///< bytes of one rank
  Formula peak;  ///< the same while it is set up and verified, where that is more
  std::vector<PhaseSpec> phases;

  /// What must fit.
  [[nodiscard]] Formula const& most() const { return peak.empty() ? footprint : peak; }
};

/// What an audit may count in place of what a formula of `work` says, and why it is something else.
struct AuditRule {
  Formula counted;    ///< of one step on one rank; empty: what `work` says
  double within = 0;  ///< relative; 0: exactly
  std::string reason;
};
/// Rules of one phase, by quantity (audited.hpp); `by_kernel`: a datum counts once a kernel.
struct AuditPhase {
  std::string name;
  bool by_kernel = false;
  bool indices = false;  ///< bytes of indices belong to those that are read and written
  std::array<std::optional<AuditRule>, 5> rules{};
  std::string where;
};
/// How the counts of `work` are audited.
struct AuditSpec {
  std::vector<NamedFormula> let;  ///< parts of the formulas of its rules, in order
  std::vector<CaseSpec> sizes;    ///< in place of the smoke case's; empty: parts of them
  std::vector<AuditPhase> phases;
};

/// The headline figure, from the parameters and the time of a sample.
struct FigureOfMerit {
  std::string name;
  Formula formula;
  std::string unit;
  bool higher_is_better = true;
  std::string passed_as = {};  ///< the benchmark's own word for a run that passed
};

/// A figure that is shown beside the headline, which may also name `time_<phase>`.
struct SecondaryFigure {
  std::string name;
  Formula formula;
  std::string unit;
};

/// The name by which figures know the seconds of a phase in a sample, taken apart from the others.
inline std::string time_of_phase(std::string_view phase) { return "time_" + std::string(phase); }

/// The amount of work that energy is counted for, of one sample.
struct FunctionalUnit {
  std::string name;
  Formula formula;
};

/// A fault that the check must catch, with the relative amount of what is perturbed.
struct Planted {
  std::string fault;
  std::vector<std::pair<std::string, double>>
      amounts;  ///< by precision; empty: 1e-6 in fp64, else 1e-2

  [[nodiscard]] double amount(std::string_view precision) const {
    for (auto const& [name, value] : amounts)
      if (name == precision) return value;
    return precision == "fp64" ? 1e-6 : 1e-2;
  }
};

/// One verification. The app's Case::check(id) finds a value; its error is |value - expect| where
/// the spec expects a number, else |value|; a bitwise tolerance is 0.
struct CheckSpec {
  std::string id;
  std::string kind = "exact";
  std::string quantity;
  std::string oracle;  ///< the word that `expect` names, if it is no number
  Formula expect;      ///< empty where `expect` is a word or absent
  Formula tolerance;   ///< empty where bitwise
  bool bitwise = false;
  std::string over;
  std::string when = "every-run";  ///< every-run, or the name of a case: smoke, teach
  std::vector<Planted> planted;
  std::string where;

  /// Whether the check is made in the case of that name.
  [[nodiscard]] bool applies_to(std::string_view case_name) const {
    return when == "every-run" || when == case_name;
  }
};

/// One assignment of a scaling law: "nx=nx0*px".
struct Law {
  std::string parameter;
  Formula formula;
};

/// How parameters grow with the ranks.
struct ScalingMode {
  std::string name;  ///< weak, strong, throughput
  std::string hold;
  std::vector<Law> laws;
  std::optional<std::int64_t> min_cells_per_rank;
};

/// What may be changed by whoever hands in a result, and what it then requires.
struct Division {
  std::string name;  ///< reference, closed, open
  std::string source;
  std::vector<std::string> tune, allow, deny, require;
  std::string where;
};

/// The least that a reading of energy must span.
struct EnergyRule {
  double min_window_seconds = 10;
  std::int64_t min_updates = 60;
};

/// What a mini-app computes, and how it is checked, measured and compared.
struct Spec {
  std::string inpex_spec, id, version, status;
  std::string title, summary, motif, problem;
  std::vector<std::string> tags, proxy_for, represents, does_not_represent, cite;
  std::vector<Parameter> parameters;
  std::vector<std::string>
      precisions;  ///< allowed precisions of the state; the first is the default
  std::string accumulate = "same", index = "int64";
  std::vector<std::string> choices;  ///< names of what the app chooses by itself
  std::string generator;             ///< of the initial data
  std::vector<InitialDatum> initial_data;
  std::vector<CaseSpec> cases;
  WorkSpec work;
  AuditSpec audit;
  FigureOfMerit fom;
  std::vector<SecondaryFigure> secondary;
  FunctionalUnit functional_unit;
  Measure measure;
  std::vector<CheckSpec> verify;
  std::vector<ScalingMode> scaling;
  std::vector<Division> divisions;
  std::vector<std::string> do_not_optimise;
  EnergyRule energy;
  std::vector<std::string> objectives, exercises;  ///< of `teach`

  std::string file;    ///< as it was named
  std::string text;    ///< the file's bytes, for the bundle's copy
  std::string digest;  ///< SHA-256 of the normative fields, 64 hex digits

  [[nodiscard]] Parameter const* parameter(std::string_view name) const {
    return named(parameters, name);
  }
  [[nodiscard]] CaseSpec const* find_case(std::string_view name) const {
    return named(cases, name);
  }
  [[nodiscard]] PhaseSpec const* phase(std::string_view name) const {
    return named(work.phases, name);
  }
  [[nodiscard]] CheckSpec const* check(std::string_view id_of_check) const {
    for (auto const& each : verify)
      if (each.id == id_of_check) return &each;
    return nullptr;
  }

 private:
  template <class T>
  static T const* named(std::vector<T> const& all, std::string_view name) {
    for (auto const& each : all)
      if (each.name == name) return &each;
    return nullptr;
  }
};

}  // namespace inpex::host
