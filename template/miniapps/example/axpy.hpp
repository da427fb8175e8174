// SPDX-License-Identifier: Apache-2.0
#pragma once
// example.axpy: y = y + a x, the smallest mini-app that has everything. Copy this folder and its
// spec, rename, and replace the arithmetic.
//   Element i of x is (i mod 16) / 16 and y starts at 0, so after s steps y[i] = s a x[i].

#include <inpex/inpex.hpp>

#include <cstdint>
#include <limits>
#include <tuple>
#include <vector>

namespace inpex::example {

/// 2 flops an element, fused: a multiply and an add.
template <class T>
struct Axpy {
  static constexpr char const* name = "axpy";
  static constexpr int tile_size = 4096;
  T a;
  T const* x;
  T* y;
  std::int64_t size;

  KOKKOS_INLINE_FUNCTION void element(std::int64_t i) const {
    y[i] = fused(a, vec<T, 1>{x[i]}, vec<T, 1>{y[i]}).lanes;
  }
  [[nodiscard]] int tiles() const { return static_cast<int>((size + tile_size - 1) / tile_size); }
  void tile(int t) const {
    auto const first = std::int64_t{t} * tile_size,
               end = first + tile_size < size ? first + tile_size : size;
    for (auto i = first; i < end; ++i) element(i);
  }
  [[nodiscard]] int teams() const { return tiles(); }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const& member) const {
    auto const first = std::int64_t{member.league_rank()} * tile_size;
    auto const count = first + tile_size < size ? std::int64_t{tile_size} : size - first;
    Kokkos::parallel_for(Kokkos::TeamVectorRange(member, static_cast<int>(count)),
                         [&](int i) { element(first + i); });
  }
};

/// x[i], by the element's number over all ranks.
template <class T>
KOKKOS_INLINE_FUNCTION T initial_x(std::int64_t i) {
  return static_cast<T>(i % 16) / 16;
}

/// Writes x and y of this rank for the first time; `lower` is the number of its first element.
template <class T>
struct Start {
  T *x, *y;
  std::int64_t lower;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const {
    x[i] = initial_x<T>(lower + i);
    y[i] = 0;
  }
};

/// The largest |y[i] - factor x[i]|; infinite if one is not finite, so that a NaN is never lost.
template <class T>
struct Deviation {
  T const* y;
  std::int64_t lower;
  double factor;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i, double& most) const {
    double const error =
        Kokkos::fabs(static_cast<double>(y[i]) - factor * initial_x<double>(lower + i));
    if (!(error <= most))
      most = error <= Kokkos::Experimental::finite_max_v<double>
                 ? error
                 : Kokkos::Experimental::infinity_v<double>;
  }
};

/// The digest of this rank's part of y.
template <class T>
struct Hash {
  T const* y;
  std::int64_t lower;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i, std::uint64_t& sum) const {
    sum += cell_hash(static_cast<std::uint64_t>(lower + i), y[i]);
  }
};

/// The app: x and y, shape [n] over all ranks, cut into near-equal parts.
template <class S, class Real>
class AxpyApp {
 public:
  using space = S;
  static constexpr auto name = "example.axpy";
  static constexpr auto summary = "Scaled vector addition, the smallest mini-app";
  static constexpr auto item = "elements";

  struct Params {
    std::int64_t n = 65536, steps = 10;
    double a = 0.3;  // no sum of halves: rounding shows
    static constexpr auto fields() {
      return std::tuple{field("n", &Params::n), field("steps", &Params::steps),
                        field("a", &Params::a)};
    }
  };

  AxpyApp(Params const& params, Context<S> const& context)
      : context_(context), a_(static_cast<Real>(params.a)),
        lower_(params.n * context.comm.rank() / context.comm.size()),
        size_(params.n * (context.comm.rank() + 1) / context.comm.size() - lower_),
        x_("x", static_cast<std::size_t>(size_)), y_("y", static_cast<std::size_t>(size_)) {}

  void reset() {
    Kokkos::parallel_for("start", range(), Start<Real>{x_.data(), y_.data(), lower_});
  }

  void step() {
    auto const phase = context_.phase("axpy");
    launch(context_, Axpy<Real>{a_, x_.data(), y_.data(), size_});
    if (context_.plan.acts("not-a-number"))  // which the check must catch
      Kokkos::deep_copy(context_.space, Kokkos::subview(y_.view(), 0),
                        std::numeric_limits<Real>::quiet_NaN());
  }

  [[nodiscard]] std::vector<PhaseWork> work() const {
    auto const n = static_cast<std::uint64_t>(size_);
    return {
        {"axpy",
         {.flops = 2 * n, .bytes_read = 2 * sizeof(Real) * n, .bytes_written = sizeof(Real) * n}}};
  }
  [[nodiscard]] Table extents() const { return {{"lx", size_, ""}}; }

  std::uint64_t digest() {
    std::uint64_t sum = 0;
    Kokkos::parallel_reduce("hash", range(), Hash<Real>{y_.data(), lower_}, sum);
    return context_.comm.sum(sum);
  }
  static std::vector<Check<AxpyApp>> checks() { return {{"exact", &AxpyApp::exact_error}}; }

 private:
  using Policy = Kokkos::RangePolicy<S, Kokkos::IndexType<std::int64_t>>;
  [[nodiscard]] Policy range() const { return {context_.space, 0, size_}; }

  /// The largest |y[i] - steps a x[i]| of all ranks, from the spec's own a and steps.
  double exact_error(Params const& truth) {
    double most = 0;
    Deviation<Real> const deviation{y_.data(), lower_, static_cast<double>(truth.steps) * truth.a};
    Kokkos::parallel_reduce("deviation", range(), deviation, Kokkos::Max<double>(most));
    return context_.comm.maximum(most < 0 ? 0 : most);
  }

  Context<S> const& context_;
  Real a_;
  std::int64_t lower_, size_;
  Memory<Real, S> x_, y_;
};

}  // namespace inpex::example
