// SPDX-License-Identifier: Apache-2.0
// refused: no mini-app yet.*Check<
#include "../whole.hpp"

namespace inpex {

template <class S, class Real>
struct Other : whole::Whole<Other<S, Real>, S> {
  using whole::Whole<Other, S>::Whole;
};

template <class S, class Real>
struct Wrong : whole::Whole<Other<S, Real>, S> {
  using whole::Whole<Other<S, Real>, S>::Whole;
};

App wrong() { return bind<Wrong, double>(); }

}  // namespace inpex
