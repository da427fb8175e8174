// SPDX-License-Identifier: Apache-2.0
#pragma once
// The field of a charge in the periodic box, on slabs along x: laplace(phi) = scale (n - mean) with
// the second differences of neighbouring planes, solved on waves. The transforms are those of the
// mini-app fft, whose x, y and z are z, y and x here: to them slabs are planes. Bits do not depend
// on the ranks.

#include "../fft/box_transform.hpp"
#include "slabs.hpp"

#include <array>
#include <cmath>
#include <numbers>

namespace inpex::particle {

/// phi = -scale n / K^2 on waves, K^2 the sum of 4 sin(k/2)^2 over the axes, and 0 for the mean; 5
/// flops a wave. The density's number of one wave goes to `record`.
template <class T>
struct InverseLaplace {
  static constexpr int inputs = 1, outputs = 1;
  T const *x, *y, *z;  ///< 4 sin(k/2)^2: y of this rank's rows, z of a row's numbers
  std::int64_t row;    ///< numbers
  T scale;
  std::int64_t recorded_column;
  int recorded_x;
  double* record;  ///< re, im

  template <class V>
  [[gnu::always_inline]] constexpr void operator()(std::int64_t column, int kx,
                                                   fft::Complex<V> const (&in)[inputs],
                                                   fft::Complex<V> (&out)[outputs]) const {
    auto const lane = recorded_column - column;
    if (kx == recorded_x && lane >= 0 && lane < V::width) keep(in[0], lane);
    V const factor = factor_of(V::load(z + column % row) + V::broadcast(x[kx] + y[column / row]));
    out[0] = {factor * in[0].re, factor * in[0].im};
  }

 private:
  template <class V>
  [[gnu::always_inline]] constexpr V factor_of(V square) const {
    V const factor = V::broadcast(-scale) / square;
    return {square.lanes > V::zero().lanes ? factor.lanes : V::zero().lanes};
  }
  template <class V>
  constexpr void keep(fft::Complex<V> const& number, [[maybe_unused]] std::int64_t lane) const {
    if constexpr (V::width == 1) {
      record[0] = static_cast<double>(number.re.lanes);
      record[1] = static_cast<double>(number.im.lanes);
    } else {
      record[0] = number.re.lanes[lane], record[1] = number.im.lanes[lane];
    }
  }
};

/// The solver of one rank, in numbers of type T.
template <Space S, class T>
class Poisson {
 public:
  /// `scale` is of the equation above; `mode`: the wave (x, y, z) whose number solve() records.
  Poisson(Context<S> const& context, Slabs const& slabs, double scale,
          std::array<int, 3> const& mode)
      : fft_(context, {slabs.cells(2), slabs.cells(1), slabs.cells(0)},
             {.chunks = 2, .fused_lines = 2, .dense = true}),
        scale_(scale / static_cast<double>(box().points())), mode_(mode),
        laplace_("field: second differences",
                 static_cast<std::size_t>(box().columns() + box().rows() + box().nz())),
        waves_("field: waves", fft_.tower_numbers()) {
    fill_tables();
  }

  /// Potential of a density, each [own planes, ny, nz]; `record`: the mode of the density, re and
  /// im, on the rank that has it. The density is kept. Collective, blocking on more than one rank.
  void solve(T* density, T* potential, double* record) {
    T const* const z = laplace_.data();
    T const* const y = z + box().columns();
    fft_.to_towers(density, waves_.data());
    fft_.on_waves({waves_.data()},
                  InverseLaplace<T>{y + box().rows(), y, z, box().columns(), static_cast<T>(scale_),
                                    recorded_column(), mode_[0], record},
                  true);
    fft_.to_planes(waves_.data(), potential, T(1));
  }

  [[nodiscard]] fft::BoxTransform<S, T, fft::Of::real> const& transform() const { return fft_; }

 private:
  [[nodiscard]] fft::Slabs const& box() const { return fft_.slabs(); }
  [[nodiscard]] std::int64_t recorded_column() const {
    return std::int64_t{mode_[1] - box().first_row()} * box().columns() + mode_[2];
  }
  void fill_tables() {
    auto const laplace = Kokkos::create_mirror_view(laplace_.view());
    std::size_t at = 0;
    auto const fill = [&](int first, int count, int size) {
      for (int k = first; k < first + count; ++k) {
        double const half = std::sin(std::numbers::pi * k / size);
        laplace(at++) = static_cast<T>(4 * half * half);
      }
    };
    fill(0, box().columns(), box().nx());
    fill(box().first_row(), box().rows(), box().ny());
    fill(0, box().nz(), box().nz());
    Kokkos::deep_copy(laplace_.view(), laplace);
  }

  fft::BoxTransform<S, T, fft::Of::real> fft_;
  double scale_;
  std::array<int, 3> mode_;
  Memory<T, S> laplace_, waves_;
};

}  // namespace inpex::particle
