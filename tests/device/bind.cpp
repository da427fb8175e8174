// SPDX-License-Identifier: Apache-2.0
#include <inpex/bind.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstdint>
#include <string_view>
#include <tuple>

namespace inpex {

namespace {

/// A fault that is planted in every program.
struct Planted {
  std::string_view name;
  [[nodiscard]] bool is(std::string_view other) const { return name == other; }
  [[nodiscard]] static double amount() { return 0.5; }
};

struct Whole {
  std::int64_t steps = 1;
  static constexpr auto fields() { return std::tuple{field("steps", &Whole::steps)}; }
};
struct Real {
  std::int64_t steps = 1;
  double none = 0, first = 2, second = 4;
  static constexpr auto fields() {
    return std::tuple{field("steps", &Real::steps), field("none", &Real::none),
                      field("first", &Real::first), field("second", &Real::second)};
  }
};

}  // namespace

TEST_CASE("a wrong coefficient is the first one that can be wrong, and no other") {
  auto const wrong = detail::planted_params(Real{}, Planted{"wrong-coefficient"});
  CHECK(wrong.none == 0);
  CHECK(wrong.first == 3);
  CHECK(wrong.second == 4);
  CHECK(detail::planted_params(Real{}, Planted{"null-kernel"}).first == 2);
}

TEST_CASE("a wrong coefficient is refused where it would change nothing") {
  CHECK_THROWS_AS(detail::planted_params(Whole{}, Planted{"wrong-coefficient"}), Error);
  Real all_zero;
  all_zero.first = all_zero.second = 0;
  CHECK_THROWS_AS(detail::planted_params(all_zero, Planted{"wrong-coefficient"}), Error);
  CHECK(detail::planted_params(Whole{}, Planted{"null-kernel"}).steps == 1);
}

}  // namespace inpex
