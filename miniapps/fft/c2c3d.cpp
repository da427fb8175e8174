// SPDX-License-Identifier: Apache-2.0
#include "c2c3d.hpp"

#include <inpex/bind.hpp>

namespace inpex::fft {

App c2c3d() { return bind<C2c3d, double, float>(); }

}  // namespace inpex::fft
