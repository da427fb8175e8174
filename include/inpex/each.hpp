// SPDX-License-Identifier: Apache-2.0
#pragma once
// A kernel of items that have nothing to do with each other: what is not worth a schedule of its
// own.

#include <inpex/launch.hpp>

namespace inpex {

/// body(n) for n in [0, count), `per_tile` of them a tile or team.
template <class Body>
struct Each {
  static constexpr char const* name = Body::name;
  static constexpr int per_tile = Body::per_tile;
  Body body;
  int count;

  [[nodiscard]] int tiles() const { return (count + per_tile - 1) / per_tile; }
  void tile(int t) const {
    auto const mine = body;
    int const first = t * per_tile, left = count - first;
    for (int n = first; n < first + (left < per_tile ? left : per_tile); ++n) mine(n);
  }
  [[nodiscard]] int teams() const { return tiles(); }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const& member) const {
    int const first = member.league_rank() * per_tile, left = count - first;
    Kokkos::parallel_for(Kokkos::TeamVectorRange(member, left < per_tile ? left : +per_tile),
                         [&](int n) { body(first + n); });
  }
};

/// body(n) for n in [0, count), on all threads, in no order. Body has a `name` and how many items a
/// tile or team does, `per_tile`. Not blocking; 0 items are no kernel.
template <Space S, class Body>
void launch_each(Context<S> const& context, Body const& body, int count) {
  if (count > 0) launch(context, Each<Body>{body, count});
}

}  // namespace inpex
