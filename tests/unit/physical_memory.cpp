// SPDX-License-Identifier: Apache-2.0
#include <inpex/physical_memory.hpp>

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

using namespace inpex;
namespace fs = std::filesystem;

namespace {

/// A folder that stands for "/", removed at the end.
class FakeMemory {
 public:
  FakeMemory() : path_(fs::temp_directory_path() / ("inpex-root-" + std::to_string(getpid()))) {
    fs::remove_all(path_);
    write("/proc/meminfo",
          "MemTotal:       1000 kB\nMemFree:         10 kB\nMemAvailable:    800 kB\n");
  }
  ~FakeMemory() { fs::remove_all(path_); }
  void write(std::string const& name, std::string const& text) const {
    fs::path const file = path_.string() + name;
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  [[nodiscard]] PhysicalMemory memory() const { return physical_memory(path_.string()); }

 private:
  fs::path path_;
};

}  // namespace

TEST_CASE("without a control group the kernel's figures hold, in bytes") {
  FakeMemory const root;
  CHECK(root.memory().total_bytes == 1000u * 1024);
  CHECK(root.memory().available_bytes == 800u * 1024);
}

TEST_CASE("a container's limit narrows both figures, and its page cache counts as available") {
  FakeMemory const root;
  root.write("/proc/self/cgroup", "0::/job/step\n");
  root.write("/sys/fs/cgroup/job/step/memory.max", "max\n");
  root.write("/sys/fs/cgroup/job/memory.max", "500000\n");
  root.write("/sys/fs/cgroup/job/memory.current", "300000\n");
  root.write("/sys/fs/cgroup/job/memory.stat", "anon 100000\ninactive_file 120000\n");
  CHECK(root.memory().total_bytes == 500000);
  CHECK(root.memory().available_bytes == 500000 - (300000 - 120000));
}

TEST_CASE(
    "the limit of a version 1 group is found at the mount when its path is another container's") {
  FakeMemory const root;
  root.write("/proc/self/cgroup", "10:cpu:/docker/a\n4:memory:/docker/a\n0::/\n");
  root.write("/sys/fs/cgroup/memory/memory.limit_in_bytes", "400000\n");
  root.write("/sys/fs/cgroup/memory/memory.usage_in_bytes", "100000\n");
  CHECK(root.memory().total_bytes == 400000);
  CHECK(root.memory().available_bytes == 300000);
}

TEST_CASE("a limit above the machine's memory changes nothing") {
  FakeMemory const root;
  root.write("/proc/self/cgroup", "4:memory:/\n");
  root.write("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  root.write("/sys/fs/cgroup/memory/memory.usage_in_bytes", "5000\n");
  CHECK(root.memory().total_bytes == 1000u * 1024);
  CHECK(root.memory().available_bytes == 800u * 1024);
}

TEST_CASE("this machine has memory") {
  CHECK(physical_memory().available_bytes > 0);
  CHECK(physical_memory().available_bytes <= physical_memory().total_bytes);
}
