// SPDX-License-Identifier: Apache-2.0
#pragma once
// A matrix cut for sweeps: what is below the diagonal in the order of relaxation, the diagonal, and
// what is above; and the bodies that read it. What each sweep reads is what mathematics leaves:
//   forward from zero       (D + L) x1 = r                  reads L
//   backward after it       (D + U) x2 = D x1, U x2 kept    reads U
//   residual of x2          r - L x2 - D x1 at coarse rows  reads L there
//   forward from x2 + c     (D + L) x' = r - U (x2 + c)     reads L, and U where c is not 0: coarse
//   columns backward after it       (D + U) x'' = D x' + U (x2 + c) reads U
// where a plain implementation reads all of A five times (Chen et al.; the vendors' HPCG do much
// the same).

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
  /// Another diagonal, [places], 0 where a stage is padded.
  void set_diagonal(std::vector<double> const& diagonal) {
    HostArray<T> d("diagonal", diagonal.size()), inverse("inverse diagonal", diagonal.size());
    for (std::size_t place = 0; place < diagonal.size(); ++place) {
      if (diagonal[place] == 0) continue;
      d.data()[place] = static_cast<T>(diagonal[place]);
      inverse.data()[place] = T(1) / static_cast<T>(diagonal[place]);
    }
    diagonal_ = to_space<S>(std::move(d));
    inverse_ = to_space<S>(std::move(inverse));
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
    std::vector<double> all(diagonal_.size());
    for (std::size_t place = 0; place < all.size(); ++place)
      if (int const row = ordering.row[place]; row >= 0) all[place] = diagonal.data()[row];
    set_diagonal(all);
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

/// x = (D + U)^-1 D x, and above = U of that x, where it is asked for. 2 flops an entry of U, 2 a
/// row.
template <class T, int Rows>
struct BackwardFromZero {
  static constexpr char const* name = "backward, zero";
  static constexpr int C = Rows;
  Split<T, C> a;
  T* x;
  T* above;  // or null

  template <int W>
  constexpr void rows(int chunk, int lane) const {
    using V = vec<T, W>;
    int const at = chunk * C + lane;
    V const sum = a.upper.template times<W>(chunk, lane, x);
    if (above != nullptr) sum.store(above + at);
    fused(V::zero() - sum, V::load(a.inverse + at), V::load(x + at)).store(x + at);
  }
};

/// above += U c, x = (D + L)^-1 (r - above); `corrected` is U in the columns where c may not be 0.
/// 2 flops an entry of L, 3 a row.
template <class T, int Rows>
struct ForwardFromGuess {
  static constexpr char const* name = "forward";
  static constexpr int C = Rows;
  Split<T, C> a;
  Strips<T, C> corrected;
  T const *r, *correction;
  T *above, *x;

  template <int W>
  constexpr void rows(int chunk, int lane) const {
    using V = vec<T, W>;
    int const at = chunk * C + lane;
    V const sum = V::load(above + at) + corrected.template times<W>(chunk, lane, correction);
    V const rest = (V::load(r + at) - sum) - a.lower.template times<W>(chunk, lane, x);
    sum.store(above + at);
    (rest * V::load(a.inverse + at)).store(x + at);
  }
};

/// x = (D + U)^-1 (D x + above). 2 flops an entry of U, 3 a row.
template <class T, int Rows>
struct BackwardFromGuess {
  static constexpr char const* name = "backward";
  static constexpr int C = Rows;
  Split<T, C> a;
  T const* above;
  T* x;

  template <int W>
  constexpr void rows(int chunk, int lane) const {
    using V = vec<T, W>;
    int const at = chunk * C + lane;
    V const change = V::load(above + at) - a.upper.template times<W>(chunk, lane, x);
    fused(change, V::load(a.inverse + at), V::load(x + at)).store(x + at);
  }
};

/// kept = r - L x - kept at the chunks with coarse rows: the residual there, after both sweeps from
/// zero. 2 flops an entry of L, 2 a row. `list` names the chunks; this body counts through the
/// list.
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
    ((V::load(r + at) - a.lower.template times<W>(chunk, lane, x)) - V::load(kept + at))
        .store(kept + at);
  }
};

/// y = A x without halo columns, and the sum of x y. 2 flops an entry, 4 a row.
template <class T, int Rows>
struct ProductAndDot {
  using Number = T;
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
    V const result =
        fused(V::load(a.diagonal + at), here, a.lower.template times<W>(chunk, lane, x)) +
        a.upper.template times<W>(chunk, lane, x);
    result.store(y + at);
    sum[0] = fused(here, result, sum[0]);
  }
};

}  // namespace inpex::sparse
