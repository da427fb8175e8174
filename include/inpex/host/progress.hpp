// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a run tells while it goes on, on stderr: on a terminal one line that is written over and
// over, elsewhere one line for each case that ended. A forked child writes to the same place.

#include <inpex/host/terminal.hpp>

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace inpex::host {

/// The line of the case in hand, on the stderr that the program was started with.
class Progress {
 public:
  /// Quiet ones write nothing: ranks other than 0.
  explicit Progress(bool quiet = false)
      : file_(quiet ? -1 : ::dup(STDERR_FILENO)), terminal_(file_ >= 0 && is_watched(file_)) {}
  ~Progress() {
    if (file_ >= 0) ::close(file_);
  }
  Progress(Progress const&) = delete;
  Progress& operator=(Progress const&) = delete;

  /// Case `number` of `count` begins, and will be called `name`.
  void begin(std::size_t number, std::size_t count, std::string_view name) {
    label_ = fmt::format("[{}/{}] {}", number, count, name);
    show(label_ + ": set-up");
  }
  /// Sample `number` took that many seconds. At most ten times a second something is written.
  void sample(std::size_t number, double seconds) {
    auto const now = std::chrono::steady_clock::now();
    if (now - shown_ < std::chrono::milliseconds(100)) return;
    shown_ = now;
    show(fmt::format("{}: sample {}, {:.3g} s", label_, number, seconds));
  }
  /// The case ended.
  void end(std::string_view how) {
    clear();
    if (!terminal_) write(fmt::format("{}: {}\n", label_, how));
  }
  /// Removes the line of a terminal, before something else is printed.
  void clear() {
    if (terminal_) write("\r\x1b[K");
  }

 private:
  void show(std::string_view text) {
    if (terminal_) write(fmt::format("\r\x1b[K{}", text));
  }
  void write(std::string_view text) const {
    if (file_ < 0) return;
    [[maybe_unused]] auto const written = ::write(file_, text.data(), text.size());
  }

  int file_;
  bool terminal_;
  std::string label_;
  std::chrono::steady_clock::time_point shown_{};
};

}  // namespace inpex::host
