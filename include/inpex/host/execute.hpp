// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where a case runs. Without a launcher in a child of its own, so that a crash, a hang or exhausted
// memory becomes a record and the run goes on. Under a launcher in this process, with an alarm that
// ends all ranks, since nobody could take up the messages of one that hangs.

#include <inpex/error.hpp>
#include <inpex/host/alarm.hpp>
#include <inpex/host/children.hpp>
#include <inpex/host/harness.hpp>
#include <inpex/host/json_text.hpp>
#include <inpex/host/progress.hpp>
#include <inpex/host/record_json.hpp>
#include <inpex/runtime.hpp>

#include <fmt/format.h>

#include <string>
#include <tuple>
#include <utility>

namespace inpex::host {

/// Seconds after which a case counts as hung: three times what its spec allows for samples, a
/// minute, and half a minute for each GB that is set up and verified: a reference on one core, such
/// as that of sparse.hpcg, takes half of that.
inline double patience(Plan const& plan) {
  return 3 * plan.measure.stop.timeout_seconds + 60 + 30e-9 * static_cast<double>(plan.total_bytes);
}

/// What a rank says that gave up waiting.
inline constexpr char lost_case[] =
    "inpex: the case in hand did not end in time; go on with `inpex run --resume`\n";

namespace detail {

inline std::string as_text(CaseResult const& result) {
  return json_text(result.record) + "\n" + json_text(result.samples) + "\n" +
         std::to_string(static_cast<int>(result.fault));
}

inline CaseResult from_text(std::string const& text) {
  auto const line = text.find('\n'), last = text.rfind('\n');
  return {from_json_text<Record>(text.substr(0, line), "the case's process"),
          from_json_text<Samples>(text.substr(line + 1, last - line - 1), "the case's process"),
          static_cast<Fault>(std::stoi(text.substr(last + 1)))};
}

}  // namespace detail

/// A result, and what its process wrote to stdout and stderr.
struct Executed {
  CaseResult result;
  std::string said;
};

/// The record of a case that is not run, for what it lacks.
inline Executed skipped(CaseRun const& run) {
  Executed result{{run.base, {}}, {}};
  result.result.record.status = Status::skipped;
  auto const& [problem, hint] = std::tie(run.lacks->problem, run.lacks->hint);
  result.result.record.reason = hint.empty() ? problem : problem + "; " + hint;
  return result;
}

/// Runs the case in a child process, which starts Kokkos for it.
inline Executed execute_apart(CaseRun const& run, double seconds, Progress& progress) {
  auto const work = [&] {
    Runtime const runtime;
    return detail::as_text(run_case(run, runtime, Comm(),
                                    [&](std::size_t n, double each) { progress.sample(n, each); }));
  };
  auto const end = in_child(work, seconds);
  if (end.well()) return {detail::from_text(end.answer), end.said};
  Executed lost{{run.base, {}}, end.said};
  auto& record = lost.result.record;
  record.status = end.timed_out ? Status::timeout : Status::failed;
  record.reason = "the process of the case " + end.reason();
  if (end.code != 0 && !end.said.empty())  // what it threw is the last thing that it wrote
    record.reason = detail::one_line(record.reason + ": " + end.said.substr(0, 500));
  return lost;
}

/// Runs the case in this process, on all ranks. Collective.
inline Executed execute_here(CaseRun const& run, double seconds, Runtime const& runtime,
                             Comm const& comm, Progress& progress) {
  Alarm const alarm(seconds, lost_case, exit_code(Fault::failed));
  return {
      run_case(run, runtime, comm, [&](std::size_t n, double each) { progress.sample(n, each); }),
      {}};
}

}  // namespace inpex::host
