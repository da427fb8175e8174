// SPDX-License-Identifier: Apache-2.0
#include <inpex/value.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstdint>
#include <string>
#include <vector>

using namespace inpex;

TEST_CASE("a whole number is accepted where a real is asked for, and never the other way round") {
  CHECK(as<double>({"r", std::int64_t{2}, ""}) == 2.0);
  CHECK(as<std::vector<double>>({"modes", std::vector<std::int64_t>{1, 2}, ""}) ==
        std::vector<double>{1, 2});
  CHECK_THROWS_AS(as<std::int64_t>({"nx", 2.0, ""}), Error);
  CHECK_THROWS_AS(as<bool>({"on", std::int64_t{1}, ""}), Error);
}

TEST_CASE("a value of another type is refused at the place that set it") {
  try {
    as<std::int64_t>({"nx", std::string("many"), "heat7.yaml:12:9"});
    FAIL("accepted");
  } catch (Error const& error) {
    CHECK(error.fault == Fault::spec);
    CHECK(std::string(error.what()) == "heat7.yaml:12:9: nx is a text, but must be a int");
  }
}

TEST_CASE("a value is put in its place, or at the end where the name is new") {
  Table table{{"nx", std::int64_t{1}, ""}, {"ny", std::int64_t{2}, ""}};
  put(table, "nx", std::int64_t{7}, "-p nx=7");
  put(table, "nz", std::int64_t{3});
  CHECK(table == Table{{"nx", std::int64_t{7}, ""},
                       {"ny", std::int64_t{2}, ""},
                       {"nz", std::int64_t{3}, ""}});
  CHECK(table[0].where == "-p nx=7");
  CHECK(find(table, "n") == nullptr);
  CHECK_THROWS_AS(at<std::int64_t>(table, "n"), Error);
}
