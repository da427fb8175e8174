// SPDX-License-Identifier: Apache-2.0
#pragma once
// The transform of a box over ranks, forward and backward: the way to use this folder from other
// code. Two passes over memory on hosts (planes.hpp, half_planes.hpp), three on devices
// (line_pass.hpp); between them the exchange. Where ranks share planes: pencils.hpp.
//
//   BoxTransform<Kokkos::OpenMP, double> fft(context, {256, 256, 256}, {});
//   Memory<double, Kokkos::OpenMP> u("u", fft.plane_numbers()), spectrum("U", fft.tower_numbers());
//   fft.forward(u.data(), spectrum.data());

#include "axis.hpp"
#include "exchange.hpp"
#include "fused_towers.hpp"
#include "half_planes.hpp"
#include "pencils.hpp"

#include <inpex/memory.hpp>
#include <inpex/value.hpp>

#include <algorithm>
#include <string>

namespace inpex::fft {

/// How a transform is done.
struct Manner {
  int chunks = 4;       ///< of the exchange
  int ranks_y = 0;      ///< that share planes; 0: as few as do
  bool naive = false;   ///< line by line
  int fused_lines = 0;  ///< inputs and outputs of the greatest operation on waves
  bool dense = false;   ///< planes of real numbers follow each other, with no room between them
};

/// Planes: [planes()][plane_rows()][nx] numbers, plane_pitch apart; towers: complex numbers
/// [nz][rows()][columns()], tower_pitch apart. Complex numbers are interleaved, x is fastest.
/// Collective; asynchronous on devices with one rank.
template <Space S, class T, Of of = Of::complex>
class BoxTransform {
  static constexpr int W = is_host<S> ? native_lanes<T> : 1;

 public:
  /// Throws Error (spec) for extents that cannot be, Error (environment) where memory or a message
  /// layer for device memory is missing.
  BoxTransform(Context<S> const& context, std::array<std::int64_t, 3> points, Manner manner);

  [[nodiscard]] Slabs const& slabs() const { return slabs_; }
  /// Numbers of T from plane to plane before the forward transform, and after it.
  [[nodiscard]] std::ptrdiff_t plane_pitch() const {
    auto const points = std::int64_t{slabs_.nx()} * slabs_.plane_rows();
    if (of == Of::real && dense_) return points;
    return fft::plane_pitch<T>(of == Of::real ? (points + 1) / 2 : points);
  }
  [[nodiscard]] std::ptrdiff_t tower_pitch() const { return exchange_.tower_pitch(); }
  /// Sizes of arrays; a little more is read ahead.
  [[nodiscard]] std::size_t plane_numbers() const {
    return static_cast<std::size_t>(slabs_.planes() * plane_pitch());
  }
  [[nodiscard]] std::size_t tower_numbers() const {
    return static_cast<std::size_t>(slabs_.nz() * tower_pitch());
  }
  /// Of this rank to others, there and back, and numbers of T in them.
  [[nodiscard]] std::uint64_t messages() const {
    return exchange_.messages() + pencils_.messages();
  }
  [[nodiscard]] std::uint64_t numbers_sent() const {
    return exchange_.numbers_sent() + pencils_.numbers_sent();
  }
  /// What specs call the shares of this rank, and what it sends.
  [[nodiscard]] Table extents() const {
    return {{"planes", std::int64_t{slabs_.planes()}, ""},
            {"rows", std::int64_t{slabs_.rows()}, ""},
            {"groups", std::int64_t{slabs_.groups()}, ""},
            {"sharers", std::int64_t{slabs_.sharers()}, ""},
            {"plane_rows", std::int64_t{slabs_.plane_rows()}, ""},
            {"columns", std::int64_t{slabs_.kept()}, ""},
            {"messages", static_cast<std::int64_t>(messages()), ""},
            {"sent", static_cast<std::int64_t>(numbers_sent()), ""}};
  }

  /// Whether `in` and `out` may be the same array: of complex numbers on one rank, planes and
  /// towers lie alike, and each plane is in the cache as a whole before it leaves.
  [[nodiscard]] bool in_place() const { return of == Of::complex && slabs_.ranks() == 1; }
  /// out = sum over points of in exp(-2 pi i (k x / n)). Planes to towers; `in` is kept, unless it
  /// is `out`: throws Error (spec) where these are the same and in_place() says no.
  void forward(T* in, T* out);
  /// out = scale times the sum with the other sign. Towers to planes; `in` is overwritten, and may
  /// be `out` as above. The same bits on any number of ranks: z is first.
  void backward(T* in, T* out, T scale);

  /// The parts of both: all but z, and z in place.
  void to_towers(T* in, T* out);
  void to_planes(T* in, T* out, T scale);
  void transform_towers(T* towers, bool backward);
  /// Of real boxes, z of towers forward if `there`, an operation on waves, and z backward: see
  /// FusedTowers. Throws Error (spec) where the operation has more lines than Manner::fused_lines.
  template <class Op>
  void on_waves(T* const (&towers)[FusedTowers<T, W, Op>::arrays], Op const& op, bool there);

 private:
  void plant();
  void require_apart(T const* in, T const* out) const {
    if (in == out && !in_place())
      throw Error(Fault::spec,
                  std::string("planes and towers of ") +
                      (of == Of::real ? "real numbers" : "several ranks") +
                      " do not lie alike, and cannot be one array",
                  "", "take another array for what is transformed");
  }
  // The group of planes of chunk c.
  [[nodiscard]] T* chunk(int c, T* planes) const {
    return planes + (slabs_.chunk(slabs_.group(), c)[0] - slabs_.first_plane()) * plane_pitch();
  }
  // Rows of points of a group, complex or real.
  [[nodiscard]] auto points(T* planes, RowPlaces<T> const& group) const {
    if constexpr (of == Of::real)
      return RealPlaces<T>{planes, plane_pitch(), group.first, slabs_.nx(), slabs_.plane_rows()};
    else
      return RowPlaces<T>{planes,      nullptr,      1,           -1,
                          group.first, group.planes, slabs_.nx(), slabs_.plane_rows()};
  }
  [[nodiscard]] Launcher<S, T> launcher() const {
    return {context_, scratch_.data(), scratch_size_, threads_};
  }
  [[nodiscard]] PlaneAxes<T> axes() const {
    return {x_.line, y_.line, x_.plan.lanes_in_row(), naive_};
  }
  void planes_forward(int c, T* planes, RowPlaces<T> const& spectrum);
  void planes_backward(int c, RowPlaces<T> const& spectrum, T* planes, T scale);

  Context<S> const& context_;
  Slabs slabs_;
  bool naive_, dense_;
  int fused_lines_;
  Axis<S, T> x_, y_, z_;
  int threads_;
  std::ptrdiff_t scratch_size_;
  Scratch<T, S> scratch_;
  Exchange<S, T> exchange_;
  Pencils<S, T, of> pencils_;
};

template <Space S, class T, Of of>
BoxTransform<S, T, of>::BoxTransform(Context<S> const& context, std::array<std::int64_t, 3> points,
                                     Manner manner)
    : context_(context),
      slabs_(points, of == Of::real ? Rows{points[0] / 2 + 1, W, 2} : Rows{points[0]},
             {manner.chunks, manner.ranks_y}, context.comm),
      naive_(manner.naive || !context.tiled()), dense_(manner.dense),
      fused_lines_(manner.fused_lines), x_(slabs_.nx()), y_(slabs_.ny()), z_(slabs_.nz()),
      threads_(is_host<S> ? context.space.concurrency() : 1),
      scratch_size_(
          static_cast<std::ptrdiff_t>(
              std::max({of == Of::real ? half_scratch<T, W>(x_.line, y_.line)
                                       : plane_scratch<T, W>(x_.line, y_.line),
                        slabs_.sharers() == 1 ? 0 : pencil_scratch<T, W, of>(x_.line, y_.line),
                        fused_scratch<T, W>(z_.line, manner.fused_lines)}) +
              4096 / sizeof(T)) /
          16 * 16),
      scratch_(context.tiled() ? scratch_size_ * threads_ : 0), exchange_(context, slabs_),
      pencils_(context, slabs_, naive_) {
  plant();
  if constexpr (!is_host<S>) x_.to_device(), y_.to_device(), z_.to_device();
}

template <Space S, class T, Of of>
void BoxTransform<S, T, of>::plant() {
  if (context_.plan.is("conjugated-twiddle")) y_.plan.spoil(true);
  if (context_.plan.is("swapped-twiddles")) z_.plan.spoil(false);
}

// x and y of the group of planes that `spectrum` is of.
template <Space S, class T, Of of>
void BoxTransform<S, T, of>::planes_forward(int c, T* planes, RowPlaces<T> const& spectrum) {
  auto const numbers = points(planes, spectrum);
  if (pencils_.are()) return pencils_.forward(launcher(), axes(), numbers, spectrum, c);
  auto const phase = context_.phase("planes");
  if constexpr (of == Of::real) {
    if (!naive_)
      return launcher().by_threads(HalfWork<T, W>{x_.line, y_.line, x_.plan.lanes_in_row(), numbers,
                                                  spectrum, T(0.5), false});
    launcher().by_lines(x_.line, std::int64_t{spectrum.planes} * numbers.pairs(),
                        HalvesOfPairs<T>{numbers, spectrum, T(0.5)});
  } else {
    if (!naive_)
      return launcher().by_threads(PlaneWork<T, W>{x_.line, y_.line, x_.plan.lanes_in_row(),
                                                   numbers, spectrum, T(1), false});
    launcher().by_lines(x_.line, std::int64_t{spectrum.planes} * slabs_.ny(),
                        ComplexLines<T>{{0, numbers}, {0, spectrum}});
  }
  launcher().by_lines(y_.line, std::int64_t{spectrum.planes} * slabs_.columns(),
                      ComplexLines<T>{{1, spectrum}, {1, spectrum}});
}

template <Space S, class T, Of of>
void BoxTransform<S, T, of>::planes_backward(int c, RowPlaces<T> const& spectrum, T* planes,
                                             T scale) {
  auto const numbers = points(planes, spectrum);
  if (pencils_.are()) return pencils_.backward(launcher(), axes(), spectrum, numbers, scale, c);
  auto const phase = context_.phase("planes");
  auto const columns = [&] {  // they stay with real and imaginary parts exchanged
    launcher().by_lines(
        y_.line, std::int64_t{spectrum.planes} * slabs_.columns(),
        ComplexLines<T>{.from = {1, spectrum}, .to = {1, spectrum}, .exchange_in = true});
  };
  if constexpr (of == Of::real) {
    if (!naive_)
      return launcher().by_threads(
          HalfWork<T, W>{x_.line, y_.line, x_.plan.lanes_in_row(), numbers, spectrum, scale, true});
    columns();
    launcher().by_lines(x_.line, std::int64_t{spectrum.planes} * numbers.pairs(),
                        PairsOfHalves<T>{spectrum, numbers, scale});
  } else {
    if (!naive_)
      return launcher().by_threads(PlaneWork<T, W>{x_.line, y_.line, x_.plan.lanes_in_row(),
                                                   spectrum, numbers, scale, true});
    columns();
    launcher().by_lines(
        x_.line, std::int64_t{spectrum.planes} * slabs_.ny(),
        ComplexLines<T>{
            .from = {0, spectrum}, .to = {0, numbers}, .scale = scale, .exchange_out = true});
  }
}

template <Space S, class T, Of of>
void BoxTransform<S, T, of>::transform_towers(T* towers, bool backward) {
  auto const phase = context_.phase("towers");
  auto const columns = std::int64_t{slabs_.columns()} * slabs_.rows();
  auto const from_pitch = tower_pitch() - (context_.plan.acts("wrong-stride") ? 2 : 0);
  if (!naive_)
    return launcher().by_threads(
        TowerWork<T, W>{z_.line, towers, from_pitch, tower_pitch(), columns, backward});
  launcher().by_lines(z_.line, columns,
                      ComplexLines<T>{.from = {2, {}, towers, from_pitch},
                                      .to = {2, {}, towers, tower_pitch()},
                                      .backward = backward});
}

template <Space S, class T, Of of>
template <class Op>
void BoxTransform<S, T, of>::on_waves(T* const (&towers)[FusedTowers<T, W, Op>::arrays],
                                      Op const& op, bool there) {
  static_assert(of == Of::real, "rows of complex boxes are not whole vectors");
  if (Op::inputs + Op::outputs > fused_lines_)
    throw Error(Fault::spec, "an operation on waves has more lines than Manner::fused_lines says");
  FusedTowers<T, W, Op> work{
      z_.line, {}, tower_pitch(), std::int64_t{slabs_.columns()} * slabs_.rows(), op, there};
  std::copy(std::begin(towers), std::end(towers), work.data);
  if (!naive_) {
    auto const phase = context_.phase("towers");
    if (context_.plan.acts("wrong-stride")) work.pitch -= 2;
    return launcher().by_threads(work);
  }
  for (int i = 0; there && i < Op::inputs; ++i) transform_towers(towers[i], false);
  {
    auto const phase = context_.phase("towers");
    using Policy = Kokkos::RangePolicy<S, Kokkos::IndexType<std::int64_t>>;
    launch_range(context_, "waves", Policy(context_.space, 0, work.columns * slabs_.nz()),
                 OperateOnTowers<T, W, Op>{work});
  }
  for (int i = 0; i < Op::outputs; ++i) transform_towers(towers[i], true);
}

template <Space S, class T, Of of>
void BoxTransform<S, T, of>::forward(T* in, T* out) {
  to_towers(in, out);
  transform_towers(out, false);
}
template <Space S, class T, Of of>
void BoxTransform<S, T, of>::backward(T* in, T* out, T scale) {
  transform_towers(in, true);
  to_planes(in, out, context_.plan.is("missing-scale") ? T(1) : scale);
}

template <Space S, class T, Of of>
void BoxTransform<S, T, of>::to_towers(T* in, T* out) {
  require_apart(in, out);
  for (int c = 0; c < slabs_.chunks(); ++c) {
    planes_forward(c, chunk(c, in), exchange_.rows(c, out));
    if (c > 0) exchange_.wait();
    exchange_.begin(c, out, true);
  }
  exchange_.wait();
}

template <Space S, class T, Of of>
void BoxTransform<S, T, of>::to_planes(T* in, T* out, T scale) {
  require_apart(in, out);
  exchange_.begin(0, in, false);
  for (int c = 0; c < slabs_.chunks(); ++c) {
    exchange_.wait();
    if (c + 1 < slabs_.chunks()) exchange_.begin(c + 1, in, false);
    planes_backward(c, exchange_.rows(c, in), chunk(c, out), scale);
  }
}

}  // namespace inpex::fft
