// SPDX-License-Identifier: Apache-2.0
#include "batch1d.hpp"

#include <inpex/bind.hpp>

namespace inpex::fft {

App batch1d() { return bind<Batch1d, double, float>(); }

}  // namespace inpex::fft
