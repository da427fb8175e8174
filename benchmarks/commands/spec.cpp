// SPDX-License-Identifier: Apache-2.0
// `inpex spec`: check, digest, diff, schema, fields.

#include "commands.hpp"

#include <inpex/error.hpp>
#include <inpex/host/schema.hpp>
#include <inpex/host/spec_diff.hpp>
#include <inpex/host/spec_load.hpp>
#include <inpex/host/targets.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace inpex::host {
namespace {

struct Arguments {
  std::vector<std::string> files;
  std::string old_file, new_file;
  bool gate = false;
  bool suite = false;
};

std::string shown_check(std::string const& file) {
  std::string text = read_small_file(file);
  Findings findings(file);
  Yaml root = read_yaml(text, findings);
  if (root.find("inpex_suite") == nullptr) {
    auto const spec = parse_spec(std::move(text), file);
    return fmt::format("{}: {} {} holds, {} cases, {} checks\n", file, spec.id, spec.version,
                       spec.cases.size(), spec.verify.size());
  }
  auto const suite = detail::read_suite(std::move(root), findings);
  detail::targets_of(suite, load_all(spec_folders()));
  return fmt::format("{}: suite {} holds, {} entries\n", file, suite.id, suite.runs.size());
}

// Every file is checked, also after one that does not hold.
int check(std::vector<std::string> const& files) {
  int worst = 0;
  for (auto const& file : files) {
    try {
      fmt::print("{}", shown_check(file));
    } catch (Error const& error) {
      fmt::print(stderr, "{}\n", error.what());
      worst = std::max(worst, exit_code(error.fault));
    }
  }
  if (worst != 0) fmt::print(stderr, "inpex: correct what is told above, and check again\n");
  return worst;
}

void digest(std::vector<std::string> const& files) {
  for (auto const& file : files) fmt::print("{}  {}\n", load_spec(file).digest, file);
}

int diff(Arguments const& arguments) {
  auto const result = diff_specs(arguments.old_file, arguments.new_file);
  for (auto const& change : result.changes)
    fmt::print("{} ({})\n", change.sentence(), step_name(change.needs));
  if (result.changes.empty()) fmt::print("no field differs\n");
  fmt::print("version {} to {}: the changes need a step of {}, it is {}\n", result.old_version,
             result.new_version, step_name(result.needed), step_name(result.made));
  if (!arguments.gate || result.enough()) return 0;
  fmt::print(
      stderr,
      "inpex: the version {} is too small a step for what changed\n  make a {} step from {}\n",
      result.new_version, step_name(std::max(result.needed, Step::patch)), result.old_version);
  return exit_code(Fault::rejected);
}

void add_printers(CLI::App& spec, std::shared_ptr<Arguments> const& arguments) {
  auto* const schema = spec.add_subcommand("schema", "Print the JSON Schema, for editors.");
  schema->add_flag("--suite", arguments->suite, "of suites");
  schema->footer("Example: inpex spec schema > specs/schema/spec.schema.json");
  schema->callback([arguments] {
    fmt::print("{}", arguments->suite
                         ? json_schema(suite_fields, "a suite of inpex")
                         : json_schema(spec_fields, "the spec of a mini-app of inpex"));
  });

  auto* const fields =
      spec.add_subcommand("fields", "Print all fields and their words, as Markdown tables.");
  fields->add_flag("--suite", arguments->suite, "of suites");
  fields->footer("Example: inpex spec fields");
  fields->callback([arguments] {
    auto const rules = arguments->suite ? suite_fields : spec_fields;
    fmt::print("{}\n{}", markdown_fields(rules), markdown_words(rules));
  });
}

}  // namespace
}  // namespace inpex::host

void add_spec(CLI::App& inpex, Outcome& outcome) {
  namespace host = inpex::host;
  auto const arguments = std::make_shared<host::Arguments>();
  auto* const spec = inpex.add_subcommand("spec", "Check, hash and compare specs.");
  spec->require_subcommand(1);
  spec->footer("Example: inpex spec check specs/stencil/heat7.yaml");

  auto* const check =
      spec->add_subcommand("check", "Say everything that is wrong with specs and suites.");
  check->add_option("FILE", arguments->files, "spec or suite files")->required();
  check->footer("Example: inpex spec check specs/stencil/heat7.yaml specs/suites/quick.yaml");
  check->callback([arguments, &outcome] { outcome.code = host::check(arguments->files); });

  auto* const digest = spec->add_subcommand("digest", "Print the SHA-256 of the normative fields.");
  digest->add_option("FILE", arguments->files, "spec files")->required();
  digest->footer("Example: inpex spec digest specs/stencil/heat7.yaml");
  digest->callback([arguments] { host::digest(arguments->files); });

  auto* const diff =
      spec->add_subcommand("diff", "Say what changed, and which step of the version it needs.");
  diff->add_option("OLD", arguments->old_file, "the spec before")->required();
  diff->add_option("NEW", arguments->new_file, "the spec after")->required();
  diff->add_flag("--gate", arguments->gate, "exit 5 if the version's step is too small");
  diff->footer("Example: inpex spec diff --gate old/heat7.yaml specs/stencil/heat7.yaml");
  diff->callback([arguments, &outcome] { outcome.code = host::diff(*arguments); });
  host::add_printers(*spec, arguments);
}
