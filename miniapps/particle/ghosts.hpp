// SPDX-License-Identifier: Apache-2.0
#pragma once
// Ghost columns: copies of the two layers of columns of a neighbour, block by block and in the
// neighbour's order, so that they need no sorting. Along x first, then along y with the ghosts of
// x, so that two exchanges reach eight neighbours. New lists exchange numbers of blocks; every step
// exchanges positions, received where they are read.

#include "blocks.hpp"
#include "domain.hpp"

#include <inpex/courier.hpp>
#include <inpex/each.hpp>
#include <inpex/memory.hpp>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace inpex::particle {

/// Copies blocks into a message, shifted along one axis. Filling atoms too: those of a column and
/// of its image are apart.
template <class Real>
struct PackBlocks {
  static constexpr char const* name = "ghosts: pack";
  static constexpr int per_tile = 256 * block_size;
  int const* blocks;
  Real const* x;
  int axis;
  Real shift;
  Real* message;

  KOKKOS_INLINE_FUNCTION void operator()(int n) const {
    int const block = n / block_size, at = n % block_size;
    Real const* const from = x + static_cast<std::ptrdiff_t>(blocks[block]) * block_size;
    message[n] = from[at] + (at / block_atoms == axis ? shift : Real(0));
  }
};

/// The exchange of one rank. Allocates nothing after construction.
template <class Real, Space S>
class Ghosts {
 public:
  /// `capacity`: blocks that may be sent in one direction.
  Ghosts(Context<S> const& context, Domain const& domain, std::size_t capacity)
      : context_(context), domain_(domain), sides_{make(0, -1, capacity), make(0, 1, capacity),
                                                   make(1, -1, capacity), make(1, 1, capacity)},
        courier_(context,
                 2 * std::max(sides_[0].message.size(), sides_[2].message.size()) * sizeof(Real),
                 2) {}

  /// Numbers the ghost blocks from `first` on and writes where each ghost column begins and ends;
  /// the first block after them. Collective, blocking.
  int number(int* begin, int* end, int first) {
    for (int axis = 0; axis < 2; ++axis) {
      if (!domain_.is_cut(axis)) continue;
      for (int which = 0; which < 2; ++which) list_sent(side(axis, which), begin, end);
      for (int which = 0; which < 2; ++which) {
        auto const& to = side(axis, which);
        context_.comm.send(std::as_bytes(std::span(to.counts)), to.rank, 1 + to.step);
        auto& from = side(axis, 1 - which);
        context_.comm.receive(std::as_writable_bytes(std::span(from.incoming)), from.rank,
                              1 - from.step);
      }
      context_.comm.wait();
      for (int which = 0; which < 2; ++which) {
        auto& from = side(axis, which);
        from.first = first;
        for (std::size_t n = 0; n < from.ghost_columns.size(); ++n) {
          begin[from.ghost_columns[n]] = first;
          end[from.ghost_columns[n]] = first += from.incoming[n];
        }
        from.received = first - from.first;
      }
    }
    return first;
  }

  /// Sends positions of own blocks, and receives those of ghosts. Collective, blocking.
  void exchange(Real* x) {
    if (context_.plan.acts("drop-halo")) return;
    for (int axis = 0; axis < 2; ++axis) {
      if (!domain_.is_cut(axis)) continue;
      for (int which = 0; which < 2; ++which) {
        auto& to = side(axis, which);
        if (!context_.plan.acts("stale-halo"))
          launch_each(
              context_,
              PackBlocks<Real>{
                  to.blocks.data(), x, axis,
                  static_cast<Real>(to.shift * (context_.plan.acts("wrong-shift") ? 1.001 : 1)),
                  to.message.data()},
              to.count * block_size);
      }
      // A message that goes up is received from below, and the other way round.
      courier_.open();
      for (int which = 0; which < 2; ++which) {
        auto const& from = side(axis, which);
        courier_.receive(x + static_cast<std::ptrdiff_t>(from.first) * block_size,
                         numbers(from.received), from.rank, 1 - from.step);
      }
      for (int which = 0; which < 2; ++which) {
        auto const& to = side(axis, which);
        courier_.send(to.message.data(), numbers(to.count), to.rank, 1 + to.step);
      }
      courier_.close();
    }
  }

  [[nodiscard]] std::uint64_t messages() const {
    return domain_.is_cut(0) * 2u + domain_.is_cut(1) * 2u;
  }
  [[nodiscard]] std::uint64_t sent_blocks() const {
    std::uint64_t sum = 0;
    for (auto const& each : sides_) sum += static_cast<std::uint64_t>(each.count);
    return sum;
  }

 private:
  // One direction: what is sent that way, and the ghosts that come from there.
  struct Side {
    int axis, step, rank, count, first, received;
    double shift;
    std::vector<int> sent_columns, ghost_columns, counts, incoming, list;
    Memory<int, S> blocks;
    Memory<Real, S> message;
  };
  Side make(int axis, int step, std::size_t capacity) {
    bool const cut = domain_.is_cut(axis);
    std::size_t const size = cut ? capacity : 0;
    Side side{axis,
              step,
              domain_.neighbour(axis, step),
              0,
              0,
              0,
              domain_.shift(axis, step),
              {},
              {},
              {},
              {},
              {},
              Memory<int, S>("ghosts: blocks", size),
              Memory<Real, S>("ghosts: message", size * block_size)};
    if (!cut) return side;
    int const own = domain_.own(axis), other = domain_.own(1 - axis),
              margin = axis == 0 ? 0 : domain_.ghosts(0);
    for (int layer = 0; layer < column_reach; ++layer)
      for (int along = -margin; along < other + margin; ++along) {
        int const sent = step < 0 ? layer : own - column_reach + layer,
                  ghost = step < 0 ? layer - column_reach : own + layer;
        side.sent_columns.push_back(axis == 0 ? domain_.index(sent, along)
                                              : domain_.index(along, sent));
        side.ghost_columns.push_back(axis == 0 ? domain_.index(ghost, along)
                                               : domain_.index(along, ghost));
      }
    side.counts.resize(side.sent_columns.size());
    side.incoming.resize(side.ghost_columns.size());
    side.list.resize(size);
    return side;
  }
  Side& side(int axis, int which) { return sides_[static_cast<std::size_t>(2 * axis + which)]; }

  void list_sent(Side& to, int const* begin, int const* end) {
    to.count = 0;
    for (std::size_t n = 0; n < to.sent_columns.size(); ++n) {
      int const c = to.sent_columns[n];
      to.counts[n] = end[c] - begin[c];
      if (static_cast<std::size_t>(to.count + to.counts[n]) > to.list.size())
        throw Error(
            Fault::failed,
            "more atoms than " + std::to_string(to.list.size()) + " blocks are near a border", {},
            "the state is no melt of one density: take a smaller time step, or fewer ranks");
      for (int b = begin[c]; b < end[c]; ++b) to.list[static_cast<std::size_t>(to.count++)] = b;
    }
    auto const size = static_cast<std::size_t>(to.count);
    Kokkos::deep_copy(
        context_.space,
        Kokkos::subview(to.blocks.view(), std::pair<std::size_t, std::size_t>(0, size)),
        Kokkos::View<int const*, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>>(
            to.list.data(), size));
  }
  static std::size_t numbers(int blocks) { return static_cast<std::size_t>(blocks) * block_size; }

  Context<S> const& context_;
  Domain const& domain_;
  std::array<Side, 4> sides_;
  Courier<S> courier_;
};

}  // namespace inpex::particle
