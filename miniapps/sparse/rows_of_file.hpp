// SPDX-License-Identifier: Apache-2.0
#pragma once
// A matrix that every rank has read, cut into runs of rows, one for each rank. Which rows of others
// a rank reads follows from its entries; the others are told by message, so that a matrix need not
// be symmetric.

#include "matrix_market.hpp"

#include <inpex/comm.hpp>

#include <map>
#include <span>

namespace inpex::sparse {

/// A share of a matrix, and the number in the whole matrix of each row and then of each halo
/// column.
struct NumberedShare {
  Share share;
  std::vector<std::int64_t> number;
};

namespace detail {

/// Asks the owners of halo columns for them, and learns what the others ask for. Collective; as
/// many messages as there are ranks.
inline void tell_owners(std::vector<Neighbour>& neighbours, std::vector<std::int64_t> const& halo,
                        std::int64_t first_row, Comm const& comm) {
  auto const ranks = static_cast<std::size_t>(comm.size()),
             me = static_cast<std::size_t>(comm.rank());
  std::vector<std::int64_t> wanted(ranks), asked(ranks);
  for (auto const& each : neighbours) wanted[static_cast<std::size_t>(each.rank)] = each.count;
  auto const exchange = [&](auto const& outgoing, auto const& incoming, int tag) {
    for (std::size_t r = 0; r < ranks; ++r)
      if (r != me) comm.receive(std::as_writable_bytes(incoming(r)), static_cast<int>(r), tag);
    for (std::size_t r = 0; r < ranks; ++r)
      if (r != me) comm.send(std::as_bytes(outgoing(r)), static_cast<int>(r), tag);
    comm.wait();
  };
  exchange([&](std::size_t r) { return std::span(wanted).subspan(r, 1); },
           [&](std::size_t r) { return std::span(asked).subspan(r, 1); }, 2);
  std::vector<std::vector<std::int64_t>> mine(ranks), theirs(ranks);
  for (auto const& each : neighbours)
    mine[static_cast<std::size_t>(each.rank)].assign(halo.begin() + each.first,
                                                     halo.begin() + each.first + each.count);
  for (std::size_t r = 0; r < ranks; ++r) theirs[r].resize(static_cast<std::size_t>(asked[r]));
  exchange([&](std::size_t r) { return std::span(mine[r]); },
           [&](std::size_t r) { return std::span(theirs[r]); }, 3);
  for (std::size_t r = 0; r < ranks; ++r) {
    if (theirs[r].empty()) continue;
    auto found = std::find_if(neighbours.begin(), neighbours.end(), [&](Neighbour const& each) {
      return each.rank == static_cast<int>(r);
    });
    if (found == neighbours.end())
      found = neighbours.insert(found, {static_cast<int>(r), static_cast<int>(halo.size()), 0, {}});
    for (auto const number : theirs[r]) found->sent.push_back(static_cast<int>(number - first_row));
  }
}

}  // namespace detail

/// This rank's run of rows. Throws Error (spec) where the matrix is not square or has fewer rows
/// than there are ranks. Collective.
inline NumberedShare share_of_file(FileMatrix const& matrix, Comm const& comm) {
  if (matrix.rows != matrix.columns)
    throw Error(Fault::spec,
                "a matrix of " + std::to_string(matrix.rows) + " x " +
                    std::to_string(matrix.columns),
                "matrix", "products here are of square matrices");
  if (matrix.rows < comm.size())
    throw Error(Fault::spec,
                std::to_string(matrix.rows) + " rows on " + std::to_string(comm.size()) + " ranks",
                "matrix", "take fewer ranks");
  auto const start = [&](std::int64_t rank) { return matrix.rows * rank / comm.size(); };
  auto const first = start(comm.rank()), last = start(comm.rank() + 1);
  auto const at_row = [&](std::int64_t row) {
    return std::lower_bound(matrix.entries.begin(), matrix.entries.end(), Triple{row, 0, 0},
                            [](Triple const& a, Triple const& b) { return a.before(b); });
  };
  std::span<Triple const> const mine(at_row(first), at_row(last));
  std::map<std::int64_t, int> halo;  // by number: owners have runs, so this is their order too
  for (auto const& each : mine)
    if (each.column < first || each.column >= last) halo.emplace(each.column, 0);
  NumberedShare result{{Csr(static_cast<int>(last - first), static_cast<int>(halo.size()),
                            static_cast<std::int64_t>(mine.size())),
                        {}},
                       {}};
  for (auto row = first; row < last; ++row) result.number.push_back(row);
  std::vector<std::int64_t> numbers;
  int owner = 0;
  for (auto& [number, place] : halo) {
    while (number >= start(owner + 1)) ++owner;
    auto& neighbours = result.share.neighbours;
    place = static_cast<int>(numbers.size());
    if (neighbours.empty() || neighbours.back().rank != owner)
      neighbours.push_back({owner, place, 0, {}});
    ++neighbours.back().count;
    numbers.push_back(number);
  }
  result.number.insert(result.number.end(), numbers.begin(), numbers.end());
  auto& a = result.share.matrix;
  for (std::size_t k = 0; k < mine.size(); ++k) {
    auto const [row, column, value] = mine[k];
    a.start.data()[row - first + 1] = static_cast<std::int64_t>(k) + 1;
    bool const own = column >= first && column < last;
    a.column.data()[k] = own ? static_cast<int>(column - first) : a.rows + halo[column];
    a.value.data()[k] = value;
  }
  for (int row = 0; row < a.rows; ++row)  // rows without entries end where they begin
    a.start.data()[row + 1] = std::max(a.start.data()[row + 1], a.start.data()[row]);
  detail::tell_owners(result.share.neighbours, numbers, first, comm);
  return result;
}

}  // namespace inpex::sparse
