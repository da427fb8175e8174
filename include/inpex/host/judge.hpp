// SPDX-License-Identifier: Apache-2.0
#pragma once
// Verification: the app finds a value, the spec says what it must be, and how far off it may be.

#include <inpex/app.hpp>
#include <inpex/error.hpp>
#include <inpex/host/record_groups.hpp>
#include <inpex/host/spec.hpp>
#include <inpex/work.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

namespace inpex::host {

/// Holds what the app found against the spec: the error is the distance from the number that the
/// spec expects, or the value's size where it expects none. `names` is what formulas may name.
inline VerifyGroup judge(CheckSpec const& check, double value, Table const& names) {
  double const expected = check.expect.empty() ? 0 : check.expect.real(names);
  Verdict const verdict{.id = check.id,
                        .quantity = check.quantity,
                        .value = value,
                        .error = std::abs(value - expected),
                        .tolerance = check.bitwise ? 0 : check.tolerance.real(names)};
  return {verdict.id,    verdict.quantity,  verdict.value,
          verdict.error, verdict.tolerance, verdict.passed()};
}

/// The sentence of a check that does not hold.
inline std::string why_wrong(VerifyGroup const& verdict) {
  return fmt::format("check '{}': {} is off by {:.3g}, the tolerance is {:.3g}", verdict.id,
                     verdict.quantity, verdict.error, verdict.tolerance);
}

namespace detail {
/// Infinite where the state is so wrong that the check cannot be made.
inline double found(Case& configured, std::string const& id) {
  try {
    return configured.check(id);
  } catch (Error const& error) {
    if (error.fault != Fault::wrong) throw;
    return HUGE_VAL;
  }
}
}  // namespace detail

/// Makes every check of the spec that is due in this case, on the state as it is. Collective.
/// Throws Error (failed) for a check that the app does not have, since what is not checked is no
/// result.
inline std::vector<VerifyGroup> verify(Case& configured, Spec const& spec,
                                       std::string_view case_name, Table const& names) {
  auto const known = configured.checks();
  std::vector<VerifyGroup> verdicts;
  for (auto const& check : spec.verify) {
    if (!check.applies_to(case_name)) continue;
    if (std::find(known.begin(), known.end(), check.id) == known.end())
      throw Error(Fault::failed, "the app has no check '" + check.id + "', which its spec demands",
                  check.where, suggestion(check.id, known));
    verdicts.push_back(judge(check, detail::found(configured, check.id), names));
  }
  return verdicts;
}

}  // namespace inpex::host
