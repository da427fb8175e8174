// SPDX-License-Identifier: Apache-2.0
#pragma once
// The rules of a result. Each is one function of the evidence with an id, a sentence, a reason, and
// in rule_fixtures.hpp a passing and a violating case. The guards of the harness come first; the
// others need no run, and are applied by `inpex verify` to every record of a bundle.
//   false     the record is not what inpex makes of such a run: verification fails
//   division  the record is no result of the division that it names: it cannot be accepted as one

#include <inpex/host/evidence.hpp>
#include <inpex/host/guards.hpp>
#include <inpex/host/rules_of_division.hpp>
#include <inpex/host/rules_of_record.hpp>
#include <inpex/host/rules_of_run.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace inpex::host {

/// One rule on a whole result: `broken` returns a sentence, or "" when it holds.
struct ResultRule {
  std::string_view name;
  std::string_view sentence;
  std::string_view severity;
  std::string_view reason;
  std::string (*broken)(Evidence const&);
};

inline constexpr std::array result_rules = {
    ResultRule{"spec-digest", "the spec of the record is the spec in the bundle", "false",
               "A figure without its rules means nothing.", detail::other_spec},
    ResultRule{"comparability-key",
               "the key is that of spec, case, measure, precision and division", "false",
               "A forged key would let unlike results be compared.", detail::other_key},
    ResultRule{"times", "every time follows from the raw samples to the last bit", "false",
               "What cannot be computed again may be anything.", detail::other_times},
    ResultRule{"figure", "the figure of merit and its interval follow from the raw samples",
               "false", "It is what contracts name.", detail::other_figure},
    ResultRule{"phases",
               "times and shares of phases follow from samples and ceilings; of one rank "
               "the work follows from the spec",
               "false", "A rate is work over time, and both must be true.", detail::other_phases},
    ResultRule{"quality",
               "drift, autocorrelation and effective samples follow from the raw samples", "false",
               "They say how far the interval can be trusted.", detail::other_quality},
    ResultRule{"verdicts", "each verdict follows from its value by the spec's tolerance", "false",
               "A wrong answer must not pass by a kinder tolerance.", detail::other_verdicts},
    ResultRule{"all-checks", "what passed has made every check that is due in its case", "false",
               "What is not checked is no result.", detail::missing_check},
    ResultRule{"status",
               "what passed has samples, verdicts that hold, and no guard that forbids it; what is "
               "wrong or failed although it has samples has one that does not, or a guard",
               "false", "Only what passed is ever ranked.", detail::wrong_status},
    ResultRule{"guards", "the guards that the record allows to apply again fired as it says",
               "false", "A guard that is left out hides why a figure is not to be trusted.",
               detail::other_guards},
    ResultRule{"environment", "the environment of the record is the one in the bundle", "false",
               "Variables can change a figure as much as code.", detail::other_environment},
    ResultRule{"clean-times", "samples are finite, above zero, and one for each rank", "false",
               "A clock cannot go backwards.", detail::odd_samples},
    ResultRule{"planted-fault", "no case passes in which a fault was planted", "false",
               "A checker that cannot fail proves nothing.", detail::fault_not_caught},
    ResultRule{"known-division", "the division is reference, closed, open or draft", "false",
               "Each has rules of its own.", detail::unknown_division},
    ResultRule{
        "draft",
        "a draft spec, a planted fault, a debug build or bounds checks make the division draft",
        "false", "None of them is for figures that are published.", detail::hidden_draft},
    ResultRule{"open-values",
               "a value that the spec calls open puts the result into the open division", "false",
               "Other mathematics is another race.", detail::hidden_open},
    ResultRule{"known-source", "reference: the source is that of a commit, unchanged", "division",
               "Nobody else can build a program whose source is not known.",
               detail::unknown_source},
    ResultRule{"fixed-parameters", "reference: what is neither size nor tuning is as in the case",
               "division", "The reference runs the problem as it stands in the spec.",
               detail::changed_parameters},
    ResultRule{"allowed-tuning", "reference: what is tuned stands in the division's list",
               "division", "What one may turn, everybody must be free to turn.",
               detail::foreign_tuning},
    ResultRule{"flags", "reference and closed: no flag lets the compiler change the arithmetic",
               "division", "-ffast-math computes another problem.", detail::unsafe_flags},
    ResultRule{"precision", "reference and closed: the precision is one of the spec's", "division",
               "Half the digits are half the work.", detail::other_precision},
    ResultRule{"no-best-of",
               "outside draft there are as many samples as the spec asks for, the rule that ends "
               "them is not met before the last, and the least time is not shortened",
               "division", "The best of a few is luck.", detail::too_few_samples},
    ResultRule{"required-checks", "what the division requires was checked and passed", "division",
               "Whoever may change all must still show that the answer is right.",
               detail::missing_requirement},
    ResultRule{"reported", "what only the run knew has the names that the spec declares", "false",
               "The work of a phase follows from it.", detail::other_names},
    ResultRule{"optimised",
               "reference and closed: the program is optimised by -O2 or more, without sanitizers",
               "division", "What is compared with a slow build looks fast.", detail::slow_flags},
    ResultRule{"energy",
               "windows and joules follow from the raw readings, what the idle machine takes is no "
               "less than nothing, and no window is shorter than its sample",
               "false", "Contracts put a limit to joules.", detail::other_energy},
    ResultRule{"measured", "the record was measured, and neither projected nor imported", "false",
               "Nothing else has samples to be computed again from.", detail::not_measured},
    ResultRule{"no-samples", "what has no samples has no figure", "false",
               "What cannot be computed again may be anything.", detail::figure_of_nothing},
    ResultRule{"set-up", "the set-up took some time, which is stated where a figure counts it",
               "false", "A figure that counts it would be as good as one likes.",
               detail::odd_set_up},
    ResultRule{"plan",
               "the record is of a task of the plan and as that says, with every parameter, made "
               "by the command of the plan, by the program, on the machine and by the ranks of its "
               "conditions and of machine.yaml",
               "false", "A result that nobody planned may be of any run.", detail::other_plan},
    ResultRule{"stated",
               "outside draft the clock's tick, the floor of a timed region, what Kokkos was built "
               "with and the threads or devices are stated",
               "false", "Rules that look at them would have nothing to find.", detail::unstated},
    ResultRule{"proven-checks",
               "reference and closed: of the faults planted in the app, as far as that is stated, "
               "none survived",
               "division", "A check that missed a fault may miss a wrong result.",
               detail::surviving_fault},
    ResultRule{"preload", "reference and closed: no library was loaded before all others",
               "division", "It could replace the clock.", detail::preloaded},
};

/// A rule in words.
struct RuleText {
  std::string id, name, sentence, severity, reason;
  static constexpr auto fields() {
    using R = RuleText;
    return std::tuple{field("id", &R::id), field("name", &R::name), field("sentence", &R::sentence),
                      field("severity", &R::severity), field("reason", &R::reason)};
  }
};

/// Guards are R-001 and on, rules on results R-101 and on, in the order of their lists, to which
/// new ones are added at the end.
inline std::string guard_number(std::size_t index) { return fmt::format("R-{:03}", index + 1); }
inline std::string rule_number(std::size_t index) { return fmt::format("R-{:03}", index + 101); }

/// Every rule in words, by id.
inline std::vector<RuleText> rule_texts() {
  std::vector<RuleText> texts;
  auto const add = [&](std::string id, auto const& name, auto const& sentence, auto const& rule) {
    texts.push_back({std::move(id), std::string(name), std::string(sentence),
                     std::string(rule.severity), std::string(rule.reason)});
  };
  for (std::size_t i = 0; i < guard_rules.size(); ++i)
    add(guard_number(i), guard_rules[i].id, guard_rules[i].rule, guard_rules[i]);
  for (std::size_t i = 0; i < result_rules.size(); ++i)
    add(rule_number(i), result_rules[i].name, result_rules[i].sentence, result_rules[i]);
  return texts;
}

/// A rule that a result breaks.
struct Breach {
  std::string rule;  ///< "R-104 figure"
  std::string severity;
  std::string sentence;
};

/// The rules on results that are broken, in their order.
inline std::vector<Breach> breaches_in(Evidence const& evidence) {
  std::vector<Breach> found;
  for (std::size_t i = 0; i < result_rules.size(); ++i)
    if (auto sentence = result_rules[i].broken(evidence); !sentence.empty())
      found.push_back({rule_number(i) + " " + std::string(result_rules[i].name),
                       std::string(result_rules[i].severity), std::move(sentence)});
  return found;
}

}  // namespace inpex::host
