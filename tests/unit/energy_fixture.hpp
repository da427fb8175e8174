// SPDX-License-Identifier: Apache-2.0
#pragma once
// A /sys with counters of energy that is made in a scratch folder.

#include <inpex/host/clock.hpp>
#include <inpex/host/scratch_folder.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <utility>

namespace inpex::host {

inline constexpr std::uint64_t made_range = 262'143'328'850;  // of a RAPL zone, in microjoules

/// The tree. Files are replaced as a whole, so that a reader sees the old text or the new one.
class MadeSystem {
 public:
  [[nodiscard]] std::filesystem::path root() const { return scratch_ / ""; }

  void file(std::string const& name, std::string const& text) const {
    auto const path = scratch_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path.string() + ".new") << text;
    std::filesystem::rename(path.string() + ".new", path);
  }
  void remove(std::string const& name) const { std::filesystem::remove(scratch_ / name); }

  /// A zone of RAPL, such as "0" or "0:1".
  void zone(std::string const& number, std::string const& name, std::uint64_t microjoules) const {
    auto const folder = folder_of(number);
    file(folder + "name", name + "\n");
    file(folder + "max_energy_range_uj", std::to_string(made_range) + "\n");
    set(number, microjoules);
  }
  void set(std::string const& number, std::uint64_t microjoules) const {
    file(folder_of(number) + "energy_uj", std::to_string(microjoules) + "\n");
  }
  static std::string folder_of(std::string const& number) {
    return "class/powercap/intel-rapl:" + number + "/";
  }

 private:
  ScratchFolder scratch_;
};

/// Lets zone 0 go on at some watts, until it ends.
class RunningZone {
 public:
  RunningZone(MadeSystem const& system, double watts)
      : thread_([this, &system, watts] {
          auto const start = Clock::now();
          while (!ends_) {
            system.set("0", static_cast<std::uint64_t>(1e6 * watts * seconds_since(start)));
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
          }
        }) {}
  ~RunningZone() { ends_ = true, thread_.join(); }
  RunningZone(RunningZone const&) = delete;
  RunningZone& operator=(RunningZone const&) = delete;

 private:
  std::atomic<bool> ends_ = false;
  std::thread thread_;
};

}  // namespace inpex::host
