// SPDX-License-Identifier: Apache-2.0
// The program inpex-audit, which `inpex audit` becomes: runs the apps of spec files with counting
// numbers, on ranks that are threads, and holds the counts against the specs.
// Its words: [--json] FILE...

#include "processes.hpp"
#include "ranks.hpp"

#include <inpex/app.hpp>
#include <inpex/audit.hpp>
#include <inpex/error.hpp>
#include <inpex/host/audited.hpp>
#include <inpex/host/json_text.hpp>
#include <inpex/host/parameter.hpp>
#include <inpex/host/plan.hpp>
#include <inpex/host/progress.hpp>
#include <inpex/host/spec_load.hpp>
#include <inpex/usable_cores.hpp>

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace inpex::host {
namespace {

constexpr int rank_counts[] = {1, 4};

/// The values of the audit's parameters, and how the table calls them.
struct Size {
  Table overrides;
  std::string text;
};

App const& app_of(Spec const& spec) {
  for (auto const& app : apps())
    if (app.name == spec.id) return app;
  std::vector<std::string> names;
  for (auto const& app : apps()) names.push_back(app.name);
  throw Error(Fault::command, "this program has no app '" + spec.id + "'", spec.file,
              suggestion(spec.id, names));
}

CaseSpec const& smallest_case(Spec const& spec) {
  auto const* smoke = spec.find_case("smoke");
  return smoke != nullptr ? *smoke : spec.cases.front();
}

// So many quarters of the smallest case along every axis.
Size part_of(Spec const& spec, int quarters) {
  Size size;
  for (auto const& entry : smallest_case(spec).parameters) {
    auto const* parameter = spec.parameter(entry.name);
    if (parameter == nullptr || parameter->role != Role::scaling) continue;
    auto value = std::get<std::int64_t>(entry.value) * quarters / 4 / parameter->multiple *
                 parameter->multiple;
    if (parameter->min) value = std::max(value, std::get<std::int64_t>(*parameter->min));
    put(size.overrides, entry.name, value);
  }
  return size;
}

std::vector<Size> sizes_of(Spec const& spec) {
  std::vector<Size> sizes;
  for (auto const& each : spec.audit.sizes) sizes.push_back({each.parameters, {}});
  for (int quarters = 2; spec.audit.sizes.empty() && quarters <= 4; ++quarters)
    sizes.push_back(part_of(spec, quarters));
  for (auto& size : sizes)
    for (auto const& entry : size.overrides)
      size.text += (size.text.empty() ? "" : " ") + entry.name + "=" + written(entry.value);
  return sizes;
}

void audit_one(Spec const& spec, Size const& size, int ranks, AuditCounts& output) {
  auto const& app = app_of(spec);
  auto const precision = app.precisions.front();
  auto const plan = make_plan(spec, {.case_name = smallest_case(spec).name,
                                     .overrides = size.overrides,
                                     .ranks = ranks,
                                     .precision = precision});
  audit::on_ranks(ranks, [&](Comm const& comm) {
    auto const made = app.make(plan.parameters, {.space = "serial", .precision = precision}, comm);
    made->reset();
    audit::begin();
    made->sample(inpex::Timing::phases);
    Audited audited;
    audited.size = size.text, audited.ranks = ranks, audited.rank = comm.rank();
    audited.tallies = audit::end();
    audited.steps = at<std::int64_t>(made->resolved(), "steps");
    audited.told = made->work();
    audited.names = names_after_run(spec, plan.names, {made->extents(), 0, 0});
    for (auto& row : audit_rows(spec, audited)) output.rows.push_back(std::move(row));
    for (auto& row : issued_rows(spec, audited)) output.issued.push_back(std::move(row));
  });
}

AuditCounts all_counts(std::vector<Spec> const& specs) {
  Progress progress;
  auto const parent = ::getpid();
  std::optional<audit::Session> session;  // of each process its own
  auto const count = [&](std::size_t n) {
    if (!session) session.emplace();
    if (::getpid() == parent) progress.begin(n + 1, specs.size(), specs[n].id);
    AuditCounts counts;
    for (auto const& size : sizes_of(specs[n]))
      for (int const ranks : rank_counts) audit_one(specs[n], size, ranks, counts);
    return json_text(counts);
  };
  AuditCounts all;
  for (auto const& text : audit::in_processes(usable_cores(), specs.size(), count)) {
    auto counts = from_json_text<AuditCounts>(text, "the counts of another process");
    std::move(counts.rows.begin(), counts.rows.end(), std::back_inserter(all.rows));
    std::move(counts.issued.begin(), counts.issued.end(), std::back_inserter(all.issued));
  }
  progress.clear();
  return all;
}

int program(std::vector<std::string> const& words) {
  bool const json = !words.empty() && words.front() == "--json";
  std::vector<Spec> specs;
  for (auto const& word : words)
    if (word != "--json") specs.push_back(load_spec(word));
  for (auto const& spec : specs) app_of(spec);  // or it is refused before anything is counted
  auto const output = all_counts(specs);
  fmt::print("{}", json ? json_text(output) + "\n" : audit_table(output.rows));
  int const code = exit_code_of(output.rows);
  if (code == exit_code(Fault::wrong))
    fmt::print(stderr, "inpex: a count is not what the spec declares\n  correct the formula in its "
                       "`work`, or give a reason under `audit`\n");
  else if (code != 0)
    fmt::print(stderr, "inpex: nothing was counted\n  name kernels' phases as the spec does\n");
  return code;
}

}  // namespace
}  // namespace inpex::host

int main(int argc, char** argv) {
  try {
    return inpex::host::program({argv + 1, argv + argc});
  } catch (inpex::Error const& error) {
    fmt::print(stderr, "inpex: {}\n", error.what());
    return exit_code(error.fault);
  } catch (std::exception const& problem) {
    fmt::print(stderr, "inpex: {}\n", problem.what());
    return exit_code(inpex::Fault::failed);
  }
}
