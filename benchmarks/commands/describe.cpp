// SPDX-License-Identifier: Apache-2.0
// `inpex list` and `inpex describe`.

#include "commands.hpp"

#include <inpex/app.hpp>
#include <inpex/error.hpp>
#include <inpex/host/describe.hpp>
#include <inpex/host/machine_yaml.hpp>
#include <inpex/host/targets.hpp>
#include <inpex/physical_memory.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <vector>

namespace inpex::host {
namespace {

App const* built(std::string const& id) {
  for (auto const& app : apps())
    if (app.name == id) return &app;
  return nullptr;
}

struct Listed {
  bool json = false;
};

void list(bool json) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (auto const& spec : load_all(spec_folders())) {
    auto const* app = built(spec.id);
    auto const spaces = app == nullptr ? std::vector<std::string>{} : app->spaces;
    all.push_back({{"id", spec.id},
                   {"title", spec.title},
                   {"motif", spec.motif},
                   {"fom", spec.fom.name},
                   {"unit", spec.fom.unit},
                   {"version", spec.version},
                   {"spaces", spaces}});
    if (!json)
      fmt::print("{:<20} {}\n{:<20} {}; {} in {}; {}\n", spec.id, spec.title, "", spec.motif,
                 spec.fom.name, spec.fom.unit,
                 spaces.empty() ? "not in this build"
                                : fmt::format("built for {}", fmt::join(spaces, ", ")));
  }
  if (json) fmt::print("{}\n", all.dump(2));
}

struct Described {
  std::vector<std::string> targets;
  std::string machine_file;
  Outlook outlook;
  bool json = false;
};

void describe(Described arguments) {
  auto const memory = physical_memory();
  arguments.outlook.memory = {memory.total_bytes, memory.available_bytes};
  if (!arguments.machine_file.empty())
    arguments.outlook.machine =
        read_machine(read_small_file(arguments.machine_file), arguments.machine_file);
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (auto const& target : resolve_targets(arguments.targets, load_all(spec_folders()))) {
    if (arguments.json)
      all.push_back(description_json(target.spec, arguments.outlook));
    else
      fmt::print("{}", description(target.spec, arguments.outlook));
  }
  if (arguments.json) fmt::print("{}\n", all.dump(2));
}

}  // namespace
}  // namespace inpex::host

void add_describe(CLI::App& inpex, Outcome&) {
  namespace host = inpex::host;
  auto const listed = std::make_shared<host::Listed>();
  auto* const list =
      inpex.add_subcommand("list", "List every app: what it is, its figure of merit, its spaces.");
  list->add_flag("--json", listed->json, "for programs");
  list->footer("Example: inpex list");
  list->callback([listed] { host::list(listed->json); });

  auto const described = std::make_shared<host::Described>();
  auto* const describe =
      inpex.add_subcommand("describe", "Say what an app computes, and what its cases will need.");
  describe->add_option("APP", described->targets, "apps, families or spec files")->required();
  describe->add_option("--ranks", described->outlook.ranks, "predict for that many ranks")
      ->check(CLI::Range(1, 1000000));
  describe->add_option("--precision", described->outlook.precision, "predict for that precision");
  describe->add_option("--space", described->outlook.space,
                       "whose ceilings to take from the machine file");
  describe->add_option("--machine", described->machine_file,
                       "a file of `inpex machine --out`, to predict seconds");
  describe->add_flag("--json", described->json, "for programs");
  describe->footer("Example: inpex describe stencil.heat7 --machine machine.yaml");
  describe->callback([described] { host::describe(*described); });
}
