// SPDX-License-Identifier: Apache-2.0
// refused: Kernel.*K::name
#include "../whole.hpp"

namespace inpex {

struct Nameless : whole::WholeKernel {
 private:
  using whole::WholeKernel::name;
};

void run(Context<Kokkos::DefaultHostExecutionSpace> const& context) { launch(context, Nameless{}); }

}  // namespace inpex
