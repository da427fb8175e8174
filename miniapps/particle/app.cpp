// SPDX-License-Identifier: Apache-2.0
// The apps of this folder; the templates of each are instantiated in a file of its own.

#include <inpex/app.hpp>

#include <vector>

namespace inpex::particle {

App lj();
App pic();

std::vector<App> apps() { return {lj(), pic()}; }

}  // namespace inpex::particle
