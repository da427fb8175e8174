// SPDX-License-Identifier: Apache-2.0
#pragma once
// The field of a charge in the periodic box, on slabs along x: laplace(phi) = scale (n - mean) with
// the second differences of neighbouring planes, solved in Fourier space. Of a spectrum ranks
// exchange shares of y for whole lines along x, and back: two messages to each other rank, twice.
// Written for one owner of lines, so that bits do not depend on the ranks. In double precision.

#include "courier.hpp"
#include "each.hpp"
#include "slabs.hpp"
#include "spectrum.hpp"

#include <inpex/context.hpp>
#include <inpex/memory.hpp>

#include <cmath>
#include <numbers>
#include <vector>

namespace inpex::particle {

/// A spectrum in shares of y, [ranks][own planes, share, pitch], and in planes. Item: a row.
struct ShareRows {
  static constexpr char const* name = "field: shares";
  static constexpr int per_tile = 64;
  Spectrum planes;
  double *shares_re, *shares_im;
  int const* offset;  ///< [ny]: where the row of plane 0 begins
  int const* share;   ///< [ny]: rows from a plane to the next
  bool back;

  KOKKOS_INLINE_FUNCTION void operator()(int row) const {
    int const x = row / planes.ny, y = row % planes.ny;
    auto const here = planes.at(x, y),
               there = (static_cast<std::ptrdiff_t>(offset[y]) + x * share[y]) * planes.pitch;
    for (int k = 0; k < planes.pitch; ++k)
      if (back) {
        planes.re[here + k] = shares_re[there + k], planes.im[here + k] = shares_im[there + k];
      } else {
        shares_re[there + k] = planes.re[here + k], shares_im[there + k] = planes.im[here + k];
      }
  }
};

/// The solver of one rank.
template <Space S>
class Poisson {
 public:
  Poisson(Context<S> const& context, Slabs const& slabs, double scale,
          std::array<int, 3> const& mode)
      : context_(context), slabs_(slabs), scale_(scale),
        mode_(mode), along_{Fourier<S>(slabs.cells(0)), Fourier<S>(slabs.cells(1)),
                            Fourier<S>(slabs.cells(2))},
        pitch_((slabs.cells(2) / 2 + line_lanes) / line_lanes * line_lanes),
        laplace_("field: second differences", laplace_size()),
        planes_("field: spectrum in planes", 2 * planes_size()),
        shares_("field: spectrum in shares", alone() ? 0 : 2 * planes_size()),
        lines_("field: spectrum in lines", alone() ? 0 : 2 * lines_size()),
        rows_("field: shares of rows", 2 * static_cast<std::size_t>(slabs.cells(1))),
        workers_(workers(context)),
        scratch_("field: scratch", 4 * static_cast<std::size_t>(longest() * workers_) *
                                       static_cast<std::size_t>(context.tiled() ? line_lanes : 1)),
        courier_(context, alone() ? 0 : 2 * sizeof(double) * std::max(planes_size(), lines_size()),
                 2 * static_cast<std::size_t>(slabs.ranks())) {
    fill_tables();
  }

  /// Potential of a density, each [own planes, ny, nz]; `recorded`: the mode of the density, re and
  /// im, on the rank that has it. Collective, blocking on more than one rank.
  void solve(double const* density, double* potential, double* recorded) {
    Spectrum const planes{planes_.data(),  planes_.data() + planes_size(),
                          slabs_.own(),    slabs_.cells(1),
                          slabs_.cells(2), pitch_};
    run(RowsForward{plan(2), density, planes});
    run(ColumnLines{plan(1), planes, false});
    auto const lines = alone() ? planes : in_lines();
    if (!alone()) exchange(planes, true);
    double const* const laplace = laplace_.data();
    run(SolveLines{plan(0),
                   lines,
                   alone() ? 0 : first_y(slabs_.rank()),
                   laplace,
                   laplace + slabs_.cells(0),
                   laplace + slabs_.cells(0) + slabs_.cells(1),
                   scale_ / (double(slabs_.cells(0)) * slabs_.plane()),
                   {mode_[0], mode_[1], mode_[2]},
                   recorded});
    if (!alone()) exchange(planes, false);
    run(ColumnLines{plan(1), planes, true});
    run(RowsBackward{plan(2), planes, potential});
  }

  [[nodiscard]] int pitch() const { return pitch_; }
  /// Bytes that go to other ranks in a solution.
  [[nodiscard]] std::uint64_t bytes_sent() const {
    auto const kept = std::uint64_t(slabs_.own()) * std::uint64_t(share(slabs_.rank()) * pitch_);
    return alone() ? 0 : 2 * sizeof(double) * (planes_size() + lines_size() - 2 * kept);
  }
  [[nodiscard]] std::uint64_t messages() const {
    std::uint64_t count = 0;
    for (int r = 0; r < slabs_.ranks(); ++r)
      if (r != slabs_.rank()) count += 2u * (share(r) > 0) + 2u * (share(slabs_.rank()) > 0);
    return count;
  }

 private:
  [[nodiscard]] bool alone() const { return slabs_.ranks() == 1; }
  [[nodiscard]] FourierPlan const& plan(std::size_t axis) const { return along_[axis].plan(); }
  [[nodiscard]] int first_y(int rank) const {
    return static_cast<int>(std::int64_t{slabs_.cells(1)} * rank / slabs_.ranks());
  }
  [[nodiscard]] int share(int rank) const { return first_y(rank + 1) - first_y(rank); }
  [[nodiscard]] int longest() const {
    return std::max({slabs_.cells(0), slabs_.cells(1), slabs_.cells(2)});
  }
  [[nodiscard]] std::size_t laplace_size() const {
    return static_cast<std::size_t>(slabs_.cells(0) + slabs_.cells(1) + pitch_);
  }
  [[nodiscard]] std::size_t planes_size() const {
    return static_cast<std::size_t>(slabs_.own()) *
           static_cast<std::size_t>(slabs_.cells(1) * pitch_);
  }
  [[nodiscard]] std::size_t lines_size() const {
    return static_cast<std::size_t>(slabs_.cells(0)) *
           static_cast<std::size_t>(share(slabs_.rank()) * pitch_);
  }
  static int workers(Context<S> const& context) {
    return context.tiled() ? std::max(1, context.space.concurrency())
           : is_host<S>    ? LineBlocks<RowsForward>::per_team
                           : 256 * LineBlocks<RowsForward>::per_team;
  }
  [[nodiscard]] Spectrum in_lines() const {
    return {lines_.data(),   lines_.data() + lines_size(),
            slabs_.cells(0), share(slabs_.rank()),
            slabs_.cells(2), pitch_};
  }
  template <class Body>
  void run(Body const& body) {
    launch(context_, LineBlocks<Body>{body, workers_, scratch_.data()});
  }

  void fill_tables() {
    auto const laplace = Kokkos::create_mirror_view(laplace_.view());
    std::size_t at = 0;
    for (int axis = 0; axis < 3; ++axis)
      for (int k = 0; k < (axis < 2 ? slabs_.cells(axis) : pitch_); ++k) {
        double const half = std::sin(std::numbers::pi * k / slabs_.cells(axis));
        laplace(at++) = 4 * half * half;
      }
    Kokkos::deep_copy(laplace_.view(), laplace);
    auto const rows = Kokkos::create_mirror_view(rows_.view());
    auto const ny = static_cast<std::size_t>(slabs_.cells(1));
    for (int rank = 0; rank < slabs_.ranks(); ++rank)
      for (int y = first_y(rank); y < first_y(rank + 1); ++y) {
        auto const n = static_cast<std::size_t>(y);
        rows(n) = slabs_.own() * first_y(rank) + y - first_y(rank);
        rows(ny + n) = share(rank);
      }
    Kokkos::deep_copy(rows_.view(), rows);
  }

  // Planes to lines, or back. A rank's own share goes the same way.
  void exchange(Spectrum const& planes, bool forward) {
    double* const shares[2] = {shares_.data(), shares_.data() + planes_size()};
    double* const lines[2] = {lines_.data(), lines_.data() + lines_size()};
    ShareRows const rows{
        planes, shares[0], shares[1], rows_.data(), rows_.data() + slabs_.cells(1), !forward};
    int const count = slabs_.own() * slabs_.cells(1);
    if (forward) launch_each(context_, rows, count);
    courier_.open();
    int const me = slabs_.rank(), mine = share(me) * pitch_;
    for (int sends = 0; sends < 2; ++sends)
      for (int rank = 0; rank < slabs_.ranks(); ++rank)
        for (int part = 0; part < 2; ++part) {
          double* const in_shares =
              shares[part] + std::ptrdiff_t{slabs_.own()} * first_y(rank) * pitch_;
          double* const in_lines = lines[part] + std::ptrdiff_t{slabs_.start(rank)} * mine;
          auto const shares_count = static_cast<std::size_t>(slabs_.own()) *
                                    static_cast<std::size_t>(share(rank) * pitch_);
          auto const lines_count =
              static_cast<std::size_t>(slabs_.own(rank)) * static_cast<std::size_t>(mine);
          if (sends == 1)
            courier_.send(forward ? in_shares : in_lines, forward ? shares_count : lines_count,
                          rank, part);
          else
            courier_.receive(forward ? in_lines : in_shares, forward ? lines_count : shares_count,
                             rank, part);
        }
    courier_.close();
    if (!forward) launch_each(context_, rows, count);
  }

  Context<S> const& context_;
  Slabs const& slabs_;
  double scale_;
  std::array<int, 3> mode_;
  std::array<Fourier<S>, 3> along_;
  int pitch_;
  Memory<double, S> laplace_, planes_, shares_, lines_;
  Memory<int, S> rows_;
  int workers_;
  Memory<double, S> scratch_;
  Courier<S> courier_;
};

}  // namespace inpex::particle
