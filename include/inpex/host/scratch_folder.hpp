// SPDX-License-Identifier: Apache-2.0
#pragma once
// A folder for what is only needed meanwhile.

#include <inpex/error.hpp>

#include <fmt/format.h>

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>

namespace inpex::host {

/// An empty folder below TMPDIR, removed with all that is in it at the end of its life.
class ScratchFolder {
 public:
  /// Throws Error (environment) when it cannot be made.
  ScratchFolder() {
    auto name = (std::filesystem::temp_directory_path() / "inpex-").string();
    name.append(6, 'X');  // what mkdtemp replaces
    if (::mkdtemp(name.data()) == nullptr)
      throw Error(Fault::environment, fmt::format("no folder to work in: {}", std::strerror(errno)),
                  name, "set TMPDIR");
    path_ = name;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(ScratchFolder const&) = delete;
  ScratchFolder& operator=(ScratchFolder const&) = delete;
  std::filesystem::path operator/(std::string const& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace inpex::host
