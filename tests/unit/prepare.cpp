// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/prepare.hpp>

#include <inpex/host/execute.hpp>
#include <inpex/host/made_bundle.hpp>
#include <inpex/host/verify_bundle.hpp>

#include "bundle_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <string>
#include <vector>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::ContainsSubstring;

namespace {

App const box_app{.name = "fixture.box",
                  .summary = {},
                  .item = {},
                  .spaces = {"serial", "openmp", "hip"},
                  .precisions = {"fp64"},
                  .fields = [] { return std::vector<Field>{}; },
                  .make = {}};

Spec const box_spec = parse_spec(host::detail::fixture_spec, "fixture.yaml");

// A machine that has the space serial, with 1 MB, and nothing else.
RunConditions serial_machine() {
  RunConditions result;
  auto& space = result.survey.spaces.emplace_back();
  space.total_bytes = space.free_bytes = 1'000'000;
  space.placement.space = "serial", space.placement.ranks = 1;
  auto& software = result.survey.software;
  software.commit = "0123456", software.source = "abcdef", software.dirty = false;
  software.flags = "-O3";
  result.command = {"inpex", "run", "fixture.box"};
  result.environment = sha256("{}\n");
  return result;
}

Task box_task(std::string const& space, Table const& parameters = {}) {
  return {"0001-fixture.box-smoke-" + space + "-fp64",
          "fixture.box",
          "smoke",
          space,
          "fp64",
          "native",
          parameters};
}

CaseRun prepared_box(Task const& one) {
  return prepare_beside_others(box_app, one, box_spec, serial_machine());
}

std::string what_box_lacks(Task const& one) {
  auto const run = prepared_box(one);
  return run.lacks ? run.lacks->what() : "";
}

}  // namespace

TEST_CASE("what this build, this machine or its memory lacks is kept with the task") {
  CHECK(what_box_lacks(box_task("serial")).empty());
  CHECK_THAT(what_box_lacks(box_task("cuda")),
             ContainsSubstring("fixture.box was not built for 'cuda'"));
  CHECK_THAT(what_box_lacks(box_task("hip")), ContainsSubstring("this machine has no space 'hip'"));
  // 2 fields of 8 bytes in nx + 2 cells: 16 MB
  CHECK_THAT(what_box_lacks(box_task("serial", {{"nx", std::int64_t{1'000'000}, "-p"}})),
             ContainsSubstring("GB are free"));
}

TEST_CASE("a misspelt space is no machine's, and stops the command with the nearest one") {
  CHECK_THAT(what_of([] { prepared_box(box_task("opemp")); }), ContainsSubstring("'openmp'"));
  CHECK(fault_of([] { prepared_box(box_task("opemp")); }) == Fault::command);
}

TEST_CASE("tasks of which none can run are refused for what the first one lacks") {
  CHECK_NOTHROW(require_any({prepared_box(box_task("hip")), prepared_box(box_task("serial"))}));
  CHECK(fault_of([] { require_any({prepared_box(box_task("hip"))}); }) == Fault::environment);
  CHECK(fault_of([] {
          require_any({prepared_box(box_task("cuda")), prepared_box(box_task("hip"))});
        }) == Fault::command);
}

TEST_CASE("a case that fills memory has all its parameters where its space is missing") {
  std::string text = host::detail::fixture_spec;
  std::string const sized = "nx: 32, steps: 20";
  text.replace(text.find(sized), sized.size(), "fill_memory: 0.5, steps: 20");
  auto const filling = parse_spec(text, "fixture.yaml");
  auto const run = prepare_beside_others(box_app, box_task("hip"), filling, serial_machine());
  REQUIRE(run.lacks);
  // the largest multiple of 8 with 16*(nx+2) bytes in half of 1 MB
  CHECK(at<std::int64_t>(run.plan.parameters, "nx") == 31'248);
}

TEST_CASE("a skipped case has a record with its reason, and its bundle holds") {
  ScratchFolder const folder;
  auto const run = prepared_box(box_task("hip"));
  auto const record = skipped(run).result.record;
  CHECK(record.status == Status::skipped);
  CHECK(record.reason ==
        "this machine has no space 'hip'; take one of those that `inpex machine` shows");
  CHECK(record.placement.space == "hip");
  CHECK_FALSE(record.fom.value.has_value());

  RunPlan plan;
  plan.command = {"inpex", "run", "fixture.box"};
  plan.conditions = {{"ranks", std::int64_t{1}, {}},
                     {"version", record.software.inpex, {}},
                     {"commit", record.software.commit, {}},
                     {"source", record.software.source, {}},
                     {"compiler", record.software.compiler, {}},
                     {"host", record.platform.host, {}}};
  plan.tasks = {box_task("hip")};
  Machine machine;
  machine.created = host::detail::made_at;
  machine.platform = record.platform, machine.software = record.software;
  auto writer = BundleWriter::create(folder / "bundle", plan,
                                     {{"environment.json", "{}\n"},
                                      {"machine.yaml", machine_text(machine)},
                                      {"specs/fixture.box.yaml", host::detail::fixture_spec}});
  writer.append(record, {});
  CHECK(writer.remaining().empty());  // --resume does not try it again
  auto const found = BundleVerifier(writer.finish()).verify();
  std::string troubles;
  for (auto const& each : found.troubles) troubles += each.place + ": " + each.sentence + "\n";
  CHECK(troubles == "");
  CHECK(found.sound == 1);
}
