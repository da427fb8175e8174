// SPDX-License-Identifier: Apache-2.0
#pragma once
// The system of HPCG on a box and a solver of it, with all that verification asks for. The rows of
// A have 26 on the diagonal and -1 for each of the up to 26 neighbours; b is the sum of each row,
// so that x is 1 everywhere.

#include "box.hpp"
#include "gradients.hpp"
#include "reference.hpp"

#include <inpex/random.hpp>

#include <cmath>

namespace inpex::sparse {

/// The entries of the matrix, with another diagonal where a fault asks for it.
struct PoissonEntry : WholeCube {
  double diagonal = 26;
  double operator()(Point const&, Point const& step) const {
    return step[0] != 0 || step[1] != 0 || step[2] != 0 ? -1 : diagonal;
  }
};
/// By what HPCG's test multiplies the diagonal of a row: a million times, more in the first nine
/// rows.
inline double exaggeration(std::int64_t number) {
  return number < 9 ? 1e6 * static_cast<double>(number + 2) : 1e6;
}

/// Weights of linear interpolation along each axis: at a point that a coarser level keeps (even
/// along every axis) the cube around it, halved once more since a coarse matrix of 26 and -1 is
/// half of what the transfers make of the fine one.
struct AverageEntry {
  static constexpr bool dense = false;
  [[nodiscard]] static bool has(Point const& p) {
    return p[0] % 2 == 0 && p[1] % 2 == 0 && p[2] % 2 == 0;
  }
  [[nodiscard]] static Steps steps(std::int64_t) { return {}; }
  double operator()(Point const&, Point const& d) const {
    return std::ldexp(1.0, -1 - static_cast<int>(std::abs(d[0]) + std::abs(d[1]) + std::abs(d[2])));
  }
};
/// The transpose without that half: at each point the points around it that are kept.
struct InterpolationEntry {
  static constexpr bool dense = false;
  [[nodiscard]] static bool has(Point const&) { return true; }
  [[nodiscard]] static Steps steps(std::int64_t at) {
    return at % 2 == 0 ? Steps{0, 0, 1} : Steps{-1, 1, 2};
  }
  double operator()(Point const&, Point const& d) const {
    return std::ldexp(1.0, -static_cast<int>(std::abs(d[0]) + std::abs(d[1]) + std::abs(d[2])));
  }
};

/// The levels of the box, each with every second point of the one before.
template <Space H = Host>
Hierarchy box_hierarchy(Box27 box, std::size_t levels, double diagonal, bool transfers = false) {
  Hierarchy hierarchy;
  for (std::size_t l = 0; l < levels; ++l) {
    auto share = box.share<H>(PoissonEntry{{}, diagonal});
    bool const last = l + 1 == levels;
    hierarchy.push_back({std::move(share), last ? std::vector<int>{} : box.kept_rows()});
    if (last) break;
    if (transfers) {
      hierarchy.back().average.emplace(box.share<H>(AverageEntry{}));
      hierarchy.back().interpolation.emplace(box.share<H>(InterpolationEntry{}));
    }
    box = box.coarser();
  }
  return hierarchy;
}

/// Lets two rows in the middle exchange a column: a fault to be planted.
inline void swap_columns(Csr& matrix) {
  int const row = matrix.rows / 2;
  auto const entry = [&](int which, int column) -> int* {
    for (auto k = matrix.begin(which); k < matrix.end(which); ++k)
      if (matrix.column.data()[k] == column) return matrix.column.data() + k;
    return nullptr;
  };
  for (int r = row; r + 3 < matrix.rows; ++r)
    if (int* const mine = entry(r, r - 1), * const other = entry(r + 2, r + 3);
        mine != nullptr && other != nullptr)
      return std::swap(*mine, *other);
}

/// b of row p: the sum of its entries, and 27 - their number.
inline std::vector<double> right_hand_side(Box27 const& box) {
  std::vector<double> b(static_cast<std::size_t>(box.rows()));
  for (int row = 0; row < box.rows(); ++row)
    b[static_cast<std::size_t>(row)] = 27.0 - box.cube(box.point(row));
  return b;
}

/// Leaves r as it is, for conjugate gradients without a preconditioner.
template <class T>
class NoPreconditioner {
 public:
  void apply(T const* r) { r_ = r; }
  [[nodiscard]] T const* result() const { return r_; }

 private:
  T const* r_ = nullptr;
};

/// Copies an array from the memory of S.
template <Space S, class T>
std::vector<T> on_host(Context<S> const& context, T const* from, std::size_t size) {
  context.space.fence("a vector is read");
  std::vector<T> to(size);
  using There =
      Kokkos::View<T const*, typename S::memory_space, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;
  using Here = Kokkos::View<T*, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;
  Kokkos::deep_copy(Here(to.data(), size), There(from, size));
  return to;
}
template <Space S, class T>
void to_device(Context<S> const& context, std::vector<T> const& from, T* to) {
  using There = Kokkos::View<T*, typename S::memory_space, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;
  using Here = Kokkos::View<T const*, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;
  Kokkos::deep_copy(There(to, from.size()), Here(from.data(), from.size()));
  context.space.fence("a vector is written");
}

/// A system in the order of relaxation, its preconditioner M in precision Z, and conjugate
/// gradients.
template <class Z, Space S, class M = Multigrid<Z, S>>
class Solver {
  using Real = Double<Z>;

 public:
  /// Takes the hierarchy as it is: nothing knows of a grid. Throws Error (failed) for a matrix that
  /// cannot be solved this way.
  Solver(Context<S> const& context, Hierarchy const& hierarchy, Format const& format)
      : context_(context), ordering_(ordered(context, hierarchy, format)),
        multigrid_(context, hierarchy, ordering_, format), own_matrix_(own(hierarchy, format)),
        exchange_(context, hierarchy.front().share, ordering_),
        gradients_(context, matrix(), exchange_, multigrid_, ordering_.places()) {
    ordering_.row = {};
  }

  [[nodiscard]] Gradients<Z, S, M>& gradients() { return gradients_; }
  [[nodiscard]] M& multigrid() { return multigrid_; }
  [[nodiscard]] SplitMatrix<Real, S> const& matrix() const {
    if constexpr (std::is_same_v<Z, Real>)
      return multigrid_.level(0).matrix;
    else
      return *own_matrix_;
  }
  [[nodiscard]] Exchange<Real, S>& exchange() { return exchange_; }

  /// Sets b, given by row.
  void set_right_hand_side(std::vector<double> const& b) {
    to_device(context_, in_places<Real>(b), gradients_.b());
  }
  /// Gives A another diagonal, by row, in its own and in the preconditioner's precision.
  void set_diagonal(std::vector<double> const& diagonal) {
    auto const all = in_places<double>(diagonal);
    multigrid_.level(0).matrix.set_diagonal(all);
    if (own_matrix_) own_matrix_->set_diagonal(all);
  }
  /// A vector of this rank's places by row.
  std::vector<double> by_row(Real const* vector) const {
    auto const all = on_host(context_, vector, static_cast<std::size_t>(ordering_.places()));
    std::vector<double> rows(ordering_.place.size());
    for (std::size_t row = 0; row < rows.size(); ++row)
      rows[row] = static_cast<double>(all[static_cast<std::size_t>(ordering_.place.data()[row])]);
    return rows;
  }
  /// Iterations of conjugate gradients alone until the relative residual is at most `target`.
  int plain_iterations_until(double target) {
    NoPreconditioner<Real> none;
    Gradients<Real, S, NoPreconditioner<Real>> plain(context_, matrix(), exchange_, none,
                                                     ordering_.places());
    to_device(context_,
              on_host(context_, gradients_.b(), static_cast<std::size_t>(ordering_.places())),
              plain.b());
    return plain.iterations_until(target);
  }

 private:
  static Ordering ordered(Context<S> const& context, Hierarchy const& hierarchy,
                          Format const& format) {
    auto ordering = make_ordering(hierarchy.front().share.matrix, format.order,
                                  hierarchy.front().kept, padding<S, Z>);
    if (context.plan.is("colour-race")) ordering.merge_colours();
    if (context.plan.is("swapped-columns")) ordering.independent = false;
    return ordering;
  }
  [[nodiscard]] std::unique_ptr<SplitMatrix<Real, S>> own(Hierarchy const& hierarchy,
                                                          Format const& format) const {
    if constexpr (std::is_same_v<Z, Real>) return nullptr;
    return std::make_unique<SplitMatrix<Real, S>>(hierarchy.front().share.matrix, ordering_,
                                                  format.shared_values);
  }
  template <class T>
  [[nodiscard]] std::vector<T> in_places(std::vector<double> const& rows) const {
    std::vector<T> all(static_cast<std::size_t>(ordering_.places()));
    for (std::size_t row = 0; row < rows.size(); ++row)
      all[static_cast<std::size_t>(ordering_.place.data()[row])] = rows[row];
    return all;
  }

  Context<S> const& context_;
  Ordering ordering_;
  M multigrid_;
  std::unique_ptr<SplitMatrix<Real, S>> own_matrix_;
  Exchange<Real, S> exchange_;
  Gradients<Z, S, M> gradients_;
};

/// |x A y - y A x| in units of eps (|x| |A| |y| + |y| |A| |x|), |A| = 52, as HPCG's TestSymmetry
/// has it; `apply(v, w)` sets w = A v. `mask` is 0 where a place has no row.
template <Space S, class T, class Apply>
double asymmetry(Context<S> const& context, std::vector<T> const& mask, Apply const& apply) {
  std::array<std::vector<T>, 2> v, image;
  auto const size = mask.size();
  for (std::size_t n = 0; n < 2; ++n) {
    v[n].resize(size), image[n].resize(size);
    auto const seed = 1000 * static_cast<std::uint64_t>(context.comm.rank()) + n;
    for (std::size_t i = 0; i < size; ++i)
      v[n][i] = mask[i] == 0 ? T(0) : static_cast<T>(random_uniform(seed, i));
    image[n] = apply(v[n]);
  }
  auto const dot = [&](std::vector<T> const& a, std::vector<T> const& b) {
    long double sum = 0;
    for (std::size_t i = 0; i < size; ++i)
      sum += static_cast<long double>(a[i]) * static_cast<long double>(b[i]);
    return context.comm.sum(static_cast<double>(sum));
  };
  double const departure = std::abs(dot(v[0], image[1]) - dot(v[1], image[0]));
  double const norms = std::sqrt(dot(v[0], v[0]) * dot(v[1], v[1]));
  return departure / (2 * 52 * norms * static_cast<double>(std::numeric_limits<T>::epsilon()));
}

}  // namespace inpex::sparse
