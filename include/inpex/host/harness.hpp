// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs one case from its set-up to its record: make, probe the ceilings, measure, verify on the
// state that was timed, take the phases apart, probe again, judge. Whatever goes wrong becomes a
// record with its reason. All ranks take the same way; the record is meaningful on rank 0.

#include <inpex/app.hpp>
#include <inpex/host/case_ceilings.hpp>
#include <inpex/host/case_run.hpp>
#include <inpex/host/declared.hpp>
#include <inpex/host/empty_regions.hpp>
#include <inpex/host/energy_figures.hpp>
#include <inpex/host/energy_meter.hpp>
#include <inpex/host/guards.hpp>
#include <inpex/host/judge.hpp>
#include <inpex/host/measure.hpp>
#include <inpex/host/metrics.hpp>
#include <inpex/host/plan.hpp>
#include <inpex/host/record.hpp>
#include <inpex/host/spec.hpp>
#include <inpex/host/stated.hpp>
#include <inpex/host/threads_observed.hpp>
#include <inpex/host/vocabulary.hpp>
#include <inpex/runtime.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

namespace inpex::host {

namespace detail {

inline std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

/// One run of one case.
class CaseInHand {
 public:
  CaseInHand(CaseRun const& run, Runtime const& runtime, Comm const& comm,
             std::function<void(std::size_t, double)> progress)
      : run_(run), runtime_(runtime), comm_(comm),
        progress_(std::move(progress)), result_{run.base, {}}, energy_(comm, metering(run)) {}

  CaseResult result() {
    make();
    if (seen_.work_difference.empty()) {
      CaseCeilings ceilings(runtime_, comm_, probing());
      if (run_.probes_ceilings) ceilings.probe();
      measure();
      if (result_.record.status == Status::wrong) return std::move(result_);
      if (run_.probes_ceilings) ceilings.probe(), probe_again(ceilings);
      summarise(ceilings);
    }
    conclude();
    return std::move(result_);
  }

 private:
  static constexpr int phase_samples = 3;

  // What the idle machine takes is learnt before the case is there; of smoke cases only that it is.
  static Metering metering(CaseRun const& run) {
    return {.root = run.energy_root,
            .node_of_rank = run.base.placement.node_of_rank,
            .idle_seconds = run.plan.measure.min_seconds > 0 ? 0.5 : 0.05};
  }

  void make() {
    auto const before = runtime_.allocated().bytes;
    case_ = run_.app.make(run_.plan.parameters, run_.choice, comm_);
    seen_.allocated = static_cast<double>(runtime_.allocated().bytes - before);
    auto& record = result_.record;
    record.spec.parameters = case_->resolved();
    record.spec.chosen = case_->chosen();
    record.timing.setup = comm_.maximum(case_->setup_seconds());
    steps_ = at<std::int64_t>(record.spec.parameters, "steps");
    names_ =
        names_after_run(run_.spec, run_.plan.names, {case_->extents(), 0, *record.timing.setup});
    report(run_.spec.work.totals);
    if (comm_.size() == 1) report(run_.spec.work.extents);
    auto const work = case_->work();
    seen_.work_difference = work_difference(work, declared_work(run_.spec, names_), comm_);
    seen_.footprint =
        run_.spec.work.footprint.empty() ? seen_.allocated : run_.spec.work.footprint.real(names_);
    record.phases = phase_groups(work, steps_, comm_);
    whole_ = work_of(record.phases);
  }

  // So that the record can be computed again; of several ranks each has extents of its own.
  void report(std::vector<NamedFormula> const& formulas) {
    for (auto const& formula : formulas)
      result_.record.spec.reported.push_back(*find(names_, formula.name));
  }

  // Smoke cases, which ask for no minimum time, get by with the three runs that each kernel needs.
  [[nodiscard]] Probing probing() const {
    std::uint64_t free = 0;
    for (auto const& space : runtime_.spaces())
      if (space.name == run_.choice.space)
        free = space.free_bytes / static_cast<std::uint64_t>(ranks_on_node());
    auto const caches = last_level_bytes(result_.record.platform.caches);
    auto const bytes =
        probe_bytes(static_cast<std::uint64_t>(seen_.footprint), run_.plan.work, caches, free);
    return {.mix = kernels_for(run_.plan.phases),
            .space = run_.choice.space,
            .precision = std::string(arithmetic_of(run_.choice.precision)),
            .bytes = comm_.minimum(bytes),
            .threads = result_.record.placement.threads.value_or(0),
            .seconds = run_.plan.measure.min_seconds > 0 ? 0.1 : 0};
  }

  void unless_wrong(std::function<void()> const& action) {
    try {
      action();
    } catch (Error const& error) {
      if (error.fault != Fault::wrong) throw;
      result_.record.status = Status::wrong, result_.record.reason = one_line(error.what());
      result_.samples = {};
    }
  }

  // An app that finds its own state wrong has no figure, but its checks are made.
  void measure() {
    Watch const watch{.allocations = [this] { return runtime_.allocated().allocations; },
                      .sample_seen = progress_,
                      .energy = &energy_};
    auto rules = run_.plan.measure;  // a planted fault is found in a few samples, or not at all
    if (!run_.choice.fault.empty())
      rules.min_samples = std::min<std::int64_t>(rules.min_samples, 3);
    Measurement measurement(*case_, comm_, rules, watch);
    unless_wrong([&] { measured_ = measurement.total(); });
    result_.samples.time = std::move(measured_.samples.time);
    result_.samples.energy = std::move(measured_.samples.energy);
    result_.record.verify = verify(*case_, run_.spec, run_.plan.case_name, names_);
    if (result_.record.status == Status::wrong) return;
    unless_wrong([&] { phases(measurement); });
    seen_.work_difference = phase_difference(result_.samples.phases, run_.spec);
    seen_.counts = comm_.gather(static_cast<double>(measured_.taken));
  }

  // Phases that all take far longer than samples are called wrong, but other programs may hold up a
  // few of them: more are taken as long as it looks so.
  void phases(Measurement& measurement) {
    Counters const counters;
    auto const start = Clock::now();
    int taken = 0;
    for (bool again = true; again; taken += phase_samples) {
      add_phases(result_.samples.phases, measurement.phases(phase_samples, counters));
      Observed seen;
      seen.times = slowest(result_.samples.time);
      seen.longest_phase = longest_phase(result_.record.phases, result_.samples);
      again = comm_.broadcast(!no_fence(seen).empty() && taken < 20 * phase_samples &&
                              seconds_since(start) < 2);
    }
    if (!result_.record.placement.devices) result_.record.counters = counters.values(comm_, taken);
  }

  // A figure above a ceiling is called wrong, so the ceiling gets more tries when one seems to be,
  // or when other programs disturbed all runs so far.
  void probe_again(CaseCeilings& ceilings) const {
    auto const times = slowest(result_.samples.time);
    auto const start = Clock::now();
    double const patience = run_.plan.measure.min_seconds > 0 ? 5 : 1;
    for (;;) {
      bool const sure =
          times.empty() ||
          (ceilings.known() &&
           nearness_to_best(ceilings.ceilings(), whole_, median(times)).fraction <= 1);
      if (!comm_.broadcast(!sure && seconds_since(start) < patience)) return;
      ceilings.probe();
    }
  }

  void summarise(CaseCeilings const& ceilings) {
    auto& record = result_.record;
    auto const setup = record.timing.setup;
    record.timing = timing_of(result_.samples.time, run_.plan.measure);
    record.timing.setup = setup;
    record.timing.steps = steps_;
    record.timing.clock_tick = clock_tick();
    record.fom = fom_of(result_.samples.time, run_.spec, run_.plan.measure, names_);
    if (auto const& raw = result_.samples.energy; !raw.readings.empty())
      record.energy = energy_of(raw, energy_.told(raw), run_.spec.energy);
    record.ceilings = ceilings.ceilings();
    seen_.ceilings_known = ceilings.known() || !run_.probes_ceilings;
    seen_.times = slowest(result_.samples.time);
    if (!seen_.times.empty()) {
      auto const mix = kernels_for(run_.plan.phases);
      auto const near = nearness(record.ceilings, mix, whole_, *record.timing.median);
      if (near.fraction > 0)
        record.fom.ceiling = near.ceiling, record.fom.ceiling_fraction = near.fraction;
      seen_.nearest = nearness_to_best(record.ceilings, whole_, *record.timing.median);
    }
    for (auto& phase : record.phases) add_time(phase, result_.samples, record.ceilings, run_.plan);
    seen_.longest_phase = longest_phase(record.phases, result_.samples);
    record.fom.secondary =
        secondary_of(result_.samples.time, run_.spec, run_.plan.measure, names_, record.phases);
    if (record.timing.median) add_hidden(record.phases, run_.plan, *record.timing.median);
    record.quality = quality_of(seen_.times);
    record.quality.context_switches = measured_.context_switches;
    record.quality.retaken = measured_.retaken;
    auto const empty = empty_regions(runtime_, run_.choice.space);
    record.quality.timer_floor = empty.fence, record.quality.launch_time = empty.launch;
    bool const host = !record.placement.devices;
    if (host && measured_.speeds.size() > 1) {
      auto const [low, high] =
          std::minmax_element(measured_.speeds.begin(), measured_.speeds.end());
      record.quality.clock_change = *high / *low - 1;
      if (measured_.speeds.size() <= most_inline) record.quality.speeds = measured_.speeds;
      seen_.speeds = measured_.speeds;
    }
  }

  // What guards look at that is not known from measuring. Collective.
  void observe() {
    observe_threads(result_.record, measured_, runtime_, comm_, seen_);
    put_stated(result_.record, run_.spec, seen_);
    seen_.steps = steps_;
    seen_.allocating = measured_.allocating;
  }

  // The status: what is wrong outranks what failed, and the first reason stands.
  void conclude() {
    auto& record = result_.record;
    observe();
    record.quality.guards = fired(seen_);
    record.status = Status::passed;
    auto const settle = [&record](Status status, std::string const& reason) {
      if (record.status == Status::passed) record.status = status, record.reason = reason;
    };
    for (auto const& verdict : record.verify)
      if (!verdict.passed) settle(Status::wrong, why_wrong(verdict));
    for (auto const* severity : {"failed", "wrong"})
      for (auto const& guard : record.quality.guards)
        if (guard.severity == severity)
          settle(guard.severity == "wrong" ? Status::wrong : Status::failed, guard.sentence);
    auto const taken = static_cast<std::int64_t>(seen_.times.size());
    if (measured_.stopped == Stopped::timeout && taken < run_.plan.measure.min_samples)
      settle(Status::timeout,
             fmt::format("only {} of {} samples within {} s", taken, run_.plan.measure.min_samples,
                         run_.plan.measure.stop.timeout_seconds));
  }

  CaseRun const& run_;
  Runtime const& runtime_;
  Comm const& comm_;
  std::function<void(std::size_t, double)> progress_;
  CaseResult result_;
  EnergyMeter energy_;
  std::unique_ptr<Case> case_;
  std::int64_t steps_ = 0;
  Table names_;
  Work whole_;  // of a sample of all ranks
  Measured measured_;
  Observed seen_;
};

}  // namespace detail

/// Runs one case. Collective, blocking. `progress`, on rank 0, is told of every sample. What is
/// thrown on the way becomes a record of status failed, or wrong for an Error (wrong).
inline CaseResult run_case(CaseRun const& run, Runtime const& runtime, Comm const& comm,
                           std::function<void(std::size_t, double)> progress = {}) {
  CaseResult failed{run.base, {}};
  failed.record.status = Status::failed;
  try {
    return detail::CaseInHand(run, runtime, comm, std::move(progress)).result();
  } catch (std::bad_alloc const&) {
    failed.record.reason = "memory ran out";
  } catch (Error const& error) {
    failed.fault = error.fault;
    if (error.fault == Fault::wrong) failed.record.status = Status::wrong;
    failed.record.reason = detail::one_line(error.what());
  } catch (std::exception const& problem) {
    failed.record.reason = detail::one_line(problem.what());
  }
  return failed;
}

}  // namespace inpex::host
