// SPDX-License-Identifier: Apache-2.0
#pragma once
// Stencils that compute a new field from an old one: v = point(u) everywhere, then swap. All that
// such stencils have in common: block, buffers, halo with overlap, variants, counts, digest,
// errors.

#include "sweep.hpp"

#include <inpex/inpex.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace inpex::stencil {

/// How a sweep is executed; parameters with the role `tuning`.
struct Execution {
  std::string variant = "spatial";  ///< spatial: sweep.hpp; naive: what a newcomer writes
  std::int64_t tile = 32;           ///< rows of y in a host tile
};

/// What a newcomer writes: one cell a call, under an MDRangePolicy over z, y, x.
template <class T, Point P>
struct NaiveSweep {
  P point;
  Layout layout;
  T const* in;
  T* out;
  KOKKOS_INLINE_FUNCTION void operator()(int k, int j, int i) const {
    auto const at = layout.at(i, j, k);
    out[at] = point(Cell<T>{in + at, layout.pitch, layout.plane}).lanes;
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

struct Zero {
  KOKKOS_INLINE_FUNCTION double operator()(int, int, int) const { return 0; }
};

}  // namespace detail

/// This rank's block of an out-of-place stencil of T with the arithmetic P; zero beyond the box.
template <Space S, class T, Point P>
class Jacobi {
 public:
  /// `cells` of the whole box. Throws Error (spec, environment).
  Jacobi(Context<S> const& context, std::array<std::int64_t, 3> cells, P const& point,
         Execution const& how)
      : context_(context), how_(how), point_(point), grid_(cells, context.comm, P::radius),
        layout_(make_layout(grid_.extent(), P::radius, sizeof(T))), buffers_("field", layout_.size),
        halo_(context, grid_, layout_, Reach::faces), whole_(tiling(owned(layout_))),
        interior_(point, layout_, cuts(true), streaming()),
        boundary_(point, layout_, cuts(false), streaming()) {
    for (int touch = 0; touch < 2; ++touch) fill(detail::Zero{}), buffers_.swap(context_);
  }

  [[nodiscard]] Grid const& grid() const { return grid_; }

  /// Sets every owned cell to value(i, j, k), indices of this block, and starts again from there.
  template <class Value>
  void fill(Value const& value) {
    for_cells(context_, whole_, detail::Fill<T, Value>{buffers_.current(), layout_, value});
  }

  /// One step, asynchronous; the interior is swept while ghost cells travel.
  void step() {
    {
      auto const phase = context_.phase("halo");
      halo_.start(context_, buffers_.current());
    }
    {
      auto const phase = context_.phase("sweep");
      if (how_.variant == "spatial")
        launch(context_, interior_.between(buffers_.current(), buffers_.next()));
    }
    {
      auto const phase = context_.phase("halo");
      halo_.finish(context_, buffers_.current());
    }
    {
      auto const phase = context_.phase("sweep");
      if (how_.variant == "spatial") {
        if (boundary_.tiles() > 0)
          launch(context_, boundary_.between(buffers_.current(), buffers_.next()));
      } else {
        naive_step();
      }
    }
    buffers_.swap(context_);
  }

  /// The largest |cell - value(i, j, k)| of all ranks; infinite if a cell is not finite.
  /// Collective.
  template <class Value>
  [[nodiscard]] double deviation(Value const& value) const {
    return maximum(context_, owned(layout_),
                   detail::Deviation<T, Value>{buffers_.current(), layout_, value});
  }

  [[nodiscard]] std::uint64_t digest() const {
    return hash_sum(context_, owned(layout_),
                    detail::Digest<T>{buffers_.current(), layout_, grid_.lower(), grid_.cells()});
  }

  /// Of one step: each cell and each ghost cell across a face read once, each cell written once.
  [[nodiscard]] std::vector<PhaseWork> work() const {
    auto const [nx, ny, nz] = std::array<std::uint64_t, 3>{std::uint64_t(layout_.extent[0]),
                                                           std::uint64_t(layout_.extent[1]),
                                                           std::uint64_t(layout_.extent[2])};
    auto const cells = nx * ny * nz, ghosts = 2 * P::radius * (nx * ny + ny * nz + nx * nz);
    return {{"sweep",
             {.flops = P::flops * cells,
              .bytes_read = sizeof(T) * (cells + ghosts),
              .bytes_written = sizeof(T) * cells}},
            {"halo",
             {.messages = std::uint64_t(halo_.neighbours()),
              .bytes_sent = sizeof(T) * std::uint64_t(halo_.cells())}}};
  }
  [[nodiscard]] Table extents() const {
    return {{"lx", std::int64_t{layout_.extent[0]}, ""},
            {"ly", std::int64_t{layout_.extent[1]}, ""},
            {"lz", std::int64_t{layout_.extent[2]}, ""},
            {"neighbours", std::int64_t{halo_.neighbours()}, ""},
            {"halo_cells", halo_.cells(), ""}};
  }

 private:
  [[nodiscard]] Tiling tiling(Box const& box) const {
    return {box, static_cast<int>(how_.tile), context_.space.concurrency()};
  }
  // Streaming stores only help data that would not be found in the cache again.
  [[nodiscard]] bool streaming() const {
    return is_host<S> &&
           2 * layout_.size * sizeof(T) * static_cast<std::size_t>(context_.comm.size()) >
               last_level_cache_bytes();
  }
  // The interior needs no ghost cell of a neighbour; the boundary is the rest, in disjoint boxes.
  [[nodiscard]] Cuts cuts(bool interior) const {
    Cuts result;
    Box inner = owned(layout_);
    for (int axis = 2; axis >= 0; --axis)
      for (int side : {-1, 1}) {
        std::array<int, 3> step{};
        step[static_cast<std::size_t>(axis)] = side;
        if (grid_.neighbour(step) < 0) continue;
        Box slab = inner;
        auto& edge = side < 0 ? inner.lower[axis] : inner.upper[axis];
        int const cut = side < 0 ? std::min(edge + P::radius, inner.upper[axis])
                                 : std::max(edge - P::radius, inner.lower[axis]);
        (side < 0 ? slab.upper[axis] : slab.lower[axis]) = cut;
        edge = cut;
        if (!interior) result.add(tiling(slab));
      }
    if (interior) result.add(tiling(inner));
    return result;
  }
  void naive_step() {
    using Policy =
        Kokkos::MDRangePolicy<S, Kokkos::Rank<3, Kokkos::Iterate::Right, Kokkos::Iterate::Right>,
                              Kokkos::IndexType<int>>;
    auto const [nx, ny, nz] = layout_.extent;
    Kokkos::parallel_for("naive sweep", Policy(context_.space, {0, 0, 0}, {nz, ny, nx}),
                         NaiveSweep<T, P>{point_, layout_, buffers_.current(), buffers_.next()});
  }
  Context<S> const& context_;
  Execution how_;
  P point_;
  Grid grid_;
  Layout layout_;
  Buffers<T, S> buffers_;
  Halo<T, S> halo_;
  Tiling whole_;
  Sweep<T, P> interior_, boundary_;
};

}  // namespace inpex::stencil
