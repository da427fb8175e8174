// SPDX-License-Identifier: Apache-2.0
#pragma once
// The exchange between planes and towers on ranks: messages go from and to where the passes write
// and read, and chunk after chunk, so that one travels while the next is transformed.

#include "slabs.hpp"

#include <inpex/courier.hpp>
#include <inpex/memory.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace inpex::fft {

/// Of the spectrum of a box, or of the columns of it that ranks of equal shares of all groups have:
/// between these. Rows of its planes lie, on more than one group, part by part in one of
/// two chunks, but for this rank's part, which is in the towers; with one group all are there.
template <Space S, class T>
class Exchange {
 public:
  /// Throws Error (environment) where memory is missing.
  Exchange(Context<S> const& context, Slabs const& slabs)
      : context_(context), slabs_(slabs),
        chunk_size_(alone() ? 0 : slabs.most_planes() * pitch(slabs.y().count(0)) * slabs.groups()),
        chunks_("chunks of the exchange", static_cast<std::size_t>(2 * chunk_size_)),
        courier_(context, alone() ? 0 : round() * sizeof(T),
                 static_cast<std::size_t>(slabs.groups())) {}

  [[nodiscard]] bool alone() const { return slabs_.groups() == 1; }
  /// Numbers of T from plane to plane of towers.
  [[nodiscard]] std::ptrdiff_t tower_pitch() const { return pitch(slabs_.rows()); }
  /// Of this rank to others, both ways together.
  [[nodiscard]] std::uint64_t messages() const {
    return 2u * static_cast<unsigned>(slabs_.chunks()) * static_cast<unsigned>(slabs_.groups() - 1);
  }
  [[nodiscard]] std::uint64_t numbers_sent() const {
    std::uint64_t sum = 0;
    for (int to = 0; to < slabs_.groups(); ++to)
      if (to != slabs_.group())
        sum += static_cast<std::uint64_t>(slabs_.planes() * pitch(slabs_.y().count(to)) +
                                          slabs_.z().count(to) * tower_pitch());
    return sum;
  }

  /// Where rows of chunk c of this rank are.
  [[nodiscard]] RowPlaces<T> rows(int c, T* towers) const {
    auto const group = slabs_.chunk(slabs_.group(), c);
    T* const own = towers + group[0] * tower_pitch();
    return {alone() ? own : chunks_.data() + c % 2 * chunk_size_,
            alone() ? nullptr : own,
            slabs_.groups(),
            alone() ? -1 : slabs_.group(),
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
    courier_.open();
    auto const places = rows(c, towers);
    for (int group = 0; group < slabs_.groups(); ++group) {
      if (group == slabs_.group()) continue;
      int const rank = slabs_.rank_of(group, slabs_.share());
      auto const theirs = slabs_.chunk(group, c);
      T* const in_chunk = places.data + places.before(group);
      T* const in_towers = towers + theirs[0] * tower_pitch();
      auto const planes = static_cast<std::size_t>(places.planes * places.pitch(group)),
                 rows = static_cast<std::size_t>(theirs[1] * tower_pitch());
      if (forward) {
        courier_.receive(in_towers, rows, rank, c);
        courier_.send(in_chunk, planes, rank, c);
      } else {
        courier_.receive(in_chunk, planes, rank, c);
        courier_.send(in_towers, rows, rank, c);
      }
    }
  }
  /// Until messages that were begun are there.
  void wait() {
    if (alone()) return;
    auto const phase = context_.phase("exchange");
    courier_.close();
  }

 private:
  [[nodiscard]] std::ptrdiff_t pitch(int rows) const {
    return plane_pitch<T>(std::int64_t{slabs_.columns()} * rows);
  }
  // Most numbers that leave or arrive with one chunk.
  [[nodiscard]] std::size_t round() const {
    auto const in_towers = (slabs_.groups() - 1) * slabs_.chunk(0, 0)[1] * tower_pitch();
    return static_cast<std::size_t>(std::max(chunk_size_, in_towers));
  }

  Context<S> const& context_;
  Slabs slabs_;
  std::ptrdiff_t chunk_size_;
  Memory<T, S> chunks_;
  Courier<S> courier_;
};

}  // namespace inpex::fft
