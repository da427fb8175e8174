// SPDX-License-Identifier: Apache-2.0
#include "lj.hpp"

#include <inpex/bind.hpp>

namespace inpex::particle {

App lj() { return bind<Lj, double, float, Mixed>(); }

}  // namespace inpex::particle
