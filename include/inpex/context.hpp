// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a mini-app is given to work with: where its kernels run, the ranks, and the names of phases.

#include <inpex/comm.hpp>
#include <inpex/fault.hpp>
#include <inpex/space.hpp>

#include <string>
#include <utility>

namespace inpex {

/// How kernels are scheduled: `native` is tiles on hosts and teams on devices; `device` is teams on
/// every space, to test the device schedule where there is no device.
enum class Schedule { native, device };

/// Told when a phase begins and ends; the frame's clock is one, and times what is between.
class PhaseListener {
 public:
  virtual ~PhaseListener() = default;
  virtual void begin(char const* phase) = 0;
  virtual void end() = 0;
};

/// A phase from its construction to its destruction: a region of Kokkos Tools, and of the breakdown
/// when one is taken.
class Region {
 public:
  Region(char const* phase, PhaseListener* listener) : listener_(listener) {
    Kokkos::Profiling::pushRegion(phase);
    if (listener_ != nullptr) listener_->begin(phase);
  }
  ~Region() {
    if (listener_ != nullptr) listener_->end();
    Kokkos::Profiling::popRegion();
  }
  Region(Region const&) = delete;
  Region& operator=(Region const&) = delete;

 private:
  PhaseListener* listener_;
};

/// One per case, made by the frame and outliving the app.
template <Space S>
struct Context {
  S space{};
  Comm comm{};
  Schedule schedule = Schedule::native;
  Plan plan{};
  PhaseListener* listener = nullptr;

  /// Begins the phase of that name, which the spec's work must have; it lasts as long as the
  /// result.
  [[nodiscard]] Region phase(char const* name) const { return {name, listener}; }
  /// Whether kernels run as tiles.
  [[nodiscard]] bool tiled() const { return is_host<S> && schedule == Schedule::native; }
};

}  // namespace inpex
