// SPDX-License-Identifier: Apache-2.0
#include "passes.hpp"
#include "round_trip.hpp"

#include <inpex/bind.hpp>

namespace inpex::fft {

template <class S, class Real>
using R2c3d = RoundTrip<S, Real, Of::real>;

App r2c3d() { return bind<R2c3d, double, float>(); }

}  // namespace inpex::fft
