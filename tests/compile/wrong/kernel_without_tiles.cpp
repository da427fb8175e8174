// SPDX-License-Identifier: Apache-2.0
// refused: no matching function for call to .*launch
#include <inpex/launch.hpp>

namespace inpex {

// A kernel with a schedule for devices alone: on hosts it could not run.
struct TeamsOnly {
  static constexpr char const* name = "teams only";
  [[nodiscard]] int teams() const { return 1; }
  template <class Member>
  KOKKOS_INLINE_FUNCTION void team(Member const&) const {}
};

void wrong(Context<Kokkos::DefaultHostExecutionSpace> const& context) {
  launch(context, TeamsOnly{});
}

}  // namespace inpex
