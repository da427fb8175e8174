// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether a spec whose fields are right makes sense: its parts name each other rightly, every
// formula evaluates for every case and precision, every case is verified by something, and every
// tolerance can be failed by a wrong result and met by a right one.

#include <inpex/host/plan.hpp>
#include <inpex/host/spec.hpp>
#include <inpex/host/spec_errors.hpp>
#include <inpex/host/spec_names.hpp>
#include <inpex/nearest.hpp>

#include <fmt/core.h>

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

namespace inpex::host::detail {

/// Quantities that are 0 where the result is right: an error of this size is no small one.
inline constexpr double largest_tolerance = 0.1;

/// The check of one spec; what is wrong is added to the findings.
class MeaningCheck {
 public:
  MeaningCheck(Spec const& spec, Findings& findings) : spec_(spec), findings_(findings) {}

  /// What can be said without evaluating anything.
  void check_links() {
    phases();
    checks();
    candidates();
    divisions();
    limits(spec_.measure);
    for (auto const& one : spec_.cases) limits(one.measure);
    NameCheck(spec_, findings_).check();
  }

  /// Plans every case in every precision, on 1 rank and, where it can be cut, on 8.
  void check_values() {
    for (auto const& one : spec_.cases)
      for (auto const& precision : spec_.precisions)
        for (int const ranks : {1, 8}) values(one, precision, ranks);
  }

 private:
  void add(std::string const& where, std::string problem, std::string hint) {
    findings_.add(place_of(where), std::move(problem), std::move(hint));
  }

  void phases() {
    std::vector<std::string> names;
    for (auto const& phase : spec_.work.phases) names.push_back(phase.name);
    for (auto const& phase : spec_.work.phases)
      if (!phase.overlap_with.empty() &&
          (spec_.phase(phase.overlap_with) == nullptr || phase.overlap_with == phase.name))
        add(phase.where,
            fmt::format("'{}' overlaps with '{}', which is no other phase", phase.name,
                        phase.overlap_with),
            suggestion(phase.overlap_with, names));
    for (auto const& audited : spec_.audit.phases)
      if (spec_.phase(audited.name) == nullptr)
        add(audited.where, fmt::format("'{}' is no phase of the work", audited.name),
            suggestion(audited.name, names));
    if (spec_.work.phases.empty())
      add("", "there is no phase", "write at least one under work.phases");
    if (spec_.parameters.empty())
      add("", "there is no parameter", "write at least one under parameters");
    if (spec_.cases.empty()) add("", "there is no case", "write at least one under cases");
  }

  void checks() {
    for (auto const& check : spec_.verify) {
      if (spec_.check(check.id) != &check)
        add(check.where, fmt::format("two checks are named '{}'", check.id), "rename one");
      if (check.when != "every-run" && spec_.find_case(check.when) == nullptr)
        add(check.where,
            fmt::format("'{}' is checked in the case '{}', which does not exist", check.id,
                        check.when),
            "write that case, or when: every-run");
      if (check.quantity.empty())
        add(check.where, fmt::format("'{}' says not what it finds", check.id),
            "write quantity: ...");
      if (check.bitwise && !check.expect.empty())
        add(check.where, fmt::format("'{}' expects a number to the last bit", check.id),
            "write a tolerance");
      if (check.quantity == "state-digest" && !check.bitwise)
        add(check.where, fmt::format("'{}' compares digests, which are equal or not", check.id),
            "write tolerance: bitwise");
      if (check.kind == "convergence" && check.expect.empty())
        add(check.where, fmt::format("'{}' expects no order", check.id),
            "write expect: 2, or the order that it has");
    }
    if (!findings_.empty()) return;
    for (auto const& one : spec_.cases) {
      bool verified = false;
      for (auto const& check : spec_.verify)
        verified = verified || (check.applies_to(one.name) && check.quantity != "state-digest");
      if (!verified)
        add(one.where, fmt::format("nothing verifies the case '{}'", one.name),
            "write a check with when: every-run; a digest alone only says that runs agree");
    }
  }

  void candidates() {
    std::size_t combinations = 1;
    for (auto const& parameter : spec_.parameters) {
      if (parameter.candidates.empty()) continue;
      if (parameter.role != Role::tuning || !parameter.fallback)
        add(parameter.where,
            fmt::format("'{}' has candidates, but {}", parameter.name,
                        parameter.fallback ? "not the role tuning" : "no default"),
            "give candidates to tuning parameters with a default");
      combinations *= parameter.candidates.size();
      if (combinations > most_candidates)
        add(parameter.where,
            fmt::format("more than {} combinations of candidates", most_candidates), "take fewer");
    }
  }

  void divisions() {
    for (auto const& division : spec_.divisions) {
      for (auto const& name : division.tune) {
        auto const* parameter = spec_.parameter(name);
        bool const tunable = parameter != nullptr && parameter->role == Role::tuning;
        if (!tunable && name != "ranks" && name != "threads")
          add(division.where,
              fmt::format("the division '{}' tunes '{}', which has not the role tuning",
                          division.name, name),
              "tune parameters with that role, ranks or threads");
      }
      for (auto const& need : division.require)
        if (need != "disclosure" &&
            (need.substr(0, 7) != "verify." || spec_.check(need.substr(7)) == nullptr))
          add(division.where,
              fmt::format("the division '{}' requires '{}', which is no check", division.name,
                          need),
              "write verify.<id of a check>, or disclosure");
    }
  }

  void limits(Measure const& measure) {
    if (measure.max_samples < measure.min_samples)
      add(measure.where,
          fmt::format("at most {} samples, but at least {}", measure.max_samples,
                      measure.min_samples),
          "make max_samples the larger");
    if (measure.stop.timeout_seconds < measure.min_seconds)
      add(measure.where,
          fmt::format("a timeout of {} s, but at least {} s of samples",
                      measure.stop.timeout_seconds, measure.min_seconds),
          "make timeout_seconds the larger");
  }

  void values(CaseSpec const& one, std::string const& precision, int ranks) {
    Wanted const wanted{
        .case_name = one.name,
        .ranks = ranks,
        .precision = precision,
        .memory = {std::uint64_t{1} << 36, 0}};  // any size will do: formulas are tried, not run
    auto const told = [&](auto const& evaluate) {
      try {
        evaluate();
      } catch (Error const& error) {
        if (error.where == "nx, ny, nz" && ranks > 1)
          return;  // a small case need not be cut into 8
        findings_.add(Error(Fault::spec, error.problem,
                            error.where == "nx, ny, nz" ? one.where : error.where,
                            fmt::format("{}{}in the case '{}', {} on {} rank{}", error.hint,
                                        error.hint.empty() ? "" : "; ", one.name, precision, ranks,
                                        ranks == 1 ? "" : "s")));
      }
    };
    told([&] {
      auto const plan = make_plan(spec_, wanted);
      auto const names =
          names_after_run(spec_, plan.names, {.extents = {}, .seconds = 1, .setup = 1});
      told([&] { positive(spec_.fom.formula, names, "the figure of merit"); });
      told([&] {
        auto counted = names;
        put_formulas(counted, spec_.audit.let);
        for (auto const& phase : spec_.audit.phases)
          for (auto const& rule : phase.rules)
            if (rule) static_cast<void>(rule->counted.count(counted));
      });
      auto timed = names;
      for (auto const& phase : spec_.work.phases) put(timed, time_of_phase(phase.name), 1.0);
      for (auto const& figure : spec_.secondary)
        told([&] { positive(figure.formula, timed, fmt::format("the figure '{}'", figure.name)); });
      told([&] { positive(spec_.functional_unit.formula, names, "the functional unit"); });
      for (auto const& check : spec_.verify)
        if (check.applies_to(one.name) && !check.bitwise) told([&] { tolerance(check, names); });
      if (plan.footprint_bytes == 0)
        fail(spec_.work.footprint, "the footprint is 0", "count the bytes of the arrays");
    });
  }

  [[noreturn]] static void fail(Formula const& formula, std::string problem, std::string hint) {
    throw Error(Fault::spec, std::move(problem), formula.where(), std::move(hint));
  }

  static void positive(Formula const& formula, Table const& names, std::string_view what) {
    double const value = formula.real(names);
    if (!(value > 0))
      fail(formula, fmt::format("{} is {} for a time of 1 s", what, value), "it must be above 0");
  }

  static void tolerance(CheckSpec const& check, Table const& names) {
    double const allowed = check.tolerance.real(names);
    double const expected = check.expect.empty() ? 0 : check.expect.real(names);
    double const most = expected == 0 ? largest_tolerance : 0.5 * std::abs(expected);
    if (allowed < 0)
      fail(check.tolerance,
           fmt::format("the tolerance of '{}' is {}, which no run can meet", check.id, allowed),
           "write a formula above 0");
    if (!(allowed < most))
      fail(check.tolerance,
           fmt::format("the tolerance of '{}' is {:.3g}, which hardly a run can fail", check.id,
                       allowed),
           fmt::format("write a formula below {:.3g}, such as a few times eps", most));
  }

  Spec const& spec_;
  Findings& findings_;
};

}  // namespace inpex::host::detail
