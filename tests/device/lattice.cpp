// SPDX-License-Identifier: Apache-2.0
#include "spaces.hpp"

#include <catch2/catch_test_macros.hpp>

#include <vector>

namespace inpex {

TEST_CASE("rows begin at a cache line and are not a multiple of a page apart") {
  for (int n : {1, 5, 31, 32, 504, 510, 512, 1000, 1016})
    for (int ghost : {1, 4}) {
      auto const layout = make_layout({n, 3, 2}, ghost, sizeof(float));
      CHECK(layout.origin * 4 % 64 == 0);
      CHECK(layout.pitch * 4 % 64 == 0);
      CHECK(layout.pitch * 4 % 4096 != 0);
      CHECK(layout.pitch >= n + 2 * ghost);
      CHECK(layout.at(-ghost, -ghost, -ghost) >= 0);
      // A vector of cells may be read past the last owned one.
      CHECK(layout.at(n + 15, 2 + ghost, 1 + ghost) < static_cast<std::ptrdiff_t>(layout.size));
    }
}

TEST_CASE("tiles cover every cell of a box once, whatever its size") {
  for (int ny : {1, 7, 32, 33})
    for (int nz : {1, 5, 64})
      for (int threads : {1, 2, 7, 64}) {
        Box const box{{1, 2, 3}, {4, 2 + ny, 3 + nz}};
        Tiling const tiling(box, 16, threads);
        std::vector<int> touched(static_cast<std::size_t>(ny * nz));
        for (int t = 0; t < tiling.count(); ++t) {
          Box const tile = tiling.tile(t);
          CHECK(tile.extent(0) == 3);
          for (int k = tile.lower[2]; k < tile.upper[2]; ++k)
            for (int j = tile.lower[1]; j < tile.upper[1]; ++j)
              ++touched[static_cast<std::size_t>((j - 2) + ny * (k - 3))];
        }
        CHECK(touched == std::vector<int>(touched.size(), 1));
      }
}

namespace {
struct Fails {
  KOKKOS_INLINE_FUNCTION double operator()(int i, int j, int k) const {
    return i == 3 && j == 2 && k == 1 ? Kokkos::Experimental::quiet_NaN_v<double> : 0.5 * i;
  }
};
struct Linear {
  KOKKOS_INLINE_FUNCTION double operator()(int i, int j, int k) const {
    return i + 10.0 * j + 100.0 * k;
  }
};
struct Hash {
  KOKKOS_INLINE_FUNCTION std::uint64_t operator()(int i, int j, int k) const {
    return cell_hash(static_cast<std::uint64_t>(i + 5 * (j + 4 * k)), 1.5 * i);
  }
};
}  // namespace

TEST_CASE("one NaN makes the maximum infinite") {
  test::each_space([](auto const& context) {
    Box const box{{0, 0, 0}, {5, 4, 3}};
    CHECK(maximum(context, box, Fails{}) == std::numeric_limits<double>::infinity());
    CHECK(maximum(context, box, Linear{}) == 234.0);  // 4 + 10 * 3 + 100 * 2
  });
}

TEST_CASE("a digest is the same on every space and schedule, and sees one changed bit") {
  std::vector<std::uint64_t> digests;
  test::each_space([&](auto const& context) {
    digests.push_back(hash_sum(context, Box{{0, 0, 0}, {5, 4, 3}}, Hash{}));
  });
  for (auto digest : digests) CHECK(digest == digests.front());
  CHECK(cell_hash(7u, 1.0) != cell_hash(7u, 1.0 + 0x1p-52));
  CHECK(cell_hash(7u, 1.0) != cell_hash(8u, 1.0));
}

}  // namespace inpex
