// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/damage.hpp>

#include "bundle_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <string_view>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::ContainsSubstring;

namespace {

// All that is told of a bundle.
std::string told(std::filesystem::path const& folder) {
  return verification_text(BundleVerifier(folder).verify());
}

}  // namespace

TEST_CASE("an unchanged bundle holds, and every number was computed again") {
  ScratchFolder const scratch;
  auto const found = BundleVerifier(make_bundle(scratch / "bundle", 3)).verify();
  CHECK(found.holds());
  CHECK(found.troubles.empty());
  CHECK(found.records == 3);
  CHECK(found.sound == 3);
  CHECK(exit_code_of(found) == 0);
}

TEST_CASE("a forged number is found although all hashes agree, and named by file and record") {
  ScratchFolder const scratch;
  auto const text =
      told(make_bundle(scratch / "bundle", 2, [](Record& r) { *r.fom.value *= 1.01; }));
  CHECK_THAT(text, ContainsSubstring("records.jsonl:1 ("));
  CHECK_THAT(text, ContainsSubstring("records.jsonl:2 ("));
  CHECK_THAT(text, ContainsSubstring("false by R-104 figure"));
  CHECK_THAT(text, ContainsSubstring("fom.value: "));
  CHECK_THAT(text, ContainsSubstring("0 of 2 records"));
}

TEST_CASE("samples outside the bundle are never opened") {
  ScratchFolder const scratch;
  auto const folder = make_bundle(scratch / "bundle", 1);
  auto lines = read_file(folder / "records.jsonl");
  auto record = record_of_line(lines.substr(0, lines.size() - 1), "a");
  record.timing.file = "../outside.h5";
  record.id = content_id(record);
  quick_file(folder / "records.jsonl", json_text(record) + "\n");
  quick_file(folder / manifest_name, manifest_of(folder));
  CHECK_THAT(told(folder), ContainsSubstring("its samples are not those of its task"));
}

TEST_CASE("a task without a record, a second record and samples of nobody are told") {
  ScratchFolder const scratch;
  auto const folder = make_bundle(scratch / "bundle", 2);
  auto const lines = read_file(folder / "records.jsonl");
  auto const first = lines.substr(0, lines.find('\n') + 1);
  quick_file(folder / "records.jsonl", first);
  quick_file(folder / manifest_name, manifest_of(folder));
  CHECK_THAT(told(folder),
             ContainsSubstring("the task 0002-fixture.box-smoke-serial-fp64 has no record"));
  quick_file(folder / "records.jsonl", first + first);
  quick_file(folder / manifest_name, manifest_of(folder));
  CHECK_THAT(told(folder), ContainsSubstring("a second record of this task"));
}

TEST_CASE("samples of nobody are told, whatever divisions say of the records") {
  ScratchFolder const scratch;
  auto const folder = make_bundle(scratch / "bundle", 2, [](Record& record) {
    record.software.dirty = true;
    record.quality.guards.push_back(
        {"dirty-source",
         "the source differs from its commit, so nobody else can build this program", "note"});
  });
  REQUIRE_THAT(told(folder), ContainsSubstring("division by R-117"));
  REQUIRE_THAT(told(folder), ContainsSubstring("the bundle holds"));
  for (auto const* name : {"samples/one.h5", "samples/two.h5"}) quick_file(folder / name, "");
  quick_file(folder / manifest_name, manifest_of(folder));
  for (auto const* name : {"one.h5", "two.h5"})
    CHECK_THAT(told(folder),
               ContainsSubstring(std::string(name) + ": damaged: no record has these samples"));
}

TEST_CASE("a task that was taken out with its record and its samples is missed") {
  ScratchFolder const scratch;
  auto const folder = make_bundle(scratch / "bundle", 2);
  auto const lines = read_file(folder / "records.jsonl");
  quick_file(folder / "records.jsonl", lines.substr(lines.find('\n') + 1));
  auto plan = plan_of_text(read_file(folder / "plan.json"), "plan.json");
  std::filesystem::remove(folder / "samples" / (plan.tasks[0].name + ".h5"));
  plan.tasks.erase(plan.tasks.begin());
  quick_file(folder / "plan.json", json_text(plan) + "\n");
  quick_file(folder / manifest_name, manifest_of(folder));
  CHECK_THAT(told(folder), ContainsSubstring("not numbered as they were"));
}

TEST_CASE("a plan whose rounds are fewer than its command asks for is refused") {
  RunPlan plan;
  plan.command = {"inpex", "run", "a.b", "--repeat", "3"};
  for (int i = 0; i < 6; ++i)
    plan.tasks.push_back({"", "a.b", i % 2 == 0 ? "S" : "M", "serial", "fp64", "native", {}});
  auto const said = [&] {
    name_tasks(plan);
    return what_of([&] { plan_of_text(json_text(plan), "plan.json"); });
  };
  CHECK_THAT(said(), ContainsSubstring("its command repeats 3 times, its tasks are 1 rounds"));
  put(plan.options, "repeat", std::int64_t{3});
  CHECK(said() == "");
  plan.tasks.pop_back();
  CHECK_THAT(said(), ContainsSubstring("its tasks are not 3 rounds of the same"));
  plan.tasks.pop_back();
  CHECK_THAT(said(), ContainsSubstring("its tasks are not 3 rounds of the same"));
  put(plan.options, "repeat", std::int64_t{2});
  CHECK_THAT(said(), ContainsSubstring("its command repeats 3 times, its tasks are 2 rounds"));
  plan.command.back() = "2";
  CHECK(said() == "");
  plan.tasks[3].case_name = "L";
  CHECK_THAT(said(), ContainsSubstring("not 2 rounds of the same"));
}

TEST_CASE("what is no whole bundle is refused") {
  ScratchFolder const scratch;
  CHECK(fault_of([&] { told(scratch / "nowhere"); }) == Fault::command);
  std::filesystem::create_directories(scratch / "a.partial");
  CHECK(fault_of([&] { told(scratch / "a.partial"); }) == Fault::inconclusive);
  std::filesystem::create_directories(scratch / "b");
  CHECK(fault_of([&] { told(scratch / "b"); }) == Fault::inconclusive);
}

TEST_CASE("every flipped bit, cut end and added byte is found") {
  ScratchFolder const scratch;
  auto const folder = make_bundle(scratch / "bundle", 3);
  CHECK(damages_missed(folder, 400, 20261123) == 0);
  CHECK(BundleVerifier(folder).verify().holds());
}

TEST_CASE("a manifest or signature that is a link, a FIFO or a folder is told, and not opened") {
  ScratchFolder const scratch;
  auto const folder = make_bundle(scratch / "bundle", 1);
  std::filesystem::rename(folder / manifest_name, scratch / "outside");
  auto const refused = [&](std::string_view name) {
    auto const text = told(folder);
    CHECK_THAT(text, ContainsSubstring((folder / name).string() + ": damaged: "));
    CHECK_THAT(text, ContainsSubstring("the bundle does NOT hold"));
    std::filesystem::remove(folder / name);
  };
  std::filesystem::create_symlink(scratch / "outside", folder / manifest_name);
  refused(manifest_name);
  REQUIRE(::mkfifo((folder / manifest_name).c_str(), 0600) == 0);
  refused(manifest_name);
  std::filesystem::create_directories(folder / manifest_name);
  refused(manifest_name);
  std::filesystem::copy_file(scratch / "outside", folder / manifest_name);
  std::filesystem::create_symlink(scratch / "outside", folder / signature_name);
  refused(signature_name);
  REQUIRE(::mkfifo((folder / signature_name).c_str(), 0600) == 0);
  refused(signature_name);
  CHECK(BundleVerifier(folder).verify().holds());
}

TEST_CASE(
    "files of a bundle that are no plain files are told, also where the manifest lists none") {
  ScratchFolder const scratch;
  for (auto const* name : {"plan.json", "records.jsonl", "machine.yaml", "environment.json"}) {
    CAPTURE(name);
    auto const folder = make_bundle(scratch / name, 1);
    std::filesystem::remove(folder / name);
    REQUIRE(::mkfifo((folder / name).c_str(), 0600) == 0);
    quick_file(folder / manifest_name, "no manifest\n");
    CHECK_THAT(told(folder),
               ContainsSubstring((folder / name).string() + ": damaged: a bundle holds"));
  }
}

TEST_CASE("each finding is one line, whatever a name or a guard's sentence holds") {
  ScratchFolder const scratch;
  auto const folder = make_bundle(scratch / "bundle", 1);
  quick_file(folder / "\x1b[2J\nthe bundle holds", "x");
  auto const text = told(folder);
  CHECK_THAT(text, ContainsSubstring("\\x1b[2J\\x0athe bundle holds: damaged: the file was added"));
  CHECK_THAT(text, !ContainsSubstring("\x1b") && !ContainsSubstring("\nthe bundle holds"));
}

TEST_CASE("every error of a spec in a bundle is a finding of its own") {
  ScratchFolder const scratch;
  auto const folder = make_bundle(scratch / "bundle", 1);
  quick_file(folder / "specs/zz.yaml", "one: 1\ntwo: 2\n");
  quick_file(folder / manifest_name, manifest_of(folder));
  auto const text = told(folder);
  CHECK_THAT(text, ContainsSubstring("zz.yaml:1:1: damaged: unknown field 'one'\n"));
  CHECK_THAT(text, ContainsSubstring("zz.yaml:2:1: damaged: unknown field 'two'\n"));
}

TEST_CASE("two specs of one id are told: nobody knows which one was meant") {
  ScratchFolder const scratch;
  auto const folder = make_bundle(scratch / "bundle", 1);
  std::filesystem::copy_file(folder / "specs/fixture.box.yaml", folder / "specs/other.yaml");
  quick_file(folder / manifest_name, manifest_of(folder));
  CHECK_THAT(told(folder), ContainsSubstring("other.yaml: damaged: a second spec of fixture.box"));
}
