// Every knob of a mode, on the primary: which event releases an answer or shows a write, and that
// nothing earlier does.
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/primary_core_fixture.h"

namespace replsim::primary_gates_test {
namespace {

// --- ack_after ---

struct StageEvent {
  Stage stage;
  int event;  // which of the events below releases the answer
};
class AckAfter : public PrimaryCoreTest, public testing::WithParamInterface<StageEvent> {
 protected:
  // The life of one write, in the order in which things happen.
  void Event(int n) {
    switch (n) {
      case 0:
        return Write(1);
      case 1:
        return driver_->Do(LogWritten{Lsn(1)});
      case 2:
        return driver_->Do(LogFlushed{Lsn(1)});
      case 3:
        return AckFrom(1, 1, 0, 0, 0);
      case 4:
        return AckFrom(1, 1, 1, 0, 0);
      case 5:
        return AckFrom(1, 1, 1, 1, 0);
      default:
        return AckFrom(1, 1, 1, 1, 1);
    }
  }
};

TEST_P(AckAfter, ItsStageReleasesTheAnswerAndNothingEarlier) {
  options_.knobs.ack_after = GetParam().stage;
  options_.knobs.visible_after = Stage::kAppend;
  Start();
  for (int n = 0; n <= 6; ++n) {
    Event(n);
    EXPECT_EQ(Answered(), n == GetParam().event) << "event " << n;
  }
}

TEST_P(AckAfter, VisibilityHasAGateOfItsOwn) {
  options_.knobs.ack_after = Stage::kAppend;
  options_.knobs.visible_after = GetParam().stage;
  Start();
  for (int n = 0; n <= 6; ++n) {
    Event(n);
    EXPECT_EQ(Shown(), n == GetParam().event) << "event " << n;
    if (Shown()) driver_->Do(Applied{Lsn(1)});
  }
}

INSTANTIATE_TEST_SUITE_P(Stages, AckAfter,
                         testing::Values(StageEvent{Stage::kAppend, 0},
                                         StageEvent{Stage::kWrite, 1}, StageEvent{Stage::kFlush, 2},
                                         StageEvent{Stage::kReplicaReceive, 3},
                                         StageEvent{Stage::kReplicaWrite, 4},
                                         StageEvent{Stage::kReplicaFlush, 5},
                                         StageEvent{Stage::kReplicaApply, 6}),
                         [](const auto& test) {
                           std::string name = Name(test.param.stage);
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST_F(PrimaryCoreTest, AReplicaGateAlsoAsksForThePrimarysOwnFlush) {
  options_.knobs.ack_after = Stage::kReplicaReceive;
  Start();
  Write(1);
  driver_->Do(LogWritten{Lsn(1)});
  AckFrom(1, 1, 1, 1, 1);
  EXPECT_FALSE(Answered());
  driver_->Do(LogFlushed{Lsn(1)});
  EXPECT_TRUE(Answered());
}

TEST_F(PrimaryCoreTest, WhereNothingFlushesBeforeAnsweringTheKernelIsEnough) {
  options_.knobs.ack_after = Stage::kReplicaReceive;
  options_.durability.sync = Sync::kOs;
  Start();
  Write(1);
  AckFrom(1, 0, 0, 0, 0);
  driver_->Do(LogWritten{Lsn(1)});
  AckFrom(1, 1, 0, 0, 0);
  EXPECT_TRUE(Answered());
}

// --- sync sets ---

TEST_F(PrimaryCoreTest, AllWaitsForTheLast) {
  options_.knobs.ack_after = Stage::kReplicaFlush;
  options_.knobs.sync_set.kind = SyncSet::Kind::kAll;
  Start(3);
  Write(1);
  Logged(1);
  AckFrom(1, 1, 1, 1, 0);
  AckFrom(3, 1, 1, 1, 0);
  EXPECT_FALSE(Answered());
  AckFrom(2, 1, 1, 1, 0);
  EXPECT_TRUE(Answered());
}

TEST_F(PrimaryCoreTest, AnyTwoAndAMajorityOfFourWaitForTheSecond) {
  for (const auto kind : {SyncSet::Kind::kAny, SyncSet::Kind::kMajority}) {
    options_ = {};
    options_.knobs.ack_after = Stage::kReplicaFlush;
    options_.knobs.sync_set = {kind, 2, {}};
    Start(3);
    Write(1);
    Logged(1);
    AckFrom(3, 1, 1, 1, 0);
    EXPECT_FALSE(Answered());
    AckFrom(1, 1, 1, 1, 0);
    EXPECT_TRUE(Answered());
  }
}

TEST_F(PrimaryCoreTest, APotentialStepsUpAtOnceWhenAMemberDisconnects) {
  options_.knobs.ack_after = Stage::kReplicaFlush;
  options_.knobs.sync_set = {SyncSet::Kind::kFirst, 1, {NodeId("r1"), NodeId("r2")}};
  Start();
  Write(1);
  Logged(1);
  AckFrom(2, 1, 1, 1, 0);
  EXPECT_FALSE(Answered());
  driver_->Do(StreamClosed{kR1});
  EXPECT_TRUE(Answered());
}

TEST_F(PrimaryCoreTest, APotentialStepsUpInTheTurnThatDropsASilentMember) {
  options_.knobs.ack_after = Stage::kReplicaFlush;
  options_.knobs.sync_set = {SyncSet::Kind::kFirst, 1, {NodeId("r1"), NodeId("r2")}};
  Start();
  Write(1);
  Logged(1);
  driver_->Wait(Millis(1'800'000));
  AckFrom(2, 1, 1, 1, 0);
  driver_->Wait(Millis(1'800'000));
  EXPECT_EQ(driver_->All<CloseStream>().size(), 1u);
  EXPECT_TRUE(Answered());
}

// --- order ---

TEST_F(PrimaryCoreTest, PrimaryFirstSendsOnlyWhatItsKernelHas) {
  Start();
  Write(1);
  EXPECT_EQ(driver_->All<AppendLog>().size(), 1u);
  EXPECT_TRUE(driver_->Sent<Append>(kR1).empty());
  driver_->Do(LogWritten{Lsn(1)});
  EXPECT_EQ(driver_->Sent<Append>(kR1).size(), 1u);
  EXPECT_EQ(driver_->Sent<Append>(kR2).size(), 1u);
}

TEST_F(PrimaryCoreTest, ReplicasFirstLogsOnlyWhatTheSetHas) {
  options_.knobs.ack_after = options_.knobs.visible_after = Stage::kReplicaFlush;
  options_.knobs.order = Order::kReplicasFirst;
  Start();
  Write(1);
  EXPECT_EQ(driver_->Sent<Append>(kR1).size(), 1u);
  EXPECT_TRUE(driver_->All<AppendLog>().empty());
  AckFrom(1, 1, 1, 0, 0);
  EXPECT_TRUE(driver_->All<AppendLog>().empty());
  AckFrom(1, 1, 1, 1, 0);
  EXPECT_EQ(driver_->All<AppendLog>().size(), 1u);
  EXPECT_FALSE(Answered());
  Logged(1);
  EXPECT_TRUE(Answered());
}

// --- on_timeout ---

class OnTimeoutTest : public PrimaryCoreTest {
 protected:
  void StartWith(OnTimeout policy) {
    options_.knobs.ack_after = Stage::kReplicaFlush;
    options_.knobs.on_timeout = policy;
    options_.knobs.timeout = Millis(100);
    Start(1);
    Write(1);
    Logged(1);
  }
};

TEST_F(OnTimeoutTest, BlockNeverAnswers) {
  StartWith(OnTimeout::kBlock);
  driver_->Wait(Millis(1'000'000));
  EXPECT_FALSE(Answered());
  AckFrom(1, 1, 1, 1, 0);
  EXPECT_EQ(Answers().at(0).outcome, WriteOutcome::kCommitted);
}

TEST_F(OnTimeoutTest, UnknownAnswersAtTheTimeoutAndGoesOnTakingWrites) {
  StartWith(OnTimeout::kUnknown);
  driver_->Wait(Millis(99));
  EXPECT_FALSE(Answered());
  EXPECT_EQ(driver_->core().NextTimer(), AtMs(1100));
  driver_->Wait(Millis(1));
  ASSERT_TRUE(Answered());
  EXPECT_EQ(Answers()[0].outcome, WriteOutcome::kUnknown);
  EXPECT_EQ(Answers()[0].why, Refused::kGateTimeout);
  Write(2);
  EXPECT_FALSE(Answered());
  Logged(2);
  AckFrom(1, 2, 2, 2, 0);
  ASSERT_EQ(Answers().size(), 1u);  // the first is not answered twice
  EXPECT_EQ(Answers()[0].id, RequestId(2));
}

TEST_F(OnTimeoutTest, RejectRefusesNewWritesUntilTheSetHasCaughtUp) {
  StartWith(OnTimeout::kReject);
  driver_->Wait(Millis(100));
  EXPECT_EQ(Answers().at(0).outcome, WriteOutcome::kUnknown);
  Write(2);
  ASSERT_TRUE(Answered());
  EXPECT_EQ(Answers()[0].outcome, WriteOutcome::kRejected);
  EXPECT_EQ(Answers()[0].why, Refused::kSyncSetMissing);
  AckFrom(1, 1, 1, 1, 0);
  Write(3);
  EXPECT_FALSE(Answered());
  Logged(2);
  AckFrom(1, 2, 2, 2, 0);
  EXPECT_EQ(Answers().at(0).outcome, WriteOutcome::kCommitted);
}

TEST_F(OnTimeoutTest, DegradeAnswersUnprotectedAndComesBackByItself) {
  StartWith(OnTimeout::kDegrade);
  driver_->Wait(Millis(100));
  ASSERT_TRUE(Answered());
  EXPECT_EQ(Answers()[0].outcome, WriteOutcome::kCommitted);
  EXPECT_FALSE(Answers()[0].is_protected);
  EXPECT_TRUE(driver_->core().Describe().unprotected);
  Write(2);
  Logged(2);
  ASSERT_TRUE(Answered());
  EXPECT_FALSE(Answers()[0].is_protected);
  AckFrom(1, 2, 2, 2, 0);
  EXPECT_FALSE(driver_->core().Describe().unprotected);
  Write(3);
  Logged(3);
  EXPECT_FALSE(Answered());
  AckFrom(1, 3, 3, 3, 0);
  ASSERT_TRUE(Answered());
  EXPECT_TRUE(Answers()[0].is_protected);
}

// Degrading does not make the primary's own disk faster.
TEST_F(OnTimeoutTest, DegradeWaitsForThePrimarysOwnLateFlush) {
  options_.knobs.ack_after = Stage::kReplicaFlush;
  options_.knobs.on_timeout = OnTimeout::kDegrade;
  options_.knobs.timeout = Millis(100);
  Start(1);
  Write(1);
  driver_->Do(LogWritten{Lsn(1)});
  AckFrom(1, 1, 1, 1, 1);
  driver_->Wait(Millis(200));
  EXPECT_FALSE(driver_->core().Describe().unprotected);
  EXPECT_GT(driver_->core().NextTimer(), driver_->now());
  driver_->Do(LogFlushed{Lsn(1)});
  EXPECT_TRUE(Answers().at(0).is_protected);
}

// --- sync ---

std::vector<FlushMode> Modes(const CoreDriver& driver) {
  std::vector<FlushMode> modes;
  for (const AppendLog& append : driver.All<AppendLog>()) modes.push_back(append.flush);
  return modes;
}

TEST_F(PrimaryCoreTest, EveryBatchFlushesWhatCameTogetherAtOnce) {
  Start();
  driver_->Do(Request(1), Request(2));
  EXPECT_EQ(Modes(*driver_), (std::vector<FlushMode>{FlushMode::kGroup}));
}

TEST_F(PrimaryCoreTest, EveryWriteFlushesEachAlone) {
  options_.durability.sync = Sync::kEveryWrite;
  Start();
  driver_->Do(Request(1), Request(2));
  EXPECT_EQ(Modes(*driver_), (std::vector<FlushMode>{FlushMode::kAlone, FlushMode::kAlone}));
}

TEST_F(PrimaryCoreTest, IntervalFlushesByTheClockAndOnlyWhereThereIsSomething) {
  options_.durability = {Sync::kInterval, Millis(50)};
  Start();
  EXPECT_GT(driver_->core().NextTimer(), AtMs(2000));
  Write(1);
  EXPECT_EQ(Modes(*driver_), (std::vector<FlushMode>{FlushMode::kNone}));
  EXPECT_GT(driver_->core().NextTimer(), AtMs(1050)) << "it may wait for room";
  driver_->Do(LogWritten{Lsn(1)});
  EXPECT_EQ(driver_->core().NextTimer(), AtMs(1050));
  driver_->Wait(Millis(50));
  EXPECT_EQ(driver_->All<FlushLog>().size(), 1u);
  driver_->Wait(Millis(500));  // the disk is slow: no second request before it has answered
  EXPECT_TRUE(driver_->All<FlushLog>().empty());
  driver_->Do(LogFlushed{Lsn(1)});
  driver_->Wait(Millis(500));
  EXPECT_TRUE(driver_->All<FlushLog>().empty());
}

TEST_F(PrimaryCoreTest, AGroupDelayFlushesForAllThatGatheredAndAnswersNobodyBefore) {
  options_.durability.group_delay = Millis(10);
  Start();
  Write(1);
  driver_->Do(LogWritten{Lsn(1)});
  driver_->Wait(Millis(9));
  Write(2);
  EXPECT_EQ(Modes(*driver_), (std::vector<FlushMode>{FlushMode::kNone}));
  driver_->Do(LogWritten{Lsn(2)});
  EXPECT_FALSE(Answered());
  driver_->Wait(Millis(1));
  EXPECT_EQ(driver_->All<FlushLog>().size(), 1u);
  driver_->Do(LogFlushed{Lsn(2)});
  EXPECT_EQ(Answers().size(), 2u);
}

TEST_F(PrimaryCoreTest, OsNeverFlushes) {
  options_.durability.sync = Sync::kOs;
  Start();
  Write(1);
  EXPECT_EQ(Modes(*driver_), (std::vector<FlushMode>{FlushMode::kNone}));
  driver_->Do(LogWritten{Lsn(1)});
  driver_->Wait(Millis(1'000'000));
  EXPECT_TRUE(driver_->All<FlushLog>().empty());
}

}  // namespace
}  // namespace replsim::primary_gates_test
