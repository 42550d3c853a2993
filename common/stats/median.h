// The median of a few measurements, and how far it can be trusted, without any assumption about how
// they are distributed.
//
// The interval is that of order statistics: with K of n values below the true median, K is binomial
// with p = 1/2, so the k-th smallest and the k-th largest value enclose it with confidence
// 1 - 2 P(K < k). Taken is the largest k for which that is at least 95 %; fewer than 6 values have
// none, for even their extremes enclose the median in 93.75 % of cases only. It is the sign test
// turned round: W. J. Conover, Practical Nonparametric Statistics, 3rd ed. 1999, §3.2; J.-Y. Le
// Boudec, Performance Evaluation of Computer and Communication Systems, 2010, §2.2.
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

// Of the middle two, their mean. Nothing of no value. Values may be infinite, never NaN.
std::optional<double> Median(std::vector<double> values);
// Of the true median, with confidence of at least 95 %; nothing of fewer than kLeastForInterval.
std::optional<Interval> MedianInterval(std::vector<double> values);
// The k above: which of `n` values in order, counted from 1, begins the interval; 0 for none.
size_t IntervalRank(size_t n);

}  // namespace replsim
