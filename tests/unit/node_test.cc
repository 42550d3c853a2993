// A node around a core that does what the test says: effects in their order, failpoints, a disk
// without space or that fails, and changes of role.
#include "common/node/node.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/fake_node_host.h"
#include "tests/unit/record_batches.h"

namespace replsim::node_test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A core that returns the effects it was given, and records the events of the log and the store.
class ScriptedCore final : public Core {
 public:
  ScriptedCore(std::string name, FakeNodeHost* host) : name_(std::move(name)), host_(host) {}

  void Step(Instant, Event event) override {
    if (const auto* e = std::get_if<LogWritten>(&event)) Hears("written ", e->last);
    if (const auto* e = std::get_if<LogFlushed>(&event)) Hears("flushed ", e->last);
    if (const auto* e = std::get_if<Applied>(&event)) Hears("applied ", e->last);
    if (const auto* e = std::get_if<LogTruncated>(&event)) Hears("truncated ", e->last);
    if (const auto* slow = std::get_if<ApplyDelayChanged>(&event)) {
      host_->Note(absl::StrCat(name_, " applies in ", slow->per_entry.count(), " ns"));
    }
    if (std::holds_alternative<LogFull>(event)) host_->Note(name_ + " hears full");
    if (std::holds_alternative<LogHasRoom>(event)) host_->Note(name_ + " hears room");
    if (std::holds_alternative<LogFailed>(event)) {
      host_->Note(name_ + " hears failed");
      effects.push_back(
          AnswerWrite{RequestId(99), WriteOutcome::kUnknown, Refused::kNone, {}, true});
    }
  }
  Effects TakeEffects() override { return std::exchange(effects, {}); }
  Instant NextTimer() const override { return kNever; }
  void CheckInvariants() override {}
  CoreDescription Describe() const override { return description; }
  CoreMetrics Metrics() const override { return {}; }
  absl::Status BeginPromotion(Instant, Epoch) override { return begun; }
  absl::Status BeginDemotion() override { return begun; }
  RoleChange role_change() const override { return change; }
  CoreStart HandOver(Effects* out) override {
    host_->Note(name_ + " hands over");
    out->push_back(AnswerWrite{RequestId(98), WriteOutcome::kUnknown, Refused::kNone, {}, true});
    CoreStart start;
    start.last = host_->log().last();
    return start;
  }

  Effects effects;
  absl::Status begun;
  RoleChange change = RoleChange::kNone;
  CoreDescription description;

 private:
  void Hears(const char* what, Lsn lsn) {
    host_->Note(absl::StrCat(name_, " hears ", what, lsn.value()));
  }

  const std::string name_;
  FakeNodeHost* const host_;
};

class NodeTest : public testing::Test {
 protected:
  explicit NodeTest(bool leads = true) {
    auto core = std::make_unique<ScriptedCore>("core", &host_);
    core_ = core.get();
    host_.node().Run(std::move(core), leads, NewCores());
    host_.Run();
    host_.TakeJournal();
  }

  // The core requests the effects and the node executes them. Returns everything that left the
  // node.
  template <class... E>
  std::vector<std::string> Do(E... effects) {
    (core_->effects.push_back(std::move(effects)), ...);
    host_.node().Add(Event(TimerFired{}));
    host_.Run();
    return host_.TakeJournal();
  }
  std::vector<std::string> GoOn() {
    host_.node().Resume();
    host_.Run();
    return host_.TakeJournal();
  }
  static AppendLog Records(uint64_t first, uint64_t last, FlushMode flush = FlushMode::kNone) {
    return {MakeBatch(1, first, last), flush};
  }
  static AnswerWrite Committed(uint64_t lsn) {
    return {RequestId(lsn), WriteOutcome::kCommitted, Refused::kNone, {Epoch(1), Lsn(lsn)}, true};
  }
  static replsim::Send Batch(uint64_t first, uint64_t last) {
    return {StreamId(7), Append{Epoch(1), Lsn(0), Instant(), MakeBatch(1, first, last)}};
  }
  void Arm(bool after, Point point, uint64_t lsn) {
    host_.failpoints().Arm({{after, point}, 0, Lsn(lsn), /*pause=*/true});
  }
  void DiskIsFull(uint64_t times) {
    for (uint64_t i = 0; i < times; ++i) {
      host_.disk().Inject({DiskOperation::kWrite, i + 1, absl::ResourceExhaustedError("full")});
    }
  }
  static absl::AnyInvocable<void(absl::Status)> Into(std::optional<absl::Status>* told) {
    return [told](absl::Status status) { *told = std::move(status); };
  }
  // The core that takes over, in either role.
  Node::Cores NewCores() {
    const auto make = [this](const CoreStart& start) {
      host_.Note(absl::StrCat("new core after ", start.last.value()));
      return std::make_unique<ScriptedCore>("new core", &host_);
    };
    return {
        [make](const CoreStart& start, Epoch, const std::vector<NodeId>&) { return make(start); },
        [make](const CoreStart& start, const NodeId&) { return make(start); }};
  }

  FakeNodeHost host_;
  ScriptedCore* core_ = nullptr;
};

TEST_F(NodeTest, CarriesOutEffectsInTheirOrder) {
  EXPECT_THAT(
      Do(Records(1, 2, FlushMode::kGroup), SaveEpoch{Epoch(3), {}}, Committed(1), Batch(1, 2),
         ApplyRecords{MakeBatch(1, 1, 2), Lsn(1), Lsn(2)}, CloseStream{StreamId(7)}),
      ElementsAre("flush 2", "answer 1: committed", "send 7: 1-2", "close 7",
                  "core hears written 2", "core hears applied 2", "core hears flushed 2"));
  EXPECT_EQ(host_.metadata().epoch, Epoch(3));
  EXPECT_EQ(host_.log().last(), Lsn(2));
  EXPECT_EQ(host_.node().store().applied(), Lsn(2));
}

TEST_F(NodeTest, SaysWhetherAConditionalWriteTookEffect) {
  std::string first, second, bytes;
  EncodeCommand({7, 1, CommandKind::kCas, "k", "a"}, &first);
  EncodeCommand({8, 1, CommandKind::kCas, "k", "b", "not a"}, &second);
  AppendRecord({Epoch(1), Lsn(1)}, Instant(), first, &bytes);
  AppendRecord({Epoch(1), Lsn(2)}, Instant(), second, &bytes);
  const BatchPtr batch = ParseBatch(std::move(bytes));
  const auto answer = [](uint64_t lsn, RequestKey request) {
    AnswerWrite committed = Committed(lsn);
    committed.request = request;
    return committed;
  };
  Do(AppendLog{batch, FlushMode::kNone}, ApplyRecords{batch, Lsn(1), Lsn(2)});
  EXPECT_THAT(Do(answer(1, {7, 1}), answer(2, {8, 1})),
              ElementsAre("answer 1: committed", "answer 2: committed, without effect"));
  EXPECT_THAT(Do(answer(1, {7, 2})), ElementsAre("answer 1: unknown"))
      << "the outcome of a request that the store does not know";
}

// --- failpoints ---

TEST_F(NodeTest, NothingIsExecutedWhileItStandsAtAFailpoint) {
  Arm(/*after=*/false, Point::kPrimaryAck, 2);
  EXPECT_THAT(Do(Committed(1), Committed(2), CloseStream{StreamId(7)}),
              ElementsAre("answer 1: committed", "all sent", "failpoint 2", "pauses"));
  EXPECT_THAT(Do(Committed(3)), IsEmpty());
  EXPECT_EQ(host_.node().NextTimer(), kNever);
  EXPECT_THAT(GoOn(), ElementsAre("answer 2: committed", "close 7", "answer 3: committed"));
}

TEST_F(NodeTest, AfterAnAnswerTheAnswerHasLeft) {
  Arm(/*after=*/true, Point::kPrimaryAck, 1);
  EXPECT_THAT(Do(Committed(1), Committed(2)),
              ElementsAre("answer 1: committed", "all sent", "failpoint 1", "pauses"));
  EXPECT_THAT(GoOn(), ElementsAre("answer 2: committed"));
}

TEST_F(NodeTest, OnlyCommittedAnswersPassTheirFailpoint) {
  Arm(/*after=*/false, Point::kPrimaryAck, 1);
  AnswerWrite unknown = Committed(1);
  unknown.outcome = WriteOutcome::kUnknown;
  EXPECT_THAT(Do(unknown), ElementsAre("answer 1: unknown"));
}

TEST_F(NodeTest, ABatchIsSentUpToTheFailpoint) {
  Arm(/*after=*/true, Point::kPrimarySend, 3);
  EXPECT_THAT(Do(Batch(1, 5)), ElementsAre("send 7: 1-3", "all sent", "failpoint 3", "pauses"));
  EXPECT_THAT(GoOn(), ElementsAre("send 7: 4-5"));
}

TEST_F(NodeTest, BeforeTheFirstWriteOfABatchNothingOfItIsDone) {
  Arm(/*after=*/false, Point::kPrimaryAppend, 1);
  EXPECT_THAT(Do(Records(1, 4)), ElementsAre("failpoint 1", "pauses"));
  EXPECT_EQ(host_.log().last(), Lsn(0));
  EXPECT_THAT(GoOn(), ElementsAre("core hears written 4"));
}

TEST_F(NodeTest, ABatchIsLoggedAndAppliedUpToTheFailpoint) {
  Arm(/*after=*/true, Point::kPrimaryAppend, 2);
  Arm(/*after=*/false, Point::kPrimaryApply, 4);
  EXPECT_THAT(Do(Records(1, 4)), ElementsAre("failpoint 2", "pauses"));
  EXPECT_EQ(host_.log().last(), Lsn(2));
  EXPECT_THAT(GoOn(), ElementsAre("core hears written 2", "core hears written 4"));
  EXPECT_THAT(Do(ApplyRecords{nullptr, Lsn(1), Lsn(4)}), ElementsAre("failpoint 4", "pauses"));
  EXPECT_EQ(host_.node().store().applied(), Lsn(3));
  EXPECT_THAT(GoOn(), ElementsAre("core hears applied 3", "core hears applied 4"));
}

TEST_F(NodeTest, WhatALogDeviceLeavesComesBeforeTheRestOfTheBatch) {
  Arm(/*after=*/true, Point::kPrimaryAppend, 4);
  Arm(/*after=*/true, Point::kPrimaryWrite, 2);
  Do(Records(1, 6));
  EXPECT_EQ(host_.log().last(), Lsn(2));
  GoOn();
  EXPECT_EQ(host_.log().last(), Lsn(6));
}

TEST_F(NodeTest, TheGateIsPassedWholeOrNotAtAll) {
  Do(Records(1, 3));
  Arm(/*after=*/false, Point::kPrimaryGate, 2);
  EXPECT_THAT(Do(PassedGate{Epoch(1), Lsn(1), Lsn(3)}, Committed(1)),
              ElementsAre("failpoint 2", "pauses"));
  EXPECT_THAT(GoOn(), ElementsAre("answer 1: committed"));
}

class ReplicaNodeTest : public NodeTest {
 protected:
  ReplicaNodeTest() : NodeTest(/*leads=*/false) {}
  static replsim::Send AckUpTo(uint64_t lsn) {
    return {StreamId(7), Ack{Epoch(1), Lsn(lsn), Lsn(lsn), Lsn(lsn), Lsn(lsn)}};
  }
};

TEST_F(ReplicaNodeTest, AnAcknowledgementCountsTheWritesThatItAdds) {
  Do(AckUpTo(3));  // before anything is armed
  host_.failpoints().Arm({{/*after=*/true, Point::kReplicaAck}, 2, Lsn(0), /*pause=*/true});
  EXPECT_THAT(Do(AckUpTo(4)), ElementsAre("send 7: ack 4"));
  EXPECT_THAT(Do(AckUpTo(6), CloseStream{StreamId(7)}),
              ElementsAre("send 7: ack 6", "all sent", "failpoint 5", "pauses"));
  EXPECT_THAT(GoOn(), ElementsAre("close 7"));
}

TEST_F(ReplicaNodeTest, PassesThePointsOfItsRole) {
  Arm(/*after=*/false, Point::kPrimaryAppend, 1);
  EXPECT_THAT(Do(Records(1, 1)), ElementsAre("core hears written 1"));
  Arm(/*after=*/false, Point::kReplicaReceive, 2);
  EXPECT_THAT(Do(Records(2, 2)), ElementsAre("failpoint 2", "pauses"));
}

// --- the disk ---

TEST_F(NodeTest, BatchesWaitForRoomInTheirOrder) {
  DiskIsFull(2);
  EXPECT_THAT(Do(Records(1, 2, FlushMode::kGroup), Records(3, 3)), ElementsAre("core hears full"));
  EXPECT_EQ(host_.log().last(), Lsn(0));
  host_.Wait(Millis(20));  // still full
  EXPECT_THAT(host_.TakeJournal(), IsEmpty());
  host_.Wait(Millis(20));
  EXPECT_THAT(host_.TakeJournal(),
              ElementsAre("flush 2", "core hears written 2", "core hears written 3",
                          "core hears room", "core hears flushed 2"));
  EXPECT_EQ(host_.log().last(), Lsn(3));
}

TEST_F(NodeTest, ATruncationDropsWhatWaitsForRoom) {
  Do(Records(1, 2));
  DiskIsFull(1);
  EXPECT_THAT(Do(Records(3, 4)), ElementsAre("core hears full"));
  EXPECT_THAT(Do(TruncateLog{Lsn(1)}),
              ElementsAre("truncated 1", "core hears room", "core hears truncated 1"));
  host_.Wait(Millis(100));
  EXPECT_EQ(host_.log().last(), Lsn(1));
}

TEST_F(NodeTest, TheRestOfAStepIsDroppedWhenStorageFails) {
  host_.disk().Inject({DiskOperation::kSync, 1, absl::DataLossError("broken")});
  EXPECT_THAT(
      Do(SaveEpoch{Epoch(3), {}}, Committed(1)),
      ElementsAre("core hears failed", "answer 99: unknown", "all sent", HasSubstr("ends: ")));
  EXPECT_THAT(Do(Committed(2)), IsEmpty());  // it has ended
}

TEST_F(NodeTest, AFailureBeforeAFailpointEndsTheNodeInstead) {
  Arm(/*after=*/true, Point::kPrimaryAppend, 2);
  host_.disk().Inject({DiskOperation::kWrite, 1, absl::DataLossError("broken")});
  EXPECT_THAT(
      Do(Records(1, 3), Committed(1)),
      ElementsAre("core hears failed", "answer 99: unknown", "all sent", HasSubstr("ends: ")));
}

// --- changes of role ---

TEST_F(NodeTest, ANodeThatStandsAtAFailpointDoesNotChangeItsRole) {
  Arm(/*after=*/false, Point::kPrimaryAppend, 1);
  Do(Records(1, 1));
  std::optional<absl::Status> promoted, demoted;
  host_.node().Promote(Epoch(5), {}, Into(&promoted));
  host_.node().BecomeReplica(NodeId("m"), Into(&demoted));
  ASSERT_TRUE(promoted && demoted);
  EXPECT_THAT(promoted->message(), HasSubstr("n is stopped at a failpoint"));
  EXPECT_THAT(demoted->message(), HasSubstr("n is stopped at a failpoint"));
  EXPECT_THAT(GoOn(), ElementsAre("core hears written 1"));  // as if nothing had been requested
}

TEST_F(NodeTest, AChangeThatCannotBeginChangesNothing) {
  core_->begun = absl::FailedPreconditionError("not now");
  std::optional<absl::Status> told;
  host_.node().BecomeReplica(NodeId("m"), Into(&told));
  ASSERT_TRUE(told);
  EXPECT_EQ(told->message(), "not now");
  EXPECT_TRUE(host_.node().leads());
  EXPECT_THAT(Do(Committed(1)), ElementsAre("answer 1: committed"));
}

TEST_F(ReplicaNodeTest, BecomesThePrimaryWhenItsCoreIsReady) {
  Do(Records(1, 3));
  std::optional<absl::Status> told;
  core_->change = Core::RoleChange::kWaits;
  host_.node().Promote(Epoch(5), {}, Into(&told));
  EXPECT_THAT(Do(), IsEmpty());
  EXPECT_FALSE(told);
  core_->change = Core::RoleChange::kReady;
  EXPECT_THAT(Do(Records(4, 4)), ElementsAre("core hears written 4", "core hands over",
                                             "answer 98: unknown", "new core after 4"));
  ASSERT_TRUE(told);
  EXPECT_TRUE(told->ok());
  EXPECT_TRUE(host_.node().leads());
}

TEST_F(NodeTest, BecomesAReplicaAndPassesItsPoints) {
  std::optional<absl::Status> told;
  core_->change = Core::RoleChange::kReady;
  host_.node().BecomeReplica(NodeId("m"), Into(&told));
  EXPECT_THAT(Do(), ElementsAre("core hands over", "answer 98: unknown", "new core after 0"));
  ASSERT_TRUE(told && told->ok());
  EXPECT_FALSE(host_.node().leads());
}

TEST_F(ReplicaNodeTest, StartsAgainWithTheVoteThatItHasPersisted) {
  Do(SaveEpoch{Epoch(3), {}, NodeId("r2")});
  EXPECT_EQ(host_.node().start().epoch, Epoch(3));
  EXPECT_EQ(host_.node().start().voted_for, NodeId("r2"));
}

TEST_F(ReplicaNodeTest, StartsAgainWithTheInSyncSetThatItHasPersisted) {
  const PublishedSet set{Epoch(3), 2, {NodeId("p"), NodeId("r1")}};
  Do(SaveEpoch{Epoch(3), {}, NodeId("p"), set});
  EXPECT_EQ(host_.node().start().in_sync, set);
}

TEST_F(ReplicaNodeTest, LeadsWhenItsCoreWasElectedAndTellsItsHost) {
  core_->change = Core::RoleChange::kReady;
  EXPECT_THAT(Do(Lead{Epoch(5)}), ElementsAre("core hands over", "answer 98: unknown",
                                              "new core after 0", "elected for 5"));
  EXPECT_TRUE(host_.node().leads());
}

TEST_F(NodeTest, BecomesAReplicaWhenItsCoreStepsDownAndTellsItsHost) {
  core_->change = Core::RoleChange::kReady;
  EXPECT_THAT(Do(StepDown{}), ElementsAre("core hands over", "answer 98: unknown",
                                          "new core after 0", "stepped down"));
  EXPECT_FALSE(host_.node().leads());
}

TEST_F(NodeTest, ASlowApplierIsSlowInItsNextRoleToo) {
  host_.node().Add(Event(ApplyDelayChanged{Nanos(7)}));
  host_.Run();
  host_.TakeJournal();
  core_->change = Core::RoleChange::kReady;
  EXPECT_THAT(Do(StepDown{}), Contains("new core applies in 7 ns"));
}

TEST_F(NodeTest, OneChangeOfRoleAtATime) {
  std::optional<absl::Status> first, second;
  core_->change = Core::RoleChange::kWaits;
  host_.node().BecomeReplica(NodeId("m"), Into(&first));
  host_.node().BecomeReplica(NodeId("m"), Into(&second));
  EXPECT_FALSE(first);
  ASSERT_TRUE(second);
  EXPECT_THAT(second->message(), HasSubstr("already changing its role"));
  host_.KillNode();
  ASSERT_TRUE(first);
}

TEST_F(NodeTest, ANodeThatDiesEndsItsChangeOfRole) {
  std::optional<absl::Status> told;
  core_->change = Core::RoleChange::kWaits;
  host_.node().Promote(Epoch(5), {}, Into(&told));
  host_.KillNode();
  ASSERT_TRUE(told);
  EXPECT_TRUE(absl::IsAborted(*told));
}

class ShutDownTest : public NodeTest {
 protected:
  // Whether the next process finds the folder clean. It is then one of a node that runs.
  bool OpensClean() {
    const auto storage = NodeStorage::Open(host_.disk(), "node", {});
    EXPECT_TRUE(storage.ok()) << storage.status();
    return storage.ok() && storage->was_clean();
  }
  void Promise() { Do(SaveEpoch{Epoch(1), EpochHistory({{Epoch(1), Lsn(1)}})}); }
};

TEST_F(ShutDownTest, ANodeThatDiesIsUncleanUnlessItHasPromisedNothing) {
  EXPECT_TRUE(OpensClean());
  Promise();
  EXPECT_FALSE(OpensClean());
}

TEST_F(ShutDownTest, AShutdownInOrderIsCleanUntilTheNextStart) {
  Promise();
  Do(Records(1, 2));
  EXPECT_TRUE(host_.node().ShutDown().ok());
  EXPECT_THAT(Do(Batch(1, 2)), IsEmpty());  // nothing more is executed
  EXPECT_TRUE(OpensClean());
  EXPECT_FALSE(OpensClean());
}

TEST_F(ShutDownTest, IsNotCleanIfTheLogCannotBeFlushed) {
  Promise();
  Do(Records(1, 2));
  host_.disk().Inject({DiskOperation::kSync, 1, absl::UnavailableError("EIO")});
  EXPECT_FALSE(host_.node().ShutDown().ok());
  EXPECT_FALSE(OpensClean());
}

TEST_F(ShutDownTest, ANodeThatHasNotCaughtUpStaysUnclean) {
  Promise();
  core_->description.unclean = true;
  EXPECT_FALSE(host_.node().ShutDown().ok());
  EXPECT_FALSE(OpensClean());
}

TEST_F(ShutDownTest, RecordsThatWaitForRoomAreNotInTheLog) {
  Promise();
  DiskIsFull(1);
  Do(Records(1, 2));
  EXPECT_FALSE(host_.node().ShutDown().ok());
  EXPECT_FALSE(OpensClean());
}

}  // namespace
}  // namespace replsim::node_test
