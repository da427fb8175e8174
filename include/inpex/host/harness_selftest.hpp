// SPDX-License-Identifier: Apache-2.0
#pragma once
// Does the harness see what disturbs it? A small load of its own is measured as every case is,
// while a neighbour takes the core, while the machine becomes slower by a step, and while something
// stalls it now and then. The guard that is made for it must fire.

#include <inpex/host/guards.hpp>
#include <inpex/host/measure.hpp>
#include <inpex/host/metrics.hpp>

#include <fmt/format.h>

#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inpex::host {

/// One disturbance, the guard that must tell it, and what fired.
struct Disturbance {
  std::string name, guard;
  std::vector<std::string> fired;
  bool always = false;  ///< the guard fires undisturbed too, and so shows nothing here
  [[nodiscard]] bool flagged() const {
    return std::find(fired.begin(), fired.end(), guard) != fired.end();
  }
};

namespace detail {

/// A case of some milliseconds of arithmetic. `factor` says how much more a sample does.
class SpinningCase final : public Case {
 public:
  explicit SpinningCase(std::function<double(int)> factor) : factor_(std::move(factor)) {
    auto const start = Clock::now();
    spin(loops_);
    loops_ = static_cast<std::int64_t>(static_cast<double>(loops_) * 0.01 /
                                       std::max(seconds_since(start), 1e-6));
  }
  void reset() override {}
  std::vector<Phase> sample(inpex::Timing) override {
    auto const start = Clock::now();
    spin(static_cast<std::int64_t>(static_cast<double>(loops_) * factor_(number_++)));
    return {{"spin", seconds_since(start)}};
  }
  double check(std::string_view) override { return 0; }
  std::uint64_t digest() override { return 0; }
  [[nodiscard]] std::vector<std::string> checks() const override { return {}; }
  [[nodiscard]] double setup_seconds() const override { return 0; }
  [[nodiscard]] std::vector<PhaseWork> work() const override { return {}; }
  [[nodiscard]] Table extents() const override { return {}; }
  [[nodiscard]] Table resolved() const override { return {}; }

 private:
  void spin(std::int64_t loops) {
    for (std::int64_t i = 0; i < loops; ++i) state_ = state_ * 6364136223846793005U + 1;
  }
  std::function<double(int)> factor_;
  std::int64_t loops_ = 1'000'000;
  int number_ = 0;
  volatile std::uint64_t state_ = 1;
};

/// Keeps this process on one core while it lives.
class OneCore {
 public:
  OneCore() {
    ::sched_getaffinity(0, sizeof before_, &before_);
    cpu_set_t one;
    CPU_ZERO(&one);
    for (int core = 0; core < CPU_SETSIZE; ++core)
      if (CPU_ISSET(core, &before_)) {
        CPU_SET(core, &one);
        break;
      }
    ::sched_setaffinity(0, sizeof one, &one);
  }
  ~OneCore() { ::sched_setaffinity(0, sizeof before_, &before_); }
  OneCore(OneCore const&) = delete;
  OneCore& operator=(OneCore const&) = delete;

 private:
  cpu_set_t before_{};
};

/// A process that takes what it can of the cores that this one may use.
class BusyNeighbour {
 public:
  BusyNeighbour() : child_(::fork()) {
    if (child_ != 0) return;
    ::alarm(60);  // it ends even if its parent is killed
    for (volatile std::uint64_t state = 0;;) state = state + 1;
  }
  ~BusyNeighbour() {
    if (child_ <= 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  BusyNeighbour(BusyNeighbour const&) = delete;
  BusyNeighbour& operator=(BusyNeighbour const&) = delete;

 private:
  pid_t child_;
};

inline std::vector<std::string> guards_of(std::function<double(int)> factor) {
  SpinningCase load(std::move(factor));
  Measure measure;
  measure.min_samples = 60, measure.stop.rule = "count", measure.stop.timeout_seconds = 30;
  Comm const comm;
  auto const measured = Measurement(load, comm, measure).total();
  Observed seen;
  seen.times = slowest(measured.samples.time);
  seen.switches_a_second = static_cast<double>(measured.context_switches) / measured.seconds;
  std::vector<std::string> names;
  for (auto const& guard : fired(seen)) names.push_back(guard.id);
  return names;
}

}  // namespace detail

namespace detail {

/// Runs the load undisturbed and under each disturbance. What fires without one is what this
/// machine does by itself.
inline std::vector<Disturbance> tried_disturbances() {
  detail::OneCore const core;
  auto const even = [](int) { return 1.0; };
  std::vector<Disturbance> result{{"none", "", detail::guards_of(even), false}};
  {
    detail::BusyNeighbour const neighbour;
    result.push_back(
        {"busy neighbour on the same core", "disturbed", detail::guards_of(even), false});
  }
  auto const step = [](int sample) { return sample < 30 ? 1.0 : 1.4; };
  result.push_back({"clock lower by a step", "drifting", detail::guards_of(step), false});
  auto const stall = [](int sample) { return sample % 8 == 3 ? 2.0 : 1.0; };
  result.push_back({"stall in every eighth sample", "stalled", detail::guards_of(stall), false});
  auto const& alone = result.front().fired;
  for (auto& each : result)
    each.always = std::find(alone.begin(), alone.end(), each.guard) != alone.end();
  return result;
}

}  // namespace detail

/// Tries every disturbance; some seconds. Where a guard fires undisturbed nothing can be shown, and
/// the machine may be quiet soon: all of it is tried again, ten times at most.
inline std::vector<Disturbance> harness_selftest() {
  auto found = detail::tried_disturbances();
  auto const is_restless = [&] {
    return std::any_of(found.begin(), found.end(), [](auto const& each) { return each.always; });
  };
  for (int again = 0; again < 9 && is_restless(); ++again) found = detail::tried_disturbances();
  return found;
}

/// A line for each disturbance.
inline std::string selftest_table(std::vector<Disturbance> const& all) {
  std::string text;
  for (auto const& each : all)
    text += fmt::format("{:<32} {}{}\n", each.name,
                        each.guard.empty() ? "fired: "
                        : each.always    ? "cannot be tried, " + each.guard + " fires undisturbed: "
                        : each.flagged() ? "flagged: "
                                         : "NOT flagged by " + each.guard + ": ",
                        each.fired.empty() ? "nothing"
                                           : fmt::format("{}", fmt::join(each.fired, ", ")));
  return text;
}

}  // namespace inpex::host
