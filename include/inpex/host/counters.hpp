// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the processor itself has counted, where Linux lets a program read it (perf_event_open(2),
// /proc/sys/kernel/perf_event_paranoid): shown beside the counts that specs declare and audits
// prove, never in their place, as prefetchers, caches and speculation are counted too.

#include <inpex/comm.hpp>
#include <inpex/host/record_groups.hpp>

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace inpex::host {

/// An event of the kernel's list, in this program's own code.
struct CountedEvent {
  char const* name;
  std::uint32_t type;
  std::uint64_t number;
};
inline constexpr std::array counted_events = {
    CountedEvent{"cycles", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES},
    CountedEvent{"instructions", PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS},
    CountedEvent{"cache_misses", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_MISSES},
    CountedEvent{"page_faults", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS},
};

/// Counters of all threads that this process has when it is made; they stand still until resume().
class Counters {
 public:
  Counters() {
    std::error_code none;
    for (auto const& thread : std::filesystem::directory_iterator("/proc/self/task", none))
      for (std::size_t e = 0; e < counted_events.size(); ++e)
        open(counted_events[e], std::atoi(thread.path().filename().c_str()), files_[e]);
  }
  ~Counters() {
    for (auto const& files : files_)
      for (int const file : files) ::close(file);
  }
  Counters(Counters const&) = delete;
  Counters& operator=(Counters const&) = delete;

  void resume() const { all(PERF_EVENT_IOC_ENABLE); }
  void pause() const { all(PERF_EVENT_IOC_DISABLE); }

  /// All threads of all ranks together, over `times`; only of events that every rank can read. An
  /// event that shared its counter with others is scaled by the time that it had it. Collective.
  [[nodiscard]] std::vector<Counter> values(Comm const& comm, int times) const {
    std::vector<Counter> result;
    for (std::size_t e = 0; e < counted_events.size(); ++e) {
      bool const everywhere = comm.minimum(std::uint64_t{!files_[e].empty()}) == 1;
      double const sum = comm.sum(counted(files_[e]));
      if (everywhere) result.push_back({counted_events[e].name, sum / times});
    }
    return result;
  }

 private:
  static void open(CountedEvent const& event, int thread, std::vector<int>& files) {
    perf_event_attr wanted = {};
    wanted.size = sizeof wanted;
    wanted.type = event.type, wanted.config = event.number;
    wanted.disabled = wanted.exclude_kernel = wanted.exclude_hv = 1;
    wanted.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
    auto const file = ::syscall(SYS_perf_event_open, &wanted, thread, -1, -1, PERF_FLAG_FD_CLOEXEC);
    if (file >= 0) files.push_back(static_cast<int>(file));
  }
  void all(unsigned long request) const {
    for (auto const& files : files_)
      for (int const file : files) ::ioctl(file, request, 0);
  }
  static double counted(std::vector<int> const& files) {
    double sum = 0;
    for (int const file : files) {
      std::array<std::uint64_t, 3> seen{};  // the count, and how long it was wanted and had
      if (::read(file, seen.data(), sizeof seen) != sizeof seen || seen[2] == 0) continue;
      sum += static_cast<double>(seen[0]) * static_cast<double>(seen[1]) /
             static_cast<double>(seen[2]);
    }
    return sum;
  }

  std::array<std::vector<int>, counted_events.size()> files_;
};

}  // namespace inpex::host
