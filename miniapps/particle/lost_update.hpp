// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a race of two electrons for a cell would do, for the program that plants faults: the charge
// of one electron is not there.

#include "leapfrog.hpp"

namespace inpex::particle {

/// Takes back the charge of the first electron. One item.
template <class Real>
struct ForgetDeposit {
  Window<Real> window;
  ElectronView<Real> electrons;
  KOKKOS_INLINE_FUNCTION void operator()(int) const {
    using V = vec<Real, 1>;
    auto const at =
        window.template locate<1>(V{*electrons.run(0)}, V{*electrons.run(1)}, V{*electrons.run(2)});
    V share[corners];
    Window<Real>::shares(at, share);
    double* const from = window.charge + static_cast<std::ptrdiff_t>(at.cell.lanes) * corners;
    for (int c = 0; c < corners; ++c) from[c] -= static_cast<double>(share[c].lanes);
  }
};

template <Space S, class Real>
void forget_deposit(Context<S> const& context, Window<Real> const& window,
                    ElectronView<Real> const& electrons, int count) {
  Kokkos::parallel_for("lost update",
                       Kokkos::RangePolicy<S, Kokkos::IndexType<int>>(context.space, 0, count > 0),
                       ForgetDeposit<Real>{window, electrons});
}

}  // namespace inpex::particle
