// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/blocks.hpp>

#include <inpex/grid.hpp>

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <cstdint>

using namespace inpex;
using namespace inpex::host;

TEST_CASE("what is predicted is the cut that ranks make, and what cannot be cut is refused") {
  CHECK(predicted_blocks({100, 61, 7}, 12).parts == cut({100, 61, 7}, 12, 1));
  CHECK_THROWS_AS(predicted_blocks({2, 1, 1}, 3), Error);
  CHECK_THROWS_AS(predicted_blocks({std::int64_t{1} << 40, 4, 4}, 2), Error);
}

TEST_CASE("the kinds of block add up to the box, the largest first") {
  Blocks const blocks{{10, 7, 5}, {4, 2, 1}};
  auto const kinds = block_kinds(blocks);
  CHECK(kinds.front().extent == std::array<std::int64_t, 3>{3, 4, 5});
  std::int64_t cells = 0, count = 0;
  for (auto const& kind : kinds) {
    cells += kind.count * kind.extent[0] * kind.extent[1] * kind.extent[2];
    count += kind.count;
  }
  CHECK(cells == 10 * 7 * 5);
  CHECK(count == 8);
}

TEST_CASE("the rank with most neighbours stands for all") {
  Table names;
  put_block(names, {{90, 80, 70}, {1, 2, 3}}, {90, 40, 24});
  // one neighbour along y (a face of 90 x 24), two along z (two faces of 90 x 40)
  CHECK(at<std::int64_t>(names, "neighbours") == 3);
  CHECK(at<std::int64_t>(names, "halo_cells") == 90 * 24 + 2 * 90 * 40);
  CHECK(at<std::int64_t>(names, "pz") == 3);
}
