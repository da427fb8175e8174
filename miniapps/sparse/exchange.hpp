// SPDX-License-Identifier: Apache-2.0
#pragma once
// Values of rows that other ranks own: halo columns, kept apart from the interior. One pack kernel,
// one message to each neighbour, received where it is read; and the few rows that read halo
// columns, which are added after the messages have arrived.

#include "chunks.hpp"

#include <inpex/courier.hpp>
#include <inpex/each.hpp>

#include <algorithm>
#include <vector>

namespace inpex::sparse {

/// Copies x at `places` into a message buffer.
template <class T>
struct PackRows {
  static constexpr char const* name = "halo pack";
  static constexpr int per_tile = 2048;
  int const* places;
  T const* x;
  T* message;

  KOKKOS_INLINE_FUNCTION void operator()(int i) const { message[i] = x[places[i]]; }
};

/// y += factor * (entries in halo columns) times halo, and optionally a partial sum of x times what
/// was added.
template <class T>
struct AddHaloRows {
  using Wide = Double<T>;
  static constexpr char const* name = "halo columns";
  static constexpr int rows_per_tile = 512;
  int const *places, *start, *column;
  T const *value, *halo;
  int count;
  T factor;
  T* y;
  T const* x;     // null: no sums
  Wide* partial;  // one a tile

  KOKKOS_INLINE_FUNCTION Wide row(int i) const {
    T sum = 0;
    for (int k = start[i]; k < start[i + 1]; ++k) sum += value[k] * halo[column[k]];
    y[places[i]] += factor * sum;
    return x == nullptr ? Wide(0)
                        : static_cast<Wide>(x[places[i]]) * static_cast<Wide>(factor * sum);
  }
  [[nodiscard]] KOKKOS_INLINE_FUNCTION int tiles() const {
    return (count + rows_per_tile - 1) / rows_per_tile;
  }
  void tile(int t) const {
    Wide sum = 0;
    for (int i = t * rows_per_tile; i < count && i < (t + 1) * rows_per_tile; ++i) sum += row(i);
    if (partial != nullptr) partial[t] = sum;
  }
  [[nodiscard]] int teams() const { return tiles(); }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const& member) const {
    int const first = member.league_rank() * rows_per_tile, left = count - first;
    Wide sum = 0;
    Kokkos::parallel_reduce(
        Kokkos::TeamVectorRange(member, left < rows_per_tile ? left : +rows_per_tile),
        [&](int i, Wide& mine) { mine += row(first + i); }, sum);
    if (partial != nullptr)
      Kokkos::single(Kokkos::PerTeam(member), [&] { partial[member.league_rank()] = sum; });
  }
};

/// The exchange for one matrix and one type of vectors. Made once; allocates nothing afterwards.
template <class T, Space S>
class Exchange {
 public:
  Exchange(Context<S> const& context, Share const& share, Ordering const& ordering)
      : neighbours_(share.neighbours), sent_(sent_places(ordering)),
        send_("halo send", sent_.size()),
        halo_("halo", static_cast<std::size_t>(share.matrix.halo)),
        courier_(context, std::max(send_.size(), halo_.size()) * sizeof(T), neighbours_.size()) {
    keep_rows(share.matrix, ordering);
  }

  [[nodiscard]] std::uint64_t messages() const { return neighbours_.size(); }
  [[nodiscard]] std::uint64_t sent_rows() const { return sent_.size(); }
  [[nodiscard]] std::uint64_t halo_rows() const { return halo_.size(); }
  [[nodiscard]] std::uint64_t entries() const { return value_.size(); }
  [[nodiscard]] int tiles() const { return rows_with(nullptr, T(1)).tiles(); }

  /// Packs x and starts all messages. Not blocking.
  void start(Context<S> const& context, T const* x) {
    if (neighbours_.empty() || context.plan.acts("drop-halo")) return;
    if (!context.plan.acts("stale-halo"))
      launch_each(context, PackRows<T>{sent_.data(), x, send_.data()},
                  static_cast<int>(sent_.size()));
    courier_.open();
    for (auto const& each : neighbours_)
      courier_.receive(halo_.data() + each.first, static_cast<std::size_t>(each.count), each.rank,
                       0);
    std::size_t first = 0;
    for (auto const& each : neighbours_) {
      courier_.send(send_.data() + first, each.sent.size(), each.rank, 0);
      first += each.sent.size();
    }
  }

  /// Waits for the messages.
  void finish(Context<S> const& context) {
    if (neighbours_.empty() || context.plan.acts("drop-halo")) return;
    courier_.close();
  }

  /// y += factor * (halo columns) x, after finish().
  void add(Context<S> const& context, T factor, T* y) const {
    if (value_.size() > 0) launch(context, rows_with(y, factor));
  }
  /// The same, and sums of x times what was added in partial[0 .. tiles()).
  void add_and_dot(Context<S> const& context, T const* x, T* y, Double<T>* partial) const {
    auto kernel = rows_with(y, T(1));
    kernel.x = x, kernel.partial = partial;
    if (value_.size() > 0) launch(context, kernel);
  }

 private:
  [[nodiscard]] Array<int, S> sent_places(Ordering const& ordering) const {
    std::vector<int> places;
    for (auto const& each : neighbours_)
      for (int const row : each.sent) places.push_back(ordering.place.data()[row]);
    return to_space<S>(places);
  }
  [[nodiscard]] AddHaloRows<T> rows_with(T* y, T factor) const {
    return {places_.data(), start_.data(),
            column_.data(), value_.data(),
            halo_.data(),   static_cast<int>(places_.size()),
            factor,         y,
            nullptr,        nullptr};
  }
  void keep_rows(Csr const& matrix, Ordering const& ordering) {
    std::vector<int> places, start{0}, column;
    std::vector<T> value;
    for (int row = 0; matrix.halo > 0 && row < matrix.rows; ++row) {
      for (auto k = matrix.begin(row); k < matrix.end(row); ++k)
        if (int const c = matrix.column.data()[k]; c >= matrix.rows) {
          column.push_back(c - matrix.rows);
          value.push_back(static_cast<T>(matrix.value.data()[k]));
        }
      if (static_cast<int>(column.size()) == start.back()) continue;
      places.push_back(ordering.place.data()[row]);
      start.push_back(static_cast<int>(column.size()));
    }
    places_ = to_space<S>(places), start_ = to_space<S>(start), column_ = to_space<S>(column),
    value_ = to_space<S>(value);
  }

  std::vector<Neighbour> neighbours_;
  Array<int, S> sent_;
  Array<T, S> send_, halo_;
  Courier<S> courier_;
  Array<int, S> places_{"halo rows", 0}, start_{"halo row starts", 0}, column_{"halo columns", 0};
  Array<T, S> value_{"halo values", 0};
};

}  // namespace inpex::sparse
