// SPDX-License-Identifier: Apache-2.0
#include "spectral.hpp"
#include "passes.hpp"

#include <inpex/bind.hpp>

namespace inpex::fft {

App spectral() { return bind<Spectral, double, float>(); }

}  // namespace inpex::fft
