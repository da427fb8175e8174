// SPDX-License-Identifier: Apache-2.0
#pragma once
// What an audit has counted, held against what the spec declares. Each rank's sums over a sample
// must be the formulas' to the last flop, byte and message; where a spec gives a reason, they must
// be what it says in their place.

#include <inpex/audit.hpp>
#include <inpex/host/plan_names.hpp>
#include <inpex/host/record.hpp>
#include <inpex/host/spec.hpp>
#include <inpex/work.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace inpex::host {

/// What is audited of each phase; AuditPhase::rules has the same order.
enum class Quantity { flops, read, write, messages, message_bytes };
constexpr std::array<std::string_view, 5> words(Quantity) {
  return {"flops", "read", "write", "messages", "message_bytes"};
}

/// How a count compares: equal; as the spec gives reasons for; or wrong.
enum class Finding { exact, reasoned, wrong };
constexpr std::array<std::string_view, 3> words(Finding) { return {"exact", "reasoned", "WRONG"}; }

/// One quantity of one phase on one rank in one audit: sums over the steps of a sample.
struct AuditRow {
  std::string app, size, phase;
  Count ranks, rank;
  Quantity quantity = Quantity::flops;
  Count counted;
  Count declared;  ///< by `work` of the spec
  Count told;      ///< by `work()` of the app, which must be the same
  Count expected;  ///< the same, or what the spec's reason is for
  Number within;
  std::string reason;
  Finding finding = Finding::wrong;
  static constexpr auto fields() {
    using R = AuditRow;
    return std::tuple{field("app", &R::app),         field("size", &R::size),
                      field("ranks", &R::ranks),     field("rank", &R::rank),
                      field("phase", &R::phase),     field("quantity", &R::quantity),
                      field("counted", &R::counted), field("declared", &R::declared),
                      field("told", &R::told),       field("expected", &R::expected),
                      field("within", &R::within),   field("reason", &R::reason),
                      field("finding", &R::finding)};
  }
};

/// What a phase issued on one rank, which depends on the schedule and informs only.
struct IssuedRow {
  std::string app, size, phase;
  Count ranks, rank, kernels, loads, stores, atomics, index_bytes_read, index_bytes_written;
  static constexpr auto fields() {
    using R = IssuedRow;
    return std::tuple{field("app", &R::app),
                      field("size", &R::size),
                      field("phase", &R::phase),
                      field("ranks", &R::ranks),
                      field("rank", &R::rank),
                      field("kernels", &R::kernels),
                      field("loads", &R::loads),
                      field("stores", &R::stores),
                      field("atomics", &R::atomics),
                      field("index_bytes_read", &R::index_bytes_read),
                      field("index_bytes_written", &R::index_bytes_written)};
  }
};

/// What `inpex audit --json` prints.
struct AuditCounts {
  std::vector<AuditRow> rows;
  std::vector<IssuedRow> issued;
  static constexpr auto fields() {
    return std::tuple{field("rows", &AuditCounts::rows), field("issued", &AuditCounts::issued)};
  }
};

/// Where rows come from.
struct Audited {
  std::string size;  ///< "nx=16 ny=16 nz=16"
  int ranks = 1;
  int rank = 0;
  std::int64_t steps = 1;
  Table names;                  ///< of this rank's formulas
  std::vector<PhaseWork> told;  ///< of one step, by the app
  std::vector<audit::Tally> tallies;
};

namespace detail {

inline std::array<Formula const*, 5> formulas_of(PhaseSpec const& phase) {
  return {&phase.flops, &phase.read, &phase.write, &phase.messages, &phase.message_bytes};
}

inline std::array<std::uint64_t, 5> counts_of(audit::Tally const& tally, AuditPhase const* rules) {
  std::array<std::uint64_t, 5> counts{tally.flops, tally.read, tally.written, tally.messages,
                                      tally.bytes_sent};
  if (rules == nullptr) return counts;
  if (rules->by_kernel) counts[1] = tally.read_by_kernel, counts[2] = tally.written_by_kernel;
  if (rules->indices) counts[1] += tally.indices_read, counts[2] += tally.indices_written;
  return counts;
}

inline std::array<std::uint64_t, 5> counts_of(std::vector<PhaseWork> const& told,
                                              std::string const& phase) {
  for (auto const& each : told)
    if (each.phase == phase)
      return {each.work.flops, each.work.bytes_read, each.work.bytes_written, each.work.messages,
              each.work.bytes_sent};
  return {};
}

inline void judge(AuditRow& row, AuditRule const* rule) {
  if (row.told != row.declared) return;  // wrong
  auto const counted = static_cast<double>(*row.counted),
             expected = static_cast<double>(*row.expected);
  bool const equal = row.counted == row.declared;
  if (rule == nullptr || (equal && rule->counted.empty()))
    row.finding = equal ? Finding::exact : Finding::wrong;
  else
    row.finding = std::abs(counted - expected) <= rule->within * std::max(expected, 1.0)
                      ? Finding::reasoned
                      : Finding::wrong;
}

/// The rows of one phase.
inline std::vector<AuditRow> rows_of_phase(Spec const& spec, Audited const& audited,
                                           PhaseSpec const& phase, audit::Tally const& tally) {
  AuditPhase const* rules = nullptr;
  for (auto const& each : spec.audit.phases)
    if (each.name == phase.name) rules = &each;
  auto const counts = counts_of(tally, rules), told = counts_of(audited.told, phase.name);
  auto const steps = static_cast<double>(audited.steps);
  std::vector<AuditRow> rows;
  for (std::size_t n = 0; n < counts.size(); ++n) {
    auto const* rule = rules != nullptr && rules->rules[n] ? &*rules->rules[n] : nullptr;
    AuditRow row;
    row.app = spec.id, row.size = audited.size, row.phase = phase.name;
    row.ranks = audited.ranks, row.rank = audited.rank;
    row.quantity = static_cast<Quantity>(n);
    row.counted = static_cast<std::int64_t>(counts[n]);
    row.declared =
        static_cast<std::int64_t>(formulas_of(phase)[n]->count(audited.names)) * audited.steps;
    row.told = static_cast<std::int64_t>(told[n]) * audited.steps;
    // What is done once in so many steps is no whole number of one.
    row.expected = rule != nullptr && !rule->counted.empty()
                       ? std::llround(rule->counted.real(audited.names) * steps)
                       : *row.declared;
    if (rule != nullptr) row.within = rule->within, row.reason = rule->reason;
    judge(row, rule);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace detail

/// The rows of one rank: every quantity of every phase of the spec, and of what was counted in no
/// phase of the spec. Throws Error (spec) for a formula that cannot be evaluated.
inline std::vector<AuditRow> audit_rows(Spec const& spec, Audited audited) {
  detail::put_formulas(audited.names, spec.audit.let);
  std::vector<AuditRow> rows;
  auto const add = [&](PhaseSpec const& phase, audit::Tally const& tally) {
    for (auto& row : detail::rows_of_phase(spec, audited, phase, tally))
      rows.push_back(std::move(row));
  };
  for (auto const& phase : spec.work.phases) {
    auto const found =
        std::find_if(audited.tallies.begin(), audited.tallies.end(),
                     [&](audit::Tally const& each) { return each.phase == phase.name; });
    add(phase, found == audited.tallies.end() ? audit::Tally{} : *found);
  }
  for (auto const& tally : audited.tallies)
    if (spec.phase(tally.phase) == nullptr) {
      PhaseSpec outside;
      outside.name = tally.phase.empty() ? "(no phase)" : tally.phase;
      add(outside, tally);
    }
  return rows;
}

/// What each phase of one rank issued.
inline std::vector<IssuedRow> issued_rows(Spec const& spec, Audited const& audited) {
  auto const count = [](std::uint64_t n) { return static_cast<std::int64_t>(n); };
  std::vector<IssuedRow> rows;
  for (auto const& tally : audited.tallies)
    rows.push_back({.app = spec.id,
                    .size = audited.size,
                    .phase = tally.phase,
                    .ranks = audited.ranks,
                    .rank = audited.rank,
                    .kernels = count(tally.kernels),
                    .loads = count(tally.loads),
                    .stores = count(tally.stores),
                    .atomics = count(tally.atomics),
                    .index_bytes_read = count(tally.indices_read),
                    .index_bytes_written = count(tally.indices_written)});
  return rows;
}

/// 4 where a count is wrong, 6 where nothing was counted.
inline int exit_code_of(std::vector<AuditRow> const& rows) {
  bool counted = false;
  for (auto const& row : rows) {
    if (row.finding == Finding::wrong) return exit_code(Fault::wrong);
    counted = counted || *row.counted > 0;
  }
  return counted ? 0 : exit_code(Fault::inconclusive);
}

namespace detail {

/// What the table says of all rows of one quantity of one phase.
struct AuditLine {
  std::string app, phase, quantity, said;
};

inline std::string reasoned_text(std::vector<AuditRow const*> const& rows) {
  double least = HUGE_VAL, most = 0;
  std::int64_t largest = 0;
  for (auto const* row : rows) {
    largest = std::max(largest, *row->counted);
    if (*row->declared == 0) continue;
    double const ratio = static_cast<double>(*row->counted) / static_cast<double>(*row->declared);
    least = std::min(least, ratio), most = std::max(most, ratio);
  }
  auto const& reason = rows.front()->reason;
  if (most == 0) return fmt::format("up to {}, none declared: {}", largest, reason);
  auto const low = fmt::format("{:.3f}", least), high = fmt::format("{:.3f}", most);
  return fmt::format("{} of what is declared: {}", low == high ? low : low + " to " + high, reason);
}

inline AuditLine audit_line(std::vector<AuditRow const*> const& rows) {
  auto const& first = *rows.front();
  AuditLine line{first.app, first.phase, std::string(word(first.quantity)), {}};
  bool exact = true;
  std::int64_t largest = 0;
  for (auto const* row : rows) {
    if (row->finding == Finding::wrong) {
      line.said = fmt::format("WRONG: {} on rank {} of {}: ", row->size, *row->rank, *row->ranks);
      line.said += row->told == row->declared
                       ? fmt::format("counted {}, the spec says {}", *row->counted, *row->expected)
                       : fmt::format("the app says {}, the spec {}", *row->told, *row->declared);
      return line;
    }
    exact = exact && row->finding == Finding::exact;
    largest = std::max(largest, *row->counted);
  }
  line.said = exact ? fmt::format("exact, up to {}", largest) : reasoned_text(rows);
  return line;
}

}  // namespace detail

/// The table for people: a line for each quantity of a phase, over all sizes and ranks; quantities
/// that are 0 everywhere are left out.
inline std::string audit_table(std::vector<AuditRow> const& rows) {
  std::vector<std::pair<std::string, std::vector<AuditRow const*>>> groups;
  for (auto const& row : rows) {
    auto const key = row.app + " " + row.phase + " " + std::string(word(row.quantity));
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](auto const& each) { return each.first == key; });
    if (group == groups.end())
      group = groups.emplace(groups.end(), key, std::vector<AuditRow const*>{});
    group->second.push_back(&row);
  }
  std::vector<detail::AuditLine> lines{{"app", "phase", "quantity", "counted against declared"}};
  for (auto const& [key, group] : groups)
    if (std::any_of(group.begin(), group.end(), [](auto const* row) {
          return *row->counted != 0 || *row->declared != 0 || *row->expected != 0;
        }))
      lines.push_back(detail::audit_line(group));
  std::array<std::size_t, 3> widths{};
  for (auto const& line : lines) {
    widths[0] = std::max(widths[0], line.app.size());
    widths[1] = std::max(widths[1], line.phase.size());
    widths[2] = std::max(widths[2], line.quantity.size());
  }
  std::string text;
  for (auto const& line : lines)
    text += fmt::format("{:<{}}  {:<{}}  {:<{}}  {}\n", line.app, widths[0], line.phase, widths[1],
                        line.quantity, widths[2], line.said);
  return text;
}

}  // namespace inpex::host
