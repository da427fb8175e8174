// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is done to a field once a cell, outside the hot loop: filling, comparing, digesting, copying
// to the host; and the sweep that a newcomer would write.

#include "neighbourhood.hpp"

#include <inpex/inpex.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace inpex::stencil {

/// What a newcomer writes: one cell a call, under an MDRangePolicy over z, y, x.
template <class T, Point P>
struct NaiveSweep {
  P point;
  Layout layout;
  Arrays<T> arrays;
  KOKKOS_INLINE_FUNCTION void operator()(int k, int j, int i) const {
    auto const here = arrays.at(layout.at(i, j, k));
    *here.out = point(Cell<T, P>{here, layout.pitch, layout.plane}).lanes;
  }
};

namespace detail {

template <class T, class Value>
struct Fill {
  static constexpr char const* name = "fill";
  T* field;
  Layout layout;
  Value value;
  KOKKOS_INLINE_FUNCTION void operator()(int i, int j, int k) const {
    field[layout.at(i, j, k)] = static_cast<T>(value(i, j, k));
  }
};

template <class T, class Value>
struct Deviation {
  T const* field;
  Layout layout;
  Value value;
  KOKKOS_INLINE_FUNCTION double operator()(int i, int j, int k) const {
    return Kokkos::fabs(static_cast<double>(field[layout.at(i, j, k)]) - value(i, j, k));
  }
};

template <class T>
struct Digest {
  T const* field;
  Layout layout;
  std::array<std::int64_t, 3> lower, cells;
  KOKKOS_INLINE_FUNCTION std::uint64_t operator()(int i, int j, int k) const {
    auto const index = lower[0] + i + cells[0] * (lower[1] + j + cells[1] * (lower[2] + k));
    return cell_hash(static_cast<std::uint64_t>(index), field[layout.at(i, j, k)]);
  }
};

/// value(i, j, k) from a table of a block of nx by ny cells a plane.
struct FromTable {
  double const* values;
  int nx, ny;
  KOKKOS_INLINE_FUNCTION double operator()(int i, int j, int k) const {
    return values[i + std::int64_t{nx} * (j + std::int64_t{ny} * k)];
  }
};

struct Zero {
  KOKKOS_INLINE_FUNCTION double operator()(int, int, int) const { return 0; }
};

}  // namespace detail

/// Copies `size` elements from one field to another; asynchronously.
template <Space S, class T>
void copy_field(Context<S> const& context, T const* from, T* to, std::size_t size) {
  using Memory = typename S::memory_space;
  using Unmanaged = Kokkos::MemoryTraits<Kokkos::Unmanaged>;
  Kokkos::deep_copy(context.space, Kokkos::View<T*, Memory, Unmanaged>(to, size),
                    Kokkos::View<T const*, Memory, Unmanaged>(from, size));
}

/// The owned cells of a field, x fastest, copied to the host. Blocking.
template <Space S, class T>
std::vector<T> owned_values(Context<S> const& context, Layout const& layout, T const* field) {
  using Unmanaged = Kokkos::MemoryTraits<Kokkos::Unmanaged>;
  std::vector<T> all(layout.size), cells;
  context.space.fence("before a field is read");
  Kokkos::deep_copy(Kokkos::View<T*, Kokkos::HostSpace, Unmanaged>(all.data(), all.size()),
                    Kokkos::View<T const*, typename S::memory_space, Unmanaged>(field, all.size()));
  for (int k = 0; k < layout.extent[2]; ++k)
    for (int j = 0; j < layout.extent[1]; ++j)
      for (int i = 0; i < layout.extent[0]; ++i)
        cells.push_back(all[static_cast<std::size_t>(layout.at(i, j, k))]);
  return cells;
}

}  // namespace inpex::stencil
