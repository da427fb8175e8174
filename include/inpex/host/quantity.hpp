// SPDX-License-Identifier: Apache-2.0
#pragma once
// Numbers with a unit for people: four digits and a prefix, "1.882 Gcell/s".

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

namespace inpex::host {

/// The power of ten of the first of four digits: what rounds up to 1000 has 3.
inline int decade(double value) {
  return static_cast<int>(std::floor(std::log10(std::abs(value) * (1 + 0.5e-4))));
}

/// A power of 1000 and its prefix.
struct Scaled {
  double value = 0;  ///< from 1 to below 1000, where prefixes reach
  double factor = 1;
  std::string prefix;
};

/// `value` in the unit's fitting multiple: from nano to exa.
inline Scaled scaled(double value) {
  constexpr std::string_view prefixes = "num kMGTPE";
  if (value == 0 || !std::isfinite(value)) return {value, 1, ""};
  auto const step = std::clamp(static_cast<int>(std::floor(decade(value) / 3.0)), -3, 6);
  auto const factor = std::pow(1000.0, step);
  return {value / factor, factor,
          step == 0 ? "" : std::string(1, prefixes[static_cast<std::size_t>(step + 3)])};
}

/// "4.8 %", "107 %".
inline std::string percent(double share) {
  return std::abs(share) < 0.0995 ? fmt::format("{:.2g} %", 100 * share)
                                  : fmt::format("{:.0f} %", 100 * share);
}

/// "1.882 Gcell/s".
inline std::string quantity(double value, std::string const& unit) {
  auto const s = scaled(value);
  auto const digits =
      s.value == 0 || !std::isfinite(s.value) ? 0 : std::clamp(3 - decade(s.value), 0, 9);
  return fmt::format("{:.{}f} {}{}", s.value, digits, s.prefix, unit);
}

/// "1.882 +- 0.012 Gcell/s": both in the multiple that fits the value.
inline std::string quantity(double value, double distance, std::string const& unit) {
  auto const s = scaled(value);
  auto const whole = quantity(value, unit);
  auto const space = whole.find(' ');
  auto const point = whole.find('.');
  auto const digits = point < space ? space - point - 1 : 0;
  return fmt::format("{} +- {:.{}f}{}", whole.substr(0, space), distance / s.factor, digits,
                     whole.substr(space));
}

/// The same with the distance to the farther end of an interval.
inline std::string quantity(double value, double low, double high, std::string const& unit) {
  return quantity(value, std::max(value - low, high - value), unit);
}

}  // namespace inpex::host
