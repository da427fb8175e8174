// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/judge.hpp>

#include <inpex/host/formula_parser.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <limits>

using namespace inpex;
using namespace inpex::host;

namespace {

CheckSpec check(std::string const& expect, std::string const& tolerance) {
  CheckSpec spec;
  spec.id = "exact";
  spec.quantity = "max_abs_error";
  if (!expect.empty()) spec.expect = parse_formula(expect, {"a.yaml", {1, 1}, true});
  spec.bitwise = tolerance == "bitwise";
  if (!spec.bitwise) spec.tolerance = parse_formula(tolerance, {"a.yaml", {1, 1}, true});
  return spec;
}

// An app that has one check, which finds 2e-3, or cannot be made.
class OneCheck final : public Case {
 public:
  bool beyond = false;
  void reset() override {}
  std::vector<Phase> sample(inpex::Timing) override { return {}; }
  double check(std::string_view) override {
    if (beyond) throw Error(Fault::wrong, "an atom left the box");
    return 2e-3;
  }
  std::uint64_t digest() override { return 0; }
  [[nodiscard]] std::vector<std::string> checks() const override { return {"exact"}; }
  [[nodiscard]] double setup_seconds() const override { return 0; }
  [[nodiscard]] std::vector<PhaseWork> work() const override { return {}; }
  [[nodiscard]] Table extents() const override { return {}; }
  [[nodiscard]] Table resolved() const override { return {}; }
};

Table const four_steps{{"steps", std::int64_t{4}, ""}};

}  // namespace

TEST_CASE("without an expectation the value itself is the error, whatever its sign") {
  CHECK(judge(check("", "1e-3*steps"), -4e-3, four_steps).passed);
  CHECK_FALSE(judge(check("", "1e-3*steps"), -4.1e-3, four_steps).passed);
  CHECK(judge(check("", "1e-3*steps"), -4e-3, four_steps).error == 4e-3);
}

TEST_CASE("with an expectation the distance from it is the error") {
  auto const verdict = judge(check("2", "0.1"), 1.95, four_steps);
  CHECK(verdict.passed);
  CHECK_THAT(verdict.error, Catch::Matchers::WithinRel(0.05, 1e-12));
  CHECK_FALSE(judge(check("2", "0.1"), 1.85, four_steps).passed);
}

TEST_CASE("bitwise allows no error at all") {
  CHECK(judge(check("", "bitwise"), 0.0, four_steps).passed);
  CHECK_FALSE(
      judge(check("", "bitwise"), std::numeric_limits<double>::denorm_min(), four_steps).passed);
}

TEST_CASE("a value that is no number never passes") {
  double const nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_FALSE(judge(check("", "1e300"), nan, four_steps).passed);
  CHECK_FALSE(judge(check("2", "1e300"), nan, four_steps).passed);
}

TEST_CASE("only the checks that are due are made") {
  Spec spec;
  spec.verify = {check("", "1e-3*steps"), check("", "1e-3*steps")};
  spec.verify[1].when = "smoke";
  OneCheck app;
  CHECK(verify(app, spec, "M", four_steps).size() == 1);
  CHECK(verify(app, spec, "smoke", four_steps).size() == 2);
}

TEST_CASE("a check that cannot be made on a wrong state is infinitely off") {
  Spec spec;
  spec.verify = {check("", "1e300")};
  OneCheck app;
  app.beyond = true;
  auto const verdicts = verify(app, spec, "M", four_steps);
  REQUIRE(verdicts.size() == 1);
  CHECK(verdicts[0].error == std::numeric_limits<double>::infinity());
  CHECK_FALSE(verdicts[0].passed);
}

TEST_CASE("a check that the app lacks fails the case and suggests the right word") {
  Spec spec;
  spec.verify = {check("", "1")};
  spec.verify[0].id = "exakt";
  OneCheck app;
  try {
    verify(app, spec, "M", four_steps);
    FAIL("it was accepted");
  } catch (Error const& error) {
    CHECK(error.fault == Fault::failed);
    CHECK_THAT(error.problem, Catch::Matchers::ContainsSubstring("exakt"));
    CHECK_THAT(error.hint, Catch::Matchers::ContainsSubstring("exact"));
  }
}
