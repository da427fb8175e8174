// SPDX-License-Identifier: Apache-2.0
#pragma once
// A stencil beside what else could have been written, in turn in one process on arrays of one
// layout:
//   plain     OpenMP loops blocked in y, vectorised by the compiler: the twin that a user would
//   write twin      the tiles of our own kernel under plain OpenMP: what Kokkos and the frame cost
//   inpex     the mini-app, through the interface that the harness uses, and its other variants
//   ceiling   the same bytes without arithmetic

#include "../../miniapps/stencil/block.hpp"
#include "interleave.hpp"

#include <inpex/app.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace inpex::stencil {
std::vector<App> apps();
}

namespace inpex::native {

using stencil::Domain;
using HostSpace = Kokkos::DefaultHostExecutionSpace;

/// What the command line says: cells per side, rounds, steps per round.
struct Wish {
  int cells = 512, rounds = 7, steps = 5;
  Wish(int argc, char** argv) {
    int* const words[] = {&cells, &rounds, &steps};
    for (int word = 1; word < argc && word <= 3; ++word) *words[word - 1] = std::atoi(argv[word]);
  }
};

/// A stencil to be compared. `plain` does one sweep.
template <class T, class P>
struct Subject {
  std::string app;
  P point;
  Domain domain;
  int tile;
  std::function<void(Layout const&, stencil::Arrays<T> const&)> plain;
  std::vector<std::string> variants = {"spatial"};
};

template <class Kernel>
void under_openmp(Kernel const& kernel) {
  int const tiles = kernel.tiles();
#pragma omp parallel for schedule(static)
  for (int t = 0; t < tiles; ++t) kernel.tile(t);
}

/// row(u) for each row of cells, u the place of its cell x = 0: blocks of 16 rows of y, which are
/// what a careful user would try first.
template <class Row>
void for_blocked_rows(Layout const& layout, Row const& row) {
  constexpr int block = 16;
  int const ny = layout.extent[1], nz = layout.extent[2];
#pragma omp parallel for schedule(static)
  for (int first = 0; first < ny; first += block)
    for (int k = 0; k < nz; ++k)
      for (int j = first; j < std::min(first + block, ny); ++j) row(layout.at(0, j, k));
}

/// out = in past the caches; or out += coefficient * in where the point updates.
template <class P, class T>
void ceiling(stencil::Arrays<T> const& a, std::size_t size) {
  using V = vec<T, native_lanes<T>>;
  constexpr std::size_t piece = 4096;
#pragma omp parallel for schedule(static)
  for (std::size_t first = 0; first < size / piece * piece; first += piece) {
    for (std::size_t i = first; i < first + piece; i += V::width) {
      if constexpr (P::coefficients)
        fused(V::load(a.coefficient + i), V::load(a.in + i), V::load(a.out + i)).store(a.out + i);
      else if constexpr (P::updates)
        (V::load(a.in + i) + V::load(a.out + i)).store(a.out + i);
      else
        V::load(a.in + i).stream(a.out + i);
    }
    stream_fence();
  }
}

template <class T, Space S = HostSpace>
std::unique_ptr<Case> make(std::string const& name, stencil::Domain const& domain,
                           std::int64_t steps, std::string const& variant) {
  Table table{{"nx", domain.cells[0], ""},
              {"nz", domain.cells[2], ""},
              {"steps", steps, ""},
              {"variant", variant, ""}};
  if (domain.cells[1] > 1) put(table, "ny", domain.cells[1]);
  for (auto const& app : stencil::apps())
    if (app.name == name)
      return app.make(
          table,
          {.space = std::string(space_name<S>()), .precision = sizeof(T) == 8 ? "fp64" : "fp32"},
          Comm());
  std::abort();
}

/// Runs all contenders and prints their table.
template <class T, class P>
void compare(Subject<T, P> const& subject, Wish const& wish) {
  auto const& cells = subject.domain.cells;
  Context<HostSpace> const context{};
  stencil::Block<HostSpace, T, P> block(context, subject.domain, subject.point,
                                        {.tile = subject.tile});
  auto const& layout = block.layout();
  stencil::Cuts cuts;
  cuts.add(Tiling(block.swept_box(), subject.tile, context.space.concurrency()));
  stencil::Sweep<T, P> const sweep(subject.point, layout, cuts, stencil::Store::streamed);
  auto const stepping = [&](auto const& step) {
    for (int s = 0; s < wish.steps; ++s) {
      step(stencil::Arrays<T>{block.current(), block.next(),
                              P::coefficients ? block.coefficient() : nullptr});
      block.swap();
    }
  };
  double const updates = 1e-9 * double(cells[0]) * double(cells[1]) * double(cells[2]) * wish.steps;
  double const each = sizeof(T) * (2 + P::updates + P::coefficients);
  std::vector<Contender> contenders{
      {"plain OpenMP loops", updates, "Gcell/s",
       [&] { stepping([&](auto const& arrays) { subject.plain(layout, arrays); }); }},
      {"our tiles under plain OpenMP", updates, "Gcell/s",
       [&] { stepping([&](auto const& arrays) { under_openmp(sweep.between(arrays)); }); }},
      {"ceiling: bytes alone",
       each * updates * double(layout.size) /
           (double(cells[0]) * double(cells[1]) * double(cells[2])),
       "GB/s", [&] { stepping([&](auto const& arrays) { ceiling<P>(arrays, layout.size); }); }}};
  std::vector<std::unique_ptr<Case>> cases;
  for (auto const& variant : subject.variants) {
    cases.push_back(make<T>(subject.app, subject.domain, wish.steps, variant));
    contenders.push_back({"inpex, " + variant, updates, "Gcell/s",
                          [one = cases.back().get()] { one->sample(Timing::total); }});
  }
  interleave(contenders, wish.rounds);
  std::printf("%s, %lld x %lld x %lld, %zu bytes a number, %d thread(s), %d rounds of %d steps\n",
              subject.app.c_str(), static_cast<long long>(cells[0]),
              static_cast<long long>(cells[1]), static_cast<long long>(cells[2]), sizeof(T),
              context.space.concurrency(), wish.rounds, wish.steps);
  print(contenders, 0);
  std::printf("inpex over its twin %.3f; of the ceiling %.1f %%\n",
              median(ratios(contenders[3], contenders[1])),
              100 * each * median(ratios(contenders[3], contenders[2])));
}

}  // namespace inpex::native
