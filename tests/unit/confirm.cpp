// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/confirm.hpp>

#include "bundle_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinRel;

namespace {

Record run_of(double rate, std::string const& id, Status status = Status::passed) {
  Record record;
  record.id = id, record.status = status,
  record.reason = status == Status::passed ? "" : "it broke";
  record.fom.value = rate, record.fom.better = "higher";
  return record;
}

// A bundle of the first two tasks of a plan whose records are called `a1`, `a2` for the name `a`.
Repeatable side_of(std::string const& name, std::string const& space = "openmp") {
  Repeatable side{{name, {}, {}, {}}, {test_plan(2), {}}};
  for (auto& task : side.rerun.plan.tasks) task.space = space;
  int number = 0;
  for (auto const& task : side.rerun.plan.tasks) {
    auto record = test_record(task);
    record.id = name + std::to_string(++number);
    side.results.records.push_back(record);
  }
  for (auto const& [condition, value] :
       {std::pair("host", "here"), std::pair("version", "1"), std::pair("commit", "c"),
        std::pair("source", "s"), std::pair("compiler", "GNU 12")})
    put(side.rerun.plan.conditions, condition, std::string(value));
  return side;
}

Compared pair_of(std::string const& a, std::string const& b, Comparison verdict) {
  Compared pair;
  pair.verdict = verdict, pair.effect = 0.05;
  pair.records_a = {a}, pair.records_b = {b};
  return pair;
}

std::string refusal(Repeatable const& a, Repeatable const& b, std::string const& host = "here") {
  BuildInfo build;
  build.version = "1", build.commit = "c", build.source_digest = "s";
  build.compiler = "GNU", build.compiler_version = "12";
  return what_of([&] { require_here(a, b, build, host); });
}

// The verdict on one pair whose B runs at these rates beside 100, in the order of confirming().
Compared decided(std::vector<double> const& rates, Status last = Status::passed) {
  std::vector<Compared> all{pair_of("a1", "b1", Comparison::undecided)};
  std::vector<Record> records;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    bool const end = i + 1 == rates.size();
    auto const a = run_of(100, "a"), b = run_of(rates[i], "b", end ? last : Status::passed);
    records.push_back(i % 2 == 0 ? a : b), records.push_back(i % 2 == 0 ? b : a);
  }
  decide(all, records);
  return all[0];
}

}  // namespace

TEST_CASE("only what is undecided is run again, A and B in turn, each with its own setting") {
  auto const a = side_of("a"), b = side_of("b", "serial");
  std::vector<Compared> const all{pair_of("a1", "b1", Comparison::faster),
                                  pair_of("a2", "b2", Comparison::undecided)};
  auto const tasks = confirming(a, b, all, 3).plan.tasks;
  REQUIRE(tasks.size() == 6);
  std::string order;
  for (auto const& task : tasks) order += task.space + " ";
  CHECK(order == "openmp serial serial openmp openmp serial ");
  for (auto const& task : tasks) CHECK(task.parameters == a.rerun.plan.tasks[1].parameters);
  CHECK(tasks[5].name.substr(0, 5) == "0006-");
}

TEST_CASE("a verdict is on the median of the ratios of rounds") {
  auto const faster = decided({110, 112, 111, 109, 110, 113, 111, 110});
  CHECK(faster.verdict == Comparison::faster);
  CHECK_THAT(faster.ratio->value, WithinRel(1.105, 1e-12));  // the mean of 1.10 and 1.11
  CHECK(faster.ratio->low == 1.09);
  CHECK(faster.ratio->high == 1.13);
  CHECK(faster.rounds == 8);
  CHECK(faster.records_b == std::vector<std::string>(8, "b"));
  CHECK(decided({90, 91, 90, 90, 90, 90, 90, 90}).verdict == Comparison::slower);
  CHECK(decided({100, 101, 99, 100, 100, 100, 100, 100}).verdict == Comparison::same);
}

TEST_CASE("rounds in turn may claim less than single runs where that was calibrated") {
  auto const verdict = [](std::size_t rounds, Number in_turn) {
    std::vector<Compared> all{pair_of("a1", "b1", Comparison::undecided)};
    all[0].effect = 0.5, all[0].effect_in_turn = in_turn;
    std::vector<Record> records;
    for (std::size_t i = 0; i < rounds; ++i) {
      records.push_back(run_of(i % 2 == 0 ? 100 : 110, "x"));
      records.push_back(run_of(i % 2 == 0 ? 110 : 100, "y"));
    }
    decide(all, records);
    return all[0].verdict;
  };
  CHECK(verdict(15, 0.02) == Comparison::faster);
  CHECK(verdict(15, {}) == Comparison::same);    // within the 50 % of single runs
  CHECK(verdict(14, 0.02) == Comparison::same);  // fewer rounds than it was calibrated for
  CHECK(verdict(15, 0.12) == Comparison::same);  // 10 % are within 12 %
}

TEST_CASE("what stays between is still undecided, and four rounds decide nothing") {
  auto const open = decided({110, 95, 111, 109, 110, 113, 110, 110});
  CHECK(open.verdict == Comparison::undecided);
  CHECK_THAT(open.reason, ContainsSubstring("--rounds"));
  CHECK(decided({110, 110, 110, 110}).verdict == Comparison::undecided);
}

TEST_CASE("a round that fails leaves no figure") {
  auto const broken = decided({110, 110, 110, 110, 110, 110, 110, 110}, Status::failed);
  CHECK(broken.verdict == Comparison::refused);
  CHECK_FALSE(broken.ratio);
  CHECK_THAT(broken.reason, ContainsSubstring("B is no valid figure: failed, it broke"));
}

TEST_CASE("two sides that are no figures are both told") {
  std::vector<Compared> all{pair_of("a1", "b1", Comparison::undecided)};
  std::vector<Record> records;
  for (int i = 0; i < 16; ++i) records.push_back(run_of(100, "x", Status::failed));
  decide(all, records);
  CHECK(all[0].reason ==
        "A is no valid figure: failed, it broke; B is no valid figure: failed, it broke");
}

TEST_CASE("by an effect that is assumed rounds in turn claim no more than single runs") {
  std::vector<double> const near(15, 106), far(15, 112),
      across{112, 111, 104, 104, 112, 112, 113, 111};
  CHECK(decided(near).verdict == Comparison::faster);
  CHECK(decided(far).verdict == Comparison::faster);
  CHECK(decided(across).verdict == Comparison::undecided);  // from 1.04, of which no more is known
}

TEST_CASE("several undecided pairs keep apart, and decided ones stay") {
  std::vector<Compared> all{pair_of("a1", "b1", Comparison::undecided),
                            pair_of("a2", "b2", Comparison::slower),
                            pair_of("a3", "b3", Comparison::undecided)};
  std::vector<Record> records;
  for (int round = 0; round < 8; ++round)
    for (double const rate : {200.0, 50.0}) {
      records.push_back(run_of(round % 2 == 0 ? 100 : rate, "x"));
      records.push_back(run_of(round % 2 == 0 ? rate : 100, "y"));
    }
  decide(all, records);
  CHECK(all[0].verdict == Comparison::faster);
  CHECK(all[1].records_a == std::vector<std::string>{"a2"});
  CHECK(all[2].verdict == Comparison::slower);
}

TEST_CASE("runs are repeated by the program and on the machine that made both, or not at all") {
  auto const a = side_of("a");
  CHECK_THAT(refusal(a, side_of("b")), Catch::Matchers::Equals(""));
  auto b = side_of("b");
  b.results.records[0].software.flags = "-O1";
  CHECK_THAT(refusal(a, b), ContainsSubstring("flags was '-O1' and is now ''"));
  CHECK_THAT(refusal(a, side_of("b"), "elsewhere"), ContainsSubstring("of another machine"));
  b = side_of("b");
  put(b.rerun.plan.conditions, "ranks", std::int64_t{4});
  CHECK_THAT(refusal(a, b), ContainsSubstring("from A to B, ranks was 2 and is now 4"));
  b = side_of("b");
  put(b.rerun.plan.options, "min_seconds", 0.5);
  CHECK_THAT(refusal(a, b), ContainsSubstring("min_seconds was unknown and is now 0.5"));
  b = side_of("b");
  b.results.records[0].provenance.task = "9999";
  CHECK_THAT(what_of([&] { task_of(b, "b1"); }), ContainsSubstring("no task of the record b1"));
}

TEST_CASE("a file of records has no plan to be run again") {
  ScratchFolder const folder;
  write_file(folder / "records.jsonl", "");
  CHECK(fault_of([&] { read_repeatable(folder / "records.jsonl"); }) == Fault::command);
}
