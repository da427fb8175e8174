// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/platform.hpp>

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

using namespace inpex;
using namespace inpex::host;
namespace fs = std::filesystem;

namespace {

class FakePlatform {
 public:
  FakePlatform()
      : path_(fs::temp_directory_path() / ("inpex-platform-" + std::to_string(getpid()))) {
    fs::create_directories(path_);
  }
  ~FakePlatform() { fs::remove_all(path_); }
  void write(std::string const& name, std::string const& text) const {
    fs::path const file = path_.string() + name;
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  [[nodiscard]] Platform platform(std::vector<SpaceInfo> const& spaces = {}) const {
    return platform_now(Topology(), spaces, path_.string());
  }

 private:
  fs::path path_;
};

}  // namespace

TEST_CASE("clocks, governor and huge pages are read in SI units") {
  FakePlatform const root;
  std::string const cpufreq = "/sys/devices/system/cpu/cpu0/cpufreq/";
  root.write(cpufreq + "scaling_cur_freq", "3400000\n");
  root.write(cpufreq + "cpuinfo_min_freq", "1500000\n");
  root.write(cpufreq + "cpuinfo_max_freq", "4600000\n");
  root.write(cpufreq + "scaling_governor", "performance\n");
  root.write("/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
  root.write("/proc/meminfo", "MemTotal: 2000 kB\nMemAvailable: 1000 kB\n");
  auto const platform = root.platform();
  CHECK(platform.clock_hz == 3.4e9);
  CHECK(platform.clock_min_hz == 1.5e9);
  CHECK(platform.clock_max_hz == 4.6e9);
  CHECK(platform.governor == "performance");
  CHECK(platform.huge_pages == "madvise");
  CHECK(platform.memory_bytes == 2000 * 1024);
}

TEST_CASE("what the system does not tell is absent, never 0") {
  auto const platform = FakePlatform().platform();
  CHECK(!platform.clock_hz);
  CHECK(!platform.clock_max_hz);
  CHECK(!platform.memory_bytes);
  CHECK(platform.governor.empty());
  CHECK(platform.huge_pages.empty());
  CHECK(platform.hypervisor.empty());
  CHECK(platform.gpus.empty());
}

TEST_CASE("the clock comes from cpuinfo where there is no cpufreq, and a virtual machine is told "
          "by its flag") {
  FakePlatform const root;
  root.write("/proc/cpuinfo",
             "processor : 0\ncpu MHz\t\t: 2596.140\nflags\t\t: fpu vme hypervisor lm\n");
  CHECK(root.platform().clock_hz == 2596.140e6);
  CHECK(!root.platform().hypervisor.empty());
  root.write("/proc/cpuinfo", "processor : 0\nflags\t\t: fpu vme lm\n");
  CHECK(root.platform().hypervisor.empty());
}

TEST_CASE("a GPU is named with the version of its driver") {
  FakePlatform const root;
  root.write(
      "/proc/driver/nvidia/version",
      "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5\nGCC version:\n");
  auto const platform = root.platform(
      {{.name = "openmp", .device = "host"},
       {.name = "cuda", .device = "NVIDIA H200", .is_device = true, .memory_bytes = 1000}});
  REQUIRE(platform.gpus.size() == 1);
  CHECK(platform.gpus[0].name == "NVIDIA H200");
  CHECK(platform.gpus[0].memory_bytes == 1000);
  CHECK(platform.gpus[0].driver == "550.54.15");
}

TEST_CASE("the host is told by 16 digits of a hash, never by its name") {
  std::string const hashed = host_id();
  CHECK(hashed.size() == 16);
  CHECK(hashed.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(hashed == host_id());
  CHECK(hashed != host::detail::host_name());
}
