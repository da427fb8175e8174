// SPDX-License-Identifier: Apache-2.0
#pragma once
// The list: of each atom the blocks of 8 in which one atom may come into range before the next
// list. Rows are cut into runs of one periodic image, so that the pair loop has no case to tell
// apart. In a half list a pair is in one row alone, except that pairs with ghosts are in the rows
// of both owners. Which of the two rows it is follows from columns and heights alone: lists, and
// what they lose, are the same on every number of ranks. Pairs of an own and a ghost atom are in
// the one row too, on the ranks of both.
//   Words of a block: 8 spans (first | end << 16), then the rows: run word, entries, run word,
//   entries, ... A run word: entries | image << 16 | ghosts << 24; image = 9 (sx+1) + 3 (sy+1) + sz
//   + 1.

#include "blocks.hpp"

#include <inpex/launch.hpp>

#include <cstdint>

namespace inpex::particle {

inline constexpr int home_image = 13;

/// One run of a row.
struct Run {
  int entries, image;
  bool ghosts;
  KOKKOS_INLINE_FUNCTION explicit constexpr Run(int word)
      : entries(word & 0xffff), image((word >> 16) & 0xff), ghosts((word >> 24) != 0) {}
  KOKKOS_INLINE_FUNCTION static constexpr int word(int entries, int image, bool ghosts) {
    return entries | image << 16 | (ghosts ? 1 << 24 : 0);
  }
};

/// Rows [first_row, first_row + rows) of one block while they grow; beyond `capacity` words they
/// are cut off and `overflow` is set.
struct GrowingRows {
  int* words;    // [rows, capacity]
  int capacity;  // of one row
  int rows, first_row;
  int count[block_atoms], run_start[block_atoms];
  bool overflow;
  int padding;  // rows of single atoms: the index that fills up a run to a multiple of 8

  KOKKOS_INLINE_FUNCTION int longest() const {
    int most = 0;
    for (int r = 0; r < rows; ++r) most = count[r] > most ? count[r] : most;
    return most;
  }
  KOKKOS_INLINE_FUNCTION void open_run() {
    for (int r = 0; r < rows; ++r) run_start[r] = count[r]++;
  }
  KOKKOS_INLINE_FUNCTION void close_run(int image, bool ghosts) {
    for (int r = 0; r < rows; ++r) {
      while (padding > 0 && (count[r] - run_start[r] - 1) % block_atoms != 0)
        words[r * capacity + count[r]++] = padding;
      int const entries = count[r] - run_start[r] - 1;
      if (entries == 0)
        count[r] = run_start[r];
      else
        words[r * capacity + run_start[r]] = Run::word(entries, image, ghosts);
    }
  }
};

/// Finds the rows of blocks. `Half`: a pair in one row. `Single`: of single atoms, not of blocks;
/// these are full.
template <class Real, bool Half, bool Single = false>
struct FindRows {
  static constexpr char const* name = "rows";
  static constexpr int row_capacity = 512;  // words
  Columns<Real> columns;
  int* list;        // [own blocks, stride]
  int stride;       // words of a block
  int* most_words;  // that a block asked for
  int strips;       // tiles: runs of cx
  Real reach;       // cut-off and skin
  int padding;      // for rows of single atoms

  // Columns of one image along an axis, as offsets from c: before (-1), in (0) or after (1) the own
  // ones.
  static constexpr int first_of(int side, int c, int own) {
    return side < 0 ? -column_reach_ : side > 0 ? own - c : c < column_reach_ ? -c : -column_reach_;
  }
  static constexpr int last_of(int side, int c, int own) {
    return side < 0                      ? -c - 1
           : side > 0                    ? +column_reach_
           : own - 1 - c < column_reach_ ? own - 1 - c
                                         : +column_reach_;
  }

  // All rows `found` of block i in column (cx, cy). `hint` is where the search in a column began
  // last, [3][25], negative at first.
  template <int W>
  constexpr void search(int cx, int cy, int i, int* hint, GrowingRows& found) const {
    for (int sx = -1; sx <= 1; ++sx)
      for (int sy = -1; sy <= 1; ++sy) {
        int const x0 = first_of(sx, cx, columns.own_x), x1 = last_of(sx, cx, columns.own_x);
        int const y0 = first_of(sy, cy, columns.own_y), y1 = last_of(sy, cy, columns.own_y);
        if (x0 > x1 || y0 > y1) continue;
        bool const ghosts = (sx != 0 && columns.ghosts_x > 0) || (sy != 0 && columns.ghosts_y > 0);
        if (ghosts && !columns.owns(cx, cy)) continue;
        for (int sz = -1; sz <= 1; ++sz) {
          int const image = 9 * (columns.ghosts_x > 0 ? 1 : sx + 1) +
                            3 * (columns.ghosts_y > 0 ? 1 : sy + 1) + sz + 1;
          float const lower = columns.bounds[i].lower[2] -
                              static_cast<float>(static_cast<Real>(sz) * columns.box[2] + reach);
          float const upper = columns.bounds[i].upper[2] -
                              static_cast<float>(static_cast<Real>(sz) * columns.box[2] - reach);
          if (upper < 0 || lower > static_cast<float>(columns.box[2])) continue;
          found.open_run();
          for (int dx = x0; dx <= x1; ++dx)
            for (int dy = y0; dy <= y1; ++dy) {
              bool const home = sx == 0 && sy == 0 && sz == 0;
              if (Half && (dx < 0 || (dx == 0 && (dy < 0 || (dy == 0 && sz < 0))))) continue;
              int const wx = columns.ghosts_x > 0 ? 0 : sx * columns.own_x;
              int const wy = columns.ghosts_y > 0 ? 0 : sy * columns.own_y;
              int& start = hint[(sz + 1) * 25 + (dx + column_reach_) * 5 + dy + column_reach_];
              column<W>(columns.index(cx + dx - wx, cy + dy - wy), i, image, lower, upper, start,
                        home && dx == 0 && dy == 0, found);
            }
          found.close_run(image, ghosts);
        }
      }
  }

  // Adds the blocks of one column that are near block i.
  template <int W>
  constexpr void column(int c, int i, int image, float lower, float upper, int& start, bool own,
                        GrowingRows& found) const {
    int const end = columns.end[c],
              room = (found.capacity - found.longest() - 12) / (Single ? block_atoms : 1);
    if (start < 0) start = columns.begin[c];
    while (start < end && columns.bounds[start].upper[2] < lower) ++start;
    Bounds here = columns.bounds[i];
    for (int axis = 0; axis < 3; ++axis) {
      float const shift = static_cast<float>(columns.shift(image, axis));
      here.lower[axis] -= shift, here.upper[axis] -= shift;
    }
    int const first = own && Half ? i + 1 : start;
    for (int j = first; j < end && columns.bounds[j].lower[2] <= upper; ++j) {
      if (!Single && own && j == i) continue;
      Bounds const& there = columns.bounds[j];
      float square = 0;
      for (int axis = 0; axis < 3; ++axis) {
        float const before = there.lower[axis] - here.upper[axis],
                    after = here.lower[axis] - there.upper[axis];
        float const gap = before > after ? before : after;
        square += gap > 0 ? gap * gap : 0;
      }
      if (square > static_cast<float>(reach * reach)) continue;
      if (j - first >= room) {
        found.overflow = true;
        return;
      }
      add<W>(i, j, image, found);
    }
  }

  // Adds block j to the rows of those atoms of block i that are near one of its atoms.
  template <int W>
  constexpr void add(int i, int j, int image, GrowingRows& found) const {
    using V = vec<Real, W>;
    Real const* const xi = columns.x + static_cast<std::ptrdiff_t>(i) * block_size;
    Real const* const xj = columns.x + static_cast<std::ptrdiff_t>(j) * block_size;
    Real const limit = reach * reach;
    Real const sx = columns.shift(image, 0), sy = columns.shift(image, 1),
               sz = columns.shift(image, 2);
    for (int r = 0; r < found.rows; ++r) {
      int const atom = found.first_row + r;
      auto const x = V::broadcast(xi[atom] - sx), y = V::broadcast(xi[block_atoms + atom] - sy),
                 z = V::broadcast(xi[2 * block_atoms + atom] - sz);
      int* const to = found.words + r * found.capacity;
      bool near = false;
      for (int lane = 0; lane < block_atoms; lane += W) {
        auto const dx = x - V::load(xj + lane), dy = y - V::load(xj + block_atoms + lane),
                   dz = z - V::load(xj + 2 * block_atoms + lane);
        auto square = fused(dx, dx, fused(dy, dy, dz * dz));
        if constexpr (Single) {
          if (i == j && image == home_image)
            square = square + not_partners<Real, W, false>(atom, lane);
          found.count[r] += write_below(square, limit, j * block_atoms + lane, to + found.count[r]);
        } else {
          near |= any_below(square, limit);
        }
      }
      if constexpr (!Single) {
        to[found.count[r]] = j;
        found.count[r] += near ? 1 : 0;
      }
    }
  }

  [[nodiscard]] int tiles() const { return strips; }
  void tile(int t) const {
    auto const mine = *this;
    int words[block_atoms * row_capacity];
    int most = 0;
    for (int cx = columns.strip(t, strips); cx < columns.strip(t + 1, strips); ++cx)
      for (int cy = -columns.ghosts_y; cy < columns.own_y + columns.ghosts_y; ++cy) {
        if (!Half && !columns.owns(cx, cy)) continue;
        int const c = columns.index(cx, cy);
        int hint[75];
        for (int& each : hint) each = -1;
        for (int i = columns.begin[c]; i < columns.end[c]; ++i) {
          GrowingRows found{words, row_capacity, block_atoms, 0, {}, {}, false, padding};
          mine.template search<host_lanes<Real>>(cx, cy, i, hint, found);
          int const needed = mine.keep(i, found);
          most = needed > most ? needed : most;
        }
      }
    Kokkos::atomic_max(most_words, most);
  }
  // Puts the rows of a whole block behind each other; the words that they need.
  [[nodiscard]] int keep(int i, GrowingRows const& found) const {
    int* const to = list + static_cast<std::ptrdiff_t>(i) * stride;
    int needed = block_atoms;
    for (int const count : found.count) needed += count;
    if (found.overflow) needed = block_atoms * row_capacity;
    if (needed > stride) {
      for (int r = 0; r < block_atoms; ++r) to[r] = 0;
      return needed;
    }
    int at = block_atoms;
    for (int r = 0; r < block_atoms; ++r) {
      to[r] = at | (at + found.count[r]) << 16;
      for (int n = 0; n < found.count[r]; ++n) to[at + n] = found.words[r * found.capacity + n];
      at += found.count[r];
    }
    return needed;
  }

  [[nodiscard]] int teams() const { return columns.own_x * columns.own_y; }
  // A thread a row, in a share of the block's words of its own.
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const& member) const {
    int const cx = member.league_rank() / columns.own_y, cy = member.league_rank() % columns.own_y;
    int const c = columns.index(cx, cy), first = columns.begin[c];
    int const share = (stride - block_atoms) / block_atoms;
    Kokkos::parallel_for(
        Kokkos::TeamVectorRange(member, (columns.end[c] - first) * block_atoms), [&](int row) {
          int const i = first + row / block_atoms, atom = row % block_atoms;
          int* const to = list + static_cast<std::ptrdiff_t>(i) * stride;
          int const at = block_atoms + atom * share;
          int hint[75];
          for (int& each : hint) each = -1;
          GrowingRows found{to + at, share, 1, atom, {}, {}, false, padding};
          search<1>(cx, cy, i, hint, found);
          to[atom] = at | (at + found.count[0]) << 16;
          Kokkos::atomic_max(most_words, found.overflow ? 2 * stride : block_atoms);
        });
  }

 private:
  static constexpr int column_reach_ = 2;
};

}  // namespace inpex::particle
