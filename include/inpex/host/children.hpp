// SPDX-License-Identifier: Apache-2.0
#pragma once
// Work done in a child process, so that its crash, hang or exhausted memory is a fact to be
// recorded and not the end of the run. The caller must hold no threads: it forks, and does not
// exec.

#include <inpex/error.hpp>
#include <inpex/host/interrupt.hpp>

#include <fmt/format.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>

namespace inpex::host {

/// How a child ended.
struct ChildEnd {
  std::string answer;          ///< what the work returned; meaningful only where `well()`
  std::string said;            ///< all that it wrote to stdout and stderr
  int code = 0;                ///< of its exit, where no signal ended it
  int signal = 0;              ///< that ended it; 0 for none
  bool timed_out = false;      ///< it was killed for running too long
  bool out_of_memory = false;  ///< the kernel killed a process for memory meanwhile
  double seconds = 0;

  [[nodiscard]] bool well() const { return code == 0 && signal == 0 && !timed_out; }
  /// One sentence for a record; empty where it ended well.
  [[nodiscard]] std::string reason() const {
    if (timed_out) return fmt::format("did not end within {:.3g} s and was killed", seconds);
    if (signal == SIGKILL && out_of_memory)
      return "was killed by the kernel because memory ran out";
    if (signal != 0) return fmt::format("was ended by signal {} ({})", signal, ::strsignal(signal));
    if (code != 0) return fmt::format("ended with exit code {}", code);
    return {};
  }
};

namespace detail {

inline std::uint64_t out_of_memory_kills() {
  std::ifstream file("/proc/vmstat");
  std::string name;
  for (std::uint64_t value = 0; file >> name >> value;)
    if (name == "oom_kill") return value;
  return 0;
}

struct Pipe {
  std::array<int, 2> ends{-1, -1};
  Pipe() {
    if (::pipe(ends.data()) != 0)
      throw Error(Fault::environment,
                  fmt::format("no pipe to a child process: {}", std::strerror(errno)), "",
                  "close other programs, or raise `ulimit -n`");
  }
  ~Pipe() { close(0), close(1); }
  Pipe(Pipe const&) = delete;
  Pipe& operator=(Pipe const&) = delete;
  void close(std::size_t end) {
    if (ends[end] >= 0) ::close(ends[end]);
    ends[end] = -1;
  }
};

inline void write_all(int file, std::string_view text) {
  while (!text.empty()) {
    auto const written = ::write(file, text.data(), text.size());
    if (written < 0 && errno != EINTR) return;  // the parent is gone: nobody is left to tell
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
}

// The child's side: never returns, and runs none of the parent's destructors.
[[noreturn]] inline void serve(std::function<std::string()> const& work, Pipe& answer, Pipe& said) {
#ifdef __linux__
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // no orphan goes on computing
#endif
  std::signal(SIGINT, SIG_IGN);  // a terminal sends it to both; the parent decides
  std::signal(SIGTERM, SIG_IGN);
  ::dup2(said.ends[1], STDOUT_FILENO);
  ::dup2(said.ends[1], STDERR_FILENO);
  said.close(0), said.close(1), answer.close(0);
  int code = 0;
  try {
    write_all(answer.ends[1], work());
  } catch (std::exception const& problem) {
    std::fprintf(stderr, "%s\n", problem.what());
    code = 1;
  }
  std::fflush(nullptr);
  ::_exit(code);
}

// Reads what has come; closes the end when the other side did.
inline void drain(Pipe& pipe, std::string& into) {
  std::array<char, 65536> buffer;
  auto const got = ::read(pipe.ends[0], buffer.data(), buffer.size());
  if (got > 0) into.append(buffer.data(), static_cast<std::size_t>(got));
  if (got == 0 || (got < 0 && errno != EINTR)) pipe.close(0);
}

// Whether the child has ended, and how.
inline bool ended(pid_t child, int& status) {
  auto const found = ::waitpid(child, &status, WNOHANG);
  return found == child || (found < 0 && errno != EINTR);
}

// Reads until the child has ended and nothing of it is left to read; kills it after
// `timeout_seconds`, also where it has closed both pipes. Its own children may hold them open: they
// are not waited for. The status of its end.
inline int listen(pid_t child, Pipe& answer, Pipe& said, double timeout_seconds, ChildEnd& end) {
  using Steady = std::chrono::steady_clock;
  auto const start = Steady::now();
  int status = 0;
  for (bool over = false;;) {
    std::array<pollfd, 2> files{pollfd{answer.ends[0], POLLIN, 0}, pollfd{said.ends[0], POLLIN, 0}};
    bool const open = answer.ends[0] >= 0 || said.ends[0] >= 0;
    // ms; negative descriptors are skipped
    bool const came = ::poll(files.data(), files.size(), over ? 0 : open ? 100 : 1) > 0;
    if (files[0].revents != 0) drain(answer, end.answer);
    if (files[1].revents != 0) drain(said, end.said);
    end.seconds = std::chrono::duration<double>(Steady::now() - start).count();
    bool const late = end.seconds > timeout_seconds;
    // What was said before the end is read within moments; a process left behind may go on for
    // ever.
    if (over && (!came || end.seconds > timeout_seconds + 10)) return status;
    over = over || ended(child, status);
    if (!over && late && !end.timed_out) {
      end.timed_out = true;
      ::kill(child, SIGKILL);
    }
  }
}

}  // namespace detail

/// Runs `work` in a child and returns its answer and how it ended; kills it after
/// `timeout_seconds`. What `work` throws ends the child with exit code 1 and its text in `said`.
/// Blocking.
inline ChildEnd in_child(std::function<std::string()> const& work, double timeout_seconds) {
  detail::Pipe answer, said;
  auto const kills = detail::out_of_memory_kills();
  std::fflush(nullptr);  // else the child would write our buffers once more
  pid_t const child = ::fork();
  if (child < 0)
    throw Error(Fault::environment, fmt::format("no child process: {}", std::strerror(errno)), "",
                "raise `ulimit -u`, or free memory");
  if (child == 0) detail::serve(work, answer, said);
  detail::running_child = child;
  answer.close(1), said.close(1);
  ChildEnd end;
  int const status = detail::listen(child, answer, said, timeout_seconds, end);
  detail::running_child = 0;
  if (WIFEXITED(status)) end.code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) end.signal = WTERMSIG(status);
  end.out_of_memory = detail::out_of_memory_kills() > kills;
  return end;
}

}  // namespace inpex::host
