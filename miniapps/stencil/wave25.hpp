// SPDX-License-Identifier: Apache-2.0
#pragma once
// stencil.wave25: acoustic waves in a layered box, eighth order in space, second in time, zero
// walls.
//   w = 2 u - w + c2 L u in place, then u and w change names; c2 = (c dt/h)^2 of each cell.
// Verified against standing waves of the discrete rule (layers.hpp), and by laws that it must keep
// (wave_laws.hpp).

#include "block.hpp"
#include "layers.hpp"
#include "wave_laws.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

namespace inpex::stencil {

template <class S, class Real>
class Wave25 {
 public:
  using space = S;
  static constexpr auto name = "stencil.wave25";
  static constexpr auto summary = "Acoustic wave, eighth order in space, in a layered box";
  static constexpr auto item = "cell updates";

  struct Params {
    std::int64_t nx = 32, ny = 32, nz = 32, steps = 20;
    double courant = 0.4;
    std::string variant = Execution{}.variant;
    std::int64_t tile = 64;
    std::int64_t fused = 2;
    std::string overlap = Execution{}.overlap;
    std::vector<double> velocities{0.5, 0.75, 1.0};
    std::vector<double> modes{1, 1, 1, 1.0};

    static constexpr auto fields() {
      using P = Params;
      return std::tuple{field("nx", &P::nx),           field("ny", &P::ny),
                        field("nz", &P::nz),           field("steps", &P::steps),
                        field("courant", &P::courant), field("variant", &P::variant),
                        field("tile", &P::tile),       field("fused", &P::fused),
                        field("overlap", &P::overlap), field("velocities", &P::velocities),
                        field("modes", &P::modes)};
    }
  };

  Wave25(Params const& params, Context<S> const& context)
      : block_(context, {{params.nx, params.ny, params.nz}, {4, 4, 4}}, {},
               {params.variant, params.tile, params.overlap, params.fused, params.steps}),
        modes_(oracle(params)) {
    auto const squares = layered_squares(params.courant, params.velocities, params.nz);
    auto const table = table_of<S>("velocity", squares);
    block_.set_coefficient(OfPlane{table.data(), static_cast<int>(block_.grid().lower()[2])});
    context.space.fence("the table of velocities has been read");
  }

  void reset() {
    block_.rewind();
    block_.fill(block_.current(), modes_.after(0));
    block_.fill(block_.previous(), modes_.after(-1));
  }
  void step() { block_.step(); }

  [[nodiscard]] std::vector<PhaseWork> work() const { return block_.work(); }
  [[nodiscard]] Table extents() const { return block_.extents(); }
  std::uint64_t digest() {
    return block_.digest(block_.current()) ^ mixed(block_.digest(block_.previous()));
  }
  static std::vector<Check<Wave25>> checks() {
    return {{"exact", &Wave25::exact_error},
            {"order", &Wave25::order},
            {"energy", &Wave25::energy},
            {"reciprocity", &Wave25::reciprocity},
            {"mirror", &Wave25::mirror}};
  }

 private:
  /// The largest deviation from the standing waves after truth.steps steps.
  double exact_error(Params const& truth) {
    return block_.deviation(block_.current(), oracle(truth).after(truth.steps));
  }
  double order(Params const&) { return wave_order(block_.context()); }
  double energy(Params const& truth) {
    return wave_energy_drift<Real>(block_.context(), truth.courant);
  }
  double reciprocity(Params const& truth) {
    return wave_reciprocity<Real>(block_.context(), truth.courant);
  }
  double mirror(Params const& truth) { return wave_mirror<Real>(block_.context(), truth.courant); }

  LayeredModes<S> oracle(Params const& p) const {
    auto const [slowest, fastest] = std::minmax_element(p.velocities.begin(), p.velocities.end());
    if (p.velocities.empty() || *slowest <= 0)
      throw Error(Fault::spec, "velocities must be one or more numbers above 0", "velocities");
    if (auto const most = largest_courant() / *fastest; p.courant > most)
      throw Error(Fault::spec, "the time step is unstable: waves would grow without bound",
                  "courant",
                  "the largest stable courant is " + std::to_string(static_cast<double>(most)));
    return {block_.grid(), read_modes(p.modes), layered_squares(p.courant, p.velocities, p.nz)};
  }

  Block<S, Real, WavePoint<Real>> block_;
  LayeredModes<S> modes_;
};

}  // namespace inpex::stencil
