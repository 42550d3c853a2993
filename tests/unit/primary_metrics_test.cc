// The metrics of a primary: lag per replica, and waits for the gate.
#include <gtest/gtest.h>

#include "tests/unit/primary_core_fixture.h"

namespace replsim::primary_metrics_test {
namespace {

class PrimaryMetricsTest : public PrimaryCoreTest {
 protected:
  CoreMetrics::Leading Leading() { return *driver_->core().Metrics().leading; }
};

TEST_F(PrimaryMetricsTest, AReplicaThatHasNotReportedHasNoLagRatherThanNone) {
  Start();
  Write(1);
  const CoreMetrics::Leading leading = Leading();
  ASSERT_EQ(leading.replicas.size(), 2u);
  EXPECT_TRUE(leading.replicas[0].streaming);
  EXPECT_TRUE(leading.replicas[0].lags.empty());
}

TEST_F(PrimaryMetricsTest, LagIsToldForEachStage) {
  Start();
  for (uint64_t id = 1; id <= 4; ++id) Write(id);
  Logged(4);
  AckFrom(1, 4, 3, 2, 1);
  const std::vector<LagSnapshot> lags = Leading().replicas[0].lags;
  ASSERT_EQ(lags.size(), std::size(kReplicaStages));
  for (uint64_t i = 0; i < lags.size(); ++i) EXPECT_EQ(lags[i].entries, i);
  EXPECT_FALSE(lags[0].since.has_value());
  EXPECT_TRUE(lags[3].since.has_value());
}

TEST_F(PrimaryMetricsTest, AReplicaThatIsGoneFallsFurtherBehindWhatItLastSaid) {
  Start();
  Write(1);
  Logged(1);
  AckFrom(1, 1, 1, 1, 1);
  driver_->Do(StreamClosed{StreamOf(1)});
  Write(2);
  Write(3);
  const CoreMetrics::Replica r1 = Leading().replicas[0];
  EXPECT_FALSE(r1.streaming);
  EXPECT_FALSE(r1.last_heard.has_value());
  EXPECT_EQ(r1.lags.at(0).entries, 2u);
}

TEST_F(PrimaryMetricsTest, AWriteWaitsForTheGateFromItsArrivalUntilItIsPast) {
  options_.knobs.ack_after = Stage::kReplicaFlush;
  Start();
  const Instant first = driver_->now();
  Write(1);
  driver_->Wait(Millis(5));
  Write(2);
  Logged(2);
  EXPECT_EQ(Leading().gate_waiting, 2u);
  EXPECT_EQ(Leading().gate_waiting_since, first);
  driver_->Wait(Millis(25));
  AckFrom(1, 1, 1, 1, 1);
  EXPECT_EQ(Leading().gate_waiting, 1u);
  EXPECT_EQ(Leading().gate_waiting_since, first + Millis(5));
  EXPECT_EQ(Leading().gate_waits.count, 1u);
  EXPECT_EQ(Leading().gate_waits.sum, Millis(30));
}

TEST_F(PrimaryMetricsTest, WhoIsFencedLeadsNobody) {
  Start();
  driver_->Do(PeerAsked{NodeId("r1"), Announcement{Epoch(9)}});
  EXPECT_FALSE(driver_->core().Metrics().leading.has_value());
}

TEST(WaitTimes, EachWaitIsInTheFirstBucketThatHoldsIt) {
  WaitTimes times;
  times.Add(Nanos(0));
  times.Add(Micros(125));
  times.Add(Micros(126));
  times.Add(Micros(500));
  times.Add(Micros(501));
  times.Add(Millis(60'000));
  EXPECT_EQ(times.buckets[0], 2u);
  EXPECT_EQ(times.buckets[1], 1u);
  EXPECT_EQ(times.buckets[2], 1u);
  EXPECT_EQ(times.buckets[3], 1u);
  EXPECT_EQ(times.count, 6u) << "one is beyond the last bucket";
}

}  // namespace
}  // namespace replsim::primary_metrics_test
