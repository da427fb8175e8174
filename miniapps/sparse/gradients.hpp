// SPDX-License-Identifier: Apache-2.0
#pragma once
// Preconditioned conjugate gradients in double precision, as HPCG has them: three sums, three
// vector updates and one product an iteration, none left out. Scalars stay where the vectors are,
// so that an iteration on a device never waits for the host unless there are other ranks. The
// preconditioner may be of another precision; then beta is the flexible one (Golub, Ye: SIAM J.
// Sci. Comput. 21, 1999), (z, r - r_before) / (z_before, r_before) = -(z, A p) / (p, A p).

#include "gradient_steps.hpp"
#include "multigrid.hpp"

#include <inpex/error.hpp>

#include <cmath>

namespace inpex::sparse {

/// Solves A x = b with a preconditioner of precision Z, `Preconditioner::apply(Z const* r)`, whose
/// `result()` is z. All vectors are in the order of relaxation.
template <class Z, Space S, class Preconditioner>
class Gradients {
 public:
  using Real = Double<Z>;
  static constexpr int C = chunk_rows<S, Real>, most_iterations = 500;

  Gradients(Context<S> const& context, SplitMatrix<Real, S> const& matrix,
            Exchange<Real, S>& exchange, Preconditioner& preconditioner, int places)
      : context_(context), matrix_(matrix), exchange_(exchange), preconditioner_(preconditioner),
        places_(places), x_("solution", places), b_("right-hand side", places),
        r_("residual", places), p_("direction", places), q_("product", places),
        tiles_(SummedChunks<Descent<Z, C>>::tiles_of(places)),
        partial_("partial sums", static_cast<std::size_t>(2 * tiles_ + exchange.tiles())),
        scalars_("scalars", scalar_count + most_iterations + 1) {}

  [[nodiscard]] Real* x() const { return x_.data(); }
  [[nodiscard]] Real* b() const { return b_.data(); }
  [[nodiscard]] int places() const { return places_; }

  /// Starts from x = 0; asynchronous.
  void start() {
    done_ = 0;
    clear();
    product(x_.data());
    auto const phase = context_.phase("vectors");
    sum(FirstResidual<Z, C>{b_.data(), q_.data(), r_.data(), rounded()}, norms());
  }

  /// x = 0; asynchronous.
  void clear() {
    auto const phase = context_.phase("vectors");
    for_chunks(context_, places_, Clear<Real, C>{x_.data(), p_.data()});
  }

  /// One iteration; asynchronous on one rank.
  void iterate() {
    precondition();
    Real* const rz = scalar(rz_even + done_ % 2);
    {
      auto const phase = context_.phase("vectors");
      sum(PreconditionedDot<Z, C>{r_.data(), q_.data(), preconditioner_.result()},
          scalar(fresh_rz));
      launch(context_, Move<Real>{scalar(fresh_rz), rz});
      Real const* const above = flexible ? scalar(fresh_zq) : rz;
      Real const* const below = flexible ? scalar(pq) : scalar(rz_even + (done_ + 1) % 2);
      for_chunks(context_, places_,
                 Direction<Z, C>{preconditioner_.result(), p_.data(), above,
                                 done_ == 0 ? nullptr : below, flexible ? -1.0 : 1.0});
    }
    product(p_.data());
    auto const phase = context_.phase("vectors");
    sum(Descent<Z, C>{rz, scalar(pq), p_.data(), q_.data(), x_.data(), r_.data(), rounded()},
        norms() + done_ + 1);
    ++done_;
  }

  /// |r| / |r of x = 0| after iteration k. Blocking.
  double relative_residual(int k) const { return std::sqrt(read(norms() + k) / read(norms())); }

  /// Iterations from x = 0 until the relative residual is at most `target`; most_iterations where
  /// it never is, fewer where it is no number any more: what diverges is wrong, which checks say.
  /// Throws Error (failed) where the matrix turns out not to be positive definite.
  int iterations_until(double target) {
    start();
    while (done_ < most_iterations) {
      iterate();
      if (double const curvature = read(scalar(pq)); curvature <= 0)
        throw Error(Fault::failed,
                    "p.Ap is " + std::to_string(curvature) + " in iteration " +
                        std::to_string(done_) +
                        ", so the matrix or the preconditioner is not symmetric positive definite",
                    {}, "conjugate gradients need both to be");
      if (double const left = relative_residual(done_); !(left > target)) break;
    }
    return done_;
  }

  /// q = A x and the scalar pq = x q; returns q. Asynchronous.
  Real* product(Real* x) {
    auto const phase = context_.phase("product");
    exchange_.start(context_, x);
    launch(context_, SummedChunks<ProductAndDot<Real, C>>{
                         {matrix_.view(), x, q_.data()}, places_ / C, partial_.data()});
    exchange_.finish(context_);
    exchange_.add_and_dot(context_, x, q_.data(), partial_.data() + tiles_);
    finish(1, exchange_.tiles(), scalar(pq));
    return q_.data();
  }
  /// A stretch of x becomes NaN: a fault to be planted.
  void poison() {
    using There =
        Kokkos::View<Real*, typename S::memory_space, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;
    Kokkos::deep_copy(context_.space,
                      There(x_.data() + places_ / 2, static_cast<std::size_t>(places_ / 16 + 1)),
                      std::nan(""));
  }

 private:
  static constexpr bool flexible = !std::is_same_v<Z, Real>;
  enum Scalar : int { rz_even, rz_odd, fresh_rz, fresh_zq, pq, scalar_count };

  [[nodiscard]] Real* scalar(int which) const { return scalars_.data() + which; }
  [[nodiscard]] Real* norms() const { return scalars_.data() + scalar_count; }
  [[nodiscard]] Z* rounded() const {
    if constexpr (flexible) return preconditioner_.input();
    return nullptr;
  }
  double read(Real const* from) const {
    context_.space.fence("scalars are read");
    Real value = 0;
    using There =
        Kokkos::View<Real const, typename S::memory_space, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;
    Kokkos::deep_copy(value, There(from));
    return static_cast<double>(value);
  }

  void precondition() {
    auto const phase = context_.phase("multigrid");
    if constexpr (flexible)
      preconditioner_.apply(preconditioner_.input());
    else
      preconditioner_.apply(r_.data());
  }
  template <class Body>
  void sum(Body const& body, Real* to) {
    launch(context_, SummedChunks<Body>{body, places_ / C, partial_.data()});
    finish(Body::sums, 0, to);
  }
  void finish(int sums, int extra, Real* to) {
    launch(context_, AddPartials<Real>{partial_.data(), tiles_, sums, extra, to});
    if (context_.comm.size() == 1) return;
    using There =
        Kokkos::View<Real*, typename S::memory_space, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;
    for (int n = 0; n < sums; ++n) {
      double const all = context_.comm.sum(read(to + n));
      Kokkos::deep_copy(context_.space, There(to + n, 1), Real(all));
    }
  }

  Context<S> const& context_;
  SplitMatrix<Real, S> const& matrix_;
  Exchange<Real, S>& exchange_;
  Preconditioner& preconditioner_;
  int places_;
  Vector<Real, S> x_, b_, r_, p_, q_;
  int tiles_;
  Array<Real, S> partial_, scalars_;
  int done_ = 0;
};

}  // namespace inpex::sparse
