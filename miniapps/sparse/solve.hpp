// SPDX-License-Identifier: Apache-2.0
#pragma once
// The apps that solve HPCG's system: sparse.hpcg, sparse.mxp, sparse.mf27, sparse.cg27. They differ
// in the preconditioner and its precision, in the format, and in when they are content. A step is
// one solution from x = 0, with as many iterations as it was found to need when it was prepared.

#include "solve_work.hpp"
#include "solver.hpp"
#include "trilinear.hpp"

#include <inpex/inpex.hpp>

namespace inpex::sparse {

/// Kind names the app, the preconditioner's precision, whether it interpolates, and whether values
/// are shared; `target` is the relative residual that it is content with, 0 for what HPCG's
/// reference reaches in 50 iterations.
template <class S, class Real, class Kind>
class Solve {
  using Z = typename Kind::template Precision<Real>;
  using M = std::conditional_t<Kind::interpolates, Trilinear<Z, S>, Multigrid<Z, S>>;
  static constexpr int reference_iterations = 50;

 public:
  using space = S;
  static constexpr auto name = Kind::name;
  static constexpr auto summary = Kind::summary;
  static constexpr auto item = Kind::item;

  struct Params {
    std::int64_t nx = 32, ny = 32, nz = 32, steps = 1;
    double diagonal = 26;
    std::string order = "auto";
    static constexpr auto fields() {
      return std::tuple{field("nx", &Params::nx),
                        field("ny", &Params::ny),
                        field("nz", &Params::nz),
                        field("steps", &Params::steps),
                        field("diagonal", &Params::diagonal),
                        field("order", &Params::order)};
    }
  };

  Solve(Params const& params, Context<S> const& context)
      : context_(context),
        box_({params.nx, params.ny, params.nz}, context.comm, Kind::interpolates ? 1 : 8),
        level_count_(levels_of(box_)), format_{order_of(params.order, context),
                                               Kind::shared_values},
        diagonal_(params.diagonal) {
    require_halves(params);
    auto hierarchy =
        box_hierarchy<HostOf<S>>(box_, level_count_, params.diagonal, Kind::interpolates);
    if (context.plan.is("swapped-columns")) swap_columns(hierarchy.front().share.matrix);
    for (std::size_t l = 0; l < level_count_; ++l)
      counts_[l == 0 ? 0 : l + 1 < level_count_ ? 1 : 2].add(hierarchy[l]);
    solver_.emplace(context, hierarchy, format_);
    solver_->set_right_hand_side(right_hand_side(box_));
  }

  /// Finds the residual that must be reached, and how many iterations it takes.
  void prepare(Params const& truth) {
    target_ = Kind::target;
    if (target_ == 0) {
      auto const hierarchy = box_hierarchy(box_, level_count_, truth.diagonal);
      int iterations = reference_iterations;
      target_ =
          ReferenceSolver(hierarchy, context_.comm).solve(right_hand_side(box_), iterations, 0);
    }
    double const content = target_ * (context_.plan.is("loose-tolerance") ? 1000 : 1);
    iterations_ = solver_->gradients().iterations_until(content);
  }

  void reset() { solver_->gradients().clear(); }
  void step() {
    auto& gradients = solver_->gradients();
    gradients.start();
    for (int k = 0; k < iterations_; ++k) gradients.iterate();
    if (context_.plan.acts("not-a-number")) gradients.poison();
  }

  [[nodiscard]] std::vector<PhaseWork> work() const {
    return solve_work({.levels = counts_,
                       .iterations = iterations_,
                       .interpolates = Kind::interpolates,
                       .values = !Kind::shared_values,
                       .real = sizeof(Z)});
  }
  [[nodiscard]] Table extents() const {
    Table table{{"lx", std::int64_t{box_.extent(0)}, ""},
                {"ly", std::int64_t{box_.extent(1)}, ""},
                {"lz", std::int64_t{box_.extent(2)}, ""},
                {"iterations", std::int64_t{iterations_}, ""}};
    char const* const suffixes[] = {"", "_middle", "_coarsest"};
    for (std::size_t g = 0; g < 3; ++g) {
      put(table, std::string("inner") + suffixes[g], counts_[g].inner - counts_[g].outer);
      put(table, std::string("outer") + suffixes[g], counts_[g].outer);
      put(table, std::string("sent") + suffixes[g], counts_[g].sent);
      put(table, std::string("messages") + suffixes[g], counts_[g].messages);
      if (Kind::interpolates && g > 0)
        put(table, std::string("rows") + suffixes[g], counts_[g].rows);
    }
    return table;
  }

  [[nodiscard]] Table chosen() const {
    auto const strips = [&](int rows) {
      return "strips of " + std::to_string(rows) + " rows" +
             (Kind::shared_values ? ", equal values once" : "");
    };
    return {{"order", std::string(format_.order == Order::planes ? "planes" : "colours"), ""},
            {"format", strips(chunk_rows<S, Real>), ""},
            {"cycle_format", strips(chunk_rows<S, Z>), ""},
            {"reference_kernels", std::string("none"), ""}};
  }

  /// x rounded to 1/1024: what ranks and orderings agree on once the solution has converged.
  std::uint64_t digest() {
    std::uint64_t sum = 0;
    auto const x = solver_->by_row(solver_->gradients().x());
    for (int row = 0; row < box_.rows(); ++row)
      sum += cell_hash(static_cast<std::uint64_t>(box_.number(box_.point(row))),
                       std::nearbyint(x[static_cast<std::size_t>(row)] * 1024) + 0.0);
    return context_.comm.sum(sum);
  }

  static std::vector<Check<Solve>> checks() {
    return {{"solution", &Solve::solution_error}, {"residual", &Solve::residual_excess},
            {"convergence", &Solve::lagging},     {"symmetry", &Solve::departure},
            {"exaggerated", &Solve::exaggerated}, {"variance", &Solve::variance}};
  }

 private:
  static Order order_of(std::string const& word, Context<S> const& context) {
    if (word == "planes") return Order::planes;
    return word == "auto" && is_host<S> && context.space.concurrency() == 1 ? Order::planes
                                                                            : Order::colours;
  }
  /// Four, as in HPCG; where transfers are better, as many as leave each rank two points along an
  /// axis.
  static std::size_t levels_of(Box27 box) {
    if (!Kind::interpolates) return 4;
    std::size_t levels = 1;
    for (; box.thinnest() >= 4; ++levels) box = box.coarser();
    return levels;
  }
  static void require_halves(Params const& params) {
    if (Kind::interpolates) return;
    for (auto const n : std::array{params.nx, params.ny, params.nz})
      if (n % 8 != 0)
        throw Error(Fault::spec, std::to_string(n) + " points cannot be halved three times",
                    "nx, ny, nz", "write a multiple of 8");
  }

  /// How far a ratio is above 1; NaN stays NaN.
  static double excess_of(double ratio) { return ratio <= 1 ? 0 : ratio - 1; }

  /// The largest |x - 1|, scaled to a relative residual of 1e-9 where a larger one was asked for:
  /// an error falls with its residual.
  double solution_error(Params const&) {
    double most = 0;
    for (double const x : solver_->by_row(solver_->gradients().x()))
      if (!(std::abs(x - 1) <= most)) most = std::isfinite(x) ? std::abs(x - 1) : HUGE_VAL;
    return context_.comm.maximum(most) * std::min(1.0, 1e-9 / target_);
  }
  /// How far |b - A x| / |b|, by compressed rows in extended precision, is above what was asked
  /// for.
  double residual_excess(Params const& truth);
  /// How far the residual of the recurrence is above what was asked for.
  double lagging(Params const&) {
    return excess_of(solver_->gradients().relative_residual(iterations_) / target_);
  }
  /// The largest asymmetry of the matrix and of the preconditioner from every level down.
  double departure(Params const&);
  /// Iterations above 12 without and above 2 with preconditioner on HPCG's exaggerated diagonal.
  double exaggerated(Params const&) {
    std::vector<double> plain(static_cast<std::size_t>(box_.rows())), large(plain);
    auto const b = right_hand_side(box_);
    auto large_b = b;
    for (int row = 0; row < box_.rows(); ++row) {
      auto const at = static_cast<std::size_t>(row);
      double const factor = exaggeration(box_.number(box_.point(row)));
      plain[at] = diagonal_, large[at] = factor * diagonal_, large_b[at] = factor * b[at];
    }
    double const target = std::is_same_v<Z, Real> ? 1e-12 : 1e-7;
    solver_->set_diagonal(large);
    solver_->set_right_hand_side(large_b);
    int const more = std::max(0, solver_->plain_iterations_until(target) - 12) +
                     std::max(0, solver_->gradients().iterations_until(target) - 2);
    solver_->set_diagonal(plain);
    solver_->set_right_hand_side(b);
    return more;
  }
  /// The relative change of the residual when the same is done again.
  double variance(Params const&) {
    step();
    double const before = solver_->gradients().relative_residual(iterations_);
    step();
    return std::abs(solver_->gradients().relative_residual(iterations_) / before - 1);
  }

  Context<S> const& context_;
  Box27 box_;
  std::size_t level_count_;
  Format format_;
  double diagonal_;
  std::array<LevelCounts, 3> counts_{};
  std::optional<Solver<Z, S, M>> solver_;
  double target_ = 0;
  int iterations_ = reference_iterations;
};

template <class S, class Real, class Kind>
double Solve<S, Real, Kind>::residual_excess(Params const& truth) {
  auto const hierarchy = box_hierarchy(box_, 1, truth.diagonal);
  auto const& a = hierarchy.front().share.matrix;
  PlainMatrix const plain(hierarchy.front().share, context_.comm);
  auto x = solver_->by_row(solver_->gradients().x());
  x.resize(static_cast<std::size_t>(plain.columns()));
  plain.fetch(x);
  auto const b = right_hand_side(box_);
  long double squares = 0, all = 0;
  for (int row = 0; row < a.rows; ++row) {
    long double left = b[static_cast<std::size_t>(row)];
    all += left * left;
    for (auto k = a.begin(row); k < a.end(row); ++k)
      left -= static_cast<long double>(a.value.data()[k]) *
              x[static_cast<std::size_t>(a.column.data()[k])];
    squares += left * left;
  }
  double const relative = std::sqrt(context_.comm.sum(static_cast<double>(squares)) /
                                    context_.comm.sum(static_cast<double>(all)));
  constexpr double attainable = 64 * std::numeric_limits<double>::epsilon();
  return excess_of(relative / std::max(target_, attainable));
}

template <class S, class Real, class Kind>
double Solve<S, Real, Kind>::departure(Params const&) {
  auto& multigrid = solver_->multigrid();
  auto& gradients = solver_->gradients();
  auto const ask = [&]<class T>(SplitMatrix<T, S> const& matrix, int places, auto const& apply) {
    Vector<T, S> const from("probe", places);
    auto const size = static_cast<std::size_t>(places);
    return asymmetry(context_, on_host(context_, matrix.view().inverse, size),
                     [&](std::vector<T> const& v) {
                       to_device(context_, v, from.data());
                       return on_host(context_, static_cast<T const*>(apply(from.data())), size);
                     });
  };
  double most =
      ask(solver_->matrix(), gradients.places(), [&](Real* v) { return gradients.product(v); });
  for (std::size_t l = 0; l < multigrid.count(); ++l) {
    auto& level = multigrid.level(l);
    double const each = ask(level.matrix, level.x.places(), [&](Z* v) {
      multigrid.cycle(l, v);
      return level.x.data();
    });
    if (!(each <= most)) most = each;  // NaN stays
    if (std::isnan(most)) break;
  }
  return most;
}

}  // namespace inpex::sparse
