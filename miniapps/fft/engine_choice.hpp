// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the parameter `engine` of the apps means: own, or a library that does the same between the
// same arrays, on one rank of a host. What cannot be is refused.

#include "engine.hpp"
#include "host_pass.hpp"
#include "slabs.hpp"

#include <inpex/context.hpp>
#include <inpex/error.hpp>
#include <inpex/memory.hpp>

#include <string>
#include <type_traits>

namespace inpex::fft {

namespace detail {

inline void require_engine(std::string const& name, bool tiled, int ranks) {
  auto const refuse = [&](std::string const& problem, std::string const& hint) {
    throw Error(Fault::command, "'" + name + "' " + problem, "engine",
                hint + ", or take engine=own");
  };
  if (name != built_engine())
    refuse("is not in this program",
           "configure it with -DINPEX_" + std::string(name == "mkl" ? "MKL" : "FFTW") + "=ON");
  if (!tiled)
    refuse("transforms on hosts alone, by its own schedule",
           "take --space serial or openmp, and the native schedule");
  if (ranks > 1)
    refuse("transforms on one rank alone, not on " + std::to_string(ranks), "take one rank");
}

}  // namespace detail

/// A box on one rank, from planes to towers as they lie, `plane_pitch` and `tower_pitch` numbers
/// apart.
inline EngineTask box_task(Slabs const& box, bool real, std::ptrdiff_t plane_pitch,
                           std::ptrdiff_t tower_pitch) {
  std::ptrdiff_t const nx = box.nx(), columns = box.columns();
  return {.axes = {{box.nz(), real ? plane_pitch : plane_pitch / 2, tower_pitch / 2},
                   {box.ny(), nx, columns},
                   {nx, 1, 1}},
          .real = real,
          .spectrum_is_kept = false};
}
/// Lines of n points, one behind the other.
inline EngineTask lines_task(std::int64_t n, std::int64_t lines) {
  return {.axes = {{n, 1, 1}}, .many = {lines, n, n}};
}

/// The engine of that name, or nothing for `own`. `task()` is asked for where there is one, and may
/// fill the arrays first: planning finds them where they will lie. Throws Error (command) for an
/// engine that this program, space, precision or number of ranks does not have.
template <class T, Space S, class Task>
std::unique_ptr<Engine> engine_of(std::string const& name, Context<S> const& context,
                                  Task const& task, T* points, T* spectrum) {
  if (name == "own") return nullptr;
  detail::require_engine(name, context.tiled(), context.comm.size());
  std::unique_ptr<Engine> engine;
  if constexpr (std::is_floating_point_v<T> && is_host<S>) {  // none has numbers that count
    auto planned = task();
    planned.threads = context.space.concurrency();
    engine = plan_engine(planned, points, spectrum);
  }
  if (engine == nullptr)
    throw Error(
        Fault::command,
        "'" + name + "' has no " + (sizeof(T) == 4 ? "fp32" : "fp64") + " transform of these sizes",
        "engine", "install its library of that precision and configure anew, or take engine=own");
  return engine;
}

/// What records say of it: the library with its version, or "none".
inline std::string library_of(Engine const* engine) {
  return engine == nullptr ? "none" : engine_version();
}

/// Numbers times a factor, in place: what the backward transform of a library lacks.
template <class T>
struct ScaleWork {
  static constexpr char const* name = "scale";
  T* data;
  std::int64_t size;
  T factor;

  void share(T*, int part, int parts) const {
    T* const numbers = data;
    T const times = factor;
    for (auto n = size * part / parts, end = size * (part + 1) / parts; n < end; ++n)
      numbers[n] *= times;
  }
};

/// points = factor times the backward transform, whose scale is a pass of its own. On hosts.
template <Space S, class T>
void backward_scaled(Context<S> const& context, Engine const& engine, Memory<T, S> const& points,
                     T factor) {
  if constexpr (is_host<S>) {
    engine.backward();
    ScaleWork<T> const scale{points.data(), static_cast<std::int64_t>(points.size()), factor};
    launch(context, HostPass<T, ScaleWork<T>>{scale, nullptr, 0, context.space.concurrency()});
  }
}

}  // namespace inpex::fft
