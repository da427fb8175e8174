// SPDX-License-Identifier: Apache-2.0
#include "spmv.hpp"

#include "device/world.hpp"
#include "refusal.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace inpex::sparse {

namespace {

using Catch::Matchers::ContainsSubstring;

std::string refusal(std::string const& text) {
  return test::refusal([&] { parse_matrix_market(text, "a.mtx"); });
}

constexpr char const* banner = "%%MatrixMarket matrix coordinate real general\n";

}  // namespace

TEST_CASE("a Matrix Market file is read as it is meant") {
  auto const general = parse_matrix_market("%%MatrixMarket matrix coordinate real general\n% a "
                                           "comment\n\n3 3 3\n1 1 2.5\n 3 1 -1e2 \n2 3 +4\n",
                                           "a.mtx");
  REQUIRE(general.entries.size() == 3);
  CHECK(general.entries[1].row == 1);
  CHECK(general.entries[1].value == 4);
  CHECK(general.entries[2].value == -100);
  auto const symmetric = parse_matrix_market(
      "%%MatrixMarket matrix coordinate pattern symmetric\n2 2 2\n1 1\n2 1\n", "a.mtx");
  CHECK(symmetric.entries.size() == 3);  // (2, 1) stands for (1, 2) too
  auto const one = parse_matrix_market(
      "%%MatrixMarket MATRIX Coordinate Integer General\n1 1 1\n1 1 7", "a.mtx");
  CHECK(one.entries[0].value == 7);
}

TEST_CASE("a Matrix Market file that lies is refused with its line") {
  std::string const b = banner;
  CHECK_THAT(refusal("hello\n"), ContainsSubstring("a.mtx:1: not a Matrix Market file"));
  CHECK_THAT(refusal(""), ContainsSubstring("not a Matrix Market file"));
  CHECK_THAT(refusal("%%MatrixMarket matrix array real general\n"),
             ContainsSubstring("only coordinate is read"));
  CHECK_THAT(refusal("%%MatrixMarket matrix coordinate complex general\n"),
             ContainsSubstring("entries that are complex"));
  CHECK_THAT(refusal("%%MatrixMarket matrix coordinate real hermitian\n"),
             ContainsSubstring("a matrix that is hermitian"));
  CHECK_THAT(refusal(b), ContainsSubstring("no size line"));
  CHECK_THAT(refusal(b + "2 2\n"), ContainsSubstring("'' in place of the number of entries"));
  CHECK_THAT(refusal(b + "2 2 -1\n"), ContainsSubstring("-1 entries"));
  CHECK_THAT(refusal(b + "2 2 2\n1 1 1\n"), ContainsSubstring("ends after 1 of 2 entries"));
  CHECK_THAT(refusal(b + "2 2 1\n1 1 1\n2 2 1\n"),
             ContainsSubstring("a.mtx:4: more than the 1 entries"));
  CHECK_THAT(refusal(b + "2 2 1\n1 1 x\n"),
             ContainsSubstring("a.mtx:3: 'x' in place of the value"));
  CHECK_THAT(refusal(b + "2 2 1\n1 1 nan\n"), ContainsSubstring("not finite"));
  CHECK_THAT(refusal(b + "2 2 1\n1 3 1\n"), ContainsSubstring("entry (1, 3) outside of 2 x 2"));
  CHECK_THAT(refusal(b + "2 2 1\n0 1 1\n"), ContainsSubstring("count from 1"));
  CHECK_THAT(refusal(b + "2 2 2\n1 1 1\n1 1 2\n"),
             ContainsSubstring("entry (1, 1) is there twice"));
  CHECK_THAT(refusal(b + "2 2 1\n1 1 1 9\n"), ContainsSubstring("'9' at the end of a line"));
  CHECK_THAT(refusal("%%MatrixMarket matrix coordinate real symmetric\n2 3 1\n1 1 1\n"),
             ContainsSubstring("2 x 3"));
}

TEST_CASE("rows of a file are cut over ranks, whatever they read", "[ranks]") {
  // A ring that reads one way: row i reads row i + 1.
  FileMatrix ring{40, 40, {}};
  for (std::int64_t row = 0; row < 40; ++row) ring.entries.push_back({row, (row + 1) % 40, 2.0});
  std::sort(ring.entries.begin(), ring.entries.end(),
            [](auto const& a, auto const& b) { return a.before(b); });
  auto const mine = share_of_file(ring, test::world());
  std::vector<double> x(mine.number.size());
  for (int row = 0; row < mine.share.matrix.rows; ++row)
    x[static_cast<std::size_t>(row)] =
        static_cast<double>(mine.number[static_cast<std::size_t>(row)]);
  fetch_halo(mine.share, test::world(), x);
  for (std::size_t i = 0; i < x.size(); ++i) CHECK(x[i] == static_cast<double>(mine.number[i]));
}

}  // namespace inpex::sparse
