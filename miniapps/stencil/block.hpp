// SPDX-License-Identifier: Apache-2.0
#pragma once
// What all stencils have in common: a block of the box, its buffers, the halo with its overlap, the
// variants, counts, digest and errors. An app brings a point and what it is checked against.

#include "execution.hpp"
#include "per_cell.hpp"
#include "sweep.hpp"
#include "temporal.hpp"

#include <inpex/inpex.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace inpex::stencil {

/// This rank's block of a stencil of T with the arithmetic P, and all that stencils have in common.
/// Zero beyond the box.
template <Space S, class T, Point P>
class Block {
 public:
  /// Throws Error (spec, environment).
  Block(Context<S> const& context, Domain const& domain, P const& point, Execution const& how)
      : context_(context), how_(limited(how)), point_(point), domain_(domain),
        grid_(domain.cells, context.comm, halo_width(P::radius)),
        layout_(make_layout(grid_.extent(), ghosts(), sizeof(T))),
        buffers_("field", layout_.size * (pairs() ? 2 : 1)),
        halo_(context, grid_, layout_, temporal() ? Reach::all : P::reach),
        whole_(tiling(owned(layout_))), interior_(point, layout_, cuts(true), store()),
        boundary_(point, layout_, cuts(false), store()) {
    for (int touch = 0; touch < 2; ++touch) {
      fill(current(), detail::Zero{});
      if (pairs()) fill(previous(), detail::Zero{});
      buffers_.swap(context_);
    }
    if constexpr (P::coefficients) {
      coefficient_.emplace("coefficient", layout_.size);
      fill(coefficient_->data(), detail::Zero{});
    }
    if constexpr (Steppable<P>)
      if (temporal()) {
        rings_.emplace(layout_, how_.tile, how_.fused, context_.space.concurrency());
        scratch_.emplace("rings", ring_cells());
      }
  }

  [[nodiscard]] Context<S> const& context() const { return context_; }
  [[nodiscard]] Grid const& grid() const { return grid_; }
  [[nodiscard]] Layout const& layout() const { return layout_; }
  [[nodiscard]] Tiling const& tiles() const { return whole_; }
  /// The field that the next sweep reads; the one that it writes; where the point updates, the
  /// field one step before the current one, which a single sweep overwrites; the coefficient of
  /// each cell.
  [[nodiscard]] T* current() const { return buffers_.current(); }
  [[nodiscard]] T* next() const { return buffers_.next(); }
  [[nodiscard]] T* previous() const { return pairs() ? current() + layout_.size : next(); }
  [[nodiscard]] T* coefficient() const { return coefficient_->data(); }

  /// The first array becomes current again, and no step is put off.
  void rewind() {
    buffers_.rewind();
    pending_ = done_ = 0;
  }

  /// One step: next = point(current), and what was written becomes current; asynchronously. Variant
  /// temporal puts steps off until it does `fused` of them, or the last ones of a sample, at once.
  void step() {
    ++pending_, ++done_;
    if (temporal() && pending_ < how_.fused && done_ < how_.steps) return;
    if (pending_ == 1) {
      if (pairs()) part_pair();
      sweep();
    } else {
      if constexpr (Steppable<P>) fused_sweep(static_cast<int>(pending_));
    }
    swap();
    pending_ = 0;
    if (done_ == how_.steps) done_ = 0;
  }

  /// The owned cells that are not in the domain's margin.
  [[nodiscard]] Box swept_box() const { return swept_cells(grid_, layout_, domain_); }

  /// Sets every owned cell of a field to value(i, j, k), indices of this block.
  template <class Value>
  void fill(T* field, Value const& value) {
    for_cells(context_, whole_, detail::Fill<T, Value>{field, layout_, value});
  }

  /// Sets the coefficient of every cell to value(i, j, k).
  template <class Value>
  void set_coefficient(Value const& value) {
    fill(coefficient(), value);
    if (temporal()) exchange(coefficient());
  }

  /// next = point(current), asynchronously.
  void sweep() {
    // A breakdown shows what each phase takes by itself.
    bool const overlap =
        how_.overlap == "on" && how_.variant != "naive" && context_.listener == nullptr;
    {
      auto const phase = context_.phase("halo");
      halo_.start(context_, buffers_.current());
      if (!overlap) halo_.finish(context_, buffers_.current());
    }
    if (overlap) {
      {
        auto const phase = context_.phase("sweep");
        launch(context_, interior_.between(arrays()));
      }
      auto const phase = context_.phase("halo");
      halo_.finish(context_, buffers_.current());
    }
    auto const phase = context_.phase("sweep");
    if (how_.variant == "naive") return naive_sweep();
    if (!overlap) launch(context_, interior_.between(arrays()));
    if (boundary_.tiles() > 0) launch(context_, boundary_.between(arrays()));
  }
  /// What was written becomes current.
  void swap() { buffers_.swap(context_); }
  /// The end of a step after which nothing swaps.
  void keep() { buffers_.keep(context_); }

  /// The largest |cell - value(i, j, k)| of all ranks; infinite if a cell is not finite.
  /// Collective.
  template <class Value>
  [[nodiscard]] double deviation(T const* field, Value const& value) const {
    return maximum(context_, owned(layout_), detail::Deviation<T, Value>{field, layout_, value});
  }

  /// The owned cells of a field, x fastest, copied to the host. Blocking.
  [[nodiscard]] std::vector<T> values(T const* field) const {
    return owned_values(context_, layout_, field);
  }

  /// Of a field, the same for every rank grid. Collective.
  [[nodiscard]] std::uint64_t digest(T const* field) const {
    return hash_sum(context_, owned(layout_),
                    detail::Digest<T>{field, layout_, grid_.lower(), grid_.cells()});
  }

  /// Of one sweep: each cell of `in` that is swept or within reach of one read once, each cell of
  /// `out` written once, and read before where the point updates; each coefficient read once.
  [[nodiscard]] std::vector<PhaseWork> work() const {
    std::uint64_t ghosts = 0, around = 1;
    Box const box = swept_box();
    for (int axis = 0; axis < 3; ++axis) {
      auto const layers = 2 * std::uint64_t(layout_.ghost[axis]);
      ghosts += layers * std::uint64_t(box.extent((axis + 1) % 3)) *
                std::uint64_t(box.extent((axis + 2) % 3));
      around *= std::uint64_t(box.extent(axis)) + layers;
    }
    auto const swept = std::uint64_t(box.cells());
    if (P::reach == Reach::all || temporal()) ghosts = around - swept;
    // A pass over memory that does several steps counts its bytes and messages once.
    auto const share = [&](std::uint64_t of_a_pass) {
      return static_cast<std::uint64_t>(
          std::llround(static_cast<double>(of_a_pass) / static_cast<double>(how_.fused)));
    };
    auto const read = swept + ghosts + (P::updates + P::coefficients) * swept;
    auto const written = (pairs() ? 2 : 1) * swept;
    auto const exchanges = pairs() ? 2 : 1;
    return {{"sweep",
             {.flops = P::flops * swept,
              .bytes_read = share(sizeof(T) * read),
              .bytes_written = share(sizeof(T) * written)}},
            {"halo",
             {.messages = share(exchanges * std::uint64_t(halo_.neighbours())),
              .bytes_sent = share(exchanges * sizeof(T) * std::uint64_t(halo_.cells()))}}};
  }
  [[nodiscard]] Table extents() const {
    return {{"lx", std::int64_t{layout_.extent[0]}, ""},
            {"ly", std::int64_t{layout_.extent[1]}, ""},
            {"lz", std::int64_t{layout_.extent[2]}, ""},
            {"neighbours", std::int64_t{halo_.neighbours()}, ""},
            {"halo_cells", halo_.cells(), ""},
            {"pass", how_.fused, ""},
            {"ring_cells", static_cast<std::int64_t>(scratch_ ? scratch_->size() : 0), ""}};
  }

 private:
  // Only variant temporal does several steps at once, as many as it can, and devices do two.
  Execution limited(Execution how) const {
    if (how.variant != "temporal") how.fused = 1;
    how.fused =
        std::min<std::int64_t>(how.fused, context_.tiled() ? Depth<P>::most : Depth<P>::devices);
    return how;
  }
  [[nodiscard]] bool temporal() const { return how_.fused > 1; }
  // Several steps at once cannot be done in place: each array is followed by the field one step
  // before.
  [[nodiscard]] bool pairs() const { return temporal() && P::updates; }
  // Ghosts are as wide as the neighbours' cells that a pass reads; without neighbours, as one step.
  [[nodiscard]] int halo_width(int of_a_step) const {
    return context_.comm.size() > 1 ? of_a_step * static_cast<int>(how_.fused) : of_a_step;
  }
  [[nodiscard]] std::array<int, 3> ghosts() const {
    return {halo_width(domain_.ghost[0]), halo_width(domain_.ghost[1]),
            halo_width(domain_.ghost[2])};
  }
  [[nodiscard]] std::size_t ring_cells() const {
    return context_.tiled() ? rings_->size() * static_cast<std::size_t>(rings_->threads) : 0;
  }
  void fused_sweep(int steps) {
    {
      auto const phase = context_.phase("halo");
      exchange(current());
      if (pairs()) exchange(previous());
    }
    auto const phase = context_.phase("sweep");
    PassArrays<T> const all{current(), previous(), arrays().coefficient, next(),
                            next() + layout_.size};
    launch(context_, TemporalSweep<T, P>{point_, layout_, surroundings(grid_, owned(layout_)),
                                         *rings_, store(), all, scratch_->data(), steps});
  }
  void exchange(T* field) {
    halo_.start(context_, field);
    halo_.finish(context_, field);
  }
  // A step left over is done in place, on the next array, whose pair is the current field.
  void part_pair() {
    copy_field<S>(context_, previous(), next(), layout_.size);
    copy_field<S>(context_, current(), next() + layout_.size, layout_.size);
  }
  [[nodiscard]] Arrays<T> arrays() const {
    return {buffers_.current(), buffers_.next(),
            coefficient_ ? static_cast<T const*>(coefficient_->data()) : nullptr};
  }
  [[nodiscard]] Tiling tiling(Box const& box) const {
    return {box, static_cast<int>(how_.tile), context_.space.concurrency()};
  }
  // Streaming stores help only data that is not found in the cache again.
  [[nodiscard]] Store store() const {
    auto const bytes =
        2 * layout_.size * sizeof(T) * static_cast<std::size_t>(context_.comm.size());
    return is_host<S> && bytes > last_level_cache_bytes() ? Store::streamed : Store::cached;
  }
  [[nodiscard]] Cuts cuts(bool interior) const {
    return cut(swept_box(), grid_, layout_, P::radius, interior,
               [this](Box const& box) { return tiling(box); });
  }
  void naive_sweep() {
    using Policy =
        Kokkos::MDRangePolicy<S, Kokkos::Rank<3, Kokkos::Iterate::Right, Kokkos::Iterate::Right>,
                              Kokkos::IndexType<int>>;
    auto const [lower, upper] = swept_box();
    launch_range(
        context_, "naive sweep",
        Policy(context_.space, {lower[2], lower[1], lower[0]}, {upper[2], upper[1], upper[0]}),
        NaiveSweep<T, P>{point_, layout_, arrays()});
  }

  Context<S> const& context_;
  Execution how_;
  P point_;
  Domain domain_;
  Grid grid_;
  Layout layout_;
  Buffers<T, S> buffers_;
  std::optional<Memory<T, S>> coefficient_;
  Halo<T, S> halo_;
  Tiling whole_;
  Sweep<T, P> interior_, boundary_;
  std::optional<Rings<P>> rings_;
  std::optional<Memory<T, S>> scratch_;  // the rings of all threads
  std::int64_t pending_ = 0, done_ = 0;  // steps put off, and steps since the sample began
};

}  // namespace inpex::stencil
