// SPDX-License-Identifier: Apache-2.0
#pragma once
// particle.pic: electrostatic particle in cell in a periodic box: charge of electrons on a grid,
// the field by the transforms of the mini-app fft, its push, and leapfrog. A step is that of all
// electrons with their charge where they come to be, then the field of that charge; every few steps
// they are sorted by cell. Charge is whole numbers, so that a state is the same to the last bit on
// every number of threads and ranks.

#include "electrons.hpp"
#include "lost_update.hpp"
#include "poisson.hpp"
#include "windows.hpp"

#include <inpex/inpex.hpp>

#include <cmath>
#include <complex>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

namespace inpex::particle {

template <class S, class Real>
class Pic {
 public:
  using space = S;
  static constexpr auto name = "particle.pic";
  static constexpr auto summary = "Electrostatic particle in cell in a periodic box";
  static constexpr auto item = "particle steps";

  struct Params {
    std::int64_t nx = 16, ny = 16, nz = 16, per_axis = 2, steps = 60, every = 6;
    std::string problem = "twostream";
    double frequency = 1, timestep = 0.1, amplitude = 0.003, drift = 0.61237243569579447,
           wavelength = 16;
    std::string variant = "sorted";
    static constexpr auto fields() {
      return std::tuple{field("frequency", &Params::frequency),
                        field("nx", &Params::nx),
                        field("ny", &Params::ny),
                        field("nz", &Params::nz),
                        field("per_axis", &Params::per_axis),
                        field("steps", &Params::steps),
                        field("every", &Params::every),
                        field("problem", &Params::problem),
                        field("timestep", &Params::timestep),
                        field("amplitude", &Params::amplitude),
                        field("drift", &Params::drift),
                        field("wavelength", &Params::wavelength),
                        field("variant", &Params::variant)};
    }
  };

  Pic(Params const& params, Context<S> const& context)
      : context_(context), params_(params), wave_(plasma_of(params)),
        slabs_({params.nx, params.ny, params.nz}, margin(params), context.comm),
        electrons_(context, slabs_, wave_),
        charges_(context, slabs_, slabs_.margin(), slabs_.margin() + 1),
        potentials_(context, slabs_, slabs_.margin() + 1, slabs_.margin() + 2),
        poisson_(context, slabs_, scale(), mode()),
        charge_("charge of cells", corners * size(slabs_.window())),
        nodes_("charge of nodes", size(charges_.width())), density_("density", size(slabs_.own())),
        potential_("potential", size(slabs_.own())),
        window_("potential of the window", size(potentials_.width())),
        push_("push", 4 * static_cast<std::size_t>(charges_.width()) *
                          static_cast<std::size_t>((params.ny + 1) * (params.nz + 1))),
        history_("history of the wave", 2 * static_cast<std::size_t>(params.steps + 1)) {}

  void reset() {
    done_ = 0;
    Kokkos::deep_copy(context_.space, history_.view(), 0.0);
    electrons_.start();
    clear_charge();
    // No time passes: their charge where they are, and velocities as they were.
    Kokkos::deep_copy(context_.space, push_.view(), Real(0));
    electrons_.leap(window(), Real(0), params_.variant == "naive");
    find_field();
    if (energy_at_start_ == 0) energy_at_start_ = energy();
  }

  void step() {
    ++done_;
    {
      auto const phase = context_.phase("leapfrog");
      clear_charge();
      electrons_.leap(window(), static_cast<Real>(params_.timestep), params_.variant == "naive");
    }
    if (context_.plan.acts("lost-update"))
      forget_deposit(context_, window(), electrons_.view(), electrons_.count());
    find_field();
    if (done_ % params_.every == 0) {
      auto const phase = context_.phase("sort");
      electrons_.renew();
    } else {
      electrons_.keep();
    }
  }

  [[nodiscard]] std::vector<PhaseWork> work() const;
  [[nodiscard]] Table extents() const;
  std::uint64_t digest();
  static std::vector<Check<Pic>> checks() {
    return {{"dispersion", &Pic::dispersion_error}, {"trajectories", &Pic::displacement_error},
            {"charge", &Pic::wrong_charge},         {"population", &Pic::missing_electrons},
            {"field", &Pic::field_error},           {"momentum", &Pic::momentum},
            {"energy", &Pic::energy_drift},         {"sorted", &Pic::misplaced}};
  }

 private:
  using Wide = CountedLike<double, Real>;  // of the field, whatever electrons have
  static Plasma plasma_of(Params const& p) {
    return {.cells = {p.nx, p.ny, p.nz},
            .per_axis = p.per_axis,
            .streams = p.problem == "twostream",
            .frequency = p.frequency,
            .timestep = p.timestep,
            .amplitude = p.amplitude,
            .drift = p.drift,
            .wavelength = p.wavelength};
  }
  // Cells that electrons may go between two sorts: at twice the speed of the drift, and four times
  // that of the wave.
  static int margin(Params const& p) {
    auto const plasma = plasma_of(p);
    double const speed = 2 * plasma.speed() + 4 * p.amplitude * p.frequency;
    double const cells = std::max(static_cast<double>(p.every) * p.timestep * speed, p.amplitude);
    if (cells > static_cast<double>(p.nx))
      throw Error(Fault::spec, "electrons cross the whole box between two sorts", "every",
                  "take fewer steps between sorts, or a shorter time step");
    return std::max(1, static_cast<int>(std::ceil(cells)));
  }
  [[nodiscard]] double scale() const {
    auto const units = static_cast<double>(electron_charge<Real>);
    return params_.frequency * params_.frequency /
           (units * static_cast<double>(wave_.plasma().per_cell()));
  }
  [[nodiscard]] std::array<int, 3> mode() const {
    auto const waves = [&](std::size_t axis) {
      return static_cast<int>(wave_.plasma().waves(axis));
    };
    return {waves(0), waves(1), waves(2)};
  }
  [[nodiscard]] std::size_t size(int planes) const {
    return static_cast<std::size_t>(planes) * static_cast<std::size_t>(slabs_.plane());
  }
  [[nodiscard]] GridShape shape(int width) const {
    return {width, slabs_.cells(1), slabs_.cells(2)};
  }
  [[nodiscard]] Window<Real> window() const {
    return {shape(slabs_.window()), slabs_.lower() - slabs_.margin(), slabs_.margin(), push_.data(),
            charge_.data()};
  }
  void clear_charge() {
    launch_each(context_, ClearCharge{corners * slabs_.cells(2), charge_.data()},
                slabs_.window() * slabs_.cells(1));
  }
  void find_field();

  double dispersion_error(Params const& truth);
  double displacement_error(Params const& truth);
  double wrong_charge(Params const& truth);
  double missing_electrons(Params const& truth);
  double field_error(Params const& truth);
  double momentum(Params const& truth);
  double energy_drift(Params const& truth);
  double misplaced(Params const& truth);
  [[nodiscard]] double energy();
  template <class T>
  [[nodiscard]] std::vector<double> on_host(Memory<T, S> const& from) const;

  Context<S> const& context_;
  Params params_;
  Wave wave_;
  Slabs slabs_;
  Electrons<Real, S> electrons_;
  Windows<S> charges_, potentials_;
  Poisson<S, Wide> poisson_;
  Memory<double, S> charge_, nodes_;
  Memory<Wide, S> density_, potential_, window_;
  Memory<Real, S> push_;
  Memory<double, S> history_;
  std::int64_t done_ = 0;
  double energy_at_start_ = 0;
};

template <class S, class Real>
void Pic<S, Real>::find_field() {
  {
    auto const phase = context_.phase("charge");
    launch_each(context_, FoldCharge{shape(slabs_.window()), charge_.data(), nodes_.data()},
                charges_.width() * slabs_.cells(1));
    charges_.add(nodes_.data(), density_.data());
  }
  auto const at = 2 * static_cast<std::ptrdiff_t>(std::min(done_, params_.steps));
  poisson_.solve(density_.data(), potential_.data(), history_.data() + at);
  auto const phase = context_.phase("field");
  potentials_.fill(potential_.data(), window_.data());
  launch_each(context_, Gradient<Real, Wide>{shape(charges_.width()), window_.data(), push_.data()},
              charges_.width() * (slabs_.cells(1) + 1));
}

}  // namespace inpex::particle

#include "pic_checks.hpp"
#include "pic_work.hpp"
