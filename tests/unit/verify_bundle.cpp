// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/verify_bundle.hpp>

#include "bundle_fixture.hpp"

#include <inpex/host/rule_fixtures.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::ContainsSubstring;

namespace {

// Writes a file without waiting for the disk.
void quick_file(std::filesystem::path const& path, std::string const& text) {
  std::ofstream(path, std::ios::binary) << text;
}

// The record of a task, its file of samples written below `folder`.
std::string line_of(std::filesystem::path const& folder, Evidence const& sound,
                    std::string const& task, void (*forge)(Record&)) {
  auto record = sound.again;
  record.provenance.task = task;
  record.provenance.environment = sha256("{}\n");
  record.created = "2026-11-23T00:00:00Z";
  describe_samples(record, sound.samples);
  if (forge != nullptr) forge(record);
  record.id = content_id(record);
  quick_file(folder / record.timing.file, SampleWriter(record.id).image(sound.samples));
  return json_text(record) + "\n";
}

// A whole bundle of that many records at `folder`, made without a run; `forge` changes each record
// before it gets its id, so that all hashes agree.
std::filesystem::path make_bundle(std::filesystem::path const& folder, int records,
                                  void (*forge)(Record&) = nullptr) {
  auto const sound = sound_evidence();
  for (auto const* each : {"", "samples", "specs"})
    std::filesystem::create_directories(folder / each);
  RunPlan plan;
  plan.command = {"inpex", "run", "fixture.box"};
  for (int i = 0; i < records; ++i)
    plan.tasks.push_back({"", "fixture.box", "smoke", "serial", "fp64", "native", {}});
  name_tasks(plan);
  std::string lines;
  for (auto const& task : plan.tasks) lines += line_of(folder, sound, task.name, forge);
  quick_file(folder / "records.jsonl", lines);
  quick_file(folder / "plan.json", json_text(plan) + "\n");
  quick_file(folder / "environment.json", "{}\n");
  quick_file(folder / "log.txt", "the run begins\n");
  Machine machine;
  machine.created = "2026-11-23T00:00:00Z";
  quick_file(folder / "machine.yaml", machine_text(machine));
  quick_file(folder / "specs/fixture.box.yaml", host::detail::fixture_spec);
  quick_file(folder / manifest_name, manifest_of(folder));
  return folder;
}

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

namespace {

// Flips a bit, cuts the end off or adds a byte, somewhere in some file of the bundle, `times`
// times; counts the damages that are not found. The folder is as before afterwards.
int unfound(std::filesystem::path const& folder, int times, std::uint64_t seed) {
  std::vector<std::filesystem::path> files;
  for (auto const& each : std::filesystem::recursive_directory_iterator(folder))
    if (each.is_regular_file()) files.push_back(each.path());
  std::sort(files.begin(), files.end());
  std::mt19937_64 random(seed);
  int missed = 0;
  for (int i = 0; i < times; ++i) {
    auto const& file = files[random() % files.size()];
    auto const before = read_file(file);
    auto damaged = before;
    auto const at = static_cast<std::size_t>(random() % before.size());
    switch (random() % 4) {
    case 0:
      damaged.resize(at);
      break;
    case 1:
      damaged.insert(at, 1, static_cast<char>(random()));
      break;
    default:
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << random() % 8));
    }
    quick_file(file, damaged);
    missed += BundleVerifier(folder).verify().holds();
    quick_file(file, before);
  }
  return missed;
}

}  // namespace

TEST_CASE("every flipped bit, cut end and added byte is found") {
  ScratchFolder const scratch;
  auto const folder = make_bundle(scratch / "bundle", 3);
  CHECK(unfound(folder, 400, 20261123) == 0);
  CHECK(BundleVerifier(folder).verify().holds());
}

// inpex_unit "[documented]": the figures of docs/results.md.
TEST_CASE("ten thousand damages are found", "[.][documented]") {
  ScratchFolder const scratch;
  CHECK(unfound(make_bundle(scratch / "small", 3), 10'000, 1) == 0);
}
TEST_CASE("ten thousand records are judged in seconds", "[.][documented]") {
  ScratchFolder const scratch;
  auto const folder = make_bundle(scratch / "large", 10'000);
  auto const start = std::chrono::steady_clock::now();
  CHECK(BundleVerifier(folder).verify().sound == 10'000);
  std::chrono::duration<double> const seconds = std::chrono::steady_clock::now() - start;
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  std::printf("verify of 10000 records: %.2f s, at most %ld MB\n", seconds.count(),
              used.ru_maxrss / 1000);
}
