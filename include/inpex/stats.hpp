// SPDX-License-Identifier: Apache-2.0
#pragma once
// Statistics of samples, from the raw values alone, so that whoever holds them can redo every
// figure. Robust ones first: times have a floor and a tail, so the median and its distribution-free
// interval say more than a mean. Functions of an empty span return NaN.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <span>
#include <unordered_map>
#include <vector>

namespace inpex {

/// Two ends, and the probability with which they enclose what was estimated.
struct Bounds {
  double low = 0;
  double high = 0;
  double level = 0;

  [[nodiscard]] double half_width() const { return (high - low) / 2; }
  friend bool operator==(Bounds const&, Bounds const&) = default;
};

/// The values in ascending order. O(n log n).
inline std::vector<double> sorted(std::span<double const> values) {
  std::vector<double> copy(values.begin(), values.end());
  std::sort(copy.begin(), copy.end());
  return copy;
}

/// The value below which a fraction p in [0, 1] lies: linear between order statistics at
/// (n - 1) p. Hyndman and Fan, The American Statistician 50 (1996) 361, definition 7. O(n log n).
inline double quantile(std::span<double const> values, double p) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  auto const x = sorted(values);
  double const position = static_cast<double>(x.size() - 1) * std::clamp(p, 0.0, 1.0);
  auto const below = static_cast<std::size_t>(position);
  if (below + 1 == x.size()) return x[below];
  return x[below] + (position - static_cast<double>(below)) * (x[below + 1] - x[below]);
}

/// The middle value, or the mean of the two in the middle. O(n log n).
inline double median(std::span<double const> values) { return quantile(values, 0.5); }

/// The smallest value.
inline double minimum(std::span<double const> values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  return *std::min_element(values.begin(), values.end());
}

/// The arithmetic mean.
inline double mean(std::span<double const> values) {
  double sum = 0;
  for (double const value : values) sum += value;
  return sum / static_cast<double>(values.size());  // 0 / 0 is the NaN of an empty span
}

/// Unbiased (n - 1), in two passes; 0 for one value.
inline double standard_deviation(std::span<double const> values) {
  double const centre = mean(values);
  double sum = 0;
  for (double const value : values) sum += (value - centre) * (value - centre);
  if (values.size() < 2) return values.empty() ? centre : 0;
  return std::sqrt(sum / (static_cast<double>(values.size()) - 1));
}

/// Standard deviation over mean.
inline double relative_deviation(std::span<double const> values) {
  return standard_deviation(values) / mean(values);
}

/// Distribution-free interval for the median: from the l-th smallest to the l-th largest value,
/// with the largest l for which 1 - 2 P(B < l) >= level, B binomial with n trials of 1/2. Its
/// `level` is that probability. Where n is too small for the level asked (n < 6 for 0.95) it is the
/// whole range and says which level that reaches. David and Nagaraja, Order Statistics, 3rd
/// edition, 7.1; advised for times by Hoefler and Belli, SC15, rule 5.
inline Bounds median_interval(std::span<double const> values, double level) {
  double const nan = std::numeric_limits<double>::quiet_NaN();
  if (values.empty()) return {nan, nan, 0};
  auto const x = sorted(values);
  double const n = static_cast<double>(x.size());
  double tail = 0;  // P(B < l)
  double reached = 0;
  std::size_t chosen = 0;  // l - 1
  for (std::size_t l = 0; 2 * l < x.size(); ++l) {
    double const k = static_cast<double>(l);
    tail += std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) -
                     n * std::log(2.0));
    double const coverage = std::max(0.0, 1 - 2 * tail);
    if (l > 0 && coverage < level) break;
    chosen = l, reached = coverage;
  }
  return {x[chosen], x[x.size() - 1 - chosen], reached};
}

namespace detail {

/// P(T <= t) of Student's law with a whole number of degrees of freedom, exact: Abramowitz and
/// Stegun, Handbook of Mathematical Functions, 26.7.3 (odd) and 26.7.4 (even).
inline double student_cdf(double t, std::uint64_t freedom) {
  double const pi = 3.14159265358979323846;
  double const angle = std::atan(t / std::sqrt(static_cast<double>(freedom)));
  double const square = std::cos(angle) * std::cos(angle);
  bool const odd = freedom % 2 == 1;
  double term = odd ? std::cos(angle) : 1, sum = freedom > 1 ? term : 0;
  for (std::uint64_t k = odd ? 3 : 2; k + 1 < freedom; k += 2) {
    term *= square * static_cast<double>(k - 1) / static_cast<double>(k);
    sum += term;
  }
  double const both = odd ? 2 / pi * (angle + std::sin(angle) * sum) : std::sin(angle) * sum;
  return (1 + both) / 2;
}

/// The t > 0 with student_cdf(t) = p, by bisection, for p in [0.5, 1).
inline double student_quantile(double p, std::uint64_t freedom) {
  double low = 0, high = 1;
  while (student_cdf(high, freedom) < p && high < 1e12) high *= 2;
  for (int i = 0; i < 80; ++i) {
    double const middle = (low + high) / 2;
    (student_cdf(middle, freedom) < p ? low : high) = middle;
  }
  return high;
}

/// The z with P(Z <= z) = p of the normal law, by bisection, for p in [0.5, 1).
inline double normal_quantile(double p) {
  double low = 0, high = 40;
  for (int i = 0; i < 80; ++i) {
    double const middle = (low + high) / 2;
    (std::erfc(-middle / std::sqrt(2.0)) / 2 < p ? low : high) = middle;
  }
  return high;
}

}  // namespace detail

/// Student's interval for the mean: right where the values follow a normal law, which times seldom
/// do. Fewer than 2 values give NaN.
inline Bounds mean_interval(std::span<double const> values, double level) {
  double const nan = std::numeric_limits<double>::quiet_NaN();
  if (values.size() < 2) return {nan, nan, 0};
  double const t = detail::student_quantile((1 + level) / 2, values.size() - 1);
  double const half =
      t * standard_deviation(values) / std::sqrt(static_cast<double>(values.size()));
  return {mean(values) - half, mean(values) + half, level};
}

/// Percentile interval of any statistic from `resamples` samples drawn with replacement. The draws
/// come from a fixed seed, so that the same values give the same bits. Efron, The Annals of
/// Statistics 7 (1979) 1.
inline Bounds bootstrap_interval(std::span<double const> values, double level,
                                 double (*statistic)(std::span<double const>),
                                 int resamples = 2000) {
  double const nan = std::numeric_limits<double>::quiet_NaN();
  if (values.empty()) return {nan, nan, 0};
  std::mt19937_64 generator(20261122);
  std::vector<double> draw(values.size()), results;
  for (int i = 0; i < resamples; ++i) {
    // the distributions of <random> differ between libraries, its generators do not
    for (auto& each : draw) each = values[generator() % values.size()];
    results.push_back(statistic(draw));
  }
  return {quantile(results, (1 - level) / 2), quantile(results, (1 + level) / 2), level};
}

/// Correlation of the series with itself `lag` later, in [-1, 1]; 0 for a constant series.
/// Box and Jenkins, Time Series Analysis, 2.1.
inline double autocorrelation(std::span<double const> values, std::size_t lag) {
  if (lag >= values.size()) return 0;
  double const centre = mean(values);
  double variance = 0, covariance = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    variance += (values[i] - centre) * (values[i] - centre);
    if (i + lag < values.size()) covariance += (values[i] - centre) * (values[i + lag] - centre);
  }
  return variance > 0 ? covariance / variance : 0;
}

/// How many independent samples tell as much about the mean as these: n / (1 + 2 sum of the
/// autocorrelations), where the sum ends with the first pair of lags that is not positive.
/// Between 1 and n. Geyer, Statistical Science 7 (1992) 473, 3.3. O(n) a lag.
inline double effective_sample_size(std::span<double const> values) {
  double const n = static_cast<double>(values.size());
  if (values.size() < 4) return n;
  double time = -1;  // lag 0 counts once, not twice
  for (std::size_t lag = 0; lag + 1 < values.size(); lag += 2) {
    double const pair = autocorrelation(values, lag) + autocorrelation(values, lag + 1);
    if (pair <= 0) break;
    time += 2 * pair;
  }
  return std::clamp(n / std::max(time, 1.0), 1.0, n);
}

/// Relative change in the course of a run: the median of the last third less that of the first,
/// over the median of all. 0 for fewer than 6 values, for which thirds say nothing.
inline double drift(std::span<double const> values) {
  std::size_t const third = values.size() / 3;
  if (third < 2) return 0;
  return (median(values.last(third)) - median(values.first(third))) / median(values);
}

/// Change a step of a series, from the median of the differences between its halves: robust against
/// tails. Theil, Proceedings of the KNAW 53 (1950) 386, incomplete method; 0 for fewer than 4.
inline double robust_slope(std::span<double const> values) {
  std::size_t const half = (values.size() + 1) / 2;
  if (values.size() < 4) return 0;
  std::vector<double> slopes;
  for (std::size_t i = 0; i + half < values.size(); ++i)
    slopes.push_back((values[i + half] - values[i]) / static_cast<double>(half));
  return median(slopes);
}

/// Interval of the median in the middle of a series that drifts and whose neighbours are
/// correlated: the trend is taken out, and the order statistics are those of the score interval of
/// a share of one half among as many values as there are independent signs (Wilson, JASA 22 (1927)
/// 209). It always holds the plain median. `inpex selftest --coverage` shows how often it holds the
/// true one. Fewer than 20 values say too little of trends: they get median_interval().
inline Bounds steady_interval(std::span<double const> values, double level) {
  if (values.size() < 20) return median_interval(values, level);
  double const middle = (static_cast<double>(values.size()) - 1) / 2;
  double const trend = robust_slope(values);
  std::vector<double> levelled(values.begin(), values.end()), signs;
  for (std::size_t i = 0; i < values.size(); ++i)
    levelled[i] -= trend * (static_cast<double>(i) - middle);
  double const centre = median(levelled), plain = median(values);
  for (double const value : levelled)
    signs.push_back(value > centre ? 1.0 : value < centre ? -1.0 : 0.0);
  double const independent = std::max(3.0, effective_sample_size(signs));
  double const z = detail::normal_quantile((1 + level) / 2);
  double const half = z / (2 * std::sqrt(independent + z * z));
  return {std::min(plain, quantile(levelled, 0.5 - half)),
          std::max(plain, quantile(levelled, 0.5 + half)), level};
}

/// Slope of the least-squares line through the values over their index; 0 for fewer than 2.
inline double slope(std::span<double const> values) {
  double const centre = (static_cast<double>(values.size()) - 1) / 2;
  double products = 0, squares = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    double const x = static_cast<double>(i) - centre;
    products += x * values[i];
    squares += x * x;
  }
  return squares > 0 ? products / squares : 0;
}

/// Mean and deviation of a growing series, O(1) a value. Welford, Technometrics 4 (1962) 419.
class RunningDeviation {
 public:
  void add(double value) {
    ++count_;
    double const off = value - mean_;
    mean_ += off / static_cast<double>(count_);
    squares_ += off * (value - mean_);
  }
  /// Unbiased deviation over mean; NaN for fewer than 2 values.
  [[nodiscard]] double relative() const {
    if (count_ < 2) return std::numeric_limits<double>::quiet_NaN();
    return std::sqrt(squares_ / static_cast<double>(count_ - 1)) / mean_;
  }

 private:
  std::uint64_t count_ = 0;
  double mean_ = 0;
  double squares_ = 0;
};

/// Shannon entropy in bits of a growing series whose values are told apart to within `width`:
/// log2 n - (1/n) sum over bins of c log2 c. It levels off once the distribution has been seen.
/// O(1) a value.
class RunningEntropy {
 public:
  explicit RunningEntropy(double width) : width_(width) {}
  void add(double value) {
    ++count_;
    double& bin = bins_[static_cast<std::int64_t>(std::floor(value / width_))];
    if (bin > 0) sum_ -= bin * std::log2(bin);
    bin += 1;
    sum_ += bin * std::log2(bin);
  }
  [[nodiscard]] double bits() const {
    if (count_ == 0) return 0;
    double const n = static_cast<double>(count_);
    return std::max(0.0, std::log2(n) - sum_ / n);
  }

 private:
  double width_;
  std::uint64_t count_ = 0;
  std::unordered_map<std::int64_t, double> bins_;  // a double counts exactly up to 2^53
  double sum_ = 0;
};

}  // namespace inpex
