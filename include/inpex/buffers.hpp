// SPDX-License-Identifier: Apache-2.0
#pragma once
// Two arrays of which one is read and the other written, and their swap after a step.

#include <inpex/context.hpp>
#include <inpex/memory.hpp>

#include <array>
#include <cstddef>
#include <limits>
#include <string>

namespace inpex {

/// A current and a next array of `size` elements each.
template <class T, Space S>
class Buffers {
 public:
  Buffers(std::string const& label, std::size_t size)
      : arrays_{Memory<T, S>(label + " A", size), Memory<T, S>(label + " B", size)} {}

  [[nodiscard]] T* current() const { return arrays_[now_].data(); }
  [[nodiscard]] T* next() const { return arrays_[1 - now_].data(); }
  [[nodiscard]] std::size_t size() const { return arrays_[0].size(); }

  /// What was next becomes current. Asynchronous kernels that are under way are not disturbed.
  void swap(Context<S> const& context) {
    if (context.plan.acts("stale-buffer")) return;
    now_ = 1 - now_;
    keep(context);
  }
  /// The end of a step in which nothing swaps.
  void keep(Context<S> const& context) {
    if (context.plan.acts("not-a-number")) poison();
  }
  /// As after construction: the first array is current.
  void rewind() { now_ = 0; }

 private:
  // A stretch of 1/16 of the array about its middle, long enough to hold owned cells.
  void poison() {
    auto const view = arrays_[now_].view();
    auto const middle = size() / 2, half = size() / 32 + 1;
    Kokkos::deep_copy(Kokkos::subview(view, std::pair(middle - half, middle + half)),
                      std::numeric_limits<T>::quiet_NaN());
  }

  std::array<Memory<T, S>, 2> arrays_;
  int now_ = 0;
};

}  // namespace inpex
