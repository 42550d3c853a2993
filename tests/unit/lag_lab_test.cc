// The lag metrics of real systems and their errors: one recording by hand for each.
#include "simulator/analysis/lag/lag_lab.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/analysis/evidence/stages.h"
#include "simulator/analysis/lag/lag.h"
#include "simulator/analysis/lag/lag_truth.h"
#include "simulator/analysis/lag/metric_errors.h"
#include "simulator/analysis/lag/replay_lag.h"
#include "tests/unit/fake_recording.h"

namespace replsim::lag_lab_test {
namespace {

using ::testing::HasSubstr;

constexpr double kMsMicros = 1e3;

// p leads epoch 1 from 900 ms on, and r1 is connected; the load lasts four seconds.
class LagLab : public testing::Test {
 protected:
  LagLab() : fake_({"p", "r1"}) {
    fake_.manifest().set_load_end_ns(FakeRecording::Ns(5000));
    fake_.manifest().set_end_ns(FakeRecording::Ns(6000));
    fake_.Started("p", 900).Leads("p", 900, 1, 0).Started("r1", 900);
    fake_.Trace("p", 950, TraceKind::kConnected, 1, 0, "r1");
  }

  // The primary appends up to `lsn`, writes and flushes.
  void Appends(double ms, uint64_t lsn) {
    fake_.Append("p", ms, 1, lsn);
    fake_.Trace("p", ms, TraceKind::kWrite, 1, lsn).Trace("p", ms, TraceKind::kFlush, 1, lsn);
    fake_.Trace("p", ms, TraceKind::kSend, 1, lsn, "r1");
  }
  // The replica has all stages up to `lsn`, its wall clock being that far ahead of the primary's,
  // and p learns of it a millisecond later. `age`: of that entry.
  void Applies(double ms, uint64_t lsn, double age_ms, double ahead_ms = 0) {
    fake_.Reaches("r1", ms, 1, lsn);
    WallLag(ms, lsn, age_ms + ahead_ms);
    Learns(ms + 1, lsn);
  }
  void WallLag(double ms, uint64_t lsn, double shown_ms) {
    fake_.Trace("r1", ms, TraceKind::kWallLag, 1, lsn);
    fake_.node("r1").trace->back().bytes = static_cast<uint64_t>(FakeRecording::Ns(shown_ms));
  }
  void Learns(double ms, uint64_t lsn) {
    fake_.Trace("p", ms, TraceKind::kPeerApply, 1, lsn, "r1");
  }
  // Ten writes every 100 ms, appended and applied after a millisecond, and the last LSN of them.
  uint64_t Steady(double from_ms, double until_ms, uint64_t lsn = 0, double ahead_ms = 0) {
    for (double ms = from_ms; ms < until_ms; ms += 100) {
      lsn += 10;
      Appends(ms + 10, lsn);
      Applies(ms + 11, lsn, 1, ahead_ms);
    }
    return lsn;
  }
  void Cut(double ms) {
    fake_.Event(ms, proto::RunEvent::LINK_PARTITIONED, "p", "r1");
    fake_.Event(ms, proto::RunEvent::LINK_PARTITIONED, "r1", "p");
  }
  // Entries that are appended and go no further.
  void Unheard(double from_ms, double until_ms, uint64_t lsn) {
    for (double ms = from_ms; ms < until_ms; ms += 100) Appends(ms + 10, lsn += 10);
  }

  ShownLag Show(size_t metric) {
    const Recording recording = fake_.Done();
    const LeadershipHistory leadership_history(recording);
    std::vector<ShownLag> all;
    for (size_t node = 0; node < recording.nodes.size(); ++node) {
      if (!recording.nodes[node].trace) continue;
      const auto truth = [&](size_t stage) {
        return TrueLag(BuildLagCurve(leadership_history, node,
                                     StageSteps(*recording.nodes[node].trace, stage)),
                       LagReadingInstants(recording.manifest));
      };
      for (ShownLag& shown : ShowLagMetrics(recording, leadership_history, node,
                                            truth(kReceiveStage), truth(kApplyStage))) {
        all.push_back(std::move(shown));
      }
    }
    EXPECT_EQ(all.size(), kLagMetrics.size()) << "of r1 alone";
    return all.at(metric);
  }
  static std::optional<double> At(const ShownLag& shown, double ms) {
    for (const ShownPoint& point : shown.points) {
      if (point.time_ns == FakeRecording::Ns(ms)) return point.value;
    }
    ADD_FAILURE() << "no reading at " << ms;
    return std::nullopt;
  }
  static std::optional<MetricErrorKind> LieAt(const ShownLag& shown, double ms) {
    for (const MetricError& error : shown.errors) {
      if (error.begin_ns <= FakeRecording::Ns(ms) && FakeRecording::Ns(ms) < error.end_ns) {
        return error.kind;
      }
    }
    return std::nullopt;
  }

  FakeRecording fake_;
};

TEST_F(LagLab, OfAHealthyReplicaUnderLoadAllButOneAreRight) {
  Steady(1000, 5000);
  for (size_t metric = 0; metric < kLagMetrics.size(); ++metric) {
    if (metric == kPgReplayAge) continue;  // between bursts the newest entry applied grows old
    EXPECT_TRUE(Show(metric).errors.empty()) << kLagMetrics[metric].id;
  }
}

TEST_F(LagLab, ReplayLagIsWhatThePrimaryWaitedForTheAnswer) {
  Steady(1000, 1500);
  EXPECT_EQ(At(Show(kPgReplayLag), 1400), 2 * kMsMicros) << "flushed at 1310, told at 1312";
}

TEST_F(LagLab, ReplayLagStandsStillWhenTheLinkIsCut) {
  const uint64_t lsn = Steady(1000, 2000);
  Cut(2000);
  Unheard(2000, 5000, lsn);
  const ShownLag shown = Show(kPgReplayLag);
  EXPECT_EQ(At(shown, 4900), 2 * kMsMicros);
  EXPECT_EQ(LieAt(shown, 4900), MetricErrorKind::kTooLow);
}

TEST_F(LagLab, ReplayLagIsNullOnceNothingIsNew) {
  Steady(1000, 2000);
  EXPECT_NE(At(Show(kPgReplayLag), 2500), std::nullopt) << "as long as no status message has come";
  EXPECT_EQ(At(Show(kPgReplayLag), 3000), std::nullopt);
}

TEST_F(LagLab, ReplayLagOfAStuckReplayGrowsWithTheAnswers) {
  const uint64_t lsn = Steady(1000, 2000);
  for (double ms = 2000; ms < 3000; ms += 100) {
    Appends(ms, lsn + static_cast<uint64_t>(ms) - 1999);
    fake_.Trace("p", ms + 2, TraceKind::kPeerReceive, 1, lsn + static_cast<uint64_t>(ms) - 1999,
                "r1");
  }
  const ShownLag shown = Show(kPgReplayLag);
  EXPECT_GT(At(shown, 2900), 700 * kMsMicros);
  EXPECT_EQ(LieAt(shown, 2900), std::nullopt);
}

TEST(ReplayLagTracker, CountsWhatIsToCatchUpOnFromTheConnect) {
  ReplayLag lag;
  lag.Connected(/*flushed=*/100, /*time_ns=*/1000);
  lag.Replied(100, 1007);
  EXPECT_EQ(lag.value_ns(), 7) << "however long ago the 100 were written";
  lag.Connected(100, 2000);
  EXPECT_EQ(lag.value_ns(), std::nullopt);
}

TEST_F(LagLab, ReplayAgeGrowsWhileThePrimaryIsIdle) {
  Steady(1000, 2000);
  const ShownLag shown = Show(kPgReplayAge);
  EXPECT_NEAR(*At(shown, 4000), 2090 * kMsMicros, kMsMicros) << "entry 100 was appended at 1910";
  EXPECT_EQ(LieAt(shown, 4000), MetricErrorKind::kTooHigh);
  EXPECT_EQ(Show(kPgReplayAgeFixed).errors.size(), 0u) << "the fix is for this";
}

TEST_F(LagLab, ReplayAgeIsOffByTheClocks) {
  Steady(1000, 5000, 0, /*ahead_ms=*/-3000);
  const ShownLag shown = Show(kPgReplayAge);
  EXPECT_LT(At(shown, 2000), -2000 * kMsMicros);
  EXPECT_EQ(LieAt(shown, 2000), MetricErrorKind::kTooLow);
}

TEST_F(LagLab, FixedReplayAgeIsZeroWhileTheLinkIsCut) {
  const uint64_t lsn = Steady(1000, 2000);
  Cut(2000);
  Unheard(2000, 5000, lsn);
  const ShownLag shown = Show(kPgReplayAgeFixed);
  EXPECT_EQ(At(shown, 4000), 0);
  EXPECT_EQ(LieAt(shown, 4000), MetricErrorKind::kZeroWhileBroken);
  EXPECT_EQ(LieAt(shown, 2300), MetricErrorKind::kTooLow) << "not yet missing for long";
  EXPECT_EQ(LieAt(Show(kPgReplayAge), 4000), std::nullopt) << "the plain one is right here";
}

TEST_F(LagLab, LsnDifferenceCountsWhatOnlyTheAnswersLack) {
  uint64_t lsn = Steady(1000, 2000);
  for (double ms = 2000; ms < 5000; ms += 100) {
    lsn += 100;
    Appends(ms + 10, lsn);
    fake_.Reaches("r1", ms + 11, 1, lsn);
  }
  const ShownLag shown = Show(kPgLsnDifference);
  EXPECT_EQ(At(shown, 4000), 2000.0 * FakeRecording::kRecordBytes);
  EXPECT_EQ(LieAt(shown, 4000), MetricErrorKind::kTooHigh);
  EXPECT_EQ(Summarize(shown).max_true(), 100.0 * FakeRecording::kRecordBytes);
}

TEST_F(LagLab, SecondsBehindSourceIsZeroWhileNothingIsReceived) {
  const uint64_t lsn = Steady(1000, 2000);
  Cut(2000);
  Unheard(2000, 4000, lsn);
  fake_.Trace("p", 4000, TraceKind::kDisconnected, 1, 0, "r1");
  const ShownLag shown = Show(kSecondsBehindSource);
  EXPECT_EQ(At(shown, 3500), 0);
  EXPECT_EQ(LieAt(shown, 3500), MetricErrorKind::kZeroWhileBroken);
  EXPECT_EQ(LieAt(shown, 2700), std::nullopt) << "whole seconds cannot tell 690 ms from 0";
  EXPECT_EQ(At(shown, 4000), std::nullopt);
  EXPECT_EQ(LieAt(shown, 4500), MetricErrorKind::kNullWhileBroken);
}

TEST_F(LagLab, SecondsBehindSourceKnowsTheClocksAsOfTheConnect) {
  uint64_t lsn = Steady(1000, 2000, 0, /*ahead_ms=*/-3000);
  const auto behind = [&](double ms, double ahead_ms) {
    Appends(ms, lsn + 10);
    fake_.Append("r1", ms + 1, 1, lsn + 10);
    fake_.Trace("r1", ms + 1, TraceKind::kApply, 1, lsn + 1);
    WallLag(ms + 1, lsn + 1, 1 + ahead_ms);
    lsn += 10;
  };
  behind(2010, -3000);
  EXPECT_EQ(At(Show(kSecondsBehindSource), 2100), 0) << "a difference that it knows of";
  behind(3010, 2000);
  const ShownLag shown = Show(kSecondsBehindSource);
  EXPECT_EQ(At(shown, 3100), 5e6) << "five seconds that came later";
  EXPECT_EQ(LieAt(shown, 3100), MetricErrorKind::kTooHigh);
}

// Acknowledges every record that it receives and applies none.
TEST_F(LagLab, RedisLagIsSmallWhileTheReplicaAnswers) {
  const uint64_t lsn = Steady(1000, 2000);
  Unheard(2000, 5000, lsn);
  const ShownLag shown = Show(kRedisLag);
  for (const ShownPoint& point : shown.points) EXPECT_LE(point.value, 1e6);
  EXPECT_TRUE(LieAt(shown, 4900).has_value());
}

TEST_F(LagLab, RedisLagGrowsWhenNoAnswerComes) {
  const uint64_t lsn = Steady(1000, 2000);
  Cut(2050);
  Unheard(2000, 5000, lsn);
  const ShownLag shown = Show(kRedisLag);
  EXPECT_EQ(At(shown, 4900), 3e6) << "the last ACK came at 1950, the connect being at 950";
  EXPECT_EQ(LieAt(shown, 4900), std::nullopt);
}

TEST_F(LagLab, RedisOffsetIsUpToASecondOld) {
  uint64_t lsn = 0;
  for (double ms = 1000; ms < 5000; ms += 100) {
    lsn += 100;
    Appends(ms + 10, lsn);
    Applies(ms + 11, lsn, 1);
  }
  const ShownLag shown = Show(kRedisOffsetDifference);
  EXPECT_EQ(At(shown, 2900), 900.0 * FakeRecording::kRecordBytes) << "ACK at 1950";
  EXPECT_EQ(At(shown, 3000), 0.0) << "ACK at 2950";
  EXPECT_EQ(LieAt(shown, 2900), MetricErrorKind::kTooHigh);
}

TEST_F(LagLab, KafkaFollowerLagStandsStillWhenNoFetchIsAnswered) {
  const uint64_t lsn = Steady(1000, 2000);
  Cut(2000);
  Unheard(2000, 4000, lsn);
  fake_.Trace("p", 4000, TraceKind::kDisconnected, 1, 0, "r1");
  const ShownLag shown = Show(kKafkaFollowerLag);
  EXPECT_EQ(At(shown, 3500), 0);
  EXPECT_EQ(LieAt(shown, 3500), MetricErrorKind::kZeroWhileBroken);
  EXPECT_EQ(At(shown, 4000), std::nullopt) << "gone with the connection";
}

TEST_F(LagLab, KafkaFollowerLagIsTheBacklogAtTheLastFetch) {
  fake_.Append("p", 1000, 1, 500);
  fake_.Trace("p", 1001, TraceKind::kSend, 1, 100, "r1").Append("r1", 1002, 1, 100);
  EXPECT_EQ(At(Show(kKafkaFollowerLag), 1100), 400);
}

TEST_F(LagLab, MongodbOptimeDifferenceIsAsOldAsTheHeartbeat) {
  Steady(1000, 5000);
  const ShownLag shown = Show(kMongodbOptimeDifference);
  EXPECT_EQ(At(shown, 1900), 0) << "heard at 1100, of 1010, when the second was the same";
  EXPECT_EQ(At(shown, 3000), 1e6);
  EXPECT_EQ(At(shown, 3100), 0) << "heard again";
  EXPECT_TRUE(shown.errors.empty()) << "whole seconds";
  fake_.Event(2500, proto::RunEvent::LINK_PARTITIONED, "r1", "p");
  const ShownLag unheard = Show(kMongodbOptimeDifference);
  EXPECT_EQ(At(unheard, 4900), 3e6);
  EXPECT_EQ(LieAt(unheard, 4900), MetricErrorKind::kTooHigh) << "no heartbeat at 3100";
}

TEST_F(LagLab, HeartbeatTableGrowsWhenTheLinkIsCutAndIsRightWhileIdle) {
  Steady(1000, 2000);
  EXPECT_TRUE(Show(kHeartbeatTableLag).errors.empty());
  Cut(2500);
  const ShownLag shown = Show(kHeartbeatTableLag);
  EXPECT_EQ(At(shown, 4500), 2500 * kMsMicros) << "the beat of 2000 came through";
}

TEST_F(LagLab, HeartbeatTableIsOffByTheClocks) {
  Steady(1000, 5000, 0, /*ahead_ms=*/-3000);
  const ShownLag shown = Show(kHeartbeatTableLag);
  EXPECT_EQ(At(shown, 2500), -2500 * kMsMicros);
  EXPECT_EQ(LieAt(shown, 2500), MetricErrorKind::kTooLow);
}

TEST_F(LagLab, ANodeThatIsDownOrPausedShowsNothing) {
  Steady(1000, 5000);
  fake_.Event(2050, proto::RunEvent::PAUSED, "r1").Event(2550, proto::RunEvent::RESUMED, "r1");
  fake_.Event(3050, proto::RunEvent::KILLED, "p");
  EXPECT_EQ(At(Show(kPgReplayAge), 2100), std::nullopt);
  EXPECT_NE(At(Show(kPgReplayAge), 2600), std::nullopt);
  EXPECT_NE(At(Show(kPgReplayLag), 2100), std::nullopt) << "the primary still answers";
  EXPECT_EQ(At(Show(kPgReplayLag), 3100), std::nullopt);
}

TEST_F(LagLab, SumsUp) {
  const uint64_t lsn = Steady(1000, 2000);
  Cut(2000);
  Unheard(2000, 5000, lsn);
  const proto::RunReport::ShownLag summary = Summarize(Show(kPgReplayAgeFixed));
  EXPECT_EQ(summary.replica(), "r1");
  EXPECT_EQ(summary.metric(), "pg_replay_age_fixed");
  EXPECT_EQ(summary.wrong(), 2u) << "too low, then 0 while behind";
  EXPECT_EQ(summary.zero_while_broken(), 1u);
  EXPECT_NEAR(summary.wrong_ms(), 2900, 100);
  EXPECT_LT(summary.zero_while_broken_ms(), summary.wrong_ms());
  EXPECT_NEAR(summary.max_true(), 2890 * kMsMicros, 20 * kMsMicros);
  EXPECT_EQ(summary.max_shown(), 0);
  EXPECT_THAT(summary.first_error(), HasSubstr("it showed 0.0 ms, the true lag was"));
}

LagBetween Lagging(double least_ms, double most_ms) {
  LagBetween lag;
  lag.micros = {least_ms * kMsMicros, most_ms * kMsMicros};
  return lag;
}

TEST(Judge, AllowsAFactorOfTwoAndWhatNobodyWouldActOn) {
  const LagMetricName& metric = kLagMetrics[kPgReplayLag];
  EXPECT_EQ(Judge(metric, 15 * kMsMicros, Lagging(1, 3)), std::nullopt);
  EXPECT_EQ(Judge(metric, 190 * kMsMicros, Lagging(50, 100)), std::nullopt);
  EXPECT_EQ(Judge(metric, 210 * kMsMicros, Lagging(50, 100)), MetricErrorKind::kTooHigh);
  EXPECT_EQ(Judge(metric, 55 * kMsMicros, Lagging(100, 200)), std::nullopt);
  EXPECT_EQ(Judge(metric, 45 * kMsMicros, Lagging(100, 200)), MetricErrorKind::kTooLow);
}

TEST(Judge, TellsZeroAndNothingFromALowReading) {
  const LagMetricName& metric = kLagMetrics[kPgReplayLag];
  EXPECT_EQ(Judge(metric, 0, Lagging(300, 400)), MetricErrorKind::kTooLow);
  EXPECT_EQ(Judge(metric, 0, Lagging(600, 700)), MetricErrorKind::kZeroWhileBroken);
  EXPECT_EQ(Judge(metric, std::nullopt, Lagging(600, 700)), MetricErrorKind::kNullWhileBroken);
  EXPECT_EQ(Judge(metric, std::nullopt, Lagging(0, 100)), std::nullopt);
}

}  // namespace
}  // namespace replsim::lag_lab_test
