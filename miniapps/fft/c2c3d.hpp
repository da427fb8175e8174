// SPDX-License-Identifier: Apache-2.0
#pragma once
// fft.c2c3d: the complex transform of a box, backward and forward. A step is one of each, from a
// spectrum to numbers and on to a spectrum, so that both are there in the end; the backward one is
// divided by the number of points, and by 2 or 1/2 in turn, so that a step left out shows.

#include "box_transform.hpp"
#include "convention.hpp"

#include <inpex/inpex.hpp>

#include <cmath>
#include <string>
#include <tuple>
#include <vector>

namespace inpex::fft {

template <class S, class Real>
class C2c3d {
 public:
  using space = S;
  static constexpr auto name = "fft.c2c3d";
  static constexpr auto summary = "Complex transform of a box, forward and backward";
  static constexpr auto item = "flops";

  struct Params {
    std::int64_t nx = 32, ny = 32, nz = 32, steps = 2;
    double scale = 1;
    std::string variant = "fused";
    std::int64_t chunks = 4;
    static constexpr auto fields() {
      using P = Params;
      return std::tuple{field("nx", &P::nx),        field("ny", &P::ny),
                        field("nz", &P::nz),        field("steps", &P::steps),
                        field("scale", &P::scale),  field("variant", &P::variant),
                        field("chunks", &P::chunks)};
    }
  };

  C2c3d(Params const& params, Context<S> const& context)
      : context_(context), scale_(params.scale),
        fft_(context, {params.nx, params.ny, params.nz},
             {static_cast<int>(params.chunks), params.variant == "naive"}),
        planes_("planes", fft_.plane_numbers()), towers_("towers", fft_.tower_numbers()) {}

  void reset() {
    done_ = 0;
    auto const nx = std::int64_t{box().nx()};
    fill_noise(context_, towers_.data(),
               {fft_.tower_pitch(), nx * box().rows(), box().nz(), nx * box().first_row(),
                nx * box().ny()});
    Kokkos::deep_copy(context_.space, planes_.view(), Real(0));
  }
  void step() {
    if (!context_.plan.acts("stale-buffer") || done_ == 0)
      fft_.backward(
          towers_.data(), planes_.data(),
          static_cast<Real>(next_factor(done_) * scale_ / static_cast<double>(box().points())));
    fft_.forward(planes_.data(), towers_.data());
    ++done_;
    if (context_.plan.acts("not-a-number")) poison(context_, towers_);
  }

  [[nodiscard]] std::vector<PhaseWork> work() const;
  [[nodiscard]] Table extents() const {
    return {{"planes", std::int64_t{box().planes()}, ""},
            {"rows", std::int64_t{box().rows()}, ""},
            {"messages", static_cast<std::int64_t>(fft_.messages()), ""},
            {"sent", static_cast<std::int64_t>(fft_.numbers_sent()), ""}};
  }
  std::uint64_t digest();
  static std::vector<Check<C2c3d>> checks() {
    return {{"round-trip", &C2c3d::departure},
            {"numbers", &C2c3d::numbers_error},
            {"parseval", &C2c3d::energy_error}};
  }

 private:
  [[nodiscard]] Slabs const& box() const { return fft_.slabs(); }
  template <class Body>
  void each_number(Memory<Real, S> const& array, Body const& body);
  double departure(Params const& truth);
  double numbers_error(Params const& truth);
  double energy_error(Params const& truth);

  Context<S> const& context_;
  double scale_;
  BoxTransform<S, Real> fft_;
  Memory<Real, S> planes_, towers_;
  std::int64_t done_ = 0;
};

// By the convention, and each number read and written once a pass: planes and towers, both ways.
template <class S, class Real>
std::vector<PhaseWork> C2c3d<S, Real>::work() const {
  double const nx = box().nx(), ny = box().ny(), nz = box().nz(), planes = box().planes(),
               rows = box().rows();
  auto const whole = [](double number) { return static_cast<std::uint64_t>(std::floor(number)); };
  auto const bytes = [&](double numbers) {
    return static_cast<std::uint64_t>(4 * sizeof(Real) * numbers);
  };
  return {{"planes",
           {.flops = whole(2 * 5 * nx * ny * planes * (std::log2(nx) + std::log2(ny))),
            .bytes_read = bytes(nx * ny * planes),
            .bytes_written = bytes(nx * ny * planes)}},
          {"towers",
           {.flops = whole(2 * 5 * nx * rows * nz * std::log2(nz)),
            .bytes_read = bytes(nx * rows * nz),
            .bytes_written = bytes(nx * rows * nz)}},
          {"exchange",
           {.messages = fft_.messages(), .bytes_sent = sizeof(Real) * fft_.numbers_sent()}}};
}

// body(place, number) for all numbers of planes or of towers on this rank; place = x + nx (y + ny
// z).
template <class S, class Real>
template <class Body>
void C2c3d<S, Real>::each_number(Memory<Real, S> const& array, Body const& body) {
  bool const planes = array.data() == planes_.data();
  auto const copy = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), array.view());
  context_.space.fence("numbers are read");
  auto const pitch = planes ? fft_.plane_pitch() : fft_.tower_pitch();
  int const rows = planes ? box().ny() : box().rows(), first_row = planes ? 0 : box().first_row();
  int const layers = planes ? box().planes() : box().nz(), first = planes ? box().first_plane() : 0;
  for (int z = 0; z < layers; ++z)
    for (int y = 0; y < rows; ++y)
      for (int x = 0; x < box().nx(); ++x) {
        auto const place =
            x + std::int64_t{box().nx()} * (first_row + y + std::int64_t{box().ny()} * (first + z));
        body(place, copy.data() + z * pitch + std::int64_t{2} * (x + std::int64_t{box().nx()} * y));
      }
}

template <class S, class Real>
std::uint64_t C2c3d<S, Real>::digest() {
  std::uint64_t sum = 0;
  each_number(towers_, [&](std::int64_t place, Real const* number) {
    for (int part = 0; part < 2; ++part)
      sum += cell_hash(static_cast<std::uint64_t>(2 * place + part), number[part]);
  });
  return context_.comm.sum(sum);
}

template <class S, class Real>
double C2c3d<S, Real>::departure(Params const& truth) {
  NoiseError<Real> error(halved(truth.steps) * truth.scale);
  each_number(towers_, [&](std::int64_t place, Real const* number) { error.add(place, number); });
  return context_.comm.maximum(error.most());
}

// Of a few points, the largest distance from the direct sums of the spectrum that the last backward
// transform began with, over the size of all points. With the sign of its exponent changed a sum is
// that of the conjugate numbers, conjugate.
template <class S, class Real>
double C2c3d<S, Real>::numbers_error(Params const& truth) {
  auto const samples = sampled_waves(box());
  double const points = static_cast<double>(box().points()), size = halved(truth.steps) / points;
  auto const sums = direct_sums(box(), context_.comm, samples, [&](std::int64_t place, double* to) {
    Real number[2];
    noise(place, number);
    to[0] = size * static_cast<double>(number[0]), to[1] = -size * static_cast<double>(number[1]);
  });
  double most = 0;
  each_number(planes_, [&](std::int64_t place, Real const* number) {
    for (std::size_t n = 0; n < samples.size(); ++n) {
      auto const& at = samples[n];
      if (place != at[0] + box().nx() * (at[1] + box().ny() * at[2])) continue;
      double const error = std::abs(
          std::complex<double>(static_cast<double>(number[0]), static_cast<double>(number[1])) -
          std::conj(sums[n]));
      if (!(error <= most)) most = std::isfinite(error) ? error : HUGE_VAL;
    }
  });
  return context_.comm.maximum(most) / (size * noise_size * std::sqrt(points));
}

template <class S, class Real>
double C2c3d<S, Real>::energy_error(Params const& truth) {
  NoiseEnergy<Real> energy;
  each_number(planes_, [&](std::int64_t place, Real const* number) { energy.add(place, number); });
  return energy.error(context_.comm, halved(truth.steps), 1 / static_cast<double>(box().points()));
}

}  // namespace inpex::fft
