// SPDX-License-Identifier: Apache-2.0
#include "passes.hpp"

namespace inpex::fft {

template struct PlaneWork<Fp64, native_lanes<Fp64>>;
template struct PlaneWork<Fp32, native_lanes<Fp32>>;
template struct HalfWork<Fp64, native_lanes<Fp64>>;
template struct HalfWork<Fp32, native_lanes<Fp32>>;
template struct TowerWork<Fp64, native_lanes<Fp64>>;
template struct TowerWork<Fp32, native_lanes<Fp32>>;
template struct PencilRows<Fp64, native_lanes<Fp64>>;
template struct PencilRows<Fp32, native_lanes<Fp32>>;
template struct PencilHalves<Fp64, native_lanes<Fp64>>;
template struct PencilHalves<Fp32, native_lanes<Fp32>>;
template struct PencilColumns<Fp64, native_lanes<Fp64>>;
template struct PencilColumns<Fp32, native_lanes<Fp32>>;

}  // namespace inpex::fft
