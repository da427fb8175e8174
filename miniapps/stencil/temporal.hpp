// SPDX-License-Identifier: Apache-2.0
#pragma once
// Several steps of a stencil in one pass over memory. On hosts a block of rows of y goes up z once:
// the first step reads memory, the last one writes it, and those between live in rings of planes
// that stay in cache, each step a radius behind the one before it. Blocks overlap by the rows that
// later steps lose at their edges, so that none waits for another. On devices a team does two
// steps, with the planes of the first in its scratch memory. The arithmetic of a point is that of
// the sweep, and so are the bits.

#include "rings.hpp"
#include "sweep.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

namespace inpex::stencil {

/// One cell of the first of two steps, in the scratch memory of a team; what is not stepped is read
/// from memory.
template <class T, class P>
struct ScratchCell {
  T const* planes[2 * P::radius + 1];  // z from -radius to radius; at the cell
  int pitch;
  T const *earlier, *weight;

  template <class O>
  KOKKOS_INLINE_FUNCTION vec<T, 1> operator()(O) const {
    return {planes[O::z + P::radius][O::x + O::y * pitch]};
  }
  template <class O>
  KOKKOS_INLINE_FUNCTION auto column(P const& point, O) const {
    ScratchCell there = *this;
    for (auto& plane : there.planes) plane += O::x;
    return point.column(there);
  }
  KOKKOS_INLINE_FUNCTION vec<T, 1> before() const { return {*earlier}; }
  KOKKOS_INLINE_FUNCTION vec<T, 1> coefficient() const { return {*weight}; }
};

/// The arrays of a pass: `in`, and `before` one step earlier where the point updates; `out` is
/// `levels` steps later than `in`, and `kept` one step less than that, where the point updates.
template <class T>
struct PassArrays {
  T const* in;
  T* before;
  T const* coefficient;
  T *out, *kept;
};

/// `levels` steps, 2 or more, from `in` to `out`; `scratch` holds Rings::size() elements for each
/// thread.
template <class T, Steppable P>
struct TemporalSweep {
  static constexpr char const* name = "temporal sweep";
  P point;
  Layout layout;
  Surroundings around;
  Rings<P> rings;
  Store store;
  PassArrays<T> arrays;
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
  static std::size_t team_scratch() { return scratch_bytes; }

 private:
  static constexpr int radius = P::radius, R = P::shape.rows, Q = Rings<P>::group;
  // The planes of the first step that a team holds, and its cells along x, y and z.
  static constexpr int slices = 2 * radius + 1, divisor = slices * sizeof(T) > 64 ? 2 : 1;
  static constexpr int patch_x = 64 / divisor, patch_y = 8 / divisor, patch_z = 64;
  KOKKOS_INLINE_FUNCTION static constexpr int patch(int axis) {
    return axis == 0 ? patch_x : axis == 1 ? patch_y : patch_z;
  }
  static constexpr int slice_pitch = patch_x + 2 * radius,
                       slice = slice_pitch * (patch_y + 2 * radius);
  static constexpr std::size_t scratch_bytes = slices * sizeof(T) * slice;
  static_assert(scratch_bytes <= 44 << 10,
                "Kokkos 4.5 gives CUDA teams 48 KiB, less its own needs");

  // A block of rows: cell (0, j, k) of a level, and the groups of rows that compute one.
  struct Frame {
    TemporalSweep const& sweep;
    int first, last;  // rows of the last level
    T* memory;

    [[nodiscard]] T* at(int level, int j, int k) const;
    [[nodiscard]] T const* read(int level, int j, int k) const;
    [[nodiscard]] Box box(int level) const;
    void step(int level, int k) const;
    template <int rows, int planes, Store kept, bool Ask>
    void group(int level, Box const& cells, int j, int k) const;
    void keep(int j, int k) const;
  };
  void block(int b, T* memory) const;

  KOKKOS_INLINE_FUNCTION int patches(int axis) const {
    return (around.cells.extent(axis) + patch(axis) - 1) / patch(axis);
  }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void first_step(Member const& member, Box const& cells, int k,
                                         T* plane) const;
  template <class Member>
  KOKKOS_INLINE_FUNCTION void second_step(Member const& member, Box const& cells, int k,
                                          T const* planes) const;
  // Where the team's scratch memory holds plane k of the first step.
  KOKKOS_INLINE_FUNCTION static int slot(Box const& cells, int k) {
    return (k - cells.lower[2] + slices) % slices * slice;
  }
};

// Levels follow each other a radius apart, each a group of planes at a time.
template <class T, Steppable P>
void TemporalSweep<T, P>::block(int b, T* memory) const {
  std::memset(static_cast<void*>(memory), 0, rings.size() * sizeof(T));
  auto const& cells = around.cells;
  int const first = cells.lower[1] + b * rings.rows;
  Frame const frame{*this, first, std::min(first + rings.rows, cells.upper[1]), memory};
  int const top = frame.box(levels).upper[2] + (levels - 1) * radius;
  for (int k = frame.box(1).lower[2]; k < top; k += Q)
    for (int level = 1; level <= levels; ++level) frame.step(level, k - (level - 1) * radius);
}

template <class T, Steppable P>
Box TemporalSweep<T, P>::Frame::box(int level) const {
  int const later = (sweep.levels - level) * radius;
  Box cells = sweep.around.grown(later);
  cells.lower[1] = std::max(cells.lower[1], first - later);
  cells.upper[1] = std::min(cells.upper[1], last + later);
  return cells;
}

// Of the levels between, what lies beyond a wall is zero: planes by the plane of zeros, rows and
// cells since nothing is ever written there.
template <class T, Steppable P>
T* TemporalSweep<T, P>::Frame::at(int level, int j, int k) const {
  auto const& [lower, upper] = box(level);
  return memory + sweep.rings.at(level, j - first, k, lower[2] <= k && k < upper[2]);
}

template <class T, Steppable P>
T const* TemporalSweep<T, P>::Frame::read(int level, int j, int k) const {
  if (level > 0) return at(level, j, k);
  return (level == 0 ? sweep.arrays.in : sweep.arrays.before) + sweep.layout.at(0, j, k);
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
  auto const& [in, before, coefficient, out, one_less] = sweep.arrays;
  auto const here = sweep.layout.at(0, j, k);
  Rows<T, P, rows, planes> group;
  for (int z = 0; z < planes + 2 * radius; ++z) group.in[z] = read(level - 1, j, k + z - radius);
  for (int q = 0; q < planes; ++q) {
    group.out[q] = level == sweep.levels ? out + here + q * plane : at(level, j, k + q);
    group.before[q] = P::updates ? read(level - 2, j, k + q) : nullptr;
    group.coefficient[q] = P::coefficients ? coefficient + here + q * plane : nullptr;
  }
  group.look_ahead(in + here, plane, Ahead{cells, j, pitch, planes * plane});
  // Rings have rows like the block's.
  group.in_pitch = group.out_pitch = group.before_pitch = group.coefficient_pitch = pitch;
  group.template sweep<kept, Ask>(sweep.point, cells.lower[0], cells.upper[0]);
  if (P::updates && level == sweep.levels - 1)
    for (int n = 0; n < rows * planes; ++n) keep(j + n % rows, k + n / rows);
}

// A row of the last level but one, from its ring to memory.
template <class T, Steppable P>
void TemporalSweep<T, P>::Frame::keep(int j, int k) const {
  using V = vec<T, native_lanes<T>>;
  auto const& [lower, upper] = sweep.around.cells;
  if (j < first || j >= last || k < lower[2] || k >= upper[2]) return;
  T const* const from = at(sweep.levels - 1, j, k);
  T* const to = sweep.arrays.kept + sweep.layout.at(0, j, k);
  int i = lower[0];
  for (; i + V::width <= upper[0]; i += V::width) {
    auto const lanes = V::load(from + i);
    sweep.store == Store::streamed ? lanes.stream(to + i) : lanes.store(to + i);
  }
  for (; i < upper[0]; ++i) to[i] = from[i];
}

// Two steps on a patch: a plane of the first step into scratch, then the plane a radius below it of
// the second.
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
  T* const planes = static_cast<T*>(member.team_shmem().get_shmem(std::size_t{scratch_bytes}));
  for (int k = cells.lower[2] - radius; k < cells.lower[2] + radius; ++k)
    first_step(member, cells, k, planes + slot(cells, k));
  for (int k = cells.lower[2]; k < cells.upper[2]; ++k) {
    first_step(member, cells, k + radius, planes + slot(cells, k + radius));
    member.team_barrier();
    second_step(member, cells, k, planes);
    member.team_barrier();
  }
}

// Plane k of the first step on the patch and a radius around it; zero beyond the walls.
template <class T, Steppable P>
template <class Member>
KOKKOS_INLINE_FUNCTION void TemporalSweep<T, P>::first_step(Member const& member, Box const& cells,
                                                            int k, T* plane) const {
  Box const known = around.grown(radius);
  int const nx = cells.extent(0) + 2 * radius, ny = cells.extent(1) + 2 * radius;
  Kokkos::parallel_for(Kokkos::TeamVectorRange(member, nx * ny), [&](int cell) {
    int const i = cells.lower[0] - radius + cell % nx, j = cells.lower[1] - radius + cell / nx;
    bool const wall = i < known.lower[0] || i >= known.upper[0] || j < known.lower[1] ||
                      j >= known.upper[1] || k < known.lower[2] || k >= known.upper[2];
    T value = 0;
    if (!wall) {
      // What was before stands where a sweep in place would have its output.
      Arrays<T> const all{arrays.in, arrays.before, arrays.coefficient};
      value = point(Cell<T, P>{all.at(layout.at(i, j, k)), layout.pitch, layout.plane}).lanes;
    }
    plane[cell % nx + cell / nx * slice_pitch] = value;
  });
}

// Plane k of the second step on the patch.
template <class T, Steppable P>
template <class Member>
KOKKOS_INLINE_FUNCTION void TemporalSweep<T, P>::second_step(Member const& member, Box const& cells,
                                                             int k, T const* planes) const {
  int const nx = cells.extent(0), ny = cells.extent(1);
  Kokkos::parallel_for(Kokkos::TeamVectorRange(member, nx * ny), [&](int cell) {
    int const i = cell % nx, j = cell / nx, near = i + radius + (j + radius) * slice_pitch;
    auto const at = layout.at(cells.lower[0] + i, cells.lower[1] + j, k);
    ScratchCell<T, P> u{{}, slice_pitch, arrays.in + at, nullptr};
    if constexpr (P::coefficients) u.weight = arrays.coefficient + at;
    for (int z = -radius; z <= radius; ++z)
      u.planes[z + radius] = planes + slot(cells, k + z) + near;
    arrays.out[at] = point(u).lanes;
    if constexpr (P::updates) arrays.kept[at] = u(Here{}).lanes;
  });
}

}  // namespace inpex::stencil
