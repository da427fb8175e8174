// SPDX-License-Identifier: Apache-2.0
#pragma once
// What passes over a box do on hosts, compiled once for all that transform boxes: a file that
// includes this is linked with passes.cpp.

#include "half_planes.hpp"
#include "pencil_passes.hpp"
#include "planes.hpp"

#include <inpex/config.hpp>
#include <inpex/counted.hpp>

#include <type_traits>

namespace inpex::fft {

/// Numbers as this program has them: those of the audit count.
using Fp64 = std::conditional_t<config::audit, Counted<double>, double>;
using Fp32 = std::conditional_t<config::audit, Counted<float>, float>;

extern template struct PlaneWork<Fp64, native_lanes<Fp64>>;
extern template struct PlaneWork<Fp32, native_lanes<Fp32>>;
extern template struct HalfWork<Fp64, native_lanes<Fp64>>;
extern template struct HalfWork<Fp32, native_lanes<Fp32>>;
extern template struct TowerWork<Fp64, native_lanes<Fp64>>;
extern template struct TowerWork<Fp32, native_lanes<Fp32>>;
extern template struct PencilRows<Fp64, native_lanes<Fp64>>;
extern template struct PencilRows<Fp32, native_lanes<Fp32>>;
extern template struct PencilHalves<Fp64, native_lanes<Fp64>>;
extern template struct PencilHalves<Fp32, native_lanes<Fp32>>;
extern template struct PencilColumns<Fp64, native_lanes<Fp64>>;
extern template struct PencilColumns<Fp32, native_lanes<Fp32>>;

}  // namespace inpex::fft
