// SPDX-License-Identifier: Apache-2.0
// particle.pic beside a plain twin: electrons in the order in which they were made, one at a time
// in a loop that OpenMP shares out, charge added to nodes by atomics. Both have the same solver of
// the field. Each round both start from the same lattice and end with the same wave. Usage:
// OMP_NUM_THREADS=1 native_pic [cells per side] [sites per edge] [rounds] [steps per round]

#include "../../miniapps/particle/pic.hpp"
#include "../../miniapps/fft/passes.hpp"
#include "interleave.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace {

using namespace inpex;
using namespace inpex::particle;
using Host = Kokkos::DefaultHostExecutionSpace;
using Plasmas = Pic<Host, double>;

/// The box as a newcomer would write it.
struct Twin {
  Context<Host> const& context;
  Wave const& wave;
  Slabs slabs;
  Lattice<double, Host> lattice;
  int n, count;
  double dt;
  std::vector<double> state, charge, potential, push[3], mode;
  Poisson<Host, double> poisson;

  Twin(Context<Host> const& where, Wave const& of)
      : context(where), wave(of), slabs(of.plasma().cells, 1, Comm()), lattice(wave, slabs),
        n(slabs.cells(0)), count(lattice.count()), dt(of.plasma().timestep),
        state(6 * static_cast<std::size_t>(count)), charge(cells()),
        potential(cells()), push{charge, charge, charge}, mode(2),
        poisson(where, slabs, 1.0 / static_cast<double>(of.plasma().per_cell()),
                {static_cast<int>(of.plasma().waves(0)), 0, 0}) {}

  [[nodiscard]] std::size_t cells() const {
    return static_cast<std::size_t>(n) * static_cast<std::size_t>(n) * static_cast<std::size_t>(n);
  }
  [[nodiscard]] int node(int x, int y, int z) const {
    return (((x + n) % n) * n + (y + n) % n) * n + (z + n) % n;
  }
  [[nodiscard]] double* run(int which) { return state.data() + std::ptrdiff_t{which} * count; }

  void start() {
    lattice.place(context, {state.data(), count});
    step(0);
  }
  void step(double time) {
    double *const x = run(0), *const y = run(1), *const z = run(2);
    double* const v[3] = {run(3), run(4), run(5)};
    double* const rho = charge.data();
#pragma omp parallel for
    for (std::size_t c = 0; c < charge.size(); ++c) rho[c] = 0;
#pragma omp parallel for
    for (int e = 0; e < count; ++e) {
      int corner[8];
      double weight[8];
      auto const locate = [&] {
        int const i = static_cast<int>(x[e]), j = static_cast<int>(y[e]),
                  k = static_cast<int>(z[e]);
        double const fx = x[e] - i, fy = y[e] - j, fz = z[e] - k;
        for (int c = 0; c < 8; ++c) {
          corner[c] = node(i + c / 4, j + c / 2 % 2, k + c % 2);
          weight[c] = (c / 4 ? fx : 1 - fx) * (c / 2 % 2 ? fy : 1 - fy) * (c % 2 ? fz : 1 - fz);
        }
      };
      locate();
      if (time > 0)
        for (int axis = 0; axis < 3; ++axis)
          for (int c = 0; c < 8; ++c)
            v[axis][e] += time * weight[c] * push[axis][static_cast<std::size_t>(corner[c])];
      for (auto const& [at, speed] : {std::pair(x, v[0]), std::pair(y, v[1]), std::pair(z, v[2])}) {
        at[e] += time * speed[e];
        if (at[e] < 0) at[e] += n;
        if (at[e] >= n) at[e] -= n;
      }
      locate();
      for (int c = 0; c < 8; ++c) {
#pragma omp atomic
        rho[corner[c]] += weight[c];
      }
    }
    poisson.solve(rho, potential.data(), mode.data());
    double const* const phi = potential.data();
#pragma omp parallel for
    for (int i = 0; i < n; ++i)
      for (int j = 0; j < n; ++j)
        for (int k = 0; k < n; ++k) {
          auto const at = static_cast<std::size_t>(node(i, j, k));
          push[0][at] = 0.5 * (phi[node(i + 1, j, k)] - phi[node(i - 1, j, k)]);
          push[1][at] = 0.5 * (phi[node(i, j + 1, k)] - phi[node(i, j - 1, k)]);
          push[2][at] = 0.5 * (phi[node(i, j, k + 1)] - phi[node(i, j, k - 1)]);
        }
  }
};

}  // namespace

int main(int argc, char** argv) {
  Kokkos::ScopeGuard const guard(argc, argv);
  int const cells = native::argument(argc, argv, 1, 32),
            per_axis = native::argument(argc, argv, 2, 3),
            rounds = native::argument(argc, argv, 3, 5),
            steps = native::argument(argc, argv, 4, 24);
  Context<Host> const context;
  Plasmas::Params params;
  params.nx = params.ny = params.nz = cells, params.per_axis = per_axis, params.steps = steps;
  Plasma const plasma{.cells = {cells, cells, cells},
                      .per_axis = per_axis,
                      .streams = true,
                      .timestep = params.timestep,
                      .amplitude = params.amplitude};
  Wave const wave(plasma);
  Plasmas app(params, context);
  params.variant = "naive";
  Plasmas naive(params, context);
  Twin twin(context, wave);
  std::vector<Wave::Complex> modes;
  auto const keep = [&] { modes.emplace_back(twin.mode[0], twin.mode[1]); };
  auto const rate = static_cast<double>(wave.plasma().electrons()) * steps * 1e-6;
  auto const contender = [&](char const* name, auto const& before, auto const& once) {
    return native::Contender{.name = name,
                             .work = rate,
                             .unit = "M electrons/s",
                             .run =
                                 [&, once] {
                                   for (int n = 0; n < steps; ++n) once();
                                 },
                             .before = before};
  };
  std::vector<native::Contender> contenders{
      contender(
          "plain twin, atomics", [&] { modes.clear(), twin.start(), keep(); },
          [&] { twin.step(twin.dt), keep(); }),
      contender(
          "inpex particle.pic, naive", [&] { naive.reset(); }, [&] { naive.step(); }),
      contender(
          "inpex particle.pic, sorted", [&] { app.reset(); }, [&] { app.step(); })};
  native::interleave(contenders, rounds);
  native::print(contenders, 0);
  double const error =
                   std::abs(fitted_rate(modes) - std::log(wave.growth())) / std::abs(wave.rate()),
               of_app = (app.*Plasmas::checks().front().find)(params);
  std::printf("error of the growth rate: twin %.6e, particle.pic %.6e\n", error, of_app);
  return std::abs(error - of_app) <= 1e-6 && app.digest() == naive.digest() ? 0 : 1;
}
