// SPDX-License-Identifier: Apache-2.0
#pragma once
// Sorting: atoms that left the box come back on its other side, atoms that left this rank's columns
// go to their owner, and all are put into blocks anew, by column and height. A counting sort,
// serial on the host: about one percent of a run on few threads. Devices copy the atoms here and
// back, at every new list.

#include "blocks.hpp"
#include "domain.hpp"

#include <inpex/context.hpp>
#include <inpex/error.hpp>
#include <inpex/memory.hpp>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace inpex::particle {

/// Atoms in host memory, [blocks][24] each.
template <class Real>
struct HostAtoms {
  Real *x, *v;
};

/// The sort of one rank, with what it sends to others.
template <class Real>
class Sorter {
 public:
  /// `atoms`: of this rank, about; `capacity`: blocks of own atoms.
  Sorter(Domain const& domain, Comm const& comm, std::size_t atoms, std::size_t capacity)
      : domain_(domain), comm_(comm), capacity_(capacity),
        heights_(32 * static_cast<int>(std::ceil(domain.box()[2] / 8))),
        slots_("sort: slots", static_cast<std::size_t>(domain.own(0)) *
                                  static_cast<std::size_t>(domain.own(1) * heights_)),
        keys_("sort: keys", capacity * block_atoms) {
    for (int axis = 0; axis < 2; ++axis)
      for (auto& each : leaving_[static_cast<std::size_t>(axis)])
        if (domain.is_cut(axis))
          each.reserve(6 * (atoms / static_cast<std::size_t>(domain.own(axis)) + 4096));
    if (domain.is_cut(0) || domain.is_cut(1)) {
      arriving_.reserve(
          12 * (atoms / static_cast<std::size_t>(std::min(domain.own(0), domain.own(1))) + 4096));
      extra_.reserve(arriving_.capacity());
    }
  }

  /// Bytes held, for the count of memory.
  [[nodiscard]] int heights() const { return heights_; }
  /// Whether there was an atom whose place is no number, or that went farther than the box or the
  /// next rank.
  [[nodiscard]] bool lost() const { return lost_.has_value(); }

  /// Sorts `count` slots of `from` into `to` and says where each own column begins and ends; the
  /// blocks in use. With `lose`, the first atom that leaves is forgotten. Throws Error (wrong) on
  /// all ranks for an atom that is lost, and names it. Collective, blocking.
  int sort(HostAtoms<Real> from, int count, HostAtoms<Real> to, int* begin, int* end, bool lose) {
    std::fill(slots_.data(), slots_.data() + slots_.size(), 0);
    for (auto& axis : leaving_)
      for (auto& each : axis) each.clear();
    extra_.clear();
    for (int n = 0; n < count; ++n) keys_.data()[n] = key_of(from, n);
    exchange(0, lose), exchange(1, lose);
    stop_if_lost();
    for (std::size_t n = 0; n < extra_.size(); n += 6) ++slots_.data()[key(extra_.data() + n)];
    int const blocks = place_columns(to, begin, end);
    for (int n = 0; n < count; ++n)
      if (int const k = keys_.data()[n]; k >= 0) {
        auto const source = offset(n), target = offset(slots_.data()[k]++);
        for (int axis = 0; axis < 3; ++axis) {
          to.x[target + axis * block_atoms] = from.x[source + axis * block_atoms];
          to.v[target + axis * block_atoms] = from.v[source + axis * block_atoms];
        }
      }
    for (std::size_t n = 0; n < extra_.size(); n += 6) {
      auto const target = offset(slots_.data()[key(extra_.data() + n)]++);
      for (int axis = 0; axis < 3; ++axis) {
        to.x[target + axis * block_atoms] = extra_[n + index(axis)];
        to.v[target + axis * block_atoms] = extra_[n + index(3 + axis)];
      }
    }
    for (int cx = 0; cx < domain_.own(0); ++cx)
      for (int cy = 0; cy < domain_.own(1); ++cy)
        order(to, begin[domain_.index(cx, cy)], end[domain_.index(cx, cy)]);
    return blocks;
  }

  static constexpr std::ptrdiff_t offset(int n) {
    return static_cast<std::ptrdiff_t>(n / block_atoms) * block_size + n % block_atoms;
  }

 private:
  static constexpr std::size_t index(int n) { return static_cast<std::size_t>(n); }

  struct Lost {
    double x[3], v[3];
  };
  void note_lost(Real const* x, std::ptrdiff_t x_step, Real const* v, std::ptrdiff_t v_step) {
    if (lost_) return;
    lost_.emplace();
    for (int axis = 0; axis < 3; ++axis)
      lost_->x[axis] = static_cast<double>(x[axis * x_step]),
      lost_->v[axis] = static_cast<double>(v[axis * v_step]);
  }
  void stop_if_lost() const {
    auto const ranks = static_cast<std::uint64_t>(comm_.size());
    auto const mine = lost_ ? static_cast<std::uint64_t>(comm_.rank()) : ranks;
    auto const first = comm_.minimum(mine);
    if (first == ranks) return;
    auto const atom = comm_.broadcast(lost_.value_or(Lost{}), static_cast<int>(first));
    auto const text = [](double const* of) {
      std::string all;
      for (int axis = 0; axis < 3; ++axis) {
        char number[32];
        std::snprintf(number, sizeof number, "%.6g", of[axis]);
        all += (axis == 0 ? "(" : ", ") + std::string(number);
      }
      return all + ")";
    };
    throw Error(Fault::wrong,
                "an atom is lost, at " + text(atom.x) + " with velocity " + text(atom.v), {},
                "atoms overlap, or the time step is too long for the temperature");
  }

  // Back into the box; false for what is no number, or went farther than the box.
  [[nodiscard]] bool wrap(Real& x, int axis) const {
    auto const box = static_cast<Real>(domain_.box()[index(axis)]);
    if (x < 0) x += box;
    if (x >= box) x -= box;
    return x >= 0 && x <= box;
  }
  [[nodiscard]] int key(Real const* x) const {
    int const cx = domain_.column(0, static_cast<double>(x[0])) - domain_.lower(0),
              cy = domain_.column(1, static_cast<double>(x[1])) - domain_.lower(1);
    auto const height = static_cast<int>(x[2] * (heights_ / domain_.box()[2]));
    return (cx * domain_.own(1) + cy) * heights_ + std::clamp(height, 0, heights_ - 1);
  }
  // The place of slot n in the order, counted; -1 for filling atoms and those that leave.
  int key_of(HostAtoms<Real> atoms, int n) {
    auto const at = offset(n);
    bool const filling = atoms.x[at] < Real(nowhere) && atoms.v[at] == 0;  // these never move
    if (filling) return -1;
    Real x[6];
    for (int axis = 0; axis < 3; ++axis) x[axis] = atoms.x[at + axis * block_atoms];
    if (!wrap(x[0], 0) || !wrap(x[1], 1) || !wrap(x[2], 2)) {
      note_lost(atoms.x + at, block_atoms, atoms.v + at, block_atoms);
      return -1;
    }
    for (int axis = 0; axis < 3; ++axis)  // few cross an end of the box
      if (x[axis] != atoms.x[at + axis * block_atoms]) atoms.x[at + axis * block_atoms] = x[axis];
    for (int axis = 0; axis < 2; ++axis)
      if (domain_.is_cut(axis))
        if (int const beyond =
                domain_.distance(axis, domain_.column(axis, static_cast<double>(x[axis])));
            beyond != 0) {
          for (int k = 0; k < 3; ++k) x[3 + k] = atoms.v[at + k * block_atoms];
          leave(axis, beyond, x);
          return -1;
        }
    int const k = key(x);
    ++slots_.data()[k];
    return k;
  }
  void leave(int axis, int beyond, Real const* atom) {
    auto& buffer = leaving_[index(axis)][beyond < 0 ? 0 : 1];
    buffer.insert(buffer.end(), atom, atom + 6);
  }
  // Sends what leaves along an axis, and takes what arrives: along x it may have to go on along y.
  void exchange(int axis, bool lose) {
    if (!domain_.is_cut(axis)) return;
    auto& out = leaving_[index(axis)];
    if (lose && !out[0].empty()) out[0].resize(out[0].size() - 6);
    std::uint64_t sent[2] = {out[0].size(), out[1].size()}, coming[2] = {};
    auto const message = [&](void* buffer, std::size_t bytes, int side, bool sends) {
      std::span<std::byte> const data(static_cast<std::byte*>(buffer), bytes);
      int const rank = domain_.neighbour(axis, side == 0 ? -1 : 1);
      if (sends)
        comm_.send(data, rank, side);
      else
        comm_.receive(data, rank, 1 - side);
    };
    for (int side = 0; side < 2; ++side) message(&coming[side], sizeof coming[side], side, false);
    for (int side = 0; side < 2; ++side) message(&sent[side], sizeof sent[side], side, true);
    comm_.wait();
    arriving_.resize(coming[0] + coming[1]);
    message(arriving_.data(), coming[0] * sizeof(Real), 0, false);
    message(arriving_.data() + coming[0], coming[1] * sizeof(Real), 1, false);
    for (int side = 0; side < 2; ++side)
      message(out[index(side)].data(), sent[side] * sizeof(Real), side, true);
    comm_.wait();
    for (std::size_t n = 0; n < arriving_.size(); n += 6) arrive(axis, arriving_.data() + n);
  }
  void arrive(int axis, Real const* atom) {
    if (axis == 0 && domain_.is_cut(1))
      if (int const beyond = domain_.distance(1, domain_.column(1, static_cast<double>(atom[1])));
          beyond != 0)
        return leave(1, beyond, atom);
    if (domain_.distance(0, domain_.column(0, static_cast<double>(atom[0]))) != 0 ||
        domain_.distance(1, domain_.column(1, static_cast<double>(atom[1]))) != 0)
      note_lost(atom, 1, atom + 3, 1);
    else
      extra_.insert(extra_.end(), atom, atom + 6);
  }
  // Turns counts into places, column by column, each from a block of its own; fills up the last
  // ones.
  int place_columns(HostAtoms<Real> to, int* begin, int* end) {
    int block = 0;
    for (int cx = 0; cx < domain_.own(0); ++cx)
      for (int cy = 0; cy < domain_.own(1); ++cy) {
        int* const slots =
            slots_.data() + static_cast<std::ptrdiff_t>(cx * domain_.own(1) + cy) * heights_;
        int place = block * block_atoms;
        begin[domain_.index(cx, cy)] = block;
        for (int k = 0; k < heights_; ++k) place += std::exchange(slots[k], place);
        block = (place + block_atoms - 1) / block_atoms;
        end[domain_.index(cx, cy)] = block;
        if (index(block) > capacity_)
          throw Error(
              Fault::failed,
              "atoms crowd on a rank: more than " + std::to_string(capacity_) + " blocks", {},
              "the state is no melt of one density: take a smaller time step, or fewer ranks");
        for (; place < block * block_atoms; ++place)
          for (int axis = 0; axis < 3; ++axis) {
            to.x[offset(place) + axis * block_atoms] = filling<Real>(
                domain_.lower(0) + cx, domain_.lower(1) + cy, place % block_atoms, axis);
            to.v[offset(place) + axis * block_atoms] = 0;
          }
      }
    return block;
  }

  // Sorts a column, which nearly is, by height and then by place: its blocks do not depend on who
  // owned what.
  static void order(HostAtoms<Real> to, int first, int last) {
    auto const after = [&](std::ptrdiff_t a, std::ptrdiff_t b) {
      if (to.x[a + 2 * block_atoms] != to.x[b + 2 * block_atoms])
        return to.x[a + 2 * block_atoms] > to.x[b + 2 * block_atoms];
      if (to.x[a] != to.x[b]) return to.x[a] > to.x[b];
      return to.x[a + block_atoms] > to.x[b + block_atoms];
    };
    for (int n = first * block_atoms + 1; n < last * block_atoms && to.x[offset(n)] > Real(nowhere);
         ++n)
      for (int k = n; k > first * block_atoms && after(offset(k - 1), offset(k)); --k)
        for (int axis = 0; axis < 3; ++axis) {
          std::swap(to.x[offset(k - 1) + axis * block_atoms], to.x[offset(k) + axis * block_atoms]);
          std::swap(to.v[offset(k - 1) + axis * block_atoms], to.v[offset(k) + axis * block_atoms]);
        }
  }

  Domain const& domain_;
  Comm const& comm_;
  std::size_t capacity_;
  int heights_;
  Memory<int, Kokkos::DefaultHostExecutionSpace> slots_, keys_;
  std::array<std::array<std::vector<Real>, 2>, 2> leaving_;
  std::vector<Real> arriving_, extra_;
  std::optional<Lost> lost_;
};

}  // namespace inpex::particle
