// SPDX-License-Identifier: Apache-2.0
#pragma once
// fft.spectral: a pseudo-spectral step of the incompressible Navier-Stokes equations in a periodic
// box, du/dt = P(u x omega) - viscosity k^2 u on waves: products are made on points, derivatives
// and the projection P on waves. Two stages a step; in each six fields go to points and three come
// back.

#include "box_transform.hpp"
#include "convention.hpp"
#include "flows.hpp"
#include "waves.hpp"

#include <inpex/inpex.hpp>

#include <array>
#include <cmath>
#include <string>
#include <tuple>
#include <vector>

namespace inpex::fft {

/// u x omega of planes, into u.
template <class T>
struct CrossProduct {
  static constexpr char const* name = "product";
  T* u[3];
  T const* omega[3];
  int planes, points;  ///< of a plane
  std::ptrdiff_t pitch;

  KOKKOS_INLINE_FUNCTION void at(std::ptrdiff_t n) const {
    T const a = u[0][n], b = u[1][n], c = u[2][n], x = omega[0][n], y = omega[1][n],
            z = omega[2][n];
    u[0][n] = b * z - c * y;
    u[1][n] = c * x - a * z;
    u[2][n] = a * y - b * x;
  }
  [[nodiscard]] int tiles() const { return planes; }
  void tile(int plane) const {
    auto const self = *this;
    auto const first = plane * pitch;
#pragma GCC ivdep
    for (std::ptrdiff_t n = first; n < first + self.points; ++n) self.at(n);
  }
  [[nodiscard]] int teams() const { return planes; }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const& member) const {
    auto const first = member.league_rank() * pitch;
    Kokkos::parallel_for(Kokkos::TeamVectorRange(member, points), [&](int n) { at(first + n); });
  }
};

template <class S, class Real>
class Spectral {
 public:
  using space = S;
  static constexpr auto name = "fft.spectral";
  static constexpr auto summary = "Turbulent flow by Fourier transforms";
  static constexpr auto item = "points";

  struct Params {
    std::int64_t nx = 32, ny = 32, nz = 32, steps = 2;
    double viscosity = 0.01, time_step = 0.01;
    std::string variant = "fused";
    std::int64_t chunks = 4, ranks_y = 0;
    static constexpr auto fields() {
      using P = Params;
      return std::tuple{field("nx", &P::nx),
                        field("ny", &P::ny),
                        field("nz", &P::nz),
                        field("steps", &P::steps),
                        field("viscosity", &P::viscosity),
                        field("time_step", &P::time_step),
                        field("variant", &P::variant),
                        field("chunks", &P::chunks),
                        field("ranks_y", &P::ranks_y)};
    }
  };

  Spectral(Params const& params, Context<S> const& context)
      : context_(context), params_(params), fft_(context, {params.nx, params.ny, params.nz},
                                                 {.chunks = static_cast<int>(params.chunks),
                                                  .ranks_y = static_cast<int>(params.ranks_y),
                                                  .naive = params.variant == "naive",
                                                  .fused_lines = 9}),
        tables_("wave numbers", 3 * table_size()),
        velocity_(arrays<3>("velocity", fft_.tower_numbers())),
        towers_(arrays<6>("towers", fft_.tower_numbers())),
        planes_(arrays<6>("planes", fft_.plane_numbers())) {
    fill_tables();
  }

  void reset() { start(TaylorGreen{}); }
  void step() {
    terms_at_points();
    if (!context_.plan.acts("stale-buffer")) on_waves(Take::half);
    terms_at_points();
    on_waves(Take::full);
    if (context_.plan.acts("not-a-number")) poison(context_, velocity_[0]);
  }

  [[nodiscard]] std::vector<PhaseWork> work() const;
  [[nodiscard]] Table extents() const { return fft_.extents(); }
  std::uint64_t digest();
  static std::vector<Check<Spectral>> checks() {
    return {{"energy-budget", &Spectral::budget_error},
            {"symmetry", &Spectral::asymmetry},
            {"viscous-decay", &Spectral::decay_error},
            {"nonlinear-term", &Spectral::term_error}};
  }

 private:
  using Array = Memory<Real, S>;
  using Policy = Kokkos::RangePolicy<S, Kokkos::IndexType<std::int64_t>>;
  template <std::size_t N>
  using Arrays = std::array<Array, N>;

  template <std::size_t N>
  static Arrays<N> arrays(char const* label, std::size_t size) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return Arrays<N>{((void)I, Array(label, size))...};
    }
    (std::make_index_sequence<N>{});
  }
  [[nodiscard]] Slabs const& box() const { return fft_.slabs(); }
  [[nodiscard]] std::array<int, 3> extent() const { return {box().nx(), box().ny(), box().nz()}; }
  /// The highest wave number of an axis that is kept: so that none of a product falls on it that
  /// the grid cannot hold (Orszag's two-thirds rule).
  [[nodiscard]] std::int64_t highest(std::size_t axis) const {
    return context_.plan.is("aliasing") ? (extent()[axis] - 1) / 2 : (extent()[axis] - 1) / 3;
  }
  /// Numbers of an axis in a table, in whole vectors.
  static std::size_t padded(int count) { return (static_cast<std::size_t>(count) + 63) / 64 * 64; }
  [[nodiscard]] std::size_t table_size() const {
    return padded(box().columns()) + padded(box().rows()) + padded(box().nz());
  }
  void fill_tables();
  template <class Flow>
  void start(Flow const& flow) {
    std::int64_t const columns = box().columns(), rows = box().rows();
    Kokkos::parallel_for(
        "flow", Policy(context_.space, 0, columns * rows * box().nz()),
        FillFlow<Real, Flow>{{velocity_[0].data(), velocity_[1].data(), velocity_[2].data()},
                             fft_.tower_pitch(),
                             flow,
                             box().nx(),
                             box().ny(),
                             box().nz(),
                             columns,
                             rows,
                             box().first_column(),
                             box().first_row()});
    on_waves(Take::start);
  }
  void on_waves(Take take) {
    double const points = context_.plan.is("missing-scale") ? 1 : double(box().points());
    fft_.on_waves({towers_[0].data(), towers_[1].data(), towers_[2].data(), towers_[3].data(),
                   towers_[4].data(), towers_[5].data()},
                  Waves<Real>{axes_[0],
                              axes_[1],
                              axes_[2],
                              static_cast<Real>(1 / points),
                              static_cast<Real>(take == Take::half ? params_.time_step / 2
                                                                   : params_.time_step),
                              take,
                              {velocity_[0].data(), velocity_[1].data(), velocity_[2].data()},
                              fft_.tower_pitch(),
                              box().columns()},
                  take != Take::start);
  }
  void terms_at_points();

  template <class Body>
  void each_wave(Body const& body);
  template <class Flow, class Body>
  void instead(Flow const& flow, Body const& body);
  double budget_error(Params const& truth);
  double asymmetry(Params const& truth);
  double decay_error(Params const& truth);
  double term_error(Params const& truth);

  Context<S> const& context_;
  Params params_;
  BoxTransform<S, Real, Of::real> fft_;
  Array tables_;
  std::array<WaveAxis<Real>, 3> axes_{};
  Arrays<3> velocity_;
  Arrays<6> towers_, planes_;
};

// Of columns, rows of this rank and z.
template <class S, class Real>
void Spectral<S, Real>::fill_tables() {
  auto const host = Kokkos::create_mirror_view(tables_.view());
  auto const size = table_size();
  std::size_t at = 0;
  int const counts[3] = {box().columns(), box().rows(), box().nz()};
  int const firsts[3] = {box().first_column(), box().first_row(), 0};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    for (int n = 0; n < counts[axis]; ++n) {
      auto const k = wave_number(firsts[axis] + n, extent()[axis]);
      auto const place = at + static_cast<std::size_t>(n);
      bool const kept = k * k <= highest(axis) * highest(axis) && firsts[axis] + n < extent()[axis];
      host(place) = static_cast<Real>(k);
      host(size + place) = static_cast<Real>(kept ? 1 : 0);
      host(2 * size + place) = static_cast<Real>(
          std::exp(-params_.viscosity * static_cast<double>(k * k) * params_.time_step / 2));
    }
    Real const* const table = tables_.data() + at;
    axes_[axis] = {table, table + size, table + 2 * size};
    at += padded(counts[axis]);
  }
  Kokkos::deep_copy(tables_.view(), host);
}

// From velocity and vorticity on waves, whose z is done, to u x omega, whose z is not.
template <class S, class Real>
void Spectral<S, Real>::terms_at_points() {
  for (std::size_t n = 0; n < 6; ++n) fft_.to_planes(towers_[n].data(), planes_[n].data(), Real(1));
  {
    auto const phase = context_.phase("product");
    launch(context_, CrossProduct<Real>{{planes_[0].data(), planes_[1].data(), planes_[2].data()},
                                        {planes_[3].data(), planes_[4].data(), planes_[5].data()},
                                        box().planes(),
                                        box().nx() * box().plane_rows(),
                                        fft_.plane_pitch()});
  }
  for (std::size_t n = 0; n < 3; ++n) fft_.to_towers(planes_[n].data(), towers_[n].data());
}

// Transforms by the convention. A stage reads and writes each field once a pass: x and y of six
// fields and three, the product, and z with what is done on waves.
template <class S, class Real>
std::vector<PhaseWork> Spectral<S, Real>::work() const {
  double const nx = box().nx(), ny = box().ny(), nz = box().nz(), planes = box().planes(),
               rows = box().rows(), plane_rows = box().plane_rows(), columns = box().kept(),
               half = std::floor(nx / 2) + 1, of_x = nx * columns / half;
  auto const whole = [](double number) { return static_cast<std::uint64_t>(std::floor(number)); };
  auto const bytes = [](double numbers) {
    return static_cast<std::uint64_t>(sizeof(Real) * numbers);
  };
  // Of shared planes x and y are two passes, with numbers between them.
  double const between = box().sharers() == 1 ? 0 : half * plane_rows + columns * ny;
  return {
      {"planes",
       {.flops = whole(45 * planes * (nx * plane_rows * std::log2(nx) + of_x * ny * std::log2(ny))),
        .bytes_read = bytes((24 * columns * ny + 6 * nx * plane_rows + 18 * between) * planes),
        .bytes_written =
            bytes((12 * columns * ny + 12 * nx * plane_rows + 18 * between) * planes)}},
      {"product",
       {.flops = whole(18 * nx * plane_rows * planes),
        .bytes_read = bytes(12 * nx * plane_rows * planes),
        .bytes_written = bytes(6 * nx * plane_rows * planes)}},
      {"towers",
       {.flops = whole(45 * of_x * rows * nz * std::log2(nz)),
        .bytes_read = bytes(24 * columns * rows * nz),
        .bytes_written = bytes(30 * columns * rows * nz)}},
      {"exchange",
       {.messages = 9 * fft_.messages(), .bytes_sent = 9 * sizeof(Real) * fft_.numbers_sent()}}};
}

}  // namespace inpex::fft

#include "spectral_checks.hpp"
