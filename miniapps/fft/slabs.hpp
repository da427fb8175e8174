// SPDX-License-Identifier: Apache-2.0
#pragma once
// How a box [nz][ny][nx] lies on the ranks: before the forward transform each has planes of z,
// after it towers, all of z for some rows of y. The exchange between the two goes in chunks of
// planes, one message to each rank a chunk, and needs no packing: planes are written part by part
// where a message takes them, and arrive where towers are. With more ranks than planes or rows
// several share a group of planes: each has some of their rows, and towers of some columns alone.

#include "grid.hpp"
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

/// What is cut beside planes: `kept` numbers of a row of the spectrum, which lie in whole vectors;
/// and rows, of which `together` stay together.
struct Rows {
  std::int64_t kept;
  int vector = 1, together = 1;
};

/// How it is cut: chunks of the exchange, and ranks that share planes, 0 for as few as do.
struct Sharing {
  int chunks = 1, ranks_y = 0;
};

/// The shares of this rank and of the others. Groups share out planes, and rows of towers; the
/// ranks of a group share out rows of its planes, and columns of towers.
class Slabs {
 public:
  /// Points along x, y, z, 1 to 2^31 - 1 each; every rank gets a part of a plane and a tower at
  /// least. Throws Error (spec).
  Slabs(std::array<std::int64_t, 3> points, Rows const& rows, Sharing const& sharing,
        Comm const& comm)
      : points_(checked(points)), rows_(rows),
        grid_(rank_grid(comm.size(), sharing.ranks_y,
                        {std::min(points[1], points[2]),
                         std::min((points[1] + rows.together - 1) / rows.together, rows.kept)})),
        rank_(comm.rank()), chunks_(std::clamp(sharing.chunks, 1, z().count(groups() - 1))) {}

  [[nodiscard]] int nx() const { return points_[0]; }
  [[nodiscard]] int ny() const { return points_[1]; }
  [[nodiscard]] int nz() const { return points_[2]; }
  [[nodiscard]] std::int64_t points() const { return std::int64_t{nx()} * ny() * nz(); }
  [[nodiscard]] int ranks() const { return groups() * sharers(); }
  [[nodiscard]] int chunks() const { return ranks() == 1 ? 1 : chunks_; }

  /// Groups of ranks, and ranks of a group; this one.
  [[nodiscard]] int groups() const { return grid_.groups; }
  [[nodiscard]] int sharers() const { return grid_.sharers; }
  [[nodiscard]] int group() const { return rank_ / sharers(); }
  [[nodiscard]] int share() const { return rank_ % sharers(); }
  [[nodiscard]] int rank_of(int group, int share) const { return group * sharers() + share; }

  [[nodiscard]] Shares y() const { return {ny(), groups()}; }
  [[nodiscard]] Shares z() const { return {nz(), groups()}; }
  [[nodiscard]] int first_plane() const { return z().start(group()); }
  [[nodiscard]] int planes() const { return z().count(group()); }
  [[nodiscard]] int first_row() const { return y().start(group()); }
  [[nodiscard]] int rows() const { return y().count(group()); }

  /// What the ranks of a group have of its planes.
  [[nodiscard]] Cut plane_cut() const { return {ny(), sharers(), rows_.together}; }
  [[nodiscard]] int first_plane_row() const { return plane_cut().start(share()); }
  [[nodiscard]] int plane_rows() const { return plane_cut().count(share()); }
  /// And of its towers: columns that are kept, and those with what fills up vectors.
  [[nodiscard]] Cut column_cut() const { return {static_cast<int>(rows_.kept), sharers()}; }
  [[nodiscard]] int vector() const { return rows_.vector; }
  [[nodiscard]] int first_column() const { return column_cut().start(share()); }
  [[nodiscard]] int kept() const { return column_cut().count(share()); }
  [[nodiscard]] int columns() const { return (kept() + vector() - 1) / vector() * vector(); }

  /// The planes of a chunk of a group: first, by number in the box, and how many.
  [[nodiscard]] std::array<int, 2> chunk(int group, int c) const {
    Shares const cut{z().count(group), chunks()};
    return {z().start(group) + cut.start(c), cut.count(c)};
  }
  /// Most planes of a chunk of this rank.
  [[nodiscard]] int most_planes() const { return chunk(group(), 0)[1]; }

 private:
  static std::array<int, 3> checked(std::array<std::int64_t, 3> points) {
    std::array<int, 3> whole{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      if (points[axis] < 1 || points[axis] >= std::int64_t{1} << 31)
        throw Error(Fault::spec, std::to_string(points[axis]) + " points cannot be transformed",
                    "nx, ny, nz", "take 1 to 2147483647 points along an axis");
      whole[axis] = static_cast<int>(points[axis]);
    }
    if (points[0] * points[1] >= std::int64_t{1} << 31)
      throw Error(Fault::spec, "a plane of more than 2147483647 points", "nx, ny",
                  "make z the longest axis");
    return whole;
  }

  std::array<int, 3> points_;
  Rows rows_;
  RankGrid grid_;
  int rank_, chunks_;
};

}  // namespace inpex::fft
