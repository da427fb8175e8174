// SPDX-License-Identifier: Apache-2.0
// Programs without a library of transforms.

#include "../engine.hpp"

namespace inpex::fft {

std::string_view built_engine() { return ""; }
std::string engine_version() { return {}; }
std::unique_ptr<Engine> plan_engine(EngineTask const&, double*, double*) { return nullptr; }
std::unique_ptr<Engine> plan_engine(EngineTask const&, float*, float*) { return nullptr; }

}  // namespace inpex::fft
