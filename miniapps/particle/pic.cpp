// SPDX-License-Identifier: Apache-2.0
#include "pic.hpp"

#include "../fft/passes.hpp"

#include <inpex/bind.hpp>

namespace inpex::particle {

App pic() { return bind<Pic, double, float>(); }

}  // namespace inpex::particle
