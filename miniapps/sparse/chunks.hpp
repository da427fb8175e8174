// SPDX-License-Identifier: Apache-2.0
#pragma once
// How work on chunks of rows is launched. A body says what is done for the lanes of one chunk from
// a lane on, W of them: all at once on hosts, one a thread on devices. Three kernels run bodies:
// over a range of chunks, stage after stage in one thread, and over all chunks with sums.

#include "ordering.hpp"
#include "strips.hpp"

#include <inpex/launch.hpp>
#include <inpex/shuffle.hpp>

namespace inpex::sparse {

/// Rows of a vector of T in S, with a guard on both sides; zero at first.
template <class T, Space S>
class Vector {
 public:
  Vector(std::string const& label, int places)
      : store_(label, static_cast<std::size_t>(places) + 2 * guard), places_(places) {}
  [[nodiscard]] T* data() const { return store_.data() + guard; }
  [[nodiscard]] int places() const { return places_; }

 private:
  Array<T, S> store_;
  int places_;
};

/// One lane of a vector.
template <class T>
KOKKOS_INLINE_FUNCTION T lane_of(vec<T, 1> v, int) {
  return v.lanes;
}
template <class T, int W>
T lane_of(vec<T, W> v, int lane) {
  return v.lanes[lane];
}

namespace detail {
template <class To, int W, class From>
vec<To, W> converted_lanes(From const* from) {
  vec<To, W> to;
  for (int lane = 0; lane < W; ++lane) to.lanes[lane] = static_cast<To>(from[lane]);
  return to;
}
}  // namespace detail

/// W elements in another precision.
template <class To, int W, class From>
constexpr vec<To, W> converted(From const* from) {
  if constexpr (std::is_same_v<To, From>)
    return vec<To, W>::load(from);
  else if constexpr (W == 1)
    return {static_cast<To>(*from)};
  else
    return detail::converted_lanes<To, W>(from);
}

// What a body does with W lanes is constexpr: devices may call it, with W = 1. nvcc 13.0 compiles
// it for devices with W lanes too, though nothing there calls it, and ends in an internal error
// where it meets an element or a constant of a vector; those are left to functions of the host
// alone.

/// Calls body.rows<W>(chunk, lane) for the chunks [first, last), in any order.
template <class Body>
struct EachChunk {
  static constexpr char const* name = Body::name;
  static constexpr int C = Body::C;
  Body body;
  int first, last, per_tile;

  [[nodiscard]] int tiles() const { return (last - first + per_tile - 1) / per_tile; }
  void tile(int t) const {
    int const from = first + t * per_tile, to = from + per_tile < last ? from + per_tile : last;
    Body const mine = body;  // in registers: stores may not change its pointers
    for (int chunk = from; chunk < to; ++chunk) mine.template rows<C>(chunk, 0);
  }
  [[nodiscard]] int teams() const { return tiles(); }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const& member) const {
    int const from = first + member.league_rank() * per_tile,
              to = from + per_tile < last ? from + per_tile : last;
    Kokkos::parallel_for(Kokkos::TeamVectorRange(member, (to - from) * C),
                         [&](int row) { body.template rows<1>(from + row / C, row % C); });
  }
};

/// All stages by one thread, which needs to wait for nobody: what a rank a core does.
template <class Body>
struct EachStage {
  static constexpr char const* name = Body::name;
  Body body;
  int const* stages;
  int count;
  bool backward;

  [[nodiscard]] int tiles() const { return count > 0 ? 1 : 0; }
  void tile(int) const {
    Body const mine = body;
    for (int s = 0; s < count; ++s) {
      int const stage = backward ? count - 1 - s : s;
      // Upwards in a backward sweep too: memory is read faster that way.
      for (int chunk = stages[stage] / Body::C; chunk < stages[stage + 1] / Body::C; ++chunk)
        mine.template rows<Body::C>(chunk, 0);
    }
  }
  [[nodiscard]] int teams() const { return 0; }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const&) const {}
};

/// All stages by one team, which waits for itself after each: for levels so small that a launch
/// takes longer than a stage.
template <class Body>
struct StagesOfTeam {
  static constexpr char const* name = Body::name;
  static constexpr unsigned team_threads = 1024;
  static constexpr int C = Body::C;
  static constexpr int most_rows = 4096;  ///< a few rows a thread and stage
  Body body;
  int const* stages;
  int count;
  bool backward;

  [[nodiscard]] int tiles() const { return 0; }
  void tile(int) const {}
  [[nodiscard]] int teams() const { return count > 0 ? 1 : 0; }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const& member) const {
    for (int s = 0; s < count; ++s) {
      int const stage = backward ? count - 1 - s : s, from = stages[stage],
                rows = stages[stage + 1] - from;
      Kokkos::parallel_for(Kokkos::TeamVectorRange(member, rows), [&](int row) {
        body.template rows<1>((from + row) / C, (from + row) % C);
      });
      member.team_barrier();
    }
  }
};

/// N sums of body.rows<W>(chunk, lane) over all chunks, one partial a tile: partial[n * tiles + t].
/// Tiles have one size on every number of threads, and so have the sums the same bits.
template <class Body>
struct SummedChunks {
  static constexpr char const* name = Body::name;
  using Number = typename Body::Number;
  static constexpr int C = Body::C, N = Body::sums, rows_per_tile = 4096;
  Body body;
  int count;
  Number* partial;

  static constexpr int per_tile = rows_per_tile / C;
  static constexpr int tiles_of(int places) { return (places + rows_per_tile - 1) / rows_per_tile; }
  [[nodiscard]] KOKKOS_INLINE_FUNCTION int tiles() const {
    return (count + per_tile - 1) / per_tile;
  }
  void tile(int t) const {
    int const from = t * per_tile, to = from + per_tile < count ? from + per_tile : count;
    Body const mine = body;
    vec<Number, C> sums[N] = {};
    for (int chunk = from; chunk < to; ++chunk) mine.template rows<C>(chunk, 0, sums);
    for (int n = 0; n < N; ++n) partial[n * tiles() + t] = sum_of_lanes(sums[n]);
  }
  [[nodiscard]] int teams() const { return tiles(); }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const& member) const {
    int const t = member.league_rank();
    int const from = t * per_tile, to = from + per_tile < count ? from + per_tile : count;
    for (int n = 0; n < N; ++n) {
      Number sum = 0;
      Kokkos::parallel_reduce(
          Kokkos::TeamVectorRange(member, (to - from) * C),
          [&](int row, Number& mine) {
            vec<Number, 1> sums[N] = {};
            body.template rows<1>(from + row / C, row % C, sums);
            mine += sums[n].lanes;
          },
          sum);
      Kokkos::single(Kokkos::PerTeam(member), [&] { partial[n * tiles() + t] = sum; });
    }
  }
};

/// Runs the body on chunks [0, places / C) in any order.
template <Space S, class Body>
void for_chunks(Context<S> const& context, int places, Body const& body) {
  launch(context, EachChunk<Body>{body, 0, places / Body::C, 512});
}

/// The stages of an ordering where kernels read them.
template <Space S>
struct Stages {
  std::vector<int> first;
  HostArray<int> on_host;
  Array<int, S> on_device;
  explicit Stages(std::vector<int> const& stages)
      : first(stages), on_host("stages", stages.size()), on_device(to_space<S>(stages)) {
    std::copy(stages.begin(), stages.end(), on_host.data());
  }
  [[nodiscard]] int count() const { return static_cast<int>(first.size()) - 1; }
};

/// Runs the body stage by stage, from the first or, backwards, from the last; `left_out` stages at
/// the end of the ordering are passed over.
template <Space S, class Body>
void for_stages(Context<S> const& context, Stages<S> const& stages, Body const& body, bool backward,
                int left_out = 0) {
  int const count = stages.count() - left_out;
  if (context.tiled() && context.space.concurrency() == 1) {
    if constexpr (is_host<S>)
      launch(context, EachStage<Body>{body, stages.on_host.data(), count, backward});
    return;
  }
  if (!context.tiled() && stages.first.back() <= StagesOfTeam<Body>::most_rows)
    return launch(context, StagesOfTeam<Body>{body, stages.on_device.data(), count, backward});
  for (int s = 0; s < count; ++s) {
    auto const stage = static_cast<std::size_t>(backward ? count - 1 - s : s);
    int const first = stages.first[stage] / Body::C, last = stages.first[stage + 1] / Body::C;
    int const threads = is_host<S> ? context.space.concurrency() : 1;
    int const share = is_host<S> ? (last - first + threads - 1) / threads : 8;
    launch(context, EachChunk<Body>{body, first, last, share > 0 ? share : 1});
  }
}

}  // namespace inpex::sparse
