// SPDX-License-Identifier: Apache-2.0
#pragma once
// A better preconditioner than HPCG's rules allow: corrections are interpolated between the points
// of the coarser level in place of injected, residuals are averaged with the same weights, and half
// the smoothing is enough: one forward sweep before, one backward after, down to a few points.
// Symmetric, since each half is the other's transpose (Briggs, Henson, McCormick: A Multigrid
// Tutorial, SIAM 2000).

#include "multigrid.hpp"

namespace inpex::sparse {

/// y = -U x: the residual after a forward sweep from zero. 2 flops an entry of U, 1 a row.
template <class T, int Rows>
struct UpperResidual {
  static constexpr char const* name = "residual";
  static constexpr int C = Rows;
  Split<T, C> a;
  T const* x;
  T* y;
  template <int W>
  constexpr void rows(int chunk, int lane) const {
    (vec<T, W>::zero() - a.upper.template times<W>(chunk, lane, x)).store(y + chunk * C + lane);
  }
};

/// x = (D + U)^-1 (r - L x). 2 flops an entry, 2 a row.
template <class T, int Rows>
struct BackwardFromResidual {
  static constexpr char const* name = "backward, residual";
  static constexpr int C = Rows;
  Split<T, C> a;
  T const* r;
  T* x;
  template <int W>
  constexpr void rows(int chunk, int lane) const {
    using V = vec<T, W>;
    int const at = chunk * C + lane;
    V const below = a.lower.template times<W>(chunk, lane, x);
    V const rest = (V::load(r + at) - below) - a.upper.template times<W>(chunk, lane, x);
    (rest * V::load(a.inverse + at)).store(x + at);
  }
};

/// y = W x at the chunks of a list. 2 flops an entry.
template <class T, int Rows>
struct ProductOfList {
  static constexpr char const* name = "average";
  static constexpr int C = Rows;
  Strips<T, C> a;
  T const* x;
  T* y;
  int const* list;
  template <int W>
  constexpr void rows(int number, int lane) const {
    int const chunk = list[number];
    a.template times<W>(chunk, lane, x).store(y + chunk * C + lane);
  }
};

/// y += P x. 2 flops an entry, 1 a row.
template <class T, int Rows>
struct AddProduct {
  static constexpr char const* name = "interpolation";
  static constexpr int C = Rows;
  Strips<T, C> a;
  T const* x;
  T* y;
  template <int W>
  constexpr void rows(int chunk, int lane) const {
    using V = vec<T, W>;
    int const at = chunk * C + lane;
    (V::load(y + at) + a.template times<W>(chunk, lane, x)).store(y + at);
  }
};

/// fine[place[i]] = coarse[i] where place[i] >= 0.
template <class T>
struct Spread {
  static constexpr char const* name = "spread";
  static constexpr int C = 1;
  int const* place;
  T const* coarse;
  T* fine;
  template <int W>
  constexpr void rows(int i, int) const {
    if (place[i] >= 0) fine[place[i]] = coarse[i];
  }
};

/// One V-cycle; each level but the last brings its two transfers as matrices on its own rows.
template <class T, Space S>
class Trilinear : public VCycle<T, S> {
  using VCycle<T, S>::context_, VCycle<T, S>::levels_;

 public:
  static constexpr int C = chunk_rows<S, T>;

  Trilinear(Context<S> const& context, Hierarchy const& hierarchy, Ordering const& finest,
            Format const& format)
      : Trilinear(context, hierarchy, finest, format, {}) {}

  /// result() = M r; asynchronous.
  void apply(T const* r) { cycle(0, r); }
  /// The same from level l downwards, its r being the input.
  void cycle(std::size_t l, T const* r) {
    auto& here = *levels_[l];
    here.forward_from_zero(context_, r);
    if (l + 1 < levels_.size()) correct(l);
    if (context_.plan.is("skipped-sweep")) return;
    T const* const b = here.without_halo(context_, r);
    for_stages(context_, here.stages,
               BackwardFromResidual<T, C>{here.matrix.view(), b, here.x.data()}, true);
  }

 private:
  struct Transfer {
    PackedStrips<T, S> average, interpolation;
    Exchange<T, S> average_exchange, interpolation_exchange;
    Vector<T, S> coarse;  // values at coarse points, in the order of the finer level
    Transfer(Context<S> const& context, LevelInput const& input, Ordering const& ordering)
        : average(Packing<T, S>(input.average->matrix, ordering,
                                {.parts = Parts::whole, .shared = true})
                      .take(0)),
          interpolation(Packing<T, S>(input.interpolation->matrix, ordering,
                                      {.parts = Parts::whole, .shared = true})
                            .take(0)),
          average_exchange(context, *input.average, ordering),
          interpolation_exchange(context, *input.interpolation, ordering),
          coarse("coarse points", ordering.places()) {}
  };

  using Transfers = std::vector<std::unique_ptr<Transfer>>;

  Trilinear(Context<S> const& context, Hierarchy const& hierarchy, Ordering const& finest,
            Format const& format, Transfers transfers)
      : VCycle<T, S>(context, make_levels<T>(context, hierarchy, finest, format,
                                             [&](auto const& input, auto const& ordering) {
                                               if (input.average)
                                                 transfers.push_back(std::make_unique<Transfer>(
                                                     context, input, ordering));
                                             })),
        transfers_(std::move(transfers)) {}

  // x += P M R (r - A x).
  void correct(std::size_t l) {
    auto &here = *levels_[l], &below = *levels_[l + 1];
    auto& transfer = *transfers_[l];
    here.exchange.start(context_, here.x.data());
    for_chunks(context_, here.x.places(),
               UpperResidual<T, C>{here.matrix.view(), here.x.data(), here.kept.data()});
    here.exchange.finish(context_);
    here.exchange.add(context_, T(-1), here.kept.data());
    transfer.average_exchange.start(context_, here.kept.data());
    launch(context_,
           EachChunk<ProductOfList<T, C>>{{transfer.average.view(), here.kept.data(),
                                           transfer.coarse.data(), here.coarse_chunks.data()},
                                          0,
                                          here.coarse_count,
                                          512});
    transfer.average_exchange.finish(context_);
    transfer.average_exchange.add(context_, T(1), transfer.coarse.data());
    for_chunks(context_, below.r.places(),
               Inject<T>{here.restricted_from(context_), transfer.coarse.data(), below.r.data()});
    cycle(l + 1, below.r.data());
    for_chunks(context_, below.x.places(),
               Spread<T>{here.kept_places.data(), below.x.data(), transfer.coarse.data()});
    transfer.interpolation_exchange.start(context_, transfer.coarse.data());
    for_chunks(
        context_, here.x.places(),
        AddProduct<T, C>{transfer.interpolation.view(), transfer.coarse.data(), here.x.data()});
    transfer.interpolation_exchange.finish(context_);
    transfer.interpolation_exchange.add(context_, T(1), here.x.data());
  }

  Transfers transfers_;
};

}  // namespace inpex::sparse
