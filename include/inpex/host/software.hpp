// SPDX-License-Identifier: Apache-2.0
#pragma once
// The software group of a record: what this program was built from, and the libraries that it
// found.

#include <inpex/host/build_info.hpp>
#include <inpex/host/record_machine.hpp>

#include <string>

namespace inpex::host {

/// What CMake wrote down when it built the program.
inline Software software_of(BuildInfo const& build) {
  Software software;
  software.inpex = build.version;
  software.commit = build.commit;
  if (!build.commit.empty()) software.dirty = build.dirty;
  software.source = build.source_digest;
  software.compiler = build.compiler + " " + build.compiler_version;
  software.flags = build.flags;
  software.build_type = build.build_type;
  software.kokkos = build.kokkos_version;
  software.kokkos_options = build.kokkos_options;
  software.mpi = build.mpi_library;
  return software;
}

}  // namespace inpex::host
