// SPDX-License-Identifier: Apache-2.0
#pragma once
// A library that transforms in place of our passes, to compare with. It is chosen when the build is
// configured; all that calls it is in engines/, and a build without one has none of it. No Kokkos
// here: a device compiler has no business with such libraries.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace inpex::fft {

/// An axis of arrays: its length, and the way from one number to the next before the forward
/// transform and after it. Numbers are complex, but for the points of real boxes.
struct EngineAxis {
  std::int64_t length;
  std::ptrdiff_t points, spectrum;
};

/// What an engine transforms.
struct EngineTask {
  std::vector<EngineAxis> axes;  ///< the last is that of which reals keep half a spectrum
  EngineAxis many{1, 0, 0};      ///< transforms of their own
  bool real = false;             ///< the points are
  bool spectrum_is_kept = true;  ///< by the backward transform; the forward one keeps points
  int threads = 1;
};

/// A plan between two arrays, out of place, both in natural order. Blocking.
class Engine {
 public:
  Engine() = default;
  Engine(Engine const&) = delete;
  Engine& operator=(Engine const&) = delete;
  virtual ~Engine() = default;
  /// spectrum = sum over points exp(-2 pi i (k x / n)).
  virtual void forward() const = 0;
  /// points = the sum with the other sign, not scaled: libraries leave that to their users.
  virtual void backward() const = 0;
};

/// The library of this program, `fftw` or `mkl`; nothing if there is none.
std::string_view built_engine();
/// What that library says of itself, such as "fftw-3.3.10-sse2-avx"; nothing if there is none.
std::string engine_version();
/// Plans by trying what is fastest, which takes seconds and overwrites both arrays. Nothing where
/// the library has no such numbers.
std::unique_ptr<Engine> plan_engine(EngineTask const& task, double* points, double* spectrum);
std::unique_ptr<Engine> plan_engine(EngineTask const& task, float* points, float* spectrum);

}  // namespace inpex::fft
