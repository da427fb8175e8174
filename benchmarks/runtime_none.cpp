// SPDX-License-Identifier: Apache-2.0
// A build that only judges results has no Kokkos: whatever needs one says so.

#include <inpex/error.hpp>
#include <inpex/runtime.hpp>

namespace inpex {

Runtime::Runtime() {
  throw Error(Fault::environment,
              "this program was built without kernels and can only judge results", {},
              "build the preset release to run or measure anything");
}
Runtime::~Runtime() = default;

std::vector<SpaceInfo> Runtime::spaces() const { return {}; }
std::vector<std::vector<int>> Runtime::cpus_of_threads(std::string const&) const { return {}; }
Allocated Runtime::allocated() const { return {}; }
std::unique_ptr<PreparedProbe> Runtime::prepare(Probe const&) const { return nullptr; }
std::vector<std::string> probe_kernels() { return {}; }

}  // namespace inpex
