// SPDX-License-Identifier: Apache-2.0
#pragma once
// The machine's parts, as hwloc finds them: the only header that includes it. Where hwloc cannot
// tell, a member stays empty.

#include <inpex/error.hpp>
#include <inpex/host/record_machine.hpp>

#include <hwloc.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace inpex::host {

/// Hardware threads, by the system's numbers, as hwloc writes them: "0-3,8".
inline std::string cpu_list(std::vector<int> const& cpus) {
  std::unique_ptr<hwloc_bitmap_s, decltype(&hwloc_bitmap_free)> const set(hwloc_bitmap_alloc(),
                                                                          &hwloc_bitmap_free);
  for (int const cpu : cpus)
    if (set) hwloc_bitmap_set(set.get(), static_cast<unsigned>(cpu));
  char* text = nullptr;
  if (!set || hwloc_bitmap_list_asprintf(&text, set.get()) < 0) return {};
  std::string const list = text;
  std::free(text);
  return list;
}

namespace detail {

/// "0-3,8" for the numbers 0, 1, 2, 3 and 8, in ascending order.
inline std::string ranges(std::vector<unsigned> const& numbers) {
  std::string text;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    std::size_t const first = i;
    while (i + 1 < numbers.size() && numbers[i + 1] == numbers[i] + 1) ++i;
    text += (text.empty() ? "" : ",") + std::to_string(numbers[first]);
    if (i > first) text += "-" + std::to_string(numbers[i]);
  }
  return text;
}

}  // namespace detail

/// A snapshot of the machine's topology; its making takes some milliseconds. The variables of
/// hwloc, such as HWLOC_SYNTHETIC and HWLOC_XMLFILE, apply.
class Topology {
 public:
  /// Throws Error (environment) when hwloc cannot load.
  Topology() {
    hwloc_topology_t raw = nullptr;
    bool const made = hwloc_topology_init(&raw) == 0;
    topology_.reset(raw);
    if (!made || hwloc_topology_load(raw) != 0)
      throw Error(Fault::environment, "hwloc cannot read the topology of this machine", {},
                  "check that /sys is mounted, and the variables HWLOC_*");
  }

  /// The processor's name with its family and model, which say more than the name of a virtual one.
  [[nodiscard]] std::string cpu() const {
    hwloc_obj_t package = hwloc_get_obj_by_type(topology_.get(), HWLOC_OBJ_PACKAGE, 0);
    if (package == nullptr) package = hwloc_get_root_obj(topology_.get());
    std::string text = info(package, "CPUModel");
    std::string const family = info(package, "CPUFamilyNumber"),
                      model = info(package, "CPUModelNumber");
    if (!family.empty() && !model.empty()) text += " (family " + family + ", model " + model + ")";
    return text;
  }

  [[nodiscard]] Count sockets() const { return count(HWLOC_OBJ_PACKAGE); }
  [[nodiscard]] Count cores() const { return count(HWLOC_OBJ_CORE); }
  [[nodiscard]] Count hardware_threads() const { return count(HWLOC_OBJ_PU); }
  [[nodiscard]] Count numa_nodes() const { return count(HWLOC_OBJ_NUMANODE); }

  /// Data and unified caches, the nearest first; all of one level are taken to be equal.
  [[nodiscard]] std::vector<Cache> caches() const {
    std::vector<Cache> found;
    for (auto const type :
         {HWLOC_OBJ_L1CACHE, HWLOC_OBJ_L2CACHE, HWLOC_OBJ_L3CACHE, HWLOC_OBJ_L4CACHE}) {
      hwloc_obj_t const cache = hwloc_get_obj_by_type(topology_.get(), type, 0);
      if (cache == nullptr || cache->attr->cache.size == 0) continue;
      bool const unified = cache->attr->cache.type == HWLOC_OBJ_CACHE_UNIFIED;
      found.push_back({static_cast<std::int64_t>(cache->attr->cache.depth),
                       unified ? "unified" : "data",
                       static_cast<std::int64_t>(cache->attr->cache.size), count(type),
                       hwloc_bitmap_weight(cache->cpuset)});
    }
    return found;
  }

  /// The cores that this process may run on now, by hwloc's logical numbers: "core:0-3".
  [[nodiscard]] std::string binding() const {
    std::unique_ptr<hwloc_bitmap_s, decltype(&hwloc_bitmap_free)> const set(hwloc_bitmap_alloc(),
                                                                            &hwloc_bitmap_free);
    if (!set || hwloc_get_cpubind(topology_.get(), set.get(), HWLOC_CPUBIND_PROCESS) != 0)
      return {};
    std::vector<unsigned> cores;
    hwloc_obj_t core = nullptr;
    while ((core = hwloc_get_next_obj_by_type(topology_.get(), HWLOC_OBJ_CORE, core)) != nullptr)
      if (hwloc_bitmap_intersects(core->cpuset, set.get()) != 0)
        cores.push_back(core->logical_index);
    return cores.empty() ? "" : "core:" + detail::ranges(cores);
  }

 private:
  struct Destroy {
    void operator()(hwloc_topology_t topology) const { hwloc_topology_destroy(topology); }
  };

  [[nodiscard]] Count count(hwloc_obj_type_t type) const {
    int const number = hwloc_get_nbobjs_by_type(topology_.get(), type);
    return number > 0 ? Count(number) : Count();
  }
  static std::string info(hwloc_obj_t object, char const* name) {
    char const* const text = hwloc_obj_get_info_by_name(object, name);
    return text == nullptr ? "" : text;
  }

  std::unique_ptr<hwloc_topology, Destroy> topology_;
};

/// Bytes of the last-level caches of the whole machine; 0 when there are none.
inline std::uint64_t last_level_bytes(std::vector<Cache> const& caches) {
  if (caches.empty()) return 0;
  return static_cast<std::uint64_t>(caches.back().bytes * caches.back().count.value_or(1));
}

}  // namespace inpex::host
