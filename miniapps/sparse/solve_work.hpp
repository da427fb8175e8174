// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a solution costs: the flops of HPCG's mathematics, and the bytes that no schedule can leave
// out: each value of the matrix as often as a sweep needs it, each vector once a kernel. Formats
// add 1 % of distances and absent entries, which are not counted. The specs say the same in
// formulas.

#include "multigrid.hpp"

#include <inpex/work.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace inpex::sparse {

/// Rows, entries and halo of a group of levels of this rank, for counting work.
struct LevelCounts {
  std::int64_t rows = 0, inner = 0, outer = 0, sent = 0, messages = 0;

  void add(LevelInput const& level) {
    auto const& a = level.share.matrix;
    rows += a.rows;
    for (std::int64_t k = 0; k < a.entries(); ++k) outer += a.column.data()[k] >= a.rows;
    inner = inner + a.entries() - a.rows;
    for (auto const& each : level.share.neighbours)
      sent += static_cast<std::int64_t>(each.sent.size()), ++messages;
  }
};

/// A solution on one rank.
struct SolveCounts {
  std::array<LevelCounts, 3> levels;  ///< the finest, those in the middle, the coarsest
  int iterations;
  bool interpolates;  ///< corrections, with half the smoothing
  bool values;        ///< whether each value of the matrix is read
  std::size_t real;   ///< bytes of a number of the preconditioner
};

inline std::vector<PhaseWork> solve_work(SolveCounts const& of) {
  auto const its = static_cast<std::uint64_t>(of.iterations);
  std::uint64_t const rows = static_cast<std::uint64_t>(of.levels[0].rows);
  auto const value = std::uint64_t{of.values};
  Work product, cycle, vectors;
  auto const number = [](std::int64_t n) { return static_cast<std::uint64_t>(n); };
  // Entries in halo columns, and the values of these columns once.
  auto const halo = [](LevelCounts const& level) { return level.outer + level.sent; };
  auto const &fine = of.levels[0], &middle = of.levels[1], &coarsest = of.levels[2];
  product.flops = 2 * (its + 1) * number(fine.inner + fine.rows);
  product.bytes_read =
      8 * (its + 1) * (value * number(fine.inner - fine.outer) + 2 * rows + number(halo(fine)));
  product.bytes_written = 8 * (its + 1) * rows;
  product.messages = (its + 1) * number(fine.messages);
  product.bytes_sent = 8 * (its + 1) * number(fine.sent);
  for (auto const* level : std::array{&fine, &middle}) {
    auto const inner = number(level->inner - level->outer), n = number(level->rows);
    if (of.interpolates) {
      cycle.flops += its * 4 * number(level->inner + level->rows);
      cycle.bytes_read += of.real * its * (2 * inner + 8 * n + number(2 * halo(*level)));
      cycle.bytes_written += of.real * its * 4 * n;
      cycle.messages += 4 * its * number(level->messages);
      cycle.bytes_sent += 4 * of.real * its * number(level->sent);
      continue;
    }
    cycle.flops += its * 10 * number(level->inner + level->rows);
    cycle.bytes_read +=
        of.real * its *
        (value * (2 * inner + inner / 8) + 10 * n + 3 * n / 8 + number(2 * halo(*level)));
    cycle.bytes_written += of.real * its * (6 * n + 3 * n / 8);
    cycle.messages += 2 * its * number(level->messages);
    cycle.bytes_sent += 2 * of.real * its * number(level->sent);
  }
  cycle.flops += its * 4 * number(coarsest.inner + coarsest.rows);
  cycle.bytes_read +=
      of.real * its * (value * number(coarsest.inner - coarsest.outer) + 4 * number(coarsest.rows));
  cycle.bytes_written += of.real * its * 2 * number(coarsest.rows);
  if (of.interpolates) {  // one exchange, before its backward sweep
    cycle.bytes_read += of.real * its * number(halo(coarsest));
    cycle.messages += its * number(coarsest.messages);
    cycle.bytes_sent += of.real * its * number(coarsest.sent);
  }
  // In another precision, a sum more and a copy of r.
  std::uint64_t const mixed = of.real < 8 ? 1 : 0;
  vectors.flops = (3 * its + 1) * 4 * rows + mixed * 2 * its * rows;
  vectors.bytes_read = rows * (its * (8 * (6 + mixed) + 2 * of.real) + 16);
  vectors.bytes_written = (8 * 3 + mixed * of.real) * rows * (its + 1);
  return {{"product", product}, {"multigrid", cycle}, {"vectors", vectors}};
}

}  // namespace inpex::sparse
