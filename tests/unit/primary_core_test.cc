// The primary by hand: which event releases an answer, and that nothing earlier does.
#include "primary/core/primary_core.h"

#include <algorithm>
#include <optional>

#include <gtest/gtest.h>

#include "common/kv/command.h"
#include "tests/unit/core_driver.h"
#include "tests/unit/record_batches.h"

namespace replsim {
namespace {

const StreamId kR1(101), kR2(102), kR3(103);

class PrimaryCoreTest : public testing::Test {
 protected:
  // Leads epoch 2 of a log that ends at 0; r1 … follow, with empty logs.
  void Start(int replicas = 2) {
    for (int i = 1; i <= replicas; ++i) options_.replicas.emplace_back(absl::StrCat("r", i));
    options_.members = options_.replicas;
    options_.heartbeat_interval = options_.heartbeat_timeout = Millis(3'600'000);
    driver_.emplace(std::make_unique<PrimaryCore>(
        options_, CoreStart{NodeId("p"), Epoch(1), {}, Lsn(0), Lsn(0), Lsn(0)}, Epoch(2), AtMs(1000)));
    for (int i = 1; i <= replicas; ++i) Connect(i);
  }
  void Connect(int i, Lsn last = Lsn(0)) { Tell(StreamOf(i), HelloOf(i, last)); }
  Hello HelloOf(int i, Lsn last) const {
    const EpochHistory history = last == Lsn(0) ? EpochHistory() : EpochHistory({{Epoch(2), Lsn(1)}});
    return {NodeId(absl::StrCat("r", i)), Epoch(2), history, last};
  }
  static StreamId StreamOf(int i) { return StreamId(100 + static_cast<uint64_t>(i)); }
  void Tell(StreamId stream, Message message) { driver_->Do(MessageReceived{stream, std::move(message)}); }
  void AckFrom(int i, uint64_t receive, uint64_t write, uint64_t flush, uint64_t apply) {
    Tell(StreamOf(i), Ack{Epoch(2), Lsn(receive), Lsn(write), Lsn(flush), Lsn(apply)});
  }
  static WriteRequest Request(uint64_t id, uint64_t known_epoch = 0) {
    std::string command;
    EncodeCommand({id, 1, CommandKind::kPut, "key", "value"}, &command);
    return {RequestId(id), Epoch(known_epoch), command};
  }
  void Write(uint64_t id) { driver_->Do(Request(id)); }
  void Logged(uint64_t lsn) { driver_->Do(LogWritten{Lsn(lsn)}, LogFlushed{Lsn(lsn)}); }

  std::vector<AnswerWrite> Answers() const { return driver_->All<AnswerWrite>(); }
  bool Answered() const { return !Answers().empty(); }
  bool Shown() const { return !driver_->All<ApplyRecords>().empty(); }

  PrimaryOptions options_;
  std::optional<CoreDriver> driver_;
};

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
      case 0: return Write(1);
      case 1: return driver_->Do(LogWritten{Lsn(1)});
      case 2: return driver_->Do(LogFlushed{Lsn(1)});
      case 3: return AckFrom(1, 1, 0, 0, 0);
      case 4: return AckFrom(1, 1, 1, 0, 0);
      case 5: return AckFrom(1, 1, 1, 1, 0);
      default: return AckFrom(1, 1, 1, 1, 1);
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
                         testing::Values(StageEvent{Stage::kAppend, 0}, StageEvent{Stage::kWrite, 1},
                                         StageEvent{Stage::kFlush, 2}, StageEvent{Stage::kReplicaReceive, 3},
                                         StageEvent{Stage::kReplicaWrite, 4}, StageEvent{Stage::kReplicaFlush, 5},
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

// Doing without the set does not make the primary's own disk faster.
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
  EXPECT_EQ(driver_->core().NextTimer(), AtMs(1050));
  driver_->Do(LogWritten{Lsn(1)});
  driver_->Wait(Millis(50));
  EXPECT_EQ(driver_->All<FlushLog>().size(), 1u);
  driver_->Wait(Millis(500));  // the disk is slow: not asked again before it has answered
  EXPECT_TRUE(driver_->All<FlushLog>().empty());
  driver_->Do(LogFlushed{Lsn(1)});
  driver_->Wait(Millis(500));
  EXPECT_TRUE(driver_->All<FlushLog>().empty());
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

// --- fencing ---

class Fencing : public PrimaryCoreTest, public testing::WithParamInterface<int> {};

TEST_P(Fencing, MakesWhatWaitsUnknownAndRejectsTheRest) {
  options_.knobs.ack_after = Stage::kReplicaFlush;
  Start();
  Write(1);
  Logged(1);
  switch (GetParam()) {
    case 0: Tell(StreamId(200), Hello{NodeId("r1"), Epoch(3), {}, Lsn(0)}); break;
    case 1: Tell(kR1, Ack{Epoch(3), Lsn(1), Lsn(1), Lsn(1), Lsn(1)}); break;
    case 2: Tell(kR1, Refusal{Epoch(3)}); break;
    case 3: driver_->Do(AnnounceReceived{NodeId("r1"), Epoch(3)}); break;
    case 4: driver_->Do(AnnounceAnswered{NodeId("r1"), Epoch(3)}); break;
    case 5: driver_->Do(FollowRequest{NodeId("r1"), Epoch(3)}); break;
    default: driver_->Do(Request(2, 3));
  }
  ASSERT_GE(Answers().size(), 1u);
  EXPECT_EQ(Answers()[0].id, RequestId(1));
  EXPECT_EQ(Answers()[0].outcome, WriteOutcome::kUnknown);
  EXPECT_EQ(driver_->All<SaveEpoch>().at(0).epoch, Epoch(3));
  EXPECT_GE(driver_->All<CloseStream>().size(), 2u);
  Write(3);
  ASSERT_EQ(Answers().size(), 1u);
  EXPECT_EQ(Answers()[0].outcome, WriteOutcome::kRejected);
  EXPECT_EQ(Answers()[0].why, Refused::kFenced);
  AckFrom(1, 1, 1, 1, 1);
  EXPECT_FALSE(Answered());
  EXPECT_TRUE(driver_->core().Describe().fenced);
  EXPECT_EQ(driver_->core().NextTimer(), kNever);
}

INSTANTIATE_TEST_SUITE_P(Ways, Fencing, testing::Range(0, 7));

TEST_F(PrimaryCoreTest, AFencedOneServesStaleReadsOnlyToWhoAsksForNoMore) {
  Start();
  driver_->Do(AnnounceReceived{NodeId("r1"), Epoch(3)});
  driver_->Do(ReadRequest{RequestId(1), "k", ReadConsistency::kAny, {}},
              ReadRequest{RequestId(2), "k", ReadConsistency::kPrimary, {}},
              ReadRequest{RequestId(3), "k", ReadConsistency::kAtPosition, {Epoch(2), Lsn(9)}});
  const auto reads = driver_->All<AnswerRead>();
  ASSERT_EQ(reads.size(), 3u);
  EXPECT_EQ(reads[0].why, Refused::kNone);
  EXPECT_EQ(reads[1].why, Refused::kFenced);
  EXPECT_EQ(reads[2].why, Refused::kFenced);
}

TEST_F(PrimaryCoreTest, AFailedLogMakesWhatWaitsUnknownAndIsNeverFollowedByACommit) {
  Start();
  Write(1);
  driver_->Do(LogFailed{"no space"});
  EXPECT_EQ(Answers().at(0).outcome, WriteOutcome::kUnknown);
  driver_->Do(LogWritten{Lsn(1)}, LogFlushed{Lsn(1)});
  EXPECT_FALSE(Answered());
  Write(2);
  EXPECT_EQ(Answers().at(0).why, Refused::kNodeStopped);
  EXPECT_EQ(driver_->core().Describe().failure, "no space");
}

// --- streams ---

TEST_F(PrimaryCoreTest, ResumesAfterWhatTheReplicaHas) {
  Start();
  driver_->Do(Request(1), Request(2), Request(3));
  Logged(3);
  driver_->Do(StreamClosed{kR1});
  Tell(StreamId(300), HelloOf(1, Lsn(2)));
  EXPECT_EQ(driver_->Sent<Welcome>(StreamId(300)).at(0).resume_after, Lsn(2));
  EXPECT_EQ(driver_->Sent<Append>(StreamId(300)).at(0).batch->first, Lsn(3));
}

// What it sent before the cut is done would be lost on it.
TEST_F(PrimaryCoreTest, OneThatMustCutIsSentNothingBeforeItHas) {
  Start();
  driver_->Do(Request(1), Request(2), Request(3));
  Logged(3);
  const EpochHistory other({{Epoch(1), Lsn(1)}});
  Tell(StreamId(300), Hello{NodeId("r1"), Epoch(1), other, Lsn(7)});
  EXPECT_EQ(driver_->Sent<Welcome>(StreamId(300)).at(0).resume_after, Lsn(0));
  EXPECT_TRUE(driver_->Sent<Append>(StreamId(300)).empty());
  Tell(StreamId(300), Ack{Epoch(2), Lsn(0), Lsn(0), Lsn(0), Lsn(0)});
  EXPECT_EQ(driver_->Sent<Append>(StreamId(300)).at(0).batch->first, Lsn(1));
}

TEST_F(PrimaryCoreTest, AReconnectReplacesTheOldStreamAndAStrangerIsClosed) {
  Start();
  Tell(StreamId(300), HelloOf(1, Lsn(0)));
  ASSERT_EQ(driver_->All<CloseStream>().size(), 1u);
  EXPECT_EQ(driver_->All<CloseStream>()[0].stream, kR1);
  EXPECT_EQ(driver_->Sent<Welcome>(StreamId(300)).size(), 1u);
  Tell(StreamId(301), HelloOf(9, Lsn(0)));
  ASSERT_EQ(driver_->All<CloseStream>().size(), 1u);
  EXPECT_EQ(driver_->All<CloseStream>()[0].stream, StreamId(301));
}

TEST_F(PrimaryCoreTest, TellsTheReplicaWhichStagesAGateWaitsFor) {
  options_.knobs.ack_after = Stage::kReplicaFlush;
  options_.knobs.visible_after = Stage::kReplicaApply;
  Start();
  const auto welcome = driver_->Sent<Welcome>(kR2);
  EXPECT_EQ(welcome.at(0).prompt_stages, (std::set<Stage>{Stage::kReplicaFlush, Stage::kReplicaApply}));
}

TEST_F(PrimaryCoreTest, AnAckOfWhatWasNeverSentEndsTheStream) {
  Start();
  AckFrom(1, 5, 5, 5, 5);
  EXPECT_EQ(driver_->All<CloseStream>().size(), 1u);
}

TEST_F(PrimaryCoreTest, TheWindowBoundsWhatIsInFlight) {
  options_.window.records_max = 2;
  Start(1);
  for (uint64_t id = 1; id <= 4; ++id) Write(id);
  driver_->Do(LogWritten{Lsn(4)});
  ASSERT_EQ(driver_->Sent<Append>(kR1).size(), 2u);
  AckFrom(1, 2, 1, 0, 0);
  ASSERT_EQ(driver_->Sent<Append>(kR1).size(), 1u);
  EXPECT_EQ(driver_->Sent<Append>(kR1)[0].batch->first, Lsn(3));
}

TEST_F(PrimaryCoreTest, OneFarBehindIsReadFromTheLog) {
  options_.recent_bytes_max = 1;
  Start(2);
  for (uint64_t id = 1; id <= 3; ++id) {
    Write(id);
    Logged(id);
    driver_->Do(Applied{Lsn(id)});
  }
  Tell(StreamId(300), HelloOf(2, Lsn(1)));
  const auto reads = driver_->All<ReadRecords>();
  ASSERT_EQ(reads.size(), 1u);
  EXPECT_EQ(reads[0].from, Lsn(2));
  EXPECT_TRUE(driver_->Sent<Append>(StreamId(300)).empty());
  driver_->Do(RecordsRead{StreamId(300), MakeBatch(2, 2, 2)});
  const auto sent = driver_->Sent<Append>(StreamId(300));
  ASSERT_EQ(sent.size(), 2u);  // what was read, and the rest from memory
  EXPECT_EQ(sent[0].batch->first, Lsn(2));
  EXPECT_EQ(sent[1].batch->first, Lsn(3));
}

TEST_F(PrimaryCoreTest, AFullQueueIsRefused) {
  options_.pending_records_max = 2;
  options_.knobs.ack_after = Stage::kReplicaFlush;
  Start();
  driver_->Do(Request(1), Request(2), Request(3));
  ASSERT_EQ(Answers().size(), 1u);
  EXPECT_EQ(Answers()[0].why, Refused::kOverloaded);
  EXPECT_EQ(Answers()[0].outcome, WriteOutcome::kRejected);
}

// --- the start of an epoch ---

// A replica that was catching up knows of epochs whose records it never got.
TEST_F(PrimaryCoreTest, AnEpochThatLiesBeyondItsLogIsForgotten) {
  const EpochHistory ahead({{Epoch(1), Lsn(1)}, {Epoch(2), Lsn(11)}});
  PrimaryCore core(options_, {NodeId("r1"), Epoch(2), ahead, Lsn(5), Lsn(5), Lsn(5)}, Epoch(3), AtMs(0));
  CoreDriver driver(std::make_unique<PrimaryCore>(
      options_, CoreStart{NodeId("r1"), Epoch(2), ahead, Lsn(5), Lsn(5), Lsn(5)}, Epoch(3), AtMs(0)));
  EXPECT_EQ(driver.All<SaveEpoch>().at(0).history, EpochHistory({{Epoch(1), Lsn(1)}, {Epoch(3), Lsn(6)}}));
}

TEST_F(PrimaryCoreTest, AnnouncesItselfUntilThePeerFollows) {
  options_.announce = true;
  options_.replicas = {NodeId("p"), NodeId("r2")};
  options_.members = {NodeId("r2")};
  options_.heartbeat_timeout = Millis(100);
  driver_.emplace(std::make_unique<PrimaryCore>(
      options_, CoreStart{NodeId("r1"), Epoch(1), {}, Lsn(0), Lsn(0), Lsn(0)}, Epoch(2), AtMs(1000)));
  ASSERT_EQ(driver_->All<Announce>().size(), 1u);
  EXPECT_EQ(driver_->All<Announce>()[0].peer, NodeId("p"));
  driver_->Do(AnnounceAnswered{NodeId("p"), Epoch(2)});
  driver_->Wait(Millis(50));
  EXPECT_EQ(driver_->All<Announce>().size(), 1u);
  Tell(StreamId(300), Hello{NodeId("p"), Epoch(2), {}, Lsn(0)});
  driver_->Wait(Millis(50));
  EXPECT_TRUE(driver_->All<Announce>().empty());
  driver_->Do(StreamClosed{StreamId(300)});
  EXPECT_EQ(driver_->All<Announce>().size(), 1u);
}

// --- reads ---

TEST_F(PrimaryCoreTest, AReadAtAPositionWaitsUntilItIsApplied) {
  Start();
  Write(1);
  Logged(1);
  driver_->Do(ReadRequest{RequestId(9), "key", ReadConsistency::kAtPosition, {Epoch(2), Lsn(1)}});
  EXPECT_TRUE(driver_->All<AnswerRead>().empty());
  driver_->Do(Applied{Lsn(1)});
  EXPECT_EQ(driver_->All<AnswerRead>().at(0).why, Refused::kNone);
}

}  // namespace
}  // namespace replsim
