// SPDX-License-Identifier: Apache-2.0
#include "kinds.hpp"

#include <inpex/bind.hpp>

namespace inpex::sparse {

App cg27() { return bind<Cg27, double>(); }

}  // namespace inpex::sparse
