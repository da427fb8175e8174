// SPDX-License-Identifier: Apache-2.0
#pragma once
// The plan of an axis, where kernels of a space can read its tables; and room to work in.

#include "chirp.hpp"

#include <inpex/memory.hpp>
#include <inpex/simd.hpp>

#include <cstddef>
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

/// Room for `size` numbers that threads work in. Bytes, because it is none of the data: it stays in
/// the caches, and no count of what memory must give has it.
template <class T, Space S>
class Scratch {
 public:
  explicit Scratch(std::ptrdiff_t size)
      : bytes_("scratch of the transform", static_cast<std::size_t>(size) * sizeof(T)) {}
  [[nodiscard]] T* data() const { return static_cast<T*>(static_cast<void*>(bytes_.data())); }

 private:
  Memory<std::byte, S> bytes_;
};

}  // namespace inpex::fft
