// SPDX-License-Identifier: Apache-2.0
#pragma once
// Is a contract fulfilled? Every bundle is verified first, and only what holds, passed and obeys
// the rules of its division can satisfy a clause. A clause is met when the whole interval is on the
// right side of the target, failed when the whole of it is on the wrong side, else open.

#include <inpex/host/accepted_figure.hpp>
#include <inpex/host/clause_figures.hpp>
#include <inpex/host/contract_load.hpp>
#include <inpex/host/eligibility.hpp>
#include <inpex/host/estimate.hpp>
#include <inpex/host/judgement.hpp>
#include <inpex/host/metrics.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace inpex::host {

/// Judges a contract. add() takes verified evidence, in any order; judge() says what follows.
class Acceptor {
 public:
  /// A figure that pins no digest is of a spec that the judge has; a contract that pins none takes
  /// results of the reference division from the judge's source alone.
  Acceptor(ReadContract contract, Own own)
      : contract_(std::move(contract.contract)), digest_(std::move(contract.digest)),
        own_(std::move(own)) {
    for (auto const& each : contract_.figures) {
      figures_[each.name].fewest = static_cast<std::size_t>(each.runs.value_or(1));
      figures_[each.name].sought = detail::sought(each);
    }
  }

  /// Takes a result that verification has found sound. The same times count once, in any order.
  void add(Evidence const& evidence) {
    for (auto const& selection : contract_.figures) {
      if (!detail::selects(selection, evidence.record)) continue;
      auto& figure = figures_[selection.name];
      auto const foreign = detail::foreign_spec(selection, evidence.record, own_);
      if (!foreign.empty() && !selection.spec.empty()) {
        figure.unasked = short_id(evidence.record.id) + ": " + foreign;
        continue;
      }
      auto why = why_not_eligible(evidence, contract_.division);
      if (why.empty()) why = foreign;
      if (why.empty()) why = detail::foreign_source(contract_, evidence.record, own_);
      if (!why.empty()) {
        // Told before all others. What was not run is missing, and not bad.
        bool const bad =
            evidence.record.status != Status::passed && evidence.record.status != Status::skipped;
        figure.refused.insert(bad ? figure.refused.begin() : figure.refused.end(),
                              short_id(evidence.record.id) + ": " + why);
        figure.failed = figure.failed || bad;
      } else if (figure.samples.insert(times_digest(evidence.samples.time)).second) {
        figure.runs.push_back(run_of(evidence));
      }
    }
  }

  [[nodiscard]] Judgement judge() const {
    Judgement result{contract_.id, digest_, Acceptance::accept, {}};
    auto const worse = [](Acceptance a, Acceptance b) {
      if (a == Acceptance::reject || b == Acceptance::reject) return Acceptance::reject;
      return a == Acceptance::accept ? b : a;
    };
    for (auto const& clause : contract_.clauses) {
      result.clauses.push_back(judged(clause));
      result.verdict = worse(result.verdict, result.clauses.back().verdict);
    }
    return result;
  }

 private:
  [[nodiscard]] AcceptedRun run_of(Evidence const& evidence) const {
    auto measure = evidence.plan.measure;
    measure.interval.level = contract_.confidence;
    auto const& record = evidence.record;
    auto const names =
        names_after_run(*evidence.spec, evidence.plan.names,
                        {evidence.again.spec.reported, 0, record.timing.setup.value_or(0)});
    AcceptedRun run{record.id,
                    fom_of(evidence.samples.time, *evidence.spec, measure, names),
                    {},
                    energy_figure(evidence, measure),
                    evidence.signer,
                    evidence.signing_key,
                    machine_id(record.platform),
                    scaled_setting(evidence),
                    record.quality.guards};
    auto const timing = timing_of(evidence.samples.time, measure);
    run.time.value = timing.median, run.time.interval = timing.interval;
    run.time.better = "lower";
    return run;
  }

  [[nodiscard]] AcceptedFigure const& figure(std::string const& name) const {
    return figures_.at(name);
  }

  // The figure's estimate; where there is none, `clause` says why, and is rejected for a figure
  // that was tried and is wrong.
  std::optional<Estimate> estimate(std::string const& name, std::string const& quantity,
                                   JudgedClause& clause) const {
    auto const& known = figure(name);
    std::vector<Fom> values;
    for (auto const& run : known.runs) {
      values.push_back(asked_of(run, quantity));
      clause.records.push_back(run.id);
    }
    auto const found = estimate_of(values, contract_.confidence);
    auto const seal = vouched(known.runs, quantity, contract_.confidence);
    if (!known.runs.empty()) clause.tier = std::min(clause.tier.value_or(seal.tier), seal.tier);
    if (known.failed) clause.verdict = Acceptance::reject;
    auto const why = why_open(known, quantity, found, seal);
    if (why.empty()) return found;
    auto const more = missing_runs(known, found);
    if (known.refused.empty() && more > 0)
      clause.more_runs = std::max(clause.more_runs.value_or(0), more);
    clause.reason += (clause.reason.empty() ? "" : "; ") + name + ": " + why;
    return std::nullopt;
  }

  // Runs that the contract asks for besides.
  [[nodiscard]] static std::int64_t lacking(AcceptedFigure const& known) {
    return static_cast<std::int64_t>(known.fewest) - static_cast<std::int64_t>(known.runs.size());
  }

  [[nodiscard]] bool is_confident(Estimate const& found) const {
    return found.level >= 0.999 * contract_.confidence;
  }

  // Runs that are needed besides: as many as the contract asks for, and as an interval of its
  // confidence takes.
  [[nodiscard]] std::int64_t missing_runs(AcceptedFigure const& known,
                                          std::optional<Estimate> const& found) const {
    auto wanted = known.fewest > 1 ? known.fewest : 0;
    if (!known.runs.empty() && !(found && is_confident(*found)))
      wanted = std::max(wanted, least_runs(contract_.confidence));
    return static_cast<std::int64_t>(wanted) - static_cast<std::int64_t>(known.runs.size());
  }

  // Why a figure has no value that counts, or "". One run that does not count spoils it: else only
  // those that please would be made to count.
  [[nodiscard]] std::string why_open(AcceptedFigure const& known, std::string const& quantity,
                                     std::optional<Estimate> const& found,
                                     Vouched const& seal) const {
    if (!known.refused.empty()) return known.refused.front();
    if (known.runs.empty())
      return known.unasked.empty() ? "no record of " + known.sought : known.unasked;
    if (auto why = why_not_alike(detail::settings_of(known)); !why.empty()) return why;
    if (lacking(known) > 0)
      return fmt::format("of {} run{}, the contract asks for {}: {} more {} needed",
                         known.runs.size(), known.runs.size() == 1 ? "" : "s", known.fewest,
                         lacking(known), lacking(known) == 1 ? "is" : "are");
    if (seal.tier < contract_.tier.value_or(Tier::unsigned_result))
      return fmt::format("it is {}, the contract asks for {}: {}", word(seal.tier),
                         word(*contract_.tier), seal.why_no_higher);
    if (!found) return detail::why_no_interval(known.runs, quantity, contract_.confidence);
    if (!is_confident(*found))
      return fmt::format("an interval of {:.1f} % only, the contract asks for {:.4g} %, which {} "
                         "runs have",
                         100 * found->level, 100 * contract_.confidence,
                         least_runs(contract_.confidence));
    return {};
  }

  // Whether a figure without a value may yet have one: it has runs, and none is bad.
  [[nodiscard]] bool is_open(std::string const& name) const {
    auto const& known = figure(name);
    return !known.runs.empty() && !known.failed;
  }

  std::optional<Estimate> composite(Clause const& clause, JudgedClause& judged) const {
    std::vector<Term> terms;
    std::vector<std::optional<Estimate>> efficiencies;
    bool open = false, none = false;
    for (auto const& part : clause.of) {
      auto each = estimate(part.figure, clause.quantity, judged);
      if (each && part.reference) each = ratio_of(*each, exactly(*part.reference));
      efficiencies.push_back(each);
      if (!each) (is_open(part.figure) ? open : none) = true;
      if (each) terms.push_back({part.weight.value_or(1), *each});
    }
    if (clause.composite == "performance-portability") {
      judged.verdict = Acceptance::inconclusive;  // what failed counts as 0 instead
      if (open && !none) return std::nullopt;
      return performance_portability(efficiencies);
    }
    if (terms.size() != clause.of.size()) return std::nullopt;
    if (clause.composite == "geometric-mean") return geometric_mean(terms);
    if (clause.composite == "sum") return sum_of(terms);
    double weights = 0;
    for (auto const& term : terms) weights += term.factor;
    for (auto& [factor, each] : terms) factor /= weights, each = inverse(each);
    return inverse(sum_of(terms));
  }

  [[nodiscard]] std::optional<Estimate> value(Clause const& clause, JudgedClause& judged) const {
    if (!clause.composite.empty()) return composite(clause, judged);
    auto result = estimate(clause.figure, clause.quantity, judged);
    if (!clause.over.empty()) {
      auto const other = estimate(clause.over, clause.quantity, judged);
      if (!result || !other) return std::nullopt;
      if (clause.times) return scaling_efficiency(*result, *other, *clause.times);
      result = ratio_of(*result, *other);
    }
    return result;
  }

  // The interval of least_runs() and more shrinks with the root of their number: so many more until
  // the nearer end is past the target. That of fewer encloses each of theirs and is no narrower
  // than one's: so many at least. Nothing is promised beyond a thousand.
  [[nodiscard]] Count more_runs(Estimate const& value, double target, std::size_t runs) const {
    auto const enough = least_runs(contract_.confidence);
    double const distance = std::abs(value.value - target);
    double const half = value.value > target ? value.value - value.low : value.high - value.value;
    double const share = half / distance;
    double const wanted = std::ceil(share * share * static_cast<double>(runs < enough ? 1 : runs));
    if (!(wanted <= 1000)) return std::nullopt;
    return std::max(static_cast<std::int64_t>(wanted) + 1, static_cast<std::int64_t>(enough)) -
           static_cast<std::int64_t>(runs);
  }

  // Of the figure of a clause that has the fewest.
  [[nodiscard]] std::size_t fewest_runs(Clause const& clause) const {
    std::size_t fewest = std::numeric_limits<std::size_t>::max();
    for (auto const& name : figures_of(clause)) fewest = std::min(fewest, figure(name).runs.size());
    return fewest;
  }

  [[nodiscard]] JudgedClause judged(Clause const& clause) const {
    JudgedClause result;
    result.id = clause.id, result.sentence = clause.sentence;
    result.unit = clause.unit.empty() ? unit_of(clause, figures_) : clause.unit;
    result.at_least = clause.at_least, result.at_most = clause.at_most;
    result.value = value(clause, result);
    result.notes = notes_on(clause, figures_);
    if (!result.value) return result;
    auto why_not = why_not_together(clause, figures_);
    if (why_not.empty() && !is_finite(*result.value)) why_not = "its value is no finite number";
    if (!why_not.empty()) {
      result.value.reset(), result.reason = why_not;
      return result;
    }
    double const target = clause.at_least ? *clause.at_least : *clause.at_most;
    auto const& found = *result.value;
    bool const above = found.low >= target, below = found.high <= target;
    bool const met = clause.at_least ? above : below;
    bool const failed = clause.at_least ? found.high < target : found.low > target;
    result.verdict = met      ? Acceptance::accept
                     : failed ? Acceptance::reject
                              : Acceptance::inconclusive;
    if (result.verdict == Acceptance::inconclusive) {
      result.more_runs = more_runs(found, target, fewest_runs(clause));
      result.reason =
          result.more_runs
              ? fmt::format("about {} more runs of each figure would decide", *result.more_runs)
              : "no reasonable number of runs would decide: it is at the target";
    }
    return result;
  }

  Contract contract_;
  std::string digest_;
  Own own_;
  AcceptedFigures figures_;
};

}  // namespace inpex::host
