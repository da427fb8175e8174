// SPDX-License-Identifier: Apache-2.0
#pragma once
// The transform of a box over ranks, forward and backward: the way to use this folder from other
// code. Two passes over memory on hosts (planes.hpp, half_planes.hpp), three on devices
// (line_pass.hpp); between them the exchange of slabs.hpp, a chunk of which travels while the next
// is transformed.
//
//   BoxTransform<Kokkos::OpenMP, double> fft(context, {256, 256, 256}, {});
//   Memory<double, Kokkos::OpenMP> u("u", fft.plane_numbers()), spectrum("U", fft.tower_numbers());
//   fft.forward(u.data(), spectrum.data());

#include "axis.hpp"
#include "half_lines.hpp"
#include "half_planes.hpp"
#include "host_pass.hpp"
#include "line_pass.hpp"
#include "slabs.hpp"

#include <inpex/memory.hpp>

#include <algorithm>

namespace inpex::fft {

/// How a transform is done.
struct Manner {
  int chunks = 4;      ///< of the exchange
  bool naive = false;  ///< line by line
};

/// What the numbers of a box are. Of real ones the half of the spectrum is kept that has x up to
/// nx / 2, columns() numbers a row, the last ones of which mean nothing.
enum class Of { complex, real };

/// Planes: [planes()][ny][nx] numbers, plane_pitch apart; towers: complex numbers
/// [nz][rows()][columns()], tower_pitch apart. Complex numbers are interleaved, x is fastest.
/// Collective; asynchronous on devices with one rank.
template <Space S, class T, Of of = Of::complex>
class BoxTransform {
  static constexpr int W = is_host<S> ? native_lanes<T> : 1;
  using Array = Memory<T, S>;

 public:
  /// Throws Error (spec) for extents that cannot be, Error (environment) where memory or a message
  /// layer for device memory is missing.
  BoxTransform(Context<S> const& context, std::array<std::int64_t, 3> points, Manner manner);

  [[nodiscard]] Slabs const& slabs() const { return slabs_; }
  /// Numbers of T from plane to plane before the forward transform, and after it.
  [[nodiscard]] std::ptrdiff_t plane_pitch() const {
    auto const points = std::int64_t{slabs_.nx()} * slabs_.ny();
    return fft::plane_pitch<T>(of == Of::real ? (points + 1) / 2 : points);
  }
  [[nodiscard]] std::ptrdiff_t tower_pitch() const {
    return fft::plane_pitch<T>(std::int64_t{slabs_.columns()} * slabs_.rows());
  }
  /// Sizes of arrays; a little more is read ahead.
  [[nodiscard]] std::size_t plane_numbers() const {
    return static_cast<std::size_t>(slabs_.planes() * plane_pitch());
  }
  [[nodiscard]] std::size_t tower_numbers() const {
    return static_cast<std::size_t>(slabs_.nz() * tower_pitch());
  }
  /// Of this rank to others, both ways together.
  [[nodiscard]] std::uint64_t messages() const {
    return 2u * static_cast<unsigned>(slabs_.chunks()) * static_cast<unsigned>(slabs_.ranks() - 1);
  }
  [[nodiscard]] std::uint64_t numbers_sent() const;

  /// out = sum over points of in exp(-2 pi i (k x / n)). Planes to towers; `in` is kept.
  void forward(T* in, T* out);
  /// out = scale times the sum with the other sign. Towers to planes; `in` is overwritten. The same
  /// bits on any number of ranks: z is first.
  void backward(T* in, T* out, T scale);

 private:
  void plant();
  [[nodiscard]] RowPlaces<T> places(T* data, T* own, int parts, std::array<int, 2> group) const;
  [[nodiscard]] RealPlaces<T> real_places(T* planes, std::array<int, 2> group) const {
    return {planes, plane_pitch(), group[0], slabs_.nx(), slabs_.ny()};
  }
  template <class Work>
  void by_threads(Work const& work) {
    if constexpr (is_host<S>)
      launch(context_, HostPass<T, W, Work>{work, scratch_.data(), scratch_size_, threads_});
  }
  template <class Ends>
  void by_lines(AnyLine<T> const& line, std::int64_t count, Ends const& ends) {
    launch(context_,
           LinePass<T, Ends>{line, ends, count, scratch_.data(), scratch_size_, threads_});
  }
  void planes_forward(T* planes, RowPlaces<T> const& spectrum, std::array<int, 2> group);
  void planes_backward(RowPlaces<T> const& spectrum, T* planes, T scale, std::array<int, 2> group);
  void transform_towers(T* towers, bool backward);
  void exchange(int c, T* chunk, T* towers, bool forward);
  [[nodiscard]] T* chunk(int c) const { return chunks_.data() + c % 2 * chunk_size_; }

  Context<S> const& context_;
  Slabs slabs_;
  bool naive_;
  Axis<S, T> x_, y_, z_;
  int threads_;
  std::ptrdiff_t scratch_size_;
  std::ptrdiff_t chunk_size_;
  Scratch<T, S> scratch_;
  Array chunks_;
};

template <Space S, class T, Of of>
BoxTransform<S, T, of>::BoxTransform(Context<S> const& context, std::array<std::int64_t, 3> points,
                                     Manner manner)
    : context_(context), slabs_(points, of == Of::real ? half_columns<W>(points[0]) : points[0],
                                manner.chunks, context.comm),
      naive_(manner.naive || !context.tiled()), x_(slabs_.nx()), y_(slabs_.ny()), z_(slabs_.nz()),
      threads_(is_host<S> ? context.space.concurrency() : 1),
      scratch_size_(static_cast<std::ptrdiff_t>(
                        std::max({of == Of::real ? half_scratch<T, W>(x_.line, y_.line)
                                                 : plane_scratch<T, W>(x_.line, y_.line),
                                  bundle_scratch<T, W>(z_.line)}) +
                        4096 / sizeof(T)) /
                    16 * 16),
      chunk_size_(slabs_.ranks() == 1
                      ? 0
                      : slabs_.most_planes() * (fft::plane_pitch<T>(std::int64_t{slabs_.columns()} *
                                                                    slabs_.y().count(0)) *
                                                slabs_.ranks())),
      scratch_(context.tiled() ? scratch_size_ * threads_ : 0),
      chunks_("chunks of the exchange", static_cast<std::size_t>(2 * chunk_size_)) {
  if (!is_host<S> && slabs_.ranks() > 1 && !context.comm.device_memory())
    throw Error(Fault::environment,
                "this MPI takes no device memory, and the exchange has no stage", "",
                "take one rank, or an MPI that takes device memory");
  plant();
  if constexpr (!is_host<S>) x_.to_device(), y_.to_device(), z_.to_device();
}

template <Space S, class T, Of of>
void BoxTransform<S, T, of>::plant() {
  if (context_.plan.is("conjugated-twiddle")) y_.plan.spoil(true);
  if (context_.plan.is("swapped-twiddles")) z_.plan.spoil(false);
}

template <Space S, class T, Of of>
std::uint64_t BoxTransform<S, T, of>::numbers_sent() const {
  std::uint64_t sum = 0;
  for (int to = 0; to < slabs_.ranks(); ++to)
    if (to != slabs_.rank())
      sum += static_cast<std::uint64_t>(
          slabs_.planes() *
              fft::plane_pitch<T>(std::int64_t{slabs_.columns()} * slabs_.y().count(to)) +
          slabs_.z().count(to) * tower_pitch());
  return sum;
}

template <Space S, class T, Of of>
RowPlaces<T> BoxTransform<S, T, of>::places(T* data, T* own, int parts,
                                            std::array<int, 2> group) const {
  return {data,
          own,
          parts,
          own == nullptr ? -1 : slabs_.rank(),
          group[0],
          group[1],
          slabs_.columns(),
          slabs_.ny()};
}

// x and y of planes of this rank, from the `group` that is at `planes`.
template <Space S, class T, Of of>
void BoxTransform<S, T, of>::planes_forward(T* planes, RowPlaces<T> const& spectrum,
                                            std::array<int, 2> group) {
  auto const phase = context_.phase("planes");
  if constexpr (of == Of::real) {
    auto const real = real_places(planes, group);
    if (!naive_)
      return by_threads(
          HalfWork<T>{x_.line, y_.line, x_.plan.lanes_in_row(), real, spectrum, T(0.5), false});
    by_lines(x_.line, std::int64_t{group[1]} * real.pairs(),
             HalvesOfPairs<T>{real, spectrum, T(0.5)});
  } else {
    auto const numbers = places(planes, nullptr, 1, group);
    if (!naive_)
      return by_threads(
          PlaneWork<T>{x_.line, y_.line, x_.plan.lanes_in_row(), numbers, spectrum, T(1), false});
    by_lines(x_.line, std::int64_t{group[1]} * slabs_.ny(),
             ComplexLines<T>{{0, numbers}, {0, spectrum}});
  }
  by_lines(y_.line, std::int64_t{group[1]} * slabs_.columns(),
           ComplexLines<T>{{1, spectrum}, {1, spectrum}});
}

template <Space S, class T, Of of>
void BoxTransform<S, T, of>::planes_backward(RowPlaces<T> const& spectrum, T* planes, T scale,
                                             std::array<int, 2> group) {
  auto const phase = context_.phase("planes");
  auto const columns = [&] {  // they stay with real and imaginary parts exchanged
    by_lines(y_.line, std::int64_t{group[1]} * slabs_.columns(),
             ComplexLines<T>{.from = {1, spectrum}, .to = {1, spectrum}, .exchange_in = true});
  };
  if constexpr (of == Of::real) {
    auto const real = real_places(planes, group);
    if (!naive_)
      return by_threads(
          HalfWork<T>{x_.line, y_.line, x_.plan.lanes_in_row(), real, spectrum, scale, true});
    columns();
    by_lines(x_.line, std::int64_t{group[1]} * real.pairs(),
             PairsOfHalves<T>{spectrum, real, scale});
  } else {
    auto const numbers = places(planes, nullptr, 1, group);
    if (!naive_)
      return by_threads(
          PlaneWork<T>{x_.line, y_.line, x_.plan.lanes_in_row(), spectrum, numbers, scale, true});
    columns();
    by_lines(x_.line, std::int64_t{group[1]} * slabs_.ny(),
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
    return by_threads(
        TowerWork<T>{z_.line, towers, from_pitch, towers, tower_pitch(), columns, backward});
  by_lines(z_.line, columns,
           ComplexLines<T>{.from = {2, {}, towers, from_pitch},
                           .to = {2, {}, towers, tower_pitch()},
                           .backward = backward});
}

// Messages of chunk c, between `chunk` by parts and towers. Forward: planes of this rank go out,
// and those of others come into the towers; backward the other way.
template <Space S, class T, Of of>
void BoxTransform<S, T, of>::exchange(int c, T* chunk, T* towers, bool forward) {
  if (context_.plan.acts("drop-halo")) return;
  if (context_.plan.acts("stale-chunk") && c == slabs_.chunks() - 1) return;
  context_.space.fence("a chunk is written, before its messages read it");
  auto const mine = slabs_.chunk(slabs_.rank(), c);
  auto const by_parts = places(chunk, chunk, slabs_.ranks(), mine);
  for (int rank = 0; rank < slabs_.ranks(); ++rank) {
    if (rank == slabs_.rank()) continue;
    auto const theirs = slabs_.chunk(rank, c);
    auto const in_chunk = std::span(chunk + by_parts.before(rank),
                                    static_cast<std::size_t>(mine[1] * by_parts.pitch(rank)));
    auto const in_towers = std::span(towers + theirs[0] * tower_pitch(),
                                     static_cast<std::size_t>(theirs[1] * tower_pitch()));
    context_.comm.receive(std::as_writable_bytes(forward ? in_towers : in_chunk), rank, c);
    context_.comm.send(std::as_bytes(forward ? in_chunk : in_towers), rank, c);
  }
}

template <Space S, class T, Of of>
void BoxTransform<S, T, of>::forward(T* in, T* out) {
  bool const alone = slabs_.ranks() == 1;
  for (int c = 0; c < slabs_.chunks(); ++c) {
    auto const group = slabs_.chunk(slabs_.rank(), c);
    T* const own = out + group[0] * tower_pitch();
    planes_forward(in + (group[0] - slabs_.first_plane()) * plane_pitch(),
                   alone ? places(own, nullptr, 1, group)
                         : places(chunk(c), own, slabs_.ranks(), group),
                   group);
    if (alone) continue;
    auto const phase = context_.phase("exchange");
    if (c > 0) context_.comm.wait();
    exchange(c, chunk(c), out, true);
  }
  if (!alone) {
    auto const phase = context_.phase("exchange");
    context_.comm.wait();
  }
  transform_towers(out, false);
}

template <Space S, class T, Of of>
void BoxTransform<S, T, of>::backward(T* in, T* out, T scale) {
  bool const alone = slabs_.ranks() == 1;
  if (context_.plan.is("missing-scale")) scale = T(1);
  transform_towers(in, true);
  if (!alone) {
    auto const phase = context_.phase("exchange");
    exchange(0, chunk(0), in, false);
  }
  for (int c = 0; c < slabs_.chunks(); ++c) {
    auto const group = slabs_.chunk(slabs_.rank(), c);
    T* const own = in + group[0] * tower_pitch();
    if (!alone) {
      auto const phase = context_.phase("exchange");
      context_.comm.wait();
      if (c + 1 < slabs_.chunks()) exchange(c + 1, chunk(c + 1), in, false);
    }
    planes_backward(alone ? places(own, nullptr, 1, group)
                          : places(chunk(c), own, slabs_.ranks(), group),
                    out + (group[0] - slabs_.first_plane()) * plane_pitch(), scale, group);
  }
}

}  // namespace inpex::fft
