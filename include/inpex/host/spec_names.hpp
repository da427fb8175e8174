// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which names each formula of a spec may use. Formulas of the whole run (figure of merit,
// functional unit, tolerance) may not use what differs from rank to rank, not even through `let`.

#include <inpex/host/spec.hpp>
#include <inpex/host/spec_errors.hpp>
#include <inpex/host/vocabulary.hpp>
#include <inpex/nearest.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace inpex::host::detail {

/// The check of one spec.
class NameCheck {
 public:
  NameCheck(Spec const& spec, Findings& findings) : spec_(spec), findings_(findings) {
    for (auto const& parameter : spec.parameters)
      if (parameter.type == "int" || parameter.type == "real")
        parameters_.push_back(parameter.name);
      else
        for (auto const& value : parameter.allowed)
          if (auto const* word = std::get_if<std::string>(&value))
            parameters_.push_back(chosen_name(parameter.name, *word));
    global_ = with(parameters_, {"real", "eps", "ranks"});
    local_ = with(global_, {"px", "py", "pz"});
    if (spec.parameter("nx") != nullptr)
      local_ = with(local_, {"lx", "ly", "lz", "neighbours", "halo_cells"});
  }

  void check() {
    for (auto const& datum : spec_.initial_data)
      for (auto const& element : datum.elements) uses(element, global_);
    extents_and_let();
    uses(spec_.work.footprint, local_);
    uses(spec_.work.peak, local_);
    for (auto const& phase : spec_.work.phases)
      for (auto const* formula : {&phase.flops, &phase.read, &phase.write, &phase.messages,
                                  &phase.message_bytes, &phase.launches})
        uses(*formula, local_);
    audit(local_);
    auto const timed = with(global_, {"time", "setup"});
    uses(spec_.fom.formula, timed);
    auto phases = timed;
    for (auto const& phase : spec_.work.phases) phases.push_back(time_of_phase(phase.name));
    for (auto const& figure : spec_.secondary) uses(figure.formula, phases);
    uses(spec_.functional_unit.formula, global_);
    for (auto const& check : spec_.verify) {
      uses(check.tolerance, global_);
      uses(check.expect, global_);
    }
    laws();
  }

 private:
  using Names = std::vector<std::string>;

  static Names with(Names names, Names const& more) {
    names.insert(names.end(), more.begin(), more.end());
    return names;
  }
  static bool holds(Names const& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  }

  void uses(Formula const& formula, Names const& known) {
    for (auto const& use : formula.uses()) {
      if (holds(known, use.name)) continue;
      bool const elsewhere = holds(local_, use.name) || use.name == "time" || use.name == "setup";
      if (elsewhere)
        findings_.add(use.place, "'" + use.name + "' cannot be used here",
                      use.name == "time" || use.name == "setup"
                          ? "only figures know it"
                          : "it differs from rank to rank, and this is of the whole run");
      else
        findings_.add(use.place, "unknown name '" + use.name + "'", suggestion(use.name, known));
    }
  }

  void take(std::string const& name, Formula const& formula) {
    if (holds(local_, name) || holds(global_, name) || name == "time" || name == "setup")
      findings_.add(formula.place(), "the name '" + name + "' is taken", "take another name");
  }

  void extents_and_let() {
    for (auto const& [name, formula] : spec_.work.totals) {
      take(name, formula);
      uses(formula, global_);
      global_.push_back(name), local_.push_back(name);
    }
    for (auto const& [name, formula] : spec_.work.extents) {
      // Known of a halo one cell wide through faces; a spec may say that its halo is another.
      bool const refined = name == "neighbours" || name == "halo_cells";
      if (!refined) take(name, formula);
      uses(formula, local_);
      if (!refined) local_.push_back(name);
    }
    for (auto const& [name, formula] : spec_.work.let) {
      take(name, formula);
      uses(formula, local_);
      auto const used = formula.uses();
      if (std::all_of(used.begin(), used.end(),
                      [&](auto const& use) { return holds(global_, use.name); }))
        global_.push_back(name);
      local_.push_back(name);
    }
  }

  void audit(Names known) {
    for (auto const& [name, formula] : spec_.audit.let) {
      take(name, formula);
      uses(formula, known);
      known.push_back(name);
    }
    for (auto const& phase : spec_.audit.phases)
      for (auto const& rule : phase.rules)
        if (rule) uses(rule->counted, known);
  }

  void laws() {
    Names known{"px", "py", "pz", "ranks"}, scaling;
    for (auto const& parameter : spec_.parameters)
      if (parameter.role == Role::scaling)
        scaling.push_back(parameter.name), known.push_back(parameter.name + "0");
    for (auto const& mode : spec_.scaling)
      for (auto const& law : mode.laws) {
        uses(law.formula, known);
        if (!holds(scaling, law.parameter))
          findings_.add(law.formula.place(),
                        "'" + law.parameter + "' is no parameter with the role scaling",
                        suggestion(law.parameter, scaling));
      }
  }

  Spec const& spec_;
  Findings& findings_;
  Names parameters_, global_, local_;
};

}  // namespace inpex::host::detail
