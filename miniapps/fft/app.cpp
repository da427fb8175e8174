// SPDX-License-Identifier: Apache-2.0
// The apps of this folder; the templates of each are instantiated in a file of its own.

#include <inpex/app.hpp>

#include <vector>

namespace inpex::fft {

App batch1d();
App c2c3d();
App r2c3d();
App spectral();

std::vector<App> apps() { return {batch1d(), c2c3d(), r2c3d(), spectral()}; }

}  // namespace inpex::fft
