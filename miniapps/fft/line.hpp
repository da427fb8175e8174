// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a transform along one axis needs: stages and their twiddle factors, computed in long double
// from angles reduced in integers. A Line is what kernels are given; a LinePlan owns its tables.
// Stockham's scheme (in Cochran et al., Proc. IEEE 55, 1967): stage by stage from one buffer to
// another, with the result in natural order and no permutation of its own.

#include "radices.hpp"

#include <inpex/error.hpp>
#include <inpex/memory.hpp>

#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>
#include <utility>

namespace inpex::fft {

/// More stages than any length below 2^31 has.
inline constexpr int most_stages = 22;

/// One pass over a line: `after` groups of `before` butterflies each.
template <class T>
struct Stage {
  int radix = 1;
  int before = 1;     ///< product of the radices of earlier stages (the first one's excepted)
  int after = 1;      ///< points of the shorter transforms that remain
  T const* twiddles;  ///< [after][radix] pairs (cos, sin) of -2 pi p r / (radix after)
  T const* roots;     ///< [radix] pairs (cos, sin) of 2 pi j / radix
};

/// A transform of `length` points for kernels; the first stage leaves `stage[0].radix` transforms
/// of `stage[0].after` points, each of which the stages 1.. do on their own.
template <class T>
struct Line {
  int length = 1, stages = 0;
  T const* row_twiddles = nullptr;  ///< of stage 0, [after / W][radix] of W cosines, W sines
  Stage<T> stage[most_stages]{};
};

/// cos and sin of -2 pi turn / turns.
template <class T>
void write_root(std::int64_t turn, std::int64_t turns, T* to) {
  auto const angle = 2 * std::numbers::pi_v<long double> * (turn % turns) / turns;
  to[0] = static_cast<T>(std::cos(angle));
  to[1] = static_cast<T>(-std::sin(angle));
}

/// The tables of a smooth length, W lanes to a vector, in the memory of a host. Set-up: O(length)
/// sines. Throws Error (spec) for a length that is less than 1 or has a prime factor above 13.
template <class T, int W, class Array>
class LinePlan {
 public:
  explicit LinePlan(std::int64_t length);

  [[nodiscard]] Line<T> const& line() const { return line_; }
  /// The same with its tables at `data`, where tables() were copied to.
  [[nodiscard]] Line<T> line_at(T const* data) const {
    auto line = line_;
    line.row_twiddles = data + (line.row_twiddles - tables_.data());
    for (int s = 0; s < line.stages; ++s) {
      line.stage[s].twiddles = data + (line.stage[s].twiddles - tables_.data());
      line.stage[s].roots = data + (line.stage[s].roots - tables_.data());
    }
    return line;
  }
  [[nodiscard]] Array const& tables() const { return tables_; }
  /// Whether W points of a row fit one vector in every butterfly of the first stage, of the two
  /// that `row` has.
  [[nodiscard]] bool lanes_in_row() const {
    auto const& first = line_.stage[0];
    return W > 1 && line_.stages > 1 && (first.radix == 8 || first.radix == 16) &&
           first.radix % W == 0 && first.after % W == 0;
  }
  /// Plants a fault: conjugates the factor of result 1 of the last butterfly of the first stage, or
  /// exchanges it with that of result 2; in the table of rows too.
  void spoil(bool conjugate);

 private:
  static std::size_t table_size(std::int64_t length);

  Line<T> line_;
  Array tables_;
};

template <class T, int W, class Array>
std::size_t LinePlan<T, W, Array>::table_size(std::int64_t length) {
  auto const radices = radices_of(length, W);
  if (length < 1 || (length > 1 && radices.empty()))
    throw Error(Fault::spec, "a line of " + std::to_string(length) + " points has no plain plan");
  std::size_t size = 0, rest = static_cast<std::size_t>(length);
  for (auto const radix : radices)
    size += 2 * rest + 2 * static_cast<std::size_t>(radix), rest /= static_cast<std::size_t>(radix);
  return size + 2 * W + 2 * static_cast<std::size_t>(length);
}

template <class T, int W, class Array>
void LinePlan<T, W, Array>::spoil(bool conjugate) {
  auto const& first = line_.stage[0];
  if (line_.stages < 2 || first.radix < 3) return;
  int const p = first.after - 1;
  T* const factor = tables_.data() + 2 * (first.radix * p + 1);
  T* const in_rows =
      const_cast<T*>(line_.row_twiddles) + 2 * W * (first.radix * (p / W) + 1) + p % W;
  bool const rows = lanes_in_row();
  if (conjugate) {
    factor[1] = -factor[1];
    if (rows) in_rows[W] = -in_rows[W];
    return;
  }
  for (int part = 0; part < 2; ++part) {
    std::swap(factor[part], factor[2 + part]);
    if (rows) std::swap(in_rows[W * part], in_rows[W * (2 + part)]);
  }
}

template <class T, int W, class Array>
LinePlan<T, W, Array>::LinePlan(std::int64_t length)
    : tables_("twiddles of " + std::to_string(length), table_size(length)) {
  line_.length = static_cast<int>(length);
  T* at = tables_.data();
  int rest = line_.length, before = 1;
  for (int const radix : radices_of(length, W)) {
    rest /= radix;
    auto& stage = line_.stage[line_.stages++];
    stage = {radix, before, rest, at, nullptr};
    for (int p = 0; p < rest; ++p)
      for (int r = 0; r < radix; ++r, at += 2) write_root(std::int64_t{p} * r, rest * radix, at);
    stage.roots = at;
    for (int j = 0; j < radix; ++j, at += 2) write_root(radix - j, radix, at);
    if (line_.stages > 1) before *= radix;
  }
  auto const used = static_cast<std::size_t>(at - tables_.data());
  at += (2 * W - used % (2 * W)) % (2 * W);  // rows load whole vectors
  line_.row_twiddles = at;
  if (!lanes_in_row()) return;
  auto const& first = line_.stage[0];
  for (int group = 0; group < first.after / W; ++group)
    for (int r = 0; r < first.radix; ++r, at += 2 * W)
      for (int lane = 0; lane < W; ++lane) {
        T root[2];
        write_root(std::int64_t{group * W + lane} * r, length, root);
        at[lane] = root[0];
        at[W + lane] = root[1];
      }
}

}  // namespace inpex::fft
