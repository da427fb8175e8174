// SPDX-License-Identifier: Apache-2.0
#pragma once
// The transforms of a real field on a slab, axis by axis, as kernels over blocks of lines: along z
// two rows at once, the halves of one complex line; then along y; then along x, where the equation
// is solved. The spectrum has nz/2 + 1 numbers in a row, padded to whole vectors, in planar complex
// numbers: [planes, ny, pitch].

#include "fourier.hpp"

#include <inpex/launch.hpp>

#include <algorithm>
#include <cstddef>

namespace inpex::particle {

/// Lanes of transforms on hosts.
inline constexpr int line_lanes = 8;

/// Where a spectrum lies, and the shape of what it is of.
struct Spectrum {
  double *re, *im;
  int planes, ny, nz, pitch;
  [[nodiscard]] KOKKOS_INLINE_FUNCTION std::ptrdiff_t at(int x, int y) const {
    return (static_cast<std::ptrdiff_t>(x) * ny + y) * pitch;
  }
};

/// A body's lines(block, scratch) does blocks of W lines; each worker has scratch of its own.
template <class Body>
struct LineBlocks {
  static constexpr char const* name = Body::name;
  static constexpr int per_team = 64;
  Body body;
  int workers;  ///< on hosts tiles, on devices threads
  double* scratch;

  // 4 numbers an element, [4, n, workers, W] on devices, [workers, 4, n, W] on hosts.
  template <int W>
  constexpr void work(int worker, bool interleaved) const {
    int const n = body.fourier.size, pitch = interleaved ? workers : W;
    auto const part = static_cast<std::ptrdiff_t>(n) * pitch;
    double* const mine = interleaved ? scratch + worker : scratch + 4 * part * worker;
    LineScratch const lines{mine, mine + part, mine + 2 * part, mine + 3 * part, pitch};
    for (int block = worker; block < body.template blocks<W>(); block += workers)
      body.template lines<W>(block, lines);
  }
  [[nodiscard]] int tiles() const { return workers; }
  void tile(int t) const {
    auto const mine = *this;
    mine.template work<line_lanes>(t, false);
  }
  [[nodiscard]] int teams() const { return workers / per_team; }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const& member) const {
    Kokkos::parallel_for(Kokkos::TeamVectorRange(member, +per_team),
                         [&](int n) { work<1>(member.league_rank() * per_team + n, true); });
  }
};

/// Rows of a real field to spectra. Lane l of block b is pair 8 b + l of rows of a plane.
struct RowsForward {
  static constexpr char const* name = "field: rows";
  FourierPlan fourier;
  double const* field;  ///< [planes, ny, nz]
  Spectrum to;

  template <int W>
  constexpr int blocks() const {
    return to.planes * (((to.ny + 1) / 2 + W - 1) / W);
  }
  template <int W>
  constexpr void lines(int block, LineScratch scratch) const {
    int const pairs = (to.ny + 1) / 2, of_plane = (pairs + W - 1) / W, x = block / of_plane;
    int row[W];
    for (int lane = 0; lane < W; ++lane) {
      int const pair = block % of_plane * W + lane;
      row[lane] = 2 * (pair < pairs ? pair : pairs - 1);  // the last one again
      double const* const first =
          field + (static_cast<std::ptrdiff_t>(x) * to.ny + row[lane]) * to.nz;
      bool const both = row[lane] + 1 < to.ny;
      for (int k = 0; k < to.nz; ++k) {
        scratch.re[k * scratch.pitch + lane] = first[k];
        scratch.im[k * scratch.pitch + lane] = both ? first[to.nz + k] : 0;
      }
    }
    auto const z = fourier.transform<W>(scratch);
    for (int lane = 0; lane < W; ++lane) {
      auto const even = to.at(x, row[lane]), odd = even + to.pitch;
      for (int k = 0; k <= to.nz / 2; ++k) {
        int const here = k * z.pitch + lane, mirror = (to.nz - k) % to.nz * z.pitch + lane;
        double const a = z.re[here], b = z.im[here], c = z.re[mirror], d = z.im[mirror];
        to.re[even + k] = 0.5 * (a + c), to.im[even + k] = 0.5 * (b - d);
        if (row[lane] + 1 < to.ny) to.re[odd + k] = 0.5 * (b + d), to.im[odd + k] = 0.5 * (c - a);
      }
    }
  }
};

/// And back.
struct RowsBackward {
  static constexpr char const* name = "field: rows back";
  FourierPlan fourier;
  Spectrum from;
  double* field;

  template <int W>
  constexpr int blocks() const {
    return from.planes * (((from.ny + 1) / 2 + W - 1) / W);
  }
  template <int W>
  constexpr void lines(int block, LineScratch scratch) const {
    int const pairs = (from.ny + 1) / 2, of_plane = (pairs + W - 1) / W, x = block / of_plane;
    int row[W];
    // The inverse is the transform with real and imaginary parts exchanged.
    for (int lane = 0; lane < W; ++lane) {
      int const pair = block % of_plane * W + lane;
      row[lane] = 2 * (pair < pairs ? pair : pairs - 1);
      auto const even = from.at(x, row[lane]), odd = even + from.pitch;
      bool const both = row[lane] + 1 < from.ny;
      for (int k = 0; k <= from.nz / 2; ++k) {
        double const a = from.re[even + k], b = from.im[even + k], c = both ? from.re[odd + k] : 0,
                     d = both ? from.im[odd + k] : 0;
        int const here = k * scratch.pitch + lane,
                  mirror = (from.nz - k) % from.nz * scratch.pitch + lane;
        scratch.re[mirror] = c - b, scratch.im[mirror] = a + d;
        scratch.re[here] = b + c, scratch.im[here] = a - d;
      }
    }
    auto const z = fourier.transform<W>(scratch);
    for (int lane = 0; lane < W; ++lane) {
      double* const first =
          field + (static_cast<std::ptrdiff_t>(x) * from.ny + row[lane]) * from.nz;
      for (int k = 0; k < from.nz; ++k) {
        first[k] = z.im[k * z.pitch + lane];
        if (row[lane] + 1 < from.ny) first[from.nz + k] = z.re[k * z.pitch + lane];
      }
    }
  }
};

/// Lines along y, in place; lanes along z.
struct ColumnLines {
  static constexpr char const* name = "field: columns";
  FourierPlan fourier;
  Spectrum field;
  bool inverse;

  template <int W>
  constexpr int blocks() const {
    return field.planes * (field.pitch / W);
  }
  template <int W>
  constexpr void lines(int block, LineScratch scratch) const {
    using V = vec<double, W>;
    int const along = field.pitch / W, x = block / along, z = block % along * W;
    auto* const re = (inverse ? field.im : field.re) + field.at(x, 0) + z;
    auto* const im = (inverse ? field.re : field.im) + field.at(x, 0) + z;
    for (int y = 0; y < field.ny; ++y) {
      auto const n = static_cast<std::ptrdiff_t>(y) * field.pitch;
      V::load(re + n).store(scratch.re + y * scratch.pitch);
      V::load(im + n).store(scratch.im + y * scratch.pitch);
    }
    auto const done = fourier.transform<W>(scratch);
    for (int y = 0; y < field.ny; ++y) {
      auto const n = static_cast<std::ptrdiff_t>(y) * field.pitch;
      V::load(done.re + y * done.pitch).store(re + n);
      V::load(done.im + y * done.pitch).store(im + n);
    }
  }
};

/// Lines along x, lanes along z: forwards, solved, and back. `field.planes` is nx, `field.ny` this
/// rank's share of y from `first_y` on. phi = -scale n / K^2 with K^2 the sum of 4 sin(k/2)^2, by
/// axis in `laplace`; 0 for the mean.
struct SolveLines {
  static constexpr char const* name = "field: solve";
  FourierPlan fourier;
  Spectrum field;
  int first_y;
  double const *laplace_x, *laplace_y, *laplace_z;
  double scale;
  int mode[3];       ///< the one that is kept a record of
  double* recorded;  ///< re, im

  template <int W>
  constexpr int blocks() const {
    return field.ny * (field.pitch / W);
  }
  template <int W>
  constexpr void lines(int block, LineScratch scratch) const {
    using V = vec<double, W>;
    int const along = field.pitch / W, y = block / along, z = block % along * W;
    auto const stride = field.at(1, 0), start = field.at(0, y) + z;
    for (int x = 0; x < field.planes; ++x) {
      V::load(field.re + start + x * stride).store(scratch.re + x * scratch.pitch);
      V::load(field.im + start + x * stride).store(scratch.im + x * scratch.pitch);
    }
    auto const n = fourier.transform<W>(scratch);
    if (y + first_y == mode[1] && mode[2] >= z && mode[2] < z + W) {
      recorded[0] = n.re[mode[0] * n.pitch + mode[2] - z];
      recorded[1] = n.im[mode[0] * n.pitch + mode[2] - z];
    }
    for (int x = 0; x < field.planes; ++x)
      for (int lane = 0; lane < W; ++lane) {
        double const square = laplace_x[x] + laplace_y[y + first_y] + laplace_z[z + lane];
        double const factor = square > 0 ? -scale / square : 0;
        n.re[x * n.pitch + lane] *= factor, n.im[x * n.pitch + lane] *= factor;
      }
    auto const phi =
        fourier.transform<W>({n.im, n.re, n.other_im, n.other_re, n.pitch});  // inverse
    for (int x = 0; x < field.planes; ++x) {
      V::load(phi.im + x * phi.pitch).store(field.re + start + x * stride);
      V::load(phi.re + x * phi.pitch).store(field.im + start + x * stride);
    }
  }
};

}  // namespace inpex::particle
