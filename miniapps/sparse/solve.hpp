// SPDX-License-Identifier: Apache-2.0
#pragma once
// The apps that solve HPCG's system with its preconditioner: sparse.hpcg, sparse.mxp, sparse.mf27. They
// differ in the precision of the preconditioner, in the format, and in when they are content. A step
// is one solution from x = 0, with as many iterations as it was found to need when it was prepared.

#include "solver.hpp"

#include <inpex/inpex.hpp>

namespace inpex::sparse {

/// Rows, entries and halo of a group of levels of this rank, for counting work.
struct LevelCounts {
  std::int64_t rows = 0, inner = 0, outer = 0, sent = 0, messages = 0;

  void add(LevelInput const& level) {
    auto const& a = level.share.matrix;
    rows += a.rows;
    for (std::int64_t k = 0; k < a.entries(); ++k) outer += a.column.data()[k] >= a.rows;
    inner = inner + a.entries() - a.rows;
    for (auto const& each : level.share.neighbours)
      sent += static_cast<std::int64_t>(each.sent.size()), ++messages;
  }
};

/// Kind names the app, the preconditioner's precision and whether values are shared; `target` is the
/// relative residual that it is content with, 0 for what HPCG's reference reaches in 50 iterations.
template <class S, class Kind>
class Solve {
  using Z = typename Kind::Precision;
  using M = typename Kind::template Preconditioner<S>;
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
      return std::tuple{field("nx", &Params::nx),       field("ny", &Params::ny),
                        field("nz", &Params::nz),       field("steps", &Params::steps),
                        field("diagonal", &Params::diagonal), field("order", &Params::order)};
    }
  };

  Solve(Params const& params, Context<S> const& context)
      : context_(context), box_({params.nx, params.ny, params.nz}, context.comm, Kind::transfers ? 1 : 8), level_count_(levels_of(box_)),
        format_{order_of(params.order, context), Kind::shared_values} {
    require_halves(params);
    auto hierarchy = box_hierarchy(box_, level_count_, params.diagonal, Kind::transfers);
    if (context.plan.is("swapped-columns")) swap_columns(hierarchy.front().share.matrix);
    for (std::size_t l = 0; l < level_count_; ++l) counts_[l == 0 ? 0 : l + 1 < level_count_ ? 1 : 2].add(hierarchy[l]);
    solver_.emplace(context, hierarchy, format_);
    solver_->set_right_hand_side(right_hand_side(box_));
  }

  /// Finds the residual that must be reached, and how many iterations it takes.
  void prepare(Params const& truth) {
    target_ = Kind::target;
    if (target_ == 0) {
      auto const hierarchy = box_hierarchy(box_, level_count_, truth.diagonal);
      int iterations = reference_iterations;
      target_ = ReferenceSolver(hierarchy, context_.comm).solve(right_hand_side(box_), iterations, 0);
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

  [[nodiscard]] std::vector<PhaseWork> work() const;
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
      if (Kind::transfers && g > 0) put(table, std::string("rows") + suffixes[g], counts_[g].rows);
    }
    return table;
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
    return {{"solution", &Solve::solution_error},   {"residual", &Solve::residual_excess},
            {"convergence", &Solve::lagging},       {"symmetry", &Solve::departure},
            {"exaggerated", &Solve::exaggerated},   {"variance", &Solve::variance}};
  }

 private:
  static Order order_of(std::string const& word, Context<S> const& context) {
    if (word == "planes") return Order::planes;
    return word == "auto" && is_host<S> && context.space.concurrency() == 1 ? Order::planes : Order::colours;
  }
  /// Four, as in HPCG; where transfers are better, as many as leave each rank two points along an axis.
  static std::size_t levels_of(Box27 box) {
    if (!Kind::transfers) return 4;
    std::size_t levels = 1;
    for (; box.thinnest() >= 4; ++levels) box = box.coarser();
    return levels;
  }
  static void require_halves(Params const& params) {
    if (Kind::transfers) return;
    for (auto const n : std::array{params.nx, params.ny, params.nz})
      if (n % 8 != 0)
        throw Error(Fault::spec, std::to_string(n) + " points cannot be halved three times", "nx, ny, nz",
                    "write a multiple of 8");
  }

  double solution_error(Params const&) {
    double most = 0;
    for (double const x : solver_->by_row(solver_->gradients().x()))
      if (!(std::abs(x - 1) <= most)) most = std::isfinite(x) ? std::abs(x - 1) : HUGE_VAL;
    return context_.comm.maximum(most);
  }
  /// How far |b - A x| / |b|, by compressed rows in extended precision, is above what was asked for.
  double residual_excess(Params const& truth);
  /// How far the residual of the recurrence is above what was asked for.
  double lagging(Params const&) {
    return std::max(0.0, solver_->gradients().relative_residual(iterations_) / target_ - 1);
  }
  /// The largest asymmetry of the matrix and of the preconditioner from every level down.
  double departure(Params const&);
  /// Iterations above 12 without and above 2 with preconditioner on HPCG's exaggerated diagonal.
  double exaggerated(Params const& truth) {
    auto const hierarchy = box_hierarchy(box_, level_count_, truth.diagonal, Kind::transfers, true);
    Solver<Z, S, M> solver(context_, hierarchy, format_);
    solver.set_right_hand_side(right_hand_side(box_, true));
    double const target = std::is_same_v<Z, double> ? 1e-12 : 1e-7;
    return std::max(0, solver.plain_iterations_until(target) - 12) +
           std::max(0, solver.gradients().iterations_until(target) - 2);
  }
  /// The relative change of the residual when the same is done again.
  double variance(Params const&) {
    double const before = solver_->gradients().relative_residual(iterations_);
    step();
    return std::abs(solver_->gradients().relative_residual(iterations_) / before - 1);
  }

  Context<S> const& context_;
  Box27 box_;
  std::size_t level_count_;
  Format format_;
  std::array<LevelCounts, 3> counts_{};
  std::optional<Solver<Z, S, M>> solver_;
  double target_ = 0;
  int iterations_ = reference_iterations;
};

template <class S, class Kind>
double Solve<S, Kind>::residual_excess(Params const& truth) {
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
      left -= static_cast<long double>(a.value.data()[k]) * x[static_cast<std::size_t>(a.column.data()[k])];
    squares += left * left;
  }
  double const relative = std::sqrt(context_.comm.sum(static_cast<double>(squares)) /
                                    context_.comm.sum(static_cast<double>(all)));
  constexpr double attainable = 64 * std::numeric_limits<double>::epsilon();
  double const excess = relative / std::max(target_, attainable) - 1;
  return excess > 0 || std::isnan(excess) ? excess : 0;
}

template <class S, class Kind>
double Solve<S, Kind>::departure(Params const&) {
  auto& multigrid = solver_->multigrid();
  auto& gradients = solver_->gradients();
  auto const ask = [&]<class T>(SplitMatrix<T, S> const& matrix, int places, auto const& apply) {
    Vector<T, S> const from("probe", places);
    auto const size = static_cast<std::size_t>(places);
    return asymmetry(context_, on_host(context_, matrix.view().inverse, size), [&](std::vector<T> const& v) {
      to_device(context_, v, from.data());
      return on_host(context_, static_cast<T const*>(apply(from.data())), size);
    });
  };
  double most = ask(solver_->matrix(), gradients.places(), [&](double* v) { return gradients.product(v); });
  for (std::size_t l = 0; l < multigrid.count(); ++l) {
    auto& level = multigrid.level(l);
    most = std::max(most, ask(level.matrix, level.x.places(), [&](Z* v) {
      multigrid.cycle(l, v);
      return level.x.data();
    }));
  }
  return most;
}

// Bytes are those that no schedule can leave out: each value of the matrix as often as a sweep needs it,
// each vector once a kernel. Formats add 1 % of distances and absent entries, which are not counted.
template <class S, class Kind>
std::vector<PhaseWork> Solve<S, Kind>::work() const {
  auto const its = static_cast<std::uint64_t>(iterations_);
  std::uint64_t const rows = static_cast<std::uint64_t>(counts_[0].rows);
  auto const value = Kind::shared_values ? std::uint64_t{0} : std::uint64_t{1};
  Work product, cycle, vectors;
  auto const number = [](std::int64_t n) { return static_cast<std::uint64_t>(n); };
  auto const &fine = counts_[0], &middle = counts_[1], &coarsest = counts_[2];
  product.flops = 2 * (its + 1) * number(fine.inner + fine.rows);
  product.bytes_read = 8 * (its + 1) * (value * number(fine.inner - fine.outer) + 2 * rows + number(2 * fine.outer));
  product.bytes_written = 8 * (its + 1) * rows;
  product.messages = (its + 1) * number(fine.messages);
  product.bytes_sent = 8 * (its + 1) * number(fine.sent);
  for (auto const* level : std::array{&fine, &middle}) {
    auto const inner = number(level->inner - level->outer), n = number(level->rows);
    if (Kind::transfers) {
      cycle.flops += its * 4 * number(level->inner + level->rows);
      cycle.bytes_read += sizeof(Z) * its * (2 * inner + 8 * n + number(4 * level->outer));
      cycle.bytes_written += sizeof(Z) * its * 4 * n;
      cycle.messages += 4 * its * number(level->messages);
      cycle.bytes_sent += 4 * sizeof(Z) * its * number(level->sent);
      continue;
    }
    cycle.flops += its * 10 * number(level->inner + level->rows);
    cycle.bytes_read += sizeof(Z) * its * (value * (5 * inner / 2 + inner / 16) + 10 * n + n / 4 + number(4 * level->outer));
    cycle.bytes_written += sizeof(Z) * its * (5 * n + n / 4);
    cycle.messages += 2 * its * number(level->messages);
    cycle.bytes_sent += 2 * sizeof(Z) * its * number(level->sent);
  }
  cycle.flops += its * 4 * number(coarsest.inner + coarsest.rows);
  cycle.bytes_read += sizeof(Z) * its * (value * number(coarsest.inner - coarsest.outer) + 4 * number(coarsest.rows));
  cycle.bytes_written += sizeof(Z) * its * 2 * number(coarsest.rows);
  vectors.flops = (3 * its + 1) * 4 * rows;
  vectors.bytes_read = rows * (its * (8 * 6 + 2 * sizeof(Z)) + 16);
  vectors.bytes_written = 8 * rows * (3 * its + 3);
  return {{"product", product}, {"multigrid", cycle}, {"vectors", vectors}};
}

}  // namespace inpex::sparse
