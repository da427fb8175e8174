// SPDX-License-Identifier: Apache-2.0
#pragma once
// fft.c2c3d and fft.r2c3d: the transform of a box, backward and forward. A step is one of each,
// from a spectrum to numbers and on to a spectrum, so that both are there in the end; the backward
// one is divided by the number of points, and by 2 or 1/2 in turn, so that a step left out shows.

#include "box_transform.hpp"
#include "convention.hpp"
#include "engine_choice.hpp"

#include <inpex/inpex.hpp>

#include <cmath>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

namespace inpex::fft {

/// The spectrum that towers start from; numbers beyond the box are 0.
template <class T>
struct FillSpectrum {
  T* to;
  std::ptrdiff_t pitch;
  NoiseSpectrum<T> start;
  std::int64_t columns, rows, first_column, first_row;
  std::int64_t kept;  ///< numbers of a row that mean something

  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t n) const {
    auto const x = n % columns, y = n / columns % rows, z = n / columns / rows;
    T* const number = to + z * pitch + 2 * (x + columns * y);
    if (x < kept)
      start(first_column + x, first_row + y, z, number);
    else
      number[0] = number[1] = 0;
  }
};

template <class S, class Real, Of of>
class RoundTrip {
  static constexpr bool real = of == Of::real;

 public:
  using space = S;
  static constexpr auto name = real ? "fft.r2c3d" : "fft.c2c3d";
  static constexpr auto summary = real ? "Real transform of a box, forward and backward"
                                       : "Complex transform of a box, forward and backward";
  static constexpr auto item = "flops";

  struct Params {
    std::int64_t nx = 32, ny = 32, nz = 32, steps = 2;
    double scale = 1;
    std::string variant = "fused";
    std::int64_t chunks = 4, ranks_y = 0;
    std::string engine = "own";
    static constexpr auto fields() {
      using P = Params;
      return std::tuple{
          field("nx", &P::nx),         field("ny", &P::ny),           field("nz", &P::nz),
          field("steps", &P::steps),   field("scale", &P::scale),     field("variant", &P::variant),
          field("chunks", &P::chunks), field("ranks_y", &P::ranks_y), field("engine", &P::engine)};
    }
  };

  RoundTrip(Params const& params, Context<S> const& context)
      : context_(context), scale_(params.scale), fft_(context, {params.nx, params.ny, params.nz},
                                                      {.chunks = static_cast<int>(params.chunks),
                                                       .ranks_y = static_cast<int>(params.ranks_y),
                                                       .naive = params.variant == "naive"}),
        planes_("planes", fft_.plane_numbers()), towers_("towers", fft_.tower_numbers()),
        engine_(engine_of(
            params.engine, context, [&] { return task(); }, planes_.data(), towers_.data())) {}

  void reset() {
    done_ = 0;
    using Policy = Kokkos::RangePolicy<S, Kokkos::IndexType<std::int64_t>>;
    std::int64_t const columns = box().columns(), rows = box().rows();
    Kokkos::parallel_for("spectrum", Policy(context_.space, 0, columns * rows * box().nz()),
                         FillSpectrum<Real>{towers_.data(), fft_.tower_pitch(), start(), columns,
                                            rows, box().first_column(), box().first_row(),
                                            box().kept()});
    Kokkos::deep_copy(context_.space, planes_.view(), Real(0));
  }
  void step() {
    if (!context_.plan.acts("stale-buffer") || done_ == 0)
      backward(
          static_cast<Real>(next_factor(done_) * scale_ / static_cast<double>(box().points())));
    engine_ != nullptr ? engine_->forward() : fft_.forward(planes_.data(), towers_.data());
    ++done_;
    if (context_.plan.acts("not-a-number")) poison(context_, towers_);
  }

  [[nodiscard]] std::vector<PhaseWork> work() const;
  [[nodiscard]] Table extents() const { return fft_.extents(); }
  [[nodiscard]] Table chosen() const { return {{"library", library_of(engine_.get()), ""}}; }
  std::uint64_t digest();
  static std::vector<Check<RoundTrip>> checks() {
    return {{"round-trip", &RoundTrip::departure},
            {"numbers", &RoundTrip::numbers_error},
            {"parseval", &RoundTrip::energy_error}};
  }

 private:
  [[nodiscard]] Slabs const& box() const { return fft_.slabs(); }
  [[nodiscard]] NoiseSpectrum<Real> start() const {
    return {box().nx(), box().ny(), box().nz(), real};
  }
  void backward(Real factor) {
    if (engine_ == nullptr) return fft_.backward(towers_.data(), planes_.data(), factor);
    backward_scaled(context_, *engine_, planes_,
                    context_.plan.is("missing-scale") ? Real(1) : factor);
  }
  // Fills the arrays, which an engine overwrites.
  EngineTask task() {
    reset();
    return box_task(box(), real, fft_.plane_pitch(), fft_.tower_pitch());
  }
  /// Numbers of a row of the whole spectrum.
  [[nodiscard]] int kept() const { return real ? box().nx() / 2 + 1 : box().nx(); }
  template <class Body>
  void each_point(Body const& body);
  template <class Body>
  void each_wave(Body const& body);
  double departure(Params const& truth);
  double numbers_error(Params const& truth);
  double energy_error(Params const& truth);

  Context<S> const& context_;
  double scale_;
  BoxTransform<S, Real, of> fft_;
  Memory<Real, S> planes_, towers_;
  std::int64_t done_ = 0;
  std::unique_ptr<Engine> engine_;  ///< nullptr: ours
};

// By the convention, and each number read and written once a pass: planes and towers, both ways.
template <class S, class Real, Of of>
std::vector<PhaseWork> RoundTrip<S, Real, of>::work() const {
  double const nx = box().nx(), ny = box().ny(), nz = box().nz(), planes = box().planes(),
               rows = box().rows(), plane_rows = box().plane_rows(), columns = box().kept(),
               ways = real ? 1 : 2, of_x = nx * columns / kept();
  auto const whole = [](double number) { return static_cast<std::uint64_t>(std::floor(number)); };
  auto const bytes = [](double numbers) {
    return static_cast<std::uint64_t>(sizeof(Real) * numbers);
  };
  // x and y of whole planes are one pass. Of shared ones x leaves numbers that y reads again.
  double const between = box().sharers() == 1 ? 0 : 2 * (kept() * plane_rows + columns * ny);
  auto const in_planes = bytes((ways * nx * plane_rows + 2 * columns * ny + between) * planes),
             in_towers = bytes(4 * columns * rows * nz);
  return {{"planes",
           {.flops = whole(ways * 5 * planes *
                           (nx * plane_rows * std::log2(nx) + of_x * ny * std::log2(ny))),
            .bytes_read = in_planes,
            .bytes_written = in_planes}},
          {"towers",
           {.flops = whole(ways * 5 * of_x * rows * nz * std::log2(nz)),
            .bytes_read = in_towers,
            .bytes_written = in_towers}},
          {"exchange",
           {.messages = fft_.messages(), .bytes_sent = sizeof(Real) * fft_.numbers_sent()}}};
}

// body(x, y, z, number) for all points on this rank, of one or two parts.
template <class S, class Real, Of of>
template <class Body>
void RoundTrip<S, Real, of>::each_point(Body const& body) {
  constexpr int parts = real ? 1 : 2;
  auto const copy = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), planes_.view());
  context_.space.fence("points are read");
  for (int z = 0; z < box().planes(); ++z)
    for (int y = 0; y < box().plane_rows(); ++y)
      for (int x = 0; x < box().nx(); ++x)
        body(x, box().first_plane_row() + y, box().first_plane() + z,
             copy.data() + z * fft_.plane_pitch() + parts * (x + std::ptrdiff_t{box().nx()} * y));
}
// body(x, y, z, number) for all numbers of the spectrum that this rank keeps.
template <class S, class Real, Of of>
template <class Body>
void RoundTrip<S, Real, of>::each_wave(Body const& body) {
  auto const copy = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), towers_.view());
  context_.space.fence("the spectrum is read");
  for (int z = 0; z < box().nz(); ++z)
    for (int y = 0; y < box().rows(); ++y)
      for (int x = 0; x < box().kept(); ++x)
        body(box().first_column() + x, box().first_row() + y, z,
             copy.data() + z * fft_.tower_pitch() + 2 * (x + std::ptrdiff_t{box().columns()} * y));
}

template <class S, class Real, Of of>
std::uint64_t RoundTrip<S, Real, of>::digest() {
  std::uint64_t sum = 0;
  each_wave([&](int x, int y, int z, Real const* number) {
    auto const place = x + std::int64_t{box().nx()} * (y + std::int64_t{box().ny()} * z);
    for (int part = 0; part < 2; ++part)
      sum += cell_hash(static_cast<std::uint64_t>(2 * place + part), number[part]);
  });
  return context_.comm.sum(sum);
}

template <class S, class Real, Of of>
double RoundTrip<S, Real, of>::departure(Params const& truth) {
  NoiseError<Real> error(halved(truth.steps) * truth.scale);
  each_wave([&](int x, int y, int z, Real const* number) {
    Real from[2];
    start()(x, y, z, from);
    error.add(from, number);
  });
  return context_.comm.maximum(error.most());
}

// Of a few points, the largest distance from the direct sums of the spectrum that the last backward
// transform began with, over the size of all points. With the sign of its exponent changed a sum is
// that of the conjugate numbers, conjugate.
template <class S, class Real, Of of>
double RoundTrip<S, Real, of>::numbers_error(Params const& truth) {
  auto const samples = sampled_waves(box());
  double const points = static_cast<double>(box().points()), size = halved(truth.steps) / points;
  auto const sums =
      direct_sums(box(), context_.comm, samples, [&](int x, int y, int z, double* to) {
        Real number[2];
        start()(x, y, z, number);
        to[0] = size * static_cast<double>(number[0]),
        to[1] = -size * static_cast<double>(number[1]);
      });
  double most = 0;
  each_point([&](int x, int y, int z, Real const* number) {
    for (std::size_t n = 0; n < samples.size(); ++n) {
      if (samples[n] != Wave{x, y, z}) continue;
      std::complex<double> const found(static_cast<double>(number[0]),
                                       real ? 0 : static_cast<double>(number[1]));
      double const error = std::abs(found - std::conj(sums[n]));
      if (!(error <= most)) most = std::isfinite(error) ? error : HUGE_VAL;
    }
  });
  return context_.comm.maximum(most) / (size * noise_size * std::sqrt(points));
}

// Of a half spectrum, numbers that stand for their conjugate as well count twice.
template <class S, class Real, Of of>
double RoundTrip<S, Real, of>::energy_error(Params const& truth) {
  NoiseEnergy energy;
  each_wave([&](int x, int y, int z, Real const*) {
    Real from[2];
    start()(x, y, z, from);
    energy.add_before(from, real && x != 0 && 2 * x != box().nx() ? 2 : 1);
  });
  each_point([&](int, int, int, Real const* number) {
    for (int part = 0; part < (real ? 1 : 2); ++part) energy.add_after(number[part]);
  });
  double const size = halved(truth.steps);
  return energy.error(context_.comm, size * size / static_cast<double>(box().points()));
}

}  // namespace inpex::fft
