// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/contract_diff.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <stdexcept>
#include <string>
#include <utility>

using namespace inpex::host;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string const contract = R"(inpex_contract: "1.0"
id: test
title: A test
division: closed
confidence: 0.95
tier: signed
figures:
  - {name: one, app: a.b, case: M, precision: fp64}
  - {name: two, app: a.b, case: M, precision: fp64, ranks: 2}
clauses:
  - {id: rate, sentence: it is fast, figure: one, at_least: 1.0e9, unit: cell/s}
  - {id: energy, figure: one, quantity: energy, at_most: 1000, unit: J}
  - {id: scaling, figure: two, over: one, times: 2, at_least: 0.75}
  - {id: slower, figure: two, over: one, times: 2, at_most: 4}
  - {id: mean, composite: geometric-mean, of: [{figure: one, reference: 2.0}], at_least: 3}
)";

// The difference that one edit of the contract makes.
ContractDiff diff_of(std::string const& from, std::string const& to) {
  auto edited = contract;
  auto const at = edited.find(from);
  if (at == std::string::npos) throw std::logic_error("the edit '" + from + "' finds nothing");
  edited.replace(at, from.size(), to);
  return diff_contracts(parse_contract(contract, "old.yaml"), parse_contract(edited, "new.yaml"));
}

// The only change that an edit makes, and whether the gate lets it through.
std::string change(std::string const& from, std::string const& to) {
  auto const diff = diff_of(from, to);
  if (diff.changes.size() != 1) return std::to_string(diff.changes.size()) + " changes";
  return std::string(word(diff.changes[0].turn)) + (diff.loosened() ? " !" : "");
}

}  // namespace

TEST_CASE("a limit that moves is loosened or tightened, by its direction") {
  CHECK(change("at_least: 1.0e9", "at_least: 0.9e9") == "loosened !");
  CHECK(change("at_least: 1.0e9", "at_least: 1.1e9") == "tightened");
  CHECK(change("at_most: 1000", "at_most: 1001") == "loosened !");
  CHECK(change("at_most: 1000", "at_most: 999") == "tightened");
  CHECK(change("times: 2, at_least", "times: 1.5, at_least") == "loosened !");
  CHECK(change("times: 2, at_least", "times: 4, at_least") == "tightened");
  CHECK(change("times: 2, at_most", "times: 4, at_most") == "loosened !");
}

TEST_CASE("what holds for the whole contract is loosened or tightened too") {
  CHECK(change("division: closed", "division: open") == "loosened !");
  CHECK(change("division: closed", "division: reference") == "tightened");
  CHECK(change("confidence: 0.95", "confidence: 0.9") == "loosened !");
  CHECK(change("confidence: 0.95", "confidence: 0.99") == "tightened");
  CHECK(change("tier: signed", "tier: unsigned") == "loosened !");
  CHECK(change("tier: signed\n", "") == "loosened !");
  CHECK(change("tier: signed", "tier: reproduced") == "tightened");
  // Without a source there is the judge's, which nobody knows here.
  CHECK(change("tier: signed", "tier: signed\nsource: abcdef012345") == "replaced !");
}

TEST_CASE("what says what is so without it is reworded") {
  auto unsaid = contract;
  unsaid.replace(unsaid.find("tier: signed\n"), 13, "");
  auto unsigned_tier = unsaid;
  unsigned_tier.replace(unsigned_tier.find("figures:"), 0, "tier: unsigned\n");
  for (auto const& [before, after] :
       {std::pair(unsaid, unsigned_tier), std::pair(unsigned_tier, unsaid)}) {
    auto const diff = diff_contracts(parse_contract(before, "a"), parse_contract(after, "b"));
    REQUIRE(diff.changes.size() == 1);
    CHECK(diff.changes[0].turn == Turn::reworded);
  }
  CHECK(change("figure: one, at_least", "figure: one, quantity: fom, at_least") == "reworded");
}

TEST_CASE("a figure that may be more is loosened, one that may be less is tightened") {
  CHECK(change("precision: fp64}", "precision: fp64, space: serial}") == "tightened");
  CHECK(change(", ranks: 2", "") == "loosened !");
  CHECK(change("ranks: 2", "ranks: 4") == "replaced !");
}

TEST_CASE("fewer runs of a figure loosen, more tighten, and one is what is so without a number") {
  CHECK(change("precision: fp64}", "precision: fp64, runs: 6}") == "tightened");
  CHECK(change("precision: fp64}", "precision: fp64, runs: 1}") == "reworded");
  auto six = contract, five = contract;
  six.replace(six.find("ranks: 2}"), 9, "ranks: 2, runs: 6}");
  five.replace(five.find("ranks: 2}"), 9, "ranks: 2, runs: 5}");
  for (auto const& after : {contract, five})
    CHECK(diff_contracts(parse_contract(six, "a"), parse_contract(after, "b")).loosened());
  CHECK_FALSE(diff_contracts(parse_contract(five, "a"), parse_contract(six, "b")).loosened());
}

TEST_CASE("a spec that is pinned, or no longer, may be an easier one") {
  std::string const pin = ", spec: abcdef012345}";
  CHECK(change("precision: fp64}", "precision: fp64" + pin) == "replaced !");
  auto pinned = contract, other = contract;
  pinned.replace(pinned.find("precision: fp64}"), 16, "precision: fp64" + pin);
  other.replace(other.find("precision: fp64}"), 16, "precision: fp64, spec: abcdef012346}");
  for (auto const& after : {contract, other}) {
    auto const diff = diff_contracts(parse_contract(pinned, "a"), parse_contract(after, "b"));
    REQUIRE(diff.changes.size() == 1);
    CHECK(diff.changes[0].turn == Turn::replaced);
    CHECK(diff.loosened());
  }
}

TEST_CASE("limits are compared as numbers, and what is none cannot be read") {
  CHECK(change("at_most: 1000", "at_most: 9.5e2") == "tightened");
  CHECK(change("at_most: 1000", "at_most: 1.0e4") == "loosened !");
  CHECK(change("at_least: 0.75", "at_least: 1") == "tightened");
  for (auto const* limit : {"-inf", "\"-inf\"", "nan"})
    CHECK_THROWS(diff_of("at_least: 0.75", std::string("at_least: ") + limit));
}

TEST_CASE("another demand under an old name counts as loosened") {
  CHECK(change("figure: one, at_least", "figure: two, at_least") == "replaced !");
  CHECK(change("unit: cell/s", "unit: flop/s") == "replaced !");
  CHECK(change("reference: 2.0", "reference: 1.0") == "replaced !");
  CHECK(change("composite: geometric-mean", "composite: harmonic-mean") == "replaced !");
  CHECK(diff_of("at_least: 0.75", "at_most: 0.75").loosened());
}

TEST_CASE("a clause that is gone loosens, one that is new does not") {
  CHECK(change("  - {id: mean, composite: geometric-mean, of: [{figure: one, reference: 2.0}], "
               "at_least: 3}\n",
               "") == "removed !");
  CHECK(change("clauses:\n", "clauses:\n  - {id: new, figure: one, at_least: 1}\n") == "added");
  CHECK(change("figures:\n", "figures:\n  - {name: new, app: a.b, case: S}\n") == "added");
}

TEST_CASE("words and the way of writing are no demands") {
  CHECK(change("it is fast", "it is very fast") == "reworded");
  CHECK(change("A test", "Another") == "reworded");
  auto const same = diff_of("1.0e9", "1000000000");
  CHECK(same.changes.empty());
  CHECK(same.old_digest == same.new_digest);
  CHECK_THAT(contract_diff_text(same), ContainsSubstring("nothing differs"));
}

TEST_CASE("a change is told with its place and both values") {
  auto const text = contract_diff_text(diff_of("at_least: 1.0e9", "at_least: 0.9e9"));
  CHECK_THAT(text, ContainsSubstring("clause rate: loosened, at_least: "));
  CHECK_THAT(text, ContainsSubstring("became 900000000"));
}
