// SPDX-License-Identifier: Apache-2.0
// `inpex verify` and `inpex rules`: a bundle judged from itself alone, and what it is judged by.

#include "commands.hpp"
#include "run_words.hpp"

#include <inpex/host/json_text.hpp>
#include <inpex/host/rule_fixtures.hpp>
#include <inpex/host/sound_bundle.hpp>
#include <inpex/host/unchanged.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

namespace inpex::host {
namespace {

struct VerifyOptions {
  std::string bundle;
  Trust trust;
  bool json = false;
};

int verify_one(VerifyOptions const& options) {
  require_file_of_signers(options.trust);
  auto const found = verify_apart(options.bundle, options.trust);
  if (options.json)
    fmt::print("{}\n", json_text(found));
  else
    fmt::print("{}", verification_text(found));
  std::fflush(stdout);
  if (!found.holds())
    fmt::print(stderr, "inpex: the bundle is not what a run made\n  {}\n", take_unchanged);
  return exit_code_of(found);
}

/// What `inpex rules --json` prints.
struct RulesOutput {
  std::vector<RuleText> rules;
  static constexpr auto fields() { return std::tuple{field("rules", &RulesOutput::rules)}; }
};

int rules(bool coverage, bool json) {
  if (coverage) {
    auto const found = rule_coverage();
    fmt::print("{}", coverage_text(found));
    return found.covered == found.rules ? 0 : exit_code(Fault::wrong);
  }
  if (json) {
    fmt::print("{}\n", json_text(RulesOutput{rule_texts()}));
    return 0;
  }
  fmt::print("| rule | name | what holds | if not | why |\n|---|---|---|---|---|\n");
  for (auto const& rule : rule_texts())
    fmt::print("| {} | `{}` | {} | {} | {} |\n", rule.id, rule.name, rule.sentence, rule.severity,
               rule.reason);
  return 0;
}

}  // namespace
}  // namespace inpex::host

void add_verify(CLI::App& inpex, Outcome& outcome) {
  auto* command = inpex.add_subcommand(
      "verify", "Judges a bundle from itself alone: hashes, signature, every number, every rule");
  command->footer("Example: inpex verify results/2026-11-22\n"
                  "         inpex verify results/2026-11-22 --signers allowed --identity me@home\n"
                  "Exit: 0 it holds; 2 there is no such bundle; 6 it was changed, or a number does "
                  "not follow.");
  auto const options = std::make_shared<inpex::host::VerifyOptions>();
  command->add_option("BUNDLE", options->bundle, "The folder that `inpex run --out` made")
      ->required();
  command
      ->add_option("--signers", options->trust.allowed_signers,
                   "File of allowed signers, as ssh-keygen reads it: demands a signature")
      ->check(CLI::ExistingFile);
  command
      ->add_option("--identity", options->trust.identity,
                   "The signer's name in that file; without it anyone in it")
      ->check(inpex::host::not_empty());
  command->add_flag("--json", options->json, "Print what was found as one JSON object");
  command->callback([options, &outcome] { outcome.code = inpex::host::verify_one(*options); });

  auto* list = inpex.add_subcommand("rules", "The rules by which results are judged, with ids");
  list->footer("Example: inpex rules --coverage\n"
               "Exit: 0; 4 when a rule does not tell its passing from its violating case.");
  auto const coverage = std::make_shared<bool>(false), json = std::make_shared<bool>(false);
  auto* const tried = list->add_flag(
      "--coverage", *coverage, "Try every rule on a case that holds and on one that breaks it");
  list->add_flag("--json", *json, "Print the rules as one JSON object")->excludes(tried);
  list->callback([=, &outcome] { outcome.code = inpex::host::rules(*coverage, *json); });
}
