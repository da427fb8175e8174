// SPDX-License-Identifier: Apache-2.0
#include "kinds.hpp"

#include <inpex/bind.hpp>

namespace inpex::sparse {

App mxp() { return bind<Mxp, double>(); }

}  // namespace inpex::sparse
