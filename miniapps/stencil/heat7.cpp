// SPDX-License-Identifier: Apache-2.0
#include "heat7.hpp"

#include <inpex/bind.hpp>

namespace inpex::stencil {

App heat7() { return bind<Heat7, double, float>(); }

}  // namespace inpex::stencil
