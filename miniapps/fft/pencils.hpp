// SPDX-License-Identifier: Apache-2.0
#pragma once
// x and y of planes that several ranks share: x of this rank's rows, the exchange in its group, y
// of its columns, and back. Bit for bit what whole planes become: complex ones on hosts take x
// first on both ways, for which their way back goes through the exchange three times.

#include "half_lines.hpp"
#include "launcher.hpp"
#include "pencil_lines.hpp"
#include "pencil_passes.hpp"

#include <algorithm>

namespace inpex::fft {

/// What the numbers of a box are. Of real ones the half of the spectrum is kept that has x up to
/// nx / 2, columns() numbers a row, the last ones of which mean nothing.
enum class Of { complex, real };

/// Numbers of T that a thread needs.
template <class T, int W, Of of>
std::size_t pencil_scratch(AnyLine<T> const& x, AnyLine<T> const& y) {
  auto const row = of == Of::real ? static_cast<int>(half_columns<W>(x.length)) : x.length;
  auto const rows = rows_scratch<T, W>(x) + pair_scratch<T, W>(x.length) +
                    static_cast<std::size_t>(buffer_pitch<T, W>(row)) * (2 * W + 1);
  return std::max(rows, rows_scratch<T, W>(y) +
                            static_cast<std::size_t>(2 * W) * static_cast<std::size_t>(y.length));
}

/// The lines of both axes, and whether they are done line by line.
template <class T>
struct PlaneAxes {
  AnyLine<T> x, y;
  bool lanes_in_row, naive;
};

/// Of this rank's part of planes.
template <Space S, class T, Of of>
class Pencils {
  static constexpr int W = is_host<S> ? native_lanes<T> : 1;
  using Points = std::conditional_t<of == Of::real, RealPlaces<T>, RowPlaces<T>>;
  using Columns = PencilColumns<T, W>;

 public:
  /// Throws Error (environment) where memory is missing.
  Pencils(Context<S> const& context, Slabs const& slabs, bool naive)
      : context_(context), there_(naive || of == Of::real ? 1 : 2),
        back_(naive || of == Of::real ? 1 : 2), group_(context, slabs) {}

  [[nodiscard]] bool are() const { return !group_.alone(); }
  [[nodiscard]] std::uint64_t messages() const { return group_.messages(there_, back_); }
  [[nodiscard]] std::uint64_t numbers_sent() const { return group_.numbers_sent(there_, back_); }

  /// Chunk c, which `spectrum` is of. Collective; waits for messages, all that were begun.
  void forward(Launcher<S, T> const& launcher, PlaneAxes<T> const& axes, Points const& points,
               RowPlaces<T> const& spectrum, int c);
  void backward(Launcher<S, T> const& launcher, PlaneAxes<T> const& axes,
                RowPlaces<T> const& spectrum, Points const& points, T scale, int c);

 private:
  // Numbers from place to place, real and imaginary parts exchanged.
  template <class From, class To>
  void copy(From const& from, To const& to, GroupPlaces<T> const& of_which, T scale) const {
    auto const phase = context_.phase("planes");
    using Policy = Kokkos::RangePolicy<S, Kokkos::IndexType<std::int64_t>>;
    launch_range(context_, "planes",
                 Policy(context_.space, 0, std::int64_t{of_which.planes} * of_which.rows()),
                 CopyRows<T, From, To>{from, to, of_which.first, of_which.rows(),
                                       of_which.columns(), scale});
  }

  Context<S> const& context_;
  unsigned there_, back_;
  GroupExchange<S, T> group_;
};

template <Space S, class T, Of of>
void Pencils<S, T, of>::forward(Launcher<S, T> const& launcher, PlaneAxes<T> const& axes,
                                Points const& points, RowPlaces<T> const& spectrum, int c) {
  auto const rows = group_.rows(spectrum.first, spectrum.planes),
             columns = group_.columns(spectrum.first, spectrum.planes);
  T const scale = of == Of::real ? T(0.5) : T(1);
  {
    auto const phase = context_.phase("planes");
    if constexpr (of == Of::real) {
      if (axes.naive)
        launcher.by_lines(axes.x, std::int64_t{rows.planes} * points.pairs(),
                          HalvesOfPairs<T, GroupPlaces<T>>{points, rows, T(1)});
      else
        launcher.by_threads(
            PencilHalves<T, W>{axes.x, axes.lanes_in_row, points, rows, T(1), false});
    } else {
      if (axes.naive)
        launcher.by_lines(axes.x, std::int64_t{rows.planes} * rows.rows(),
                          ComplexLines<T, LinePlaces<T>, GroupLines<T>>{{0, points}, {0, rows}});
      else
        launcher.by_threads(PencilRows<T, W>{axes.x, axes.lanes_in_row, points, rows});
    }
  }
  group_.swap(rows.first, rows.planes, c, true);
  auto const phase = context_.phase("planes");
  if (axes.naive)
    return launcher.by_lines(axes.y, std::int64_t{rows.planes} * columns.columns(),
                             ComplexLines<T, GroupLines<T>, LinePlaces<T>>{
                                 .from = {1, columns}, .to = {1, spectrum}, .scale = scale});
  launcher.by_threads(Columns{axes.y, columns, spectrum, scale, Columns::Way::forward});
}

template <Space S, class T, Of of>
void Pencils<S, T, of>::backward(Launcher<S, T> const& launcher, PlaneAxes<T> const& axes,
                                 RowPlaces<T> const& spectrum, Points const& points, T scale,
                                 int c) {
  auto const rows = group_.rows(spectrum.first, spectrum.planes),
             columns = group_.columns(spectrum.first, spectrum.planes);
  auto const swap = [&](bool to_columns) { group_.swap(rows.first, rows.planes, c, to_columns); };
  if constexpr (of == Of::complex) {
    if (!axes.naive) {
      copy(spectrum, columns, columns, T(1));
      swap(false);
      {
        auto const phase = context_.phase("planes");
        launcher.by_threads(PencilRows<T, W>{axes.x, axes.lanes_in_row, {}, rows});
      }
      swap(true);
      {
        auto const phase = context_.phase("planes");
        launcher.by_threads(Columns{axes.y, columns, spectrum, T(1), Columns::Way::here});
      }
      swap(false);
      return copy(rows, points, rows, scale);
    }
  }
  {
    auto const phase = context_.phase("planes");
    if (axes.naive)
      launcher.by_lines(axes.y, std::int64_t{rows.planes} * columns.columns(),
                        ComplexLines<T, LinePlaces<T>, GroupLines<T>>{
                            .from = {1, spectrum}, .to = {1, columns}, .exchange_in = true});
    else
      launcher.by_threads(Columns{axes.y, columns, spectrum, T(1), Columns::Way::backward});
  }
  swap(false);
  auto const phase = context_.phase("planes");
  if constexpr (of == Of::real) {
    if (!axes.naive)
      return launcher.by_threads(
          PencilHalves<T, W>{axes.x, axes.lanes_in_row, points, rows, scale, true});
    launcher.by_lines(axes.x, std::int64_t{rows.planes} * points.pairs(),
                      PairsOfHalves<T, GroupPlaces<T>>{rows, points, scale});
  } else {
    launcher.by_lines(
        axes.x, std::int64_t{rows.planes} * rows.rows(),
        ComplexLines<T, GroupLines<T>, LinePlaces<T>>{
            .from = {0, rows}, .to = {0, points}, .scale = scale, .exchange_out = true});
  }
}

}  // namespace inpex::fft
