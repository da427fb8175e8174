// SPDX-License-Identifier: Apache-2.0
#pragma once
// All that is wrong with one file, told at once: each with its line and column, what was found and
// what to write. A file can be wrong in thousands of places; the first fifty are told.

#include <inpex/error.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inpex::host {

/// A place in a text file; lines and columns count from 1, columns in characters. Line 0: nowhere.
struct Place {
  int line = 0;
  int column = 0;

  friend bool operator==(Place, Place) = default;
};

/// "heat7.yaml:12:9", or the file alone for a place that is nowhere.
inline std::string where(std::string_view file, Place place) {
  if (place.line == 0) return std::string(file);
  return std::string(file) + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

/// The place at the end of "heat7.yaml:12:9"; nowhere if there is none.
inline Place place_of(std::string_view text) {
  auto const number_before = [](std::string_view whole, std::size_t& end) {
    auto const start = whole.find_last_not_of("0123456789", end - 1) + 1;
    if (start == 0 || start >= end || whole[start - 1] != ':' || end - start > 7) return 0;
    int value = 0;
    for (auto i = start; i < end; ++i) value = value * 10 + (whole[i] - '0');
    end = start - 1;
    return value;
  };
  std::size_t end = text.size();
  if (end == 0) return {};
  int const column = number_before(text, end);
  int const line = column > 0 && end > 0 ? number_before(text, end) : 0;
  return line > 0 ? Place{line, column} : Place{};
}

/// Every error of one file. As an Error it reads as all of them, one below the other.
class SpecErrors : public Error {
 public:
  std::vector<Error> errors;

  explicit SpecErrors(std::vector<Error> const& found)
      : Error(Fault::spec, joined(found)), errors(found) {}

 private:
  static std::string joined(std::vector<Error> const& found) {
    std::string text;
    for (auto const& each : found) text += (text.empty() ? "" : "\n") + std::string(each.what());
    return text;
  }
};

/// Collects what is wrong with one file.
class Findings {
 public:
  static constexpr std::size_t most_told = 50;

  explicit Findings(std::string file) : file_(std::move(file)) {}

  /// The same problem at the same place is told once.
  void add(Place place, std::string problem, std::string hint = {}) {
    for (auto const& each : found_)
      if (each.place == place && each.problem == problem) return;
    if (found_.size() < most_told)
      found_.push_back({place, std::move(problem), std::move(hint)});
    else
      ++untold_;
  }
  /// An error that something of this file has thrown; one a place is told.
  void add(Error const& error) {
    Place const place = place_of(error.where);
    for (auto const& each : found_)
      if (each.place == place) return;
    add(place, error.problem, error.hint);
  }
  [[nodiscard]] bool empty() const { return found_.empty(); }
  [[nodiscard]] bool full() const { return untold_ > 0; }
  [[nodiscard]] std::string const& file() const { return file_; }

  /// Throws SpecErrors, in the order of the file, if anything was found.
  void raise() {
    if (found_.empty()) return;
    std::stable_sort(found_.begin(), found_.end(), [](Finding const& a, Finding const& b) {
      return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
    });
    std::vector<Error> errors;
    for (auto const& each : found_)
      errors.emplace_back(Fault::spec, each.problem, where(file_, each.place), each.hint);
    if (untold_ > 0)
      errors.emplace_back(Fault::spec,
                          "and more: only the first " + std::to_string(most_told) + " are told",
                          file_, "correct these and check again");
    throw SpecErrors(errors);
  }

 private:
  struct Finding {
    Place place;
    std::string problem;
    std::string hint;
  };
  std::string file_;
  std::vector<Finding> found_;
  std::size_t untold_ = 0;
};

}  // namespace inpex::host
