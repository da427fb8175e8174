// SPDX-License-Identifier: Apache-2.0
#pragma once
// The table of results for people: one line a case, then a sentence for each that did not pass and
// for each guard that fired. `inpex run` and `inpex show` print the same.

#include <inpex/host/printable.hpp>
#include <inpex/host/quantity.hpp>
#include <inpex/host/record.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inpex::host {

/// The results of one or several records, as text.
class ResultTable {
 public:
  explicit ResultTable(std::vector<Record> const& records, bool colour = false)
      : records_(records), colour_(colour) {
    lines_.push_back(
        {"app", "case", "space", "precision", "ranks", "result", "of ceiling", "verdict"});
    for (auto const& record : records_) lines_.push_back(cells(record));
    for (auto& line : lines_)
      for (auto& cell : line) cell = printable(cell);
  }

  /// All lines, each ended by a newline; "no results\n" when there is none.
  [[nodiscard]] std::string text() const {
    if (records_.empty()) return "no results\n";
    std::array<std::size_t, columns> widths{};
    for (auto const& line : lines_)
      for (std::size_t i = 0; i < columns; ++i) widths[i] = std::max(widths[i], line[i].size());
    std::string all;
    for (std::size_t row = 0; row < lines_.size(); ++row) {
      for (std::size_t i = 0; i + 1 < columns; ++i)
        all += i == 4 || i == 5 || i == 6 ? fmt::format("{:>{}}  ", lines_[row][i], widths[i])
                                          : fmt::format("{:<{}}  ", lines_[row][i], widths[i]);
      auto const& verdict = lines_[row].back();
      all += row == 0 ? verdict : painted(verdict, records_[row - 1].status);
      all += '\n';
    }
    return all + remarks();
  }

 private:
  static constexpr std::size_t columns = 8;
  using Line = std::array<std::string, columns>;
  std::vector<Record> const& records_;
  bool colour_;
  std::vector<Line> lines_;

  Line cells(Record const& record) const {
    auto const& fom = record.fom;
    auto const ranks = record.placement.ranks ? record.placement.ranks : record.spec.ranks;
    return {record.spec.id,
            record.spec.case_name + swept(record),
            or_dash(record.placement.space),
            or_dash(record.spec.precision),
            ranks ? std::to_string(*ranks) : "-",
            fom.value ? result(fom) : "-",
            fom.ceiling_fraction
                ? fmt::format("{:.0f} % {}", 100 * *fom.ceiling_fraction, fom.ceiling)
                : "-",
            std::string(word(record.status))};
  }
  static std::string or_dash(std::string const& text) { return text.empty() ? "-" : text; }

  static std::string result(Fom const& fom) {
    if (!fom.interval) return quantity(*fom.value, fom.unit);
    return quantity(*fom.value, fom.interval->low, fom.interval->high, fom.unit);
  }

  /// The parameters in which a record differs from others of the same case: " nx=64".
  [[nodiscard]] std::string swept(Record const& record) const {
    std::string text;
    for (auto const& entry : record.spec.parameters) {
      auto const other = [&](Record const& each) {
        auto const* same = find(each.spec.parameters, entry.name);
        return each.spec.id == record.spec.id && each.spec.case_name == record.spec.case_name &&
               same != nullptr && !(*same == entry);
      };
      if (std::any_of(records_.begin(), records_.end(), other))
        text += " " + entry.name + "=" + shown_value(entry.value);
    }
    return text;
  }
  static std::string shown_value(Value const& value) {
    auto const one = []<class T>(T const& each) -> std::string {
      if constexpr (std::is_same_v<T, std::string>)
        return each;
      else if constexpr (requires { each.begin(); })
        return fmt::format("[{}]", fmt::join(each, ","));
      else
        return fmt::format("{}", each);
    };
    return std::visit(one, value);
  }

  [[nodiscard]] std::string painted(std::string const& text, Status status) const {
    if (!colour_) return text;
    auto const code = status == Status::passed                              ? 32
                      : status == Status::wrong || status == Status::failed ? 31
                                                                            : 33;
    return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
  }

  // "VALID, division closed; raw 5.6 Gflop/s, ..."
  static std::string figures(Record const& record) {
    std::vector<std::string> parts;
    for (auto const& figure : record.fom.secondary) {
      auto words = figure.name;
      std::replace(words.begin(), words.end(), '_', ' ');
      parts.push_back(words + " " + quantity(figure.value, figure.unit));
    }
    auto all = fmt::format("{}", fmt::join(parts, ", "));
    if (record.status == Status::passed && !record.fom.passed_as.empty())
      all = fmt::format("{}, division {}{}{}", record.fom.passed_as, record.spec.division,
                        all.empty() ? "" : "; ", all);
    return all;
  }

  /// What is to be said of the lines above; what several runs share, once.
  [[nodiscard]] std::string remarks() const {
    std::vector<std::pair<std::string, int>> told;
    auto const tell = [&](std::string const& line) {
      auto const same = [&](auto const& each) { return each.first == line; };
      auto const known = std::find_if(told.begin(), told.end(), same);
      if (known == told.end())
        told.emplace_back(line, 1);
      else
        ++known->second;
    };
    for (auto const& record : records_) {
      auto name = record.spec.id + " " + record.spec.case_name + swept(record);
      for (auto const& word : {record.placement.space, record.spec.precision})
        if (!word.empty()) name += " " + word;
      name += ": ";
      if (auto const all = figures(record); !all.empty()) tell(name + all);
      if (record.status != Status::passed) tell(name + record.reason);
      for (auto const& guard : record.quality.guards)
        if (guard.sentence != record.reason) tell(name + guard.severity + ": " + guard.sentence);
    }
    std::string text;
    for (auto const& [line, times] : told)
      text += printable(line) + (times > 1 ? fmt::format(" ({} times)", times) : "") + "\n";
    return text;
  }
};

}  // namespace inpex::host
