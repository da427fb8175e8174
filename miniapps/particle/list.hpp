// SPDX-License-Identifier: Apache-2.0
#pragma once
// The list of neighbours of one rank, made anew every so many steps. It has room for what the
// density makes likely; where a block needs more words than that, the list grows, says so, and is
// made again.

#include "faults.hpp"
#include "reach.hpp"

#include <inpex/context.hpp>
#include <inpex/error.hpp>
#include <inpex/memory.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>

namespace inpex::particle {

/// Rows of blocks, half or full, or of single atoms; see rows.hpp.
template <class Real, Space S>
class List {
 public:
  /// `blocks`: those that have rows; `padding`: see FindRows, 0 for rows of blocks.
  List(Context<S> const& context, Reach const& reach, double density, bool half, std::size_t blocks,
       int padding)
      : context_(context), reach_(reach), half_(half), blocks_(blocks), padding_(padding),
        stride_(block_atoms * (1 + reach.words_of_row(density, half))),
        most_words_("list: most words", 1) {
    words_.emplace("list", blocks_ * static_cast<std::size_t>(stride_));
  }

  [[nodiscard]] int const* words() const { return words_->data(); }
  /// Words of a block.
  [[nodiscard]] int stride() const { return stride_; }
  /// How often it grew.
  [[nodiscard]] int growths() const { return growths_; }

  /// Finds all rows of the columns, in so many strips. Throws Error (wrong) on all ranks where an
  /// atom has more neighbours than a row can hold. Collective, blocking.
  void make(Columns<Real> const& columns, int strips) {
    constexpr int limit = block_atoms * FindRows<Real, true>::row_capacity;
    int needed = words_needed(columns, strips);
    while (needed > stride_ && needed < limit) {
      grow(needed);
      needed = words_needed(columns, strips);
    }
    if (context_.comm.maximum(std::uint64_t{needed > stride_}) != 0)
      throw Error(Fault::wrong, "an atom has more neighbours than a row holds", {},
                  "atoms overlap: take a smaller time step, or a lower density");
    if (context_.plan.acts("dropped-neighbour"))
      Kokkos::parallel_for("drop",
                           Kokkos::RangePolicy<S, Kokkos::IndexType<int>>(
                               context_.space, 0, columns.own_blocks * block_atoms),
                           DropEntries<Real>{words_->data(), stride_});
  }

 private:
  int words_needed(Columns<Real> const& columns, int strips) {
    int most = 0;
    Kokkos::deep_copy(context_.space, most_words_.view(), 0);
    if (reach_.single)
      find<false, true>(columns, strips);
    else if (half_)
      find<true, false>(columns, strips);
    else
      find<false, false>(columns, strips);
    Kokkos::deep_copy(
        context_.space,
        Kokkos::View<int*, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>>(&most, 1),
        most_words_.view());
    context_.space.fence("list: how long");
    return most;
  }
  template <bool Half, bool Single>
  void find(Columns<Real> const& columns, int strips) {
    double const far = reach_.list() - (context_.plan.acts("thin-skin") ? reach_.skin / 2 : 0);
    launch(context_,
           FindRows<Real, Half, Single>{columns, words_->data(), stride_, most_words_.data(),
                                        strips, static_cast<Real>(far), padding_});
  }
  // To a quarter more than is needed. The harness takes the sample again, and counts it.
  void grow(int needed) {
    int const before = stride_;
    stride_ = needed + needed / 4;
    ++growths_;
    std::fprintf(stderr, "particle.lj: rank %d: the list grew from %d to %d words a block\n",
                 context_.comm.rank(), before, stride_);
    words_.reset();
    words_.emplace("list", blocks_ * static_cast<std::size_t>(stride_));
  }

  Context<S> const& context_;
  Reach reach_;
  bool half_;
  std::size_t blocks_;
  int padding_, stride_, growths_ = 0;
  Memory<int, S> most_words_;
  std::optional<Memory<int, S>> words_;
};

}  // namespace inpex::particle
