// SPDX-License-Identifier: Apache-2.0
#pragma once
// Ghost columns: copies of the two layers of columns of a neighbour, block by block and in the
// neighbour's order, so that they need no sorting. Along x first, then along y with the ghosts of
// x, so that two exchanges reach eight neighbours. New lists exchange numbers of blocks; every step
// exchanges positions, received where they are read.

#include "blocks.hpp"
#include "domain.hpp"

#include <inpex/context.hpp>
#include <inpex/launch.hpp>
#include <inpex/memory.hpp>

#include <span>
#include <vector>

namespace inpex::particle {

/// Copies blocks into a message, shifted along one axis. Filling atoms too: those of a column and
/// of its image are apart.
template <class Real>
struct PackBlocks {
  static constexpr char const* name = "ghosts: pack";
  static constexpr int per_tile = 256;
  int const* blocks;
  int count;
  Real const* x;
  int axis;
  Real shift;
  Real* message;

  KOKKOS_INLINE_FUNCTION void number(int n) const {
    int const block = n / block_size, at = n % block_size;
    Real const* const from = x + static_cast<std::ptrdiff_t>(blocks[block]) * block_size;
    message[n] = from[at] + (at / block_atoms == axis ? shift : Real(0));
  }
  [[nodiscard]] int tiles() const { return (count + per_tile - 1) / per_tile; }
  void tile(int t) const {
    int const last = (t + 1) * per_tile < count ? (t + 1) * per_tile : count;
    for (int n = t * per_tile * block_size; n < last * block_size; ++n) number(n);
  }
  [[nodiscard]] int teams() const { return tiles(); }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const& member) const {
    int const first = member.league_rank() * per_tile, left = count - first;
    Kokkos::parallel_for(
        Kokkos::TeamVectorRange(member, (left < per_tile ? left : +per_tile) * block_size),
        [&](int n) { number(first * block_size + n); });
  }
};

/// The exchange of one rank. Allocates nothing after construction.
template <class Real, Space S>
class Ghosts {
 public:
  /// `capacity`: blocks that may be sent in one direction.
  Ghosts(Context<S> const& context, Domain const& domain, std::size_t capacity)
      : context_(context), domain_(domain), sides_{make(0, -1, capacity), make(0, 1, capacity),
                                                   make(1, -1, capacity), make(1, 1, capacity)} {}

  /// Numbers the ghost blocks from `first` on and writes where each ghost column begins and ends;
  /// the first block after them. Collective, blocking.
  int number(int* begin, int* end, int first) {
    for (int axis = 0; axis < 2; ++axis) {
      if (!domain_.is_cut(axis)) continue;
      for (int which = 0; which < 2; ++which) list_sent(side(axis, which), begin, end);
      for (int which = 0; which < 2; ++which) {
        auto& here = side(axis, which);
        send(here.counts.data(), here.counts.size() * sizeof(int), here);
        auto& there = side(axis, 1 - which);
        receive(there.incoming.data(), there.incoming.size() * sizeof(int), there);
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
          launch(context_,
                 PackBlocks<Real>{
                     to.blocks.data(), to.count, x, axis,
                     static_cast<Real>(to.shift * (context_.plan.acts("wrong-shift") ? 1.001 : 1)),
                     to.message.data()});
      }
      context_.space.fence("ghosts: packed, before the messages read them");
      for (int which = 0; which < 2; ++which) {
        auto& from = side(axis, which);
        receive(landing(from, x), bytes_of(from.received), from);
      }
      for (int which = 0; which < 2; ++which) {
        auto& to = side(axis, which);
        send(departure(to), bytes_of(to.count), to);
      }
      context_.comm.wait();
      if constexpr (!is_host<S>) {
        if (context_.comm.device_memory()) continue;
        for (int which = 0; which < 2; ++which) {
          auto& from = side(axis, which);
          auto const size = static_cast<std::size_t>(from.received) * block_size;
          Kokkos::deep_copy(context_.space, device_view(x + from.first * block_size, size),
                            host_view(from.landed, size));
        }
      }
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
    std::vector<Real> staged, landed;
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
              Memory<Real, S>("ghosts: message", size * block_size),
              {},
              {}};
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
    if (!is_host<S> && !context_.comm.device_memory())
      side.staged.resize(size * block_size), side.landed.resize(size * block_size);
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
        host_view(to.list, size));
  }
  // A message that goes up is received from below, and the other way round.
  void send(void const* from, std::size_t bytes, Side const& to) {
    context_.comm.send({static_cast<std::byte const*>(from), bytes}, to.rank, 1 + to.step);
  }
  void receive(void* to, std::size_t bytes, Side const& from) {
    context_.comm.receive({static_cast<std::byte*>(to), bytes}, from.rank, 1 - from.step);
  }
  static std::size_t bytes_of(int blocks) {
    return static_cast<std::size_t>(blocks) * block_size * sizeof(Real);
  }
  Real* landing(Side& from, Real* x) {
    return from.landed.empty() ? x + static_cast<std::ptrdiff_t>(from.first) * block_size
                               : from.landed.data();
  }
  Real* departure(Side& to) {
    if (to.staged.empty()) return to.message.data();
    auto const size = static_cast<std::size_t>(to.count) * block_size;
    Kokkos::deep_copy(context_.space, host_view(to.staged, size),
                      device_view(to.message.data(), size));
    context_.space.fence("ghosts: staged");
    return to.staged.data();
  }
  template <class T>
  static auto host_view(std::vector<T>& store, std::size_t size) {
    return Kokkos::View<T*, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>>(
        store.data(), size);
  }
  static auto device_view(Real* data, std::size_t size) {
    return Kokkos::View<Real*, typename S::memory_space, Kokkos::MemoryTraits<Kokkos::Unmanaged>>(
        data, size);
  }

  Context<S> const& context_;
  Domain const& domain_;
  std::array<Side, 4> sides_;
};

}  // namespace inpex::particle
