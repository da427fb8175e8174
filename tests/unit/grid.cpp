// SPDX-License-Identifier: Apache-2.0
#include <inpex/grid.hpp>

#include "../seat.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <vector>

using namespace inpex;

namespace {

Grid grid(std::array<std::int64_t, 3> cells, int rank, int ranks) {
  return {cells, Comm(std::make_shared<test::Seat>(rank, ranks))};
}

}  // namespace

TEST_CASE("blocks differ by at most one cell along an axis and cover every cell once") {
  std::array<std::int64_t, 3> const cells{13, 11, 17};
  for (int ranks : {1, 2, 3, 5, 6, 8, 12}) {
    std::vector<int> covered(13 * 11 * 17);
    for (int rank = 0; rank < ranks; ++rank) {
      auto const block = grid(cells, rank, ranks);
      auto const [x, y, z] = block.lower();
      auto const [nx, ny, nz] = block.extent();
      for (std::int64_t k = z; k < z + nz; ++k)
        for (std::int64_t j = y; j < y + ny; ++j)
          for (std::int64_t i = x; i < x + nx; ++i)
            ++covered[static_cast<std::size_t>(i + 13 * (j + 11 * k))];
      for (std::size_t axis = 0; axis < 3; ++axis) {
        auto const least = cells[axis] / block.parts()[axis];
        CHECK((block.extent()[axis] == least || block.extent()[axis] == least + 1));
      }
    }
    INFO(ranks << " ranks");
    CHECK(std::count(covered.begin(), covered.end(), 1) == 13 * 11 * 17);
  }
}

TEST_CASE("neighbours see each other, and beyond the box there is none") {
  int faces = 0;
  for (int rank = 0; rank < 8; ++rank)
    for (std::array<int, 3> const step :
         {std::array<int, 3>{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0}, {0, 0, 1}, {0, 0, -1}}) {
      int const other = grid({16, 16, 16}, rank, 8).neighbour(step);
      if (other < 0) continue;
      ++faces;
      CHECK(grid({16, 16, 16}, other, 8).neighbour({-step[0], -step[1], -step[2]}) == rank);
    }
  // p blocks along an axis have p - 1 faces between them, times the blocks of the other two axes;
  // each is seen from both sides
  auto const [px, py, pz] = cut({16, 16, 16}, 8, 1);
  CHECK(faces == 2 * ((px - 1) * py * pz + px * (py - 1) * pz + px * py * (pz - 1)));
}

TEST_CASE("a cut across x counts double, since its cells are not contiguous") {
  // Of a cube, two blocks have the same surface in every axis; x is avoided.
  CHECK(cut({16, 16, 16}, 2, 1)[0] == 1);
  CHECK(cut({16, 16, 16}, 4, 1) == std::array<int, 3>{1, 2, 2});
}

TEST_CASE("more ranks than planes are refused with the number of both") {
  try {
    cut({2, 2, 2}, 16, 1);
    FAIL("accepted");
  } catch (Error const& error) {
    CHECK(error.problem == "2 x 2 x 2 cells cannot be cut into 16 blocks at least 1 thick");
    CHECK(error.fault == Fault::spec);
  }
}
