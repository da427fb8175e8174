// SPDX-License-Identifier: Apache-2.0
#pragma once
// manifest.sha256 of a folder: the SHA-256 of every file in it, in the format of `sha256sum`,
// sorted by name. It is what makes a bundle whole: a changed, missing or added file is found.

#include <inpex/error.hpp>
#include <inpex/host/bundle_file.hpp>
#include <inpex/host/durable.hpp>
#include <inpex/host/printable.hpp>
#include <inpex/host/sha256.hpp>
#include <inpex/host/unchanged.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace inpex::host {

inline constexpr std::string_view manifest_name = "manifest.sha256";
inline constexpr std::string_view signature_name = "manifest.sha256.sig";

/// Every file below `folder` by its relative name, but the manifest and its signature, which are
/// made after the others. A link or device is listed too, with `true`.
inline std::map<std::string, bool> files_below(std::filesystem::path const& folder) {
  std::map<std::string, bool> files;
  try {
    for (auto const& entry : std::filesystem::recursive_directory_iterator(folder)) {
      auto const name = entry.path().lexically_relative(folder).generic_string();
      auto const status = entry.symlink_status();
      if (std::filesystem::is_directory(status) || name == manifest_name || name == signature_name)
        continue;
      files.emplace(name, !std::filesystem::is_regular_file(status));
    }
  } catch (std::filesystem::filesystem_error const& error) {
    refuse_system("list", folder, error.code().value());
  }
  return files;
}

/// Throws Error (inconclusive) if a link or device is below `folder`: who writes there would write
/// elsewhere.
inline void require_plain(std::filesystem::path const& folder) {
  auto files = files_below(folder);
  for (auto const name : {manifest_name, signature_name}) {
    std::error_code trouble;
    if (std::filesystem::is_symlink(folder / name, trouble)) files[std::string(name)] = true;
  }
  for (auto const& [name, special] : files)
    if (special)
      throw Error(Fault::inconclusive, "a bundle holds plain files alone, and this is none",
                  (folder / name).string(), "remove it, and look at what it led to");
}

/// The manifest of the files that are below `folder` now.
inline std::string manifest_of(std::filesystem::path const& folder) {
  std::string text;
  for (auto const& [name, special] : files_below(folder)) {
    if (special || name.find_first_of("\n\\") != std::string::npos)
      throw Error(Fault::environment, "only plain files can be in a bundle",
                  (folder / name).string(), "move it out of the folder");
    text += sha256(read_file(folder / name)) + "  " + name + "\n";
  }
  return text;
}

/// The hash of every name that a manifest's text lists. Throws Error (inconclusive) with the line.
inline std::map<std::string, std::string> listed_in(std::string_view text,
                                                    std::string const& place) {
  std::map<std::string, std::string> listed;
  for (std::size_t line = 1; !text.empty(); ++line) {
    auto const end = text.find('\n');
    auto const entry = text.substr(0, end);
    auto const digits = entry.substr(0, 64);
    if (end == std::string_view::npos || entry.size() < 67 || entry.substr(64, 2) != "  " ||
        digits.find_first_not_of("0123456789abcdef") != std::string_view::npos ||
        !listed.emplace(entry.substr(66), digits).second)
      throw Error(Fault::inconclusive, "the line is not a new name after its SHA-256",
                  place + ":" + std::to_string(line), take_unchanged);
    text.remove_prefix(end + 1);
  }
  return listed;
}

/// A file that is not as the manifest says.
struct ManifestTrouble {
  std::string name;
  std::string what;  ///< "was added", "was changed", "is missing"
  [[nodiscard]] std::string sentence() const { return "'" + printable(name) + "' " + what; }
};

/// Each of `files`, which are below `folder`, that is not as the manifest says; none when all are.
/// Opens no file outside the folder, whatever the manifest lists. Throws Error (inconclusive) for
/// what is no manifest.
inline std::vector<ManifestTrouble> manifest_troubles(std::filesystem::path const& folder,
                                                      std::map<std::string, bool> const& files) {
  auto const place = folder / manifest_name;
  auto listed = listed_in(read_bundle_file(folder, manifest_name), place.string());
  std::vector<ManifestTrouble> troubles;
  for (auto const& [name, special] : files) {
    auto const expected = listed.extract(name);
    if (expected.empty())
      troubles.push_back({name, "was added"});
    else if (special || sha256(read_bundle_file(folder, name)) != expected.mapped())
      troubles.push_back({name, "was changed"});
  }
  for (auto const& each : listed) troubles.push_back({each.first, "is missing"});
  return troubles;
}

/// Throws Error (inconclusive) that names every file that is not as the manifest says.
inline void verify_manifest(std::filesystem::path const& folder) {
  std::string all;
  for (auto const& each : manifest_troubles(folder, files_below(folder)))
    all += (all.empty() ? "" : ", ") + each.sentence();
  if (!all.empty())
    throw Error(Fault::inconclusive, "the bundle is not what was written: " + all, folder.string(),
                take_unchanged);
}

}  // namespace inpex::host
