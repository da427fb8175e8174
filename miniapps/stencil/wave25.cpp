// SPDX-License-Identifier: Apache-2.0
#include "wave25.hpp"

#include <inpex/bind.hpp>

namespace inpex::stencil {

App wave25() { return bind<Wave25, float, double>(); }

}  // namespace inpex::stencil
