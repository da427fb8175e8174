// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which runs count for a figure of a contract, and how far they are vouched for.

#include <inpex/host/compare.hpp>
#include <inpex/host/contract.hpp>
#include <inpex/host/energy_eligibility.hpp>
#include <inpex/host/estimate.hpp>
#include <inpex/host/scaled_setting.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace inpex::host {

/// What the judge has: digests of its specs by the app's id, and of its source.
struct Own {
  std::map<std::string, std::string> specs;
  std::string source;
};

namespace detail {

/// What a figure is of, in words.
inline std::string sought(Selection const& wanted) {
  auto text = wanted.app + " " + wanted.case_name;
  for (auto const& word : {wanted.space, wanted.precision})
    if (!word.empty()) text += " " + word;
  if (wanted.ranks)
    text += fmt::format(" of {} rank{}", *wanted.ranks, *wanted.ranks == 1 ? "" : "s");
  return text;
}

/// Whether a record is of the figure.
inline bool selects(Selection const& wanted, Record const& record) {
  auto const fits = [](std::string const& asked, std::string const& is) {
    return asked.empty() || asked == is;
  };
  return fits(wanted.app, record.spec.id) && fits(wanted.case_name, record.spec.case_name) &&
         fits(wanted.space, record.placement.space) &&
         fits(wanted.precision, record.spec.precision) &&
         (!wanted.ranks || wanted.ranks == record.placement.ranks);
}

/// Why the spec of a record is not the one that is asked for, or "". The rules of a figure are the
/// judge's, never those that came with it.
inline std::string foreign_spec(Selection const& wanted, Record const& record, Own const& own) {
  auto const mine = own.specs.find(record.spec.id);
  auto const& pinned = !wanted.spec.empty()      ? wanted.spec
                       : mine != own.specs.end() ? mine->second
                                                 : wanted.spec;
  if (!pinned.empty() && record.spec.digest.rfind(pinned, 0) == 0) return {};
  return fmt::format("its spec has the digest {}, {}", short_id(record.spec.digest),
                     pinned.empty() ? "and the judge has none of " + record.spec.id
                                    : "asked for is " + short_id(pinned));
}

/// Why a record of the reference division is of another source than is asked for, or "". Closed and
/// open may change the source.
inline std::string foreign_source(Contract const& contract, Record const& record, Own const& own) {
  if (record.spec.division != "reference") return {};
  auto const& pinned = contract.source.empty() ? own.source : contract.source;
  if (!pinned.empty() && record.software.source.rfind(pinned, 0) == 0) return {};
  return fmt::format("its source has the digest {}, asked for is {}",
                     short_id(record.software.source), short_id(pinned));
}

}  // namespace detail

/// The quantities of one run, at the contract's confidence.
struct AcceptedRun {
  std::string id;
  Fom fom, time;
  EnergyFigure energy;
  std::string signer;   ///< whom the reader knows; "" for nobody
  std::string key;      ///< that it was signed with: two names of one key are one signer
  std::string machine;  ///< machine_id()
  ScaledSetting setting;
  std::vector<Guard> guards;
};

/// What a clause asks of a run: `quantity` is fom, time or energy; "" is fom.
inline Fom const& asked_of(AcceptedRun const& run, std::string const& quantity) {
  return quantity == "time" ? run.time : quantity == "energy" ? run.energy.gross : run.fom;
}

/// What was handed in for a figure.
struct AcceptedFigure {
  std::string sought;  ///< "stencil.heat7 M fp64 of 1 rank"
  std::vector<AcceptedRun> runs;
  std::set<std::string> samples;     ///< times_digest() of theirs
  std::vector<std::string> refused;  ///< records with their reasons; bad ones first
  std::string unasked;               ///< a record of another spec than is pinned, with the reason
  std::size_t fewest = 1;            ///< runs that decide
  bool failed = false;               ///< one is wrong, failed or timed out
};

namespace detail {

/// Why runs have no interval of a quantity.
inline std::string why_no_interval(std::vector<AcceptedRun> const& runs,
                                   std::string const& quantity, double confidence) {
  for (auto const& run : runs)
    if (quantity == "energy" && !run.energy.why_none.empty())
      return short_id(run.id) + ": " + run.energy.why_none;
  return fmt::format("no interval; from {} runs on there is one", least_runs(confidence));
}

/// How the runs of a figure were set up.
inline std::vector<ScaledSetting> settings_of(AcceptedFigure const& figure) {
  std::vector<ScaledSetting> settings;
  for (auto const& run : figure.runs) settings.push_back(run.setting);
  return settings;
}

}  // namespace detail

/// A tier, and why it is no higher.
struct Vouched {
  Tier tier = Tier::unsigned_result;
  std::string why_no_higher;
};

/// How far apart the figures of two signers may lie, with the whole interval of their ratio.
inline constexpr double reproduced_within = 0.1;

namespace detail {

/// The runs of one signer on one machine.
struct SignedRuns {
  std::string signer;
  std::vector<Fom> runs;  ///< what is asked of them
};

/// Why the runs of two signers on one machine do not bear each other out, or "" where they do.
inline std::string why_not_reproduced(SignedRuns const& one, SignedRuns const& other,
                                      std::string const& quantity, double confidence) {
  auto const mine = estimate_of(one.runs, confidence);
  auto const theirs = estimate_of(other.runs, confidence);
  if (!mine || !theirs)
    return fmt::format("the runs of {} or {} have no interval", one.signer, other.signer);
  bool const joules = quantity == "energy";
  auto const ratio =
      joules ? ratio_of(*theirs, *mine) : speed_ratio(*mine, *theirs, one.runs.front().better);
  bool const known = ratio.level >= 0.999 * confidence;
  if (known && is_within(ratio, reproduced_within)) return {};
  return fmt::format("the runs of {} {} {:.4g} times {} those of {} ({:.4g} to {:.4g}, {:.1f} %); "
                     "it must be {:.3g} to {:.3g} with {:.4g} %",
                     other.signer, joules ? "take" : "are", ratio.value,
                     joules ? "the energy of" : "as fast as", one.signer, ratio.low, ratio.high,
                     100 * ratio.level, 1 / (1 + reproduced_within), 1 + reproduced_within,
                     100 * confidence);
}

}  // namespace detail

/// The tier of a quantity of runs. Reproduced: on every machine that they are of, all signers bear
/// each other out in it.
inline Vouched vouched(std::vector<AcceptedRun> const& runs, std::string const& quantity,
                       double confidence) {
  std::map<std::string, std::map<std::string, detail::SignedRuns>> machines;  // then keys
  for (auto const& run : runs) {
    if (run.signer.empty())
      return {Tier::unsigned_result, short_id(run.id) + " is not signed by anybody known"};
    auto& known = machines[run.machine][run.key];
    known.signer = run.signer, known.runs.push_back(asked_of(run, quantity));
  }
  if (runs.empty()) return {Tier::unsigned_result, "there is no run"};
  for (auto const& [machine, keys] : machines) {
    if (keys.size() < 2)
      return {Tier::signed_result, fmt::format("only {} has run it on machine {}",
                                               keys.begin()->second.signer, machine)};
    for (auto one = keys.begin(); one != keys.end(); ++one)
      for (auto other = std::next(one); other != keys.end(); ++other)
        if (auto const why =
                detail::why_not_reproduced(one->second, other->second, quantity, confidence);
            !why.empty())
          return {Tier::signed_result, why};
  }
  return {Tier::reproduced, {}};
}

}  // namespace inpex::host
