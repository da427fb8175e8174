// SPDX-License-Identifier: Apache-2.0
#pragma once
// Specs from files. A file either holds, or everything that is wrong with it is thrown at once.

#include <inpex/host/canonical.hpp>
#include <inpex/host/durable.hpp>
#include <inpex/host/sha256.hpp>
#include <inpex/host/spec_meaning.hpp>
#include <inpex/host/spec_reader.hpp>
#include <inpex/host/spec_shape.hpp>
#include <inpex/host/yaml.hpp>

#include <fcntl.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace inpex::host {

/// The bytes of a spec or suite, at most 1 MiB and one. Throws Error (command) if it cannot be
/// read.
inline std::string read_small_file(std::string const& path) {
  std::error_code trouble;
  if (std::filesystem::is_directory(path, trouble))
    throw Error(Fault::command, "this is a folder, not a file", path);
  File const file(path, ::open(path.c_str(), for_reading | O_CLOEXEC));
  if (file.descriptor() < 0)
    throw Error(Fault::command, "the file cannot be opened", path,
                "look at its name and its permissions");
  if (!file.is_regular())
    throw Error(Fault::command, "this is no regular file", path,
                "write the name of a file on a disk, not of a pipe or device");
  return bytes_of(file, detail::yaml_size_limit + 1);
}

namespace detail {

struct ReadSpec {
  Spec spec;
  Yaml root;
};

inline ReadSpec read_spec(std::string text, std::string const& file) {
  Findings findings(file);
  ReadSpec result;
  result.root = read_yaml(text, findings);
  if (result.root.kind != Yaml::Kind::map && !findings.empty()) findings.raise();
  check_shape(result.root, spec_fields, findings);
  result.spec = SpecReader(result.root, findings).read();
  MeaningCheck meaning(result.spec, findings);
  if (findings.empty()) meaning.check_links();
  if (findings.empty()) meaning.check_values();
  findings.raise();
  result.spec.digest = sha256(canonical_text(normative(result.root)));
  result.spec.text = std::move(text);
  return result;
}

}  // namespace detail

/// A spec from its text; `file` is how errors name it. Throws SpecErrors.
inline Spec parse_spec(std::string text, std::string const& file) {
  return detail::read_spec(std::move(text), file).spec;
}

/// A spec from a file. Throws SpecErrors, or Error (command) if there is no such file.
inline Spec load_spec(std::string const& path) { return parse_spec(read_small_file(path), path); }

/// Every spec of these folders, sorted by id: the files <folder>/<family>/<app>.yaml, but not those
/// of suites, machines and schema. Throws what load_spec throws, and Error (spec) for two of one
/// id.
inline std::vector<Spec> load_all(std::vector<std::string> const& folders) {
  std::vector<std::string> files;
  for (auto const& folder : folders) {
    std::error_code trouble;
    for (auto const& family : std::filesystem::directory_iterator(folder, trouble)) {
      auto const name = family.path().filename().string();
      if (name == "suites" || name == "machines" || name == "contracts" || name == "schema" ||
          !family.is_directory())
        continue;
      for (auto const& file : std::filesystem::directory_iterator(family.path()))
        if (file.path().extension() == ".yaml") files.push_back(file.path().string());
    }
    if (trouble)
      throw Error(Fault::command, "the folder of specs cannot be read: " + trouble.message(),
                  folder);
  }
  std::vector<Spec> specs;
  for (auto const& file : files) specs.push_back(load_spec(file));
  std::sort(specs.begin(), specs.end(), [](Spec const& a, Spec const& b) { return a.id < b.id; });
  for (std::size_t i = 1; i < specs.size(); ++i)
    if (specs[i].id == specs[i - 1].id)
      throw Error(Fault::spec,
                  "the id '" + specs[i].id + "' is that of " + specs[i - 1].file + " as well",
                  specs[i].file);
  return specs;
}

}  // namespace inpex::host
