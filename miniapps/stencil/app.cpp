// SPDX-License-Identifier: Apache-2.0
// The apps of this folder; the templates of each are instantiated in a file of its own.

#include <inpex/app.hpp>

#include <vector>

namespace inpex::stencil {

App heat7();
App box27();
App wave25();
App star2d();

std::vector<App> apps() { return {heat7(), box27(), wave25(), star2d()}; }

}  // namespace inpex::stencil
