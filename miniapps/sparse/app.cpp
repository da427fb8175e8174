// SPDX-License-Identifier: Apache-2.0
// The apps of this folder; the templates of each are instantiated in a file of its own.

#include <inpex/app.hpp>

#include <vector>

namespace inpex::sparse {

App hpcg();
App spmv();
App mxp();
App cg27();
App mf27();

std::vector<App> apps() { return {hpcg(), spmv(), mxp(), cg27(), mf27()}; }

}  // namespace inpex::sparse
