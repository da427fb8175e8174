// SPDX-License-Identifier: Apache-2.0
#pragma once
// The platform group of a record: this host, its processors, memory and GPUs, and the settings that
// decide how fast they run. What the system does not tell stays empty.

#include <inpex/file_text.hpp>
#include <inpex/host/record_machine.hpp>
#include <inpex/host/sha256.hpp>
#include <inpex/host/topology.hpp>
#include <inpex/physical_memory.hpp>
#include <inpex/runtime.hpp>

#if defined(__x86_64__)
#include <cpuid.h>
#endif
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inpex::host {

namespace detail {

/// Hertz from one of cpufreq's files, which hold kilohertz.
inline Number kilohertz(std::string const& path) {
  std::string const text = first_line(path);
  double const value = text.empty() ? 0 : std::strtod(text.c_str(), nullptr);
  return value > 0 ? Number(1e3 * value) : Number();
}

/// The clock of the first processor in /proc/cpuinfo, where cpufreq is absent.
inline Number clock_from_cpuinfo(std::string const& text) {
  std::size_t const at = text.find("cpu MHz");
  if (at == std::string::npos) return {};
  double const value =
      std::strtod(text.c_str() + std::min(text.find(':', at) + 1, text.size()), nullptr);
  return value > 0 ? Number(1e6 * value) : Number();
}

/// The chosen word of a list such as "always [madvise] never".
inline std::string chosen_word(std::string const& text) {
  std::size_t const begin = text.find('['), end = text.find(']');
  if (begin == std::string::npos || end == std::string::npos) return {};
  return text.substr(begin + 1, end - begin - 1);
}

/// The first run of digits and dots with a dot in it: "550.54.15" out of a driver's sentence.
inline std::string version_in(std::string const& text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::size_t end = at;
    while (end < text.size() &&
           (std::isdigit(static_cast<unsigned char>(text[end])) != 0 || text[end] == '.'))
      ++end;
    if (end > at && text.substr(at, end - at).find('.') != std::string::npos)
      return text.substr(at, end - at);
    if (end > at) at = end;
  }
  return {};
}

/// The name that a hypervisor gives itself in CPUID leaf 0x40000000, in the usual words.
inline std::string hypervisor_signature() {
#if defined(__x86_64__)
  unsigned a = 0, b = 0, c = 0, d = 0;
  __cpuid(0x40000000, a, b, c, d);
  std::array<char, 13> letters{};
  std::memcpy(letters.data(), &b, 4);
  std::memcpy(letters.data() + 4, &c, 4);
  std::memcpy(letters.data() + 8, &d, 4);
  std::string const found = letters.data();
  constexpr std::array<std::pair<std::string_view, char const*>, 5> known{
      {{"KVMKVMKVM", "KVM"},
       {"VMwareVMware", "VMware"},
       {"Microsoft Hv", "Hyper-V"},
       {"XenVMMXenVMM", "Xen"},
       {"TCGTCGTCGTCG", "QEMU"}}};
  for (auto const& [signature, name] : known)
    if (found == signature) return name;
#endif
  return "unknown kind";
}

inline std::string hypervisor(std::string const& cpuinfo) {
  std::size_t const flags = cpuinfo.find("\nflags");
  if (flags == std::string::npos) return {};
  std::string const line = cpuinfo.substr(flags, cpuinfo.find('\n', flags + 1) - flags) + " ";
  return line.find(" hypervisor ") == std::string::npos ? "" : hypervisor_signature();
}

inline std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

inline std::string system_name() {
  utsname names = {};
  return ::uname(&names) == 0
             ? std::string(names.sysname) + " " + names.release + " " + names.machine
             : "";
}

}  // namespace detail

/// The first 16 hexadecimal digits of the SHA-256 of the host's name.
inline std::string host_id() {
  std::string const name = detail::host_name();
  return name.empty() ? "" : sha256(name).substr(0, 16);
}

/// GPUs of this rank's spaces.
inline std::vector<Gpu> gpus_of(std::vector<SpaceInfo> const& spaces,
                                std::string const& root = "") {
  std::vector<Gpu> gpus;
  for (auto const& space : spaces) {
    if (!space.is_device) continue;
    bool const nvidia = space.name == "cuda";
    gpus.push_back(
        {space.device, 1, static_cast<std::int64_t>(space.memory_bytes),
         detail::version_in(first_line(
             root + (nvidia ? "/proc/driver/nvidia/version" : "/sys/module/amdgpu/version")))});
  }
  return gpus;
}

/// This host as it is now. `root` stands before /proc and /sys, for tests.
inline Platform platform_now(Topology const& topology, std::vector<SpaceInfo> const& spaces = {},
                             std::string const& root = "") {
  std::string const cpuinfo = file_text(root + "/proc/cpuinfo");
  std::string const cpufreq = root + "/sys/devices/system/cpu/cpu0/cpufreq/";
  auto const memory = physical_memory(root);
  Platform platform;
  platform.host = host_id();
  platform.system = detail::system_name();
  platform.cpu = topology.cpu();
  platform.sockets = topology.sockets();
  platform.cores = topology.cores();
  platform.hardware_threads = topology.hardware_threads();
  if (memory.total_bytes > 0) platform.memory_bytes = static_cast<std::int64_t>(memory.total_bytes);
  platform.numa_nodes = topology.numa_nodes();
  platform.caches = topology.caches();
  platform.gpus = gpus_of(spaces, root);
  platform.clock_hz = detail::kilohertz(cpufreq + "scaling_cur_freq");
  if (!platform.clock_hz) platform.clock_hz = detail::clock_from_cpuinfo(cpuinfo);
  platform.clock_min_hz = detail::kilohertz(cpufreq + "cpuinfo_min_freq");
  platform.clock_max_hz = detail::kilohertz(cpufreq + "cpuinfo_max_freq");
  platform.governor = first_line(cpufreq + "scaling_governor");
  platform.huge_pages =
      detail::chosen_word(file_text(root + "/sys/kernel/mm/transparent_hugepage/enabled"));
  platform.hypervisor = detail::hypervisor(cpuinfo);
  return platform;
}

}  // namespace inpex::host
