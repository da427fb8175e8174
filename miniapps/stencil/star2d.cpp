// SPDX-License-Identifier: Apache-2.0
#include "star2d.hpp"

#include <inpex/bind.hpp>

namespace inpex::stencil {

App star2d() { return bind<Star2d, double, float>(); }

}  // namespace inpex::stencil
