// SPDX-License-Identifier: Apache-2.0
#pragma once
// How fft.spectral is verified. The flow of the run: its energy must fall by what viscosity takes,
// and it must keep its symmetry, to rounding. Two other flows, done by the same passes and then put
// back: one that viscosity alone changes, exactly known; and noise, whose term u x omega is held
// against direct sums of pairs of waves.

#include "spectral.hpp"

namespace inpex::fft {

// body(kx, ky, kz, u) for all waves that this rank keeps, u[3][2].
template <class S, class Real>
template <class Body>
void Spectral<S, Real>::each_wave(Body const& body) {
  auto const copy = [&](std::size_t axis) {
    return Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), velocity_[axis].view());
  };
  std::array const host{copy(0), copy(1), copy(2)};
  context_.space.fence("waves are read");
  for (int z = 0; z < box().nz(); ++z)
    for (int y = 0; y < box().rows(); ++y)
      for (int x = 0; x < box().kept(); ++x) {
        Velocity<Real> u;
        auto const at = z * fft_.tower_pitch() + 2 * (x + std::ptrdiff_t{box().columns()} * y);
        for (std::size_t axis = 0; axis < 3; ++axis)
          for (int part = 0; part < 2; ++part) u[axis][part] = host[axis].data()[at + part];
        body(std::int64_t{box().first_column()} + x, wave_number(box().first_row() + y, box().ny()),
             wave_number(z, box().nz()), u);
      }
}

template <class S, class Real>
std::uint64_t Spectral<S, Real>::digest() {
  std::uint64_t sum = 0;
  each_wave([&](std::int64_t kx, std::int64_t ky, std::int64_t kz, Velocity<Real> const& u) {
    auto const place = kx + std::int64_t{box().nx()} *
                                ((ky + box().ny()) % box().ny() +
                                 std::int64_t{box().ny()} * ((kz + box().nz()) % box().nz()));
    for (int n = 0; n < 6; ++n)
      sum += cell_hash(static_cast<std::uint64_t>(6 * place + n), u[n / 2][n % 2]);
  });
  return context_.comm.sum(sum);
}

// Kinetic energy E and enstrophy W of the mean point: dE/dt = -2 viscosity W. Of the Taylor-Green
// flow both are known at first, 1/8 and 3/8. What the run lost, by the trapezoidal rule, over what
// the first enstrophy would take.
template <class S, class Real>
double Spectral<S, Real>::budget_error(Params const& truth) {
  double energy = 0, enstrophy = 0;
  each_wave([&](std::int64_t kx, std::int64_t ky, std::int64_t kz, Velocity<Real> const& u) {
    double square = 0;
    for (int n = 0; n < 6; ++n)
      square += static_cast<double>(u[n / 2][n % 2]) * static_cast<double>(u[n / 2][n % 2]);
    double const weight = kx == 0 || 2 * kx == box().nx() ? 0.5 : 1;  // the conjugate too
    energy += weight * square;
    enstrophy += weight * static_cast<double>(kx * kx + ky * ky + kz * kz) * square;
  });
  energy = context_.comm.sum(energy), enstrophy = context_.comm.sum(enstrophy);
  double const taken = truth.viscosity * truth.time_step * static_cast<double>(truth.steps);
  double const error = std::abs(0.125 - energy - taken * (0.375 + enstrophy)) / (2 * taken * 0.375);
  return std::isfinite(error) ? error : HUGE_VAL;
}

// A component is odd along its own axis and even along the others, as it was at first: its waves
// are imaginary. The largest real part over the largest wave.
template <class S, class Real>
double Spectral<S, Real>::asymmetry(Params const&) {
  double most = 0, largest = 0;
  each_wave([&](std::int64_t, std::int64_t, std::int64_t, Velocity<Real> const& u) {
    for (auto const& component : u) {
      double const error = std::abs(static_cast<double>(component[0]));
      if (!(error <= most)) most = std::isfinite(error) ? error : HUGE_VAL;
      largest = std::max(largest, std::abs(static_cast<double>(component[1])));
    }
  });
  most = context_.comm.maximum(most), largest = context_.comm.maximum(largest);
  return largest > 0 ? most / largest : HUGE_VAL;
}

// Does `body` from another flow, and puts the run's back.
template <class S, class Real>
template <class Flow, class Body>
void Spectral<S, Real>::instead(Flow const& flow, Body const& body) {
  std::array<std::vector<Real>, 3> kept;
  using View = Kokkos::View<Real*, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;
  auto const view = [](std::vector<Real>& numbers) { return View(numbers.data(), numbers.size()); };
  for (std::size_t axis = 0; axis < 3; ++axis) {
    kept[axis].resize(velocity_[axis].size());
    Kokkos::deep_copy(view(kept[axis]), velocity_[axis].view());
  }
  start(flow);
  body();
  for (std::size_t axis = 0; axis < 3; ++axis)
    Kokkos::deep_copy(velocity_[axis].view(), view(kept[axis]));
  on_waves(Take::start);
}

// Of the flow that viscosity alone changes, after as many steps as the run had: the largest
// distance from what it must be, over what it was.
template <class S, class Real>
double Spectral<S, Real>::decay_error(Params const& truth) {
  auto const number = std::min({std::int64_t{4}, highest(0), highest(1), highest(2)});
  Beltrami const flow{static_cast<int>(number)};
  double const time = truth.time_step * static_cast<double>(truth.steps),
               left = std::exp(-truth.viscosity * static_cast<double>(number * number) * time);
  double most = 0;
  instead(flow, [&] {
    for (std::int64_t n = 0; n < truth.steps; ++n) step();
    each_wave([&](std::int64_t kx, std::int64_t ky, std::int64_t kz, Velocity<Real> const& u) {
      Velocity<double> first;
      flow(kx, ky, kz, first);
      for (int n = 0; n < 6; ++n) {
        double const error =
            std::abs(static_cast<double>(u[n / 2][n % 2]) - left * first[n / 2][n % 2]);
        if (!(error <= most)) most = std::isfinite(error) ? error : HUGE_VAL;
      }
    });
  });
  return context_.comm.maximum(most) / 0.5;
}

// u x omega of a flow at wave k, without its divergence, by direct sums over pairs of waves up to
// `kept` that make k. Each rank takes some of the first ones. Collective.
template <class Real, class Flow>
std::array<std::complex<double>, 3> direct_term(Comm const& comm, Flow const& flow, Wave const& k,
                                                std::array<std::int64_t, 3> const& kept) {
  using Wide = std::complex<long double>;
  auto const velocity = [&](std::int64_t x, std::int64_t y, std::int64_t z) {
    Velocity<Real> u;
    flow(x, y, z, u);
    std::array<Wide, 3> wide;
    for (std::size_t axis = 0; axis < 3; ++axis)
      wide[axis] = {static_cast<double>(u[axis][0]), static_cast<double>(u[axis][1])};
    return wide;
  };
  auto const cross = [](auto const& a, auto const& b) {
    return std::array<Wide, 3>{a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2],
                               a[0] * b[1] - a[1] * b[0]};
  };
  auto const from = [&](std::size_t axis) { return std::max(-kept[axis], k[axis] - kept[axis]); };
  auto const to = [&](std::size_t axis) { return std::min(kept[axis], k[axis] + kept[axis]); };
  std::array<Wide, 3> sum{};
  for (auto x = from(0) + comm.rank(); x <= to(0); x += comm.size())
    for (auto y = from(1); y <= to(1); ++y)
      for (auto z = from(2); z <= to(2); ++z) {
        std::array<std::int64_t, 3> const other{k[0] - x, k[1] - y, k[2] - z};
        std::array<Wide, 3> turn;  // i times the other wave number
        for (std::size_t axis = 0; axis < 3; ++axis)
          turn[axis] = {0, static_cast<long double>(other[axis])};
        auto const part =
            cross(velocity(x, y, z), cross(turn, velocity(other[0], other[1], other[2])));
        for (std::size_t axis = 0; axis < 3; ++axis) sum[axis] += part[axis];
      }
  Wide along = 0;
  long double square = 0;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    along += static_cast<long double>(k[axis]) * sum[axis];
    square += static_cast<long double>(k[axis] * k[axis]);
  }
  std::array<std::complex<double>, 3> all;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    auto const term =
        sum[axis] - static_cast<long double>(k[axis]) * along / std::max(square, 1.0L);
    all[axis] = {comm.sum(static_cast<double>(term.real())),
                 comm.sum(static_cast<double>(term.imag()))};
  }
  return all;
}

// Of a few waves, the largest distance from direct sums, over the largest of these.
template <class S, class Real>
double Spectral<S, Real>::term_error(Params const& truth) {
  std::array<std::int64_t, 3> const kept{(truth.nx - 1) / 3, (truth.ny - 1) / 3,
                                         (truth.nz - 1) / 3};
  Turbulence const flow{truth.nx, truth.ny, truth.nz, {highest(0), highest(1), highest(2)}},
      held{truth.nx, truth.ny, truth.nz, {kept[0], kept[1], kept[2]}};
  std::vector<Wave> waves;
  for (std::uint64_t n = 0; n < 4; ++n) {
    auto const bits = random_bits(19, n);
    waves.push_back({bits.word[0] % (kept[0] + 1), bits.word[1] % (2 * kept[1] + 1) - kept[1],
                     bits.word[2] % (2 * kept[2] + 1) - kept[2]});
  }
  double most = 0, largest = 0;
  instead(flow, [&] {
    terms_at_points();
    on_waves(Take::term);
    std::vector<std::array<std::complex<double>, 3>> terms;
    for (auto const& wave : waves) {
      terms.push_back(direct_term<Real>(context_.comm, held, wave, kept));
      for (auto const& number : terms.back()) largest = std::max(largest, std::abs(number));
    }
    each_wave([&](std::int64_t kx, std::int64_t ky, std::int64_t kz, Velocity<Real> const& u) {
      for (std::size_t n = 0; n < waves.size(); ++n) {
        if (Wave{kx, ky, kz} != waves[n]) continue;
        for (std::size_t axis = 0; axis < 3; ++axis) {
          std::complex<double> const found(static_cast<double>(u[axis][0]),
                                           static_cast<double>(u[axis][1]));
          double const error = std::abs(found - terms[n][axis]);
          if (!(error <= most)) most = std::isfinite(error) ? error : HUGE_VAL;
        }
      }
    });
  });
  return context_.comm.maximum(most) / largest;
}

}  // namespace inpex::fft
