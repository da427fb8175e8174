// SPDX-License-Identifier: Apache-2.0
#pragma once
// Files that survive a kill and a power cut: a file is whole or not there, a line is whole or torn
// at the end, and what a function returned from is on the disk. What is read is a regular file:
// nothing waits for the writer of a FIFO. POSIX. A trouble is an Error (environment) that names the
// file and what to do.

#include <inpex/error.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace inpex::host {

/// The folder that holds `path`; "." for a bare name.
inline std::filesystem::path folder_of(std::filesystem::path const& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

/// Throws the sentence for `number`, an errno: "cannot write: no space is left", at `path`.
[[noreturn]] inline void refuse_system(std::string const& doing, std::filesystem::path const& path,
                                       int number) {
  std::string hint;
  if (number == ENOSPC || number == EDQUOT || number == EFBIG)
    hint = "free some space, or write elsewhere with --out";
  else if (number == EACCES || number == EPERM || number == EROFS)
    hint = "choose a folder that you may write to";
  else if (std::error_code trouble; !std::filesystem::is_directory(folder_of(path), trouble))
    hint = "make the folder '" + folder_of(path).string() + "' first, or choose another";
  throw Error(Fault::environment, "cannot " + doing + ": " + std::strerror(number), path.string(),
              hint);
}

/// An open file, closed at the end of its life.
class File {
 public:
  /// `flags` as for open(2); O_CLOEXEC is added.
  File(std::filesystem::path path, int flags, std::string const& doing) : path_(std::move(path)) {
    do descriptor_ = ::open(path_.c_str(), flags | O_CLOEXEC, 0666);
    while (descriptor_ < 0 && errno == EINTR);
    if (descriptor_ < 0) refuse_system(doing, path_, errno);
  }
  /// Takes over a descriptor that is open.
  File(std::filesystem::path path, int descriptor)
      : path_(std::move(path)), descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(File const&) = delete;
  File& operator=(File const&) = delete;
  File(File&& other) noexcept
      : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}
  File& operator=(File&&) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] std::filesystem::path const& path() const { return path_; }
  [[nodiscard]] off_t size() const { return ::lseek(descriptor_, 0, SEEK_END); }
  /// Whether it is a file on a disk: no folder, FIFO or device.
  [[nodiscard]] bool is_regular() const {
    struct stat found {};
    return ::fstat(descriptor_, &found) == 0 && S_ISREG(found.st_mode);
  }

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      auto const written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) refuse_system("write", path_, errno);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void sync() {
    // A folder on some file systems cannot be synced and says EINVAL; there is nothing to wait for.
    if (::fsync(descriptor_) != 0 && errno != EINVAL)
      refuse_system("write to the disk", path_, errno);
  }

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
};

/// Whether anything has this name, a broken link included. What cannot be seen is not there.
inline bool is_there(std::filesystem::path const& path) {
  std::error_code trouble;
  return std::filesystem::exists(std::filesystem::symlink_status(path, trouble));
}

/// Whether this is a folder that can be seen.
inline bool is_folder(std::filesystem::path const& path) {
  std::error_code trouble;
  return std::filesystem::is_directory(path, trouble);
}

/// Makes a folder; with `may_exist`, or refuses the name if anything has it.
inline void make_folder(std::filesystem::path const& path, bool may_exist) {
  if (::mkdir(path.c_str(), 0777) == 0) return;
  if (!(may_exist && errno == EEXIST)) refuse_system("make the folder", path, errno);
}

/// Removes a file, if it is there.
inline void remove_file(std::filesystem::path const& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) refuse_system("remove", path, errno);
}

/// Gives a file or folder its new name.
inline void rename_to(std::filesystem::path const& from, std::filesystem::path const& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) refuse_system("rename to this", to, errno);
}

/// Makes renames and removals within `folder` last.
inline void sync_folder(std::filesystem::path const& folder) {
  File(folder, O_RDONLY | O_DIRECTORY, "open").sync();
}

/// How a file is opened to be read: a FIFO does not wait.
inline constexpr int for_reading = O_RDONLY | O_NONBLOCK;

/// The bytes of an open file, `at_most` of them.
inline std::string bytes_of(File const& file, std::size_t at_most = SIZE_MAX) {
  auto const size = static_cast<std::size_t>(std::max<off_t>(file.size(), 0));
  std::string bytes(std::min(size, at_most), '\0');
  for (std::size_t at = 0; at < bytes.size();) {
    auto const got =
        ::pread(file.descriptor(), &bytes[at], bytes.size() - at, static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) refuse_system("read", file.path(), errno);
    if (got == 0) bytes.resize(at);  // it has become shorter meanwhile
    at += static_cast<std::size_t>(got);
  }
  return bytes;
}

/// The bytes of a regular file.
inline std::string read_file(std::filesystem::path const& path) {
  if (is_folder(path)) refuse_system("read", path, EISDIR);
  File const file(path, for_reading, "read");
  if (!file.is_regular())
    throw Error(Fault::environment, "cannot read: it is no regular file", path.string(),
                "write the name of a file on a disk, not of a pipe or device");
  return bytes_of(file);
}

/// Writes a file as a whole: under a temporary name, synced, then renamed. Whatever had the name
/// before is there until the new one is.
inline void write_file(std::filesystem::path const& path, std::string_view bytes) {
  std::filesystem::path const temporary = path.string() + ".tmp";
  try {
    File file(temporary, O_WRONLY | O_CREAT | O_TRUNC, "write");
    file.write(bytes);
    file.sync();
    rename_to(temporary, path);
  } catch (Error const&) {
    ::unlink(temporary.c_str());
    throw;
  }
  sync_folder(folder_of(path));
}

/// Adds one line at the end of a file with a single write, and syncs. When it does not fit, the
/// file is as long as before. The caller is the only writer.
inline void append_line(std::filesystem::path const& path, std::string_view line) {
  auto const text = std::string(line) + '\n';
  File file(path, O_WRONLY | O_CREAT | O_APPEND, "write");
  auto const before = file.size();
  auto const written = ::write(file.descriptor(), text.data(), text.size());
  if (written != static_cast<ssize_t>(text.size())) {
    int const number = written < 0 ? errno : ENOSPC;  // a short write: the disk filled up within it
    if (::ftruncate(file.descriptor(), before) != 0)
      refuse_system("shorten to its last whole line", path, errno);
    refuse_system("write", path, number);
  }
  file.sync();
}

}  // namespace inpex::host
