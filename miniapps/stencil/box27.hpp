// SPDX-License-Identifier: Apache-2.0
#pragma once
// stencil.box27: a weighted mean of a cell and its 26 neighbours, out of place, zero walls.
//   v = centre u + face (6 faces) + edge (12 edges) + corner (8 corners),
//   centre = 1 - 6 face - 12 edge - 8 corner.
// Sine modes vanish on the ghost layer, so that each is an eigenvector: with c = cos(p pi / (n+1))
// along each axis its factor a step is centre + 2 face (cx + cy + cz) + 4 edge (cx cy + cy cz + cx
// cz)
// + 8 corner cx cy cz.

#include "block.hpp"
#include "modes.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

namespace inpex::stencil {

/// 18 flops: two sums over y and z of 3 adds each, a multiply and 2 fused each for what they give
/// to the cell itself and to those beside it, and 2 adds along x.
template <class T>
struct BoxPoint {
  static constexpr char const* name = "box27 sweep";
  static constexpr int radius = 1;
  static constexpr std::uint64_t flops = 18;
  static constexpr Reach reach = Reach::all;
  static constexpr Shape shape{.rows = 1, .planes = 4, .chunk = 0, .level_planes = 2};
  static constexpr bool updates = false, coefficients = false, shares_columns = true;
  T centre, face, edge, corner;

  template <class U>
  KOKKOS_FORCEINLINE_FUNCTION auto column(U const& u) const {
    auto const here = u(Here{});
    auto const faces = (u(South{}) + u(North{})) + (u(Below{}) + u(Above{}));
    auto const edges = (u(Offset<0, -1, -1>{}) + u(Offset<0, 1, -1>{})) +
                       (u(Offset<0, -1, 1>{}) + u(Offset<0, 1, 1>{}));
    return Shares{fused(edge, edges, fused(face, faces, centre * here)),
                  fused(corner, edges, fused(edge, faces, face * here))};
  }
  template <class U>
  KOKKOS_FORCEINLINE_FUNCTION auto operator()(U const& u) const {
    return u.column(*this, Here{}).own +
           (u.column(*this, West{}).beside + u.column(*this, East{}).beside);
  }
};

template <class S, class Real>
class Box27 {
 public:
  using space = S;
  static constexpr auto name = "stencil.box27";
  static constexpr auto summary = "Weighted mean of 27 points on a box";
  static constexpr auto item = "cell updates";

  struct Params {
    std::int64_t nx = 32, ny = 32, nz = 32, steps = 20;
    double face = 0.06, edge = 0.02, corner = 0.01;
    std::string variant = Execution{}.variant;
    std::int64_t tile = Execution{}.tile;
    std::string overlap = Execution{}.overlap;
    std::int64_t fused = 4;
    std::vector<double> modes{1, 1, 1, 1.0};

    static constexpr auto fields() {
      using P = Params;
      return std::tuple{
          field("nx", &P::nx),           field("ny", &P::ny),           field("nz", &P::nz),
          field("steps", &P::steps),     field("face", &P::face),       field("edge", &P::edge),
          field("corner", &P::corner),   field("variant", &P::variant), field("tile", &P::tile),
          field("overlap", &P::overlap), field("fused", &P::fused),     field("modes", &P::modes)};
    }
  };

  Box27(Params const& params, Context<S> const& context)
      : block_(context, {{params.nx, params.ny, params.nz}, {1, 1, 1}}, point(params),
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
  static std::vector<Check<Box27>> checks() { return {{"exact", &Box27::exact_error}}; }

 private:
  static double centre(Params const& p) { return 1 - 6 * p.face - 12 * p.edge - 8 * p.corner; }
  static BoxPoint<Real> point(Params const& p) {
    if (centre(p) < 0)
      throw Error(Fault::spec, "the weights leave the centre a negative one: steps may grow",
                  "face, edge, corner", "keep 6 face + 12 edge + 8 corner within 1");
    return {static_cast<Real>(centre(p)), static_cast<Real>(p.face), static_cast<Real>(p.edge),
            static_cast<Real>(p.corner)};
  }

  /// The largest deviation from the discrete modes after truth.steps steps.
  double exact_error(Params const& truth) {
    auto const decay = [&](Mode const& mode) {
      auto const [x, y, z] = modes_.cosines(mode);
      return centre(truth) + 2 * truth.face * (x + y + z) +
             4 * truth.edge * (x * y + y * z + x * z) + 8 * truth.corner * (x * y * z);
    };
    return block_.deviation(block_.current(), modes_.after(truth.steps, decay));
  }

  Block<S, Real, BoxPoint<Real>> block_;
  SineModes<S> modes_;
};

}  // namespace inpex::stencil
