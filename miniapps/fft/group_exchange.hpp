// SPDX-License-Identifier: Apache-2.0
#pragma once
// The exchange between the ranks that share a group of planes: each has some of their rows, of all
// x, or all of their rows, of some columns. A message is a part as it lies, chunk by chunk.

#include "slabs.hpp"

#include <inpex/courier.hpp>
#include <inpex/memory.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace inpex::fft {

/// Where number (row, z, column) of some planes lies that are cut along one of both into parts,
/// each [planes][rows][columns]; part `mine` lies elsewhere. Rows or columns that are not cut count
/// from this rank's first one.
template <class T>
struct GroupPlaces {
  T* data;
  T* own;  ///< of part `mine`
  Cut cut;
  int mine;
  bool by_columns;    ///< else by rows
  int across;         ///< rows of each part, or its columns
  int vector;         ///< columns of a part that is cut by them are filled up to whole ones
  int first, planes;  ///< z = first .. first + planes - 1

  /// Rows and columns of all parts together, without what fills up vectors.
  [[nodiscard]] KOKKOS_INLINE_FUNCTION int rows() const { return by_columns ? across : cut.size; }
  [[nodiscard]] KOKKOS_INLINE_FUNCTION int columns() const {
    return by_columns ? cut.size : across;
  }
  /// Numbers of T of a plane of a part.
  [[nodiscard]] KOKKOS_INLINE_FUNCTION std::ptrdiff_t pitch(int part) const {
    return pitch_of(cut.count(part));
  }
  /// Numbers of T before a part, were all to lie in `data`; parts + 1 of them.
  [[nodiscard]] KOKKOS_INLINE_FUNCTION std::ptrdiff_t before(int part) const {
    std::ptrdiff_t sum = 0;
    for (int p = 0; p < part; ++p) sum += pitch(p);
    return planes * sum;
  }
  /// The begin of a plane of a part.
  [[nodiscard]] KOKKOS_INLINE_FUNCTION T* plane(int part, int z) const {
    return (part == mine ? own : data + before(part)) + (z - first) * pitch(part);
  }
  /// Numbers of a row of a part.
  [[nodiscard]] KOKKOS_INLINE_FUNCTION int row(int part) const {
    return by_columns ? filled(cut.count(part)) : across;
  }
  [[nodiscard]] KOKKOS_INLINE_FUNCTION T* number(int y, int z, int x) const {
    int const part = cut.part_of(by_columns ? x : y), row_in = by_columns ? y : y - cut.start(part),
              column = by_columns ? x - cut.start(part) : x;
    return plane(part, z) + 2 * (std::ptrdiff_t{row_in} * row(part) + column);
  }

 private:
  [[nodiscard]] KOKKOS_INLINE_FUNCTION int filled(int count) const {
    return (count + vector - 1) / vector * vector;
  }
  [[nodiscard]] KOKKOS_INLINE_FUNCTION std::ptrdiff_t pitch_of(int count) const {
    return plane_pitch<T>(std::int64_t{across} * (by_columns ? filled(count) : count));
  }
};

/// Memory and messages of it; nothing where no ranks share planes.
template <Space S, class T>
class GroupExchange {
 public:
  /// Throws Error (environment) where memory is missing.
  GroupExchange(Context<S> const& context, Slabs const& slabs)
      : context_(context), slabs_(slabs), row_size_(size(rows_of(0, slabs.most_planes()))),
        column_size_(size(columns_of(0, slabs.most_planes()))),
        rows_("rows of a group", static_cast<std::size_t>(row_size_)),
        columns_("columns of a group", static_cast<std::size_t>(column_size_)),
        courier_(context,
                 alone() ? 0
                         : static_cast<std::size_t>(std::max(row_size_, column_size_)) * sizeof(T),
                 static_cast<std::size_t>(slabs.sharers())) {}

  [[nodiscard]] bool alone() const { return slabs_.sharers() == 1; }
  /// Of this rank to others of its group, `there` from rows to columns, `back` the other way.
  [[nodiscard]] std::uint64_t messages(unsigned there, unsigned back) const {
    return std::uint64_t{there + back} * static_cast<unsigned>(slabs_.chunks()) *
           static_cast<unsigned>(slabs_.sharers() - 1);
  }
  [[nodiscard]] std::uint64_t numbers_sent(unsigned there, unsigned back) const {
    auto const rows = rows_of(0, slabs_.planes()), columns = columns_of(0, slabs_.planes());
    std::uint64_t sum = 0;
    for (int share = 0; share < slabs_.sharers(); ++share)
      if (share != slabs_.share())
        sum += static_cast<std::uint64_t>(
            slabs_.planes() * (there * rows.pitch(share) + back * columns.pitch(share)));
    return sum;
  }

  /// This rank's rows of planes first .. first + planes - 1, and its columns of them.
  [[nodiscard]] GroupPlaces<T> rows(int first, int planes) const {
    auto places = rows_of(first, planes);
    auto const columns = columns_of(first, planes);
    places.data = rows_.data();
    places.own = columns_.data() + columns.before(slabs_.share());  // sent to nobody
    return places;
  }
  [[nodiscard]] GroupPlaces<T> columns(int first, int planes) const {
    auto places = columns_of(first, planes);
    places.data = columns_.data();
    places.own = columns_.data() + places.before(slabs_.share());
    return places;
  }

  /// Rows become columns of chunk c, or columns rows. Collective; blocks until this chunk's
  /// messages are there, and others that were begun before.
  void swap(int first, int planes, int c, bool to_columns) {
    auto const phase = context_.phase("exchange");
    if (context_.plan.acts("drop-halo")) return;
    if (context_.plan.acts("stale-chunk") && c == slabs_.chunks() - 1) return;
    auto const from = to_columns ? rows(first, planes) : columns(first, planes),
               to = to_columns ? columns(first, planes) : rows(first, planes);
    courier_.open();
    for (int share = 0; share < slabs_.sharers(); ++share) {
      if (share == slabs_.share()) continue;
      int const rank = slabs_.rank_of(slabs_.group(), share);
      courier_.receive(to.plane(share, first), static_cast<std::size_t>(planes * to.pitch(share)),
                       rank, c);
      courier_.send(from.plane(share, first), static_cast<std::size_t>(planes * from.pitch(share)),
                    rank, c);
    }
    courier_.close();
  }

 private:
  [[nodiscard]] GroupPlaces<T> rows_of(int first, int planes) const {
    return {nullptr,         nullptr, slabs_.column_cut(),
            slabs_.share(),  true,    slabs_.plane_rows(),
            slabs_.vector(), first,   planes};
  }
  [[nodiscard]] GroupPlaces<T> columns_of(int first, int planes) const {
    return {nullptr,         nullptr, slabs_.plane_cut(),
            slabs_.share(),  false,   slabs_.columns(),
            slabs_.vector(), first,   planes};
  }
  [[nodiscard]] std::ptrdiff_t size(GroupPlaces<T> const& places) const {
    return alone() ? 0 : places.before(slabs_.sharers());
  }

  Context<S> const& context_;
  Slabs slabs_;
  std::ptrdiff_t row_size_, column_size_;
  Memory<T, S> rows_, columns_;
  Courier<S> courier_;
};

}  // namespace inpex::fft
