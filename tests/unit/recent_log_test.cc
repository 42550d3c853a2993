#include "common/feed/recent_log.h"

#include <gtest/gtest.h>

#include "tests/unit/record_batches.h"

namespace replsim::recent_log_test {
namespace {

TEST(RecentLog, GivesTheRestOfTheBatchThatHoldsAnLsn) {
  RecentLog log(1 << 20);
  log.Add(MakeBatch(1, 1, 4));
  log.Add(MakeBatch(1, 5, 8));
  const BatchPtr batch = log.From(Lsn(3), Lsn(8));
  ASSERT_NE(batch, nullptr);
  EXPECT_EQ(batch->first, Lsn(3));
  EXPECT_EQ(batch->last, Lsn(4));
}

TEST(RecentLog, StopsAtTheLimit) {
  RecentLog log(1 << 20);
  log.Add(MakeBatch(1, 1, 4));
  EXPECT_EQ(log.From(Lsn(1), Lsn(2))->last, Lsn(2));
  EXPECT_EQ(log.From(Lsn(3), Lsn(2)), nullptr);
  EXPECT_EQ(log.From(Lsn(5), Lsn(9)), nullptr);
}

TEST(RecentLog, TrimsToItsBoundButKeepsWhatIsNeededAndTheNewest) {
  RecentLog log(1);
  for (uint64_t lsn = 1; lsn <= 4; ++lsn) log.Add(MakeBatch(1, lsn, lsn));
  log.Trim(Lsn(2));
  EXPECT_EQ(log.From(Lsn(2), Lsn(4)), nullptr);
  EXPECT_NE(log.From(Lsn(3), Lsn(4)), nullptr);
  log.Trim(Lsn(4));
  EXPECT_EQ(log.From(Lsn(3), Lsn(4)), nullptr);
  EXPECT_NE(log.From(Lsn(4), Lsn(4)), nullptr);
}

TEST(RecentLog, MayBeginAnywhereOnceCleared) {
  RecentLog log(1 << 20);
  log.Add(MakeBatch(1, 1, 4));
  log.Clear();
  log.Add(MakeBatch(2, 3, 5));
  EXPECT_EQ(log.From(Lsn(4), Lsn(5))->first, Lsn(4));
}

TEST(RecentLogDeathTest, AHoleIsAProgrammingError) {
  RecentLog log(1 << 20);
  log.Add(MakeBatch(1, 1, 4));
  EXPECT_DEATH(log.Add(MakeBatch(1, 6, 6)), "batch at 6");
}

}  // namespace
}  // namespace replsim::recent_log_test
