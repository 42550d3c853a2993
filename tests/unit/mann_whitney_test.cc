#include "common/stats/mann_whitney.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace replsim::mann_whitney_test {
namespace {

using ::testing::DoubleNear;
using Values = std::vector<double>;

// Two sides of these sizes, without ties, with U = u.
std::pair<Values, Values> SidesWith(size_t a, size_t b, size_t u) {
  std::pair<Values, Values> sides;
  for (size_t j = 1; j <= b; ++j) sides.second.push_back(static_cast<double>(j));
  for (size_t i = 0; i < a; ++i) {
    const size_t larger_than = std::min(b, u);
    u -= larger_than;
    sides.first.push_back(static_cast<double>(larger_than) + 0.5 + 0.001 * static_cast<double>(i));
  }
  return sides;
}

// Critical values of U, two-sided at 5 %: D. Auble, Extended Tables for the Mann-Whitney Statistic,
// 1953, as printed in most textbooks.
TEST(MannWhitney, RejectsAtTheTabulatedValuesAndNotBeyond) {
  struct Row {
    size_t a, b, critical;
  };
  for (const Row& row :
       {Row{4, 4, 0}, Row{3, 5, 0}, Row{5, 5, 2}, Row{6, 6, 5}, Row{5, 8, 6}, Row{8, 8, 13},
        Row{9, 12, 26}, Row{10, 10, 23}, Row{15, 20, 90}, Row{20, 20, 127}}) {
    const auto [a, b] = SidesWith(row.a, row.b, row.critical);
    EXPECT_EQ(MannWhitneyTest(a, b).u, row.critical);
    EXPECT_LE(MannWhitneyTest(a, b).p, 0.05) << row.a << ", " << row.b;
    EXPECT_LE(MannWhitneyTest(b, a).p, 0.05) << "the other way round";
    const auto [c, d] = SidesWith(row.a, row.b, row.critical + 1);
    EXPECT_GT(MannWhitneyTest(c, d).p, 0.05) << row.a << ", " << row.b;
  }
}

// M. Hollander and D. A. Wolfe, Nonparametric Statistical Methods, 1973, p. 69: W = 35, one-sided
// p = 0.1272.
TEST(MannWhitney, GivesThePublishedPOfAnExample) {
  const Values at_term = {0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46};
  const Values earlier = {1.15, 0.88, 0.90, 0.74, 1.21};
  const MannWhitney test = MannWhitneyTest(at_term, earlier);
  EXPECT_EQ(test.u, 35);
  EXPECT_THAT(test.p, DoubleNear(2 * 0.1272, 1e-4));
}

// The example of the manual of scipy.stats.mannwhitneyu, which prints both.
TEST(MannWhitney, IsExactForFewValuesAndApproximatesMany) {
  const Values males = {19, 22, 16, 29, 24};
  const Values females = {20, 11, 17, 12};
  EXPECT_EQ(MannWhitneyTest(males, females).u, 17);
  EXPECT_THAT(ExactP(males, females), DoubleNear(0.1111111111, 1e-9));
  EXPECT_THAT(ApproximateP(males, females), DoubleNear(0.1113468865, 1e-9));
  const auto [a, b] = SidesWith(25, 25, 200);
  EXPECT_EQ(MannWhitneyTest(a, b).p, ExactP(a, b));
  EXPECT_THAT(ApproximateP(a, b), DoubleNear(ExactP(a, b), 1e-3));
  const auto [c, d] = SidesWith(26, 25, 200);
  EXPECT_EQ(MannWhitneyTest(c, d).p, ApproximateP(c, d));
}

TEST(MannWhitney, TiesShareTheirRankAndAreCounted) {
  // There are 20 ways to distribute 1 1 1 2 2 2; one has U = 0 and one U = 9.
  const MannWhitney test = MannWhitneyTest({1, 1, 1}, {2, 2, 2});
  EXPECT_EQ(test.u, 0);
  EXPECT_DOUBLE_EQ(test.p, 0.1);
  EXPECT_LT(ApproximateP({1, 1, 1}, {2, 2, 2}), 0.05) << "which is why it is not asked";
  EXPECT_EQ(MannWhitneyTest({1, 2}, {1, 2}).u, 2);
}

TEST(MannWhitney, EqualOrMissingValuesAreNoDifference) {
  EXPECT_EQ(MannWhitneyTest({5, 5, 5, 5}, {5, 5, 5, 5}).p, 1);
  EXPECT_EQ(MannWhitneyTest(Values(40, 5), Values(40, 5)).p, 1);
  EXPECT_EQ(MannWhitneyTest({}, {1, 2}).p, 1);
}

TEST(LeastP, SaysHowManyRunsAClaimNeeds) {
  EXPECT_THAT(LeastP(3, 3), DoubleNear(0.1, 1e-12));
  EXPECT_THAT(LeastP(4, 4), DoubleNear(2.0 / 70, 1e-12));
  EXPECT_EQ(LeastP(1, 1), 1);
  const auto [a, b] = SidesWith(4, 4, 0);
  EXPECT_THAT(MannWhitneyTest(a, b).p, DoubleNear(LeastP(4, 4), 1e-12));
}

}  // namespace
}  // namespace replsim::mann_whitney_test
