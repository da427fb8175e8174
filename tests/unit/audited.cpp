// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/audited.hpp>

#include "unit/spec_fixture.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace inpex;
using namespace inpex::host;

namespace {

// Of nx = 32 cells, `sweep` declares 8 flops and 8 bytes each way a cell.
Spec spec_with(std::string const& audit) {
  return parse_spec(test::minimal_spec({{"fom:", audit + "fom:"}}), "a.yaml");
}

std::vector<AuditRow> rows_of(Spec const& spec, std::vector<audit::Tally> tallies) {
  Audited audited;
  audited.size = "nx=32", audited.steps = 10;
  audited.names = {
      {"lx", std::int64_t{32}, ""}, {"cells", std::int64_t{32}, ""}, {"real", std::int64_t{8}, ""}};
  audited.told = {{"sweep", {.flops = 8 * 32, .bytes_read = 8 * 32, .bytes_written = 8 * 32}}};
  audited.tallies = std::move(tallies);
  return audit_rows(spec, audited);
}

audit::Tally exact_tally() {
  audit::Tally tally;
  tally.phase = "sweep";
  tally.flops = 8 * 32 * 10, tally.read = tally.written = 8 * 32 * 10;
  return tally;
}

AuditRow const& row_of(std::vector<AuditRow> const& rows, std::string const& phase,
                       Quantity quantity) {
  for (auto const& row : rows)
    if (row.phase == phase && row.quantity == quantity) return row;
  FAIL("no such row");
  return rows.front();
}

}  // namespace

TEST_CASE("counts that are the formulas' are exact, and one flop more is wrong") {
  auto const spec = spec_with("");
  auto tally = exact_tally();
  auto const rows = rows_of(spec, {tally});
  CHECK(row_of(rows, "sweep", Quantity::flops).finding == Finding::exact);
  CHECK(row_of(rows, "sweep", Quantity::read).finding == Finding::exact);
  CHECK(exit_code_of(rows) == 0);
  ++tally.flops;
  auto const wrong = rows_of(spec, {tally});
  CHECK(row_of(wrong, "sweep", Quantity::flops).finding == Finding::wrong);
  CHECK(exit_code_of(wrong) == exit_code(Fault::wrong));
  CHECK(audit_table(wrong).find("counted 2561, the spec says 2560") != std::string::npos);
}

TEST_CASE("a phase that the spec has and the app has not counts nothing, which is wrong") {
  auto const rows = rows_of(spec_with(""), {});
  CHECK(*row_of(rows, "sweep", Quantity::flops).counted == 0);
  CHECK(row_of(rows, "sweep", Quantity::flops).finding == Finding::wrong);
}

TEST_CASE("work outside of the spec's phases is wrong") {
  audit::Tally outside;
  outside.flops = 1;
  auto const rows = rows_of(spec_with(""), {exact_tally(), outside});
  CHECK(row_of(rows, "(no phase)", Quantity::flops).finding == Finding::wrong);
}

TEST_CASE("with a reason the count is held against what the reason says") {
  auto const spec =
      spec_with("audit:\n  phases:\n    sweep: {flops: {counted: 9*cells, reason: a test}}\n");
  auto tally = exact_tally();
  CHECK(row_of(rows_of(spec, {tally}), "sweep", Quantity::flops).finding == Finding::wrong);
  tally.flops = 9 * 32 * 10;
  auto const rows = rows_of(spec, {tally});
  CHECK(row_of(rows, "sweep", Quantity::flops).finding == Finding::reasoned);
  CHECK(audit_table(rows).find("1.125 of what is declared: a test") != std::string::npos);
}

TEST_CASE("a reason without a formula allows its relative difference, and no more") {
  auto const spec =
      spec_with("audit:\n  phases:\n    sweep: {read: {within: 0.1, reason: padding}}\n");
  auto tally = exact_tally();
  tally.read = 2816;  // 1.1 of 2560
  CHECK(row_of(rows_of(spec, {tally}), "sweep", Quantity::read).finding == Finding::reasoned);
  ++tally.read;
  CHECK(row_of(rows_of(spec, {tally}), "sweep", Quantity::read).finding == Finding::wrong);
}

TEST_CASE("a spec says within what a datum counts once, and whether indices are counted") {
  auto tally = exact_tally();
  tally.read = 0, tally.read_by_kernel = 2000, tally.indices_read = 560;
  auto const spec = spec_with("audit:\n  phases:\n    sweep: {once: kernel, arrays: all}\n");
  CHECK(*row_of(rows_of(spec, {tally}), "sweep", Quantity::read).counted == 2560);
}

TEST_CASE("a formula that the app does not tell is wrong, reason or not") {
  auto text = test::minimal_spec({{"flops: 8*cells", "flops: 9*cells"},
                                  {"fom:", "audit:\n  phases:\n    sweep: {flops: {counted: "
                                           "8*cells, reason: a test}}\nfom:"}});
  auto const rows = rows_of(parse_spec(text, "a.yaml"), {exact_tally()});
  CHECK(row_of(rows, "sweep", Quantity::flops).finding == Finding::wrong);
  CHECK(audit_table(rows).find("the app says 2560, the spec 2880") != std::string::npos);
}

TEST_CASE("an audit that counted nothing proves nothing") {
  CHECK(exit_code_of(std::vector<AuditRow>()) == exit_code(Fault::inconclusive));
}
