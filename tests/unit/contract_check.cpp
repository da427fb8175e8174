// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/contract_load.hpp>
#include <inpex/host/contract_specs.hpp>
#include <inpex/host/rule_fixtures.hpp>

#include "spec_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <string>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

std::string const two_figures =
    "inpex_contract: \"1.0\"\nid: test\ndivision: reference\nconfidence: 0.95\n"
    "figures:\n  - {name: box, app: fixture.box, case: smoke}\n"
    "  - {name: other, app: fixture.other, case: smoke}\nclauses:\n";

std::string errors_in(std::string const& text) {
  try {
    parse_contract(text, "c.yaml");
  } catch (Error const& error) {
    CHECK(error.fault == Fault::spec);
    return error.what();
  }
  return {};
}

// Of a contract with this clause, whose line is the ninth; its words begin at column 14.
std::string of_clause(std::string const& words) {
  return errors_in(two_figures + "  - {id: one, " + words + "}\n");
}

// Of a contract whose only figure has these words, too, from column 51 of line 6 on.
std::string of_figure(std::string const& words) {
  return errors_in("inpex_contract: \"1.0\"\nid: t\ndivision: open\nconfidence: 0.95\nfigures:\n"
                   "  - {name: box, app: fixture.box, case: smoke, " +
                   words + "}\nclauses:\n  - {id: one, figure: box, at_least: 1}\n");
}

}  // namespace

TEST_CASE("every error of a contract is told with its place and the right word") {
  CHECK(of_clause("figure: box, at_least: 1") == "");
  CHECK_THAT(of_clause("figure: bix, at_least: 1"),
             ContainsSubstring("c.yaml:9:23: there is no figure 'bix'\n  did you mean 'box'?"));
  CHECK_THAT(of_clause("figure: box, at_leest: 1"),
             ContainsSubstring("unknown field 'clauses[0].at_leest'"));
  CHECK_THAT(of_clause("figure: box"), ContainsSubstring("at_least or at_most"));
  CHECK_THAT(of_clause("figure: box, at_least: many"),
             ContainsSubstring("c.yaml:9:38: 'clauses[0].at_least' must be a number"));
  CHECK_THAT(of_clause("composite: performance-portability, at_most: 1, of: [{figure: box}]"),
             ContainsSubstring("write at_least") && ContainsSubstring("needs a reference"));
  CHECK_THAT(errors_in("inpex_contract: \"1.0\"\nid: t\ndivision: draft\nconfidence: 2\n"),
             ContainsSubstring("it cannot be 'draft'") && ContainsSubstring("from 0.5 to 0.999"));
}

TEST_CASE("a contract without a name, and a name of two lines, are refused") {
  auto text = two_figures + "  - {id: one, figure: box, at_least: 1}\n";
  text.replace(text.find("id: test\n"), 9, "");
  CHECK_THAT(errors_in(text), ContainsSubstring("a contract needs an id"));
  // In a table it would be a line of its own.
  CHECK_THAT(errors_in(two_figures + "  - {id: \"a\\nb: ACCEPT\", figure: box, at_least: 1}\n"),
             StartsWith("c.yaml:9:10: a name is on one line"));
}

TEST_CASE("what is no number that a figure can have is refused, each at its place") {
  for (auto const* number : {"nan", "inf", "-inf", "\"nan\"", "\"inf\"", "\"-inf\"", "0", "-1",
                             "1e-101", "1.1e100", "1e308", "1e-320", "1e999", "1e-999"}) {
    INFO(number);
    std::string const bad = number;
    CHECK_THAT(of_clause("figure: box, at_least: " + bad), StartsWith("c.yaml:9:38: "));
    CHECK_THAT(of_clause("figure: box, at_most: " + bad), StartsWith("c.yaml:9:37: "));
    CHECK_THAT(of_clause("figure: box, over: other, at_least: 1, times: " + bad),
               StartsWith("c.yaml:9:61: "));
    CHECK_THAT(of_clause("composite: sum, at_least: 1, of: [{figure: box, weight: " + bad + "}]"),
               StartsWith("c.yaml:9:71: "));
    CHECK_THAT(
        of_clause("composite: sum, at_least: 1, of: [{figure: box, reference: " + bad + "}]"),
        StartsWith("c.yaml:9:74: "));
    auto text = two_figures + "  - {id: one, figure: box, at_least: 1}\n";
    text.replace(text.find("0.95"), 4, bad);
    CHECK_THAT(errors_in(text), StartsWith("c.yaml:4:13: "));
  }
  CHECK(of_clause("figure: box, at_least: 1e-100") == "");
  CHECK(of_clause("figure: box, at_least: 1e100") == "");
  CHECK_THAT(of_clause("composite: performance-portability, at_least: 0, of: [{figure: box, "
                       "reference: 1}]"),
             ContainsSubstring("a number above 0"));
  CHECK_THAT(of_figure("ranks: 0"), StartsWith("c.yaml:6:55: there is at least one rank"));
  CHECK(of_figure("runs: 6") == "");
  for (auto const* runs : {"0", "-1", "1001"})
    CHECK_THAT(of_figure("runs: " + std::string(runs)),
               StartsWith("c.yaml:6:54: a figure is of 1 to 1000 runs"));
}

TEST_CASE("a unit that cannot be the figure's is refused") {
  CHECK(of_clause("figure: box, at_least: 1, unit: cell/s") == "");
  CHECK(of_clause("figure: box, quantity: time, at_most: 1, unit: s") == "");
  CHECK(of_clause("figure: box, quantity: energy, at_most: 1, unit: J") == "");
  CHECK(of_clause("composite: sum, quantity: time, of: [{figure: box}], at_most: 1, unit: s") ==
        "");
  CHECK_THAT(of_clause("figure: box, quantity: time, at_most: 1, unit: ms"),
             StartsWith("c.yaml:9:62: the unit of time is s, not 'ms'"));
  CHECK_THAT(of_clause("composite: sum, quantity: energy, of: [{figure: box}], at_most: 1, unit: "
                       "kJ"),
             ContainsSubstring("the unit of energy is J, not 'kJ'"));
  CHECK_THAT(of_clause("figure: box, over: other, at_least: 1, unit: cell/s"),
             ContainsSubstring("a ratio has no unit"));
  CHECK_THAT(of_clause("composite: sum, of: [{figure: box, reference: 2}], at_least: 1, unit: s"),
             ContainsSubstring("a ratio has no unit"));
  CHECK_THAT(of_clause("composite: sum, of: [{figure: box, reference: 2}, {figure: other}], "
                       "at_least: 1"),
             StartsWith("c.yaml:9:65: some parts have a reference and this one has none"));
}

TEST_CASE("a clause that says one thing twice, or two things at once, is refused") {
  CHECK_THAT(of_clause("composite: sum, of: [{figure: box}, {figure: box}], at_least: 1"),
             StartsWith("c.yaml:9:60: 'box' is a part already"));
  CHECK_THAT(of_clause("figure: box, over: box, at_least: 1"),
             StartsWith("c.yaml:9:34: a figure over itself"));
  CHECK_THAT(of_clause("figure: box, times: 2, at_least: 1"),
             StartsWith("c.yaml:9:35: only a ratio is divided"));
  CHECK(of_clause("figure: box, over: other, times: 2, at_least: 1") == "");
  CHECK_THAT(of_clause("figure: box, over: other, times: 2, quantity: time, at_least: 1"),
             ContainsSubstring("an efficiency is of the figure of merit"));
  CHECK(of_clause("figure: box, over: other, quantity: time, at_least: 1") == "");
  for (std::string const quantity : {"time", "energy"}) {
    CHECK_THAT(of_clause("figure: box, quantity: " + quantity + ", at_least: 1"),
               ContainsSubstring("less " + quantity + " is better") &&
                   ContainsSubstring("write at_most"));
    CHECK(of_clause("figure: box, quantity: " + quantity + ", at_most: 1") == "");
  }
  CHECK_THAT(of_clause("figure: box, of: [{figure: other}], at_least: 1"),
             StartsWith("c.yaml:9:32: only a composite has parts"));
  std::string const composite = "composite: sum, of: [{figure: box}], at_least: 1, ";
  CHECK_THAT(of_clause(composite + "over: other"),
             StartsWith("c.yaml:9:71: a composite is over the references"));
  CHECK_THAT(of_clause(composite + "times: 2"),
             StartsWith("c.yaml:9:72: a composite is over the references"));
  CHECK_THAT(of_clause(composite + "figure: other"), ContainsSubstring("one of the two"));
  std::string const efficiency =
      "composite: performance-portability, of: [{figure: box, reference: 1}], at_least: 0.5";
  CHECK(of_clause(efficiency + ", quantity: fom") == "");
  for (auto const* quantity : {"time", "energy"})
    CHECK_THAT(of_clause(efficiency + ", quantity: " + quantity),
               ContainsSubstring("an efficiency is of the figure of merit"));
}

TEST_CASE("a space, precision or digest that cannot be is refused") {
  CHECK(of_figure("space: openmp, precision: mixed") == "");
  CHECK_THAT(of_figure("space: serail"),
             StartsWith("c.yaml:6:55: it cannot be 'serail'\n  did you mean 'serial'?"));
  CHECK_THAT(of_figure("precision: fp46"),
             StartsWith("c.yaml:6:59: it cannot be 'fp46'\n  did you mean"));
  CHECK(of_figure("spec: abcdef012345") == "");
  CHECK(of_figure("spec: " + std::string(64, 'a')) == "");
  for (auto const& digest :
       {std::string("abcdef01234"), std::string("\"1\""), std::string("ABCDEF012345"),
        std::string("ghijklmnopqr"), std::string(65, 'a')})
    CHECK_THAT(of_figure("spec: " + digest),
               StartsWith("c.yaml:6:54: a digest is pinned by its first 12 to 64 digits"));
  CHECK_THAT(errors_in("inpex_contract: \"1.0\"\nid: t\nsource: abc\ndivision: open\nconfidence: "
                       "0.95\n"),
             ContainsSubstring("c.yaml:3:9: a digest is pinned"));
}

TEST_CASE("an app or case that the judge's specs do not have is refused with the right word") {
  std::vector<Spec> const specs{parse_spec(host::detail::fixture_spec, "fixture.yaml")};
  auto const told = [&](std::string const& app, std::string const& case_name,
                        std::string const& pin = {}) -> std::string {
    Contract contract;
    auto& figure = contract.figures.emplace_back();
    figure.name = "it", figure.app = app, figure.case_name = case_name, figure.spec = pin;
    try {
      require_known_figures(contract, specs, "c.yaml");
    } catch (Error const& error) {
      CHECK(exit_code(error.fault) == 2);
      return error.what();
    }
    return {};
  };
  auto const digest = specs.front().digest;
  CHECK(told("fixture.box", "smoke") == "");
  CHECK(told("fixture.bix", "smoke") ==
        "c.yaml: figure it: there is no app 'fixture.bix'\n  did you mean 'fixture.box'?");
  CHECK(told("fixture.box", "smokee") ==
        "c.yaml: figure it: fixture.box has no case 'smokee'\n  did you mean 'smoke'?");
  CHECK(told("fixture.box", "smokee", digest.substr(0, 12)) == told("fixture.box", "smokee"));
  CHECK(told("fixture.box", "other", std::string(12, 'a')) == "");
  CHECK(told("fixture.bix", "smoke", std::string(12, 'a')) == "");
}

TEST_CASE("the examples hold") {
  for (auto const* name : {"commitment", "improvement", "time_to_solution"}) {
    auto const path = test::source_path(std::string("specs/contracts/") + name + ".yaml");
    auto const contract = parse_contract(read_small_file(path), path).contract;
    CHECK_FALSE(contract.clauses.empty());
    auto const specs = load_all({test::source_path("specs")});
    CHECK_NOTHROW(require_known_figures(contract, specs, path));
    for (auto const& clause : contract.clauses)
      for (auto const& figure : contract.figures)
        for (auto const& spec : specs)
          if (clause.figure == figure.name && figure.app == spec.id && !is_ratio(clause) &&
              unit_of_quantity(clause.quantity).empty())
            CHECK(clause.unit == spec.fom.unit);
  }
}
