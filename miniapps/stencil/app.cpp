// SPDX-License-Identifier: Apache-2.0
// The only file in which the templates of this folder are instantiated.

#include "heat7.hpp"

#include <inpex/bind.hpp>

namespace inpex::stencil {

std::vector<App> apps() { return {bind<Heat7, double, float>()}; }

}  // namespace inpex::stencil
