// SPDX-License-Identifier: Apache-2.0
#pragma once
// The electrons of one rank: their steps, and the sort that brings them into the order of cells and
// to the ranks that own these. A rank keeps room for a quarter more than its share.

#include "lattice_wave.hpp"

#include <inpex/buffers.hpp>
#include <inpex/courier.hpp>
#include <inpex/each.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace inpex::particle {

template <class Real, Space S>
class Electrons {
 public:
  Electrons(Context<S> const& context, Slabs const& slabs, Wave const& wave)
      : context_(context), slabs_(slabs), lattice_(wave, slabs), peers_(find_peers()),
        per_plane_(static_cast<std::size_t>(wave.plasma().per_cell() * slabs.plane())),
        capacity_(room(wave.plasma())),
        room_(peers_.empty() ? 0 : per_plane_ * static_cast<std::size_t>(slabs.margin() + 1)),
        state_("electrons", 6 * capacity_), ends_("sort: ends", cells() + 1),
        counts_("sort: counts", cells() + 1), leaving_("sort: leaving", peers_.size() + 1),
        leavers_("sort: leavers", peers_.size() * room_),
        outgoing_("sort: outgoing", 6 * peers_.size() * room_),
        incoming_("sort: incoming", 6 * peers_.size() * room_),
        columns_("sort: columns", static_cast<std::size_t>(slabs.cells(0) * slabs.cells(1))),
        first_column_("tiles: columns", static_cast<std::size_t>(slabs.tiles()) + 1),
        tiles_("tiles: colours", static_cast<std::size_t>(slabs.tiles())),
        numbers_(peers_.size() + 1), sent_(peers_.size()), arriving_(peers_.size()),
        courier_(context, outgoing_.size() * sizeof(Real), 2 * peers_.size()) {
    fill_tables();
  }

  [[nodiscard]] int count() const { return count_; }
  /// Electrons that were nowhere near, or for which there was no room.
  [[nodiscard]] std::int64_t lost() const { return lost_; }
  [[nodiscard]] std::uint64_t peers() const { return peers_.size(); }
  [[nodiscard]] ElectronView<Real> view() const { return view(state_.current()); }

  /// The initial state, sorted. Collective, blocking.
  void start() {
    state_.rewind();
    lost_ = 0, count_ = 0;
    begin_sort();
    Unsorted<Real> const sites = unsorted(state_.next());
    lattice_.place(context_, view(state_.next()));
    each(count_cells(sites), lattice_.count());
    sort(sites, lattice_.count(), state_.current());
  }

  /// A step of all electrons; charge is added to the window's. Asynchronous.
  void leap(Window<Real> const& window, Real timestep, bool naive) {
    Leap<Real> const leap{window, view(), timestep};
    if (naive) {
      using Policy = Kokkos::RangePolicy<S, Kokkos::IndexType<int>>;
      launch_range(context_, "naive leapfrog", Policy(context_.space, 0, count_),
                   NaiveLeapfrog<Real>{leap});
      return;
    }
    for (int colour = 0; colour < passes(); ++colour)
      launch(context_, Leapfrog<Real>{leap, tiles(colour), count_});
  }

  /// Into the order of cells. Collective, blocking.
  void renew() {
    begin_sort();
    auto const now = unsorted(state_.current());
    for (int colour = 0; colour < passes(); ++colour)
      launch(context_, SortTiles<CountCells<Real>>{count_cells(now), tiles(colour), count_});
    sort(now, 0, state_.next());
    state_.swap(context_);
  }
  /// The end of a step without a sort.
  void keep() { state_.keep(context_); }

  /// Six runs of count() numbers each. Blocking.
  [[nodiscard]] std::vector<Real> on_host() const;
  /// Electrons that do not stand where their cell's are.
  [[nodiscard]] std::int64_t misplaced() const;

 private:
  [[nodiscard]] std::size_t cells() const {
    return static_cast<std::size_t>(slabs_.own()) * static_cast<std::size_t>(slabs_.plane());
  }
  [[nodiscard]] std::size_t room(Plasma const& plasma) const {
    auto const all = static_cast<std::size_t>(plasma.electrons());
    if (all / static_cast<std::size_t>(slabs_.ranks()) > std::size_t{2'000'000'000})
      throw Error(Fault::spec, "more electrons than a rank can count", "nx, ny, nz, per_axis",
                  "take more ranks or a smaller box");
    if (slabs_.ranks() == 1) return all;
    return std::min(all, 5 * per_plane_ * static_cast<std::size_t>(slabs_.own() + 1) / 4);
  }
  // Ranks that own a plane within the margin.
  [[nodiscard]] std::vector<int> find_peers() const {
    std::vector<int> found;
    for (int w = -slabs_.margin(); w < slabs_.own() + slabs_.margin(); ++w) {
      int const rank = slabs_.owner(slabs_.lower() + w);
      if (rank != slabs_.rank() && std::find(found.begin(), found.end(), rank) == found.end())
        found.push_back(rank);
    }
    return found;
  }
  void fill_tables();
  [[nodiscard]] ElectronView<Real> view(Real* numbers) const {
    return {numbers, static_cast<std::ptrdiff_t>(capacity_)};
  }
  [[nodiscard]] Unsorted<Real> unsorted(Real* numbers) const {
    return {numbers, static_cast<std::ptrdiff_t>(capacity_), 1};
  }
  // Passes over electrons: one a colour where tiles are apart.
  [[nodiscard]] int passes() const { return context_.tiled() ? slabs_.colours() : 1; }
  [[nodiscard]] TileView tiles(int colour) const {
    auto const c = static_cast<std::size_t>(colour);
    return {ends_.data(), first_column_.data(), tiles_.data() + colour_starts_[c],
            colour_starts_[c + 1] - colour_starts_[c], slabs_.cells(2)};
  }
  [[nodiscard]] Places<Real> places() const {
    return {slabs_.cells(0), slabs_.cells(1), slabs_.cells(2), columns_.data()};
  }
  [[nodiscard]] CountCells<Real> count_cells(Unsorted<Real> const& from) const {
    int* const leaving = leaving_.data();
    return {from,
            places(),
            counts_.data(),
            leaving,
            leavers_.data(),
            leaving + peers_.size(),
            static_cast<int>(room_)};
  }
  template <class Body>
  void each(Body const& body, int count) {
    launch_each(context_, SortEach<Body>{body}, count);
  }
  void begin_sort() {
    Kokkos::deep_copy(context_.space, counts_.view(), 0);
    Kokkos::deep_copy(context_.space, leaving_.view(), 0);
  }
  // What remains once all that are here are counted: `unordered` of them in no order of cells.
  void sort(Unsorted<Real> const& from, int unordered, Real* to);
  // Sends those that leave; how many arrive.
  int migrate(Unsorted<Real> const& from);
  void exchange_numbers();
  void read_numbers();

  Context<S> const& context_;
  Slabs const& slabs_;
  Lattice<Real, S> lattice_;
  std::vector<int> peers_;
  std::size_t per_plane_, capacity_, room_;
  Buffers<Real, S> state_;
  Memory<int, S> ends_, counts_, leaving_, leavers_;
  Memory<Real, S> outgoing_, incoming_;
  Memory<int, S> columns_, first_column_, tiles_;
  std::array<int, 5> colour_starts_{};
  std::vector<int> numbers_, sent_, arriving_;
  Courier<S> courier_;
  int count_ = 0;
  std::int64_t lost_ = 0;
};

}  // namespace inpex::particle

#include "migration.hpp"
