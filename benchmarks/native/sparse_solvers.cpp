// SPDX-License-Identifier: Apache-2.0
// The solvers of miniapps/sparse in turn in one process, each until the relative residual is 1e-9,
// and how many iterations each order of relaxation needs. Usage: OMP_NUM_THREADS=1
// native_sparse_solvers [points per side] [rounds]

#include "../../miniapps/sparse/kinds.hpp"
#include "interleave.hpp"

#include <chrono>
#include <cstdlib>
#include <memory>

namespace {

using namespace inpex;
using namespace inpex::sparse;
using S = Kokkos::Serial;

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// One solver, set up and with its iterations found.
template <class Z, class M>
struct Entrant {
  Entrant(Context<S> const& context, Box27 const& box, std::size_t levels, Format const& format) {
    double const start = seconds();
    constexpr bool transfers = std::is_same_v<M, Trilinear<Z, S>>;
    auto const hierarchy = box_hierarchy(box, levels, 26, transfers);
    solver = std::make_unique<Solver<Z, S, M>>(context, hierarchy, format);
    solver->set_right_hand_side(right_hand_side(box));
    setup = seconds() - start;
    iterations = solver->gradients().iterations_until(1e-9);
  }
  void operator()() const {
    solver->gradients().start();
    for (int k = 0; k < iterations; ++k) solver->gradients().iterate();
  }
  std::unique_ptr<Solver<Z, S, M>> solver;
  double setup = 0;
  int iterations = 0;
};

}  // namespace

int main(int argc, char** argv) {
  Kokkos::ScopeGuard const guard(argc, argv);
  int const points = argc > 1 ? std::atoi(argv[1]) : 104,
            rounds = argc > 2 ? std::atoi(argv[2]) : 5;
  Context<S> const context{};
  Box27 const box({points, points, points}, Comm(), 8);
  using Injecting = Multigrid<double, S>;
  Entrant<double, Injecting> const planes(context, box, 4, {Order::planes}),
      colours(context, box, 4, {Order::colours}), shared(context, box, 4, {Order::planes, true});
  Entrant<float, Multigrid<float, S>> const mixed(context, box, 4, {Order::planes});
  std::size_t levels = 1;
  for (Box27 coarse = box; coarse.thinnest() >= 4; coarse = coarse.coarser()) ++levels;
  Entrant<float, Trilinear<float, S>> const best(context, box, levels, {Order::planes});
  double const unknowns = 1e-6 * points * points * points;
  std::vector<native::Contender> contenders;
  auto const enter = [&](std::string const& name, auto const& entrant) {
    std::printf("%-22s set-up %.2f s, %d iterations to 1e-9\n", name.c_str(), entrant.setup,
                entrant.iterations);
    contenders.push_back({name, unknowns, "Munknown/s", [&entrant] { entrant(); }});
  };
  enter("hpcg, planes", planes);
  enter("hpcg, colours", colours);
  enter("mxp", mixed);
  enter("mf27", shared);
  enter("cg27", best);
  native::interleave(contenders, rounds);
  std::printf("%d points a side, one thread, %d rounds; without set-up\n", points, rounds);
  native::print(contenders, 0);
}
