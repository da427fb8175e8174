// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/reproduce.hpp>

#include "bundle_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::ContainsSubstring;

namespace {

BuildInfo build() {
  BuildInfo info;
  info.version = "0.1.0", info.commit = "abc", info.compiler = "GNU",
  info.compiler_version = "12.2.0";
  info.flags = "-O3", info.source_digest = "s";
  return info;
}

RunPlan plan() {
  RunPlan made;
  made.conditions = {{"version", std::string("0.1.0"), {}},
                     {"commit", std::string("abc"), {}},
                     {"compiler", std::string("GNU 12.2.0"), {}},
                     {"host", std::string("h"), {}},
                     {"source", std::string("s"), {}},
                     {"ranks", std::int64_t{2}, {}}};
  return made;
}

Record record() {
  Record made;
  made.software.flags = "-O3";
  made.software.kokkos = "", made.software.mpi = "";
  return made;
}

Reproduction said(std::vector<Comparison> const& verdicts, std::string const& host = "h",
                  Estimate const& ratio = {1, 0.9, 1.1, 0.95}) {
  ResultSource before{"a", {record()}, {}, {}}, after = before;
  before.records[0].platform.host = "h", after.records[0].platform.host = host;
  std::vector<Compared> all(verdicts.size());
  for (std::size_t i = 0; i < all.size(); ++i)
    all[i].verdict = verdicts[i], all[i].ratio = ratio, all[i].effect = 0.05;
  return reproduction(before, after, all);
}

}  // namespace

TEST_CASE("the same program may run a bundle's plan again; the host is no part of it") {
  auto same = record();
  same.software.kokkos_options = "";
  auto info = build();
  CHECK_THAT(build_difference(plan(), {}, info), Catch::Matchers::Equals(""));
}

TEST_CASE("a changed commit, compiler or flag is named with both values") {
  auto info = build();
  info.commit = "def";
  CHECK_THAT(build_difference(plan(), {}, info),
             ContainsSubstring("commit was \"abc\" and is now \"def\""));
  info = build();
  info.flags = "-O3 -ffast-math";
  CHECK_THAT(build_difference(plan(), {record()}, info),
             ContainsSubstring("flags was '-O3' and is now '-O3 -ffast-math'"));
  info = build();
  info.compiler_version = "13.1.0";
  CHECK_THAT(build_difference(plan(), {}, info), ContainsSubstring("compiler was"));
}

TEST_CASE("figures come out again where no difference can be claimed") {
  CHECK(said({Comparison::same, Comparison::undecided}).code == 0);
  CHECK(said({Comparison::same, Comparison::faster}).code == 5);
  CHECK(said({Comparison::same, Comparison::slower}).code == 5);
  CHECK(said({Comparison::same, Comparison::refused}).code == 6);
  CHECK(said({}).code == 6);
}

TEST_CASE("what is not known well enough to be told apart has not come out again") {
  auto const code = [](Estimate const& ratio) {
    return said({Comparison::undecided}, "h", ratio).code;
  };
  CHECK(code({1.02, 0.9, 1.1, 0.95}) == 0);
  CHECK(code({1, 0.9, 1.1, 0.75}) == 6);       // three samples
  CHECK(code({1.06, 0.99, 1.12, 0.95}) == 6);  // by more than the effect
  CHECK(code({0.94, 0.9, 1.01, 0.95}) == 6);
  CHECK(code({1, 0.99, 1.16, 0.95}) == 6);  // to within more than three of it
  CHECK(code({1, 0.86, 1.01, 0.95}) == 6);
}

TEST_CASE("of another machine nothing is claimed") {
  auto const other = said({Comparison::slower}, "elsewhere");
  CHECK(other.code == 6);
  CHECK_THAT(other.sentence, ContainsSubstring("another machine"));
}

TEST_CASE("a plan is run again by as many ranks as it had") {
  CHECK_NOTHROW(require_ranks(plan(), 2));
  CHECK_THAT(what_of([] { require_ranks(plan(), 1); }), ContainsSubstring("mpirun -n 2"));
}
