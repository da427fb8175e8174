// SPDX-License-Identifier: Apache-2.0
#pragma once
// One writer a bundle: a lock on its plan.json, which never changes. It is held by the process and
// its children, and gone with the last of them, however they end.

#include <inpex/error.hpp>
#include <inpex/host/durable.hpp>

#include <sys/file.h>

#include <cerrno>
#include <filesystem>
#include <string>

namespace inpex::host {

/// Holds the lock on a file as long as it lives; the file may be renamed meanwhile.
class BundleLock {
 public:
  /// Throws Error (environment) when another process has it. On a file system that has no locks it
  /// holds nothing, and `held()` says so.
  explicit BundleLock(std::filesystem::path const& path) : file_(path, O_RDWR, "lock the bundle") {
    held_ = ::flock(file_.descriptor(), LOCK_EX | LOCK_NB) == 0;
    if (!held_ && errno == EWOULDBLOCK) refuse("another inpex is writing to this bundle", path);
    struct stat mine {
    }, named{};
    if (::fstat(file_.descriptor(), &mine) != 0 || ::stat(path.c_str(), &named) != 0 ||
        mine.st_ino != named.st_ino)
      refuse("another inpex has just completed this bundle", path);
  }
  [[nodiscard]] bool held() const { return held_; }

 private:
  [[noreturn]] static void refuse(std::string const& problem, std::filesystem::path const& path) {
    throw Error(Fault::environment, problem, folder_of(path).string(),
                "wait until it ends, or choose another folder with --out");
  }
  File file_;
  bool held_ = false;
};

/// Whether a process holds the lock on a file.
inline bool is_locked(std::filesystem::path const& path) {
  File const file(path, O_RDONLY, "open");
  return ::flock(file.descriptor(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

}  // namespace inpex::host
