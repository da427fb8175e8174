// SPDX-License-Identifier: Apache-2.0
#pragma once
// A matrix cut for sweeps: what is below the diagonal in the order of relaxation, the diagonal, and
// what is above; and the bodies that read it. What each sweep reads is what mathematics leaves:
//   forward from zero       (D + L) x1 = r                  reads L
//   backward after it       (D + U) x2 = D x1               reads U
//   residual of x2          r - A x2 = (r - D x1... ) at coarse rows: r - L x2 - D x1, reads L there
//   forward with a guess    (D + L) x' = r - U x, U x kept  reads L and U
//   backward after it       (D + U) x'' = D x' + U x        reads U
// where a plain implementation reads all of A five times (Chen et al.; the vendors' HPCG do the same).

#include "chunks.hpp"
#include "packing.hpp"

namespace inpex::sparse {

/// The matrix as kernels see it.
template <class T, int C>
struct Split {
  Strips<T, C> lower, upper;
  T const* diagonal;  ///< [places], 0 where a stage is padded
  T const* inverse;   ///< of the diagonal, 0 where a stage is padded
};

/// Its storage.
template <class T, Space S>
class SplitMatrix {
 public:
  static constexpr int C = chunk_rows<S, T>;
  SplitMatrix(Csr const& matrix, Ordering const& ordering, bool shared)
      : SplitMatrix(Packing<T, S>(matrix, ordering, {.shared = shared}), matrix, ordering) {}

  [[nodiscard]] Split<T, C> view() const {
    return {lower_.view(), upper_.view(), diagonal_.data(), inverse_.data()};
  }
  /// Entries stored, absent ones of lanes included, without the diagonal.
  [[nodiscard]] std::int64_t stored() const { return (lower_.slots + upper_.slots) * C; }
  [[nodiscard]] std::int64_t contiguous() const { return lower_.contiguous + upper_.contiguous; }

 private:
  SplitMatrix(Packing<T, S> packing, Csr const& matrix, Ordering const& ordering)
      : lower_(packing.take(0)), upper_(packing.take(1)),
        diagonal_("diagonal", static_cast<std::size_t>(ordering.places())),
        inverse_("inverse diagonal", static_cast<std::size_t>(ordering.places())) {
    auto const diagonal = positive_diagonal(matrix);
    HostArray<T> d("diagonal", diagonal_.size()), inverse("inverse diagonal", diagonal_.size());
    for (int place = 0; place < ordering.places(); ++place)
      if (int const row = ordering.row[static_cast<std::size_t>(place)]; row >= 0) {
        d.data()[place] = static_cast<T>(diagonal.data()[row]);
        inverse.data()[place] = T(1) / static_cast<T>(diagonal.data()[row]);
      }
    diagonal_ = to_space<S>(std::move(d));
    inverse_ = to_space<S>(std::move(inverse));
  }
  PackedStrips<T, S> lower_, upper_;
  Array<T, S> diagonal_, inverse_;
};

/// x = (D + L)^-1 r, and at chunks with coarse rows kept = D x. 2 flops an entry of L, 1 a row.
template <class T, int Rows>
struct ForwardFromZero {
  static constexpr char const* name = "forward, zero";
  static constexpr int C = Rows;
  Split<T, C> a;
  T const* r;
  T* x;
  T* kept;
  unsigned char const* coarse;  // by chunk

  template <int W>
  constexpr void rows(int chunk, int lane) const {
    using V = vec<T, W>;
    int const at = chunk * C + lane;
    V const rest = V::load(r + at) - a.lower.template times<W>(chunk, lane, x);
    if (coarse[chunk] != 0) rest.store(kept + at);
    (rest * V::load(a.inverse + at)).store(x + at);
  }
};

/// x = (D + U)^-1 (D x + t), t = 0 or what ForwardFromGuess kept. 2 flops an entry of U, 2 or 3 a row.
template <class T, int Rows, bool Guess>
struct Backward {
  static constexpr char const* name = Guess ? "backward" : "backward, zero";
  static constexpr int C = Rows;
  Split<T, C> a;
  T const* kept;
  T* x;

  template <int W>
  constexpr void rows(int chunk, int lane) const {
    using V = vec<T, W>;
    int const at = chunk * C + lane;
    V change = V::zero() - a.upper.template times<W>(chunk, lane, x);
    if constexpr (Guess) change = change + V::load(kept + at);
    fused(change, V::load(a.inverse + at), V::load(x + at)).store(x + at);
  }
};

/// x = (D + L)^-1 (r - U x), kept = U x of before. 2 flops an entry, 2 a row.
template <class T, int Rows>
struct ForwardFromGuess {
  static constexpr char const* name = "forward";
  static constexpr int C = Rows;
  Split<T, C> a;
  T const* r;
  T* kept;
  T* x;

  template <int W>
  constexpr void rows(int chunk, int lane) const {
    using V = vec<T, W>;
    int const at = chunk * C + lane;
    V const above = a.upper.template times<W>(chunk, lane, x);
    V const rest = (V::load(r + at) - above) - a.lower.template times<W>(chunk, lane, x);
    above.store(kept + at);
    (rest * V::load(a.inverse + at)).store(x + at);
  }
};

/// kept = r - L x - kept at the chunks with coarse rows: the residual there, after both sweeps from
/// zero. 2 flops an entry of L, 2 a row. `list` names the chunks; this body counts through the list.
template <class T, int Rows>
struct CoarseResidual {
  static constexpr char const* name = "coarse residual";
  static constexpr int C = Rows;
  Split<T, C> a;
  T const* r;
  T const* x;
  T* kept;
  int const* list;

  template <int W>
  constexpr void rows(int number, int lane) const {
    using V = vec<T, W>;
    int const chunk = list[number], at = chunk * C + lane;
    ((V::load(r + at) - a.lower.template times<W>(chunk, lane, x)) - V::load(kept + at)).store(kept + at);
  }
};

/// y = A x without halo columns, and the sum of x y. 2 flops an entry, 4 a row.
template <class T, int Rows>
struct ProductAndDot {
  static constexpr char const* name = "product";
  static constexpr int C = Rows, sums = 1;
  Split<T, C> a;
  T const* x;
  T* y;

  template <int W>
  constexpr void rows(int chunk, int lane, vec<T, W>* sum) const {
    using V = vec<T, W>;
    int const at = chunk * C + lane;
    V const here = V::load(x + at);
    V const result = fused(V::load(a.diagonal + at), here, a.lower.template times<W>(chunk, lane, x)) +
                     a.upper.template times<W>(chunk, lane, x);
    result.store(y + at);
    sum[0] = fused(here, result, sum[0]);
  }
};

}  // namespace inpex::sparse
