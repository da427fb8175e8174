// SPDX-License-Identifier: Apache-2.0
#pragma once
// The file that a command is asked to write: refused before it works for minutes, not after.

#include <inpex/error.hpp>
#include <inpex/host/durable.hpp>

#include <unistd.h>

#include <string>

namespace inpex::host {

/// Throws Error unless a file can be made there: command where there is one, environment where the
/// folder takes none.
inline void require_new_file(std::string const& path) {
  if (is_there(path))
    throw Error(Fault::command, "this file exists already and stays as it is", path,
                "choose another name for --out, or remove it");
  auto const folder = folder_of(path);
  if (!is_folder(folder) || ::access(folder.c_str(), W_OK) != 0)
    throw Error(Fault::environment, "no file can be made in this folder", folder.string(),
                "choose another place for --out");
}

}  // namespace inpex::host
