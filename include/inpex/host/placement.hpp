// SPDX-License-Identifier: Apache-2.0
#pragma once
// The placement group of a record: how ranks, threads and devices lie on the machine, as found.

#include <inpex/comm.hpp>
#include <inpex/host/platform.hpp>
#include <inpex/host/record_machine.hpp>
#include <inpex/host/topology.hpp>
#include <inpex/runtime.hpp>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <set>
#include <string>
#include <vector>

namespace inpex::host {

/// How many nodes the ranks are on, and how many ranks are on this one.
struct NodeLayout {
  int nodes = 1;
  int ranks_here = 1;
};

/// Nodes are told apart by their hosts' names. Collective; one broadcast a rank.
inline NodeLayout node_layout(Comm const& comm) {
  std::uint64_t const mine =
      std::strtoull(sha256(detail::host_name()).substr(0, 16).c_str(), nullptr, 16);
  std::set<std::uint64_t> names;
  NodeLayout layout{0, 0};
  for (int rank = 0; rank < comm.size(); ++rank) {
    std::uint64_t const theirs = comm.broadcast(mine, rank);
    names.insert(theirs);
    if (theirs == mine) ++layout.ranks_here;
  }
  layout.nodes = static_cast<int>(names.size());
  return layout;
}

/// Every rank's binding, by rank. Collective; one broadcast a rank.
inline std::vector<std::string> bindings(Comm const& comm, Topology const& topology) {
  std::string const mine = topology.binding();
  std::vector<std::string> all;
  for (int rank = 0; rank < comm.size(); ++rank) {
    std::array<char, 128> text{};
    std::strncpy(text.data(), mine.c_str(), text.size() - 1);
    all.emplace_back(comm.broadcast(text, rank).data());
  }
  return all;
}

/// Placement of a case in `space`; its schedule is not known here. Collective.
inline Placement placement_now(Comm const& comm, std::vector<SpaceInfo> const& spaces,
                               Topology const& topology, std::string const& space) {
  Placement placement;
  placement.space = space;
  placement.nodes = node_layout(comm).nodes;
  placement.ranks = comm.size();
  placement.binding = bindings(comm, topology);
  for (auto const& each : spaces) {
    placement.spaces.push_back(each.name);
    if (each.name != space) continue;
    if (each.is_device)
      placement.devices = comm.size();
    else
      placement.threads = each.concurrency;
  }
  if (comm.size() > 1) placement.gpu_aware_mpi = comm.device_memory();
  return placement;
}

}  // namespace inpex::host
