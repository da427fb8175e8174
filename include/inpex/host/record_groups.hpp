// SPDX-License-Identifier: Apache-2.0
#pragma once
// The groups of a record (record.hpp). A member that is no optional, text, list or group must be
// known whenever the group is there; a group of which nothing is known is left out as a whole.

#include <inpex/fields.hpp>
#include <inpex/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace inpex::host {

using Number = std::optional<double>;
using Count = std::optional<std::int64_t>;
using Flag = std::optional<bool>;

/// Where the true value lies, with probability `level`.
struct Interval {
  double low = 0;
  double high = 0;
  double level = 0.95;
  std::string method;  ///< "order-statistics"
  static constexpr auto fields() {
    using I = Interval;
    return std::tuple{field("low", &I::low), field("high", &I::high), field("level", &I::level),
                      field("method", &I::method)};
  }
};

/// What was run.
struct SpecGroup {
  std::string id;  ///< "stencil.heat7"
  std::string version;
  std::string digest;
  std::string case_name;
  Table parameters;     ///< every one, as used
  Table reported = {};  ///< what only the run knew: `work.totals`, and on one rank `work.extents`
  Table chosen = {};    ///< what the app chose where parameters leave it open: the spec's `choices`
  std::string precision;
  std::string division;  ///< reference, closed, open, draft
  std::string scaling;   ///< none, weak, strong, throughput
  Count ranks;
  std::string comparability_key;
  static constexpr auto fields() {
    using S = SpecGroup;
    return std::tuple{field("id", &S::id),
                      field("version", &S::version),
                      field("digest", &S::digest),
                      field("case", &S::case_name),
                      field("parameters", &S::parameters),
                      field("reported", &S::reported),
                      field("chosen", &S::chosen),
                      field("precision", &S::precision),
                      field("division", &S::division),
                      field("scaling", &S::scaling),
                      field("ranks", &S::ranks),
                      field("comparability_key", &S::comparability_key)};
  }
};

/// A figure beside the headline.
struct SecondaryGroup {
  std::string name;
  double value = 0;
  std::string unit;
  static constexpr auto fields() {
    using S = SecondaryGroup;
    return std::tuple{field("name", &S::name), field("value", &S::value), field("unit", &S::unit)};
  }
};

/// The headline figure.
struct Fom {
  std::string name;
  Number value;
  std::string unit;
  std::string better;  ///< higher, lower
  std::optional<Interval> interval;
  Count n;                     ///< samples behind it
  Number relative_spread;      ///< standard deviation over mean of the samples
  std::string ceiling;         ///< name of the ceiling that it is compared with
  Number ceiling_fraction;     ///< 1 at the ceiling
  std::string passed_as = {};  ///< the benchmark's own word for a run that passed
  std::vector<SecondaryGroup> secondary = {};
  static constexpr auto fields() {
    using F = Fom;
    return std::tuple{field("name", &F::name),
                      field("value", &F::value),
                      field("unit", &F::unit),
                      field("better", &F::better),
                      field("interval", &F::interval),
                      field("n", &F::n),
                      field("relative_spread", &F::relative_spread),
                      field("ceiling", &F::ceiling),
                      field("ceiling_fraction", &F::ceiling_fraction),
                      field("passed_as", &F::passed_as),
                      field("secondary", &F::secondary)};
  }
};

/// The value below which a share `p` of the samples lies.
struct Quantile {
  double p = 0;
  double value = 0;
  static constexpr auto fields() {
    return std::tuple{field("p", &Quantile::p), field("value", &Quantile::value)};
  }
};

/// Seconds of a sample. A sample's time is that of its slowest rank.
struct Timing {
  Number median;
  Number min;
  Number max;
  std::vector<Quantile> quantiles;
  std::optional<Interval> interval;  ///< of the median
  Count steps;                       ///< in one sample
  Count warmup;                      ///< samples before the first that counts
  Count count;                       ///< samples; BundleWriter fills this and the next three
  std::vector<double> samples;       ///< slowest rank of each, when there are at most 64
  std::string file;                  ///< of the raw samples, within the bundle
  std::string samples_digest;        ///< SHA-256 of the raw samples
  Number rank_maximum;               ///< median over samples of the slowest rank
  Number rank_mean;                  ///< median over samples of the mean over ranks
  Number setup;                      ///< seconds of the constructor
  std::string clock;                 ///< "steady_clock"
  Number clock_tick;                 ///< smallest step of the clock that was seen
  static constexpr auto fields() {
    using T = Timing;
    return std::tuple{field("median", &T::median),
                      field("min", &T::min),
                      field("max", &T::max),
                      field("quantiles", &T::quantiles),
                      field("interval", &T::interval),
                      field("steps", &T::steps),
                      field("warmup", &T::warmup),
                      field("count", &T::count),
                      field("samples", &T::samples),
                      field("file", &T::file),
                      field("samples_digest", &T::samples_digest),
                      field("rank_maximum", &T::rank_maximum),
                      field("rank_mean", &T::rank_mean),
                      field("setup", &T::setup),
                      field("clock", &T::clock),
                      field("clock_tick", &T::clock_tick)};
  }
};

/// One phase. Work is that of one sample on all ranks, so that work over time is a rate.
struct PhaseGroup {
  std::string name;
  Number time;  ///< median over samples of the slowest rank
  Count flops;
  Count bytes_read;
  Count bytes_written;
  Count messages;
  Count bytes_sent;
  std::string ceiling;
  Number roofline_fraction;
  Number hidden;  ///< share of its time that other phases hid, where the spec lets it overlap
  static constexpr auto fields() {
    using P = PhaseGroup;
    return std::tuple{field("name", &P::name),
                      field("time", &P::time),
                      field("flops", &P::flops),
                      field("bytes_read", &P::bytes_read),
                      field("bytes_written", &P::bytes_written),
                      field("messages", &P::messages),
                      field("bytes_sent", &P::bytes_sent),
                      field("ceiling", &P::ceiling),
                      field("roofline_fraction", &P::roofline_fraction),
                      field("hidden", &P::hidden)};
  }
};

/// One check of the spec, judged.
struct VerifyGroup {
  std::string id;
  std::string quantity;
  double value = 0;
  double error = 0;
  double tolerance = 0;
  bool passed = false;
  static constexpr auto fields() {
    using V = VerifyGroup;
    return std::tuple{
        field("id", &V::id),       field("quantity", &V::quantity),   field("value", &V::value),
        field("error", &V::error), field("tolerance", &V::tolerance), field("passed", &V::passed)};
  }
};

/// What this machine can do at best, measured in the same run.
struct Ceiling {
  std::string name;  ///< "stream_copy"
  double value = 0;
  std::string unit;  ///< "byte/s", "flop/s"
  std::optional<Interval> interval;
  static constexpr auto fields() {
    using C = Ceiling;
    return std::tuple{field("name", &C::name), field("value", &C::value), field("unit", &C::unit),
                      field("interval", &C::interval)};
  }
};

/// What the processor counted in a sample, of all ranks: beside what the spec declares.
struct Counter {
  std::string name;  ///< "cycles", "instructions", "cache_misses", "page_faults"
  double value;
  static constexpr auto fields() {
    return std::tuple{field("name", &Counter::name), field("value", &Counter::value)};
  }
};

/// Where the joules of a sample were read, and how many there were. Without watts and joules: the
/// windows were too short for the spec.
struct Energy {
  std::string source;   ///< "rapl"; "made-rapl" from another folder than /sys
  std::string level;    ///< of the reporting rules: 1, 2, 3
  std::string scope;    ///< "package", "package, dram", "node"
  Number window;        ///< seconds of all samples together, from reading to reading
  Count updates;        ///< of the counter, whole ones within the windows
  Number idle_watts;    ///< of all nodes, before the case
  Number gross_joules;  ///< of one sample: the median
  Number net_joules;    ///< of one sample without the idle machine: the median
  Number co2e_low_kg;
  Number co2e_high_kg;
  static constexpr auto fields() {
    using E = Energy;
    return std::tuple{field("source", &E::source),
                      field("level", &E::level),
                      field("scope", &E::scope),
                      field("window", &E::window),
                      field("updates", &E::updates),
                      field("idle_watts", &E::idle_watts),
                      field("gross_joules", &E::gross_joules),
                      field("net_joules", &E::net_joules),
                      field("co2e_low_kg", &E::co2e_low_kg),
                      field("co2e_high_kg", &E::co2e_high_kg)};
  }
};

/// A guard of the harness that fired.
struct Guard {
  std::string id;        ///< "clock-changed"
  std::string sentence;  ///< for a person
  std::string severity;  ///< note, warning, wrong, failed
  static constexpr auto fields() {
    return std::tuple{field("id", &Guard::id), field("sentence", &Guard::sentence),
                      field("severity", &Guard::severity)};
  }
};

/// How far the figures can be trusted.
struct Quality {
  std::vector<Guard> guards;
  Number drift;  ///< relative change of a sample's time over the run: `drift` of stats.hpp
  Number autocorrelation;  ///< of neighbouring samples
  Number effective_samples;
  Count context_switches;  ///< involuntary, all ranks, while samples were taken
  Flag throttled;
  Number timer_floor;          ///< seconds of an empty timed region
  Number launch_time;          ///< seconds of an empty kernel with its fence
  std::vector<double> speeds;  ///< of rank 0's core after each sample, where there are at most 64
  Number clock_change;         ///< largest relative change of the processor's clock between samples
  Count retaken;               ///< samples that were taken again because storage grew
  static constexpr auto fields() {
    using Q = Quality;
    return std::tuple{field("guards", &Q::guards),
                      field("drift", &Q::drift),
                      field("autocorrelation", &Q::autocorrelation),
                      field("effective_samples", &Q::effective_samples),
                      field("context_switches", &Q::context_switches),
                      field("throttled", &Q::throttled),
                      field("timer_floor", &Q::timer_floor),
                      field("launch_time", &Q::launch_time),
                      field("speeds", &Q::speeds),
                      field("clock_change", &Q::clock_change),
                      field("retaken", &Q::retaken)};
  }
};

/// How the record came to be.
struct Provenance {
  std::string task;  ///< name of the task in the bundle's plan; fills one sample file
  std::vector<std::string> command;
  std::string environment;           ///< SHA-256 of environment.json
  std::vector<std::string> parents;  ///< ids of the records that this one was made from
  static constexpr auto fields() {
    using P = Provenance;
    return std::tuple{field("task", &P::task), field("command", &P::command),
                      field("environment", &P::environment), field("parents", &P::parents)};
  }
};

}  // namespace inpex::host
