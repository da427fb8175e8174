// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/sound_bundle.hpp>

#include <inpex/host/made_bundle.hpp>

#include "bundle_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <new>
#include <string>
#include <vector>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a bundle that holds is taken, and what does not is named with its place") {
  ScratchFolder const folder;
  auto const bundle = make_bundle(folder / "bundle", 2);
  CHECK_NOTHROW(require_sound(bundle));
  write_file(bundle / "environment.json", "{} \n");
  CHECK_THAT(what_of([&] { require_sound(bundle); }),
             ContainsSubstring("environment.json: the file was changed"));
  CHECK(fault_of([&] { require_sound(bundle); }) == Fault::inconclusive);
  CHECK(fault_of([&] { require_sound(folder / "nowhere"); }) == Fault::command);
}

TEST_CASE("of many findings five are told, and how many more there are") {
  ScratchFolder const folder;
  auto const bundle =
      make_bundle(folder / "bundle", 8, [](Record& record) { *record.fom.value *= 2; });
  CHECK_THAT(what_of([&] { require_sound(bundle); }), ContainsSubstring("and 3 more"));
}

TEST_CASE("a reader that takes more memory than any bundle needs is ended") {
  if (build_info().sanitizers) SKIP("a sanitizer takes more address space than there is");
  ScratchFolder const folder;
  auto const bundle = make_bundle(folder / "bundle", 1);
  auto const end = in_child(
      [&]() -> std::string {
        limit_reading(bundle);
        try {
          std::vector<char> const much(std::size_t{6} << 30);
          return "it had " + std::to_string(much.size());
        } catch (std::bad_alloc const&) {
          return "it was refused";
        }
      },
      30);
  CHECK(end.answer == "it was refused");
}

TEST_CASE("two records of the very same samples are found") {
  ScratchFolder const folder;
  auto const bundle = make_bundle(folder / "bundle", 2);
  auto source = read_file(bundle / "records.jsonl");
  CHECK_NOTHROW(require_sound(bundle));
  // The second record gets the samples of the first: all hashes are made to fit.
  auto records = records_of_text(source, "records.jsonl");
  auto const samples = read_samples(bundle, records[0]);
  auto again = evidence_of(records[0], samples,
                           std::make_shared<Spec const>(
                               parse_spec(host::detail::fixture_spec, "fixture.yaml")),
                           std::nullopt)
                   .again;
  again.provenance.task = records[1].provenance.task;
  describe_samples(again, samples);
  again.id = content_id(again);
  quick_file(bundle / again.timing.file, SampleWriter(again.id).image(samples));
  quick_file(bundle / "records.jsonl", json_text(records[0]) + "\n" + json_text(again) + "\n");
  quick_file(bundle / manifest_name, manifest_of(bundle));
  CHECK_THAT(what_of([&] { require_sound(bundle); }),
             ContainsSubstring("another record has the very same samples"));
}
