// SPDX-License-Identifier: Apache-2.0
#pragma once
// A contract from its text: a YAML file under the strict profile of specs. Nothing in it is ever
// executed.

#include <inpex/error.hpp>
#include <inpex/host/canonical.hpp>
#include <inpex/host/contract.hpp>
#include <inpex/host/contract_check.hpp>
#include <inpex/host/json_reader.hpp>
#include <inpex/host/machine_yaml.hpp>
#include <inpex/host/sha256.hpp>
#include <inpex/host/yaml.hpp>

#include <nlohmann/json.hpp>

#include <string>

namespace inpex::host {

/// A contract, and the digest of what it says, whatever its way of writing.
struct ReadContract {
  Contract contract;
  std::string digest;
};

namespace detail {

/// Refuses what is written as a number and that no number is: 1e999, and 1e-999.
inline void check_sizes(Yaml const& node, Findings& findings) {
  if (node.kind == Yaml::Kind::scalar && node.plain && number_form(node.text).number &&
      !as_number(node))
    findings.add(node.place, "no number has the size of '" + abbreviated(node.text) + "'",
                 "numbers are of a size from 1e-100 to 1e100; a text of digits goes in quotes");
  for (auto const& item : node.items) check_sizes(item, findings);
}

}  // namespace detail

/// The contract of a text; `file` is how errors name it. Throws SpecErrors with every error and its
/// place.
inline ReadContract parse_contract(std::string const& text, std::string const& file) {
  Findings findings(file);
  Yaml const root = read_yaml(text, findings);
  detail::check_sizes(root, findings);
  findings.raise();
  ReadContract result;
  try {
    result.contract = JsonReader(file).read<Contract>(detail::json_of(root));
  } catch (Error const& error) {
    auto const begin = error.problem.find('\''), end = error.problem.find('\'', begin + 1);
    auto const path =
        begin == std::string::npos ? "" : error.problem.substr(begin + 1, end - begin - 1);
    findings.add(detail::node_at(root, path)->place, error.problem, error.hint);
    findings.raise();
  } catch (nlohmann::json::exception const&) {
    findings.add({}, "it holds a number that no machine can");
    findings.raise();
  }
  detail::ContractCheck(result.contract, root, findings).check();
  findings.raise();
  result.digest = sha256(canonical_text(canonical(root)));
  return result;
}

}  // namespace inpex::host
