// SPDX-License-Identifier: Apache-2.0
#pragma once
// When there are enough samples. One object sees the samples in order, on rank 0 alone.
//   stdrel   unbiased standard deviation over mean is at most max_noise; or the estimate of that
//   noise
//            has itself settled, for then more samples will not lower it
//   entropy  the entropy of the samples, told apart to within max_noise, no longer grows
//   count    min_samples
//   timeout  only the time limit ends it
// No rule but `count` stops before the samples add up to min_seconds; a measure of no minimum time
// (smoke cases) is one of `count`. stdrel is the criterion of nvbench (NVIDIA,
// nvbench/detail/stdrel_criterion.cxx), with its constants; entropy follows the idea and the slope
// of its entropy_criterion.cxx, but bins the samples, for times in doubles hardly ever repeat.

#include <inpex/host/spec.hpp>
#include <inpex/stats.hpp>

#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace inpex::host {

/// Why no more samples were taken.
enum class Stopped { not_yet, settled, noisy, most_samples, timeout };

/// The rule of one measure, and the samples that it has seen.
class Stopping {
 public:
  explicit Stopping(Measure measure) : measure_(std::move(measure)) {}

  /// Takes the next sample's seconds; `elapsed` is what the whole loop took so far.
  Stopped add(double seconds, double elapsed) {
    times_.push_back(seconds);
    total_ += seconds;
    deviation_.add(seconds);
    if (measure_.stop.rule == "stdrel") noises_.push_back(noise());
    if (measure_.stop.rule == "entropy") add_entropy();
    if (elapsed >= measure_.stop.timeout_seconds) return Stopped::timeout;
    if (static_cast<std::int64_t>(times_.size()) < measure_.min_samples) return Stopped::not_yet;
    if (measure_.stop.rule == "count" || measure_.min_seconds <= 0) return Stopped::settled;
    if (static_cast<std::int64_t>(times_.size()) >= measure_.max_samples)
      return Stopped::most_samples;
    if (total_ < measure_.min_seconds) return Stopped::not_yet;
    if (measure_.stop.rule == "stdrel") return by_deviation();
    if (measure_.stop.rule == "entropy") return by_entropy();
    return Stopped::not_yet;
  }

  /// Standard deviation over mean so far; NaN for fewer than 2 samples.
  [[nodiscard]] double noise() const { return deviation_.relative(); }

 private:
  static constexpr std::size_t stride = 16;      // samples between two looks at a history
  static constexpr std::size_t enough = 64;      // entries before a history says anything
  static constexpr double settled_noise = 0.05;  // relative deviation of the noise estimates
  static constexpr double level_slope = 8.4e-4;  // bits a sample: the tangent of 0.048 degrees

  [[nodiscard]] Stopped by_deviation() const {
    if (noise() <= measure_.stop.max_noise) return Stopped::settled;
    if (noises_.size() <= enough || noises_.size() % stride != 0) return Stopped::not_yet;
    auto const seen = std::span(noises_).last(enough);
    return relative_deviation(seen) < settled_noise ? Stopped::noisy : Stopped::not_yet;
  }

  // The width of a bin needs a typical value, so the first samples wait until there is one.
  void add_entropy() {
    if (!entropy_ && static_cast<std::int64_t>(times_.size()) < measure_.min_samples) return;
    if (entropy_) {
      entropy_->add(times_.back());
    } else {
      entropy_.emplace(measure_.stop.max_noise * median(times_));
      for (double const time : times_) entropy_->add(time);
    }
    entropies_.push_back(entropy_->bits());
  }

  [[nodiscard]] Stopped by_entropy() const {
    if (entropies_.size() < enough / 2 || entropies_.size() % stride != 0) return Stopped::not_yet;
    auto const recent = std::span(entropies_).last(entropies_.size() / 2);
    return std::abs(slope(recent)) <= level_slope ? Stopped::settled : Stopped::not_yet;
  }

  Measure measure_;
  std::vector<double> times_;
  double total_ = 0;
  RunningDeviation deviation_;
  std::vector<double> noises_;
  std::optional<RunningEntropy> entropy_;
  std::vector<double> entropies_;
};

}  // namespace inpex::host
