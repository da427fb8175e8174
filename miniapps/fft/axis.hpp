// SPDX-License-Identifier: Apache-2.0
#pragma once
// The plan of an axis, where kernels of a space can read its tables.

#include "chirp.hpp"

#include <inpex/simd.hpp>

#include <vector>

namespace inpex::fft {

/// A plan made on the host; `line` is what kernels are given.
template <Space S, class T>
struct Axis {
  static constexpr int lanes = is_host<S> ? native_lanes<T> : 1;
  using HostTables = Memory<T, Kokkos::DefaultHostExecutionSpace>;

  AnyPlan<T, lanes, HostTables> plan;
  AnyLine<T> line;
  std::vector<Memory<T, S>> copies;  ///< of tables, on devices

  explicit Axis(std::int64_t length) : plan(length), line(plan.line()) {}

  /// Copies the tables; blocking.
  void to_device() {
    line = plan.line_on([&](HostTables const& tables) -> T const* {
      copies.emplace_back("twiddles on the device", tables.size());
      Kokkos::deep_copy(copies.back().view(), tables.view());
      return copies.back().data();
    });
  }
};

}  // namespace inpex::fft
