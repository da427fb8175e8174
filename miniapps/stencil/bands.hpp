// SPDX-License-Identifier: Apache-2.0
#pragma once
// Eigenpairs of symmetric band matrices in long double, by which a stencil of any width between
// walls of zero has a state that is known to rounding: sine modes are eigenvectors of it only while
// it reaches one cell far.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace inpex::stencil {

/// A symmetric matrix with `Reach` diagonals on each side of the main one; rows[i][d] is the entry
/// (i, i + d).
template <int Reach>
struct Band {
  std::vector<std::array<long double, Reach + 1>> rows;

  [[nodiscard]] long double at(std::ptrdiff_t i, std::ptrdiff_t j) const {
    auto const low = std::min(i, j), off = std::max(i, j) - low;
    bool const inside = low >= 0 && std::max(i, j) < std::ptrdiff_t(rows.size()) && off <= Reach;
    return inside ? rows[std::size_t(low)][std::size_t(off)] : 0;
  }
  [[nodiscard]] std::vector<long double> times(std::vector<long double> const& x) const {
    auto const n = std::ptrdiff_t(rows.size());
    std::vector<long double> y(rows.size());
    for (std::ptrdiff_t i = 0; i < n; ++i)
      for (auto j = std::max<std::ptrdiff_t>(0, i - Reach); j <= std::min(n - 1, i + Reach); ++j)
        y[std::size_t(i)] += at(i, j) * x[std::size_t(j)];
    return y;
  }
};

/// A value and a vector with A vector = value vector; the vector's largest entry is 1.
struct EigenPair {
  long double value;
  std::vector<long double> vector;
};

namespace detail {

/// x with (A - shift) x = b: band elimination with row exchanges, O(n Reach^2).
template <int Reach>
std::vector<long double> solve_shifted(Band<Reach> const& a, long double shift,
                                       std::vector<long double> b) {
  auto const n = std::ptrdiff_t(b.size());
  std::vector<std::array<long double, 3 * Reach + 1>> rows(b.size());  // from column i - Reach
  auto const entry = [&](std::ptrdiff_t i, std::ptrdiff_t j) -> long double& {
    return rows[std::size_t(i)][std::size_t(j - i + Reach)];
  };
  for (std::ptrdiff_t i = 0; i < n; ++i)
    for (auto j = i - Reach; j <= i + Reach; ++j) entry(i, j) = a.at(i, j) - (i == j ? shift : 0);
  for (std::ptrdiff_t k = 0; k < n; ++k) {
    auto const below = std::min(n - 1, k + Reach), right = std::min(n - 1, k + 2 * Reach);
    auto best = k;
    for (auto i = k; i <= below; ++i)
      if (std::fabs(entry(i, k)) > std::fabs(entry(best, k))) best = i;
    for (auto j = k; best != k && j <= right; ++j) std::swap(entry(k, j), entry(best, j));
    std::swap(b[std::size_t(k)], b[std::size_t(best)]);
    if (entry(k, k) == 0) entry(k, k) = std::numeric_limits<long double>::epsilon();
    for (auto i = k + 1; i <= below; ++i) {
      auto const factor = entry(i, k) / entry(k, k);
      for (auto j = k; j <= right; ++j) entry(i, j) -= factor * entry(k, j);
      b[std::size_t(i)] -= factor * b[std::size_t(k)];
    }
  }
  for (auto k = n - 1; k >= 0; --k) {
    for (auto j = k + 1; j <= std::min(n - 1, k + 2 * Reach); ++j)
      b[std::size_t(k)] -= entry(k, j) * b[std::size_t(j)];
    b[std::size_t(k)] /= entry(k, k);
  }
  return b;
}

}  // namespace detail

/// An eigenpair near a guessed vector, by Rayleigh quotient iteration (Parlett, The Symmetric
/// Eigenvalue Problem, 1980, 4.6): its residual triples its digits at each step.
template <int Reach>
EigenPair eigen_pair(Band<Reach> const& a, std::vector<long double> x) {
  auto const dot = [](auto const& p, auto const& q) {
    long double sum = 0;
    for (std::size_t i = 0; i < p.size(); ++i) sum += p[i] * q[i];
    return sum;
  };
  long double value = dot(x, a.times(x)) / dot(x, x), least = -1;
  EigenPair best{};
  for (int step = 0; step < 30; ++step) {
    x = detail::solve_shifted(a, value, x);
    long double largest = 0;
    for (auto const& entry : x)
      if (std::fabs(entry) > std::fabs(largest)) largest = entry;
    for (auto& entry : x) entry /= largest;
    auto const image = a.times(x);
    value = dot(x, image) / dot(x, x);
    long double residual = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
      residual = std::max(residual, std::fabs(image[i] - value * x[i]));
    if (least >= 0 && !(residual < least)) break;
    least = residual;
    best = {value, x};
  }
  return best;
}

}  // namespace inpex::stencil
