// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/overrides.hpp>

#include "spec_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <string>
#include <vector>

using namespace inpex;
using namespace inpex::host;
using namespace inpex::test;
using Catch::Matchers::ContainsSubstring;

namespace {

std::vector<Table> swept(std::vector<std::string> const& options) {
  std::vector<Setting> settings;
  for (auto const& option : options) settings.push_back(parse_setting(option));
  auto const spec = minimal_spec({{"nx: {type: int, ", "nx: {type: int, multiple: 8, "}});
  return sweep(parse_spec(spec, "a.yaml"), settings);
}

std::string override_error(std::vector<std::string> const& options) {
  try {
    swept(options);
  } catch (Error const& error) {
    return std::to_string(exit_code(error.fault)) + " " + error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("no setting is one run with the case's own values") {
  CHECK(swept({}) == std::vector<Table>{{}});
}

TEST_CASE("several values are all combinations, the last parameter fastest") {
  auto const tables = swept({"nx=64,128", "tile=1,2"});
  REQUIRE(tables.size() == 4);
  CHECK(tables[0] == Table{{"nx", std::int64_t{64}, ""}, {"tile", std::int64_t{1}, ""}});
  CHECK(tables[1] == Table{{"nx", std::int64_t{64}, ""}, {"tile", std::int64_t{2}, ""}});
  CHECK(tables[3].front().where == "-p nx=64,128");
}

TEST_CASE("a whole number is a value of a real parameter") {
  CHECK(swept({"r=1"}).front() == Table{{"r", 1.0, ""}});
}

TEST_CASE("what cannot be set is exit 2 with its place and the right word") {
  CHECK_THAT(override_error({"nz=64"}),
             ContainsSubstring("2 -p nz=64: test.box has no parameter 'nz'") &&
                 ContainsSubstring("'nx'"));
  CHECK_THAT(override_error({"nx=3"}), ContainsSubstring("nx is 3, below 4"));
  CHECK_THAT(override_error({"nx=60"}), ContainsSubstring("nx is 60, no multiple of 8") &&
                                            ContainsSubstring("write 56 or 64"));
  CHECK_THAT(override_error({"nx=many"}), ContainsSubstring("but its type is int"));
  CHECK_THAT(override_error({"nx=6.4e1"}), ContainsSubstring("but its type is int"));
  CHECK_THAT(override_error({"nx=99999999999999999999"}), ContainsSubstring("64 bits"));
  CHECK_THAT(override_error({"r=nan"}), ContainsSubstring("but its type is real"));
  CHECK_THAT(override_error({"nx"}), ContainsSubstring("sets nothing"));
  CHECK_THAT(override_error({"=3"}), ContainsSubstring("sets nothing"));
  CHECK_THAT(override_error({"nx=1,,2"}), ContainsSubstring("a value is missing"));
  CHECK_THAT(override_error({"nx=64", "nx=128"}), ContainsSubstring("set twice"));
}

TEST_CASE("a sweep of more than 10,000 runs is refused") {
  std::string many = "tile=1";
  for (int i = 2; i <= 101; ++i) many += "," + std::to_string(i);
  std::string sizes = "nx=8";
  for (int i = 2; i <= 101; ++i) sizes += "," + std::to_string(8 * i);
  CHECK_THAT(override_error({many, sizes}),
             ContainsSubstring("more than 10000 runs"));  // 101 * 101
}
