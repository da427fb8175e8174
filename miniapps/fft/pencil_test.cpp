// SPDX-License-Identifier: Apache-2.0
// Boxes whose planes are shared by several ranks.

#include "box_transform.hpp"
#include "noise.hpp"
#include "passes.hpp"

#include "device/spaces.hpp"
#include "refusal.hpp"
#include "seat.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <vector>

namespace inpex::fft {

namespace {

using Points = std::array<std::int64_t, 3>;

/// Noise by place at the points of this rank, and 0 between planes.
template <class T, Space S, Of of>
std::vector<T> noise_at_points(BoxTransform<S, T, of> const& fft) {
  constexpr int parts = of == Of::real ? 1 : 2;
  auto const& box = fft.slabs();
  std::vector<T> host(fft.plane_numbers());
  for (int z = 0; z < box.planes(); ++z)
    for (int y = 0; y < box.plane_rows(); ++y)
      for (int x = 0; x < box.nx(); ++x) {
        T number[2];
        noise(x + std::int64_t{box.nx()} * (box.first_plane_row() + y +
                                            std::int64_t{box.ny()} * (box.first_plane() + z)),
              number);
        for (int part = 0; part < parts; ++part)
          host[static_cast<std::size_t>(z * fft.plane_pitch() +
                                        parts * (x + std::ptrdiff_t{box.nx()} * y) + part)] =
              number[part];
      }
  return host;
}

/// What a box is forward, and forward and backward.
template <class T>
struct Found {
  std::vector<T> waves, points;
};
template <class T, Space S, Of of>
Found<T> transformed(Context<S> const& context, BoxTransform<S, T, of>& fft) {
  Memory<T, S> points("points", fft.plane_numbers()), waves("waves", fft.tower_numbers());
  auto const start = noise_at_points<T>(fft);
  using View = Kokkos::View<T const*, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;
  Kokkos::deep_copy(points.view(), View(start.data(), start.size()));
  fft.forward(points.data(), waves.data());
  context.space.fence("test");
  Found<T> found{test::on_host<S>(waves.data(), waves.size()), {}};
  fft.backward(waves.data(), points.data(), T(0.3));
  context.space.fence("test");
  found.points = test::on_host<S>(points.data(), points.size());
  return found;
}

/// How many numbers of this rank differ from those of the box on one rank.
template <class T, Of of, Space S>
int differing(Context<S> const& context, Points const& points, Manner const& manner) {
  constexpr int parts = of == Of::real ? 1 : 2;
  auto alone = context;
  alone.comm = Comm();
  BoxTransform<S, T, of> whole(alone, points, manner), shared(context, points, manner);
  auto const expected = transformed(alone, whole), found = transformed(context, shared);
  auto const &box = shared.slabs(), &all = whole.slabs();
  int wrong = 0;
  auto const compare = [&](std::vector<T> const& one, std::ptrdiff_t at_one,
                           std::vector<T> const& many, std::ptrdiff_t at_many) {
    wrong += one[static_cast<std::size_t>(at_one)] != many[static_cast<std::size_t>(at_many)];
  };
  for (int z = 0; z < box.nz(); ++z)
    for (int y = 0; y < box.rows(); ++y)
      for (int n = 0; n < 2 * box.kept(); ++n)
        compare(expected.waves,
                z * whole.tower_pitch() +
                    2 * std::ptrdiff_t{all.columns()} * (box.first_row() + y) +
                    2 * box.first_column() + n,
                found.waves, z * shared.tower_pitch() + 2 * std::ptrdiff_t{box.columns()} * y + n);
  for (int z = 0; z < box.planes(); ++z)
    for (int y = 0; y < box.plane_rows(); ++y)
      for (int n = 0; n < parts * box.nx(); ++n)
        compare(expected.points,
                (box.first_plane() + z) * whole.plane_pitch() +
                    parts * std::ptrdiff_t{box.nx()} * (box.first_plane_row() + y) + n,
                found.points, z * shared.plane_pitch() + parts * std::ptrdiff_t{box.nx()} * y + n);
  return wrong;
}

}  // namespace

TEMPLATE_TEST_CASE("ranks that share planes find the bits of one rank", "[fft][ranks]", double,
                   float) {
  test::each_space([](auto const& context) {
    for (int sharers = 1; sharers <= context.comm.size(); ++sharers) {
      if (context.comm.size() % sharers != 0) continue;
      for (bool const naive : {false, true})
        for (auto const& points : {Points{34, 21, 13}, Points{64, 16, 9}, Points{256, 17, 8}})
          for (int const chunks : {1, 2}) {
            INFO(points[0] << " x " << points[1] << " x " << points[2] << ", " << sharers
                           << " share planes, naive " << naive << ", chunks " << chunks);
            Manner const manner{.chunks = chunks, .ranks_y = sharers, .naive = naive};
            CHECK(differing<TestType, Of::complex>(context, points, manner) == 0);
            CHECK(differing<TestType, Of::real>(context, points, manner) == 0);
          }
    }
  });
}

TEST_CASE("more ranks than planes or rows share them", "[fft][ranks]") {
  test::each_space([](auto const& context) {
    auto const ranks = context.comm.size();
    Points const thin{16, 16, 1};  // one plane, of which all have rows
    CHECK(differing<double, Of::complex>(context, thin, {}) == 0);
    CHECK(differing<double, Of::real>(context, thin, {}) == 0);
    BoxTransform<std::remove_cvref_t<decltype(context.space)>, double> const fft(context, thin, {});
    CHECK(fft.slabs().sharers() == ranks);
    CHECK(fft.slabs().groups() == 1);
  });
}

TEST_CASE("ranks are a grid with as few that share planes as do", "[fft]") {
  auto const grid = [](int ranks, GridBounds const& most) {
    auto const found = rank_grid(ranks, 0, most);
    return std::array{found.groups, found.sharers};
  };
  CHECK(grid(1, {1, 1}) == std::array{1, 1});
  CHECK(grid(48, {48, 10}) == std::array{48, 1});
  CHECK(grid(64, {48, 10}) == std::array{32, 2});
  CHECK(grid(128, {48, 10}) == std::array{32, 4});
  CHECK(grid(10, {4, 10}) == std::array{2, 5});
  // For ranks up to many, no divisor below the one that was found leaves few enough groups.
  for (int ranks = 1; ranks <= 200; ++ranks) {
    auto const found = fewest_sharers(ranks, {24, 200});
    CHECK(found.groups * found.sharers == ranks);
    CHECK(found.groups <= 24);
    for (int fewer = 1; fewer < found.sharers; ++fewer)
      CHECK((ranks % fewer != 0 || ranks / fewer > 24));
  }
}

TEST_CASE("ranks that are no grid are refused with how many would be", "[fft]") {
  auto const slabs = [](int ranks, int ranks_y) {
    return Slabs({16, 2, 3}, {16}, {.ranks_y = ranks_y},
                 Comm(std::make_shared<test::Seat>(0, ranks)));
  };
  CHECK(slabs(4, 0).sharers() == 2);
  CHECK(test::refusal([&] { slabs(3, 0); }) ==
        "nx, ny, nz: 3 ranks are no grid of at most 2 groups of planes by 2 shares of rows\n"
        "  take 2 ranks");
  CHECK(test::refusal([&] { slabs(9, 0); }).ends_with("take 4 ranks"));
  CHECK(test::refusal([&] { slabs(4, 3); }) ==
        "ranks_y: 4 ranks cannot be a grid with 3 along y\n"
        "  take ranks_y=0, or a divisor of the ranks; there are at most 2 groups of planes by 2 "
        "shares of rows");
  CHECK(test::refusal([&] { slabs(4, 1); }).starts_with("ranks_y: 4 ranks cannot be a grid"));
}

TEST_CASE("each number is in the part of a cut that says so, which begins at a unit", "[fft]") {
  for (int unit = 1; unit < 3; ++unit)
    for (int size = 1; size < 20; ++size)
      for (int parts = 1; unit * (parts - 1) < size; ++parts) {
        Cut const cut{size, parts, unit};
        INFO(size << " in " << parts << " of " << unit);
        CHECK(cut.start(0) == 0);
        CHECK(cut.start(parts) == size);
        for (int part = 0; part < parts; ++part) {
          CHECK(cut.count(part) > 0);
          CHECK(cut.start(part) % unit == 0);
          for (int n = cut.start(part); n < cut.start(part + 1); ++n) CHECK(cut.part_of(n) == part);
        }
      }
}

}  // namespace inpex::fft
