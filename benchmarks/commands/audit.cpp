// SPDX-License-Identifier: Apache-2.0
// `inpex audit`: counted against declared work. The program inpex-audit counts, and takes this
// one's place.

#include "commands.hpp"

#include <inpex/app.hpp>
#include <inpex/error.hpp>
#include <inpex/host/programs.hpp>
#include <inpex/host/targets.hpp>
#include <inpex/runtime.hpp>

#include <CLI/CLI.hpp>

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
};

void audit(AuditOptions options) {
  if (launched_by_mpi())
    throw Error(Fault::command, "audit plays its own ranks", "mpirun", "run it without a launcher");
  if (options.all)
    for (auto const& app : apps()) options.targets.push_back(app.name);
  if (options.targets.empty())
    throw Error(Fault::command, "which app?", "APP",
                "name one, as in `inpex audit stencil.heat7`, or --all");
  std::vector<std::string> words{program_beside(
      "inpex-audit",
      "build the target inpex-audit; builds for a device or with a sanitizer have none")};
  if (options.json) words.emplace_back("--json");
  for (auto const& target : resolve_targets(options.targets, load_all(spec_folders())))
    words.push_back(target.spec.file);
  become(std::move(words));
}

}  // namespace
}  // namespace inpex::host

void add_audit(CLI::App& inpex, Outcome&) {
  using namespace inpex::host;
  auto* command = inpex.add_subcommand(
      "audit", "Counts what an app does, and holds it against what its spec declares");
  command->footer("Example: inpex audit stencil.heat7\n"
                  "Exit: 0 every count is exact, or as the spec gives a reason for; 4 one is not.");
  auto const options = std::make_shared<AuditOptions>();
  command->add_option("APP", options->targets, "App, family or spec file");
  command->add_flag("--all", options->all, "Every app of this program");
  command->add_flag("--json", options->json, "Print every count as one JSON object");
  command->callback([options] { audit(*options); });
}
