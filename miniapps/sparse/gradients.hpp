// SPDX-License-Identifier: Apache-2.0
#pragma once
// Preconditioned conjugate gradients in double precision, as HPCG has them: three sums, three vector
// updates and one product an iteration, none left out. Scalars stay where the vectors are, so that an
// iteration on a device never waits for the host unless there are other ranks. The preconditioner may
// be of another precision; then beta is the flexible one (Golub, Ye: SIAM J. Sci. Comput. 21, 1999),
// (z, r - r_before) / (z_before, r_before) = -(z, A p) / (p, A p).

#include "multigrid.hpp"

#include <inpex/error.hpp>

#include <cmath>

namespace inpex::sparse {

/// to[n] = the sum of partial[n * tiles ...], always in one order; `extra` more belong to the first.
struct AddPartials {
  static constexpr char const* name = "partial sums";
  double const* partial;
  int tiles_each, sums, extra;
  double* to;

  [[nodiscard]] static int tiles() { return 1; }
  KOKKOS_INLINE_FUNCTION void tile(int) const {
    for (int n = 0; n < sums; ++n) {
      double sum = 0;
      int const count = tiles_each + (n == 0 ? extra : 0);
      for (int t = 0; t < count; ++t) sum += partial[t < tiles_each ? n * tiles_each + t : (sums - 1) * tiles_each + t];
      to[n] = sum;
    }
  }
  [[nodiscard]] static int teams() { return 1; }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const& member) const {
    Kokkos::single(Kokkos::PerTeam(member), [&] { tile(0); });
  }
};

/// Copies one scalar where it stands.
struct Move {
  static constexpr char const* name = "scalar";
  double const* from;
  double* to;
  [[nodiscard]] static int tiles() { return 1; }
  KOKKOS_INLINE_FUNCTION void tile(int) const { *to = *from; }
  [[nodiscard]] static int teams() { return 1; }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const& member) const {
    Kokkos::single(Kokkos::PerTeam(member), [&] { tile(0); });
  }
};

/// Sums of r z and, where the preconditioner is not of the same precision, z q. 2 or 4 flops a row.
template <class Z, int Rows>
struct PreconditionedDot {
  static constexpr char const* name = "dots of r, z";
  static constexpr bool flexible = !std::is_same_v<Z, double>;
  static constexpr int C = Rows, sums = flexible ? 2 : 1;
  double const *r, *q;
  Z const* z;

  template <int W>
  constexpr void rows(int chunk, int lane, vec<double, W>* sum) const {
    using V = vec<double, W>;
    int const at = chunk * C + lane;
    V const here = converted<double, W>(z + at);
    sum[0] = fused(V::load(r + at), here, sum[0]);
    if constexpr (flexible) sum[1] = fused(V::load(q + at), here, sum[1]);
  }
};

/// p = z + beta p, beta = sign * above / below, or 0 without. 2 flops a row.
template <class Z, int Rows>
struct Direction {
  static constexpr char const* name = "direction";
  static constexpr int C = Rows;
  Z const* z;
  double* p;
  double const *above, *below;
  double sign;

  template <int W>
  constexpr void rows(int chunk, int lane) const {
    using V = vec<double, W>;
    int const at = chunk * C + lane;
    double const beta = below == nullptr ? 0.0 : sign * *above / *below;
    fused(beta, V::load(p + at), converted<double, W>(z + at)).store(p + at);
  }
};

/// x += alpha p, r -= alpha q, the sum of r r, and r in the preconditioner's precision; alpha = above /
/// below. 6 flops a row.
template <class Z, int Rows>
struct Descent {
  static constexpr char const* name = "descent";
  static constexpr int C = Rows, sums = 1;
  double const *above, *below, *p, *q;
  double *x, *r;
  Z* rounded;

  template <int W>
  constexpr void rows(int chunk, int lane, vec<double, W>* sum) const {
    using V = vec<double, W>;
    int const at = chunk * C + lane;
    double const alpha = *above / *below;
    fused(alpha, V::load(p + at), V::load(x + at)).store(x + at);
    V const left = fused(-alpha, V::load(q + at), V::load(r + at));
    left.store(r + at);
    sum[0] = fused(left, left, sum[0]);
    if constexpr (!std::is_same_v<Z, double>)
      for (int l = 0; l < W; ++l) rounded[at + l] = static_cast<Z>(lane_of(left, l));
  }
};

/// r = b - q, x = 0 and the sum of r r: q = A x of the x before it is set to 0 must be 0.
template <class Z, int Rows>
struct FirstResidual {
  static constexpr char const* name = "first residual";
  static constexpr int C = Rows, sums = 1;
  double const *b, *q;
  double* r;
  Z* rounded;

  template <int W>
  constexpr void rows(int chunk, int lane, vec<double, W>* sum) const {
    using V = vec<double, W>;
    int const at = chunk * C + lane;
    V const left = V::load(b + at) - V::load(q + at);
    left.store(r + at);
    sum[0] = fused(left, left, sum[0]);
    if constexpr (!std::is_same_v<Z, double>)
      for (int l = 0; l < W; ++l) rounded[at + l] = static_cast<Z>(lane_of(left, l));
  }
};

/// x = 0 and p = 0.
template <int Rows>
struct Clear {
  static constexpr char const* name = "clear";
  static constexpr int C = Rows;
  double *x, *p;
  template <int W>
  constexpr void rows(int chunk, int lane) const {
    vec<double, W>::zero().store(x + chunk * C + lane);
    vec<double, W>::zero().store(p + chunk * C + lane);
  }
};

/// Solves A x = b with a preconditioner of precision Z, `Preconditioner::apply(Z const* r)`, whose
/// `result()` is z. All vectors are in the order of relaxation.
template <class Z, Space S, class Preconditioner>
class Gradients {
 public:
  static constexpr int C = chunk_rows<S, double>, most_iterations = 500;

  Gradients(Context<S> const& context, SplitMatrix<double, S> const& matrix, Exchange<double, S>& exchange,
            Preconditioner& preconditioner, int places)
      : context_(context), matrix_(matrix), exchange_(exchange), preconditioner_(preconditioner), places_(places),
        x_("solution", places), b_("right-hand side", places), r_("residual", places), p_("direction", places),
        q_("product", places), tiles_(SummedChunks<Descent<Z, C>>::tiles_of(places)),
        partial_("partial sums", static_cast<std::size_t>(2 * tiles_ + exchange.tiles())),
        scalars_("scalars", scalar_count + most_iterations + 1) {}

  [[nodiscard]] double* x() const { return x_.data(); }
  [[nodiscard]] double* b() const { return b_.data(); }
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
    for_chunks(context_, places_, Clear<C>{x_.data(), p_.data()});
  }

  /// One iteration; asynchronous on one rank.
  void iterate() {
    precondition();
    double* const rz = scalar(rz_even + done_ % 2);
    {
      auto const phase = context_.phase("vectors");
      sum(PreconditionedDot<Z, C>{r_.data(), q_.data(), preconditioner_.result()}, scalar(fresh_rz));
      launch(context_, Move{scalar(fresh_rz), rz});
      double const* const above = flexible ? scalar(fresh_zq) : rz;
      double const* const below = flexible ? scalar(pq) : scalar(rz_even + (done_ + 1) % 2);
      for_chunks(context_, places_, Direction<Z, C>{preconditioner_.result(), p_.data(), above,
                                                    done_ == 0 ? nullptr : below, flexible ? -1.0 : 1.0});
    }
    product(p_.data());
    auto const phase = context_.phase("vectors");
    sum(Descent<Z, C>{rz, scalar(pq), p_.data(), q_.data(), x_.data(), r_.data(), rounded()}, norms() + done_ + 1);
    ++done_;
  }

  /// |r| / |r of x = 0| after iteration k. Blocking.
  double relative_residual(int k) const { return std::sqrt(read(norms() + k) / read(norms())); }

  /// Iterations from x = 0 until the relative residual is at most `target`; most_iterations where it
  /// never is. Throws Error (failed) where the matrix turns out not to be positive definite.
  int iterations_until(double target) {
    start();
    while (done_ < most_iterations) {
      iterate();
      if (double const curvature = read(scalar(pq)); !(curvature > 0))
        throw Error(Fault::failed,
                    "p.Ap is " + std::to_string(curvature) + " in iteration " + std::to_string(done_) +
                        ", so the matrix or the preconditioner is not symmetric positive definite",
                    {}, "conjugate gradients need both to be");
      if (relative_residual(done_) <= target) break;
    }
    return done_;
  }

  /// q = A x and the scalar pq = x q; returns q. Asynchronous.
  double* product(double* x) {
    auto const phase = context_.phase("product");
    exchange_.start(context_, x);
    launch(context_, SummedChunks<ProductAndDot<double, C>>{{matrix_.view(), x, q_.data()}, places_ / C, partial_.data()});
    exchange_.finish(context_);
    exchange_.add_and_dot(context_, x, q_.data(), partial_.data() + tiles_);
    finish(1, exchange_.tiles(), scalar(pq));
    return q_.data();
  }
  /// A stretch of x becomes NaN: a fault to be planted.
  void poison() {
    using There = Kokkos::View<double*, typename S::memory_space, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;
    Kokkos::deep_copy(context_.space, There(x_.data() + places_ / 2, static_cast<std::size_t>(places_ / 16 + 1)),
                      std::nan(""));
  }

 private:
  static constexpr bool flexible = !std::is_same_v<Z, double>;
  enum Scalar : int { rz_even, rz_odd, fresh_rz, fresh_zq, pq, scalar_count };

  [[nodiscard]] double* scalar(int which) const { return scalars_.data() + which; }
  [[nodiscard]] double* norms() const { return scalars_.data() + scalar_count; }
  [[nodiscard]] Z* rounded() const {
    if constexpr (flexible) return preconditioner_.input();
    return nullptr;
  }
  double read(double const* from) const {
    context_.space.fence("scalars are read");
    double value = 0;
    using There = Kokkos::View<double const, typename S::memory_space, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;
    Kokkos::deep_copy(value, There(from));
    return value;
  }

  void precondition() {
    auto const phase = context_.phase("multigrid");
    if constexpr (flexible)
      preconditioner_.apply(preconditioner_.input());
    else
      preconditioner_.apply(r_.data());
  }
  template <class Body>
  void sum(Body const& body, double* to) {
    launch(context_, SummedChunks<Body>{body, places_ / C, partial_.data()});
    finish(Body::sums, 0, to);
  }
  void finish(int sums, int extra, double* to) {
    launch(context_, AddPartials{partial_.data(), tiles_, sums, extra, to});
    if (context_.comm.size() == 1) return;
    using There = Kokkos::View<double*, typename S::memory_space, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;
    for (int n = 0; n < sums; ++n) {
      double const all = context_.comm.sum(read(to + n));
      Kokkos::deep_copy(context_.space, There(to + n, 1), all);
    }
  }

  Context<S> const& context_;
  SplitMatrix<double, S> const& matrix_;
  Exchange<double, S>& exchange_;
  Preconditioner& preconditioner_;
  int places_;
  Vector<double, S> x_, b_, r_, p_, q_;
  int tiles_;
  Array<double, S> partial_, scalars_;
  int done_ = 0;
};

}  // namespace inpex::sparse
