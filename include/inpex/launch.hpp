// SPDX-License-Identifier: Apache-2.0
#pragma once
// One body, two schedules. A kernel is a named functor. On hosts it is tiles: one dispatch, and
// inside a tile the kernel's own loops over raw pointers, which is what a compiler vectorises (an
// MDRangePolicy is not: two to seven times slower). On devices it is teams, written so that any
// team size is right: no barrier inside a nested range. A kernel whose threads keep something in
// registers from one barrier to the next names the size that it needs.

#include <inpex/context.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>

namespace inpex {

/// `tile(t)` does tile t of `tiles()` on a host; `team(member)` does the share of one of `teams()`
/// teams; tiles and teams may be done in any order and at the same time. A kernel may have
/// `team_scratch()`, the bytes of memory that a team needs (fast memory as long as they are within
/// fast_team_bytes), and `team_threads`, how many threads a team has on devices (0: as many as the
/// device likes).
template <class K>
concept Kernel = requires(K const kernel) {
  { K::name } -> std::convertible_to<char const*>;
  { kernel.tiles() } -> std::convertible_to<int>;
  kernel.tile(0);
  { kernel.teams() } -> std::convertible_to<int>;
};

/// Fast memory that every device gives a team; what needs more gets a share of main memory.
inline constexpr std::size_t fast_team_bytes = 48 * 1024;
/// Where a team of this kernel finds its scratch memory, as Kokkos counts levels.
KOKKOS_INLINE_FUNCTION constexpr int scratch_level(std::size_t bytes) {
  return bytes <= fast_team_bytes ? 0 : 1;
}

namespace detail {

template <class K>
struct Tiles {
  K kernel;
  void operator()(int tile) const { kernel.tile(tile); }
};

template <class K>
struct Teams {
  K kernel;
  template <class Member>
  KOKKOS_INLINE_FUNCTION void operator()(Member const& member) const {
    kernel.team(member);
  }
};

template <class K>
inline constexpr unsigned team_threads = 0;
template <class K>
requires requires { K::team_threads; }
inline constexpr unsigned team_threads<K> = K::team_threads;

/// How many of `count` tiles or teams run, after what is planted.
template <Space S>
int planted(Context<S> const& context, int count) {
  if (context.plan.acts("null-kernel")) return 0;
  if (context.plan.acts("idle-rank") && context.comm.rank() == context.comm.size() - 1) return 0;
  if (context.plan.acts("skipped-plane")) return count - 1;
  return count;
}

}  // namespace detail

/// Runs the kernel, asynchronously where the space is a device.
template <Space S, Kernel K>
void launch(Context<S> const& context, K const& kernel) {
  if (context.tiled()) {
    if constexpr (is_host<S>) {
      int const tiles = detail::planted(context, kernel.tiles());
      using Policy = Kokkos::RangePolicy<S, Kokkos::IndexType<int>>;
      Kokkos::parallel_for(K::name, Policy(context.space, 0, tiles), detail::Tiles<K>{kernel});
    }
  } else {
    int const teams = detail::planted(context, kernel.teams());
    if (teams == 0) return;
    constexpr auto named = detail::team_threads<K>;
    // 1024 threads that share the registers of a multiprocessor hide most of memory's latency.
    using Policy =
        Kokkos::TeamPolicy<S, Kokkos::LaunchBounds<named, (named > 0 ? 1024 / named : 0)>>;
    // On hosts this schedule is only tested: two threads are enough for a missing barrier to show.
    int const threads = context.space.concurrency() > 1 ? 2 : 1;
    auto policy = is_host<S>  ? Policy(context.space, teams, threads)
                  : named > 0 ? Policy(context.space, teams, static_cast<int>(named))
                              : Policy(context.space, teams, Kokkos::AUTO);
    if constexpr (requires { kernel.team_scratch(); })
      policy.set_scratch_size(scratch_level(kernel.team_scratch()),
                              Kokkos::PerTeam(static_cast<int>(kernel.team_scratch())));
    Kokkos::parallel_for(K::name, policy, detail::Teams<K>{kernel});
  }
}

/// Runs a functor over a policy of Kokkos' own, as a newcomer would: for variants that show what
/// the schedules of Kernel buy.
template <Space S, class Policy, class F>
void launch_range(Context<S> const& context, char const* name, Policy const& policy,
                  F const& body) {
  if (detail::planted(context, 1) > 0) Kokkos::parallel_for(name, policy, body);
}

}  // namespace inpex
