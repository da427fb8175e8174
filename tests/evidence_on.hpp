// SPDX-License-Identifier: Apache-2.0
#pragma once
// Results for tests of contracts.

#include <inpex/host/evidence.hpp>
#include <inpex/host/rule_fixtures.hpp>

#include <string>
#include <utility>

namespace inpex::test {

/// The sound result, 32 * 20 / 0.51 = 1254.9 cell/s, as one of that space, of samples of its own.
inline host::Evidence sound_evidence_on(std::string const& space) {
  auto evidence = host::sound_evidence();
  evidence.record.placement.space = space;
  evidence.samples.time.front().front() -= space == "serial" ? 1e-9 : 2e-9;
  for (auto* each : {&evidence.record, &evidence.again}) each->timing.samples_digest = space;
  return host::planned(std::move(evidence));
}

}  // namespace inpex::test
