// SPDX-License-Identifier: Apache-2.0
#pragma once
// fft.batch1d: complex transforms of many lines that lie one behind the other, forward and
// backward: the transform without its strides, and no exchange. A step is one of each; as in
// fft.c2c3d the backward one is divided by 2 or 1/2 in turn.

#include "axis.hpp"
#include "batch_pass.hpp"
#include "convention.hpp"
#include "engine_choice.hpp"
#include "host_pass.hpp"
#include "line_pass.hpp"
#include "noise.hpp"

#include <inpex/inpex.hpp>

#include <cmath>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

namespace inpex::fft {

template <class S, class Real>
class Batch1d {
  static constexpr int W = is_host<S> ? native_lanes<Real> : 1;
  using Array = Memory<Real, S>;

 public:
  using space = S;
  static constexpr auto name = "fft.batch1d";
  static constexpr auto summary = "Complex transforms of many lines, forward and backward";
  static constexpr auto item = "flops";

  struct Params {
    std::int64_t n = 64, lines = 64, steps = 2;
    double scale = 1;
    std::string variant = "fused", engine = "own";
    static constexpr auto fields() {
      using P = Params;
      return std::tuple{
          field("n", &P::n),         field("lines", &P::lines),     field("steps", &P::steps),
          field("scale", &P::scale), field("variant", &P::variant), field("engine", &P::engine)};
    }
  };

  Batch1d(Params const& params, Context<S> const& context)
      : context_(context), scale_(params.scale),
        naive_(params.variant == "naive" || !context.tiled()),
        shares_(checked(params, context.comm)), first_(shares_.start(context.comm.rank())),
        lines_(shares_.count(context.comm.rank())), axis_(params.n),
        threads_(is_host<S> ? context.space.concurrency() : 1),
        scratch_size_(static_cast<std::ptrdiff_t>(batch_scratch<Real, W>(axis_.line) + 1023) /
                      1024 * 1024),
        scratch_(context.tiled() ? scratch_size_ * threads_ : 0), numbers_("numbers", size()),
        spectra_("spectra", size()) {
    if (context.plan.is("conjugated-twiddle")) axis_.plan.spoil(true);
    if (context.plan.is("swapped-twiddles")) axis_.plan.spoil(false);
    if constexpr (!is_host<S>) axis_.to_device();
    auto const task = [&] {
      reset();
      return lines_task(params.n, lines_);
    };
    engine_ = engine_of(params.engine, context, task, numbers_.data(), spectra_.data());
  }

  void reset() {
    done_ = 0;
    std::int64_t const n = axis_.line.length;
    using Policy = Kokkos::RangePolicy<S, Kokkos::IndexType<std::int64_t>>;
    Kokkos::parallel_for("noise", Policy(context_.space, 0, n * lines_),
                         FillNoise<Real>{numbers_.data(), n * first_});
    Kokkos::deep_copy(context_.space, spectra_.view(), Real(0));
  }
  void step() {
    if (!context_.plan.acts("stale-buffer") || done_ == 0) {
      auto const phase = context_.phase("forward");
      engine_ != nullptr ? engine_->forward()
                         : transform(numbers_.data(), spectra_.data(), Real(1), false);
    }
    auto const phase = context_.phase("backward");
    double const whole = context_.plan.is("missing-scale") ? 1 : axis_.line.length;
    auto const factor = static_cast<Real>(next_factor(done_) * scale_ / whole);
    engine_ != nullptr ? backward_scaled(context_, *engine_, numbers_, factor)
                       : transform(spectra_.data(), numbers_.data(), factor, true);
    ++done_;
    if (context_.plan.acts("not-a-number")) poison(context_, numbers_);
  }

  [[nodiscard]] std::vector<PhaseWork> work() const {
    Work const once{.flops = static_cast<std::uint64_t>(
                        std::floor(conventional_flops(lines_, axis_.line.length))),
                    .bytes_read = sizeof(Real) * size(),
                    .bytes_written = sizeof(Real) * size()};
    return {{"forward", once}, {"backward", once}};
  }
  [[nodiscard]] Table extents() const { return {{"own_lines", std::int64_t{lines_}, ""}}; }
  [[nodiscard]] Table chosen() const { return {{"library", library_of(engine_.get()), ""}}; }
  std::uint64_t digest() {
    std::uint64_t sum = 0;
    each_number(numbers_, [&](std::int64_t place, Real const* number) {
      for (int part = 0; part < 2; ++part)
        sum += cell_hash(static_cast<std::uint64_t>(2 * place + part), number[part]);
    });
    return context_.comm.sum(sum);
  }
  static std::vector<Check<Batch1d>> checks() {
    return {{"round-trip", &Batch1d::departure},
            {"spectrum", &Batch1d::spectrum_error},
            {"parseval", &Batch1d::energy_error}};
  }

 private:
  static Shares checked(Params const& p, Comm const& comm) {
    if (p.lines < 1 || p.lines >= std::int64_t{1} << 31)
      throw Error(Fault::spec, std::to_string(p.lines) + " lines", "lines", "take 1 to 2147483647");
    if (comm.size() > p.lines)
      throw Error(Fault::spec, std::to_string(comm.size()) + " ranks are more than there are lines",
                  "lines", "take at most " + std::to_string(p.lines) + " ranks");
    return {static_cast<int>(p.lines), comm.size()};
  }
  [[nodiscard]] std::size_t size() const {
    return static_cast<std::size_t>(2 * std::int64_t{axis_.line.length} * lines_);
  }
  void transform(Real* from, Real* to, Real scale, bool backward) {
    int const n = axis_.line.length;
    if (!naive_) {
      if constexpr (is_host<S>)
        launch(context_, HostPass<Real, BatchWork<Real, W>>{{axis_.line, axis_.plan.lanes_in_row(),
                                                             from, to, lines_, scale, backward},
                                                            scratch_.data(),
                                                            scratch_size_,
                                                            threads_});
      return;
    }
    auto const rows = [&](Real* data) -> RowPlaces<Real> {
      return {data, nullptr, 1, -1, 0, 1, n, lines_};
    };
    launch(context_, LinePass<Real, ComplexLines<Real>>{
                         axis_.line,
                         {{0, rows(from)}, {0, rows(to)}, scale, backward, backward, false},
                         lines_,
                         scratch_.data(),
                         scratch_size_,
                         threads_});
  }
  /// body(place, number) for all numbers of this rank; place = point + n * line.
  template <class Body>
  void each_number(Array const& array, Body const& body) const {
    auto const copy = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), array.view());
    auto const first = std::int64_t{axis_.line.length} * first_;
    for (std::int64_t at = 0; at < static_cast<std::int64_t>(size() / 2); ++at)
      body(first + at, copy.data() + 2 * at);
  }
  double departure(Params const& truth) {
    NoiseError<Real> error(halved(truth.steps) * truth.scale);
    each_number(numbers_, [&](std::int64_t place, Real const* number) {
      Real start[2];
      noise(place, start);
      error.add(start, number);
    });
    return context_.comm.maximum(error.most());
  }
  double energy_error(Params const& truth) {
    NoiseEnergy energy;
    each_number(spectra_, [&](std::int64_t place, Real const* number) {
      Real start[2];
      noise(place, start);
      energy.add_before(start);
      energy.add_after(number[0]), energy.add_after(number[1]);
    });
    double const size = halved(truth.steps - 1);
    return energy.error(context_.comm, size * size * axis_.line.length);
  }
  double spectrum_error(Params const& truth);

  Context<S> const& context_;
  double scale_;
  bool naive_;
  Shares shares_;
  int first_, lines_;
  Axis<S, Real> axis_;
  int threads_;
  std::ptrdiff_t scratch_size_;
  Scratch<Real, S> scratch_;
  Array numbers_, spectra_;
  std::int64_t done_ = 0;
  std::unique_ptr<Engine> engine_;  ///< nullptr: ours
};

// Of up to eight lines of this rank and four waves each, the largest distance from direct sums.
template <class S, class Real>
double Batch1d<S, Real>::spectrum_error(Params const& truth) {
  auto const wide = [](Real const* number) {
    return std::complex<long double>(static_cast<double>(number[0]),
                                     static_cast<double>(number[1]));
  };
  int const n = axis_.line.length;
  double const size = halved(truth.steps - 1);
  auto const all = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), spectra_.view());
  double most = 0;
  int const samples = std::min(8, lines_);
  for (int sample = 0; sample < samples; ++sample) {
    auto const line = std::int64_t{lines_ - 1} * sample / std::max(1, samples - 1);
    for (std::uint64_t wave = 0; wave < 4; ++wave) {
      auto const k = static_cast<int>(random_bits(13, wave).word[0] % static_cast<unsigned>(n));
      auto const roots = turns(k, n);
      std::complex<long double> sum = 0;
      for (int j = 0; j < n; ++j) {
        Real number[2];
        noise(j + std::int64_t{n} * (first_ + line), number);
        sum += roots[static_cast<std::size_t>(j)] * wide(number);
      }
      Real const* const found = all.data() + 2 * (line * n + k);
      auto const error = std::abs(wide(found) - static_cast<long double>(size) * sum);
      if (!(error <= most)) most = std::isfinite(error) ? static_cast<double>(error) : HUGE_VAL;
    }
  }
  return context_.comm.maximum(most) / (size * noise_size * std::sqrt(static_cast<double>(n)));
}

}  // namespace inpex::fft
