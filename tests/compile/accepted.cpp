// SPDX-License-Identifier: Apache-2.0
// What the files of wrong/ spoil is accepted when nothing is spoilt.
#include "whole.hpp"

namespace inpex {

template <class S, class Real>
struct Right : whole::Whole<Right<S, Real>, S> {
  using whole::Whole<Right, S>::Whole;
};

App right() { return bind<Right, double, float>(); }

void run(Context<Kokkos::DefaultHostExecutionSpace> const& context) {
  launch(context, whole::WholeKernel{});
}

}  // namespace inpex
