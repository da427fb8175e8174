// SPDX-License-Identifier: Apache-2.0
#include "spmv.hpp"

#include <inpex/bind.hpp>

namespace inpex::sparse {

App spmv() { return bind<Spmv, double, float>(); }

}  // namespace inpex::sparse
