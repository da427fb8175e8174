// SPDX-License-Identifier: Apache-2.0
#include "box27.hpp"

#include <inpex/bind.hpp>

namespace inpex::stencil {

App box27() { return bind<Box27, double, float>(); }

}  // namespace inpex::stencil
