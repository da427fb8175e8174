// SPDX-License-Identifier: Apache-2.0
#pragma once
// Ends a rank that waits too long for others, and by the launcher all of them: a message that never
// comes cannot be given up in any other way.

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <csignal>
#include <cstring>

namespace inpex::host {

namespace detail {

// A signal handler has no other way to reach the program than statics that are lock-free.
inline std::atomic<char const*> alarm_sentence{""};
inline std::atomic<int> alarm_code{1};
static_assert(std::atomic<char const*>::is_always_lock_free);

extern "C" inline void inpex_on_alarm(int) {
  char const* const sentence = alarm_sentence;
  [[maybe_unused]] auto const written = ::write(STDERR_FILENO, sentence, std::strlen(sentence));
  ::_exit(alarm_code);
}

}  // namespace detail

/// While one lives, the process ends with `code` after so many seconds, and says `sentence`, which
/// must outlive it and end with a newline. One at a time: a second one replaces the first.
class Alarm {
 public:
  Alarm(double seconds, char const* sentence, int code) {
    detail::alarm_sentence = sentence;
    detail::alarm_code = code;
    std::signal(SIGALRM, detail::inpex_on_alarm);
    ::alarm(static_cast<unsigned>(std::ceil(std::clamp(seconds, 1.0, 1e9))));
  }
  ~Alarm() { ::alarm(0); }
  Alarm(Alarm const&) = delete;
  Alarm& operator=(Alarm const&) = delete;
};

}  // namespace inpex::host
