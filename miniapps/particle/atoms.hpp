// SPDX-License-Identifier: Apache-2.0
#pragma once
// The atoms of one rank and the list of their neighbours: sorting, ghosts and rows in one place,
// which is what a new list takes.

#include "energies.hpp"
#include "forces.hpp"
#include "ghosts.hpp"
#include "lattice_start.hpp"
#include "list.hpp"
#include "naive.hpp"
#include "near.hpp"
#include "population.hpp"
#include "verlet.hpp"

#include <inpex/context.hpp>
#include <inpex/each.hpp>
#include <inpex/memory.hpp>

#include <optional>
#include <type_traits>

namespace inpex::particle {

/// Atoms and their list. `Half` lists are for tiles; teams need full ones. Pair is the number that
/// the force of a pair is found in.
template <class Real, Space S, class Pair = Real>
class Atoms {
  using Host = Kokkos::DefaultHostExecutionSpace;
  static constexpr bool narrows = is_host<S> && !std::is_same_v<Real, Pair>;

 public:
  Atoms(Context<S> const& context, Melt const& melt, Reach const& reach)
      : context_(context), melt_(melt), reach_(reach),
        domain_(melt.box(), reach.list(), context.comm),
        atoms_of_column_(static_cast<double>(melt.atoms()) / domain_.columns(0) /
                         domain_.columns(1)),
        own_capacity_(blocks_of(domain_.own(0) * domain_.own(1))),
        capacity_(own_capacity_ + blocks_of(domain_.all() - domain_.own(0) * domain_.own(1))),
        x_("positions", capacity_ * block_size), v_("velocities", own_capacity_ * block_size),
        f_("forces", own_capacity_ * block_size),
        next_x_("positions, sorted", (is_host<S> ? capacity_ : 0) * block_size),
        next_v_("velocities, sorted", (is_host<S> ? own_capacity_ : 0) * block_size),
        bounds_("bounds", capacity_),
        listed_x_("positions at the last list", (reach.watched ? own_capacity_ : 0) * block_size),
        places_("places", reach.single ? 4 * (capacity_ + 1) * block_atoms : 0),
        begin_("columns: begin", columns()), end_("columns: end", columns()),
        host_begin_("columns: begin, host", columns()), host_end_("columns: end, host", columns()),
        sorter_(domain_, context.comm,
                static_cast<std::size_t>(atoms_of_column_ * domain_.own(0) * domain_.own(1)),
                own_capacity_),
        ghosts_(context, domain_, sent_capacity()),
        list_(context, reach, melt.density, half(), half() ? capacity_ : own_capacity_,
              reach.single ? static_cast<int>(capacity_) * block_atoms : 0) {
    if constexpr (!is_host<S>)
      for (auto* each : {&host_[0], &host_[1], &host_[2], &host_[3]})
        each->emplace("staged atoms", own_capacity_ * block_size);
    if constexpr (narrows)
      if (half()) near_.emplace(capacity_);
    if (reach.single)
      Kokkos::deep_copy(context.space, places_.view(), static_cast<Real>(2 * nowhere));
  }

  [[nodiscard]] bool half() const { return context_.tiled() && !reach_.single; }
  [[nodiscard]] Domain const& domain() const { return domain_; }
  [[nodiscard]] int own_blocks() const { return own_blocks_; }
  [[nodiscard]] int all_blocks() const { return all_blocks_; }
  [[nodiscard]] std::uint64_t sent_blocks() const { return ghosts_.sent_blocks(); }
  [[nodiscard]] std::uint64_t messages() const { return ghosts_.messages(); }
  /// How often the list grew.
  [[nodiscard]] int growths() const { return list_.growths(); }
  [[nodiscard]] bool lost() const { return sorter_.lost(); }
  [[nodiscard]] Real* x() const { return x_.data(); }
  [[nodiscard]] Real* v() const { return v_.data(); }
  [[nodiscard]] Real* f() const { return f_.data(); }

  /// Positions and velocities of this rank's part of the lattice, unsorted; renew() must follow.
  void start(Velocities const& velocities) {
    host_slots_ = place_lattice(melt_, velocities, domain_, staged(0));
  }

  /// Sorts, numbers ghosts, and makes the list anew. Collective, blocking.
  void renew() {
    if constexpr (!is_host<S>)
      if (host_slots_ < 0) copy(x_, *host_[0], own_blocks_), copy(v_, *host_[1], own_blocks_);
    int const slots = host_slots_ < 0 ? own_blocks_ * block_atoms : host_slots_;
    host_slots_ = -1;
    int* const begin = host_begin_.data();
    int* const end = host_end_.data();
    own_blocks_ =
        sorter_.sort(staged(0), slots, staged(1), begin, end, context_.plan.acts("lost-particle"));
    all_blocks_ = ghosts_.number(begin, end, own_blocks_);
    if (static_cast<std::size_t>(all_blocks_) > capacity_)
      throw Error(Fault::failed,
                  "ghosts crowd on a rank: more than " + std::to_string(capacity_) + " blocks", {},
                  "the state is no melt of one density: take a smaller time step, or fewer ranks");
    if constexpr (is_host<S>)
      std::swap(x_, next_x_), std::swap(v_, next_v_);
    else
      copy(*host_[2], x_, own_blocks_), copy(*host_[3], v_, own_blocks_);
    Kokkos::deep_copy(context_.space, begin_.view(), host_begin_.view());
    Kokkos::deep_copy(context_.space, end_.view(), host_end_.view());
    ghosts_.exchange(x());
    launch_each(context_, FindBounds<Real>{x(), bounds_.data()}, all_blocks_);
    list_.make(view(), strips());
    if constexpr (narrows)
      if (near_) near_->make(context_, view(), list_.words(), list_.stride(), all_blocks_);
    if (reach_.watched) copy(x_, listed_x_, own_blocks_);
  }

  /// Whether an atom moved by more than half the skin since the list was made, so that a pair might
  /// be lost. Collective, blocking.
  [[nodiscard]] bool stale() const {
    double most = 0;
    using Policy = Kokkos::RangePolicy<S, Kokkos::IndexType<int>>;
    Kokkos::parallel_reduce("moved", Policy(context_.space, 0, own_blocks_ * block_atoms),
                            Moved<Real>{x(), listed_x_.data()}, Kokkos::Max<double>(most));
    return !(4 * context_.comm.maximum(most) <= reach_.skin * reach_.skin);
  }

  /// Ghosts where their owners are now. Collective, blocking.
  void exchange() { ghosts_.exchange(x()); }

  /// Adds the forces of all pairs of the list.
  void add_forces() {
    if (reach_.single) {
      launch_each(context_, PackPlaces<Real>{x(), places_.data()}, all_blocks_ * block_atoms);
      launch(context_, VerletForces<Real>{view(), list_.words(), list_.stride(), places_.data(),
                                          static_cast<Real>(reach_.cutoff * reach_.cutoff), f()});
      return;
    }
    if constexpr (narrows)
      if (near_) near_->narrow(context_, view(), all_blocks_);
    int const colours = half() && strips() > 1 ? 2 : 1;
    for (int colour = 0; colour < colours; ++colour) add_colour(colour, colours);
    if (context_.plan.acts("pairs-twice")) add_colour(0, colours);
  }
  /// The same without the list, by a loop over all atoms of the columns around.
  void add_forces_naively() {
    using Policy = Kokkos::RangePolicy<S, Kokkos::IndexType<int>>;
    NaiveForces<Real> const body{view(), static_cast<Real>(reach_.cutoff * reach_.cutoff), f()};
    launch_range(context_, "forces, naive", Policy(context_.space, 0, own_blocks_ * block_atoms),
                 body);
  }
  /// What is planted in the state.
  void poison() {
    Kokkos::parallel_for(
        "poison", Kokkos::RangePolicy<S, Kokkos::IndexType<int>>(context_.space, 0, block_size),
        Poison<Real>{v()});
  }
  void integrate(double kick, double drift) {
    launch(context_, Integrate<Real>{x(), v(), f(), own_blocks_, static_cast<Real>(48 * kick),
                                     static_cast<Real>(drift)});
  }
  /// Turns the motion round: what follows are the same places, backwards.
  void reverse() {
    auto const v_now = v_.view();
    Kokkos::parallel_for("reverse", Kokkos::RangePolicy<S>(context_.space, 0, v_.size()),
                         Negate<Real>{v_now.data()});
  }
  void clear_forces() {
    auto const f_now = f_.view();
    Kokkos::deep_copy(context_.space, f_now, Real(0));
  }
  [[nodiscard]] Columns<Real> view() const {
    auto const& box = domain_.box();
    return {domain_.own(0),
            domain_.own(1),
            domain_.ghosts(0),
            domain_.ghosts(1),
            own_blocks_,
            begin_.data(),
            end_.data(),
            {static_cast<Real>(box[0]), static_cast<Real>(box[1]), static_cast<Real>(box[2])},
            x_.data(),
            bounds_.data()};
  }
  template <bool Half>
  [[nodiscard]] Forces<Real, Half, Pair> forces(int colour, int colours) const {
    return {view(),
            list_.words(),
            list_.stride(),
            strips(),
            colour,
            colours,
            static_cast<Pair>(reach_.cutoff * reach_.cutoff),
            f_.data()};
  }
  /// Sums over the pairs of the list, of all ranks. Collective, blocking.
  [[nodiscard]] Energy energy() const {
    auto const square = static_cast<Real>(reach_.cutoff * reach_.cutoff);
    auto const sum = [&](auto kind) {
      return energy_of(context_,
                       decltype(kind){view(), list_.words(), list_.stride(), square, all_blocks_});
    };
    return reach_.single ? sum(Energies<Real, false, true>{})
           : half()      ? sum(Energies<Real, true>{})
                         : sum(Energies<Real, false>{});
  }
  /// Own blocks in host memory: positions (0), velocities (1) or forces (2), [own blocks][24].
  [[nodiscard]] std::vector<Real> on_host(int which) const {
    std::vector<Real> all(static_cast<std::size_t>(own_blocks_) * block_size);
    auto const& from = which == 0 ? x_ : which == 1 ? v_ : f_;
    Kokkos::deep_copy(
        context_.space,
        Kokkos::View<Real*, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>>(all.data(),
                                                                                        all.size()),
        Kokkos::subview(from.view(), std::pair<std::size_t, std::size_t>(0, all.size())));
    context_.space.fence("atoms on the host");
    return all;
  }

 private:
  [[nodiscard]] std::size_t columns() const { return static_cast<std::size_t>(domain_.all()); }
  // Each column ends in a block that is half empty; fluctuations of a melt are far below the rest.
  [[nodiscard]] std::size_t blocks_of(int columns) const {
    return columns == 0
               ? 0
               : static_cast<std::size_t>(columns * (1.03 * atoms_of_column_ / block_atoms + 1)) +
                     32;
  }
  [[nodiscard]] std::size_t sent_capacity() const {
    return blocks_of(column_reach * (std::max(domain_.own(0), domain_.own(1)) + 2 * column_reach));
  }
  [[nodiscard]] int strips() const {
    int const own = domain_.own(0);
    return domain_.is_cut(0) ? (own + 2 * column_reach) / column_reach
           : own >= 4        ? 2 * (own / 4)
                             : 1;
  }
  HostAtoms<Real> staged(int which) {
    if constexpr (is_host<S>)
      return which == 0 ? HostAtoms<Real>{x_.data(), v_.data()}
                        : HostAtoms<Real>{next_x_.data(), next_v_.data()};
    else
      return which == 0 ? HostAtoms<Real>{host_[0]->data(), host_[1]->data()}
                        : HostAtoms<Real>{host_[2]->data(), host_[3]->data()};
  }
  template <class From, class To>
  void copy(From const& from, To const& to, int blocks) {
    std::pair<std::size_t, std::size_t> const range(0,
                                                    static_cast<std::size_t>(blocks) * block_size);
    Kokkos::deep_copy(context_.space, Kokkos::subview(to.view(), range),
                      Kokkos::subview(from.view(), range));
    context_.space.fence("atoms copied");
  }
  void add_colour(int colour, int colours) {
    if constexpr (narrows)
      if (near_) return launch(context_, near_->kernel(forces<true>(colour, colours)));
    if (half())
      launch(context_, forces<true>(colour, colours));
    else
      launch(context_, forces<false>(colour, colours));
  }

  Context<S> const& context_;
  Melt melt_;
  Reach reach_;
  Domain domain_;
  double atoms_of_column_;
  std::size_t own_capacity_, capacity_;
  Memory<Real, S> x_, v_, f_, next_x_, next_v_;
  Memory<Bounds, S> bounds_;
  Memory<Real, S> listed_x_, places_;
  Memory<int, S> begin_, end_;
  Memory<int, Host> host_begin_, host_end_;
  Sorter<Real> sorter_;
  Ghosts<Real, S> ghosts_;
  List<Real, S> list_;
  std::optional<NearBlocks<S>> near_;
  std::array<std::optional<Memory<Real, Host>>, 4> host_;
  int own_blocks_ = 0, all_blocks_ = 0, host_slots_ = -1;
};

}  // namespace inpex::particle
