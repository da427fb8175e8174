// SPDX-License-Identifier: Apache-2.0
// Transforms by FFTW 3, or by a library with its interface such as oneMKL. The guru interface takes
// any layout, so that nothing is copied.

#include "../engine.hpp"

#include <dlfcn.h>
#include <engine_built.hpp>
#include <fftw3.h>

#include <string>

namespace inpex::fft {

namespace {

/// The functions of a precision.
template <class T>
struct Calls;

template <>
struct Calls<double> {
  using Plan = fftw_plan;
  using Number = fftw_complex;
  using Axis = fftw_iodim64;
  static constexpr auto start = &fftw_init_threads;
  static constexpr auto threads = &fftw_plan_with_nthreads;
  static constexpr auto complex = &fftw_plan_guru64_dft;
  static constexpr auto forward = &fftw_plan_guru64_dft_r2c;
  static constexpr auto backward = &fftw_plan_guru64_dft_c2r;
  static constexpr auto execute = &fftw_execute;
  static constexpr auto destroy = &fftw_destroy_plan;
};

template <>
struct Calls<float> {
  using Plan = fftwf_plan;
  using Number = fftwf_complex;
  using Axis = fftwf_iodim64;
  static constexpr auto start = &fftwf_init_threads;
  static constexpr auto threads = &fftwf_plan_with_nthreads;
  static constexpr auto complex = &fftwf_plan_guru64_dft;
  static constexpr auto forward = &fftwf_plan_guru64_dft_r2c;
  static constexpr auto backward = &fftwf_plan_guru64_dft_c2r;
  static constexpr auto execute = &fftwf_execute;
  static constexpr auto destroy = &fftwf_destroy_plan;
};

template <class T>
class Planned final : public Engine {
  using Call = Calls<T>;

 public:
  Planned(EngineTask const& task, T* points, T* spectrum) {
    static int const started = Call::start();
    if (started != 0) Call::threads(task.threads);
    auto* const waves = reinterpret_cast<typename Call::Number*>(spectrum);
    auto const there = axes(task, true), back = axes(task, false);
    unsigned const kept = FFTW_MEASURE | FFTW_PRESERVE_INPUT,
                   returns = FFTW_MEASURE |
                             (task.spectrum_is_kept ? FFTW_PRESERVE_INPUT : FFTW_DESTROY_INPUT);
    int const rank = static_cast<int>(task.axes.size());
    if (task.real) {
      forward_ = Call::forward(rank, there.data(), 1, &there.back(), points, waves, kept);
      backward_ = Call::backward(rank, back.data(), 1, &back.back(), waves, points, returns);
    } else {
      auto* const numbers = reinterpret_cast<typename Call::Number*>(points);
      forward_ =
          Call::complex(rank, there.data(), 1, &there.back(), numbers, waves, FFTW_FORWARD, kept);
      backward_ =
          Call::complex(rank, back.data(), 1, &back.back(), waves, numbers, FFTW_BACKWARD, returns);
    }
  }
  ~Planned() override {
    if (forward_ != nullptr) Call::destroy(forward_);
    if (backward_ != nullptr) Call::destroy(backward_);
  }
  [[nodiscard]] bool whole() const { return forward_ != nullptr && backward_ != nullptr; }
  void forward() const override { Call::execute(forward_); }
  void backward() const override { Call::execute(backward_); }

 private:
  // As the library wants them; `many` is the last.
  static std::vector<typename Call::Axis> axes(EngineTask const& task, bool there) {
    std::vector<typename Call::Axis> all;
    for (auto const& axis : task.axes) all.push_back(one(axis, there));
    all.push_back(one(task.many, there));
    return all;
  }
  static typename Call::Axis one(EngineAxis const& axis, bool there) {
    typename Call::Axis result;
    result.n = axis.length;
    result.is = there ? axis.points : axis.spectrum;
    result.os = there ? axis.spectrum : axis.points;
    return result;
  }

  typename Call::Plan forward_ = nullptr, backward_ = nullptr;
};

template <class T>
std::unique_ptr<Engine> planned(EngineTask const& task, T* points, T* spectrum) {
  if constexpr (sizeof(T) == sizeof(float) && !engine_has_fp32) {
    return nullptr;
  } else {
    auto engine = std::make_unique<Planned<T>>(task, points, spectrum);
    if (!engine->whole()) return nullptr;
    return engine;
  }
}

}  // namespace

std::string_view built_engine() { return engine_name; }
// Each by a name of its own, which the others lack.
std::string engine_version() {
  if (auto const* text = static_cast<char const*>(dlsym(RTLD_DEFAULT, "fftw_version"))) return text;
  using Says = void (*)(char*, int);
  std::string text(256, '\0');
  auto const says = reinterpret_cast<Says>(dlsym(RTLD_DEFAULT, "mkl_get_version_string"));
  if (says == nullptr) return std::string(engine_name) + ", version unknown";
  says(text.data(), static_cast<int>(text.size()));
  text.resize(text.find_last_not_of(std::string(" \0", 2)) + 1);
  return text;
}
std::unique_ptr<Engine> plan_engine(EngineTask const& task, double* points, double* spectrum) {
  return planned(task, points, spectrum);
}
std::unique_ptr<Engine> plan_engine(EngineTask const& task, float* points, float* spectrum) {
  return planned(task, points, spectrum);
}

}  // namespace inpex::fft
