// SPDX-License-Identifier: Apache-2.0
#pragma once
// Independent tasks in several processes, for counting is global in one. The caller must hold no
// threads.

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <atomic>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace inpex::audit {

/// The texts that `work(0)` to `work(tasks - 1)` return, by so many processes, of which this is
/// one; each takes the next task that nobody has taken. Where another process fails, this one does
/// its task again, and throws what `work` throws.
inline std::vector<std::string> in_processes(int processes, std::size_t tasks,
                                             std::function<std::string(std::size_t)> const& work) {
  using Next = std::atomic<std::size_t>;
  void* const page =
      ::mmap(nullptr, sizeof(Next), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  std::vector<std::optional<std::string>> found(tasks);
  std::vector<std::pair<pid_t, std::FILE*>> others;
  if (page != MAP_FAILED) {
    auto& next = *new (page) Next(0);
    std::fflush(nullptr);  // else others would write our buffers once more
    while (std::ssize(others) + 1 < processes && others.size() + 1 < tasks) {
      std::FILE* const texts = std::tmpfile();
      pid_t const child = texts == nullptr ? -1 : ::fork();
      if (child < 0) break;  // then this process does more
      if (child > 0) {
        others.emplace_back(child, texts);
        continue;
      }
#ifdef __linux__
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // no orphan goes on
#endif
      try {
        for (std::size_t task = 0; (task = next++) < tasks;) {
          auto const text = work(task);
          std::fprintf(texts, "%zu %zu\n", task, text.size());
          std::fwrite(text.data(), 1, text.size(), texts);
          std::fflush(texts);
        }
      } catch (...) {
        ::_exit(1);  // without this process's destructors
      }
      ::_exit(0);
    }
    for (std::size_t task = 0; (task = next++) < tasks;) found[task] = work(task);
  }
  for (auto const& [child, texts] : others) {
    ::waitpid(child, nullptr, 0);
    std::rewind(texts);
    for (std::size_t task = 0, size = 0; std::fscanf(texts, "%zu %zu", &task, &size) == 2;) {
      std::string text(size, ' ');
      std::fgetc(texts);  // the end of the line
      if (task < tasks && std::fread(text.data(), 1, size, texts) == size)
        found[task] = std::move(text);
    }
    std::fclose(texts);
  }
  std::vector<std::string> all;
  for (std::size_t task = 0; task < tasks; ++task)
    all.push_back(found[task] ? std::move(*found[task]) : work(task));
  if (page != MAP_FAILED) ::munmap(page, sizeof(Next));
  return all;
}

}  // namespace inpex::audit
