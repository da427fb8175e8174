// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/samples_file.hpp>
#include <inpex/host/samples_reader.hpp>

#include "bundle_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <string>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string const written_id(64, 'a');

// A record of these samples, its file written below `folder`.
Record stored(ScratchFolder const& folder, Samples const& samples) {
  Record record;
  record.id = written_id;
  record.timing.file = "case.h5";
  record.timing.samples_digest = samples_digest(samples);
  write_file(folder / "case.h5", SampleWriter(written_id).image(samples));
  return record;
}

}  // namespace

TEST_CASE("samples read back bit for bit, phases sorted by name") {
  ScratchFolder const folder;
  auto const samples = test_samples(100);
  auto const back = read_samples(folder / "", stored(folder, samples));
  CHECK(back.time == samples.time);
  REQUIRE(back.phases.size() == 2);
  CHECK(back.phases[0].name == "halo");
  CHECK(back.phases[0].time == samples.phases[1].time);
  CHECK(back.phases[1].time == samples.phases[0].time);
}

TEST_CASE("samples without phases, or without a sample, are a file as well") {
  ScratchFolder const folder;
  CHECK(read_samples(folder / "", stored(folder, {{{1.5}}, {}})).phases.empty());
  CHECK(read_samples(folder / "", stored(folder, {{}, {{"sweep", {{1, 2}}}}})).time.empty());
}

TEST_CASE("the same samples give the same bytes") {
  CHECK(SampleWriter(written_id).image(test_samples(3)) ==
        SampleWriter(written_id).image(test_samples(3)));
  CHECK(SampleWriter(written_id).image(test_samples(3)) !=
        SampleWriter(written_id).image(test_samples(4)));
}

TEST_CASE("the digest does not depend on the order of phases, but on every sample") {
  auto samples = test_samples(3);
  auto const digest = samples_digest(samples);
  std::swap(samples.phases[0], samples.phases[1]);
  CHECK(samples_digest(samples) == digest);
  samples.time[2][1] *= 1 + 1e-15;
  CHECK(samples_digest(samples) != digest);
}

TEST_CASE("readings of energy read back bit for bit, under the name of their counter") {
  ScratchFolder const folder;
  auto samples = test_samples(2);
  auto const without = samples_digest(samples);
  samples.energy = {"rapl", {{0.1, 1.0 / 3}, {0.2, 7}}};
  auto const back = read_samples(folder / "", stored(folder, samples));
  CHECK(back.energy.source == "rapl");
  CHECK(back.energy.readings == samples.energy.readings);
  CHECK_THAT(read_file(folder / "case.h5"), ContainsSubstring("sample, window and gross energy"));
  auto const digest = samples_digest(samples);
  CHECK(digest != without);
  samples.energy.readings[1][1] *= 1 + 1e-15;
  CHECK(samples_digest(samples) != digest);
  samples.energy = {"rapl (mine)", back.energy.readings};
  CHECK(samples_digest(samples) != digest);
}

TEST_CASE("samples without energy are written as before there was any") {
  CHECK(json_text(Samples{{{1.5}}, {{"sweep", {{0.5}}}}}) ==
        R"({"time":[[1.5]],"phases":[{"name":"sweep","time":[[0.5]]}]})");
  CHECK_THAT(SampleWriter(written_id).image(test_samples(3)), !ContainsSubstring("power"));
}

TEST_CASE("readings of energy that are no window and joules are refused") {
  ScratchFolder const folder;
  auto samples = test_samples(2);
  samples.energy = {"rapl", {{0.1, 1, 2}, {0.2, 7, 2}}};
  CHECK_THAT(what_of([&] { read_samples(folder / "", stored(folder, samples)); }),
             ContainsSubstring("a reading of energy is a window and joules"));
}

TEST_CASE("a record without samples has no file") {
  CHECK(read_samples("nowhere", Record{}).time.empty());
}

TEST_CASE("samples of other numbers of ranks are refused by the name of their phase") {
  auto samples = test_samples(3);
  samples.phases[0].time[1].push_back(1);
  CHECK_THAT(what_of([&] { (void)SampleWriter(written_id).image(samples); }),
             ContainsSubstring("'sweep' has samples of different numbers of ranks"));
}

TEST_CASE("a phase whose name would be a path is refused") {
  CHECK_THAT(what_of([] {
               (void)SampleWriter(written_id).image({{{1.0}}, {{"a/b", {{1.0}}}}});
             }),
             ContainsSubstring("cannot have the name 'a/b'"));
}

TEST_CASE("a file that is cut off, missing, or of other samples is refused by its name") {
  ScratchFolder const folder;
  auto record = stored(folder, test_samples(3));
  auto const bytes = read_file(folder / "case.h5");
  write_file(folder / "case.h5", bytes.substr(0, 1000));
  CHECK_THAT(what_of([&] { read_samples(folder / "", record); }), ContainsSubstring("case.h5"));
  write_file(folder / "case.h5", SampleWriter(written_id).image(test_samples(2)));
  CHECK_THAT(what_of([&] { read_samples(folder / "", record); }),
             ContainsSubstring("the samples are not those of record aaaaaaaaaaaa"));
  write_file(folder / "case.h5", SampleWriter(std::string(64, 'b')).image(test_samples(3)));
  CHECK(fault_of([&] { read_samples(folder / "", record); }) == Fault::inconclusive);
  record.timing.file = "none.h5";
  CHECK_THAT(what_of([&] { read_samples(folder / "", record); }),
             ContainsSubstring("none.h5: cannot read"));
}
