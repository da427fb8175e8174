// SPDX-License-Identifier: Apache-2.0
// `inpex accept`: a contract, judged on verified bundles. `inpex contract`: the tools for
// contracts.

#include "commands.hpp"
#include "run_words.hpp"

#include <inpex/host/acceptance.hpp>
#include <inpex/host/build_info.hpp>
#include <inpex/host/contract_diff.hpp>
#include <inpex/host/contract_specs.hpp>
#include <inpex/host/json_text.hpp>
#include <inpex/host/sound_bundle.hpp>
#include <inpex/host/targets.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace inpex::host {
namespace {

struct AcceptOptions {
  std::string contract;
  std::vector<std::string> bundles;
  Trust trust;
  bool json = false;
};

// A bundle that does not hold ends the command: nobody knows what else was changed.
void take(std::string const& bundle, Trust const& trust, bool must_be_signed, Acceptor& acceptor) {
  if (must_be_signed && trust.allowed_signers.empty())
    throw Error(Fault::command, "the contract asks for signed bundles", "--signers",
                "name the file of allowed signers");
  require_sound(bundle, trust);
  auto const found =
      BundleVerifier(bundle, [&](Evidence&& evidence) { acceptor.add(evidence); }).verify(trust);
  if (!found.holds())
    throw Error(Fault::inconclusive, "the bundle changed while it was read", bundle);
}

ReadContract read_contract(std::string const& file) {
  return parse_contract(read_small_file(file), file);
}

int accept(AcceptOptions const& options) {
  require_file_of_signers(options.trust);
  auto contract = read_contract(options.contract);
  bool const must_be_signed = contract.contract.tier > Tier::unsigned_result;
  Own own{{}, build_info().source_digest};
  auto const specs = load_all(spec_folders());
  require_known_figures(contract.contract, specs, options.contract);
  for (auto const& spec : specs) own.specs[spec.id] = spec.digest;
  Acceptor acceptor(std::move(contract), std::move(own));
  for (auto const& bundle : options.bundles) take(bundle, options.trust, must_be_signed, acceptor);
  auto const judgement = acceptor.judge();
  if (options.json)
    fmt::print("{}\n", json_text(judgement));
  else
    fmt::print("{}", acceptance_table(judgement));
  return exit_code_of(judgement.verdict);
}

int diff(std::string const& before, std::string const& after, bool gate) {
  auto const found = diff_contracts(read_contract(before), read_contract(after));
  fmt::print("{}", contract_diff_text(found));
  std::fflush(stdout);
  if (!gate || !found.loosened()) return 0;
  fmt::print(stderr,
             "inpex: the new contract asks for less\n  restore what is loosened, replaced or "
             "removed above, or agree on it\n");
  return exit_code(Fault::rejected);
}

}  // namespace
}  // namespace inpex::host

void add_accept(CLI::App& inpex, Outcome& outcome) {
  auto* command =
      inpex.add_subcommand("accept", "Judges a contract, clause by clause, on verified bundles");
  command->footer(
      "Example: inpex accept specs/contracts/commitment.yaml results/2026-11-22\n"
      "Exit: 0 ACCEPT; 2 the contract does not hold; 5 REJECT; 6 INCONCLUSIVE, or a bundle "
      "does not hold.");
  auto const options = std::make_shared<inpex::host::AcceptOptions>();
  command->add_option("CONTRACT", options->contract, "A contract in YAML")->required();
  command->add_option("BUNDLE", options->bundles, "Bundles that `inpex run` wrote")->required();
  command
      ->add_option("--signers", options->trust.allowed_signers,
                   "File of allowed signers, as ssh-keygen reads it: demands signatures")
      ->check(CLI::ExistingFile);
  command
      ->add_option("--identity", options->trust.identity,
                   "The signer's name in that file; without it anyone in it")
      ->check(inpex::host::not_empty());
  command->add_flag("--json", options->json, "Print the judgement as one JSON object");
  command->callback([options, &outcome] { outcome.code = inpex::host::accept(*options); });
}

void add_contract(CLI::App& inpex, Outcome& outcome) {
  auto* const contract = inpex.add_subcommand("contract", "Compare contracts.");
  contract->require_subcommand(1);
  contract->footer(
      "Example: inpex contract diff old/commitment.yaml specs/contracts/commitment.yaml");
  auto const before = std::make_shared<std::string>(), after = std::make_shared<std::string>();
  auto const gate = std::make_shared<bool>(false);
  auto* const diff = contract->add_subcommand(
      "diff", "Say what was added, removed, loosened or tightened, clause by clause.");
  diff->add_option("OLD", *before, "the contract before")->required();
  diff->add_option("NEW", *after, "the contract after")->required();
  diff->add_flag("--gate", *gate, "exit 5 if anything was loosened");
  diff->footer("Example: inpex contract diff --gate old/commitment.yaml "
               "specs/contracts/commitment.yaml\n"
               "Exit: 0; 2 a contract does not hold; 5 by --gate.");
  diff->callback([=, &outcome] { outcome.code = inpex::host::diff(*before, *after, *gate); });
}
