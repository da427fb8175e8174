// SPDX-License-Identifier: Apache-2.0
#pragma once
// The counters of energy of this node, where the system has some and lets anybody read them: pm
// counters of Cray (the whole node), else RAPL through powercap (packages and their memory), else
// the driver amd_energy (packages). All or nothing: a counter that cannot be read makes energy
// unknown, and no sum ever leaves out a part. Within a package its cores are counted already, and
// `psys` counts packages once more: neither is read.

#include <inpex/file_text.hpp>
#include <inpex/host/clock.hpp>
#include <inpex/host/record_groups.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace inpex::host {

/// Sources whose joules count for a contract; one that was read below another folder than /sys has
/// the name of its kind behind "made-".
inline constexpr std::array<std::string_view, 3> energy_sources = {"pm_counters", "rapl",
                                                                   "amd_energy"};

/// One cumulative counter.
struct EnergyCounter {
  std::filesystem::path file;
  std::uint64_t range = 0;  ///< microjoules after which it begins anew; 0: never
  std::uint64_t unit = 1;   ///< microjoules
};

/// Counters of one kind; without any, `reason` says why.
struct EnergySource {
  std::string name, scope, reason;
  std::vector<EnergyCounter> counters;
};

/// All counters at one time.
struct EnergyReading {
  Clock::time_point time;
  std::vector<std::uint64_t> microjoules;
};

namespace detail {

/// The whole number that a text begins with; a word may follow it.
inline std::optional<std::uint64_t> leading_number(std::string_view text) {
  std::uint64_t value = 0;
  auto const [end, trouble] = std::from_chars(text.data(), text.data() + text.size(), value);
  bool const whole = end == text.data() + text.size() || *end == '\n' || *end == ' ';
  if (trouble != std::errc() || !whole) return std::nullopt;
  return value;
}

/// Paths in a folder by their names, sorted.
inline std::map<std::string, std::filesystem::path> entries_of(std::filesystem::path const& path) {
  std::error_code trouble;
  std::map<std::string, std::filesystem::path> found;
  for (std::filesystem::directory_iterator at(path, trouble), end; !trouble && at != end;
       at.increment(trouble))
    found.emplace(at->path().filename().string(), at->path());
  return found;
}

inline EnergySource cray_energy(std::filesystem::path const& root) {
  auto const file = root / "cray/pm_counters/energy";
  std::error_code trouble;
  if (!std::filesystem::exists(file, trouble)) return {};
  return {"pm_counters", "node", {}, {{file, 0, 1'000'000}}};
}

/// Zones of powercap: "intel-rapl:0" is one, "intel-rapl:0:1" a part of it. The kernel lists both
/// in one folder, and each part below its zone, too.
inline EnergySource rapl_energy(std::filesystem::path const& root) {
  auto zones = entries_of(root / "class/powercap");
  for (auto const& [name, path] : std::map(zones))
    if (name.rfind("intel-rapl:", 0) == 0) zones.merge(entries_of(path));
  EnergySource source{"rapl", "package", {}, {}};
  for (auto const& [name, path] : zones) {
    auto const depth = std::count(name.begin(), name.end(), ':');
    if (name.rfind("intel-rapl:", 0) != 0) continue;
    auto const what = first_line(path / "name");
    bool const package = depth == 1 && what.rfind("package-", 0) == 0;
    bool const memory = depth == 2 && what == "dram";
    if (what.empty()) source.counters.push_back({path / "name"});  // no number: nothing is readable
    if (!package && !memory) continue;
    if (memory) source.scope = "package, dram";
    auto const range = leading_number(file_text((path / "max_energy_range_uj").string()));
    source.counters.push_back({path / "energy_uj", range.value_or(0)});
  }
  return source;
}

inline EnergySource amd_energy(std::filesystem::path const& root) {
  EnergySource source{"amd_energy", "package", {}, {}};
  for (auto const& [device, folder] : entries_of(root / "class/hwmon")) {
    if (first_line(folder / "name") != "amd_energy") continue;
    for (auto const& [name, path] : entries_of(folder)) {
      auto const label = name.find("_label");
      if (label == std::string::npos) continue;
      auto const what = first_line(path);
      if (what.empty()) source.counters.push_back({path});  // no number: nothing is readable
      if (what.rfind("Esocket", 0) != 0) continue;
      source.counters.push_back({folder / (name.substr(0, label) + "_input")});
    }
  }
  return source;
}

}  // namespace detail

/// Below which folder counters are looked for: /sys, unless INPEX_SYS names another.
inline std::filesystem::path system_root() {
  char const* const named = std::getenv("INPEX_SYS");
  return named == nullptr || *named == '\0' ? "/sys" : named;
}

/// The counters of one node.
class EnergyCounters {
 public:
  /// Takes the first kind of which every counter can be read.
  explicit EnergyCounters(std::filesystem::path const& root) {
    source_.reason = "this system has none";
    for (auto const& find : {detail::cray_energy, detail::rapl_energy, detail::amd_energy}) {
      auto found = find(root);
      if (found.counters.empty()) continue;
      source_ = std::move(found);
      if (root != "/sys") source_.name = "made-" + source_.name;
      if (read()) return;
      source_.reason = fmt::format("not every counter of {} can be read", source_.name);
      source_.counters.clear();
    }
  }

  [[nodiscard]] bool readable() const { return !source_.counters.empty(); }
  [[nodiscard]] EnergySource const& source() const { return source_; }

  /// All counters now, or nothing if one of them cannot be read.
  [[nodiscard]] std::optional<EnergyReading> read() const {
    EnergyReading reading{Clock::now(), {}};
    for (auto const& counter : source_.counters) {
      auto const value = detail::leading_number(file_text(counter.file.string()));
      if (!value) return std::nullopt;
      reading.microjoules.push_back(*value * counter.unit);
    }
    if (reading.microjoules.empty()) return std::nullopt;
    return reading;
  }

  /// Joules from one reading to a later one; nothing where a counter was set back, or may have
  /// begun anew more than once, at a kilowatt.
  [[nodiscard]] Number joules(EnergyReading const& first, EnergyReading const& last) const {
    constexpr double most_watts = 1000;
    double const seconds = std::chrono::duration<double>(last.time - first.time).count();
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < source_.counters.size(); ++i) {
      auto const before = first.microjoules[i], after = last.microjoules[i];
      auto const range = source_.counters[i].range;
      bool const wrapped = after < before;
      if (wrapped && (range == 0 || before > range)) return std::nullopt;
      if (range > 0 && 1e6 * most_watts * seconds > static_cast<double>(range)) return std::nullopt;
      sum += wrapped ? range - before + after : after - before;
    }
    return 1e-6 * static_cast<double>(sum);
  }

  /// Watts over these readings, from the first update of the first counter that is seen to the
  /// last: a counter of few updates would else lack up to one. Nothing without two of them.
  [[nodiscard]] Number watts(std::vector<EnergyReading> const& readings) const {
    auto const updated = [](EnergyReading const& one, EnergyReading const& other) {
      return one.microjoules.front() != other.microjoules.front();
    };
    auto const before = std::adjacent_find(readings.begin(), readings.end(), updated);
    auto const last = std::adjacent_find(readings.rbegin(), readings.rend(), updated);
    if (before == readings.end() || before + 2 >= last.base()) return std::nullopt;
    auto const found = joules(*(before + 1), *last);
    if (!found) return std::nullopt;
    return *found / std::chrono::duration<double>(last->time - (before + 1)->time).count();
  }

  /// Leaves out counters, and their values here, that show the same as another one in most of these
  /// readings, while they change: a package that is listed twice. Most, as an update may come
  /// between two files.
  void count_once(std::vector<EnergyReading>& readings) {
    auto& counters = source_.counters;
    for (std::size_t i = counters.size(); i-- > 1;) {
      bool twice = false;
      for (std::size_t other = 0; other < i; ++other) twice = twice || mirrored(readings, i, other);
      if (!twice) continue;
      auto const at = static_cast<std::ptrdiff_t>(i);
      counters.erase(counters.begin() + at);
      for (auto& each : readings) each.microjoules.erase(each.microjoules.begin() + at);
    }
  }

  /// Seconds from one update of the first counter to the next: the mean of a few, or nothing if
  /// there are not two within a quarter of a second.
  [[nodiscard]] Number update_period() const {
    constexpr int wanted = 8;
    auto const start = Clock::now();
    auto last = read();
    int updates = 0;
    Clock::time_point first;
    while (last && updates < wanted && seconds_since(start) < 0.25) {
      auto now = read();
      if (!now) return std::nullopt;
      if (now->microjoules.front() == last->microjoules.front()) continue;
      if (++updates == 1) first = now->time;
      last = std::move(now);
    }
    if (updates < 2) return std::nullopt;
    return std::chrono::duration<double>(last->time - first).count() / (updates - 1);
  }

 private:
  static bool mirrored(std::vector<EnergyReading> const& readings, std::size_t one,
                       std::size_t other) {
    auto const same = std::count_if(readings.begin(), readings.end(), [&](auto const& each) {
      return each.microjoules[one] == each.microjoules[other];
    });
    return 2 * same > std::ssize(readings) &&
           readings.front().microjoules[one] != readings.back().microjoules[one];
  }

  EnergySource source_;
};

/// What is readable here, for a person.
inline std::string energy_in_words(EnergyCounters const& counters) {
  auto const& [name, scope, reason, all] = counters.source();
  if (!counters.readable()) return "energy: no counter: " + reason;
  return fmt::format("energy: {}, {} counter{} of scope {}", name, all.size(),
                     all.size() == 1 ? "" : "s", scope);
}

}  // namespace inpex::host
