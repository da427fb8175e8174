// SPDX-License-Identifier: Apache-2.0
#pragma once
// The placement group of a record: how ranks, threads and devices lie on the machine, as found.

#include <inpex/comm.hpp>
#include <inpex/host/platform.hpp>
#include <inpex/host/record_machine.hpp>
#include <inpex/host/topology.hpp>
#include <inpex/runtime.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace inpex::host {

/// Which node each rank is on, from 0 in the order of ranks; how many nodes, and ranks on this one.
struct NodeLayout {
  std::vector<std::int64_t> node_of_rank;
  int nodes = 1;
  int ranks_here = 1;
};

/// Nodes are told apart by their hosts' names. Collective; one broadcast a rank.
inline NodeLayout node_layout(Comm const& comm) {
  std::uint64_t const mine =
      std::strtoull(sha256(detail::host_name()).substr(0, 16).c_str(), nullptr, 16);
  std::map<std::uint64_t, std::int64_t> nodes;
  NodeLayout layout{{}, 0, 0};
  for (int rank = 0; rank < comm.size(); ++rank) {
    std::uint64_t const theirs = comm.broadcast(mine, rank);
    layout.node_of_rank.push_back(nodes.try_emplace(theirs, std::ssize(nodes)).first->second);
    if (theirs == mine) ++layout.ranks_here;
  }
  layout.nodes = static_cast<int>(nodes.size());
  return layout;
}

/// A text of every rank, by rank. Collective; two broadcasts a rank and 128 characters.
inline std::vector<std::string> of_all_ranks(Comm const& comm, std::string const& mine) {
  constexpr std::size_t most = 128;
  std::vector<std::string> all;
  for (int rank = 0; rank < comm.size(); ++rank) {
    std::string theirs(comm.broadcast(mine.size(), rank), ' ');
    for (std::size_t at = 0; at < theirs.size(); at += most) {
      std::array<char, most> piece{};
      if (at < mine.size()) mine.copy(piece.data(), most, at);
      piece = comm.broadcast(piece, rank);
      theirs.replace(at, std::min(most, theirs.size() - at), piece.data(),
                     std::min(most, theirs.size() - at));
    }
    all.push_back(std::move(theirs));
  }
  return all;
}

/// Placement of a case in `space`, whose threads may run on these hardware threads; its schedule is
/// not known here. Collective.
inline Placement placement_now(Comm const& comm, std::vector<SpaceInfo> const& spaces,
                               Topology const& topology, std::string const& space,
                               std::vector<std::vector<int>> const& cpus_of_threads = {}) {
  Placement placement;
  auto layout = node_layout(comm);
  placement.space = space;
  placement.nodes = layout.nodes;
  placement.node_of_rank = std::move(layout.node_of_rank);
  placement.ranks = comm.size();
  placement.binding = of_all_ranks(comm, topology.binding());
  std::string threads;
  for (auto const& cpus : cpus_of_threads) threads += (threads.empty() ? "" : " ") + cpu_list(cpus);
  if (comm.maximum(threads.size()) > 0) placement.thread_binding = of_all_ranks(comm, threads);
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
