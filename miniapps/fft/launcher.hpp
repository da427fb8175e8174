// SPDX-License-Identifier: Apache-2.0
#pragma once
// How passes over a box are started: by the threads of a host, or line by line.

#include "host_pass.hpp"
#include "line_pass.hpp"

#include <inpex/context.hpp>
#include <inpex/launch.hpp>

#include <cstddef>
#include <cstdint>

namespace inpex::fft {

/// With scratch memory [threads][scratch_size].
template <Space S, class T>
struct Launcher {
  Context<S> const& context;
  T* scratch;
  std::ptrdiff_t scratch_size;
  int threads;

  template <class Work>
  void by_threads(Work const& work) const {
    if constexpr (is_host<S>)
      launch(context, HostPass<T, Work>{work, scratch, scratch_size, threads});
  }
  template <class Ends>
  void by_lines(AnyLine<T> const& line, std::int64_t count, Ends const& ends) const {
    launch(context, LinePass<T, Ends>{line, ends, count, scratch, scratch_size, threads});
  }
};

}  // namespace inpex::fft
