// SPDX-License-Identifier: Apache-2.0
#pragma once
// What everything in this folder is held against: the solver of HPCG's reference in its plainest
// form, compressed rows in natural order, division by the diagonal, nothing fused. Written apart
// from the kernels, on the host, and never timed.

#include "multigrid.hpp"

#include <inpex/comm.hpp>

#include <cmath>
#include <span>
#include <vector>

namespace inpex::sparse {

/// Fills the halo part of x, [rows + halo], from its owners. Collective.
inline void fetch_halo(Share const& share, Comm const& comm, std::vector<double>& x) {
  std::vector<std::vector<double>> sent;
  for (auto const& each : share.neighbours) {
    auto& message = sent.emplace_back();
    for (int const row : each.sent) message.push_back(x[static_cast<std::size_t>(row)]);
    auto const first = static_cast<std::size_t>(share.matrix.rows + each.first);
    comm.receive(
        std::as_writable_bytes(std::span(x).subspan(first, static_cast<std::size_t>(each.count))),
        each.rank, 1);
  }
  for (std::size_t n = 0; n < sent.size(); ++n)
    comm.send(std::as_bytes(std::span(sent[n])), share.neighbours[n].rank, 1);
  comm.wait();
}

/// A share of a matrix with plain vectors: [rows + halo] for what is read, [rows] for what is
/// written.
class PlainMatrix {
 public:
  PlainMatrix(Share const& share, Comm const& comm)
      : share_(share), comm_(comm), diagonal_(positive_diagonal(share.matrix)) {}

  [[nodiscard]] int rows() const { return share_.matrix.rows; }
  [[nodiscard]] int columns() const { return rows() + share_.matrix.halo; }

  /// Fetches the halo part of x. Collective.
  void fetch(std::vector<double>& x) const { fetch_halo(share_, comm_, x); }

  /// The sum of a row's entries times x, whose halo part is there.
  [[nodiscard]] double row_times(int row, std::vector<double> const& x) const {
    auto const& a = share_.matrix;
    double sum = 0;
    for (auto k = a.begin(row); k < a.end(row); ++k)
      sum += a.value.data()[k] * x[static_cast<std::size_t>(a.column.data()[k])];
    return sum;
  }
  void multiply(std::vector<double>& x, std::vector<double>& y) const {
    fetch(x);
    for (int row = 0; row < rows(); ++row) y[static_cast<std::size_t>(row)] = row_times(row, x);
  }
  /// One symmetric Gauss-Seidel sweep: forward, then backward; halo values of before it.
  void symmetric_sweep(std::vector<double> const& r, std::vector<double>& x) const {
    fetch(x);
    auto const relax = [&](int row) {
      auto const i = static_cast<std::size_t>(row);
      double const d = diagonal_.data()[row];
      x[i] = (r[i] - row_times(row, x) + x[i] * d) / d;
    };
    for (int row = 0; row < rows(); ++row) relax(row);
    for (int row = rows() - 1; row >= 0; --row) relax(row);
  }

  [[nodiscard]] double dot(std::vector<double> const& a, std::vector<double> const& b) const {
    double sum = 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(rows()); ++i) sum += a[i] * b[i];
    return comm_.sum(sum);
  }

 private:
  Share const& share_;
  Comm comm_;
  HostArray<double> diagonal_;
};

/// The reference's solver.
class ReferenceSolver {
 public:
  ReferenceSolver(Hierarchy const& hierarchy, Comm const& comm) : hierarchy_(hierarchy) {
    for (auto const& level : hierarchy) matrices_.emplace_back(level.share, comm);
  }

  /// The relative residual after so many iterations from x = 0, or earlier where it is at most
  /// `target`; `iterations` becomes how many there were. `preconditioned`: with multigrid, else
  /// none.
  double solve(std::vector<double> const& b, int& iterations, double target,
               bool preconditioned = true) {
    auto const& a = matrices_.front();
    auto const rows = static_cast<std::size_t>(a.rows()),
               columns = static_cast<std::size_t>(a.columns());
    std::vector<double> x(columns), p(columns), z(columns), r(b), q(rows);
    double const first = std::sqrt(a.dot(r, r));
    double rz = 0, norm = first;
    int done = 0;
    for (; done < iterations && norm > target * first; ++done) {
      if (preconditioned)
        cycle(0, r, z);
      else
        std::copy(r.begin(), r.end(), z.begin());
      double const before = rz;
      rz = a.dot(r, z);
      double const beta = done == 0 ? 0 : rz / before;
      for (std::size_t i = 0; i < rows; ++i) p[i] = z[i] + beta * p[i];
      a.multiply(p, q);
      double const alpha = rz / a.dot(p, q);
      for (std::size_t i = 0; i < rows; ++i) x[i] += alpha * p[i], r[i] -= alpha * q[i];
      norm = std::sqrt(a.dot(r, r));
    }
    iterations = done;
    return norm / first;
  }

 private:
  void cycle(std::size_t l, std::vector<double> const& r, std::vector<double>& x) {
    auto const& a = matrices_[l];
    std::fill(x.begin(), x.end(), 0.0);
    a.symmetric_sweep(r, x);
    if (l + 1 == matrices_.size()) return;
    std::vector<double> product(r.size());
    a.multiply(x, product);
    auto const& kept = hierarchy_[l].kept;
    std::vector<double> coarse_r(kept.size()),
        coarse_x(static_cast<std::size_t>(matrices_[l + 1].columns()));
    for (std::size_t i = 0; i < kept.size(); ++i) {
      auto const row = static_cast<std::size_t>(kept[i]);
      coarse_r[i] = r[row] - product[row];
    }
    cycle(l + 1, coarse_r, coarse_x);
    for (std::size_t i = 0; i < kept.size(); ++i)
      x[static_cast<std::size_t>(kept[i])] += coarse_x[i];
    a.symmetric_sweep(r, x);
  }

  Hierarchy const& hierarchy_;
  std::vector<PlainMatrix> matrices_;
};

}  // namespace inpex::sparse
