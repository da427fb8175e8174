// SPDX-License-Identifier: Apache-2.0
#pragma once
// A sparse matrix as users bring it: compressed rows, spread over ranks. Whatever is solved or
// multiplied in this folder starts from one of these and from nothing else.

#include <inpex/counted.hpp>
#include <inpex/error.hpp>
#include <inpex/memory.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace inpex::sparse {

/// Where matrices are read, ordered and packed: the host, with all its threads.
using Host = Kokkos::DefaultHostExecutionSpace;
/// The host's part of S: S itself on hosts, so that a run on one core is set up by one core.
template <Space S>
using HostOf = std::conditional_t<is_host<S>, S, Host>;
template <class T>
using HostArray = Memory<T, Host>;
/// An array in the memory of S; all host spaces share one.
template <class T, Space S>
using Array = std::conditional_t<is_host<S>, HostArray<T>, Memory<T, S>>;

/// Double and single precision beside numbers of type T.
template <class T>
using Double = CountedLike<double, T>;
template <class T>
using Single = CountedLike<float, T>;

/// Moves host memory to a space, or hands it on.
template <Space S, class T>
Array<T, S> to_space(HostArray<T>&& from) {
  if constexpr (is_host<S>) {
    return std::move(from);
  } else {
    Array<T, S> there("packed", from.size());
    Kokkos::deep_copy(there.view(), from.view());
    return there;
  }
}
template <Space S, class T>
Array<T, S> to_space(std::vector<T> const& from) {
  HostArray<T> all("packed", from.size());
  std::copy(from.begin(), from.end(), all.data());
  return to_space<S>(std::move(all));
}

/// The rows of one rank. Columns below `rows` are its own rows; columns from there to rows + halo -
/// 1 are rows of other ranks. Entries of a row may stand in any order, each column once.
struct Csr {
  int rows;
  int halo;
  HostArray<std::int64_t> start;  ///< [rows + 1]: where each row begins
  HostArray<int> column;          ///< [start[rows]]
  HostArray<double> value;        ///< [start[rows]]

  Csr(int row_count, int halo_count, std::int64_t entries)
      : rows(row_count), halo(halo_count),
        start("row starts", static_cast<std::size_t>(row_count) + 1),
        column("columns", static_cast<std::size_t>(entries)),
        value("values", static_cast<std::size_t>(entries)) {}

  [[nodiscard]] std::int64_t begin(int row) const { return start.data()[row]; }
  [[nodiscard]] std::int64_t end(int row) const { return start.data()[row + 1]; }
  [[nodiscard]] std::int64_t entries() const { return begin(rows); }
};

/// Rows of another rank that this rank reads: halo columns rows + first to rows + first + count -
/// 1; and the own rows that the other rank reads, in the order in which it wants them.
struct Neighbour {
  int rank;
  int first;
  int count;
  std::vector<int> sent;
};

/// One rank's share of a matrix, and whom it must ask for the rest of x.
struct Share {
  Csr matrix;
  std::vector<Neighbour> neighbours;
};

/// The diagonal of a matrix that is to be solved. Throws Error (failed) that names the first row
/// that is empty or whose diagonal is missing, not positive or not a number.
inline HostArray<double> positive_diagonal(Csr const& matrix) {
  HostArray<double> diagonal("diagonal", static_cast<std::size_t>(matrix.rows));
  for (int row = 0; row < matrix.rows; ++row) {
    if (matrix.begin(row) == matrix.end(row))
      throw Error(Fault::failed, "row " + std::to_string(row) + " of the matrix is empty", {},
                  "every unknown needs an equation");
    for (auto k = matrix.begin(row); k < matrix.end(row); ++k)
      if (matrix.column.data()[k] == row) diagonal.data()[row] = matrix.value.data()[k];
    if (!(diagonal.data()[row] > 0))
      throw Error(Fault::failed,
                  "the diagonal of row " + std::to_string(row) + " is " +
                      std::to_string(diagonal.data()[row]) +
                      ", so the matrix is not positive definite",
                  {}, "conjugate gradients need a symmetric positive definite matrix");
  }
  return diagonal;
}

}  // namespace inpex::sparse
