// SPDX-License-Identifier: Apache-2.0
#pragma once
// One at a time: who reads a file of a folder in order to replace it holds the folder's lock, or
// what another has added meanwhile is lost.

#include <inpex/error.hpp>
#include <inpex/host/durable.hpp>

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace inpex::host {

/// Makes the folder where it is missing, and holds its lock as long as it lives. Waits for whoever
/// has it. On a file system that has no locks it holds nothing.
class FolderLock {
 public:
  /// Throws Error (environment) where the folder cannot be made or written to.
  explicit FolderLock(std::filesystem::path const& folder) : file_(made(folder)) {
    while (::flock(file_.descriptor(), LOCK_EX) != 0 && errno == EINTR) {
    }
  }

 private:
  static File made(std::filesystem::path const& folder) {
    std::error_code trouble;  // what is missing is told by the file
    std::filesystem::create_directories(folder, trouble);
    return File(folder / "lock", O_RDWR | O_CREAT, "lock");
  }
  File file_;
};

/// What `read` finds in a file of the folder; `fresh` where the file is damaged, as it is to be
/// replaced. Throws whatever else `read` throws.
template <class Read, class T>
T known_or(Read const& read, T fresh) {
  try {
    return read();
  } catch (Error const& error) {
    if (error.fault != Fault::inconclusive) throw;
    return fresh;
  }
}

}  // namespace inpex::host
