// SPDX-License-Identifier: Apache-2.0
#pragma once
// Is B faster than A? Only figures with the same comparability key are held against each other, by
// the smallest effect that was calibrated on this machine for this case, else by an assumed one.

#include <inpex/host/calibration.hpp>
#include <inpex/host/compared.hpp>
#include <inpex/host/estimate.hpp>
#include <inpex/host/replan.hpp>
#include <inpex/host/result_source.hpp>
#include <inpex/host/verdict.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace inpex::host {

namespace detail {

using Runs = std::vector<Record const*>;

/// Runs of the same thing, in the order of their first record.
inline std::vector<Runs> groups_of(std::vector<Record> const& records) {
  std::vector<Runs> groups;
  std::map<std::string, std::size_t> known;
  for (auto const& record : records) {
    auto const name = record.spec.comparability_key + setting_of(record);
    auto const [at, is_new] = known.emplace(name, groups.size());
    if (is_new) groups.emplace_back();
    groups[at->second].push_back(&record);
  }
  return groups;
}

/// For each group of A its partner in B: of the same setting; else the next of the same key. `none`
/// is the number of groups in B.
inline std::vector<std::size_t> partners(std::vector<Runs> const& a, std::vector<Runs> const& b) {
  std::multimap<std::string, std::size_t> by_setting, by_key;
  auto const key = [](Runs const& runs) { return runs.front()->spec.comparability_key; };
  auto const whole = [&](Runs const& runs) { return key(runs) + setting_of(*runs.front()); };
  for (std::size_t i = 0; i < b.size(); ++i) by_setting.emplace(whole(b[i]), i);
  std::vector<std::size_t> result(a.size(), b.size());
  std::set<std::size_t> taken;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (auto const found = by_setting.find(whole(a[i])); found != by_setting.end())
      result[i] = found->second, taken.insert(found->second);
  for (std::size_t i = 0; i < b.size(); ++i)
    if (!taken.contains(i)) by_key.emplace(key(b[i]), i);
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (result[i] != b.size()) continue;
    auto const found = by_key.lower_bound(key(a[i]));
    if (found == by_key.end() || found->first != key(a[i])) continue;
    result[i] = found->second;
    by_key.erase(found);
  }
  return result;
}

/// Why runs are no figure that may be compared, or "".
inline std::string why_not(Runs const& runs, char const* side) {
  for (auto const* record : runs)
    if (record->status != Status::passed)
      return fmt::format("{} is no valid figure: {}, {}", side, word(record->status),
                         record->reason);
    else if (record->kind != Kind::measured)
      return fmt::format("{} is {}, not measured", side, word(record->kind));
  return {};
}
inline std::string why_not_both(Runs const& a, Runs const& b) {
  auto const one = why_not(a, "A"), other = why_not(b, "B");
  return one + (one.empty() || other.empty() ? "" : "; ") + other;
}

}  // namespace detail

/// Compares two results. `calibration_of` gives the calibration of a machine by its id.
class Comparer {
 public:
  Comparer(ResultSource const& a, ResultSource const& b,
           std::function<Calibration(std::string const&)> calibration_of)
      : a_(a), b_(b), calibration_of_(std::move(calibration_of)) {}

  /// A verdict for each case of A, then a refusal for each of B that no case of A is like.
  std::vector<Compared> all() {
    auto const groups_a = detail::groups_of(a_.records), groups_b = detail::groups_of(b_.records);
    auto const partners = detail::partners(groups_a, groups_b);
    std::vector<Compared> result;
    std::set<std::size_t> taken;
    for (std::size_t i = 0; i < groups_a.size(); ++i) {
      if (partners[i] == groups_b.size()) continue;
      taken.insert(partners[i]);
      result.push_back(pair(groups_a[i], groups_b[partners[i]]));
    }
    for (std::size_t i = 0; i < groups_a.size(); ++i)
      if (partners[i] == groups_b.size())
        result.push_back(unlike(groups_a[i], groups_b, taken, true));
    for (std::size_t i = 0; i < groups_b.size(); ++i)
      if (!taken.contains(i)) result.push_back(unlike(groups_b[i], groups_a, {}, false));
    return result;
  }

 private:
  using Runs = detail::Runs;

  static Compared named(Runs const& runs) {
    Compared result;
    auto const& record = *runs.front();
    result.app = record.spec.id;
    result.case_name = record.spec.case_name;
    result.precision = record.spec.precision;
    return result;
  }
  static std::vector<std::string> ids(Runs const& runs) {
    std::vector<std::string> result;
    for (auto const* record : runs) result.push_back(record->id);
    return result;
  }

  Compared pair(Runs const& a, Runs const& b) {
    auto result = named(a);
    result.space_a = a.front()->placement.space, result.space_b = b.front()->placement.space;
    result.records_a = ids(a), result.records_b = ids(b);
    result.reason = detail::why_not_both(a, b);
    if (result.reason.empty()) result.reason = other_problem(*a.front(), *b.front());
    if (!result.reason.empty()) return result;
    auto const known = calibrated(*a.front(), *b.front());
    result.calibrated = known.has_value();
    // Few pairs may widen what is assumed, and not narrow it.
    result.assumed = !known || known->false_rate_bound > 0.05;
    result.effect = assumed_effect;
    if (known)
      result.effect = result.assumed ? std::max(known->effect, assumed_effect) : known->effect;
    if (known && known->in_turn) result.effect_in_turn = known->in_turn->effect;
    auto const one = estimate(a), other = estimate(b);
    result.verdict = Comparison::undecided;
    if (!one || !other) {
      result.reason = "a figure has no interval: take more samples";
      return result;
    }
    result.ratio = speed_ratio(*one, *other, a.front()->fom.better);
    result.verdict = verdict_on(*result.ratio, *result.effect, result.assumed);
    if (result.verdict == Comparison::undecided) result.reason = why_undecided(*result.ratio);
    return result;
  }

  // What only the run could know, such as the entries of a matrix in a file of the same name.
  [[nodiscard]] std::string other_problem(Record const& a, Record const& b) const {
    auto const* spec = a_.spec(a.spec.id);
    if (spec == nullptr) return {};
    for (auto const& use : spec->functional_unit.formula.uses()) {
      auto const *one = find(a.spec.reported, use.name), *other = find(b.spec.reported, use.name);
      if (one != nullptr && other != nullptr && !(one->value == other->value))
        return fmt::format("A and B are of different problems: {} is {} and {}", use.name,
                           json_text(one->value), json_text(other->value));
    }
    return {};
  }

  static std::string why_undecided(Estimate const& ratio) {
    if (!(ratio.level >= 0.95))
      return fmt::format("the samples give an interval of {:.0f} % only, 95 % are needed: take at "
                         "least 6 samples",
                         100 * ratio.level);
    return "the interval is too wide for a claim: measure longer, or several times";
  }

  static std::optional<Estimate> estimate(Runs const& runs) {
    std::vector<Fom> foms;
    for (auto const* record : runs) foms.push_back(record->fom);
    return estimate_of(foms);
  }

  // One machine only: of two machines' noise no calibration speaks. Of two settings the less is
  // claimed, and by rounds in turn only what both have shown.
  std::optional<CalibratedCase> calibrated(Record const& a, Record const& b) {
    auto const machine = machine_id(a.platform);
    if (machine != machine_id(b.platform)) return std::nullopt;
    auto found = calibrations_.find(machine);
    if (found == calibrations_.end())
      found = calibrations_.emplace(machine, calibration_of_(machine)).first;
    auto const *of_a = find_case(found->second, a), *of_b = find_case(found->second, b);
    if (of_a == nullptr || of_b == nullptr) return std::nullopt;
    auto both = *of_a;
    both.effect = std::max(of_a->effect, of_b->effect);
    both.false_rate_bound = std::max(of_a->false_rate_bound, of_b->false_rate_bound);
    if (!of_b->in_turn) both.in_turn.reset();
    if (both.in_turn) both.in_turn->effect = std::max(both.in_turn->effect, of_b->in_turn->effect);
    return both;
  }

  // The nearest record of the other side, by the number of leading components that agree.
  Compared unlike(Runs const& runs, std::vector<Runs> const& others,
                  std::set<std::size_t> const& taken, bool of_a) const {
    auto result = named(runs);
    (of_a ? result.records_a : result.records_b) = ids(runs);
    (of_a ? result.space_a : result.space_b) = runs.front()->placement.space;
    std::size_t most = 0;
    for (std::size_t i = 0; i < others.size(); ++i) {
      auto const [mine, theirs] = of_a ? parts(*runs.front(), *others[i].front())
                                       : parts(*others[i].front(), *runs.front());
      std::size_t agreeing = 0;
      for (std::size_t part = 0; part < mine.size(); ++part)
        agreeing += mine[part].second == theirs[part].second;
      if (mine.front().second != theirs.front().second || agreeing < most) continue;
      if (agreeing == most && taken.contains(i)) continue;
      most = agreeing;
      result.reason = key_difference(mine, theirs);
    }
    if (most == 0)
      result.reason = std::string("only ") + (of_a ? "A" : "B") + " has this app";
    else if (result.reason.empty())
      result.reason = std::string("only ") + (of_a ? "A" : "B") + " has this setting";
    else
      result.reason = "A and B differ in " + result.reason;
    return result;
  }

  [[nodiscard]] std::pair<std::vector<KeyPart>, std::vector<KeyPart>> parts(Record const& a,
                                                                            Record const& b) const {
    auto const *spec_a = a_.spec(a.spec.id), *spec_b = b_.spec(b.spec.id);
    if (spec_a == nullptr || spec_b == nullptr) return {stated_parts(a), stated_parts(b)};
    return {parts_of(a, *spec_a, a_.min_seconds), parts_of(b, *spec_b, b_.min_seconds)};
  }

  ResultSource const& a_;
  ResultSource const& b_;
  std::function<Calibration(std::string const&)> calibration_of_;
  std::map<std::string, Calibration> calibrations_;
};

}  // namespace inpex::host
