// SPDX-License-Identifier: Apache-2.0
// refused: no mini-app yet.*PhaseWork
#include "../whole.hpp"

namespace inpex {

template <class S, class Real>
struct Wrong : whole::Whole<Wrong<S, Real>, S> {
  using whole::Whole<Wrong, S>::Whole;
  [[nodiscard]] double work() const { return 8; }
};

App wrong() { return bind<Wrong, double>(); }

}  // namespace inpex
