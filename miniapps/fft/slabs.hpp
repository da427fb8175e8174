// SPDX-License-Identifier: Apache-2.0
#pragma once
// How a box [nz][ny][nx] lies on the ranks: before the forward transform each has planes of z,
// after it towers, all of z for some rows of y. The exchange between the two goes in chunks of
// planes, one message to each rank a chunk, and needs no packing: planes are written part by part
// where a message takes them, and arrive where towers are.

#include "planes.hpp"

#include <inpex/context.hpp>
#include <inpex/error.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

namespace inpex::fft {

/// Cuts `size` into near-equal parts, the first ones longer.
struct Shares {
  int size, parts;
  [[nodiscard]] int start(int part) const {
    return part * (size / parts) + std::min(part, size % parts);
  }
  [[nodiscard]] int count(int part) const { return start(part + 1) - start(part); }
  /// The part that has number n.
  [[nodiscard]] int part_of(int n) const {
    int const each = size / parts, more = size % parts, thick = more * (each + 1);
    return n < thick ? n / (each + 1) : more + (n - thick) / each;
  }
};

/// The shares of this rank and of the others.
class Slabs {
 public:
  /// Points along x, y, z, 1 to 2^31 - 1 each; every rank gets a plane and a row at least. A row of
  /// the spectrum has `columns` numbers. Throws Error (spec).
  Slabs(std::array<std::int64_t, 3> points, std::int64_t columns, int chunks, Comm const& comm)
      : points_(checked(points, comm.size())), columns_(static_cast<int>(columns)),
        rank_(comm.rank()), ranks_(comm.size()),
        chunks_(std::clamp(chunks, 1, z().count(ranks_ - 1))) {}

  [[nodiscard]] int nx() const { return points_[0]; }
  [[nodiscard]] int ny() const { return points_[1]; }
  [[nodiscard]] int nz() const { return points_[2]; }
  [[nodiscard]] int columns() const { return columns_; }
  [[nodiscard]] std::int64_t points() const { return std::int64_t{nx()} * ny() * nz(); }
  [[nodiscard]] int ranks() const { return ranks_; }
  [[nodiscard]] int rank() const { return rank_; }
  [[nodiscard]] int chunks() const { return ranks_ == 1 ? 1 : chunks_; }
  [[nodiscard]] Shares y() const { return {ny(), ranks_}; }
  [[nodiscard]] Shares z() const { return {nz(), ranks_}; }
  [[nodiscard]] int first_plane() const { return z().start(rank_); }
  [[nodiscard]] int planes() const { return z().count(rank_); }
  [[nodiscard]] int first_row() const { return y().start(rank_); }
  [[nodiscard]] int rows() const { return y().count(rank_); }

  /// The planes of a chunk of a rank: first, by number in the box, and how many.
  [[nodiscard]] std::array<int, 2> chunk(int rank, int c) const {
    Shares const cut{z().count(rank), chunks()};
    return {z().start(rank) + cut.start(c), cut.count(c)};
  }
  /// Most planes of a chunk of this rank.
  [[nodiscard]] int most_planes() const { return chunk(rank_, 0)[1]; }

 private:
  static std::array<int, 3> checked(std::array<std::int64_t, 3> points, int ranks) {
    std::array<int, 3> whole{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      if (points[axis] < 1 || points[axis] >= std::int64_t{1} << 31)
        throw Error(Fault::spec, std::to_string(points[axis]) + " points cannot be transformed",
                    "nx, ny, nz", "take 1 to 2147483647 points along an axis");
      whole[axis] = static_cast<int>(points[axis]);
    }
    if (auto const most = std::min(points[1], points[2]); ranks > most)
      throw Error(Fault::spec,
                  std::to_string(ranks) + " ranks are more than there are planes or rows", "ny, nz",
                  "take at most " + std::to_string(most) + " ranks");
    if (points[0] * points[1] >= std::int64_t{1} << 31)
      throw Error(Fault::spec, "a plane of more than 2147483647 points", "nx, ny",
                  "make z the longest axis");
    return whole;
  }

  std::array<int, 3> points_;
  int columns_, rank_, ranks_, chunks_;
};

}  // namespace inpex::fft
