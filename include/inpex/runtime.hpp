// SPDX-License-Identifier: Apache-2.0
#pragma once
// Kokkos as the harness sees it, which must not include it: start, stop, spaces, memory, and the
// kernels that measure ceilings. Implemented in one device translation unit
// (benchmarks/runtime.cpp).

#include <inpex/comm.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace inpex {

/// An execution space of this build, on this rank.
struct SpaceInfo {
  std::string name;                ///< serial, openmp, cuda, hip
  std::string device;              ///< "host", or the GPU's name
  int concurrency = 1;             ///< threads that run at once
  bool is_device = false;          ///< memory apart from the host's
  std::uint64_t memory_bytes = 0;  ///< of the host or the device, in all
  std::uint64_t free_bytes = 0;    ///< now
};

/// What the apps hold now, in bytes, in Views and memory.hpp allocations of this rank.
struct Allocated {
  std::uint64_t bytes = 0;
  std::uint64_t peak_bytes = 0;
  std::uint64_t allocations = 0;  ///< ever made
};

/// One measurement of a ceiling. Kernels by name: copy, stream_copy, read, update, triad (bytes per
/// repetition from arrays that hold `bytes` together), fma (flops), launch, fence (nothing but the
/// call). Ranks measure at once when the caller makes them.
struct Probe {
  std::string kernel;
  std::string space = "openmp";
  std::string precision = "fp64";
  std::uint64_t bytes = 0;  ///< of all arrays together; at least 4096 for kernels that move bytes
  std::uint64_t repetitions = 1;  ///< within the timed region
};

/// What a probe did: counts are exact, bytes without any write-allocate.
struct Probed {
  double seconds = 0;
  double bytes = 0;
  double flops = 0;
  double calls = 0;
};

/// Arrays of one probe, kept and first touched, so that it can be repeated beside a case.
class PreparedProbe {
 public:
  virtual ~PreparedProbe() = default;
  /// Runs and times it on this rank, with a fence at both ends; not collective.
  virtual Probed run() = 0;
};

/// Owns Kokkos for the life of the program; at most one at a time.
class Runtime {
 public:
  /// Starts every space of the build; OpenMP takes OMP_NUM_THREADS, or the cores that this rank may
  /// use. Throws Error (environment) when a device is missing or in use.
  Runtime();
  ~Runtime();
  Runtime(Runtime const&) = delete;
  Runtime& operator=(Runtime const&) = delete;

  [[nodiscard]] std::vector<SpaceInfo> spaces() const;
  [[nodiscard]] Allocated allocated() const;
  /// Hardware threads, by the system's numbers, on which each thread of a space of the host may run
  /// now; nothing of a device.
  [[nodiscard]] std::vector<std::vector<int>> cpus_of_threads(std::string const& space) const;
  /// Throws Error (command) for an unknown kernel or space, Error (environment) when memory is
  /// short.
  [[nodiscard]] std::unique_ptr<PreparedProbe> prepare(Probe const&) const;
};

/// The kernels' names that Runtime::prepare knows.
std::vector<std::string> probe_kernels();

/// The ranks of this program: MPI where it was built with it and started by mpirun, else one rank.
/// Lives as long as the program; benchmarks/world_mpi.cpp or world_serial.cpp.
class World {
 public:
  World(int* argc, char*** argv);
  ~World();
  World(World const&) = delete;
  World& operator=(World const&) = delete;
  Comm comm;
};

/// Whether a launcher such as mpirun started this process; asked of the environment, so that it is
/// known before MPI is started.
bool launched_by_mpi();

}  // namespace inpex
