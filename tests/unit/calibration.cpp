// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/calibrate.hpp>

#include "bundle_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::ContainsSubstring;

namespace {

Calibration possible() {
  Calibration made{.machine = "abc", .created = "2026-11-23T00:00:00Z", .cases = {}};
  made.cases.push_back(
      {"a.b", "S", "serial", "fp64", 1, "", 20, 0.1, 0.2, 1, 0.1, 20, 19, CalibratedRounds{}});
  *made.cases[0].in_turn = {10, 0.05, 4, 0, 4, 4};
  return made;
}

using Change = std::function<void(CalibratedCase&)>;

std::vector<Change> const impossible{
    [](CalibratedCase& each) { each.effect = -0.5; },
    [](CalibratedCase& each) { each.effect = std::nan(""); },
    [](CalibratedCase& each) { each.effect = std::numeric_limits<double>::infinity(); },
    [](CalibratedCase& each) { each.effect = 1e9; },
    [](CalibratedCase& each) { each.detectable = -1; },
    [](CalibratedCase& each) { each.false_rate_bound = 1.5; },
    [](CalibratedCase& each) { each.false_rate_bound = std::nan(""); },
    [](CalibratedCase& each) { each.pairs = -1; },
    [](CalibratedCase& each) { each.false_verdicts = -1; },
    [](CalibratedCase& each) { each.false_verdicts = 21; },
    [](CalibratedCase& each) { each.slowed_found = 21; },
    [](CalibratedCase& each) { each.slowed_found.reset(); },
    [](CalibratedCase& each) { each.in_turn->effect = std::nan(""); },
    [](CalibratedCase& each) { each.in_turn->effect = -1; },
    [](CalibratedCase& each) { each.in_turn->rounds = 0; },
    [](CalibratedCase& each) { each.in_turn->false_verdicts = 5; },
    [](CalibratedCase& each) { each.in_turn->slowed = -4; },
};

}  // namespace

TEST_CASE("a calibration that runs can have given is read") {
  ScratchFolder const folder;
  write_file(folder / "abc.json", json_text(possible()));
  CHECK(read_calibration(folder / "", "abc").cases.at(0).effect == 0.1);
}

TEST_CASE("an impossible calibration is refused with the way out, whichever number it is") {
  ScratchFolder const folder;
  for (std::size_t i = 0; i < impossible.size(); ++i) {
    CAPTURE(i);
    auto made = possible();
    impossible[i](made.cases[0]);
    write_file(folder / "abc.json", json_text(made));
    auto const read = [&] { read_calibration(folder / "", "abc"); };
    CHECK(fault_of(read) == Fault::inconclusive);
    CHECK_THAT(what_of(read), ContainsSubstring("abc.json: no runs can have given"));
    CHECK_THAT(what_of(read), ContainsSubstring("remove the file"));
  }
}

TEST_CASE("a calibration that is no JSON or of another machine is refused with the way out") {
  ScratchFolder const folder;
  auto other = possible();
  other.machine = "xyz";
  for (auto const& text : {std::string("{"), std::string(), json_text(other)}) {
    write_file(folder / "abc.json", text);
    CHECK_THAT(what_of([&] { read_calibration(folder / "", "abc"); }),
               ContainsSubstring("abc.json: ") && ContainsSubstring("remove the file"));
  }
}

TEST_CASE("a damaged calibration is replaced by a new one") {
  ScratchFolder const folder;
  for (std::string const text : {"{", R"({"inpex_calibration":"1.0","machine":"abc","x":1})"}) {
    write_file(folder / "abc.json", text);
    store(possible(), folder / "");
    CHECK(read_calibration(folder / "", "abc").cases.size() == 1);
  }
}

TEST_CASE("what would not be read again is not stored, and what was known stays") {
  ScratchFolder const folder;
  store(possible(), folder / "");
  auto made = possible();
  made.cases[0].effect = std::nan("");
  CHECK(fault_of([&] { store(made, folder / ""); }) == Fault::inconclusive);
  CHECK(read_calibration(folder / "", "abc").cases.at(0).effect == 0.1);
}
