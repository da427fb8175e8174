// SPDX-License-Identifier: Apache-2.0
#pragma once
// Once over all cells of a box, and reductions over them, for what is not the hot loop: initial
// data, oracles, digests.

#include <inpex/lattice.hpp>
#include <inpex/launch.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <type_traits>

namespace inpex {

namespace detail {

template <class Body>
struct ForCells {
  static constexpr char const* name = Body::name;
  Body body;
  Tiling tiling;

  [[nodiscard]] int tiles() const { return tiling.count(); }
  void tile(int t) const {
    Box const part = tiling.tile(t);
    for (int k = part.lower[2]; k < part.upper[2]; ++k)
      for (int j = part.lower[1]; j < part.upper[1]; ++j)
        for (int i = part.lower[0]; i < part.upper[0]; ++i) body(i, j, k);
  }
  [[nodiscard]] int teams() const {
    return tiling.box.empty() ? 0 : tiling.box.extent(1) * tiling.box.extent(2);
  }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const& member) const {
    int const row = member.league_rank(), rows = tiling.box.extent(1), first = tiling.box.lower[0];
    int const j = tiling.box.lower[1] + row % rows, k = tiling.box.lower[2] + row / rows;
    Kokkos::parallel_for(Kokkos::TeamVectorRange(member, tiling.box.extent(0)),
                         [&](int i) { body(first + i, j, k); });
  }
};

template <class Body, class Result, bool Host>
struct ReduceCells {
  Body body;
  Box box;
  // On hosts an index is a row, on devices a cell.
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t index, Result& result) const {
    std::int64_t const nx = Host ? 1 : box.extent(0);
    std::int64_t const row = index / nx, rows = box.extent(1);
    int const j = box.lower[1] + static_cast<int>(row % rows),
              k = box.lower[2] + static_cast<int>(row / rows);
    int const first = box.lower[0] + static_cast<int>(index % nx);
    for (int i = first, end = Host ? box.upper[0] : first + 1; i < end; ++i)
      Body::join(result, body(i, j, k));
  }
};

}  // namespace detail

/// Calls body(i, j, k) for every cell, in any order; `Body::name` labels the kernel. On hosts the
/// cells of a tile belong to the thread that will sweep the same tile.
template <Space S, class Body>
void for_cells(Context<S> const& context, Tiling const& tiling, Body const& body) {
  launch(context, detail::ForCells<Body>{body, tiling});
}

/// The maximum of body(i, j, k) >= 0 over the box on all ranks; infinite if any value is not
/// finite, so that a NaN is never lost. Collective, blocking.
template <Space S, class Body>
double maximum(Context<S> const& context, Box const& box, Body const& body);

/// The sum of body(i, j, k), a std::uint64_t, modulo 2^64 over the box on all ranks: the same for
/// every order. Collective, blocking.
template <Space S, class Body>
std::uint64_t hash_sum(Context<S> const& context, Box const& box, Body const& body);

/// Well-mixed 64 bits of 64 (the finaliser of SplitMix64: Steele, Lea, Flood, OOPSLA 2014).
KOKKOS_INLINE_FUNCTION std::uint64_t mixed(std::uint64_t bits) {
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9u;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebu;
  return bits ^ (bits >> 31);
}

/// The share of one cell in the digest of a state: its global index and the bits of its value.
template <class Real>
KOKKOS_INLINE_FUNCTION std::uint64_t cell_hash(std::uint64_t index, Real value) {
  using Bits = std::conditional_t<sizeof(Real) == 8, std::uint64_t, std::uint32_t>;
  return mixed(mixed(index + 0x9e3779b97f4a7c15u) ^ Kokkos::bit_cast<Bits>(value));
}

namespace detail {

template <class Body>
struct MaximumBody {
  Body body;
  KOKKOS_INLINE_FUNCTION double operator()(int i, int j, int k) const {
    double const value = body(i, j, k);
    return value <= Kokkos::Experimental::finite_max_v<double>
               ? value
               : Kokkos::Experimental::infinity_v<double>;
  }
  KOKKOS_INLINE_FUNCTION static void join(double& result, double value) {
    if (value > result) result = value;
  }
};

template <class Body>
struct SumBody {
  Body body;
  KOKKOS_INLINE_FUNCTION std::uint64_t operator()(int i, int j, int k) const {
    return body(i, j, k);
  }
  KOKKOS_INLINE_FUNCTION static void join(std::uint64_t& result, std::uint64_t value) {
    result += value;
  }
};

template <class Wrapped, class Reducer, Space S>
void reduce_cells(Context<S> const& context, Box const& box, Wrapped const& body,
                  Reducer const& reducer) {
  using Policy = Kokkos::RangePolicy<S, Kokkos::IndexType<std::int64_t>>;
  std::int64_t const count = is_host<S> ? std::int64_t{box.extent(1)} * box.extent(2) : box.cells();
  using Functor = ReduceCells<Wrapped, typename Reducer::value_type, is_host<S>>;
  Kokkos::parallel_reduce("reduce_cells", Policy(context.space, 0, box.empty() ? 0 : count),
                          Functor{body, box}, reducer);
}

}  // namespace detail

template <Space S, class Body>
double maximum(Context<S> const& context, Box const& box, Body const& body) {
  double result = 0;
  detail::reduce_cells(context, box, detail::MaximumBody<Body>{body}, Kokkos::Max<double>(result));
  return context.comm.maximum(result < 0 ? 0 : result);
}

template <Space S, class Body>
std::uint64_t hash_sum(Context<S> const& context, Box const& box, Body const& body) {
  std::uint64_t result = 0;
  detail::reduce_cells(context, box, detail::SumBody<Body>{body},
                       Kokkos::Sum<std::uint64_t>(result));
  return context.comm.sum(result);
}

}  // namespace inpex
