// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/made_bundle.hpp>
#include <inpex/host/rerun.hpp>
#include <inpex/host/result_source.hpp>

#include "bundle_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <sys/stat.h>

#include <filesystem>
#include <string>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;

namespace {

// The bundle with one file of other bytes, all hashes agreeing.
void forge(std::filesystem::path const& folder, std::string const& name, std::string const& text) {
  quick_file(folder / name, text);
  quick_file(folder / manifest_name, manifest_of(folder));
}

}  // namespace

TEST_CASE("a bundle brings its specs, and an empty folder among them is nothing") {
  ScratchFolder const scratch;
  auto const folder = make_bundle(scratch / "bundle", 1);
  std::filesystem::create_directories(folder / "specs/sub");
  auto const source = read_results(folder);
  CHECK(source.specs.size() == 1);
  CHECK(source.spec("fixture.box") != nullptr);
  CHECK(rerun_of(folder).specs.size() == 1);
}

TEST_CASE("a spec of a bundle that does not hold is the bundle's fault, at its place") {
  ScratchFolder const scratch;
  auto const folder = make_bundle(scratch / "bundle", 1);
  auto const good = read_file(folder / "specs/fixture.box.yaml");
  forge(folder, "specs/fixture.box.yaml", "x: 1\n");
  CHECK(fault_of([&] { read_results(folder); }) == Fault::inconclusive);
  CHECK_THAT(what_of([&] { read_results(folder); }), ContainsSubstring("fixture.box.yaml:1:1: "));
  forge(folder, "specs/fixture.box.yaml", good);
  forge(folder, "specs/other.yaml", good);
  CHECK(fault_of([&] { read_results(folder); }) == Fault::inconclusive);
  CHECK_THAT(what_of([&] { read_results(folder); }),
             ContainsSubstring("other.yaml: a second spec of fixture.box"));
}

TEST_CASE("a plan whose least seconds are a text is the bundle's fault, at its place") {
  ScratchFolder const scratch;
  auto const folder = make_bundle(scratch / "bundle", 1);
  auto plan = rerun_of(folder).plan;
  plan.options = {{"min_seconds", std::string("x"), {}}};
  forge(folder, "plan.json", json_text(plan) + "\n");
  CHECK(fault_of([&] { read_results(folder); }) == Fault::inconclusive);
  CHECK_THAT(what_of([&] { read_results(folder); }),
             ContainsSubstring("plan.json: 'options.min_seconds' must be seconds"));
}

TEST_CASE("a manifest that is a folder, a FIFO or a link makes no bundle") {
  ScratchFolder const scratch;
  auto const folder = make_bundle(scratch / "bundle", 1);
  std::filesystem::rename(folder / manifest_name, scratch / "outside");
  auto const refused = [&] {
    CHECK(fault_of([&] { read_results(folder); }) == Fault::inconclusive);
    CHECK_THAT(what_of([&] { open_bundle(folder); }), ContainsSubstring("manifest.sha256"));
    std::filesystem::remove(folder / manifest_name);
  };
  std::filesystem::create_directories(folder / manifest_name);
  refused();
  REQUIRE(::mkfifo((folder / manifest_name).c_str(), 0600) == 0);
  refused();
  std::filesystem::create_symlink(scratch / "outside", folder / manifest_name);
  refused();
  std::filesystem::rename(scratch / "outside", folder / manifest_name);
  CHECK(read_results(folder).records.size() == 1);
}

TEST_CASE("a file that holds no records is told what is expected, one that is torn what to do") {
  ScratchFolder const scratch;
  auto const said = [&](std::string const& text) {
    quick_file(scratch / "some.jsonl", text);
    CHECK(fault_of([&] { read_results(scratch / "some.jsonl"); }) == Fault::inconclusive);
    return what_of([&] { read_results(scratch / "some.jsonl"); });
  };
  CHECK_THAT(said("root:x:0:0:root:/root:/bin/bash\n"),
             ContainsSubstring("some.jsonl: the file holds no records") &&
                 EndsWith("or a file like the records.jsonl in it"));
  auto const line = json_text(sound_evidence().record);
  CHECK_THAT(said(line.substr(0, 99)), ContainsSubstring("some.jsonl:1: the line is torn\n  take"));
  CHECK_THAT(said("{\"inpex_record\":\n"), ContainsSubstring("some.jsonl:1: is not JSON") &&
                                               ContainsSubstring("\n  take an unchanged copy"));
  auto const records = read_file(make_bundle(scratch / "made", 1) / "records.jsonl");
  CHECK_THAT(said(records + records), ContainsSubstring("some.jsonl:2: a second record of 0001-") &&
                                          ContainsSubstring("\n  take an unchanged copy"));
}

TEST_CASE(
    "a bundle whose plan is no plan is told what to do, and so is a folder that is no bundle") {
  ScratchFolder const scratch;
  auto const folder = make_bundle(scratch / "bundle", 1);
  for (auto const* text : {"not JSON\n", "{\"inpex_plan\":\"1.0\",\"tasks\":[{}]}\n"}) {
    forge(folder, "plan.json", text);
    CHECK_THAT(what_of([&] { rerun_of(folder); }),
               EndsWith("take an unchanged copy, or run again"));
  }
  std::filesystem::remove(folder / manifest_name);
  CHECK_THAT(what_of([&] { open_bundle(folder); }),
             EndsWith("name a bundle: the folder that `inpex run` made"));
}
