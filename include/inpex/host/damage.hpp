// SPDX-License-Identifier: Apache-2.0
#pragma once
// A bundle, damaged somewhere again and again: whether `inpex verify` finds it each time.

#include <inpex/host/made_bundle.hpp>
#include <inpex/host/verify_bundle.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

namespace inpex::host {

namespace detail {

/// A text with one bit flipped, its end cut off, or a byte added, somewhere. Not empty.
inline std::string damaged(std::string text, std::mt19937_64& random) {
  auto const at = static_cast<std::size_t>(random() % text.size());
  switch (random() % 4) {
  case 0:
    text.resize(at);
    break;
  case 1:
    text.insert(at, 1, static_cast<char>(random()));
    break;
  default:
    text[at] = static_cast<char>(text[at] ^ (1 << random() % 8));
  }
  return text;
}

}  // namespace detail

/// Damages a file of the bundle that many times, one at a time, and counts the damages that are not
/// found. The folder is as before afterwards.
inline std::int64_t damages_missed(std::filesystem::path const& folder, std::int64_t times,
                                   std::uint64_t seed) {
  std::vector<std::filesystem::path> files;
  for (auto const& each : std::filesystem::recursive_directory_iterator(folder))
    if (each.is_regular_file()) files.push_back(each.path());
  std::sort(files.begin(), files.end());
  std::mt19937_64 random(seed);
  std::int64_t missed = 0;
  for (std::int64_t i = 0; i < times; ++i) {
    auto const& file = files[random() % files.size()];
    auto const before = read_file(file);
    quick_file(file, detail::damaged(before, random));
    missed += BundleVerifier(folder).verify().holds();
    quick_file(file, before);
  }
  return missed;
}

}  // namespace inpex::host
