// SPDX-License-Identifier: Apache-2.0
#pragma once
// Matrices on a box of points, a row a point that reads its neighbours in the cube around it, cut
// into blocks over ranks. Levels keep every second point of every axis: point i of a coarse box is
// point 2 i of the fine one and belongs to the same rank.

#include "csr.hpp"

#include <inpex/comm.hpp>
#include <inpex/grid.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace inpex::sparse {

using Point = std::array<std::int64_t, 3>;

/// Steps along an axis from a point to those that its row reads.
struct Steps {
  int first = -1, last = 1, stride = 1;
};

/// The whole cube around every point.
struct WholeCube {
  static constexpr bool dense = true;
  [[nodiscard]] static bool has(Point const&) { return true; }
  [[nodiscard]] static Steps steps(std::int64_t) { return {}; }
};

/// A box of points of which each rank has a block.
class Box27 {
 public:
  /// Blocks are near-equal in units of `unit` points along each axis. Throws Error (spec) where
  /// there are fewer units than ranks need, and where a block has more rows than 32-bit columns
  /// count.
  Box27(Point points, Comm const& comm, std::int64_t unit) : points_(points) {
    Point units{};
    for (std::size_t a = 0; a < 3; ++a) units[a] = (points[a] + unit - 1) / unit;
    parts_ = cut(points, comm.size(), unit);
    int const rank = comm.rank();
    place_ = {rank % parts_[0], rank / parts_[0] % parts_[1], rank / parts_[0] / parts_[1]};
    for (std::size_t a = 0; a < 3; ++a)
      for (int part = 0; part <= parts_[a]; ++part) {
        auto const each = units[a] / parts_[a], more = units[a] % parts_[a];
        starts_[a].push_back(
            std::min(points[a], unit * (part * each + std::min<std::int64_t>(part, more))));
      }
    check_size();
    list_halo();
  }

  /// The box of every second point.
  [[nodiscard]] Box27 coarser() const {
    Box27 coarse = *this;
    for (std::size_t a = 0; a < 3; ++a) {
      coarse.points_[a] = (points_[a] + 1) / 2;
      for (auto& start : coarse.starts_[a]) start = (start + 1) / 2;
    }
    coarse.list_halo();
    return coarse;
  }

  [[nodiscard]] Point points() const { return points_; }
  [[nodiscard]] std::array<int, 3> parts() const { return parts_; }
  [[nodiscard]] std::int64_t lower(std::size_t axis) const {
    return starts_[axis][static_cast<std::size_t>(place_[axis])];
  }
  [[nodiscard]] int extent(std::size_t axis) const {
    return static_cast<int>(starts_[axis][static_cast<std::size_t>(place_[axis]) + 1] -
                            lower(axis));
  }
  [[nodiscard]] int rows() const { return extent(0) * extent(1) * extent(2); }
  /// The points of the smallest block along its shortest axis.
  [[nodiscard]] std::int64_t thinnest() const {
    std::int64_t least = points_[0];
    for (auto const& starts : starts_)
      for (std::size_t p = 0; p + 1 < starts.size(); ++p)
        least = std::min(least, starts[p + 1] - starts[p]);
    return least;
  }
  /// Number of a point in the whole box; of a row of this rank.
  [[nodiscard]] std::int64_t number(Point const& p) const {
    return p[0] + points_[0] * (p[1] + points_[1] * p[2]);
  }
  [[nodiscard]] Point point(int row) const {
    return {lower(0) + row % extent(0), lower(1) + row / extent(0) % extent(1),
            lower(2) + row / extent(0) / extent(1)};
  }
  /// The number in the whole box of each row, and then of each halo column.
  [[nodiscard]] std::vector<std::int64_t> numbers() const {
    std::vector<std::int64_t> all;
    for (int row = 0; row < rows(); ++row) all.push_back(number(point(row)));
    all.insert(all.end(), halo_numbers_.begin(), halo_numbers_.end());
    return all;
  }
  /// How many points of the cube around a point are in the box.
  [[nodiscard]] int cube(Point const& p) const {
    int count = 1;
    for (std::size_t a = 0; a < 3; ++a) count *= 3 - (p[a] == 0) - (p[a] == points_[a] - 1);
    return count;
  }
  /// Whether every point of the cube around a point belongs to this rank.
  [[nodiscard]] bool inside(Point const& p) const {
    for (std::size_t a = 0; a < 3; ++a)
      if (p[a] <= lower(a) || p[a] >= lower(a) + extent(a) - 1) return false;
    return true;
  }

  /// The rows of this box that its coarser one keeps, in that one's order.
  [[nodiscard]] std::vector<int> kept_rows() const {
    std::vector<int> rows;
    for (int row = 0; row < this->rows(); ++row)
      if (Point const p = point(row); p[0] % 2 == 0 && p[1] % 2 == 0 && p[2] % 2 == 0)
        rows.push_back(row);
    return rows;
  }

  /// This rank's share of the matrix with entry(p, step) at row p and column p + step, where step
  /// is in entry.steps(p[axis]) along each axis and entry.has(p). Filled by the host space H.
  template <Space H = Host, class Entry>
  [[nodiscard]] Share share(Entry const& entry) const;

 private:
  void check_size() const;
  void list_halo();
  [[nodiscard]] int owner(Point const& p) const {
    std::array<int, 3> part{};
    for (std::size_t a = 0; a < 3; ++a)
      part[a] = static_cast<int>(std::upper_bound(starts_[a].begin(), starts_[a].end() - 1, p[a]) -
                                 starts_[a].begin()) -
                1;
    return part[0] + parts_[0] * (part[1] + parts_[1] * part[2]);
  }
  [[nodiscard]] std::size_t shell_index(Point const& p) const {
    std::size_t index = 0;
    for (std::size_t a = 3; a-- > 0;)
      index = index * static_cast<std::size_t>(extent(a) + 2) +
              static_cast<std::size_t>(p[a] - lower(a) + 1);
    return index;
  }
  [[nodiscard]] int column(Point const& p) const {
    bool mine = true;
    for (std::size_t a = 0; a < 3; ++a)
      mine = mine && p[a] >= lower(a) && p[a] < lower(a) + extent(a);
    if (mine)
      return static_cast<int>(p[0] - lower(0) +
                              extent(0) * (p[1] - lower(1) + extent(1) * (p[2] - lower(2))));
    return rows() + shell_[shell_index(p)];
  }
  /// Calls visit(q, step) for each column q = p + step of row p that is in the box.
  template <class Entry, class Visit>
  void each_column(Entry const& entry, Point const& p, Visit const& visit) const {
    if (!entry.has(p)) return;
    Steps const x = entry.steps(p[0]), y = entry.steps(p[1]), z = entry.steps(p[2]);
    auto const in = [&](std::size_t a, std::int64_t at) { return at >= 0 && at < points_[a]; };
    for (int dz = z.first; dz <= z.last; dz += z.stride)
      for (int dy = y.first; dy <= y.last; dy += y.stride)
        for (int dx = x.first; dx <= x.last; dx += x.stride)
          if (in(0, p[0] + dx) && in(1, p[1] + dy) && in(2, p[2] + dz))
            visit(Point{p[0] + dx, p[1] + dy, p[2] + dz}, Point{dx, dy, dz});
  }

  Point points_;
  std::array<int, 3> parts_{}, place_{};
  std::array<std::vector<std::int64_t>, 3> starts_;
  std::vector<int>
      shell_;  // number of the halo column of each point around the block; only if there are
  std::vector<Neighbour> neighbours_;
  std::vector<std::int64_t> halo_numbers_;
  int halo_ = 0;
};

inline void Box27::check_size() const {
  double const rows = double(extent(0) + 2) * double(extent(1) + 2) * double(extent(2) + 2);
  if (rows >= 2147483647.0)
    throw Error(Fault::spec,
                "a rank's block of " + std::to_string(extent(0)) + " x " +
                    std::to_string(extent(1)) + " x " + std::to_string(extent(2)) +
                    " points has more columns than 32 bits count",
                "nx, ny, nz", "take at most 1280 points along each axis of a rank");
}

// Halo columns by owner, then by number in the whole box; a neighbour finds the rows that it must
// send in the same order, since reading is mutual.
inline void Box27::list_halo() {
  shell_.clear(), neighbours_.clear(), halo_numbers_.clear(), halo_ = 0;
  if (parts_[0] * parts_[1] * parts_[2] == 1) return;
  struct Seen {
    int owner;
    std::int64_t number;
    Point point;
    bool operator<(Seen const& other) const {
      return std::pair(owner, number) < std::pair(other.owner, other.number);
    }
  };
  std::vector<Seen> halo, sent;
  auto const visit_shell = [&](int thickness, auto const& visit) {
    for (auto z = lower(2) - thickness; z < lower(2) + extent(2) + thickness; ++z)
      for (auto y = lower(1) - thickness; y < lower(1) + extent(1) + thickness; ++y)
        for (auto x = lower(0) - thickness; x < lower(0) + extent(0) + thickness; ++x)
          visit(Point{x, y, z});
  };
  if (rows() > 0) {
    shell_.assign(static_cast<std::size_t>(extent(0) + 2) *
                      static_cast<std::size_t>(extent(1) + 2) *
                      static_cast<std::size_t>(extent(2) + 2),
                  -1);
    visit_shell(1, [&](Point const& p) {
      bool in = true, mine = true;
      for (std::size_t a = 0; a < 3; ++a) {
        in = in && p[a] >= 0 && p[a] < points_[a];
        mine = mine && p[a] >= lower(a) && p[a] < lower(a) + extent(a);
      }
      if (in && !mine) halo.push_back({owner(p), number(p), p});
    });
    visit_shell(0, [&](Point const& p) {
      if (inside(p)) return;
      std::vector<int> readers;
      each_column(WholeCube{}, p,
                  [&](Point const& q, Point const&) { readers.push_back(owner(q)); });
      std::sort(readers.begin(), readers.end());
      readers.erase(std::unique(readers.begin(), readers.end()), readers.end());
      for (int const reader : readers)
        if (reader != owner(p)) sent.push_back({reader, number(p), p});
    });
  }
  std::sort(halo.begin(), halo.end());
  std::sort(sent.begin(), sent.end());
  for (auto const& each : halo) {
    if (neighbours_.empty() || neighbours_.back().rank != each.owner)
      neighbours_.push_back({each.owner, halo_, 0, {}});
    ++neighbours_.back().count;
    shell_[shell_index(each.point)] = halo_++;
    halo_numbers_.push_back(each.number);
  }
  auto neighbour = neighbours_.begin();
  for (auto const& each : sent) {
    while (neighbour->rank != each.owner) ++neighbour;
    neighbour->sent.push_back(column(each.point));
  }
}

template <Space H, class Entry>
Share Box27::share(Entry const& entry) const {
  std::int64_t entries = 0;
  int const count = rows();
  HostArray<std::int64_t> start("row starts", static_cast<std::size_t>(count) + 1);
  int const nx = extent(0), ny = extent(1);
  for (int row = 0; row < count; ++row) {
    start.data()[row] = entries;
    Point const p = point(row);
    if constexpr (Entry::dense)
      entries += cube(p);
    else
      each_column(entry, p, [&](Point const&, Point const&) { ++entries; });
  }
  start.data()[count] = entries;
  Share share{Csr(count, halo_, entries), neighbours_};
  share.matrix.start = std::move(start);
  int* const columns = share.matrix.column.data();
  double* const values = share.matrix.value.data();
  auto const fill = [&](int row) {
    Point const p = point(row);
    auto at = share.matrix.begin(row);
    if (Entry::dense && inside(p)) {
      for (int step = 0; step < 27; ++step, ++at) {
        Point const d{step % 3 - 1, step / 3 % 3 - 1, step / 9 - 1};
        columns[at] = row + static_cast<int>(d[0]) +
                      nx * (static_cast<int>(d[1]) + ny * static_cast<int>(d[2]));
        values[at] = entry(p, d);
      }
      return;
    }
    each_column(entry, p, [&](Point const& q, Point const& d) {
      columns[at] = column(q);
      values[at++] = entry(p, d);
    });
  };
  Kokkos::parallel_for("fill matrix", Kokkos::RangePolicy<H, Kokkos::IndexType<int>>(0, count),
                       fill);
  H().fence("matrix filled");
  return share;
}

}  // namespace inpex::sparse
