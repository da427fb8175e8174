// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/compare.hpp>
#include <inpex/host/formula_parser.hpp>

#include "bundle_fixture.hpp"
#include "spec_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::ContainsSubstring;

namespace {

// A record of the smallest spec that reaches `rate`, known to within `spread`.
Record record_of(double rate, double spread = 0.001, Table const& changed = {}) {
  auto const spec = parse_spec(test::minimal_spec(), "a.yaml");
  Record record;
  record.status = Status::passed;
  record.spec.id = spec.id;
  record.spec.case_name = "smoke";
  record.spec.parameters = {{"nx", std::int64_t{32}, {}},
                            {"steps", std::int64_t{20}, {}},
                            {"r", 0.125, {}},
                            {"tile", std::int64_t{8}, {}}};
  for (auto const& entry : changed) put(record.spec.parameters, entry.name, entry.value);
  record.spec.precision = "fp64";
  record.spec.division = "reference";
  record.spec.scaling = "none";
  record.spec.ranks = 1;
  record.fom = {"rate",
                rate,
                "cell/s",
                "higher",
                Interval{rate * (1 - spread), rate * (1 + spread), 0.95, "order-statistics"},
                10,
                0.01,
                {},
                {}};
  record.placement.space = "openmp";
  record.spec.comparability_key = comparability_key(parts_of(record, spec, std::nullopt));
  record.id = content_id(record);
  return record;
}

ResultSource source(std::vector<Record> records) {
  ResultSource result{"somewhere", std::move(records), {}, {}};
  result.specs.emplace("test.box", parse_spec(test::minimal_spec(), "a.yaml"));
  return result;
}

Calibration none(std::string const& machine) {
  return {.machine = machine, .created = {}, .cases = {}};
}

std::vector<Compared> compared(std::vector<Record> a, std::vector<Record> b) {
  auto const one = source(std::move(a)), other = source(std::move(b));
  return Comparer(one, other, none).all();
}

Comparison verdict(double a, double b, double spread = 0.001) {
  auto const all = compared({record_of(a, spread)}, {record_of(b, spread)});
  REQUIRE(all.size() == 1);
  return all[0].verdict;
}

}  // namespace

TEST_CASE("a clear difference above the smallest effect is told, in either direction") {
  CHECK(verdict(100, 106) == Comparison::faster);
  CHECK(verdict(106, 100) == Comparison::slower);
  CHECK(verdict(100, 101) == Comparison::same);
}

TEST_CASE("what the interval does not separate is undecided") {
  CHECK(verdict(100, 106, 0.1) == Comparison::undecided);
  CHECK(verdict(100, 100, 0.1) == Comparison::undecided);
}

TEST_CASE("nothing below the effect is claimed, however narrow the interval") {
  CHECK(verdict(100, 104.9, 1e-6) == Comparison::same);
  CHECK(verdict_on({1.03, 1.02, 1.04, 0.95}, 0.02) == Comparison::faster);
  CHECK(verdict_on({1.03, 1.02, 1.04, 0.95}, 0.035) == Comparison::undecided);
}

TEST_CASE("what differs by more than a quarter is not the same, however restless the machine") {
  CHECK(verdict_on({1.1, 0.9, 1.2, 0.95}, 1.07) == Comparison::same);
  CHECK(verdict_on({1.4654, 0.8256, 1.9014, 0.97}, 1.07) == Comparison::undecided);
}

TEST_CASE("figures of the same name but of other problems are not compared") {
  auto a = record_of(100), b = record_of(106);
  auto one = source({a}), other = source({b});
  auto& unit = one.specs.at("test.box").functional_unit;
  unit.formula = parse_formula("entries*steps", {"s.yaml", {1, 1}});
  for (auto* each : {&one.records[0], &other.records[0]})
    put(each->spec.reported, "entries", std::int64_t{7});
  CHECK(Comparer(one, other, none).all()[0].verdict == Comparison::faster);
  put(other.records[0].spec.reported, "entries", std::int64_t{8});
  auto const refused = Comparer(one, other, none).all()[0];
  CHECK(refused.verdict == Comparison::refused);
  CHECK(refused.reason == "A and B are of different problems: entries is 7 and 8");
}

TEST_CASE("by an effect that is only assumed the whole interval must lie beyond it") {
  Estimate const seen{1.075, 1.007, 1.096, 0.95};  // of equal runs of a restless machine
  CHECK(verdict_on(seen, 0.05) == Comparison::faster);
  CHECK(verdict_on(seen, 0.05, true) == Comparison::undecided);
  CHECK(verdict_on({0.93, 0.912, 0.993, 0.95}, 0.05, true) == Comparison::undecided);
  CHECK(verdict_on({1.075, 1.06, 1.09, 0.95}, 0.05, true) == Comparison::faster);
  CHECK(verdict_on({0.93, 0.92, 0.94, 0.95}, 0.05, true) == Comparison::slower);
  CHECK(verdict_on({1.01, 0.99, 1.03, 0.95}, 0.05, true) == Comparison::same);
  CHECK(verdict(100, 106, 0.01) == Comparison::undecided);  // nothing is calibrated there
}

TEST_CASE("an interval of less than 95 % decides nothing") {
  CHECK(verdict_on({2, 1.9, 2.1, 0.75}, 0.05) == Comparison::undecided);
}

TEST_CASE("where less is better the ratio is still one of speeds") {
  CHECK(speed_ratio(exactly(2), exactly(1), "lower").value == 2);
  CHECK(speed_ratio(exactly(2), exactly(1), "higher").value == 0.5);
}

TEST_CASE("unlike results are refused, and the field that differs is named") {
  auto const all = compared({record_of(1)}, {record_of(1, 0.001, {{"nx", std::int64_t{64}, {}}})});
  REQUIRE(all.size() == 2);
  CHECK(all[0].verdict == Comparison::refused);
  CHECK_THAT(all[0].reason, ContainsSubstring("case, parameters.nx: 32 and 64"));
  CHECK_THAT(all[1].reason, ContainsSubstring("case, parameters.nx: 32 and 64"));
}

TEST_CASE("tuning does not keep results apart") {
  auto const all = compared({record_of(1)}, {record_of(2, 0.001, {{"tile", std::int64_t{4}, {}}})});
  REQUIRE(all.size() == 1);
  CHECK(all[0].verdict == Comparison::faster);
}

TEST_CASE("equal settings meet first") {
  auto serial = record_of(1);
  serial.placement.space = "serial";
  auto const all = compared({record_of(2), serial}, {serial, record_of(2)});
  REQUIRE(all.size() == 2);
  CHECK(all[0].space_a == all[0].space_b);
  CHECK(all[0].ratio->value == 1);
  CHECK(all[1].ratio->value == 1);
}

TEST_CASE("a figure that is not valid is never compared") {
  auto wrong = record_of(1000);
  wrong.status = Status::wrong;
  wrong.reason = "check 'exact' is off";
  auto const all = compared({record_of(1)}, {wrong});
  REQUIRE(all.size() == 1);
  CHECK(all[0].verdict == Comparison::refused);
  CHECK_THAT(all[0].reason, ContainsSubstring("check 'exact' is off"));
  CHECK(exit_code_of(all) == 6);
}

TEST_CASE("the effect is that of the machine's calibration, where there is one") {
  auto const a = source({record_of(100)}), b = source({record_of(106)});
  auto const calibrated = [](std::string const& machine) {
    Calibration found{.machine = machine, .created = {}, .cases = {}};
    found.cases.push_back({"test.box", "smoke", "openmp", "fp64", 1, setting_of(record_of(100)), 20,
                           0.08, 0.1, 0, 0.14, 20});
    return found;
  };
  auto all = Comparer(a, b, calibrated).all();
  REQUIRE(all.size() == 1);
  CHECK(all[0].calibrated);
  CHECK(*all[0].effect == 0.08);
  CHECK(all[0].verdict == Comparison::same);
  auto tiled = record_of(106);
  put(tiled.spec.parameters, "tile", std::int64_t{16});
  auto const other = source({tiled});
  all = Comparer(a, other, calibrated).all();
  CHECK_FALSE(all[0].calibrated);  // nor of another setting
  auto elsewhere = record_of(106);
  elsewhere.platform.host = "another";
  auto const moved = source({elsewhere});
  all = Comparer(a, moved, calibrated).all();
  CHECK_FALSE(all[0].calibrated);  // of two machines' noise no calibration speaks
}

TEST_CASE("few pairs may widen the assumed effect and not narrow it") {
  auto const a = source({record_of(100)}), b = source({record_of(103)});
  auto const with_bound = [](double bound) {
    return [bound](std::string const& machine) {
      Calibration found{.machine = machine, .created = {}, .cases = {}};
      found.cases.push_back({"test.box", "smoke", "openmp", "fp64", 1, setting_of(record_of(100)),
                             10, 0.01, 0.02, 0, bound, 10});
      return found;
    };
  };
  CHECK(*Comparer(a, b, with_bound(0.26)).all()[0].effect == assumed_effect);
  CHECK(*Comparer(a, b, with_bound(0.05)).all()[0].effect == 0.01);
}

TEST_CASE("repeated runs of one case are one figure") {
  auto const all = compared({record_of(100), record_of(101)}, {record_of(120), record_of(121)});
  REQUIRE(all.size() == 1);
  CHECK(all[0].records_a.size() == 2);
  CHECK(all[0].verdict == Comparison::faster);
}

TEST_CASE("slower outranks undecided, and that outranks faster") {
  std::vector<Compared> all(2);
  all[0].verdict = Comparison::faster, all[1].verdict = Comparison::same;
  CHECK(exit_code_of(all) == 0);
  all[1].verdict = Comparison::undecided;
  CHECK(exit_code_of(all) == 6);
  all[0].verdict = Comparison::slower;
  CHECK(exit_code_of(all) == 5);
}

TEST_CASE("a calibration reads back as it was written, and belongs to its machine") {
  ScratchFolder const folder;
  Calibration written{.machine = "abc", .created = "2026-11-23T00:00:00Z", .cases = {}};
  written.cases.push_back(
      {"test.box", "smoke", "openmp", "fp64", 1, "", 20, 0.08, 0.1, 0, 0.14, 20, 19});
  write_file(folder / "abc.json", json_text(written));
  CHECK(read_calibration(folder / "", "abc").cases.front().effect == 0.08);
  CHECK(read_calibration(folder / "", "xyz").cases.empty());
  write_file(folder / "xyz.json", json_text(written));
  CHECK_THAT(what_of([&] { read_calibration(folder / "", "xyz"); }),
             ContainsSubstring("no calibration of this machine"));
}

TEST_CASE("a summary counts the verdicts, and says what x is") {
  auto all = compared({record_of(100)}, {record_of(106)});
  all.push_back(all[0]), all.push_back({});
  CHECK(comparison_summary(all) == "2 FASTER, 1 refused; x is the speed of B over that of A\n");
}

TEST_CASE("no text of a record steers the terminal or adds a line of the comparison") {
  Compared pair;
  pair.app = "a\x1b[2J", pair.case_name = "S\n", pair.precision = "\r";
  pair.space_a = "\x07", pair.space_b = "serial", pair.reason = "x\na S: FASTER";
  auto const text = comparison_table({pair});
  CHECK(text.find('\n') == text.size() - 1);
  for (auto const* control : {"\x1b", "\r", "\x07"}) CHECK_THAT(text, !ContainsSubstring(control));
}
