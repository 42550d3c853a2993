// Whether two small sets of measurements differ beyond noise: the rank-sum test of H. B. Mann and
// D. R. Whitney, On a Test of Whether one of Two Random Variables is Stochastically Larger than the
// Other, Ann. Math. Stat. 18 (1947). It assumes no distribution; only the order of values counts,
// so values may be infinite, never NaN. Two-sided.
//
// Up to kExactMost values in all the p-value is exact, ties included: every way to deal the values
// out to the two sides is counted, equal values sharing their mean rank (E. L. Lehmann,
// Nonparametrics, 1975, §1.4). Beyond that it is the normal approximation with corrections for
// continuity and ties. An approximation would claim too much of few values with ties: 3 equal ones
// against 3 others would be significant, which at 3 against 3 nothing can be.
#pragma once

#include <cstddef>
#include <vector>

namespace replsim {

inline constexpr size_t kExactMost = 50;  // C(50, 25) is still exact in a double

struct MannWhitney {
  double u = 0;  // pairs in which the value of `a` is larger; a tie counts half
  double p = 1;  // how likely so uneven an order is if both come from one distribution
};
// Where one side is empty, p is 1.
MannWhitney MannWhitneyTest(const std::vector<double>& a, const std::vector<double>& b);

// Its parts, for tests. The sizes may not be 0.
double ExactP(const std::vector<double>& a, const std::vector<double>& b);
double ApproximateP(const std::vector<double>& a, const std::vector<double>& b);

// The least p that sets of these sizes can have, without ties: where it is not below a level, no
// difference, however large, can be told from noise at that level.
double LeastP(size_t a, size_t b);

}  // namespace replsim
