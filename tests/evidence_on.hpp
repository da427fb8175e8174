// SPDX-License-Identifier: Apache-2.0
#pragma once
// Results for tests of contracts.

#include <inpex/host/evidence.hpp>
#include <inpex/host/rule_fixtures.hpp>

#include <cstddef>
#include <cstdint>
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

/// The sound result, of the same rate, as one of so many ranks of two threads, of samples of its
/// own.
inline host::Evidence sound_evidence_of_ranks(std::int64_t ranks) {
  auto const sound = host::sound_evidence();
  auto record = sound.record;
  auto samples = sound.samples;
  record.placement.ranks = record.spec.ranks = ranks, record.placement.threads = 2;
  auto const width = static_cast<std::size_t>(ranks);
  samples.time.front().front() -= 4e-9 * static_cast<double>(ranks);
  for (auto& row : samples.time) row.assign(width, row.front());
  for (auto& row : samples.phases.front().time) row.assign(width, row.front());
  return host::as_run(record, samples, sound.spec);
}

}  // namespace inpex::test
