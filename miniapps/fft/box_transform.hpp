// SPDX-License-Identifier: Apache-2.0
#pragma once
// The transform of a box of complex numbers over ranks, forward and backward: the way to use this
// folder from other code. Two passes over memory on hosts (planes.hpp), three on devices
// (line_pass.hpp); between them the exchange of slabs.hpp, a chunk of which travels while the next
// is transformed.
//
//   BoxTransform<Kokkos::OpenMP, double> fft(context, {256, 256, 256}, {});
//   Memory<double, Kokkos::OpenMP> u("u", fft.plane_numbers()), spectrum("U", fft.tower_numbers());
//   fft.forward(u.data(), spectrum.data());

#include "axis.hpp"
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

/// Arrays of complex numbers, interleaved, x fastest. Planes: [planes()][ny][nx], plane_pitch
/// apart; towers: [nz][rows()][nx], tower_pitch apart. Collective; asynchronous on devices with one
/// rank.
template <Space S, class T>
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
    return fft::plane_pitch<T>(std::int64_t{slabs_.nx()} * slabs_.ny());
  }
  [[nodiscard]] std::ptrdiff_t tower_pitch() const {
    return fft::plane_pitch<T>(std::int64_t{slabs_.nx()} * slabs_.rows());
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
  [[nodiscard]] LinePass<T> lines(AnyLine<T> const& line, LinePlaces<T> const& from,
                                  LinePlaces<T> const& to, std::int64_t count,
                                  LineChange<T> const& change) const {
    return {line, from, to, count, change, scratch_.data(), scratch_size_, threads_};
  }
  void transform_planes(PlaneWork<T> const& work);
  void transform_towers(TowerWork<T> const& work);
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

/// Planes by threads.
template <class T, int W>
struct PlanePass {
  static constexpr char const* name = "planes";
  PlaneWork<T> work;
  T* scratch;
  std::ptrdiff_t scratch_size;
  int threads;

  [[nodiscard]] int tiles() const { return std::min(threads, work.in.planes); }
  void tile(int t) const {
    auto const share = [&](int n) {
      return work.in.first + static_cast<int>(std::int64_t{work.in.planes} * n / tiles());
    };
    fft::transform_planes<T, W>(work, scratch + t * scratch_size, share(t), share(t + 1));
  }
  [[nodiscard]] int teams() const { return 0; }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const&) const {}
};

/// Towers by threads.
template <class T, int W>
struct TowerPass {
  static constexpr char const* name = "towers";
  TowerWork<T> work;
  T* scratch;
  std::ptrdiff_t scratch_size;
  int threads;

  [[nodiscard]] int tiles() const { return threads; }
  void tile(int t) const {
    constexpr std::int64_t whole = W * TowerWork<T>::bundles;
    auto const share = [&](int n) {
      return std::min(work.columns, (work.columns + whole - 1) / whole * n / threads * whole);
    };
    fft::transform_towers<T, W>(work, scratch + t * scratch_size, share(t), share(t + 1));
  }
  [[nodiscard]] int teams() const { return 0; }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const&) const {}
};

template <Space S, class T>
BoxTransform<S, T>::BoxTransform(Context<S> const& context, std::array<std::int64_t, 3> points,
                                 Manner manner)
    : context_(context), slabs_(points, manner.chunks, context.comm),
      naive_(manner.naive || !context.tiled()), x_(slabs_.nx()), y_(slabs_.ny()), z_(slabs_.nz()),
      threads_(is_host<S> ? context.space.concurrency() : 1),
      scratch_size_(static_cast<std::ptrdiff_t>(std::max({plane_scratch<T, W>(x_.line, y_.line),
                                                          bundle_scratch<T, W>(z_.line)}) +
                                                4096 / sizeof(T)) /
                    16 * 16),
      chunk_size_(slabs_.ranks() == 1
                      ? 0
                      : slabs_.most_planes() *
                            (fft::plane_pitch<T>(std::int64_t{slabs_.nx()} * slabs_.y().count(0)) *
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

template <Space S, class T>
void BoxTransform<S, T>::plant() {
  if (context_.plan.is("conjugated-twiddle")) y_.plan.spoil(true);
  if (context_.plan.is("swapped-twiddles")) z_.plan.spoil(false);
}

template <Space S, class T>
std::uint64_t BoxTransform<S, T>::numbers_sent() const {
  std::uint64_t sum = 0;
  for (int to = 0; to < slabs_.ranks(); ++to)
    if (to != slabs_.rank())
      sum += static_cast<std::uint64_t>(
          slabs_.planes() * fft::plane_pitch<T>(std::int64_t{slabs_.nx()} * slabs_.y().count(to)) +
          slabs_.z().count(to) * tower_pitch());
  return sum;
}

template <Space S, class T>
RowPlaces<T> BoxTransform<S, T>::places(T* data, T* own, int parts,
                                        std::array<int, 2> group) const {
  return {data,     own,      parts,       own == nullptr ? -1 : slabs_.rank(),
          group[0], group[1], slabs_.nx(), slabs_.ny()};
}

template <Space S, class T>
void BoxTransform<S, T>::transform_planes(PlaneWork<T> const& work) {
  if (!naive_) {
    if constexpr (is_host<S>)
      launch(context_, PlanePass<T, W>{work, scratch_.data(), scratch_size_, threads_});
    return;
  }
  std::int64_t const planes = work.in.planes;
  launch(context_, lines(x_.line, {0, work.in}, {0, work.out}, planes * slabs_.ny(),
                         {work.scale, work.exchanged, false, false}));
  launch(context_, lines(y_.line, {1, work.out}, {1, work.out}, planes * slabs_.nx(),
                         {T(1), false, work.exchanged, false}));
}

template <Space S, class T>
void BoxTransform<S, T>::transform_towers(TowerWork<T> const& wanted) {
  auto work = wanted;
  if (context_.plan.acts("wrong-stride")) work.from_pitch -= 2;
  if (!naive_) {
    if constexpr (is_host<S>)
      launch(context_, TowerPass<T, W>{work, scratch_.data(), scratch_size_, threads_});
    return;
  }
  launch(context_,
         lines(z_.line, {2, {}, const_cast<T*>(work.from), work.from_pitch},
               {2, {}, work.to, work.to_pitch}, work.columns, {T(1), false, false, work.backward}));
}

// Messages of chunk c, between `chunk` by parts and towers. Forward: planes of this rank go out,
// and those of others come into the towers; backward the other way.
template <Space S, class T>
void BoxTransform<S, T>::exchange(int c, T* chunk, T* towers, bool forward) {
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

template <Space S, class T>
void BoxTransform<S, T>::forward(T* in, T* out) {
  bool const alone = slabs_.ranks() == 1;
  for (int c = 0; c < slabs_.chunks(); ++c) {
    auto const group = slabs_.chunk(slabs_.rank(), c);
    T* const planes = in + (group[0] - slabs_.first_plane()) * plane_pitch();
    T* const own = out + group[0] * tower_pitch();
    {
      auto const phase = context_.phase("planes");
      transform_planes(
          {x_.line, y_.line, x_.plan.lanes_in_row(), places(planes, nullptr, 1, group),
           alone ? places(own, nullptr, 1, group) : places(chunk(c), own, slabs_.ranks(), group),
           T(1), false});
    }
    if (alone) continue;
    auto const phase = context_.phase("exchange");
    if (c > 0) context_.comm.wait();
    exchange(c, chunk(c), out, true);
  }
  if (!alone) {
    auto const phase = context_.phase("exchange");
    context_.comm.wait();
  }
  auto const phase = context_.phase("towers");
  transform_towers({z_.line, out, tower_pitch(), out, tower_pitch(),
                    std::int64_t{slabs_.nx()} * slabs_.rows(), false});
}

template <Space S, class T>
void BoxTransform<S, T>::backward(T* in, T* out, T scale) {
  bool const alone = slabs_.ranks() == 1;
  if (context_.plan.is("missing-scale")) scale = T(1);
  {
    auto const phase = context_.phase("towers");
    transform_towers({z_.line, in, tower_pitch(), in, tower_pitch(),
                      std::int64_t{slabs_.nx()} * slabs_.rows(), true});
  }
  if (!alone) {
    auto const phase = context_.phase("exchange");
    exchange(0, chunk(0), in, false);
  }
  for (int c = 0; c < slabs_.chunks(); ++c) {
    auto const group = slabs_.chunk(slabs_.rank(), c);
    T* const planes = out + (group[0] - slabs_.first_plane()) * plane_pitch();
    T* const own = in + group[0] * tower_pitch();
    if (!alone) {
      auto const phase = context_.phase("exchange");
      context_.comm.wait();
      if (c + 1 < slabs_.chunks()) exchange(c + 1, chunk(c + 1), in, false);
    }
    auto const phase = context_.phase("planes");
    transform_planes(
        {x_.line, y_.line, x_.plan.lanes_in_row(),
         alone ? places(own, nullptr, 1, group) : places(chunk(c), own, slabs_.ranks(), group),
         places(planes, nullptr, 1, group), scale, true});
  }
}

}  // namespace inpex::fft
