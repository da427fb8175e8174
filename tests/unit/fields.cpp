// SPDX-License-Identifier: Apache-2.0
#include <inpex/fields.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

using namespace inpex;

namespace {

struct Params {
  std::int64_t nx = 64;
  double r = 0.125;
  std::vector<double> modes{1, 0.5};
  static constexpr auto fields() {
    return std::tuple{field("nx", &Params::nx), field("r", &Params::r),
                      field("modes", &Params::modes)};
  }
};

}  // namespace

TEST_CASE("fields are listed with their defaults, in order") {
  auto const fields = fields_of<Params>();
  REQUIRE(fields.size() == 3);
  CHECK(fields[0].name == "nx");
  CHECK(fields[1].fallback == Value(0.125));
  CHECK(type_name(fields[2].fallback) == "reals");
}

TEST_CASE("what is written is read back, and what a table does not name keeps its default") {
  Params const params = read<Params>({{"nx", std::int64_t{8}, ""}});
  CHECK(params.nx == 8);
  CHECK(params.r == 0.125);
  CHECK(write(read<Params>(write(params))) == write(params));
}

TEST_CASE("an unknown name is refused with the nearest right one, an empty one too") {
  for (std::string const name : {"nxx", "", "colour"}) {
    INFO(name);
    CHECK_THROWS_AS(read<Params>({{name, std::int64_t{8}, ""}}), Error);
  }
  try {
    read<Params>({{"mode", 1.0, "heat7.yaml:3:5"}});
    FAIL("accepted");
  } catch (Error const& error) {
    CHECK(std::string(error.what()) ==
          "heat7.yaml:3:5: unknown parameter 'mode'\n  did you mean 'modes'?");
  }
}
