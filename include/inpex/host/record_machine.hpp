// SPDX-License-Identifier: Apache-2.0
#pragma once
// The groups of a record (record.hpp) that say on what, where and with what it was made.

#include <inpex/host/record_groups.hpp>

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

namespace inpex::host {

/// One kind of cache of a host.
struct Cache {
  std::int64_t level = 0;
  std::string kind;  ///< data, instruction, unified
  std::int64_t bytes = 0;
  Count count;   ///< of this kind in the machine
  Count shared;  ///< hardware threads that share one
  static constexpr auto fields() {
    using C = Cache;
    return std::tuple{field("level", &C::level), field("kind", &C::kind), field("bytes", &C::bytes),
                      field("count", &C::count), field("shared", &C::shared)};
  }
};

/// GPUs of one name.
struct Gpu {
  std::string name;
  Count count;
  Count memory_bytes;
  std::string driver;
  static constexpr auto fields() {
    return std::tuple{field("name", &Gpu::name), field("count", &Gpu::count),
                      field("memory_bytes", &Gpu::memory_bytes), field("driver", &Gpu::driver)};
  }
};

/// The machine, as found.
struct Platform {
  std::string host;  ///< hashed, unless the user asked for the name
  std::string system;
  std::string cpu;
  Count sockets;
  Count cores;
  Count hardware_threads;
  Count memory_bytes;
  Count numa_nodes;
  std::vector<Cache> caches;
  std::vector<Gpu> gpus;
  Number clock_hz;  ///< of the processor, when the run began
  Number clock_min_hz;
  Number clock_max_hz;
  std::string governor;
  std::string huge_pages;  ///< "madvise", "always", "never"
  std::string hypervisor;
  static constexpr auto fields() {
    using P = Platform;
    return std::tuple{field("host", &P::host),
                      field("system", &P::system),
                      field("cpu", &P::cpu),
                      field("sockets", &P::sockets),
                      field("cores", &P::cores),
                      field("hardware_threads", &P::hardware_threads),
                      field("memory_bytes", &P::memory_bytes),
                      field("numa_nodes", &P::numa_nodes),
                      field("caches", &P::caches),
                      field("gpus", &P::gpus),
                      field("clock_hz", &P::clock_hz),
                      field("clock_min_hz", &P::clock_min_hz),
                      field("clock_max_hz", &P::clock_max_hz),
                      field("governor", &P::governor),
                      field("huge_pages", &P::huge_pages),
                      field("hypervisor", &P::hypervisor)};
  }
};

/// Where on the machine the case ran.
struct Placement {
  std::string space;     ///< serial, openmp, cuda, hip
  std::string schedule;  ///< native, device
  Count nodes;
  Count ranks;
  Count threads;  ///< of one rank
  Count devices;
  std::vector<std::string> binding;  ///< one a rank, hwloc's words: "core:0-3"
  /// One a rank: the hardware threads of each of its threads, one thread behind the other: "0-1 2".
  std::vector<std::string> thread_binding;
  std::vector<std::int64_t> node_of_rank;  ///< counted from 0
  std::vector<std::string> spaces;         ///< all of this build
  Flag gpu_aware_mpi;
  static constexpr auto fields() {
    using P = Placement;
    return std::tuple{field("space", &P::space),
                      field("schedule", &P::schedule),
                      field("nodes", &P::nodes),
                      field("ranks", &P::ranks),
                      field("threads", &P::threads),
                      field("devices", &P::devices),
                      field("binding", &P::binding),
                      field("thread_binding", &P::thread_binding),
                      field("node_of_rank", &P::node_of_rank),
                      field("spaces", &P::spaces),
                      field("gpu_aware_mpi", &P::gpu_aware_mpi)};
  }
};

/// What the program was made of. `libraries` is name -> version.
struct Software {
  std::string inpex;   ///< version
  std::string commit;  ///< of the source
  Flag dirty;          ///< whether the source differed from the commit
  std::string source;  ///< SHA-256 over include/ and miniapps/
  std::string compiler;
  std::string flags;
  std::string build_type;
  std::string kokkos;
  std::string kokkos_options;
  std::string mpi;
  Table libraries;
  Count faults_planted;  ///< in this app, of the same source, by `inpex mutate`
  Count faults_caught;   ///< of these, by its checks
  static constexpr auto fields() {
    using S = Software;
    return std::tuple{field("inpex", &S::inpex),
                      field("commit", &S::commit),
                      field("dirty", &S::dirty),
                      field("source", &S::source),
                      field("compiler", &S::compiler),
                      field("flags", &S::flags),
                      field("build_type", &S::build_type),
                      field("kokkos", &S::kokkos),
                      field("kokkos_options", &S::kokkos_options),
                      field("mpi", &S::mpi),
                      field("libraries", &S::libraries),
                      field("faults_planted", &S::faults_planted),
                      field("faults_caught", &S::faults_caught)};
  }
};

}  // namespace inpex::host
