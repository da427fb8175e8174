// SPDX-License-Identifier: Apache-2.0
#include "kinds.hpp"

#include <inpex/bind.hpp>

namespace inpex::sparse {

App hpcg() { return bind<Hpcg, double>(); }

}  // namespace inpex::sparse
