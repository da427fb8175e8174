// SPDX-License-Identifier: Apache-2.0
#pragma once
// What one step costs, by phase, and how a result is judged.

#include <cmath>
#include <cstdint>
#include <string>

namespace inpex {

/// Work of one step on one rank. Bytes are compulsory traffic: each datum once a phase, ghost cells
/// included, whatever the caches do.
struct Work {
  std::uint64_t flops = 0;
  std::uint64_t bytes_read = 0;
  std::uint64_t bytes_written = 0;
  std::uint64_t messages = 0;    ///< sent by this rank
  std::uint64_t bytes_sent = 0;  ///< to other ranks

  friend Work operator+(Work const& a, Work const& b) {
    return {a.flops + b.flops, a.bytes_read + b.bytes_read, a.bytes_written + b.bytes_written,
            a.messages + b.messages, a.bytes_sent + b.bytes_sent};
  }
  friend bool operator==(Work const&, Work const&) = default;
};

/// The work of one phase of a step; `phase` is the name that the spec and the profiling region use.
struct PhaseWork {
  std::string phase;
  Work work;
};

/// One check, judged: `value` is what the app found, `error` its distance from what the spec
/// expects, `tolerance` what the spec allows.
struct Verdict {
  std::string id;        ///< of the spec's verify entry
  std::string quantity;  ///< in the spec's words
  double value = 0;
  double error = 0;
  double tolerance = 0;

  /// False for NaN on either side.
  [[nodiscard]] bool passed() const { return error <= tolerance; }
};

}  // namespace inpex
