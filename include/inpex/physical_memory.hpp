// SPDX-License-Identifier: Apache-2.0
#pragma once
// Memory of this host that this process may use: what the kernel reports, or the limit of the
// control group (a container, a batch job) where that is smaller. Where nothing can be read the
// answer is 0, which means unknown.

#include <inpex/file_text.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>

namespace inpex {

/// Bytes of this host; 0: unknown.
struct PhysicalMemory {
  std::uint64_t total_bytes = 0;
  std::uint64_t available_bytes = 0;  ///< without swapping; the page cache counts as available
};

namespace detail {

/// The number behind `key` at the start of a line; `otherwise` when there is none.
inline std::uint64_t number_after(std::string_view text, std::string_view key,
                                  std::uint64_t otherwise) {
  for (std::size_t at = text.find(key); at != text.npos; at = text.find(key, at + 1)) {
    if (at != 0 && text[at - 1] != '\n') continue;
    std::size_t const begin = text.find_first_not_of(": \t", at + key.size());
    if (begin == text.npos || text[begin] < '0' || text[begin] > '9') return otherwise;
    return std::strtoull(std::string(text.substr(begin, 20)).c_str(), nullptr, 10);
  }
  return otherwise;
}

/// The names of a control group's files, which differ between versions 1 and 2.
struct ControlGroupFiles {
  char const* mount;
  char const* selector;  // in /proc/self/cgroup, before the path
  char const* limit;
  char const* usage;
  char const* cache;  // in memory.stat: reclaimed before the limit is felt
};
inline constexpr ControlGroupFiles control_group_versions[] = {
    {"/sys/fs/cgroup", "0:", "memory.max", "memory.current", "inactive_file"},
    {"/sys/fs/cgroup/memory", "memory:", "memory.limit_in_bytes", "memory.usage_in_bytes",
     "total_inactive_file"}};

/// The path behind "selector" in a line of /proc/self/cgroup such as "0::/job/7".
inline std::string control_group_path(std::string_view groups, std::string_view selector) {
  for (std::size_t begin = 0; begin < groups.size();) {
    std::size_t const end = std::min(groups.find('\n', begin), groups.size());
    std::string_view const line = groups.substr(begin, end - begin);
    std::size_t const found = line.find(selector);
    if (found != line.npos && (found == 0 || selector != "0:"))
      if (std::size_t const slash = line.find('/'); slash != line.npos)
        return std::string(line.substr(slash));
    begin = end + 1;
  }
  return "";
}

/// Narrows `memory` to the limits of the process's group and of every group above it.
inline void apply_control_groups(PhysicalMemory& memory, ControlGroupFiles const& files,
                                 std::string const& root) {
  constexpr std::uint64_t none = std::numeric_limits<std::uint64_t>::max();
  std::string path = control_group_path(file_text(root + "/proc/self/cgroup"), files.selector);
  while (true) {
    while (!path.empty() && path.back() == '/') path.pop_back();
    std::string const folder = root + files.mount + path + "/";
    std::uint64_t const limit = number_after(file_text(folder + files.limit), "", none);
    if (limit < memory.total_bytes) {
      std::uint64_t const used = number_after(file_text(folder + files.usage), "", 0);
      std::uint64_t const cache = number_after(file_text(folder + "memory.stat"), files.cache, 0);
      std::uint64_t const held = used - std::min(used, cache);
      memory.total_bytes = limit;
      memory.available_bytes = std::min(memory.available_bytes, limit - std::min(limit, held));
    }
    if (path.empty()) return;
    path.erase(path.rfind('/'));
  }
}

}  // namespace detail

/// The host's memory as it is now. `root` stands before /proc and /sys, for tests.
inline PhysicalMemory physical_memory(std::string const& root = "") {
  std::string const text = file_text(root + "/proc/meminfo");
  PhysicalMemory memory;
  memory.total_bytes = 1024 * detail::number_after(text, "MemTotal", 0);
  memory.available_bytes = 1024 * detail::number_after(text, "MemAvailable", 0);
  for (auto const& files : detail::control_group_versions)
    detail::apply_control_groups(memory, files, root);
  return memory;
}

}  // namespace inpex
