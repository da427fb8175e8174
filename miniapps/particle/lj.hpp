// SPDX-License-Identifier: Apache-2.0
#pragma once
// particle.lj: molecular dynamics of the Lennard-Jones melt that LAMMPS is measured with: 4 atoms a
// cell, cut-off 2.5, skin 0.3, a new list every 20 steps, velocity Verlet. Velocities are kept half
// a step behind, so that a step is one kick, one drift and one evaluation of forces; what is
// reported is at whole steps.

#include "atoms.hpp"
#include "mixed.hpp"
#include "oracle.hpp"

#include <inpex/inpex.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

namespace inpex::particle {

/// Of a state: the temperature, and the potential energy of an atom.
struct Thermo {
  double temperature, energy;
};

/// Precision: a number, of which all is, or Mixed.
template <class S, class Precision>
class Lj {
  using Real = typename Numbers<Precision>::State;
  using Pair = typename Numbers<Precision>::Pair;

 public:
  using space = S;
  static constexpr auto name = "particle.lj";
  static constexpr auto summary = "Molecular dynamics of the Lennard-Jones melt";
  static constexpr auto item = "atom-steps";

  struct Params {
    std::int64_t nx = 8, ny = 8, nz = 8, steps = 40;
    double density = 0.8442, temperature = 1.44, cutoff = 2.5, skin = 0.3, timestep = 0.005;
    std::int64_t every = 20, seed = 87287;
    std::string variant = "cluster";
    static constexpr auto fields() {
      return std::tuple{field("temperature", &Params::temperature),
                        field("density", &Params::density),
                        field("nx", &Params::nx),
                        field("ny", &Params::ny),
                        field("nz", &Params::nz),
                        field("steps", &Params::steps),
                        field("cutoff", &Params::cutoff),
                        field("skin", &Params::skin),
                        field("timestep", &Params::timestep),
                        field("every", &Params::every),
                        field("seed", &Params::seed),
                        field("variant", &Params::variant)};
    }
  };

  Lj(Params const& params, Context<S> const& context)
      : context_(context), params_(params), melt_(melt_of(params)),
        velocities_(melt_, context.comm),
        atoms_(
            context, melt_,
            {params.cutoff, params.skin, params.variant == "check", params.variant == "verlet"}) {}

  void reset() {
    start();
    energy_at_start_ = atoms_.energy();
    add_work();
  }
  void step() {
    {
      auto const phase = context_.phase("integrate");
      atoms_.integrate(done_ == 0 ? params_.timestep / 2 : params_.timestep, params_.timestep);
    }
    ++done_;
    if (params_.variant == "check" ? atoms_.stale() : done_ % params_.every == 0) {
      auto const phase = context_.phase("list");
      atoms_.renew();
    } else {
      auto const phase = context_.phase("exchange");
      atoms_.exchange();
    }
    add_forces();
    if (context_.plan.acts("not-a-number")) atoms_.poison();
  }

  [[nodiscard]] std::vector<PhaseWork> work() const { return work_; }
  [[nodiscard]] Table extents() const {
    auto const& domain = atoms_.domain();
    return {{"columns", std::int64_t{domain.own(0)} * domain.own(1), ""},
            {"atoms", real_atoms_, ""},
            {"own_atoms", own_atoms_, ""},
            {"pairs", pairs_, ""},
            {"ghost_atoms", ghost_atoms_, ""},
            {"sent_atoms", sent_atoms_, ""},
            {"messages", static_cast<std::int64_t>(atoms_.messages()), ""}};
  }
  std::uint64_t digest();
  /// What LAMMPS prints of this state. Collective, blocking.
  [[nodiscard]] Thermo thermo() const {
    auto const atoms = static_cast<double>(melt_.atoms());
    return {kinetic() / (1.5 * (atoms - 1)), atoms_.energy().energy / atoms};
  }
  static std::vector<Check<Lj>> checks() {
    return {{"forces", &Lj::force_error},       {"lattice", &Lj::lattice_error},
            {"momentum", &Lj::momentum},        {"energy", &Lj::energy_drift},
            {"published", &Lj::departure},      {"virial", &Lj::virial_error},
            {"population", &Lj::missing_atoms}, {"complete", &Lj::lost_energy},
            {"reversal", &Lj::irreversible}};
  }

 private:
  static Melt melt_of(Params const& p) {
    if (!std::is_same_v<Real, Pair> && (p.variant == "naive" || p.variant == "verlet"))
      throw Error(Fault::command, "variant '" + p.variant + "' has no mixed precision", "variant",
                  "take cluster or check, or another precision");
    return {{p.nx, p.ny, p.nz}, p.density, p.temperature, p.seed};
  }
  void start() {
    done_ = 0;
    atoms_.start(velocities_);
    atoms_.renew();
    atoms_.clear_forces();
    add_forces();
  }
  void add_forces() {
    auto const phase = context_.phase("forces");
    if (params_.variant == "naive")
      atoms_.add_forces_naively();
    else
      atoms_.add_forces();
  }
  void add_work();

  // Of own atoms, in double precision: coordinates in the box (0), velocities at this step (1),
  // forces (2).
  struct Own {
    std::vector<Point> x, v, f;
  };
  [[nodiscard]] Own own() const;
  [[nodiscard]] double kinetic() const;

  double force_error(Params const& truth);
  double lattice_error(Params const& truth);
  double momentum(Params const& truth);
  double energy_drift(Params const& truth);
  double departure(Params const& truth);
  double virial_error(Params const& truth);
  double missing_atoms(Params const& truth);
  double lost_energy(Params const& truth);
  double irreversible(Params const& truth);

  Context<S> const& context_;
  Params params_;
  Melt melt_;
  Velocities velocities_;
  Atoms<Real, S, Pair> atoms_;
  std::int64_t done_ = 0, real_atoms_ = 0, own_atoms_ = 0, pairs_ = 0, ghost_atoms_ = 0,
               sent_atoms_ = 0;
  Energy energy_at_start_;
  std::vector<PhaseWork> work_;
};

// Counts of the initial state, each datum once a phase. Pairs within the cut-off, and within the
// list, by density.
template <class S, class Precision>
void Lj<S, Precision>::add_work() {
  auto const filled = [&](int blocks) { return std::int64_t{blocks} * block_atoms; };
  own_atoms_ = filled(atoms_.own_blocks()),
  ghost_atoms_ = filled(atoms_.all_blocks() - atoms_.own_blocks());
  sent_atoms_ = filled(static_cast<int>(atoms_.sent_blocks()));
  real_atoms_ = static_cast<std::int64_t>(own().x.size());
  double const reach = params_.cutoff + params_.skin;
  pairs_ = static_cast<std::int64_t>(
      std::floor(2.0943951 * params_.density * static_cast<double>(own_atoms_) * params_.cutoff *
                 params_.cutoff * params_.cutoff));
  auto const listed = static_cast<std::int64_t>(std::floor(
      2.0943951 * params_.density * static_cast<double>(own_atoms_) * reach * reach * reach));
  auto const n = [](std::int64_t count) { return static_cast<std::uint64_t>(count); };
  std::uint64_t const real = sizeof(Real), every = n(params_.every), own = n(own_atoms_),
                      ghosts = n(ghost_atoms_);
  work_ = {{"integrate",
            {.flops = 12 * own, .bytes_read = 9 * real * own, .bytes_written = 9 * real * own}},
           // Every atom is read and written in its new order; of ghosts positions. The list takes
           // 70 bytes of an atom and 12 of a ghost, bounds and columns included.
           {"list",
            {.flops = 8 * n(listed) / every,
             .bytes_read = (6 * real * own + 3 * real * ghosts) / every,
             .bytes_written = ((6 * real + 70) * own + (3 * real + 12) * ghosts) / every}},
           {"exchange", {.messages = atoms_.messages(), .bytes_sent = 3 * real * n(sent_atoms_)}},
           {"forces",
            {.flops = 23 * n(pairs_) + 8 * (n(listed) - n(pairs_)),
             .bytes_read = (6 * real + 54) * own + (3 * real + 10) * ghosts,
             .bytes_written = 3 * real * own}}};
}

template <class S, class Precision>
typename Lj<S, Precision>::Own Lj<S, Precision>::own() const {
  auto const x = atoms_.on_host(0), v = atoms_.on_host(1), f = atoms_.on_host(2);
  auto const box = atoms_.domain().box();
  double const kick = done_ == 0 ? 0 : 24 * params_.timestep;
  Own all;
  for (int n = 0; n < atoms_.own_blocks() * block_atoms; ++n) {
    auto const at = static_cast<std::size_t>(Sorter<Real>::offset(n));
    if (x[at] < Real(nowhere)) continue;
    Point here{}, velocity{}, force{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      auto const which = at + axis * block_atoms;
      here[axis] = static_cast<double>(x[which]);
      here[axis] -= box[axis] * std::floor(here[axis] / box[axis]);
      force[axis] = 48 * static_cast<double>(f[which]);
      velocity[axis] = static_cast<double>(v[which]) + kick / 48 * force[axis];
    }
    all.x.push_back(here), all.v.push_back(velocity), all.f.push_back(force);
  }
  return all;
}

template <class S, class Precision>
double Lj<S, Precision>::kinetic() const {
  double sum = 0;
  for (auto const& v : own().v) sum += 0.5 * (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
  return context_.comm.sum(sum);
}

// What does not depend on the order of sums: positions to one part in 4096 of the box in double
// precision, and energies to a part in 1024; with forces in single precision, where motion is
// chaotic too soon, energies to one in 64.
template <class S, class Precision>
std::uint64_t Lj<S, Precision>::digest() {
  auto const here = own();
  auto const box = atoms_.domain().box();
  double const atoms = static_cast<double>(melt_.atoms()), parts = sizeof(Pair) == 8 ? 1024 : 64;
  std::uint64_t sum = here.x.size();
  for (auto const& x : here.x) {
    std::uint64_t place = 0;
    for (std::size_t axis = 0; axis < 3 && sizeof(Pair) == 8; ++axis)
      place = 4096 * place +
              static_cast<std::uint64_t>(std::nearbyint(x[axis] / box[axis] * 4096)) % 4096;
    sum += cell_hash(place, 1.0);
  }
  sum = context_.comm.sum(sum);
  sum += cell_hash(0, std::nearbyint(parts * atoms_.energy().energy / atoms) + 0.0);
  return sum + cell_hash(1, std::nearbyint(parts * kinetic() / atoms) + 0.0);
}

}  // namespace inpex::particle

#include "lj_checks.hpp"
