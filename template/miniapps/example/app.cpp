// SPDX-License-Identifier: Apache-2.0
// The only file in which the templates of this folder are instantiated.

#include "axpy.hpp"

#include <inpex/bind.hpp>

namespace inpex::example {

std::vector<App> apps() { return {bind<AxpyApp, double, float>()}; }

}  // namespace inpex::example
