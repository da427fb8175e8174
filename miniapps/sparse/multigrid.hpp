// SPDX-License-Identifier: Apache-2.0
#pragma once
// One V-cycle as a preconditioner: one symmetric Gauss-Seidel sweep before and after, injection
// both ways, one sweep on the coarsest level. The mathematics is HPCG's (Dongarra, Heroux,
// Luszczek: IJHPCA 30, 2016); the order of relaxation is the ordering's, and each rank relaxes its
// own rows with the halo values of before the sweep, as there.

#include "exchange.hpp"
#include "split.hpp"

#include <memory>
#include <optional>

namespace inpex::sparse {

/// One level as a user brings it: a matrix, the rows that the next level keeps (none: the last),
/// and for preconditioners that do not inject, how residuals are averaged at those rows and
/// corrections interpolated from them, both as matrices on this level's rows.
struct LevelInput {
  Share share;
  std::vector<int> kept;
  std::optional<Share> average = {}, interpolation = {};
};
using Hierarchy = std::vector<LevelInput>;

/// How a solver is laid out in memory.
struct Format {
  Order order = Order::planes;
  bool shared_values = false;  ///< equal chunks share their values
};

/// Stages are padded to chunks of single precision, so that one numbering serves both.
template <Space S, class T>
inline constexpr int padding = chunk_rows<S, Single<T>>;

/// coarse[i] = fine[place[i]] where place[i] >= 0, else 0.
template <class T>
struct Inject {
  static constexpr char const* name = "restriction";
  static constexpr int C = 1;
  int const* place;
  T const* fine;
  T* coarse;
  template <int W>
  constexpr void rows(int i, int) const {
    coarse[i] = place[i] < 0 ? T(0) : fine[place[i]];
  }
};

/// x[place[i]] += coarse[i] where place[i] >= 0, and correction there is what was added.
template <class T>
struct AddInjected {
  static constexpr char const* name = "prolongation";
  static constexpr int C = 1;
  int const* place;
  T const* coarse;
  T *x, *correction;
  template <int W>
  constexpr void rows(int i, int) const {
    if (place[i] >= 0) correction[place[i]] = coarse[i], x[place[i]] += coarse[i];
  }
};

/// b = r, for right-hand sides that halo columns are taken from.
template <class T, int Rows>
struct CopyRows {
  static constexpr char const* name = "copy rows";
  static constexpr int C = Rows;
  T const* from;
  T* to;
  template <int W>
  constexpr void rows(int chunk, int lane) const {
    vec<T, W>::load(from + chunk * C + lane).store(to + chunk * C + lane);
  }
};

/// The matrix of one level, its vectors, and the way down.
template <class T, Space S>
struct Level {
  static constexpr int C = chunk_rows<S, T>;

  /// `own_r`: it needs a right-hand side of its own.
  Level(Context<S> const& context, LevelInput const& input, Ordering const& ordering,
        Format const& format, bool own_r)
      : matrix(input.share.matrix, ordering, format.shared_values),
        exchange(context, input.share, ordering), stages(ordering.stages),
        x("x", ordering.places()), r("r", own_r ? ordering.places() : 0),
        kept("kept", ordering.places()), above("above", input.average ? 0 : ordering.places()),
        correction("correction", above.places()),
        coarse_flags("coarse chunks", static_cast<std::size_t>(ordering.places() / C)) {
    if (exchange.messages() > 0) shifted.emplace("shifted r", ordering.places());
    if (!input.average) {
      std::vector<char> corrected_rows(static_cast<std::size_t>(input.share.matrix.rows));
      for (int const row : input.kept) corrected_rows[static_cast<std::size_t>(row)] = 1;
      corrected.emplace(
          Packing<T, S>(
              input.share.matrix, ordering,
              {.parts = Parts::whole, .shared = format.shared_values, .above = &corrected_rows})
              .take(0));
    }
    HostArray<unsigned char> flags("coarse chunks", coarse_flags.size());
    for (int const row : input.kept) flags.data()[ordering.place.data()[row] / C] = 1;
    std::vector<int> list;
    for (int chunk = 0; chunk < ordering.places() / C; ++chunk)
      if (flags.data()[chunk] != 0) list.push_back(chunk);
    coarse_count = static_cast<int>(list.size());
    coarse_chunks = to_space<S>(list);
    coarse_flags = to_space<S>(std::move(flags));
  }

  /// Tells where the rows of the next level stand in this one.
  void keep_places(std::vector<int> const& rows, Ordering const& mine, Ordering const& coarser) {
    HostArray<int> all("kept places", coarser.row.size() + 1);
    all.data()[coarser.row.size()] = -1;  // read where a fault shifts the list
    for (std::size_t at = 0; at < coarser.row.size(); ++at)
      all.data()[at] = coarser.row[at] < 0
                           ? -1
                           : mine.place.data()[rows[static_cast<std::size_t>(coarser.row[at])]];
    kept_places = to_space<S>(std::move(all));
  }

  /// x = (L + D)^-1 r, and what the next sweep or the residual needs of it in `kept`.
  void forward_from_zero(Context<S> const& context, T const* r_in) {
    for_stages(
        context, stages,
        ForwardFromZero<T, C>{matrix.view(), r_in, x.data(), kept.data(), coarse_flags.data()},
        false);
  }
  /// r less what halo columns contribute, which sweeps take from before them: r itself where there
  /// are none.
  T const* without_halo(Context<S> const& context, T const* r_in) {
    if (!shifted) return r_in;
    exchange.start(context, x.data());
    for_chunks(context, x.places(), CopyRows<T, C>{r_in, shifted->data()});
    exchange.finish(context);
    exchange.add(context, T(-1), shifted->data());
    return shifted->data();
  }
  /// Where each row of the next level stands in this one.
  [[nodiscard]] int const* restricted_from(Context<S> const& context) const {
    return kept_places.data() + (context.plan.is("wrong-restriction") ? 1 : 0);
  }

  SplitMatrix<T, S> matrix;
  std::optional<PackedStrips<T, S>> corrected;  // U in the columns that injection corrects
  Exchange<T, S> exchange;
  Stages<S> stages;
  Vector<T, S> x, r, kept, above, correction;
  std::optional<Vector<T, S>> shifted;  // r without halo columns
  Array<unsigned char, S> coarse_flags;
  Array<int, S> coarse_chunks{"coarse chunk list", 0};
  int coarse_count = 0;
  Array<int, S> kept_places{"kept places", 0};
};

template <class T, Space S>
using Levels = std::vector<std::unique_ptr<Level<T, S>>>;

/// Orders and packs all levels; `finest` is the ordering of level 0. `also(input, ordering)` is
/// called for each.
template <class T, Space S, class Also>
Levels<T, S> make_levels(Context<S> const& context, Hierarchy const& hierarchy,
                         Ordering const& finest, Format const& format, Also const& also) {
  constexpr bool mixed = !std::is_same_v<T, Double<T>>;
  Levels<T, S> levels;
  std::optional<Ordering> before;
  for (std::size_t l = 0; l < hierarchy.size(); ++l) {
    std::optional<Ordering> own;
    if (l > 0)
      own.emplace(
          make_ordering(hierarchy[l].share.matrix, format.order, hierarchy[l].kept, padding<S, T>));
    if (own && context.plan.is("colour-race")) own->merge_colours();
    Ordering const& ordering = l == 0 ? finest : *own;
    levels.push_back(
        std::make_unique<Level<T, S>>(context, hierarchy[l], ordering, format, l > 0 || mixed));
    also(hierarchy[l], ordering);
    if (l > 0)
      levels[l - 1]->keep_places(hierarchy[l - 1].kept, l == 1 ? finest : *before, ordering);
    if (own) before.emplace(std::move(*own));
  }
  return levels;
}

/// The levels of a V-cycle, and its ends on level 0, [places].
template <class T, Space S>
class VCycle {
 public:
  [[nodiscard]] T* result() const { return levels_[0]->x.data(); }
  [[nodiscard]] T* input() const { return levels_[0]->r.data(); }
  [[nodiscard]] std::size_t count() const { return levels_.size(); }
  [[nodiscard]] Level<T, S>& level(std::size_t l) const { return *levels_[l]; }

 protected:
  VCycle(Context<S> const& context, Levels<T, S> levels)
      : context_(context), levels_(std::move(levels)) {}

  Context<S> const& context_;
  Levels<T, S> levels_;
};

/// The preconditioner x = M r, symmetric and positive definite where the matrices are.
template <class T, Space S>
class Multigrid : public VCycle<T, S> {
  using VCycle<T, S>::context_, VCycle<T, S>::levels_;

 public:
  static constexpr int C = chunk_rows<S, T>;

  /// `finest` is the ordering of level 0; the others are ordered here.
  Multigrid(Context<S> const& context, Hierarchy const& hierarchy, Ordering const& finest,
            Format const& format)
      : VCycle<T, S>(context, make_levels<T>(context, hierarchy, finest, format,
                                             [](auto const&, auto const&) {})) {}

  /// result() = M r; asynchronous. `r` has a place for each row of level 0.
  void apply(T const* r) { cycle(0, r); }
  /// The same from level l downwards, its r being the input.
  void cycle(std::size_t l, T const* r) {
    auto& here = *levels_[l];
    bool const last = l + 1 == levels_.size();
    sweep_from_zero(here, r);
    if (last) return;
    auto& below = *levels_[l + 1];
    restrict_residual(here, below, r);
    cycle(l + 1, below.r.data());
    for_chunks(context_, below.x.places(),
               AddInjected<T>{here.kept_places.data(), below.x.data(), here.x.data(),
                              here.correction.data()});
    sweep(here, r);
  }

 private:
  void sweep_from_zero(Level<T, S>& here, T const* r) {
    here.forward_from_zero(context_, r);
    if (context_.plan.is("skipped-sweep")) return;
    for_stages(context_, here.stages,
               BackwardFromZero<T, C>{here.matrix.view(), here.x.data(), here.above.data()}, true,
               1);
  }
  void restrict_residual(Level<T, S>& here, Level<T, S>& below, T const* r) {
    here.exchange.start(context_, here.x.data());
    launch(context_, EachChunk<CoarseResidual<T, C>>{{here.matrix.view(), r, here.x.data(),
                                                      here.kept.data(), here.coarse_chunks.data()},
                                                     0,
                                                     here.coarse_count,
                                                     512});
    here.exchange.finish(context_);
    here.exchange.add(context_, T(-1), here.kept.data());
    for_chunks(context_, below.r.places(),
               Inject<T>{here.restricted_from(context_), here.kept.data(), below.r.data()});
  }
  void sweep(Level<T, S>& here, T const* r) {
    auto const a = here.matrix.view();
    T const* const b = here.without_halo(context_, r);
    for_stages(context_, here.stages,
               ForwardFromGuess<T, C>{a, here.corrected->view(), b, here.correction.data(),
                                      here.above.data(), here.x.data()},
               false);
    if (context_.plan.is("dropped-product"))
      return for_stages(context_, here.stages, BackwardFromZero<T, C>{a, here.x.data(), nullptr},
                        true, 1);
    for_stages(context_, here.stages, BackwardFromGuess<T, C>{a, here.above.data(), here.x.data()},
               true, 1);
  }
};

}  // namespace inpex::sparse
