// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a type must offer to be a mini-app. The frame (bind.hpp) times, fences and counts; a
// mini-app does none of these.

#include <inpex/context.hpp>
#include <inpex/fields.hpp>
#include <inpex/work.hpp>

#include <concepts>
#include <cstdint>
#include <string_view>
#include <vector>

namespace inpex {

/// A check of the spec's `verify`: its id, and the member that finds the value. The oracle takes
/// `truth`, the parameters as the spec gives them, and never the app's own. Collective.
template <class A>
struct Check {
  std::string_view id;
  double (A::*find)(typename A::Params const& truth);
};

/// A mini-app on one space in one precision.
/// - Params: described by fields(), with `std::int64_t steps`, the steps of a sample.
/// - The constructor is the set-up: it allocates everything. reset() returns to the initial state.
/// - step() is asynchronous, allocates nothing, and runs its kernels inside context.phase(...).
/// - work() is of one step on this rank, by phase, derived beside the kernels.
/// - extents() is what the spec's formulas may name of this rank (lx, ly, lz, neighbours, ...).
/// - digest() is a hash of the state that does not depend on the number of ranks.
/// - checks() lists what the spec's `verify` may ask for.
/// An app may also have prepare(truth): what its rules ask for before anything is measured and do
/// not charge, such as a run of the reference whose residual must be reached. The frame calls it
/// once, after the set-up was timed and before work(). And chosen(), the words that the spec's
/// `choices` name: what the app made of that which parameters leave open.
template <class A>
concept MiniApp = Space<typename A::space> && Described<typename A::Params> &&
    requires(A app, A const same, typename A::Params const& params,
             Context<typename A::space> const& context) {
  A(params, context);
  { A::name } -> std::convertible_to<std::string_view>;
  { A::summary } -> std::convertible_to<std::string_view>;
  { A::item } -> std::convertible_to<std::string_view>;
  { params.steps } -> std::convertible_to<std::int64_t>;
  { app.reset() } -> std::same_as<void>;
  { app.step() } -> std::same_as<void>;
  { same.work() } -> std::same_as<std::vector<PhaseWork>>;
  { same.extents() } -> std::same_as<Table>;
  { app.digest() } -> std::same_as<std::uint64_t>;
  { A::checks() } -> std::convertible_to<std::vector<Check<A>>>;
};

}  // namespace inpex
