// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/damage.hpp>

#include "bundle_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <filesystem>
#include <string>

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
