// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/acceptance.hpp>
#include <inpex/host/rule_fixtures.hpp>

#include "evidence_on.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <string>
#include <vector>

using namespace inpex;
using namespace inpex::host;
using namespace inpex::test;
using Catch::Matchers::ContainsSubstring;

namespace {

// The verdict on a clause of a contract whose figures are `box`, with these words more, and
// `openmp`.
JudgedClause said_of(std::string const& clause, std::vector<Evidence> const& all,
                     std::string const& more = {}) {
  auto const sound = sound_evidence();
  Acceptor acceptor(
      parse_contract("inpex_contract: \"1.0\"\nid: test\ndivision: reference\nconfidence: 0.95\n"
                     "figures:\n  - {name: box, app: fixture.box, case: smoke" +
                         more +
                         "}\n  - {name: openmp, app: fixture.box, case: smoke, space: openmp}\n"
                         "clauses:\n  - {id: one, " +
                         clause + "}\n",
                     "c.yaml"),
      {{{"fixture.box", sound.spec->digest}}, sound.record.software.source});
  for (auto const& each : all) acceptor.add(each);
  return acceptor.judge().clauses.front();
}

Evidence of_status(Status status, std::string const& reason) {
  auto evidence = sound_evidence_on("openmp");
  evidence.record.status = status, evidence.record.reason = reason;
  return evidence;
}

}  // namespace

TEST_CASE("beside a run that passed, one of any other status rejects the figure") {
  for (auto const status : {Status::wrong, Status::failed, Status::timeout, Status::skipped}) {
    auto const told =
        said_of("figure: box, at_least: 1", {sound_evidence(), of_status(status, "so it is")});
    CHECK(told.verdict == Acceptance::reject);
    CHECK_THAT(told.reason,
               ContainsSubstring("its status is " + std::string(word(status)) + ": so it is"));
  }
}
