// SPDX-License-Identifier: Apache-2.0
#pragma once
// The sort of electrons across ranks, and what tests and checks ask of it.

#include "electrons.hpp"

namespace inpex::particle {

template <class Real, Space S>
void Electrons<Real, S>::fill_tables() {
  auto const copy = [](Memory<int, S> const& to, std::vector<int> const& from) {
    auto const host = Kokkos::create_mirror_view(to.view());
    std::copy(from.begin(), from.end(), host.data());
    Kokkos::deep_copy(to.view(), host);
  };
  std::vector<int> columns(columns_.size(), out_of_reach), order;
  auto const own = slabs_.columns();
  auto const ny = static_cast<std::size_t>(slabs_.cells(1));
  for (int w = -slabs_.margin(); w < slabs_.own() + slabs_.margin(); ++w) {
    int const plane = slabs_.wrapped(slabs_.lower() + w), rank = slabs_.owner(plane);
    auto const peer = std::find(peers_.begin(), peers_.end(), rank) - peers_.begin();
    for (std::size_t y = 0; y < ny; ++y)
      columns[static_cast<std::size_t>(plane) * ny + y] =
          rank == slabs_.rank() ? own[static_cast<std::size_t>(plane - slabs_.lower()) * ny + y]
                                : -1 - static_cast<int>(peer);
  }
  for (int colour = 0; colour < slabs_.colours(); ++colour) {
    auto const tiles = slabs_.tiles_of(colour);
    order.insert(order.end(), tiles.begin(), tiles.end());
    colour_starts_[static_cast<std::size_t>(colour) + 1] = static_cast<int>(order.size());
  }
  copy(columns_, columns), copy(tiles_, order);
  copy(first_column_, slabs_.first_columns());
}

template <class Real, Space S>
void Electrons<Real, S>::sort(Unsorted<Real> const& from, int unordered, Real* to) {
  int const arrived = peers_.empty() ? 0 : migrate(from), here = count_;
  Unsorted<Real> const arrivals{incoming_.data(), 1, 6};
  each(count_cells(arrivals), arrived);
  Kokkos::parallel_scan("sort: scan",
                        Kokkos::RangePolicy<S, Kokkos::IndexType<int>>(
                            context_.space, 0, static_cast<int>(cells()) + 1),
                        ScanCells{counts_.data()});
  read_numbers();
  auto const scatter = [&](Unsorted<Real> const& source) {
    return Scatter<Real>{source, places(), counts_.data(), view(to)};
  };
  if (unordered > 0)
    each(scatter(from), unordered);
  else
    for (int colour = 0; colour < passes(); ++colour)
      launch(context_, SortTiles<Scatter<Real>>{scatter(from), tiles(colour), here});
  each(scatter(arrivals), arrived);
  std::swap(ends_, counts_);
}

template <class Real, Space S>
int Electrons<Real, S>::migrate(Unsorted<Real> const& from) {
  exchange_numbers();
  for (std::size_t p = 0; p < peers_.size(); ++p) {
    // From the box's end to its start, if that is planted.
    bool const across = peers_[p] == 0 && slabs_.rank() == slabs_.ranks() - 1;
    auto const shift =
        static_cast<Real>(across && context_.plan.acts("wrong-shift") ? 1e-3 * slabs_.cells(0) : 0);
    launch_each(context_,
                PackLeavers<Real>{{from.numbers, from.pitch},
                                  leavers_.data() + p * room_,
                                  shift,
                                  outgoing_.data() + 6 * p * room_},
                sent_[p]);
  }
  courier_.open();
  int arrived = 0;
  for (std::size_t p = 0; p < peers_.size(); ++p) {
    courier_.receive(incoming_.data() + 6 * static_cast<std::ptrdiff_t>(arrived),
                     6 * static_cast<std::size_t>(arriving_[p]), peers_[p], 5);
    arrived += arriving_[p];
  }
  for (std::size_t p = 0; p < peers_.size(); ++p)
    courier_.send(outgoing_.data() + 6 * p * room_, 6 * static_cast<std::size_t>(sent_[p]),
                  peers_[p], 5);
  courier_.close();
  return arrived;
}

// How many go to each peer, and come from it.
template <class Real, Space S>
void Electrons<Real, S>::exchange_numbers() {
  Kokkos::View<int*, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>> const numbers(
      numbers_.data(), numbers_.size());
  Kokkos::deep_copy(context_.space, numbers, leaving_.view());
  context_.space.fence("sort: how many leave");
  auto const& comm = context_.comm;
  for (std::size_t p = 0; p < peers_.size(); ++p) {
    sent_[p] = std::min(numbers_[p], static_cast<int>(room_));
    lost_ += numbers_[p] - sent_[p];
    if (context_.plan.acts("lost-particle") && sent_[p] > 0) --sent_[p];
    comm.receive(std::as_writable_bytes(std::span(&arriving_[p], 1)), peers_[p], 4);
  }
  for (std::size_t p = 0; p < peers_.size(); ++p)
    comm.send(std::as_bytes(std::span(&sent_[p], 1)), peers_[p], 4);
  comm.wait();
}

// How many are here now, and how many were lost.
template <class Real, Space S>
void Electrons<Real, S>::read_numbers() {
  int total = 0, lost = 0;
  using Number = Kokkos::View<int, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;
  Kokkos::deep_copy(context_.space, Number(&total), Kokkos::subview(counts_.view(), cells()));
  Kokkos::deep_copy(context_.space, Number(&lost), Kokkos::subview(leaving_.view(), peers_.size()));
  context_.space.fence("sort: how many are here");
  count_ = total, lost_ += lost;
  if (static_cast<std::size_t>(total) > capacity_)
    throw Error(Fault::failed, "electrons crowd on a rank: more than " + std::to_string(capacity_),
                {}, "take fewer ranks, or fewer steps");
}

template <class Real, Space S>
std::vector<Real> Electrons<Real, S>::on_host() const {
  auto const count = static_cast<std::size_t>(count_);
  std::vector<Real> all(6 * count);
  for (std::size_t c = 0; c < 6; ++c)
    Kokkos::deep_copy(
        Kokkos::View<Real*, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>>(
            all.data() + c * count, count),
        Kokkos::View<Real*, typename S::memory_space, Kokkos::MemoryTraits<Kokkos::Unmanaged>>(
            state_.current() + c * capacity_, count));
  return all;
}

template <class Real, Space S>
std::int64_t Electrons<Real, S>::misplaced() const {
  auto const ends = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, ends_.view());
  auto const columns = slabs_.columns();
  auto const all = on_host();
  auto const count = static_cast<std::size_t>(count_);
  std::int64_t wrong = 0;
  auto const floor_of = [](Real x) { return std::floor(static_cast<double>(x)); };
  for (int plane = 0; plane < slabs_.own(); ++plane)
    for (int y = 0; y < slabs_.cells(1); ++y)
      for (int z = 0; z < slabs_.cells(2); ++z) {
        auto const cell = static_cast<std::size_t>(
            columns[static_cast<std::size_t>(plane * slabs_.cells(1) + y)] * slabs_.cells(2) + z);
        auto const begin = static_cast<std::size_t>(cell == 0 ? 0 : ends(cell - 1));
        for (auto n = begin; n < std::min(count, static_cast<std::size_t>(ends(cell))); ++n)
          wrong += floor_of(all[n]) != slabs_.lower() + plane || floor_of(all[count + n]) != y ||
                   floor_of(all[2 * count + n]) != z;
      }
  return wrong;
}

}  // namespace inpex::particle
