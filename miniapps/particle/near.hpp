// SPDX-License-Identifier: Apache-2.0
#pragma once
// Forces of pairs in fp32 on hosts, where places and forces are fp64. A conversion costs as much as
// a third of a vector of pairs, and each of the 21 blocks near a block is in four of its rows: so a
// block and those near it are brought into fp32 once, relative to the block's centre, its rows are
// added there, and forces come back once.
//   Errors, with u = 2^-24, as long as two atoms of a block are less than 3 apart along an axis: a
// place is rounded relative to the centre of its own block, 1.5 u, and shifted to that of the
// row's, by a number of up to 5.5 + 5.5 u; the row's own atom is 1.5 u off and the difference 2.5
// u. That is 17 u of a coordinate, 29 u of a distance. The force of a pair changes 14 times as fast
// as its distance, of which the least is 0.85: 480 u, with 30 u of its own 22 operations and, of
// the sums of up to 28 pairs of a row and 8 of a block, 36 u. All of that against the sizes that
// are added, it is 546 u, or 273 eps.

#include "forces.hpp"

#include <inpex/context.hpp>
#include <inpex/each.hpp>
#include <inpex/memory.hpp>

#include <cstdint>
#include <optional>

namespace inpex::particle {

/// A block near another: `shift` brings its places, relative to its centre, to the other's centre.
struct Near {
  int block;
  float shift[3];
};

/// Blocks near one, itself included, that there is room for; where there are more, its rows are
/// added pair by pair as Forces does. In a melt they are about 21, at a cut 40.
inline constexpr int near_capacity = 48;

/// Midway between the bounds that a block had when the list was made.
KOKKOS_INLINE_FUNCTION double centre(Bounds const& bounds, int axis) {
  return 0.5 * (static_cast<double>(bounds.lower[axis]) + static_cast<double>(bounds.upper[axis]));
}

/// Places in fp32, relative to the centres of their blocks. For Each, of blocks.
struct NarrowPlaces {
  static constexpr char const* name = "places, narrowed";
  static constexpr int per_tile = 512;
  double const* x;
  Bounds const* bounds;
  float* narrow;

  KOKKOS_INLINE_FUNCTION void operator()(int b) const {
    auto const base = static_cast<std::ptrdiff_t>(b) * block_size;
    for (int axis = 0; axis < 3; ++axis) {
      double const from = centre(bounds[b], axis);
      for (int lane = 0; lane < block_atoms; ++lane) {
        auto const at = base + axis * block_atoms + lane;
        narrow[at] = static_cast<float>(x[at] - from);
      }
    }
  }
};

/// Rows in the numbers of the blocks near a block. Words of a block: how many are near, or 0 where
/// there is no room; 8 ends of rows; entries, where the block's places are among those brought
/// together. For Each, of blocks.
struct FindNear {
  static constexpr char const* name = "blocks near";
  static constexpr int per_tile = 64;
  Columns<double> columns;
  int const* list;
  int list_stride;
  Near* nears;
  std::uint16_t* rows;
  int stride;

  KOKKOS_INLINE_FUNCTION void operator()(int b) const {
    Near* const near = nears + static_cast<std::ptrdiff_t>(b) * near_capacity;
    std::uint16_t* const to = rows + static_cast<std::ptrdiff_t>(b) * stride;
    int const* const words = list + static_cast<std::ptrdiff_t>(b) * list_stride;
    unsigned keys[near_capacity] = {};
    int count = 0, at = 1 + block_atoms;
    to[0] = 0;
    append(b, b, home_image, near, keys, count);
    for (int atom = 0; atom < block_atoms; ++atom) {
      for (int next = words[atom] & 0xffff, end = words[atom] >> 16; next < end;) {
        Run const run(words[next++]);
        for (int n = 0; n < run.entries; ++n) {
          int const j = words[next++];
          int which = find(keys, key(j, run.image));
          if (which < 0) {
            if (count == near_capacity) return;
            which = count;
            append(b, j, run.image, near, keys, count);
          }
          to[at++] = static_cast<std::uint16_t>(which * block_size);
        }
      }
      to[1 + atom] = static_cast<std::uint16_t>(at);
    }
    to[0] = static_cast<std::uint16_t>(count);
  }

 private:
  // Not 0; blocks are fewer than 2^27.
  KOKKOS_INLINE_FUNCTION static unsigned key(int j, int image) {
    return static_cast<unsigned>(j) * 32 + static_cast<unsigned>(image) + 1;
  }
  // Without a branch: a compiler makes three comparisons of vectors of it.
  KOKKOS_INLINE_FUNCTION static int find(unsigned const* keys, unsigned key) {
    int which = -1;
    for (int n = 0; n < near_capacity; ++n) which = keys[n] == key ? n : which;
    return which;
  }
  KOKKOS_INLINE_FUNCTION void append(int b, int j, int image, Near* near, unsigned* keys,
                                     int& count) const {
    near[count].block = j;
    for (int axis = 0; axis < 3; ++axis)
      near[count].shift[axis] =
          static_cast<float>(centre(columns.bounds[j], axis) - centre(columns.bounds[b], axis) +
                             columns.shift(image, axis));
    keys[count++] = key(j, image);
  }
};

/// Forces<double, true, float> by way of FindNear and NarrowPlaces.
struct NearForces {
  static constexpr char const* name = "forces, mixed";
  Forces<double, true, float> forces;
  Near const* nears;
  std::uint16_t const* rows;
  int stride;
  float const* narrow;

  struct Scratch {
    alignas(cache_line) float x[near_capacity * block_size], f[near_capacity * block_size];
  };

  [[nodiscard]] int tiles() const { return forces.tiles(); }
  void tile(int t) const {
    auto const mine = *this;
    Scratch scratch;
    forces.each_block(t, [&](int b) { mine.block<host_lanes<float>>(b, scratch); });
  }
  [[nodiscard]] int teams() const { return forces.teams(); }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const& member) const {
    forces.team(member);
  }

  template <int W>
  void block(int b, Scratch& here) const {
    std::uint16_t const* const row = rows + static_cast<std::ptrdiff_t>(b) * stride;
    Near const* const near = nears + static_cast<std::ptrdiff_t>(b) * near_capacity;
    int const count = row[0];
    if (count == 0) return forces.block<host_lanes<double>>(b);
    bring<W>(near, count, here);
    bool const own = b < forces.columns.own_blocks;
    vec<float, W> fx[block_atoms], fy[block_atoms], fz[block_atoms];
    int at = 1 + block_atoms;
    for (int atom = 0; atom < block_atoms; ++atom) {
      using V = vec<float, W>;
      auto const zero = V::zero();
      Around<float, W> i{V::broadcast(here.x[atom]),
                         V::broadcast(here.x[block_atoms + atom]),
                         V::broadcast(here.x[2 * block_atoms + atom]),
                         zero,
                         zero,
                         zero};
      for (int lane = 0; lane < block_atoms && own; lane += W)
        add_pairs<true, true>(i, here.x + lane, here.f + lane, forces.cutoff_square,
                              not_partners<float, W, true>(atom, lane));
      for (int const end = row[1 + atom]; at < end; ++at)
        for (int lane = 0; lane < block_atoms; lane += W)
          add_pairs<true, false>(i, here.x + row[at] + lane, here.f + row[at] + lane,
                                 forces.cutoff_square, zero);
      fx[atom] = i.fx, fy[atom] = i.fy, fz[atom] = i.fz;
    }
    add_rows(fx, here.f);
    add_rows(fy, here.f + block_atoms);
    add_rows(fz, here.f + 2 * block_atoms);
    take_back(near, count, here);
  }

 private:
  template <int W>
  [[gnu::always_inline]] void bring(Near const* near, int count, Scratch& here) const {
    using V = vec<float, W>;
    for (int n = 0; n < count; ++n) {
      float const* const from = narrow + static_cast<std::ptrdiff_t>(near[n].block) * block_size;
      for (int at = 0; at < block_size; at += W) {
        auto const shift = V::broadcast(near[n].shift[at / block_atoms]);
        (V::load(from + at) + shift).store(here.x + n * block_size + at);
        V::zero().store(here.f + n * block_size + at);
      }
    }
  }
  // A ghost's forces are its owner's.
  [[gnu::always_inline]] void take_back(Near const* near, int count, Scratch const& here) const {
    constexpr int lanes = host_lanes<double>;
    using V = vec<double, lanes>;
    for (int n = 0; n < count; ++n) {
      if (near[n].block >= forces.columns.own_blocks) continue;
      double* const to = forces.f + static_cast<std::ptrdiff_t>(near[n].block) * block_size;
      float const* const from = here.f + n * block_size;
      for (int at = 0; at < block_size; at += lanes)
        (V::load(to + at) + converted<double>(vec<float, lanes>::load(from + at))).store(to + at);
    }
  }
};

/// What NearForces reads, of one rank.
template <Space S>
class NearBlocks {
 public:
  explicit NearBlocks(std::size_t blocks)
      : blocks_(blocks), nears_("blocks near", blocks * near_capacity),
        narrow_("places, narrowed", blocks * block_size) {}

  /// After a new list, of which a block has `list_stride` words.
  void make(Context<S> const& context, Columns<double> const& columns, int const* list,
            int list_stride, int blocks) {
    if (stride_ < list_stride + 8) {
      stride_ = list_stride + 8;  // entries are as many, ends and their number are 9
      rows_.reset();
      rows_.emplace("rows of blocks near", blocks_ * static_cast<std::size_t>(stride_));
    }
    launch_each(context,
                FindNear{columns, list, list_stride, nears_.data(), rows_->data(), stride_},
                blocks);
  }
  /// Before forces: places where they are now.
  void narrow(Context<S> const& context, Columns<double> const& columns, int blocks) const {
    launch_each(context, NarrowPlaces{columns.x, columns.bounds, narrow_.data()}, blocks);
  }
  [[nodiscard]] NearForces kernel(Forces<double, true, float> const& forces) const {
    return {forces, nears_.data(), rows_->data(), stride_, narrow_.data()};
  }

 private:
  std::size_t blocks_;
  int stride_ = 0;
  Memory<Near, S> nears_;
  std::optional<Memory<std::uint16_t, S>> rows_;
  Memory<float, S> narrow_;
};

}  // namespace inpex::particle
