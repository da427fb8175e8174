// SPDX-License-Identifier: Apache-2.0
#pragma once
// The exchange between planes and towers on ranks: messages go from and to where the passes write
// and read, and chunk after chunk, so that one travels while the next is transformed.

#include "slabs.hpp"

#include <inpex/memory.hpp>

#include <cstddef>
#include <span>

namespace inpex::fft {

/// Of the spectrum of a box. Rows of its planes lie, on more than one rank, part by part in one of
/// two chunks, but for this rank's part, which is in the towers; on one rank all are there.
template <Space S, class T>
class Exchange {
 public:
  /// Throws Error (environment) where memory, or a message layer for device memory, is missing.
  Exchange(Context<S> const& context, Slabs const& slabs)
      : context_(context), slabs_(slabs),
        chunk_size_(alone() ? 0 : slabs.most_planes() * pitch(slabs.y().count(0)) * slabs.ranks()),
        chunks_("chunks of the exchange", static_cast<std::size_t>(2 * chunk_size_)) {
    if (!is_host<S> && !alone() && !context.comm.device_memory())
      throw Error(Fault::environment,
                  "this MPI takes no device memory, and the exchange has no stage", "",
                  "take one rank, or an MPI that takes device memory");
  }

  [[nodiscard]] bool alone() const { return slabs_.ranks() == 1; }
  /// Numbers of T from plane to plane of towers.
  [[nodiscard]] std::ptrdiff_t tower_pitch() const { return pitch(slabs_.rows()); }
  /// Of this rank to others, both ways together.
  [[nodiscard]] std::uint64_t messages() const {
    return 2u * static_cast<unsigned>(slabs_.chunks()) * static_cast<unsigned>(slabs_.ranks() - 1);
  }
  [[nodiscard]] std::uint64_t numbers_sent() const {
    std::uint64_t sum = 0;
    for (int to = 0; to < slabs_.ranks(); ++to)
      if (to != slabs_.rank())
        sum += static_cast<std::uint64_t>(slabs_.planes() * pitch(slabs_.y().count(to)) +
                                          slabs_.z().count(to) * tower_pitch());
    return sum;
  }

  /// Where rows of chunk c of this rank are.
  [[nodiscard]] RowPlaces<T> rows(int c, T* towers) const {
    auto const group = slabs_.chunk(slabs_.rank(), c);
    T* const own = towers + group[0] * tower_pitch();
    return {alone() ? own : chunks_.data() + c % 2 * chunk_size_,
            alone() ? nullptr : own,
            slabs_.ranks(),
            alone() ? -1 : slabs_.rank(),
            group[0],
            group[1],
            slabs_.columns(),
            slabs_.ny()};
  }

  /// Messages of chunk c. Forward: planes of this rank go out, and those of others come into the
  /// towers; backward the other way.
  void begin(int c, T* towers, bool forward) {
    if (alone()) return;
    auto const phase = context_.phase("exchange");
    if (context_.plan.acts("drop-halo")) return;
    if (context_.plan.acts("stale-chunk") && c == slabs_.chunks() - 1) return;
    context_.space.fence("a chunk is written, before its messages read it");
    auto const places = rows(c, towers);
    for (int rank = 0; rank < slabs_.ranks(); ++rank) {
      if (rank == slabs_.rank()) continue;
      auto const theirs = slabs_.chunk(rank, c);
      auto const in_chunk = std::span(places.data + places.before(rank),
                                      static_cast<std::size_t>(places.planes * places.pitch(rank)));
      auto const in_towers = std::span(towers + theirs[0] * tower_pitch(),
                                       static_cast<std::size_t>(theirs[1] * tower_pitch()));
      context_.comm.receive(std::as_writable_bytes(forward ? in_towers : in_chunk), rank, c);
      context_.comm.send(std::as_bytes(forward ? in_chunk : in_towers), rank, c);
    }
  }
  /// Until messages that were begun are there.
  void wait() {
    if (alone()) return;
    auto const phase = context_.phase("exchange");
    context_.comm.wait();
  }

 private:
  [[nodiscard]] std::ptrdiff_t pitch(int rows) const {
    return plane_pitch<T>(std::int64_t{slabs_.columns()} * rows);
  }

  Context<S> const& context_;
  Slabs slabs_;
  std::ptrdiff_t chunk_size_;
  Memory<T, S> chunks_;
};

}  // namespace inpex::fft
