// SPDX-License-Identifier: Apache-2.0
#pragma once
// What tests of bundles share: a folder that goes away, plans, records and samples by number.

#include <inpex/host/bundle_writer.hpp>
#include <inpex/host/scratch_folder.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

namespace inpex::host {

inline Table test_conditions() {
  return {{"inpex", std::string("0.1.0"), {}}, {"ranks", std::int64_t{2}, {}}};
}

/// A plan of `tasks` cases.
inline RunPlan test_plan(int tasks) {
  RunPlan plan;
  plan.command = {"inpex", "run", "stencil.heat7", ""};
  plan.conditions = test_conditions();
  for (int i = 0; i < tasks; ++i)
    plan.tasks.push_back({"",
                          "stencil.heat7",
                          "smoke",
                          "openmp",
                          "fp64",
                          "native",
                          {{"nx", std::int64_t{32 + i}, {}}}});
  name_tasks(plan);
  return plan;
}

/// [samples][2]: rank r of sample s takes (s+1)/10 + r seconds.
inline Samples test_samples(int samples) {
  Samples made;
  for (int s = 0; s < samples; ++s) made.time.push_back({(s + 1) / 10.0, (s + 1) / 10.0 + 1});
  made.phases = {{"sweep", made.time}, {"halo", {{0.25, 1.0 / 3}}}};
  return made;
}

/// A record of a task, before append().
inline Record test_record(Task const& task) {
  Record record;
  record.status = Status::passed;
  record.spec.id = task.app;
  record.spec.case_name = task.case_name;
  record.spec.parameters = task.parameters;
  record.spec.precision = task.precision;
  record.fom = {"cell_rate",
                1.882e9,
                "cell/s",
                "higher",
                Interval{1.876e9, 1.9e9, 0.95, "order-statistics"},
                3,
                0.01,
                "stream_copy",
                0.72};
  record.placement.space = task.space;
  record.placement.ranks = 2;
  record.provenance.task = task.name;
  return record;
}

/// What an Error says when `call` throws one, else "".
template <class Call>
std::string what_of(Call&& call) {
  try {
    std::forward<Call>(call)();
  } catch (Error const& error) {
    return error.what();
  }
  return {};
}

/// The kind of the Error that `call` throws; std::nullopt when it throws none.
template <class Call>
std::optional<Fault> fault_of(Call&& call) {
  try {
    std::forward<Call>(call)();
  } catch (Error const& error) {
    return error.fault;
  }
  return std::nullopt;
}

}  // namespace inpex::host
