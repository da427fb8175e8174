// SPDX-License-Identifier: Apache-2.0
#include "solver.hpp"
#include "spmv.hpp"
#include "trilinear.hpp"

#include "device/spaces.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <string>
#include <vector>

namespace inpex::sparse {

namespace {

using Catch::Matchers::ContainsSubstring;

/// Rows and columns in another order: row r becomes row to[r].
Csr permuted(Csr const& a, std::vector<int> const& to) {
  std::vector<int> from(to.size());
  for (std::size_t r = 0; r < to.size(); ++r)
    from[static_cast<std::size_t>(to[r])] = static_cast<int>(r);
  Csr result(a.rows, 0, a.entries());
  std::int64_t at = 0;
  for (int row = 0; row < a.rows; ++row) {
    int const old = from[static_cast<std::size_t>(row)];
    for (auto k = a.begin(old); k < a.end(old); ++k, ++at) {
      result.column.data()[at] = to[static_cast<std::size_t>(a.column.data()[k])];
      result.value.data()[at] = a.value.data()[k];
    }
    result.start.data()[row + 1] = at;
  }
  return result;
}

std::vector<int> shuffled(int size, std::uint64_t seed) {
  std::vector<int> order(static_cast<std::size_t>(size));
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t i = order.size(); i-- > 1;)
    std::swap(
        order[i],
        order[static_cast<std::size_t>(random_uniform(seed, i) * static_cast<double>(i + 1))]);
  return order;
}

/// The same levels with their rows shuffled, each level in its own way.
Hierarchy shuffled(Hierarchy const& hierarchy) {
  Hierarchy result;
  std::vector<std::vector<int>> to;
  for (auto const& level : hierarchy) to.push_back(shuffled(level.share.matrix.rows, to.size()));
  for (std::size_t l = 0; l < hierarchy.size(); ++l) {
    std::vector<int> kept(hierarchy[l].kept.size());
    for (std::size_t c = 0; c < kept.size(); ++c)
      kept[static_cast<std::size_t>(to[l + 1][c])] =
          to[l][static_cast<std::size_t>(hierarchy[l].kept[c])];
    result.push_back({{permuted(hierarchy[l].share.matrix, to[l]), {}}, std::move(kept)});
  }
  return result;
}

/// Entries (i, j) and (j, i) shrink by the same random part of up to a fifth: still symmetric and
/// diagonally dominant.
void perturb(Csr& a) {
  for (int row = 0; row < a.rows; ++row)
    for (auto k = a.begin(row); k < a.end(row); ++k) {
      int const column = a.column.data()[k];
      auto const low = static_cast<std::uint64_t>(std::min(row, column)),
                 high = static_cast<std::uint64_t>(std::max(row, column));
      a.value.data()[k] *= row == column ? 1 : 1 - 0.2 * random_uniform(low, high);
    }
}

std::vector<double> row_sums(Csr const& a) {
  std::vector<double> sums(static_cast<std::size_t>(a.rows));
  for (int row = 0; row < a.rows; ++row)
    for (auto k = a.begin(row); k < a.end(row); ++k)
      sums[static_cast<std::size_t>(row)] += a.value.data()[k];
  return sums;
}

double error_of_ones(std::vector<double> const& x) {
  double most = 0;
  for (double const value : x) most = std::max(most, std::abs(value - 1));
  return most;
}

}  // namespace

TEST_CASE("the solver needs no grid: shuffled rows and other values are solved as well") {
  auto const kind = GENERATE(0, 1, 2);  // as it is, shuffled, with other values
  auto const order = GENERATE(Order::colours, Order::planes);
  auto const shared = GENERATE(false, true);
  CAPTURE(kind, static_cast<int>(order), shared);
  auto hierarchy = box_hierarchy(Box27({16, 16, 16}, Comm(), 8), 4, 26);
  if (kind == 1) hierarchy = shuffled(hierarchy);
  if (kind == 2)
    for (auto& level : hierarchy) perturb(level.share.matrix);
  using S = Kokkos::DefaultHostExecutionSpace;
  Context<S> const context{};
  Solver<double, S> solver(context, hierarchy, {order, shared});
  solver.set_right_hand_side(row_sums(hierarchy.front().share.matrix));
  int const iterations = solver.gradients().iterations_until(1e-12);
  CHECK(iterations < 30);
  CHECK(error_of_ones(solver.by_row(solver.gradients().x())) < 1e-10);
}

TEST_CASE("every order, space and schedule needs about the iterations of the reference") {
  Box27 const box({24, 16, 32}, Comm(), 8);
  auto const hierarchy = box_hierarchy(box, 4, 26);
  auto const b = right_hand_side(box);
  int reference = 200;
  ReferenceSolver(hierarchy, Comm()).solve(b, reference, 1e-9);
  auto const order = GENERATE(Order::colours, Order::planes);
  test::each_space([&]<class S>(Context<S> const& given) {
    Context<S> const context{.space = given.space, .schedule = given.schedule};
    Solver<double, S> solver(context, hierarchy, {order});
    solver.set_right_hand_side(b);
    int const iterations = solver.gradients().iterations_until(1e-9);
    CHECK(std::abs(iterations - reference) <= 2);
    CHECK(error_of_ones(solver.by_row(solver.gradients().x())) < 1e-7);
  });
}

// Levels of at most 4096 rows are one team's on the device schedule, which must wait between
// stages.
TEST_CASE("a cycle has the same bits by tiles and by one team") {
  auto const hierarchy = box_hierarchy(Box27({16, 16, 16}, Comm(), 8), 2, 26);
  std::set<std::vector<double>> results;
  test::each_space([&]<class S>(Context<S> const& given) {
    Context<S> const context{.space = given.space, .schedule = given.schedule};
    Solver<double, S> solver(context, hierarchy, {Order::colours});
    solver.set_right_hand_side(row_sums(hierarchy.front().share.matrix));
    for (int run = 0; run < 20; ++run) {
      solver.multigrid().apply(solver.gradients().b());
      results.insert(solver.by_row(solver.multigrid().result()));
    }
  });
  CHECK(results.size() == 1);
}

TEST_CASE("sums have the same bits on every number of threads and in every run") {
  auto const hierarchy = box_hierarchy(Box27({32, 24, 16}, Comm(), 8), 4, 26);
  std::set<double> residuals;
  auto const solve = [&]<class S>(Context<S> const& given) {
    if (!given.tiled()) return;
    Context<S> const context{.space = given.space};
    Solver<double, S> solver(context, hierarchy, {Order::colours});
    solver.set_right_hand_side(row_sums(hierarchy.front().share.matrix));
    for (int run = 0; run < 2; ++run) {
      solver.gradients().start();
      for (int k = 0; k < 12; ++k) solver.gradients().iterate();
      residuals.insert(solver.gradients().relative_residual(12));
    }
  };
  test::each_space(solve);
  CHECK(residuals.size() == 1);
}

// Interpolated corrections keep the number of iterations; injected ones do not.
TEST_CASE("interpolation needs about ten iterations at every size") {
  using S = Kokkos::DefaultHostExecutionSpace;
  Context<S> const context{};
  std::int64_t const size = GENERATE(17, 32, 40);
  Box27 const box({size, size, size}, Comm(), 1);
  auto const hierarchy = box_hierarchy(box, 3, 26, true);
  Solver<float, S, Trilinear<float, S>> solver(context, hierarchy, {Order::planes});
  solver.set_right_hand_side(right_hand_side(box));
  CHECK(solver.gradients().iterations_until(1e-9) <= 14);
  CHECK(error_of_ones(solver.by_row(solver.gradients().x())) < 1e-7);
}

TEST_CASE("a matrix that cannot be solved is refused with its row, or where curvature shows it") {
  using S = Kokkos::DefaultHostExecutionSpace;
  Context<S> const context{};
  auto const attempt = [&](auto const& spoil) -> std::string {
    auto hierarchy = box_hierarchy(Box27({16, 16, 16}, Comm(), 8), 1, 26);
    auto& a = hierarchy.front().share.matrix;
    auto const b = row_sums(a);
    spoil(a);
    try {
      Solver<double, S> solver(context, hierarchy, {Order::planes});
      solver.set_right_hand_side(b);
      solver.gradients().iterations_until(1e-9);
    } catch (Error const& error) {
      CHECK(exit_code(error.fault) == 1);
      return error.what();
    }
    return "solved";
  };
  CHECK(attempt([](Csr&) {}) == "solved");
  CHECK_THAT(attempt([](Csr& a) { a.start.data()[0 + 1] = 0; }),
             ContainsSubstring("row 0 of the matrix is empty"));
  CHECK_THAT(attempt([](Csr& a) {
               for (auto k = a.begin(7); k < a.end(7); ++k)
                 if (a.column.data()[k] == 7) a.value.data()[k] = -26;
             }),
             ContainsSubstring("the diagonal of row 7 is -26"));
  // Neighbours that add up to more than the diagonal, with the other sign: a negative eigenvalue.
  CHECK_THAT(attempt([](Csr& a) {
               for (int row = 0; row < a.rows; ++row)
                 for (auto k = a.begin(row); k < a.end(row); ++k)
                   if (a.column.data()[k] != row) a.value.data()[k] = -3;
             }),
             ContainsSubstring("not symmetric positive definite"));
}

TEST_CASE("a solve that diverges ends, with a residual that is no number") {
  using S = Kokkos::DefaultHostExecutionSpace;
  Context<S> const context{};
  Box27 const box({16, 16, 16}, Comm(), 8);
  auto const hierarchy = box_hierarchy(box, 4, 26);
  auto b = right_hand_side(box);
  for (double& value : b) value *= 1e200;  // whose square is beyond double
  Solver<double, S> solver(context, hierarchy, {Order::planes});
  solver.set_right_hand_side(b);
  int const iterations = solver.gradients().iterations_until(1e-9);
  CHECK(iterations == 1);
  CHECK_FALSE(std::isfinite(solver.gradients().relative_residual(iterations)));
}

TEST_CASE("a pattern that is not symmetric is found where colours meet") {
  // Row 0 reads row 1, which does not read row 0, so that both get the same colour.
  Csr a(2, 0, 3);
  a.start.data()[1] = 2, a.start.data()[2] = 3;
  a.column.data()[0] = 0, a.column.data()[1] = 1, a.column.data()[2] = 1;
  std::fill_n(a.value.data(), 3, 1.0);
  auto const ordering = make_ordering(a, Order::colours, {}, 16);
  using S = Kokkos::DefaultHostExecutionSpace;
  CHECK_THROWS_AS((Packing<double, S>(a, ordering, {})), Error);
}

TEST_CASE("rows that read each other are found in a chunk whose layout was seen in another stage") {
  // Rows 0 to 15 read row + 40 of the next stage, as they may; rows 16 to 31 do so within their
  // own.
  auto const packed = [](int readers) {
    Csr a(80, 0, 80 + readers);
    std::int64_t at = 0;
    for (int row = 0; row < 80; ++row) {
      for (int const column : {row, row + 40})
        if (column == row || row < readers) a.column.data()[at] = column, a.value.data()[at++] = 1;
      a.start.data()[row + 1] = at;
    }
    Ordering ordering(80);
    for (int row = 0; row < 80; ++row) {
      ordering.append(row);
      if (row == 15 || row == 79) ordering.end_stage(16);
    }
    Packing<double, Kokkos::DefaultHostExecutionSpace>(a, ordering, {});
  };
  CHECK_NOTHROW(packed(16));
  CHECK_THROWS_AS(packed(32), Error);
}

TEST_CASE("products have the same bits in every format, space, schedule and number of ranks",
          "[ranks]") {
  std::string const format = GENERATE("strips", "sell", "csr");
  std::set<std::uint64_t> states;
  std::uint64_t expected = 0;
  test::each_space([&]<class S>(Context<S> const& context) {
    typename Spmv<S, double>::Params params;
    params.nx = 19, params.ny = 13, params.nz = 17, params.format = format;
    Spmv<S, double> here(params, context);
    here.reset(), here.step();
    states.insert(here.digest());
    Context<S> const alone{.space = context.space, .schedule = context.schedule};
    params.format = "csr";
    Spmv<S, double> one(params, alone);
    one.reset(), one.step();
    expected = one.digest();
  });
  CHECK(states == std::set{expected});
}

}  // namespace inpex::sparse
