// SPDX-License-Identifier: Apache-2.0
#pragma once
// A file of a bundle, read. A bundle may come from anybody: no link is followed, neither the file's
// nor that of a folder on the way to it, and nothing but a regular file is opened for its bytes.

#include <inpex/error.hpp>
#include <inpex/host/durable.hpp>
#include <inpex/host/unchanged.hpp>

#include <fcntl.h>

#include <cerrno>
#include <filesystem>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

namespace inpex::host {

/// The bytes of `name`, "samples/0001.h5", below `folder`, which itself may be a link. Throws
/// Error: inconclusive for a link, a folder, a FIFO, a device and a name that leads out of the
/// folder; environment for what cannot be read.
inline std::string read_bundle_file(std::filesystem::path const& folder, std::string_view name) {
  auto const whole = folder / name;
  auto const refuse = [&] {
    throw Error(Fault::inconclusive, "a bundle holds plain files alone, and this is none",
                whole.string(), take_unchanged);
  };
  std::filesystem::path const relative(name);
  if (relative.empty() || relative.is_absolute()) refuse();
  std::optional<File> at(std::in_place, folder, O_RDONLY | O_DIRECTORY, "read");
  for (auto part = relative.begin(); part != relative.end(); ++part) {
    if (*part == "..") refuse();
    bool const last = std::next(part) == relative.end();
    int const flags = O_NOFOLLOW | O_CLOEXEC | (last ? for_reading : O_RDONLY | O_DIRECTORY);
    int opened = -1;
    do opened = ::openat(at->descriptor(), part->c_str(), flags);
    while (opened < 0 && errno == EINTR);
    // What a link and a socket give.
    if (opened < 0 && (errno == ELOOP || errno == ENOTDIR || errno == ENXIO)) refuse();
    if (opened < 0) refuse_system("read", whole, errno);
    at.emplace(whole, opened);
  }
  if (!at->is_regular()) refuse();
  return bytes_of(*at);
}

}  // namespace inpex::host
