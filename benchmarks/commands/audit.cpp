// SPDX-License-Identifier: Apache-2.0
// `inpex audit`: counted against declared work. The program inpex-audit counts, and takes this
// one's place.

#include "commands.hpp"

#include <inpex/app.hpp>
#include <inpex/error.hpp>
#include <inpex/host/children.hpp>
#include <inpex/host/counted_beside.hpp>
#include <inpex/host/programs.hpp>
#include <inpex/host/result_source.hpp>
#include <inpex/host/targets.hpp>
#include <inpex/runtime.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace inpex::host {
namespace {

struct AuditOptions {
  std::vector<std::string> targets;
  bool all = false;
  bool json = false;
  std::string beside;
};

// Of an audit that is done by a child, and what the processor counted of the same apps.
int audit_beside(std::vector<std::string> words, std::vector<std::string> const& apps,
                 std::string const& bundle) {
  auto const records = read_results(bundle).records;  // before a minute of counting
  auto const end = in_child([&]() -> std::string { become(std::move(words)); }, 3600);
  fmt::print("{}\nin a sample of {}:\n{}", end.said, bundle, counted_beside(records, apps));
  return end.signal != 0 ? exit_code(Fault::failed) : end.code;
}

int audit(AuditOptions options) {
  if (launched_by_mpi())
    throw Error(Fault::command, "audit plays its own ranks", "mpirun", "run it without a launcher");
  if (options.all)
    for (auto const& app : apps()) options.targets.push_back(app.name);
  if (options.targets.empty())
    throw Error(Fault::command, "which app?", "APP",
                "name one before any option, as in `inpex audit stencil.heat7`, or --all");
  std::vector<std::string> words{program_beside(
      "inpex-audit",
      "build the target inpex-audit; builds for a device or with a sanitizer have none")};
  if (options.json) words.emplace_back("--json");
  std::vector<std::string> audited;
  for (auto const& target : resolve_targets(options.targets, load_all(spec_folders())))
    words.push_back(target.spec.file), audited.push_back(target.spec.id);
  if (!options.beside.empty()) return audit_beside(std::move(words), audited, options.beside);
  become(std::move(words));
}

}  // namespace
}  // namespace inpex::host

void add_audit(CLI::App& inpex, Outcome& outcome) {
  using namespace inpex::host;
  auto* command = inpex.add_subcommand(
      "audit", "Counts what an app does, and holds it against what its spec declares");
  command->footer("Example: inpex audit stencil.heat7\n"
                  "Exit: 0 every count is exact, or as the spec gives a reason for; 4 one is not.");
  auto const options = std::make_shared<AuditOptions>();
  command->add_option("APP", options->targets, "App, family or spec file");
  command->add_flag("--all", options->all, "Every app of this program");
  auto* const json =
      command->add_flag("--json", options->json, "Print every count as one JSON object");
  command
      ->add_option("--beside", options->beside,
                   "A bundle: print what the processor counted in its samples, too")
      ->excludes(json);
  command->callback([options, &outcome] { outcome.code = audit(*options); });
}
