// The median of a few measurements with a confidence interval. No distribution is assumed.
//
// The interval is that of order statistics. The number K of the n values below the true median is
// binomial with p = 1/2, so the k-th smallest and the k-th largest value enclose the median with
// confidence 1 - 2 P(K < k). The largest k with a confidence of at least 95 % is used. Fewer than 6
// values have no interval: the extremes of 5 values enclose the median with only 93.75 %. The
// method inverts the sign test: W. J. Conover, Practical Nonparametric Statistics, 3rd ed. 1999,
// §3.2; J.-Y. Le Boudec, Performance Evaluation of Computer and Communication Systems, 2010, §2.2.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace replsim {

inline constexpr size_t kLeastForInterval = 6;

struct Interval {
  double low = 0;
  double high = 0;
  bool operator==(const Interval&) const = default;
};

// The middle value, or the mean of the middle two. Absent if there are no values. Values may be
// infinite, but not NaN.
std::optional<double> Median(std::vector<double> values);
// The interval of the true median with at least 95 % confidence. Absent for fewer than
// kLeastForInterval values.
std::optional<Interval> MedianInterval(std::vector<double> values);
// The k above: the rank, from 1, of the value that begins the interval; 0 if there is none.
size_t IntervalRank(size_t n);

}  // namespace replsim
