// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/formula_parser.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <cstdint>
#include <limits>
#include <string>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinULP;

namespace {

Table const known_names{
    {"nx", std::int64_t{32}, ""}, {"eps", 0x1p-52, ""}, {"word", std::string("text"), ""}};
constexpr auto largest_integer = std::numeric_limits<std::int64_t>::max();

Value value_of(std::string const& text) {
  return parse_formula(text, {"a.yaml", {3, 10}}).evaluate(known_names);
}

std::string formula_error(std::string const& text) {
  try {
    value_of(text);
  } catch (Error const& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("whole numbers stay whole and exact") {
  CHECK(value_of("2*nx^2+1") == Value(std::int64_t{2049}));
  CHECK(value_of("9007199254740993+0") ==
        Value(std::int64_t{9007199254740993}));  // 2^53+1 is no double
  CHECK(value_of("-9223372036854775807-1") == Value(std::numeric_limits<std::int64_t>::min()));
  CHECK(value_of("max(1, nx, 7)") == Value(std::int64_t{32}));
  CHECK(value_of("(-1)^9223372036854775807") == Value(std::int64_t{-1}));
}

TEST_CASE("a quotient of whole numbers is whole where it divides, else real") {
  CHECK(value_of("nx/8") == Value(std::int64_t{4}));
  CHECK(value_of("nx/5") == Value(6.4));
  CHECK(value_of("floor(nx/5)") == Value(std::int64_t{6}));
  CHECK(value_of("ceil(nx/5)") == Value(std::int64_t{7}));
  CHECK(value_of("2^-1") == Value(0.5));
}

TEST_CASE("powers bind tighter than signs and group from the right") {
  CHECK(value_of("-2^2") == Value(std::int64_t{-4}));
  CHECK(value_of("2^3^2") == Value(std::int64_t{512}));
  CHECK(value_of("1-2-3") == Value(std::int64_t{-4}));
  CHECK(value_of("2+3*4") == Value(std::int64_t{14}));
  CHECK(value_of(" ( 2 + 3 ) * 4 ") == Value(std::int64_t{20}));
}

TEST_CASE("real functions are those of the standard library") {
  CHECK_THAT(std::get<double>(value_of("sqrt(2)")), WithinULP(1.4142135623730951, 1));
  CHECK(value_of("log2(nx)") == Value(5.0));
  CHECK(value_of("4*eps*nx") == Value(0x1p-45));  // 2^2 2^-52 2^5
}

TEST_CASE("what does not fit 64 bits is an error at the operator") {
  CHECK_THAT(formula_error("9223372036854775807+1"),
             ContainsSubstring("a.yaml:3:29: 64-bit overflow"));
  CHECK_THAT(formula_error("2^63"), ContainsSubstring("64-bit overflow of 2 to the power 63"));
  CHECK_THAT(formula_error("nx*4611686018427387904"), ContainsSubstring("64-bit overflow"));
  CHECK_THAT(formula_error("(-9223372036854775807-1)/(-1)"), ContainsSubstring("64-bit overflow"));
  CHECK_THAT(formula_error("9223372036854775808"), ContainsSubstring("does not fit 64 bits"));
  CHECK_THAT(formula_error("floor(1e19)"), ContainsSubstring("does not fit 64 bits"));
  CHECK_THAT(formula_error("1e300*1e300"), ContainsSubstring("not a finite number"));
  CHECK_THAT(formula_error("1e999"), ContainsSubstring("does not fit 64 bits"));
}

TEST_CASE("what has no value is an error") {
  CHECK_THAT(formula_error("nx/(nx-32)"), ContainsSubstring("a.yaml:3:12: division by zero"));
  CHECK_THAT(formula_error("0^-1"), ContainsSubstring("division by zero"));
  CHECK_THAT(formula_error("log2(0)"), ContainsSubstring("not above 0"));
  CHECK_THAT(formula_error("sqrt(-1)"), ContainsSubstring("below 0"));
  CHECK_THAT(formula_error("word+1"), ContainsSubstring("'word' is a text"));
}

TEST_CASE("an unknown name or function is refused with the nearest right one") {
  CHECK_THAT(formula_error("2*ny"), ContainsSubstring("a.yaml:3:12: unknown name 'ny'") &&
                                        ContainsSubstring("did you mean 'nx'?"));
  CHECK_THAT(formula_error("cell(2)"),
             ContainsSubstring("unknown function 'cell'") && ContainsSubstring("'ceil'"));
}

TEST_CASE("a formula that is no formula is refused at its letter") {
  CHECK_THAT(formula_error("2*(nx"), ContainsSubstring("a.yaml:3:12: a '(' that is not closed"));
  CHECK_THAT(formula_error("nx nx"), ContainsSubstring("a.yaml:3:13: unexpected 'n'"));
  CHECK_THAT(formula_error("nx**2"), ContainsSubstring("a power is written ^"));
  CHECK_THAT(formula_error("08"), ContainsSubstring("is not a number"));
  CHECK_THAT(formula_error("1..2"), ContainsSubstring("is not a number"));
  CHECK_THAT(formula_error(""), ContainsSubstring("a value is missing"));
  CHECK_THAT(formula_error("min(1)"), ContainsSubstring("it takes 2 to 16"));
  CHECK_THAT(formula_error("nx; rm"), ContainsSubstring("unexpected ';'"));
  CHECK_THAT(formula_error(std::string("nx\0+1", 5)), ContainsSubstring("a zero byte"));
}

TEST_CASE("length and nesting are bounded") {
  CHECK(formula_error(std::string(32, '(') + "1" + std::string(32, ')')).empty());
  CHECK_THAT(formula_error(std::string(400, '(') + "1" + std::string(400, ')')),
             ContainsSubstring("nesting deeper than 32"));
  CHECK_THAT(formula_error(std::string(900, '-') + "1"),
             ContainsSubstring("nesting deeper than 32"));
  CHECK_THAT(formula_error("1" + std::string(1000, ' ')), ContainsSubstring("at most 1000"));
}

TEST_CASE("a count is rounded, and never negative") {
  auto const count = [](std::string const& text) {
    return parse_formula(text, {"a.yaml", {1, 1}}).count(known_names);
  };
  CHECK(count("nx*log2(24)") == 147);  // 32 * 4.58496 = 146.72
  CHECK(count("9223372036854775807") == static_cast<std::uint64_t>(largest_integer));
  CHECK(Formula().count(known_names) == 0);
  CHECK_THROWS_AS(count("nx-33"), Error);
  CHECK_THROWS_AS(count("1e19"), Error);
}
