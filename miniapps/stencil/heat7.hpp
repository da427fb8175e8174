// SPDX-License-Identifier: Apache-2.0
#pragma once
// stencil.heat7: explicit steps of the heat equation on a box, 7 points, zero walls.
//   v[i,j,k] = (1 - 6 r) u[i,j,k] + r (sum of the six face neighbours), then v becomes u.
// A sum of discrete sine modes stays one: each decays by g = 1 - 4 r (s(p,nx) + s(q,ny) + s(s,nz))
// a step, s(m,n) = sin(m pi / (2 (n+1)))^2 (the von Neumann analysis of FTCS, e.g. Strikwerda
// 2004, 6.3).

#include "block.hpp"
#include "modes.hpp"

#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <tuple>
#include <vector>

namespace inpex::stencil {

/// 8 flops: 5 adds for the sum, a multiply for the centre, a multiply and an add fused. Pairs are
/// added first, so that the point is symmetric under reflection to the last bit.
template <class T>
struct HeatPoint {
  static constexpr char const* name = "heat7 sweep";
  static constexpr int radius = 1;
  static constexpr std::uint64_t flops = 8;
  static constexpr Reach reach = Reach::faces;
  static constexpr Shape shape{.rows = 2, .planes = 4, .chunk = 0, .level_planes = 2};
  static constexpr bool updates = false, coefficients = false;
  T centre, side;

  template <class U>
  KOKKOS_FORCEINLINE_FUNCTION auto operator()(U const& u) const {
    auto const sum =
        ((u(West{}) + u(East{})) + (u(South{}) + u(North{}))) + (u(Below{}) + u(Above{}));
    return fused(side, sum, centre * u(Here{}));
  }
};

template <class S, class Real>
class Heat7 {
 public:
  using space = S;
  static constexpr auto name = "stencil.heat7";
  static constexpr auto summary = "Explicit 7-point heat step on a box";
  static constexpr auto item = "cell updates";

  struct Params {
    std::int64_t nx = 32, ny = 32, nz = 32, steps = 20;
    double r = 0.125;
    std::string variant = Execution{}.variant;
    std::int64_t tile = Execution{}.tile;
    std::string overlap = Execution{}.overlap;
    std::int64_t fused = 4;
    std::vector<double> modes{1, 1, 1, 1.0};

    static constexpr auto fields() {
      return std::tuple{field("nx", &Params::nx),       field("ny", &Params::ny),
                        field("nz", &Params::nz),       field("steps", &Params::steps),
                        field("r", &Params::r),         field("variant", &Params::variant),
                        field("tile", &Params::tile),   field("overlap", &Params::overlap),
                        field("fused", &Params::fused), field("modes", &Params::modes)};
    }
  };

  Heat7(Params const& params, Context<S> const& context)
      : block_(context, {{params.nx, params.ny, params.nz}, {1, 1, 1}}, point(params.r),
               {params.variant, params.tile, params.overlap, params.fused, params.steps}),
        modes_(block_.grid(), read_modes(params.modes)) {}

  void reset() {
    block_.rewind();
    block_.fill(block_.current(), modes_.after(0, [](Mode const&) { return 1.0L; }));
  }
  void step() { block_.step(); }

  [[nodiscard]] std::vector<PhaseWork> work() const { return block_.work(); }
  [[nodiscard]] Table extents() const { return block_.extents(); }
  std::uint64_t digest() { return block_.digest(block_.current()); }
  static std::vector<Check<Heat7>> checks() {
    return {{"exact", &Heat7::exact_error}, {"order", &Heat7::order}};
  }

 private:
  static HeatPoint<Real> point(double r) {
    return {static_cast<Real>(1 - 6 * r), static_cast<Real>(r)};
  }

  /// The largest deviation from the discrete modes after truth.steps steps.
  double exact_error(Params const& truth) {
    return block_.deviation(block_.current(), modes_.after(truth.steps, [&](Mode const& mode) {
      return 1 - 4 * static_cast<long double>(truth.r) * modes_.sine_squares(mode);
    }));
  }

  /// The order of convergence towards the heat equation itself: the lowest mode at one time on two
  /// grids, the finer with half the spacing and, r being fixed, four times the steps.
  double order(Params const& truth) {
    double error[2];
    for (int fine = 0; fine < 2; ++fine) {
      Params params = truth;
      params.nx = params.ny = params.nz = fine == 0 ? 15 : 31;  // n + 1 doubles
      params.steps = fine == 0 ? 16 : 64;
      params.modes = {1, 1, 1, 1.0};
      auto const& context = block_.context();
      Context<S> const alone{.space = context.space, .schedule = context.schedule};
      Heat7 app(params, alone);
      app.reset();
      for (std::int64_t step = 0; step < params.steps; ++step) app.step();
      auto const width = std::numbers::pi_v<long double> / (params.nx + 1);
      error[fine] = app.block_.deviation(app.block_.current(),
                                         app.modes_.after(params.steps, [&](Mode const&) {
                                           return std::exp(-3 * truth.r * width * width);
                                         }));
    }
    return std::log2(error[0] / error[1]);
  }

  Block<S, Real, HeatPoint<Real>> block_;
  SineModes<S> modes_;
};

}  // namespace inpex::stencil
