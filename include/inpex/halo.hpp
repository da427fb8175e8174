// SPDX-License-Identifier: Apache-2.0
#pragma once
// Ghost cells from neighbouring blocks: one pack kernel for all neighbours, one message to each,
// one unpack kernel; between start and finish the interior can be swept. At the edge of the box
// nothing is written.

#include <inpex/courier.hpp>
#include <inpex/grid.hpp>
#include <inpex/lattice.hpp>
#include <inpex/launch.hpp>
#include <inpex/memory.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace inpex {

/// Which neighbours a stencil reads: the 6 across faces, or all 26.
enum class Reach { faces, all };

namespace detail {

/// The cells that go to, and come from, one neighbour, and where they stand in the message buffer.
struct Face {
  Box box;
  std::ptrdiff_t offset;  // in elements
};

/// Copies faces into a buffer or out of it; a tile or team is `rows` rows of one plane of one face.
template <class T, bool Packing>
struct CopyFaces {
  static constexpr char const* name = Packing ? "halo pack" : "halo unpack";
  static constexpr int rows = 32;
  Kokkos::Array<Face, 26> faces;
  int count;
  Layout layout;
  T* field;
  T* buffer;

  KOKKOS_INLINE_FUNCTION static int strips(Box const& box) {
    return (box.extent(1) + rows - 1) / rows;
  }
  KOKKOS_INLINE_FUNCTION static int pieces(Box const& box) { return strips(box) * box.extent(2); }
  [[nodiscard]] KOKKOS_INLINE_FUNCTION int tiles() const {
    int sum = 0;
    for (int f = 0; f < count; ++f) sum += pieces(faces[f].box);
    return sum;
  }
  [[nodiscard]] int teams() const { return tiles(); }
  void tile(int t) const {
    copy(t, [](int cells, auto const& cell) {
      for (int c = 0; c < cells; ++c) cell(c);
    });
  }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const& member) const {
    copy(member.league_rank(), [&](int cells, auto const& cell) {
      Kokkos::parallel_for(Kokkos::TeamVectorRange(member, cells), cell);
    });
  }

 private:
  template <class ForEach>
  KOKKOS_INLINE_FUNCTION void copy(int piece, ForEach const& for_each) const {
    int f = 0;
    for (; piece >= pieces(faces[f].box); ++f) piece -= pieces(faces[f].box);
    Box const box = faces[f].box;
    int const nx = box.extent(0), first = piece % strips(box) * rows, k = piece / strips(box);
    int const count_rows = first + rows < box.extent(1) ? rows : box.extent(1) - first;
    T* const message = buffer + faces[f].offset + (std::ptrdiff_t{k} * box.extent(1) + first) * nx;
    T* const cells = field + layout.at(box.lower[0], box.lower[1] + first, box.lower[2] + k);
    auto const pitch = layout.pitch;
    for_each(nx * count_rows, [=](int c) {
      T& cell = cells[c % nx + c / nx * pitch];
      if constexpr (Packing)
        message[c] = cell;
      else
        cell = message[c];
    });
  }
};

}  // namespace detail

/// The exchange of one field's ghost cells. Made once, used every step; allocates nothing
/// afterwards.
template <class T, Space S>
class Halo {
 public:
  /// For fields of that layout, cut by that grid. Collective in the sense that all ranks make one.
  Halo(Context<S> const& context, Grid const& grid, Layout const& layout, Reach reach);

  /// Messages that this rank sends in an exchange.
  [[nodiscard]] int neighbours() const { return count_; }
  /// Ghost cells that this rank receives in an exchange; it sends as many.
  [[nodiscard]] std::int64_t cells() const { return static_cast<std::int64_t>(elements_); }

  /// Packs and starts all messages; `field` must not change before finish(). Not blocking.
  void start(Context<S> const& context, T const* field);
  /// Waits for the messages and fills the ghost cells of `field`.
  void finish(Context<S> const& context, T* field);

 private:
  using Faces = Kokkos::Array<detail::Face, 26>;
  Layout layout_;
  Faces send_faces_{}, receive_faces_{};
  std::array<int, 26> ranks_{}, send_tags_{}, receive_tags_{};
  int count_ = 0;
  std::size_t elements_ = 0;
  Memory<T, S> send_, receive_;
  Courier<S> courier_;
};

namespace detail {

/// The cells of a block next to its face, edge or corner `step`; as ghosts, those just beyond it.
inline Box face(Layout const& layout, std::array<int, 3> step, bool ghosts) {
  Box box = owned(layout);
  for (int axis = 0; axis < 3; ++axis) {
    int const extent = layout.extent[axis], ghost = layout.ghost[axis], shift = ghosts ? ghost : 0;
    if (step[axis] < 0) box.lower[axis] = -shift, box.upper[axis] = ghost - shift;
    if (step[axis] > 0) box.lower[axis] = extent - ghost + shift, box.upper[axis] = extent + shift;
  }
  return box;
}

/// Ghost cells that a block with this layout receives.
inline std::size_t ghost_cells(Grid const& grid, Layout const& layout, Reach reach);

template <class Visit>
void for_neighbours(Grid const& grid, Reach reach, Visit const& visit) {
  for (int n = 0; n < 27; ++n) {
    std::array<int, 3> const step{n % 3 - 1, n / 3 % 3 - 1, n / 9 - 1};
    int const axes = (step[0] != 0) + (step[1] != 0) + (step[2] != 0);
    int const rank = grid.neighbour(step);
    if (axes == 0 || rank < 0 || (reach == Reach::faces && axes > 1)) continue;
    visit(step, n, rank);
  }
}

inline std::size_t ghost_cells(Grid const& grid, Layout const& layout, Reach reach) {
  std::int64_t sum = 0;
  for_neighbours(grid, reach,
                 [&](auto const& step, int, int) { sum += face(layout, step, true).cells(); });
  return static_cast<std::size_t>(sum);
}

}  // namespace detail

template <class T, Space S>
Halo<T, S>::Halo(Context<S> const& context, Grid const& grid, Layout const& layout, Reach reach)
    : layout_(layout), elements_(detail::ghost_cells(grid, layout, reach)),
      send_("halo send", elements_), receive_("halo receive", elements_),
      courier_(context, elements_ * sizeof(T), 26) {
  std::ptrdiff_t offset = 0;
  detail::for_neighbours(grid, reach, [&](auto const& step, int number, int rank) {
    send_faces_[count_] = {detail::face(layout, step, false), offset};
    receive_faces_[count_] = {detail::face(layout, step, true), offset};
    ranks_[count_] = rank;
    send_tags_[count_] = number;
    receive_tags_[count_] = 26 - number;  // the neighbour sees us in the opposite direction
    offset += send_faces_[count_].box.cells();
    ++count_;
  });
}

template <class T, Space S>
void Halo<T, S>::start(Context<S> const& context, T const* field) {
  if (count_ == 0 || context.plan.acts("drop-halo")) return;
  if (!context.plan.acts("stale-halo"))
    launch(context, detail::CopyFaces<T, true>{send_faces_, count_, layout_, const_cast<T*>(field),
                                               send_.data()});
  courier_.open();
  for (int f = 0; f < count_; ++f) {
    auto const& [box, offset] = receive_faces_[f];
    courier_.receive(receive_.data() + offset, static_cast<std::size_t>(box.cells()), ranks_[f],
                     receive_tags_[f]);
  }
  for (int f = 0; f < count_; ++f) {
    auto const& [box, offset] = send_faces_[f];
    courier_.send(send_.data() + offset, static_cast<std::size_t>(box.cells()), ranks_[f],
                  send_tags_[f]);
  }
}

template <class T, Space S>
void Halo<T, S>::finish(Context<S> const& context, T* field) {
  if (count_ == 0 || context.plan.acts("drop-halo")) return;
  courier_.close();
  launch(context,
         detail::CopyFaces<T, false>{receive_faces_, count_, layout_, field, receive_.data()});
}

}  // namespace inpex
