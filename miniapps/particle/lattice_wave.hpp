// SPDX-License-Identifier: Apache-2.0
#pragma once
// The initial state: a lattice of sites in a rank's slab, and the wave that displaces it. A
// function of the site alone, with sines and cosines made on the host, so that it has the same bits
// on every space and number of ranks.

#include "cell_sort.hpp"
#include "plasma.hpp"
#include "slabs.hpp"

#include <inpex/memory.hpp>

namespace inpex::particle {

/// Where the first site of a cell is, in distances of sites: both halves of a cell are alike.
inline constexpr double first_site = 0.5;

/// One axis' part of exp(i k.x0) at all sites along it, and displacements as factors of it.
template <class Real>
struct PlaceSites {
  static constexpr char const* name = "lattice";
  static constexpr int per_tile = 4096;
  int ny, nz, first_x, beams;  ///< sites
  double per_axis, direction[3], drift, timestep;
  double re[2], im[2];              ///< displacement at x0 = 0, by beam
  double moves_re[2], moves_im[2];  ///< and how far it goes in the step before
  double const* phases[3];          ///< re, im of each site
  ElectronView<Real> to;

  KOKKOS_INLINE_FUNCTION void operator()(int n) const {
    int const beam = n % beams, rest = n / beams;
    int const site[3] = {first_x + rest / (ny * nz), rest / nz % ny, rest % nz};
    double const *const px = phases[0] + 2 * site[0], *const py = phases[1] + 2 * site[1],
                        *const pz = phases[2] + 2 * site[2];
    double const a = px[0] * py[0] - px[1] * py[1], b = px[0] * py[1] + px[1] * py[0];
    double const c = a * pz[0] - b * pz[1], d = a * pz[1] + b * pz[0];
    double const shift = c * re[beam] - d * im[beam],
                 moved = (c * moves_re[beam] - d * moves_im[beam]) / timestep;
    for (int axis = 0; axis < 3; ++axis) {
      to.run(axis)[n] =
          static_cast<Real>((site[axis] + first_site) / per_axis + direction[axis] * shift);
      to.run(3 + axis)[n] = static_cast<Real>(direction[axis] * moved + (axis > 0    ? 0
                                                                         : beam == 0 ? drift
                                                                                     : -drift));
    }
    // Back into the box along y and z, as after a step.
    to.run(1)[n] = wrapped(vec<Real, 1>{to.run(1)[n]}, static_cast<Real>(ny / per_axis)).lanes;
    to.run(2)[n] = wrapped(vec<Real, 1>{to.run(2)[n]}, static_cast<Real>(nz / per_axis)).lanes;
  }
};

/// The lattice of one rank.
template <class Real, Space S>
class Lattice {
 public:
  Lattice(Wave const& wave, Slabs const& slabs)
      : wave_(wave), slabs_(slabs), phases_("lattice: phases", 2 * sites(3)) {
    auto const host = Kokkos::create_mirror_view(phases_.view());
    std::size_t at = 0;
    auto const& plasma = wave.plasma();
    for (std::size_t axis = 0; axis < 3; ++axis)
      for (std::size_t n = 0; n < sites(axis + 1) - sites(axis); ++n) {
        double const angle = plasma.wave_number(axis) * (static_cast<double>(n) + first_site) /
                             static_cast<double>(plasma.per_axis);
        host(at++) = std::cos(angle), host(at++) = std::sin(angle);
      }
    Kokkos::deep_copy(phases_.view(), host);
  }

  /// Electrons whose sites are in this rank's slab, in order of sites.
  [[nodiscard]] int count() const {
    return static_cast<int>(wave_.plasma().per_cell() * slabs_.own() * slabs_.plane());
  }
  void place(Context<S> const& context, ElectronView<Real> to) const {
    auto const& plasma = wave_.plasma();
    auto const p = static_cast<int>(plasma.per_axis);
    PlaceSites<Real> body{.ny = slabs_.cells(1) * p,
                          .nz = slabs_.cells(2) * p,
                          .first_x = slabs_.lower() * p,
                          .beams = static_cast<int>(plasma.beams()),
                          .per_axis = static_cast<double>(p),
                          .direction = {},
                          .drift = plasma.speed(),
                          .timestep = plasma.timestep,
                          .re = {},
                          .im = {},
                          .moves_re = {},
                          .moves_im = {},
                          .phases = {},
                          .to = to};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      body.direction[axis] = wave_.direction()[axis];
      body.phases[axis] = phases_.data() + 2 * sites(axis);
    }
    for (int beam = 0; beam < 2; ++beam) {
      auto const start = wave_.start(beam);
      // Beside the drift, which is in the factor of streams but moves sites, not waves.
      auto const moves = start - start / wave_.factor(beam);
      body.re[beam] = start.real(), body.im[beam] = start.imag();
      body.moves_re[beam] = moves.real(), body.moves_im[beam] = moves.imag();
    }
    launch_each(context, body, count());
  }

 private:
  // Sites along the axes before this one.
  [[nodiscard]] std::size_t sites(std::size_t axis) const {
    std::size_t sum = 0;
    for (std::size_t a = 0; a < axis; ++a)
      sum += static_cast<std::size_t>(wave_.plasma().cells[a] * wave_.plasma().per_axis);
    return sum;
  }

  Wave const& wave_;
  Slabs const& slabs_;
  Memory<double, S> phases_;
};

}  // namespace inpex::particle
