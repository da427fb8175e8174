// SPDX-License-Identifier: Apache-2.0
#pragma once
// What goes into the run of one case, and what comes out of it.

#include <inpex/app.hpp>
#include <inpex/error.hpp>
#include <inpex/host/plan.hpp>
#include <inpex/host/record.hpp>
#include <inpex/host/spec.hpp>

#include <filesystem>
#include <optional>

namespace inpex::host {

/// One case, with all that was decided before it runs.
struct CaseRun {
  Spec const& spec;
  App const& app;
  Plan plan;
  Choice choice;
  bool probes_ceilings = true;
  std::filesystem::path energy_root = {};  ///< of counters of energy; empty: none is read
  Record base;  ///< spec, platform, placement, software and provenance are filled in
  std::optional<Error> lacks =
      {};  ///< what it needs and this build or machine has not: it is skipped
};

/// A record and the samples behind it.
struct CaseResult {
  Record record;
  Samples samples;
  Fault fault = Fault::failed;  ///< of what ended a case that failed
};

}  // namespace inpex::host
