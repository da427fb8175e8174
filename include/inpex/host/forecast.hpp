// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a run would do, for --dry-run: memory, traffic and time of each case before anything of it
// exists. Times are what the traffic takes at memory speed; caches make real ones shorter,
// latencies longer.

#include <inpex/host/harness.hpp>
#include <inpex/host/plan.hpp>
#include <inpex/host/quantity.hpp>
#include <inpex/host/survey.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

namespace inpex::host {

/// One case of a dry run; bytes and flops are of one step on all ranks.
struct Forecast {
  std::string app, case_name, space, precision;
  Count ranks;
  Table parameters;
  Count memory_bytes;
  Count step_bytes;
  Count step_flops;
  Number sample_seconds;
  Number case_seconds;  ///< of all samples
  static constexpr auto fields() {
    using F = Forecast;
    return std::tuple{field("app", &F::app),
                      field("case", &F::case_name),
                      field("space", &F::space),
                      field("precision", &F::precision),
                      field("ranks", &F::ranks),
                      field("parameters", &F::parameters),
                      field("memory_bytes", &F::memory_bytes),
                      field("step_bytes", &F::step_bytes),
                      field("step_flops", &F::step_flops),
                      field("sample_seconds", &F::sample_seconds),
                      field("case_seconds", &F::case_seconds)};
  }
};

/// The forecast of one case, with each rank moving `bandwidth` bytes a second.
inline Forecast forecast(CaseRun const& run, Number bandwidth) {
  auto const& plan = run.plan;
  auto const ranks = static_cast<std::int64_t>(plan.ranks);
  Forecast result{.app = plan.app,
                  .case_name = plan.case_name,
                  .space = run.choice.space,
                  .precision = plan.precision,
                  .ranks = ranks,
                  .parameters = plan.parameters,
                  .memory_bytes = static_cast<std::int64_t>(plan.total_bytes),
                  .step_bytes =
                      static_cast<std::int64_t>(plan.work.bytes_read + plan.work.bytes_written) *
                      ranks,
                  .step_flops = static_cast<std::int64_t>(plan.work.flops) * ranks,
                  .sample_seconds = {},
                  .case_seconds = {}};
  if (!bandwidth) return result;
  result.sample_seconds = predicted_seconds(plan, *bandwidth);
  auto const samples = static_cast<double>(plan.measure.min_samples + plan.measure.warmup);
  result.case_seconds = std::max(plan.measure.min_seconds, samples * *result.sample_seconds);
  return result;
}

/// The table of a dry run.
inline std::string forecast_table(std::vector<Forecast> const& forecasts) {
  using Line = std::array<std::string, 9>;
  std::vector<Line> lines{{"app", "case", "space", "precision", "ranks", "memory", "bytes a step",
                           "a sample", "all samples"}};
  auto const seconds = [](Number value) {
    return value ? "~" + quantity(*value, "s") : std::string("-");
  };
  for (auto const& each : forecasts)
    lines.push_back({each.app, each.case_name, each.space, each.precision,
                     std::to_string(*each.ranks),
                     quantity(static_cast<double>(*each.memory_bytes), "B"),
                     quantity(static_cast<double>(*each.step_bytes), "B"),
                     seconds(each.sample_seconds), seconds(each.case_seconds)});
  std::array<std::size_t, 9> widths{};
  for (auto const& line : lines)
    for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  std::string text;
  for (auto const& line : lines) {
    for (std::size_t i = 0; i < widths.size(); ++i)
      text += i < 4 ? fmt::format("{:<{}}  ", line[i], widths[i])
                    : fmt::format("{:>{}}  ", line[i], widths[i]);
    text.resize(text.find_last_not_of(' ') + 1);
    text += '\n';
  }
  return text;
}

}  // namespace inpex::host
