// SPDX-License-Identifier: Apache-2.0
#pragma once
// What conjugate gradients do with vectors: bodies for chunks.hpp, each with all that can be done
// while its vectors are read once.

#include "chunks.hpp"

namespace inpex::sparse {

/// to[n] = the sum of partial[n * tiles ...], always in one order; `extra` more belong to the
/// first.
template <class Real>
struct AddPartials {
  static constexpr char const* name = "partial sums";
  Real const* partial;
  int tiles_each, sums, extra;
  Real* to;

  [[nodiscard]] static int tiles() { return 1; }
  KOKKOS_INLINE_FUNCTION void tile(int) const {
    for (int n = 0; n < sums; ++n) {
      Real sum = 0;
      int const count = tiles_each + (n == 0 ? extra : 0);
      for (int t = 0; t < count; ++t)
        sum += partial[t < tiles_each ? n * tiles_each + t : (sums - 1) * tiles_each + t];
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
template <class Real>
struct Move {
  static constexpr char const* name = "scalar";
  Real const* from;
  Real* to;
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
  using Number = Double<Z>;
  static constexpr char const* name = "dots of r, z";
  static constexpr bool flexible = !std::is_same_v<Z, Number>;
  static constexpr int C = Rows, sums = flexible ? 2 : 1;
  Number const *r, *q;
  Z const* z;

  template <int W>
  constexpr void rows(int chunk, int lane, vec<Number, W>* sum) const {
    using V = vec<Number, W>;
    int const at = chunk * C + lane;
    V const here = converted<Number, W>(z + at);
    sum[0] = fused(V::load(r + at), here, sum[0]);
    if constexpr (flexible) sum[1] = fused(V::load(q + at), here, sum[1]);
  }
};

/// p = z + beta p, beta = sign * above / below, or 0 without. 2 flops a row.
template <class Z, int Rows>
struct Direction {
  using Number = Double<Z>;
  static constexpr char const* name = "direction";
  static constexpr int C = Rows;
  Z const* z;
  Number* p;
  Number const *above, *below;
  double sign;

  template <int W>
  constexpr void rows(int chunk, int lane) const {
    using V = vec<Number, W>;
    int const at = chunk * C + lane;
    Number const beta = below == nullptr ? Number(0) : sign * *above / *below;
    fused(beta, V::load(p + at), converted<Number, W>(z + at)).store(p + at);
  }
};

/// x += alpha p, r -= alpha q, the sum of r r, and r in the preconditioner's precision; alpha =
/// above / below. 6 flops a row.
template <class Z, int Rows>
struct Descent {
  using Number = Double<Z>;
  static constexpr char const* name = "descent";
  static constexpr int C = Rows, sums = 1;
  Number const *above, *below, *p, *q;
  Number *x, *r;
  Z* rounded;

  template <int W>
  constexpr void rows(int chunk, int lane, vec<Number, W>* sum) const {
    using V = vec<Number, W>;
    int const at = chunk * C + lane;
    Number const alpha = *above / *below;
    fused(alpha, V::load(p + at), V::load(x + at)).store(x + at);
    V const left = fused(-alpha, V::load(q + at), V::load(r + at));
    left.store(r + at);
    sum[0] = fused(left, left, sum[0]);
    if constexpr (!std::is_same_v<Z, Number>)
      for (int l = 0; l < W; ++l) rounded[at + l] = static_cast<Z>(lane_of(left, l));
  }
};

/// r = b - q and the sum of r r, where q = A x. 3 flops a row.
template <class Z, int Rows>
struct FirstResidual {
  using Number = Double<Z>;
  static constexpr char const* name = "first residual";
  static constexpr int C = Rows, sums = 1;
  Number const *b, *q;
  Number* r;
  Z* rounded;

  template <int W>
  constexpr void rows(int chunk, int lane, vec<Number, W>* sum) const {
    using V = vec<Number, W>;
    int const at = chunk * C + lane;
    V const left = V::load(b + at) - V::load(q + at);
    left.store(r + at);
    sum[0] = fused(left, left, sum[0]);
    if constexpr (!std::is_same_v<Z, Number>)
      for (int l = 0; l < W; ++l) rounded[at + l] = static_cast<Z>(lane_of(left, l));
  }
};

/// x = 0 and p = 0.
template <class Real, int Rows>
struct Clear {
  static constexpr char const* name = "clear";
  static constexpr int C = Rows;
  Real *x, *p;
  template <int W>
  constexpr void rows(int chunk, int lane) const {
    vec<Real, W>::zero().store(x + chunk * C + lane);
    vec<Real, W>::zero().store(p + chunk * C + lane);
  }
};

}  // namespace inpex::sparse
