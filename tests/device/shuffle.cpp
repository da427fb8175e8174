// SPDX-License-Identifier: Apache-2.0
#include <inpex/shuffle.hpp>

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>

#include <cmath>

namespace inpex {

namespace {

template <class T, int W>
T lane(vec<T, W> v, int l) {
  if constexpr (W == 1)
    return v.lanes;
  else
    return v.lanes[l];
}

/// Vectors in a row, whose lanes are start, start + 1, ...
template <class T, int W>
vec<T, W> counting(int start) {
  alignas(64) T numbers[W];
  for (int l = 0; l < W; ++l) numbers[l] = static_cast<T>(start + l);
  return vec<T, W>::load(numbers);
}

}  // namespace

TEMPLATE_TEST_CASE_SIG("moves bring each lane to its place", "", ((class T, int W), T, W),
                       (float, 2), (float, 4), (float, 8), (float, 16), (double, 2), (double, 4),
                       (double, 8)) {
  auto const low = counting<T, W>(0), high = counting<T, W>(W);
  auto const apart = unzip(low, high);
  auto const back = zip(apart.first, apart.second);
  auto const turned = reversed(low);
  auto const both = joined(low, high);
  for (int l = 0; l < W; ++l) {
    CHECK(lane(apart.first, l) == static_cast<T>(2 * l));
    CHECK(lane(apart.second, l) == static_cast<T>(2 * l + 1));
    CHECK(lane(back.first, l) == lane(low, l));
    CHECK(lane(back.second, l) == lane(high, l));
    CHECK(lane(turned, l) == static_cast<T>(W - 1 - l));
    CHECK(both.lanes[l] == static_cast<T>(l));
    CHECK(both.lanes[W + l] == static_cast<T>(W + l));
  }
}

TEMPLATE_TEST_CASE_SIG("squares are turned over their diagonals", "", ((class T, int W), T, W),
                       (float, 4), (float, 8), (float, 16), (double, 4), (double, 8)) {
  vec<T, W> rows[W], fours[4];
  for (int r = 0; r < W; ++r) rows[r] = counting<T, W>(W * r);
  for (int r = 0; r < 4; ++r) fours[r] = rows[r];
  transpose(rows);
  transpose_fours(fours);
  for (int r = 0; r < W; ++r)
    for (int l = 0; l < W; ++l) CHECK(lane(rows[r], l) == static_cast<T>(W * l + r));
  for (int r = 0; r < 4; ++r)
    for (int l = 0; l < W; ++l)
      CHECK(lane(fours[r], l) == static_cast<T>(W * (l % 4) + l / 4 * 4 + r));
}

TEMPLATE_TEST_CASE_SIG("squares of runs of two are turned over their diagonals", "",
                       ((class T, int W), T, W), (float, 4), (float, 8), (float, 16), (double, 2),
                       (double, 4), (double, 8)) {
  vec<T, W> rows[W / 2];
  for (int r = 0; r < W / 2; ++r) rows[r] = counting<T, W>(W * r);
  transpose_runs(rows);
  for (int r = 0; r < W / 2; ++r)
    for (int l = 0; l < W; ++l)
      CHECK(lane(rows[r], l) == static_cast<T>(W * (l / 2) + 2 * r + l % 2));
}

TEMPLATE_TEST_CASE_SIG("records are gathered from anywhere, also what is no number", "",
                       ((class T, int W), T, W), (float, 1), (float, 2), (float, 4), (float, 8),
                       (float, 16), (double, 1), (double, 2), (double, 4), (double, 8)) {
  constexpr int count = 64;
  alignas(64) T records[4 * count];
  for (int n = 0; n < 4 * count; ++n) records[n] = static_cast<T>(n);
  records[4 * 7 + 1] = static_cast<T>(NAN);
  int place[W];
  for (int l = 0; l < W; ++l) place[l] = (7 + 37 * l) % count;
  auto const all = gather_records<W>(records, place);
  for (int l = 0; l < W; ++l) {
    CHECK(lane(all.x, l) == static_cast<T>(4 * place[l]));
    if (place[l] == 7)
      CHECK(std::isnan(lane(all.y, l)));
    else
      CHECK(lane(all.y, l) == static_cast<T>(4 * place[l] + 1));
    CHECK(lane(all.z, l) == static_cast<T>(4 * place[l] + 2));
  }
}

TEMPLATE_TEST_CASE_SIG("sums of lanes are exact where numbers are whole, and keep what is none", "",
                       ((class T, int W), T, W), (float, 1), (float, 2), (float, 4), (float, 8),
                       (float, 16), (double, 1), (double, 2), (double, 4), (double, 8)) {
  auto const expected = [](int start) { return static_cast<T>(W * start + W * (W - 1) / 2); };
  CHECK(sum_of_lanes(counting<T, W>(3)) == expected(3));
  if constexpr (W > 1) {
    vec<T, W> rows[W];
    for (int r = 0; r < W; ++r) rows[r] = counting<T, W>(r * r);
    rows[W - 1].lanes[W - 1] = static_cast<T>(NAN);
    CHECK(std::isnan(sum_of_lanes(rows[W - 1])));
    auto const sums = sums_of_lanes(rows);
    for (int r = 0; r + 1 < W; ++r) CHECK(lane(sums, r) == expected(r * r));
    CHECK(std::isnan(lane(sums, W - 1)));
  }
}

}  // namespace inpex
