// SPDX-License-Identifier: Apache-2.0
#pragma once
// Several steps of an out-of-place stencil in one pass over memory. On hosts a block of rows of y
// goes up z once: the first step reads memory, the last one writes it, and those between live in
// rings of planes that stay in cache, each step a plane behind the one before it. Blocks overlap by
// the rows that later steps lose at their edges, so that none waits for another. On devices a team
// does two steps, with the planes of the first in its scratch memory.
// The arithmetic of a point is that of the sweep, and so are the bits.

#include "sweep.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

namespace inpex::stencil {

/// A block as one rank sees it: its cells, and on which sides there are neighbours, whose cells are
/// in the ghosts and are stepped too; on the other sides there is nothing but zeros.
struct Surroundings {
  Box cells;
  Kokkos::Array<bool, 3> below{}, above{};

  /// The cells, and `more` of each neighbour.
  [[nodiscard]] KOKKOS_INLINE_FUNCTION Box grown(int more) const {
    Box box = cells;
    for (int axis = 0; axis < 3; ++axis) {
      if (below[axis]) box.lower[axis] -= more;
      if (above[axis]) box.upper[axis] += more;
    }
    return box;
  }
};

/// Points that can be stepped several times at once: they reach one cell and update nothing.
template <class P>
concept Steppable = P::radius == 1 && !P::updates && !P::coefficients;

/// How many steps a pass over memory may do.
struct Depth {
  static constexpr int most = 8;     ///< on hosts: ghosts fit a cache line of the wider precision
  static constexpr int devices = 2;  ///< what scratch memory holds
};

/// Where blocks of a temporal sweep lie, and how much memory their rings need.
struct Rings {
  static constexpr int group = 2;           // planes done at once: more need more cache than they save
  static constexpr int planes = group + 2;  // of a level: a group, and one on each side
  int rows = 1;                             // of a block
  int depth = 1;                            // steps that they are made for
  int blocks = 1;
  int threads = 1;           // that share the blocks
  std::ptrdiff_t plane = 0;  // elements of a plane

  Rings(Layout const& layout, std::int64_t rows_wanted, std::int64_t steps, int concurrency)
      : depth(static_cast<int>(steps)) {
    int const all = layout.extent[1];
    rows = std::clamp(static_cast<int>(rows_wanted), 1, std::max(1, all / concurrency));
    blocks = (all + rows - 1) / rows;
    threads = std::min(concurrency, blocks);
    plane = (rows + 2 * (depth + 1)) * layout.pitch + 4 * std::ptrdiff_t(cache_line);
  }
  /// Elements of one thread: a plane of zeros, and the levels between the first and the last.
  [[nodiscard]] std::size_t size() const {
    return static_cast<std::size_t>(plane) * static_cast<std::size_t>(1 + (depth - 1) * planes);
  }
};

/// One cell of the first of two steps, in the scratch memory of a team.
template <class T, class P>
struct ScratchCell {
  T const* planes[3];  // below, here, above; at the cell
  int pitch;

  template <class O>
  KOKKOS_INLINE_FUNCTION vec<T, 1> operator()(O) const {
    return {planes[O::z + 1][O::x + O::y * pitch]};
  }
  template <int n, class O>
  KOKKOS_INLINE_FUNCTION vec<T, 1> column(O) const {
    ScratchCell const there{{planes[0] + O::x, planes[1] + O::x, planes[2] + O::x}, pitch};
    return P::template sum<n>(there);
  }
};

/// `levels` steps from `in` to `out`; `scratch` holds Rings::size() elements for each thread.
template <class T, Steppable P>
struct TemporalSweep {
  static constexpr char const* name = "temporal sweep";
  P point;
  Layout layout;
  Surroundings around;
  Rings rings;
  Store store;
  T const* in;
  T* out;
  T* scratch;
  int levels;

  [[nodiscard]] int tiles() const { return rings.threads; }
  void tile(int t) const {
    for (int b = rings.blocks * t / rings.threads; b < rings.blocks * (t + 1) / rings.threads; ++b)
      block(b, scratch + std::size_t(t) * rings.size());
    stream_fence();
  }
  [[nodiscard]] int teams() const { return patches(0) * patches(1) * patches(2); }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const& member) const;
  /// Bytes of scratch memory that a team needs.
  static std::size_t team_scratch() { return 3 * sizeof(T) * slice; }

 private:
  static constexpr int R = P::shape.rows, Q = Rings::group;
  // Cells of a team along x, y and z.
  KOKKOS_INLINE_FUNCTION static constexpr int patch(int axis) { return axis == 1 ? 8 : 64; }
  static constexpr int slice_pitch = 64 + 2, slice = slice_pitch * (8 + 2);

  // A block of rows: cell (0, j, k) of a level, and the groups of rows that compute one.
  struct Frame {
    TemporalSweep const& sweep;
    int first, last;  // rows of the last level
    T* memory;

    [[nodiscard]] T* at(int level, int j, int k) const;
    [[nodiscard]] Box box(int level) const;
    void step(int level, int k) const;
    template <int rows, int planes, Store kept, bool Ask>
    void group(int level, Box const& cells, int j, int k) const;
  };
  void block(int b, T* memory) const;

  KOKKOS_INLINE_FUNCTION int patches(int axis) const {
    return (around.cells.extent(axis) + patch(axis) - 1) / patch(axis);
  }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void first_step(Member const& member, Box const& cells, int k,
                                         T* plane) const;
};

// Levels follow each other one plane apart, each a group of planes at a time.
template <class T, Steppable P>
void TemporalSweep<T, P>::block(int b, T* memory) const {
  std::memset(static_cast<void*>(memory), 0, rings.size() * sizeof(T));
  auto const& cells = around.cells;
  int const first = cells.lower[1] + b * rings.rows;
  Frame const frame{*this, first, std::min(first + rings.rows, cells.upper[1]), memory};
  int const top = frame.box(levels).upper[2] + levels - 1;
  for (int k = frame.box(1).lower[2]; k < top; k += Q)
    for (int level = 1; level <= levels; ++level) frame.step(level, k - (level - 1));
}

template <class T, Steppable P>
Box TemporalSweep<T, P>::Frame::box(int level) const {
  int const later = sweep.levels - level;
  Box cells = sweep.around.grown(later);
  cells.lower[1] = std::max(cells.lower[1], first - later);
  cells.upper[1] = std::min(cells.upper[1], last + later);
  return cells;
}

// Level 0 is the input and the last level the output; of those between, what lies beyond a wall is
// zero: planes by the first plane of the memory, rows and cells since nothing is ever written there.
template <class T, Steppable P>
T* TemporalSweep<T, P>::Frame::at(int level, int j, int k) const {
  auto const& [lower, upper] = box(level);
  int const slot = k < lower[2] || k >= upper[2]
                       ? 0
                       : 1 + (level - 1) * Rings::planes +
                             (k + Depth::most * Rings::planes) % Rings::planes;
  return memory + slot * sweep.rings.plane + 2 * std::ptrdiff_t(cache_line) +
         (j - first + sweep.rings.depth + 1) * sweep.layout.pitch;
}

template <class T, Steppable P>
void TemporalSweep<T, P>::Frame::step(int level, int k) const {
  Box const cells = box(level);
  bool const is_last = level == sweep.levels;
  int const bottom = std::max(k, cells.lower[2]), top = std::min(k + Q, cells.upper[2]);
  int j = cells.lower[1];
  if (top - bottom == Q)
    for (; j + R <= cells.upper[1]; j += R) {
      if (level == 1)
        group<R, Q, Store::cached, true>(level, cells, j, k);
      else if (is_last && sweep.store == Store::streamed)
        group<R, Q, Store::streamed, false>(level, cells, j, k);
      else
        group<R, Q, Store::cached, false>(level, cells, j, k);
    }
  for (; j < cells.upper[1]; ++j)
    for (int z = bottom; z < top; ++z) group<1, 1, Store::cached, false>(level, cells, j, z);
}

template <class T, Steppable P>
template <int rows, int planes, Store kept, bool Ask>
void TemporalSweep<T, P>::Frame::group(int level, Box const& cells, int j, int k) const {
  auto const pitch = sweep.layout.pitch, plane = sweep.layout.plane;
  auto const here = sweep.layout.at(0, j, k);
  Rows<T, P, rows, planes> group;
  for (int z = 0; z < planes + 2; ++z)
    group.in[z] = level == 1 ? sweep.in + here + (z - 1) * plane : at(level - 1, j, k + z - 1);
  for (int q = 0; q < planes; ++q)
    group.out[q] = level == sweep.levels ? sweep.out + here + q * plane : at(level, j, k + q);
  group.look_ahead(sweep.in + here, plane, Ahead{cells, j, pitch, planes * plane});
  group.in_pitch = group.out_pitch = pitch;  // rings have rows like the block's
  group.before_pitch = group.coefficient_pitch = 0;
  group.template sweep<kept, Ask>(sweep.point, cells.lower[0], cells.upper[0]);
}

// Two steps on a patch: a plane of the first step into scratch, then the plane below it of the second.
template <class T, Steppable P>
template <class Member>
KOKKOS_INLINE_FUNCTION void TemporalSweep<T, P>::team(Member const& member) const {
  int const piece = member.league_rank();
  int const place[3] = {piece % patches(0), piece / patches(0) % patches(1),
                        piece / patches(0) / patches(1)};
  Box cells = around.cells;
  for (int axis = 0; axis < 3; ++axis) {
    int const from = cells.lower[axis] + place[axis] * patch(axis);
    int const to = from + patch(axis);
    cells.lower[axis] = from;
    if (to < cells.upper[axis]) cells.upper[axis] = to;
  }
  T* const planes = static_cast<T*>(member.team_shmem().get_shmem(team_scratch()));
  auto const plane = [&](int k) { return planes + (k - cells.lower[2] + 3) % 3 * slice; };
  first_step(member, cells, cells.lower[2] - 1, plane(cells.lower[2] - 1));
  first_step(member, cells, cells.lower[2], plane(cells.lower[2]));
  for (int k = cells.lower[2]; k < cells.upper[2]; ++k) {
    first_step(member, cells, k + 1, plane(k + 1));
    member.team_barrier();
    int const nx = cells.extent(0), ny = cells.extent(1);
    Kokkos::parallel_for(Kokkos::TeamVectorRange(member, nx * ny), [&](int cell) {
      int const i = cell % nx, j = cell / nx, at = i + 1 + (j + 1) * slice_pitch;
      ScratchCell<T, P> const u{{plane(k - 1) + at, plane(k) + at, plane(k + 1) + at}, slice_pitch};
      out[layout.at(cells.lower[0] + i, cells.lower[1] + j, k)] = point(u).lanes;
    });
    member.team_barrier();
  }
}

// Plane k of the first step on the patch and one cell around it; zero beyond the walls.
template <class T, Steppable P>
template <class Member>
KOKKOS_INLINE_FUNCTION void TemporalSweep<T, P>::first_step(Member const& member, Box const& cells,
                                                            int k, T* plane) const {
  Box const known = around.grown(1);
  int const nx = cells.extent(0) + 2, ny = cells.extent(1) + 2;
  Kokkos::parallel_for(Kokkos::TeamVectorRange(member, nx * ny), [&](int cell) {
    int const i = cells.lower[0] - 1 + cell % nx, j = cells.lower[1] - 1 + cell / nx;
    bool const wall = i < known.lower[0] || i >= known.upper[0] || j < known.lower[1] ||
                      j >= known.upper[1] || k < known.lower[2] || k >= known.upper[2];
    T value = 0;
    if (!wall) {
      auto const at = layout.at(i, j, k);
      value = point(Cell<T, P>{{in + at, out + at, nullptr}, layout.pitch, layout.plane}).lanes;
    }
    plane[cell % nx + cell / nx * slice_pitch] = value;
  });
}

}  // namespace inpex::stencil
