// SPDX-License-Identifier: Apache-2.0
#include "spaces.hpp"

#include <catch2/catch_test_macros.hpp>

namespace inpex {

namespace {

// A cell holds the number that its global place has in the whole box, plus one.
struct PlaceNumber {
  static constexpr char const* name = "place numbers";
  double* field;
  Layout layout;
  Kokkos::Array<std::int64_t, 3> lower, cells;

  KOKKOS_INLINE_FUNCTION double at(int i, int j, int k) const {
    auto const x = lower[0] + i, y = lower[1] + j, z = lower[2] + k;
    bool const inside = x >= 0 && y >= 0 && z >= 0 && x < cells[0] && y < cells[1] && z < cells[2];
    return inside ? 1 + double(x + cells[0] * (y + cells[1] * z)) : 0;
  }
  KOKKOS_INLINE_FUNCTION void operator()(int i, int j, int k) const {
    field[layout.at(i, j, k)] = at(i, j, k);
  }
};

template <Space S>
void exchange(Context<S> const& context, int ghost, Reach reach) {
  Grid const grid({13, 11, 17}, context.comm, ghost);
  auto const layout = make_layout(grid.extent(), ghost, sizeof(double));
  Memory<double, S> const field("field", layout.size);
  auto const lower = grid.lower(), cells = grid.cells();
  PlaceNumber const numbers{
      field.data(), layout, {lower[0], lower[1], lower[2]}, {cells[0], cells[1], cells[2]}};
  for_cells(context, Tiling(owned(layout), 4, 2), numbers);
  Halo<double, S> halo(context, grid, layout, reach);
  halo.start(context, field.data());
  halo.finish(context, field.data());
  context.space.fence();

  auto const host = test::on_host<S>(field.data(), layout.size);
  auto const [nx, ny, nz] = layout.extent;
  std::int64_t wrong = 0, ghosts = 0;
  for (int k = -ghost; k < nz + ghost; ++k)
    for (int j = -ghost; j < ny + ghost; ++j)
      for (int i = -ghost; i < nx + ghost; ++i) {
        int const outside = (i < 0 || i >= nx) + (j < 0 || j >= ny) + (k < 0 || k >= nz);
        if (outside > 1 && reach == Reach::faces) continue;
        double const expected = numbers.at(i, j, k);
        if (outside > 0 && expected != 0) ++ghosts;
        if (host[static_cast<std::size_t>(layout.at(i, j, k))] != expected) ++wrong;
      }
  CHECK(wrong == 0);
  CHECK(ghosts == halo.cells());
}

}  // namespace

TEST_CASE("a halo brings every neighbour's cells to the right ghosts, and nothing beyond the box",
          "[ranks]") {
  test::each_space([](auto const& context) {
    for (int ghost : {1, 2, 4})
      for (Reach reach : {Reach::faces, Reach::all}) {
        if (context.comm.size() > 4 && ghost == 4 && reach == Reach::all)
          continue;  // blocks are too thin
        exchange(context, ghost, reach);
      }
  });
}

}  // namespace inpex
