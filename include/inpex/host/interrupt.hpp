// SPDX-License-Identifier: Apache-2.0
#pragma once
// Ctrl-C. The first one asks: the case in hand ends and its record is written. The second one ends
// the program at once, with the child that is running.

#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <string_view>

namespace inpex::host {

namespace detail {

// A signal handler has no other way to reach the program than statics that are lock-free.
inline std::atomic<int> signal_seen{0};
inline std::atomic<pid_t> running_child{0};
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<pid_t>::is_always_lock_free);

extern "C" inline void inpex_on_signal(int signal) {
  auto const say = [](std::string_view text) {
    [[maybe_unused]] auto const written = ::write(STDERR_FILENO, text.data(), text.size());
  };
  if (signal_seen.exchange(signal) == 0) {
    say("\ninpex: stopping after the case in hand; once more to stop at once\n");
    return;
  }
  if (pid_t const child = running_child; child > 0) ::kill(child, SIGKILL);
  say("\ninpex: stopped at once; the case in hand is lost\n");
  ::_exit(128 + signal);
}

}  // namespace detail

/// While one lives, SIGINT and SIGTERM ask instead of killing. One at a time.
class Interrupt {
 public:
  Interrupt() {
    detail::signal_seen = 0;
    struct sigaction action = {};
    action.sa_handler = detail::inpex_on_signal;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGINT, &action, &old_interrupt_);
    ::sigaction(SIGTERM, &action, &old_terminate_);
  }
  ~Interrupt() {
    ::sigaction(SIGINT, &old_interrupt_, nullptr);
    ::sigaction(SIGTERM, &old_terminate_, nullptr);
  }
  Interrupt(Interrupt const&) = delete;
  Interrupt& operator=(Interrupt const&) = delete;

  [[nodiscard]] bool requested() const { return detail::signal_seen != 0; }
  /// 130 after Ctrl-C, 143 after a SIGTERM: what shells expect.
  [[nodiscard]] int exit_code() const { return 128 + detail::signal_seen; }

 private:
  struct sigaction old_interrupt_ = {};
  struct sigaction old_terminate_ = {};
};

}  // namespace inpex::host
