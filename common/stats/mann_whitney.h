// Tests whether two small sets of measurements differ beyond noise: the rank-sum test of H. B. Mann
// and D. R. Whitney, On a Test of Whether one of Two Random Variables is Stochastically Larger than
// the Other, Ann. Math. Stat. 18 (1947). The test is two-sided. It assumes no distribution and uses
// only the order of values, so values may be infinite, but not NaN.
//
// Up to kExactMost values in total, the p-value is exact, also with ties. It counts every
// assignment of the values to the two sides; equal values share their mean rank (E. L. Lehmann,
// Nonparametrics, 1975, §1.4). Above kExactMost, the p-value is the normal approximation with
// corrections for continuity and ties. The approximation is too low for few values with ties: it
// would call 3 equal values against 3 other equal values significant, although no outcome of 3
// against 3 is.
#pragma once

#include <cstddef>
#include <vector>

namespace replsim {

inline constexpr size_t kExactMost = 50;  // C(50, 25) is still exact in a double

struct MannWhitney {
  double u = 0;  // pairs in which the value of `a` is larger; a tie counts half
  double p = 1;  // probability of an order at least this uneven if the distributions are equal
};
// p is 1 if one side is empty.
MannWhitney MannWhitneyTest(const std::vector<double>& a, const std::vector<double>& b);

// The two computations of p, exposed for tests. The sizes must not be 0.
double ExactP(const std::vector<double>& a, const std::vector<double>& b);
double ApproximateP(const std::vector<double>& a, const std::vector<double>& b);

// The smallest p that sets of these sizes can have, without ties. If it is not below a significance
// level, no difference is significant at that level, however large.
double LeastP(size_t a, size_t b);

}  // namespace replsim
