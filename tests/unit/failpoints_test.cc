#include "common/node/failpoints.h"

#include <set>

#include <gtest/gtest.h>

namespace replsim::failpoints_test {
namespace {

constexpr FailpointName kBeforeFlush{false, Point::kPrimaryFlush};

std::optional<uint64_t> Pass(Failpoints& f, uint64_t first, uint64_t last, bool after = false,
                             Point point = Point::kPrimaryFlush) {
  const auto match = f.Pass(point, after, Lsn(first), Lsn(last));
  if (!match) return std::nullopt;
  return match->lsn.value();
}

TEST(Failpoints, FiresOnceAtItsLsn) {
  Failpoints f;
  f.Arm({kBeforeFlush, 0, Lsn(5), false});
  EXPECT_EQ(Pass(f, 1, 4), std::nullopt);
  EXPECT_EQ(Pass(f, 5, 9), 5u);
  EXPECT_EQ(Pass(f, 5, 9), std::nullopt);
}

TEST(Failpoints, CountsWritesFromWhenItWasArmed) {
  Failpoints f;
  EXPECT_EQ(Pass(f, 1, 10), std::nullopt);
  f.Arm({kBeforeFlush, 3, Lsn(0), false});
  EXPECT_EQ(Pass(f, 11, 12), std::nullopt);
  EXPECT_EQ(Pass(f, 13, 20), 13u);
}

TEST(Failpoints, AWriteThatPassesAgainIsNotCountedAgain) {
  Failpoints f;
  f.Arm({kBeforeFlush, 3, Lsn(0), false});
  EXPECT_EQ(Pass(f, 1, 2), std::nullopt);
  EXPECT_EQ(Pass(f, 1, 2), std::nullopt);  // to the second replica
  EXPECT_EQ(Pass(f, 1, 3), 3u);
}

TEST(Failpoints, OtherPointsAndTheOtherSideDoNotFireIt) {
  Failpoints f;
  f.Arm({kBeforeFlush, 1, Lsn(0), true});
  EXPECT_EQ(Pass(f, 1, 1, /*after=*/true), std::nullopt);
  EXPECT_EQ(Pass(f, 1, 1, false, Point::kPrimaryWrite), std::nullopt);
  const auto match = f.Pass(Point::kPrimaryFlush, false, Lsn(1), Lsn(1));
  ASSERT_TRUE(match.has_value());
  EXPECT_TRUE(match->pause);
}

TEST(Failpoints, TwoOfOneNameFireOneAfterTheOther) {
  Failpoints f;
  f.Arm({kBeforeFlush, 0, Lsn(2), false});
  f.Arm({kBeforeFlush, 0, Lsn(3), false});
  EXPECT_EQ(Pass(f, 1, 9), 2u);
  EXPECT_EQ(Pass(f, 3, 9), 3u);
}

TEST(FailpointNames, EveryNameComesBackFromItsText) {
  std::set<std::string> names;
  for (const Point point : kAllPoints) {
    for (const bool after : {false, true}) {
      const FailpointName name{after, point};
      EXPECT_EQ(ParseFailpoint(ToString(name)), name);
      names.insert(ToString(name));
    }
  }
  EXPECT_EQ(names.size(), 24u);
  EXPECT_EQ(ToString({true, Point::kPrimaryAck}), "after-primary.ack");
  EXPECT_EQ(ParseFailpoint("primary.ack"), std::nullopt);
  EXPECT_EQ(ParseFailpoint("after-primary.acks"), std::nullopt);
}

TEST(FailpointsDeathTest, NeedsAHitOrAnLsnAndNotBoth) {
  Failpoints f;
  EXPECT_DEATH(f.Arm({kBeforeFlush, 0, Lsn(0), false}), "exactly one");
  EXPECT_DEATH(f.Arm({kBeforeFlush, 1, Lsn(1), false}), "exactly one");
}

}  // namespace
}  // namespace replsim::failpoints_test
