// SPDX-License-Identifier: Apache-2.0
#include "kinds.hpp"

#include <inpex/bind.hpp>

namespace inpex::sparse {

App mf27() { return bind<Mf27, double>(); }

}  // namespace inpex::sparse
