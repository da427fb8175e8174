// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the author of a mini-app includes: floors 0 to 2, without bind.hpp, which belongs to the
// source file that instantiates it.

#include <inpex/app.hpp>
#include <inpex/buffers.hpp>
#include <inpex/cells.hpp>
#include <inpex/comm.hpp>
#include <inpex/context.hpp>
#include <inpex/convert.hpp>
#include <inpex/counted.hpp>
#include <inpex/courier.hpp>
#include <inpex/each.hpp>
#include <inpex/error.hpp>
#include <inpex/fields.hpp>
#include <inpex/grid.hpp>
#include <inpex/halo.hpp>
#include <inpex/lattice.hpp>
#include <inpex/launch.hpp>
#include <inpex/memory.hpp>
#include <inpex/miniapp.hpp>
#include <inpex/prefetch.hpp>
#include <inpex/random.hpp>
#include <inpex/simd.hpp>
#include <inpex/space.hpp>
#include <inpex/value.hpp>
#include <inpex/work.hpp>
