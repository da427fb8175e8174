// SPDX-License-Identifier: Apache-2.0
#pragma once
// The periodic box as columns along z, cut over ranks in x and y: a rank owns a rectangle of
// columns, and ghost columns, two deep, are copies of its neighbours' along axes that are cut.
// Along other axes images are shifts, and need no copies.

#include "melt.hpp"

#include <inpex/comm.hpp>
#include <inpex/error.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace inpex::particle {

/// How far a list looks, in columns; what two columns span is at least the reach of a list.
inline constexpr int column_reach = 2;

/// A box in columns, and this rank's share of it. Axis 2, z, is never cut.
class Domain {
 public:
  /// `reach` is cut-off plus skin. Throws Error (spec) when the box is smaller than two reaches, or
  /// has too few columns for the ranks.
  Domain(Point const& box, double reach, Comm const& comm) : box_(box) {
    for (int axis = 0; axis < 3; ++axis)
      if (!(box[axis_(axis)] >= 2 * reach))
        throw Error(Fault::spec,
                    "the box is " + std::to_string(box[axis_(axis)]) + " wide along " +
                        "xyz"[axis] + ", but needs two cut-offs with skin, " +
                        std::to_string(2 * reach),
                    "nx, ny, nz", "take a larger box, or a smaller cutoff or skin");
    choose_parts(reach, comm.size());
    place_ = {comm.rank() / parts_[1], comm.rank() % parts_[1]};
    for (std::size_t axis = 0; axis < 2; ++axis) {
      lower_[axis] = start(axis, place_[axis]);
      own_[axis] = start(axis, place_[axis] + 1) - lower_[axis];
    }
  }

  [[nodiscard]] Point const& box() const { return box_; }
  /// Columns of the whole box, of this rank, its first one, and layers of ghosts, along x or y.
  [[nodiscard]] int columns(int axis) const { return columns_[axis_(axis)]; }
  [[nodiscard]] int own(int axis) const { return own_[axis_(axis)]; }
  [[nodiscard]] int lower(int axis) const { return lower_[axis_(axis)]; }
  [[nodiscard]] bool is_cut(int axis) const { return parts_[axis_(axis)] > 1; }
  [[nodiscard]] int ghosts(int axis) const { return is_cut(axis) ? column_reach : 0; }
  /// Columns with ghosts; column (cx, cy) of this rank, -ghosts <= c < own + ghosts, is index(cx,
  /// cy).
  [[nodiscard]] int pitch() const { return own(1) + 2 * ghosts(1); }
  [[nodiscard]] int all() const { return (own(0) + 2 * ghosts(0)) * pitch(); }
  [[nodiscard]] int index(int cx, int cy) const {
    return (cx + ghosts(0)) * pitch() + cy + ghosts(1);
  }
  /// The rank before (-1) or after (1) this one along an axis, periodically.
  [[nodiscard]] int neighbour(int axis, int step) const {
    auto there = place_;
    int const parts = parts_[axis_(axis)];
    there[axis_(axis)] = (place_[axis_(axis)] + step + parts) % parts;
    return there[0] * parts_[1] + there[1];
  }
  /// What is added to positions that are sent that way: the box, where it ends between the two.
  [[nodiscard]] double shift(int axis, int step) const {
    int const to = place_[axis_(axis)] + step;
    return to < 0 ? box_[axis_(axis)] : to == parts_[axis_(axis)] ? -box_[axis_(axis)] : 0;
  }
  /// The column along an axis, of the whole box, of a coordinate 0 <= x < box; the last for what is
  /// beyond.
  [[nodiscard]] int column(int axis, double x) const {
    int const c = static_cast<int>(x * per_length_[axis_(axis)]);
    return std::clamp(c, 0, columns(axis) - 1);
  }
  /// How far column c of the whole box is from this rank's: 0 inside, negative before, positive
  /// after.
  [[nodiscard]] int distance(int axis, int c) const {
    int const after = (c - lower(axis) + columns(axis)) % columns(axis);
    if (after < own(axis)) return 0;
    int const beyond = after - own(axis) + 1, before = columns(axis) - after;
    return beyond <= before ? beyond : -before;
  }
  [[nodiscard]] double per_length(int axis) const { return per_length_[axis_(axis)]; }

 private:
  static constexpr std::size_t axis_(int axis) { return static_cast<std::size_t>(axis); }
  [[nodiscard]] int start(std::size_t axis, int part) const {
    return static_cast<int>(std::int64_t{columns_[axis]} * part / parts_[axis]);
  }
  // The factors of `ranks` with the least surface; columns of about three quarters of the reach,
  // whatever the ranks.
  void choose_parts(double reach, int ranks) {
    double best = HUGE_VAL;
    for (int px = 1; px <= ranks; ++px) {
      if (ranks % px != 0) continue;
      std::array<int, 2> const parts{px, ranks / px};
      std::array<int, 2> columns{};
      bool fits = true;
      for (std::size_t axis = 0; axis < 2; ++axis) {
        columns[axis] = std::max(2, static_cast<int>(std::lround(box_[axis] / (0.75 * reach))));
        columns[axis] =
            std::min(columns[axis], static_cast<int>(box_[axis] * column_reach / reach));
        fits = fits && (parts[axis] == 1 || columns[axis] >= column_reach * parts[axis]);
      }
      double const surface =
          (parts[0] > 1 ? parts[0] * box_[1] : 0) + (parts[1] > 1 ? parts[1] * box_[0] : 0);
      if (fits && surface < best) best = surface, parts_ = parts, columns_ = columns;
    }
    if (best == HUGE_VAL)
      throw Error(Fault::spec,
                  "the box has too few columns for " + std::to_string(ranks) + " ranks",
                  "nx, ny, nz", "take fewer ranks or a larger case");
    for (std::size_t axis = 0; axis < 2; ++axis) per_length_[axis] = columns_[axis] / box_[axis];
  }

  Point box_;
  std::array<int, 2> parts_{}, columns_{}, place_{}, lower_{}, own_{};
  std::array<double, 2> per_length_{};
};

}  // namespace inpex::particle
