// SPDX-License-Identifier: Apache-2.0
#pragma once
// In which order rows are relaxed. An ordering is a list of stages; rows of one stage do not read
// each other, so that they can be relaxed at the same time. Rows get places: stage by stage, each
// stage padded to whole chunks. Nothing is assumed about the matrix but what its rows say.
//
// Why the colour with most coarse points comes last: the rows that a backward sweep relaxes first
// keep a residual of zero in the forward sweep before it, and injection restricts at exactly those
// points when they come first; 60 iterations in place of 52 (docs/performance/sparse.md).

#include "csr.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

namespace inpex::sparse {

/// natural: all rows in one stage, for products only. colours: greedy colours of the whole matrix.
/// planes: runs of consecutive rows, each coloured by itself, so that most of the natural order
/// stays.
enum class Order { natural, colours, planes };

struct Ordering {
  HostArray<int> place;     ///< [rows]: of each row
  std::vector<int> row;     ///< [places]: at each place, or -1 where a stage is padded
  std::vector<int> stages;  ///< first place of each, and one past the last
  bool independent = true;  ///< whether rows of a stage promise not to read each other

  explicit Ordering(int rows) : place("places", static_cast<std::size_t>(rows)), stages{0} {}
  [[nodiscard]] int places() const { return stages.back(); }
  /// Makes the first two stages one, whose rows then read each other: a fault to be planted.
  void merge_colours() {
    independent = false;
    if (stages.size() > 2) stages.erase(stages.begin() + 1);
  }
  void append(int which) {
    place.data()[which] = static_cast<int>(row.size());
    row.push_back(which);
  }
  void end_stage(int chunk) {
    row.resize((row.size() + static_cast<std::size_t>(chunk) - 1) /
                   static_cast<std::size_t>(chunk) * static_cast<std::size_t>(chunk),
               -1);
    stages.push_back(static_cast<int>(row.size()));
  }
};

namespace detail {

inline constexpr int most_colours = 64;

/// The lowest colour for each row of [first, last) that none of its neighbours in there has yet.
inline int colour_rows(Csr const& matrix, int first, int last, std::vector<std::int8_t>& colour) {
  int used = 0;
  for (int row = first; row < last; ++row) {
    std::uint64_t taken = 0;
    for (auto k = matrix.begin(row), end = matrix.end(row); k < end; ++k) {
      int const other = matrix.column.data()[k];
      if (other >= first && other < row)
        taken |= std::uint64_t{1} << colour[static_cast<std::size_t>(other)];
    }
    int const lowest = std::countr_one(taken);
    if (lowest == most_colours)
      throw Error(Fault::failed, "the rows of the matrix need more than 64 colours", {},
                  "sweeps by colour are for matrices with short rows");
    colour[static_cast<std::size_t>(row)] = static_cast<std::int8_t>(lowest);
    used = std::max(used, lowest + 1);
  }
  return used;
}

/// Colours in the order of a forward sweep: from last to first as found, but the one with most
/// coarse points at the end.
inline std::vector<int> colour_order(std::vector<int> const& coarse_points) {
  std::vector<int> order;
  for (int colour = static_cast<int>(coarse_points.size()) - 1; colour >= 0; --colour)
    order.push_back(colour);
  auto const last = std::max_element(order.begin(), order.end(), [&](int a, int b) {
    return coarse_points[static_cast<std::size_t>(a)] < coarse_points[static_cast<std::size_t>(b)];
  });
  if (coarse_points[static_cast<std::size_t>(*last)] > 0) std::rotate(last, last + 1, order.end());
  return order;
}

/// Colours the rows of [first, last) by themselves and appends a stage for each colour.
inline void append_coloured(Ordering& ordering, Csr const& matrix, std::array<int, 2> range,
                            std::vector<char> const& is_coarse, std::vector<std::int8_t>& colour,
                            int chunk) {
  auto const [first, last] = range;
  int const count = colour_rows(matrix, first, last, colour);
  std::vector<int> coarse_points(static_cast<std::size_t>(count)), size(coarse_points),
      next(coarse_points);
  for (int row = first; row < last; ++row) {
    auto const c = static_cast<std::size_t>(colour[static_cast<std::size_t>(row)]);
    ++size[c];
    if (!is_coarse.empty()) coarse_points[c] += is_coarse[static_cast<std::size_t>(row)];
  }
  for (int const c : colour_order(coarse_points)) {
    next[static_cast<std::size_t>(c)] = static_cast<int>(ordering.row.size());
    ordering.row.resize(ordering.row.size() +
                        static_cast<std::size_t>(size[static_cast<std::size_t>(c)]));
    ordering.end_stage(chunk);
  }
  for (int row = first; row < last; ++row) {
    int const place = next[static_cast<std::size_t>(colour[static_cast<std::size_t>(row)])]++;
    ordering.place.data()[row] = place;
    ordering.row[static_cast<std::size_t>(place)] = row;
  }
}

}  // namespace detail

/// How many rows lie between a row and what it reads furthest ahead, on average: a plane of a
/// matrix that comes from a grid in natural order. Looks at the longest row near the middle; any
/// answer is right for the sweeps, a good one keeps them close to the natural order.
inline int plane_length(Csr const& matrix) {
  constexpr int looked_at = 16384;
  int row = matrix.rows / 2;
  auto const length = [&](int which) { return matrix.end(which) - matrix.begin(which); };
  for (int other = row, end = std::min(matrix.rows, row + looked_at); other < end; ++other)
    if (length(other) > length(row)) row = other;
  std::vector<int> ahead{0};
  for (auto k = matrix.begin(row); k < matrix.end(row); ++k)
    if (int const column = matrix.column.data()[k]; column > row && column < matrix.rows)
      ahead.push_back(column - row);
  std::sort(ahead.begin(), ahead.end());
  std::size_t widest = 0;
  int gap = 0;
  for (std::size_t i = 1; i < ahead.size(); ++i)
    if (ahead[i] - ahead[i - 1] > gap) gap = ahead[i] - ahead[i - 1], widest = i;
  std::int64_t sum = 0;
  for (std::size_t i = widest; i < ahead.size(); ++i) sum += ahead[i];
  auto const far = static_cast<std::int64_t>(ahead.size() - widest);
  return std::clamp(static_cast<int>((sum + far / 2) / far), 1, std::max(1, matrix.rows));
}

/// The natural order, but within every `window` rows the longest first: sliced ELLPACK's sigma.
inline Ordering sorted_by_length(Csr const& matrix, int window, int chunk) {
  Ordering ordering(matrix.rows);
  std::vector<int> rows(static_cast<std::size_t>(matrix.rows));
  std::iota(rows.begin(), rows.end(), 0);
  for (int first = 0; first < matrix.rows; first += window)
    std::stable_sort(rows.begin() + first, rows.begin() + std::min(matrix.rows, first + window),
                     [&](int a, int b) {
                       return matrix.end(a) - matrix.begin(a) > matrix.end(b) - matrix.begin(b);
                     });
  for (int const row : rows) ordering.append(row);
  ordering.end_stage(chunk);
  return ordering;
}

/// Orders the rows. `coarse` lists rows that a coarser level keeps; `chunk` rows are relaxed at
/// once.
inline Ordering make_ordering(Csr const& matrix, Order order, std::vector<int> const& coarse,
                              int chunk) {
  Ordering ordering(matrix.rows);
  ordering.row.reserve(static_cast<std::size_t>(matrix.rows) + 1024);
  if (order == Order::natural) {
    for (int row = 0; row < matrix.rows; ++row) ordering.append(row);
    ordering.end_stage(chunk);
    return ordering;
  }
  auto const rows = static_cast<std::size_t>(matrix.rows);
  std::vector<char> is_coarse(coarse.empty() ? 0 : rows);
  for (int const row : coarse) is_coarse[static_cast<std::size_t>(row)] = 1;
  std::vector<std::int8_t> colour(rows);
  // A stage of a few rows would be mostly padding.
  int const length =
      order == Order::planes ? std::max(plane_length(matrix), 8 * chunk) : std::max(1, matrix.rows);
  for (int first = 0; first < matrix.rows; first += length)
    detail::append_coloured(ordering, matrix,
                            {first, std::min(matrix.rows - first, length) + first}, is_coarse,
                            colour, chunk);
  return ordering;
}

}  // namespace inpex::sparse
