// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/comparability.hpp>

#include "spec_fixture.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace inpex;
using namespace inpex::host;
using namespace inpex::test;

namespace {

std::vector<KeyPart> parts_of(std::string const& text, Wanted const& wanted,
                              Conduct const& conduct = {}) {
  auto const spec = parse_spec(text, "a.yaml");
  return comparability_parts(spec, make_plan(spec, wanted), conduct);
}

// The names of the components that differ.
std::vector<std::string> differing(std::vector<KeyPart> const& a, std::vector<KeyPart> const& b) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i]) names.push_back(a[i].first);
  CHECK((comparability_key(a) == comparability_key(b)) == names.empty());
  return names;
}

using FieldNames = std::vector<std::string>;
Wanted const smoke_case{
    .case_name = "smoke", .overrides = {}, .precision = {}, .memory = {}, .min_seconds = {}};

}  // namespace

TEST_CASE("tuning, ranks and words do not enter the key") {
  auto const base = parts_of(minimal_spec(), smoke_case);
  auto tuned = smoke_case;
  tuned.overrides = {{"tile", std::int64_t{2}, ""}};
  CHECK(differing(base, parts_of(minimal_spec(), tuned)).empty());
  auto wide = smoke_case;
  wide.ranks = 4;
  CHECK(differing(base, parts_of(minimal_spec(), wide)).empty());
  CHECK(differing(base, parts_of(minimal_spec({{"A box of cells", "Cells"}}), smoke_case)).empty());
  CHECK(differing(base, parts_of(minimal_spec({{"planted: [null-kernel]", "planted: [idle-rank]"}}),
                                 smoke_case))
            .empty());
}

TEST_CASE("each component changes the key and is named") {
  auto const base = parts_of(minimal_spec(), smoke_case);
  auto larger = smoke_case, single = smoke_case, shorter = smoke_case;
  larger.overrides = {{"nx", std::int64_t{64}, ""}};
  single.precision = "fp32";
  shorter.min_seconds = 1;
  CHECK(differing(base, parts_of(minimal_spec(), larger)) == FieldNames{"case"});
  CHECK(differing(base, parts_of(minimal_spec(), single)) == FieldNames{"precision"});
  CHECK(differing(base, parts_of(minimal_spec(), shorter)) == FieldNames{"measure"});
  CHECK(differing(base, parts_of(minimal_spec({{"4*eps", "5*eps"}}), smoke_case)) ==
        FieldNames{"verification"});
  CHECK(differing(base, parts_of(minimal_spec({{"test.box", "test.bag"}}), smoke_case)) ==
        FieldNames{"spec"});
  CHECK(differing(base, parts_of(minimal_spec({{"unit: cell/s", "unit: c/s"}}), smoke_case)) ==
        FieldNames{"figure of merit"});
  CHECK(differing(base, parts_of(minimal_spec(), smoke_case, {.division = "open"})) ==
        FieldNames{"division"});
  CHECK(differing(base, parts_of(minimal_spec(), smoke_case, {.scaling = "weak"})) ==
        FieldNames{"scaling mode"});
}

TEST_CASE("a share of the memory is the same case on machines of any size") {
  auto const text = minimal_spec({{"M: {nx: 512, steps: 20}", "M: {fill_memory: 0.5, steps: 20}"}});
  Wanted wanted{.case_name = "M",
                .overrides = {},
                .precision = {},
                .memory = {1U << 30, 0},
                .min_seconds = {}};
  auto const small = parts_of(text, wanted);
  wanted.memory.total_bytes = 1U << 31;
  CHECK(differing(small, parts_of(text, wanted)).empty());
}
