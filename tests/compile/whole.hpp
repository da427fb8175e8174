// SPDX-License-Identifier: Apache-2.0
#pragma once
// A mini-app and a kernel that have all that is asked for, for files that spoil one thing of them.

#include <inpex/bind.hpp>
#include <inpex/launch.hpp>

#include <cstdint>
#include <tuple>
#include <vector>

namespace inpex::whole {

struct Params {
  std::int64_t steps = 1;
  static constexpr auto fields() { return std::tuple{field("steps", &Params::steps)}; }
};

/// `App` is the type that inherits it.
template <class App, class S>
struct Whole {
  using space = S;
  using Params = whole::Params;
  static constexpr char const *name = "whole.nothing", *summary = "Nothing", *item = "step";
  Whole(Params const&, Context<S> const&) {}
  void reset() {}
  void step() {}
  [[nodiscard]] std::vector<PhaseWork> work() const { return {}; }
  [[nodiscard]] Table extents() const { return {}; }
  std::uint64_t digest() { return 0; }
  double nothing(Params const&) { return 0; }
  static std::vector<Check<App>> checks() { return {{"nothing", &App::nothing}}; }
};

struct WholeKernel {
  static constexpr char const* name = "nothing";
  [[nodiscard]] int tiles() const { return 1; }
  void tile(int) const {}
  [[nodiscard]] int teams() const { return 1; }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const&) const {}
};

}  // namespace inpex::whole
