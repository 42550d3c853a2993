// A replica core in elections: how it votes, stands, and leaves its primary.
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "replica/core/replica_core.h"
#include "tests/unit/core_driver.h"
#include "tests/unit/record_batches.h"

namespace replsim::replica_election_test {
namespace {

const StreamId kStream(1);
const EpochHistory kEpochOne({{Epoch(1), Lsn(1)}});

// r1 with ten records of epoch 1, of the cluster p, r1 and r2.
class ReplicaElectionTest : public testing::Test {
 protected:
  ReplicaElectionTest() {
    options_.primary = NodeId("p");
    options_.heartbeat_timeout = Millis(1000);
    options_.election.knobs.suspect_after = Millis(100);
    options_.election.others = {NodeId("p"), NodeId("r2")};
    Start({});
  }
  void Start(NodeId voted_for, Epoch epoch = Epoch(1), bool unclean = false) {
    CoreStart start{NodeId("r1"), epoch, kEpochOne, Lsn(10), Lsn(10), Lsn(10)};
    start.voted_for = std::move(voted_for);
    start.unclean = unclean;
    driver_.emplace(std::make_unique<ReplicaCore>(options_, start, AtMs(1000)));
  }
  void Follow() {
    driver_->Do(StreamOpened{kStream});
    driver_->Do(MessageReceived{kStream, Welcome{Epoch(1), kEpochOne, Lsn(10), Lsn(10), {}}});
    Hear();
  }
  void Hear(uint64_t epoch = 1) {
    driver_->Do(MessageReceived{kStream, Append{Epoch(epoch), Lsn(10), Instant(), nullptr}});
  }
  // Whether it asks for pre-votes within two rounds of silence.
  bool Stands() {
    for (int i = 0; i < 4; ++i) {
      driver_->Wait(Millis(50));
      if (!driver_->All<AskPeer>().empty()) return true;
    }
    return false;
  }
  Vote Ask(const char* candidate, uint64_t epoch, Position end = {Epoch(1), Lsn(10)},
           bool pre_vote = false, bool hand_over = false) {
    driver_->Do(PeerAsked{NodeId(candidate), VoteRequest{Epoch(epoch), end, pre_vote, hand_over},
                          AskId(7)});
    const auto answers = driver_->All<AnswerPeer>();
    EXPECT_EQ(answers.size(), 1u);
    EXPECT_EQ(answers.at(0).ask, AskId(7));
    return std::get<Vote>(answers.at(0).answer);
  }
  void Answer(const char* from, uint64_t epoch, bool pre_vote, bool granted = true) {
    driver_->Do(PeerAnswered{
        NodeId(from),
        Vote{{Epoch(epoch), {}, pre_vote, false}, granted, Epoch(pre_vote ? 1 : epoch)}});
  }

  ReplicaOptions options_;
  std::optional<CoreDriver> driver_;
};

TEST_F(ReplicaElectionTest, PersistsItsVoteBeforeItAnswers) {
  EXPECT_TRUE(Ask("r2", 2).granted);
  const auto saved = driver_->All<SaveEpoch>();
  ASSERT_EQ(saved.size(), 1u);
  EXPECT_EQ(saved[0].epoch, Epoch(2));
  EXPECT_EQ(saved[0].voted_for, NodeId("r2"));
  EXPECT_TRUE((driver_->Before<SaveEpoch, AnswerPeer>()));
}

TEST_F(ReplicaElectionTest, VotesOnceInAnEpochAlsoAfterARestart) {
  EXPECT_TRUE(Ask("r2", 2).granted);
  EXPECT_FALSE(Ask("p", 2).granted);
  EXPECT_TRUE(Ask("r2", 2).granted);
  EXPECT_TRUE(driver_->All<SaveEpoch>().empty());  // nothing new
  Start(NodeId("r2"), Epoch(2));
  EXPECT_FALSE(Ask("p", 2).granted);
  EXPECT_TRUE(Ask("r2", 2).granted);
}

TEST_F(ReplicaElectionTest, RefusesAShorterLogButAdoptsTheEpoch) {
  const Vote vote = Ask("r2", 5, {Epoch(1), Lsn(9)});
  EXPECT_FALSE(vote.granted);
  EXPECT_EQ(vote.known, Epoch(5));
  ASSERT_EQ(driver_->All<SaveEpoch>().size(), 1u);
  EXPECT_TRUE(driver_->All<SaveEpoch>()[0].voted_for.empty());
  EXPECT_TRUE(Ask("p", 5).granted);
}

TEST_F(ReplicaElectionTest, AVoteFencesThePrimaryThatItFollows) {
  Follow();
  EXPECT_TRUE(Ask("r2", 2).granted);
  const auto refusals = driver_->Sent<Refusal>(kStream);
  ASSERT_EQ(refusals.size(), 1u);
  EXPECT_EQ(refusals[0].epoch, Epoch(2));
  EXPECT_EQ(driver_->All<CloseStream>().size(), 1u);
  driver_->Wait(Millis(60));
  EXPECT_TRUE(driver_->All<Dial>().empty());  // it follows nobody
  driver_->Do(PeerAsked{NodeId("r2"), Announcement{Epoch(2)}, AskId(8)});
  EXPECT_EQ(driver_->All<Dial>().size(), 1u);
}

TEST_F(ReplicaElectionTest, APreVoteChangesNothingAndIsRefusedWhileThePrimaryIsHeard) {
  Follow();
  EXPECT_FALSE(Ask("r2", 2, {Epoch(1), Lsn(10)}, /*pre_vote=*/true).granted);
  driver_->Wait(Millis(100));
  EXPECT_TRUE(Ask("r2", 2, {Epoch(1), Lsn(10)}, /*pre_vote=*/true).granted);
  EXPECT_TRUE(driver_->All<SaveEpoch>().empty());
  EXPECT_EQ(driver_->core().Describe().epoch, Epoch(1));
  EXPECT_FALSE(Ask("r2", 2, {Epoch(1), Lsn(9)}, /*pre_vote=*/true).granted);
}

TEST_F(ReplicaElectionTest, StandsAfterPreVotesAndVotesForItselfFirst) {
  Follow();
  driver_->Wait(Millis(100));
  const auto asked = driver_->All<AskPeer>();
  ASSERT_EQ(asked.size(), 2u);
  EXPECT_TRUE(std::get<VoteRequest>(asked[0].request).pre_vote);
  EXPECT_TRUE(driver_->All<SaveEpoch>().empty());
  Answer("r2", 2, /*pre_vote=*/true);
  ASSERT_EQ(driver_->All<SaveEpoch>().size(), 1u);
  EXPECT_EQ(driver_->All<SaveEpoch>()[0].voted_for, NodeId("r1"));
  EXPECT_TRUE((driver_->Before<SaveEpoch, AskPeer>()));
  const auto stands = driver_->All<AskPeer>();
  ASSERT_EQ(stands.size(), 2u);
  const auto& request = std::get<VoteRequest>(stands[0].request);
  EXPECT_FALSE(request.pre_vote);
  EXPECT_EQ(request.epoch, Epoch(2));
  EXPECT_EQ(request.end, (Position{Epoch(1), Lsn(10)}));
  EXPECT_FALSE(Ask("r2", 2).granted);
  Answer("r2", 2, /*pre_vote=*/false);
  ASSERT_EQ(driver_->All<Lead>().size(), 1u);
  EXPECT_EQ(driver_->All<Lead>()[0].epoch, Epoch(2));
  EXPECT_TRUE(driver_->core().BeginPromotion(driver_->now(), Epoch(2)).ok());
}

TEST_F(ReplicaElectionTest, AnElectedNodeHandsOverTheEpochItWasElectedIn) {
  options_.election.knobs.pre_vote = false;
  Start({});
  driver_->Wait(Millis(100));
  Answer("p", 2, /*pre_vote=*/false);
  ASSERT_TRUE(driver_->core().BeginPromotion(driver_->now(), Epoch(2)).ok());
  driver_->Do();
  ASSERT_EQ(driver_->core().role_change(), Core::RoleChange::kReady);
  Effects last_words;
  const CoreStart start = driver_->core().HandOver(&last_words);
  EXPECT_EQ(start.epoch, Epoch(2));
  EXPECT_EQ(start.voted_for, NodeId("r1"));
}

TEST_F(ReplicaElectionTest, AVoteForAHigherEpochGivesUpItsOwnPromotion) {
  options_.election.knobs.pre_vote = false;
  options_.failover.promotion_time = Millis(500);
  Start({});
  driver_->Wait(Millis(100));
  Answer("p", 2, /*pre_vote=*/false);
  ASSERT_TRUE(driver_->core().BeginPromotion(driver_->now(), Epoch(2)).ok());
  EXPECT_TRUE(Ask("r2", 3).granted);
  EXPECT_EQ(driver_->core().role_change(), Core::RoleChange::kNone);
  EXPECT_FALSE(driver_->core().BeginPromotion(driver_->now(), Epoch(2)).ok());
}

TEST_F(ReplicaElectionTest, AnAnswerWithAHigherEpochEndsTheCandidacy) {
  options_.election.knobs.pre_vote = false;
  Start({});
  driver_->Wait(Millis(100));
  driver_->Do(PeerAnswered{NodeId("p"), Vote{{Epoch(2), {}, false, false}, false, Epoch(6)}});
  EXPECT_EQ(driver_->core().Describe().epoch, Epoch(6));
  ASSERT_EQ(driver_->All<SaveEpoch>().size(), 1u);
  Answer("r2", 2, /*pre_vote=*/false);
  EXPECT_TRUE(driver_->All<Lead>().empty());
}

TEST_F(ReplicaElectionTest, AStalePrimaryIsNotASignOfLife) {
  Start(NodeId("r2"), Epoch(3));
  driver_->Do(StreamOpened{kStream});
  driver_->Wait(Millis(90));
  Hear(1);
  driver_->Wait(Millis(10));
  EXPECT_EQ(driver_->All<AskPeer>().size(), 2u);
}

TEST_F(ReplicaElectionTest, StandsAtOnceWhenItsPrimaryHandsTheLeadOver) {
  Follow();
  driver_->Do(PeerAsked{NodeId("r2"), TakeLead{Epoch(1)}, AskId(3)});  // not its primary
  EXPECT_TRUE(driver_->All<AskPeer>().empty());
  driver_->Do(PeerAsked{NodeId("p"), TakeLead{Epoch(1)}, AskId(4)});
  ASSERT_EQ(driver_->All<AskPeer>().size(), 2u);
  EXPECT_FALSE(std::get<VoteRequest>(driver_->All<AskPeer>()[0].request).pre_vote);
  EXPECT_TRUE(std::get<VoteRequest>(driver_->All<AskPeer>()[0].request).hand_over);
  EXPECT_EQ(driver_->All<AnswerPeer>().size(), 1u);
}

TEST_F(ReplicaElectionTest, ANodeThatIsBoundByALeaseVotesForNoOtherAndKeepsItsEpoch) {
  options_.election.knobs.lease = Millis(80);
  Start({});
  driver_->Wait(Millis(79));
  EXPECT_FALSE(Ask("r2", 2).granted);  // it may have heard a primary before it started
  driver_->Wait(Millis(1));
  Follow();
  const Vote vote = Ask("r2", 2);
  EXPECT_FALSE(vote.granted);
  EXPECT_EQ(vote.known, Epoch(1));
  EXPECT_TRUE(driver_->All<SaveEpoch>().empty());
  driver_->Wait(Millis(79));
  EXPECT_FALSE(Ask("r2", 2).granted);
  driver_->Wait(Millis(1));
  EXPECT_TRUE(Ask("r2", 2).granted);
  EXPECT_FALSE(Ask("p", 3).granted);  // the vote binds, too
  driver_->Wait(Millis(80));
  EXPECT_TRUE(Ask("p", 3).granted);
}

TEST_F(ReplicaElectionTest, AHandOverPassesTheLease) {
  options_.election.knobs.lease = Millis(80);
  Start({});
  Follow();
  EXPECT_TRUE(Ask("r2", 2, {Epoch(1), Lsn(10)}, false, /*hand_over=*/true).granted);
}

TEST_F(ReplicaElectionTest, AHandOverThatCouldNotBeginIsForgotten) {
  Follow();
  driver_->Do(LogFull{nullptr}, PeerAsked{NodeId("p"), TakeLead{Epoch(1)}, AskId(4)});
  EXPECT_TRUE(driver_->All<AskPeer>().empty());
  driver_->Do(LogHasRoom{});
  driver_->Wait(Millis(100));
  Answer("r2", 2, /*pre_vote=*/true);
  ASSERT_EQ(driver_->All<AskPeer>().size(), 2u);
  EXPECT_FALSE(std::get<VoteRequest>(driver_->All<AskPeer>()[0].request).hand_over);
}

TEST_F(ReplicaElectionTest, TellsThePrimaryWhichOfItsMessagesItHasHeard) {
  Follow();
  driver_->Do(MessageReceived{kStream, Append{Epoch(1), Lsn(10), AtMs(777), nullptr}});
  const auto acks = driver_->Sent<Ack>(kStream);
  ASSERT_EQ(acks.size(), 1u);
  EXPECT_EQ(acks[0].heard, AtMs(777));
}

TEST_F(ReplicaElectionTest, DoesNotStandWithAFullDisk) {
  driver_->Do(LogFull{nullptr});
  driver_->Wait(Millis(100));
  EXPECT_TRUE(driver_->All<AskPeer>().empty());
  driver_->Do(LogHasRoom{});
  driver_->Wait(Millis(100));
  EXPECT_EQ(driver_->All<AskPeer>().size(), 2u);
}

// Witnesses pick the primary (initiator: witness).
class PickedReplicaTest : public ReplicaElectionTest {
 protected:
  PickedReplicaTest() {
    options_.election.knobs.initiator = Initiator::kWitness;
    options_.election.knobs.voters = Voters::kWitnesses;
    options_.election.witnesses = {NodeId("w1")};
    options_.election.others.push_back(NodeId("w1"));
    Start({});
  }
  PickAnswer Pick(uint64_t epoch, bool lead) {
    driver_->Do(PeerAsked{NodeId("w1"), PickRequest{Epoch(epoch), lead}, AskId(7)});
    return std::get<PickAnswer>(driver_->All<AnswerPeer>().at(0).answer);
  }
};

TEST_F(PickedReplicaTest, DoesNotStandForASuspicionOfItsOwn) {
  Follow();
  driver_->Wait(Millis(100));
  driver_->Wait(Millis(100));
  driver_->Wait(Millis(200));
  EXPECT_TRUE(driver_->All<AskPeer>().empty());
}

TEST_F(PickedReplicaTest, AnAnswerToAPollPromisesNothing) {
  Follow();
  const PickAnswer answer = Pick(2, /*lead=*/false);
  EXPECT_TRUE(answer.granted);
  EXPECT_EQ(answer.end, (Position{Epoch(1), Lsn(10)}));
  EXPECT_EQ(answer.known, Epoch(1));
  EXPECT_TRUE(driver_->All<SaveEpoch>().empty());
  EXPECT_TRUE(driver_->All<CloseStream>().empty());
}

TEST_F(PickedReplicaTest, LeadsTheEpochThatItWasPickedFor) {
  Follow();
  EXPECT_TRUE(Pick(2, /*lead=*/true).granted);
  EXPECT_TRUE((driver_->Before<SaveEpoch, AnswerPeer>()));
  EXPECT_EQ(driver_->All<SaveEpoch>().at(0).voted_for, NodeId("r1"));
  ASSERT_EQ(driver_->All<Lead>().size(), 1u);
  EXPECT_EQ(driver_->All<Lead>()[0].epoch, Epoch(2));
  EXPECT_EQ(driver_->All<CloseStream>().size(), 1u) << "it leaves the old primary";
  EXPECT_TRUE(Pick(2, /*lead=*/true).granted) << "told again";
  EXPECT_TRUE(driver_->All<Lead>().empty());
}

TEST_F(PickedReplicaTest, LeadsNoEpochThatItKnowsTheVoteOf) {
  EXPECT_TRUE(Ask("r2", 3).granted);
  EXPECT_FALSE(Pick(3, /*lead=*/true).granted);
  const PickAnswer lower = Pick(2, /*lead=*/true);
  EXPECT_FALSE(lower.granted);
  EXPECT_EQ(lower.known, Epoch(3));
}

// It may have led it before, with records that it has lost.
TEST_F(PickedReplicaTest, LeadsNoEpochAgainAfterARestart) {
  EXPECT_TRUE(Pick(2, /*lead=*/true).granted);
  Start(NodeId("r1"), Epoch(2));
  EXPECT_FALSE(Pick(2, /*lead=*/false).granted);
  EXPECT_FALSE(Pick(2, /*lead=*/true).granted);
  EXPECT_TRUE(driver_->All<Lead>().empty());
}

TEST_F(PickedReplicaTest, OneThatNeverLeadsSaysSo) {
  options_.election.knobs.may_lead = false;
  Start({});
  EXPECT_FALSE(Pick(2, /*lead=*/false).granted);
  EXPECT_FALSE(Pick(2, /*lead=*/true).granted);
}

// --- after an unclean shutdown ---

class UncleanRestartTest : public ReplicaElectionTest {
 protected:
  UncleanRestartTest() {
    options_.election.knobs.unclean_restart = UncleanRestart::kNotEligible;
    Start({}, Epoch(1), /*unclean=*/true);
  }
  void HearAsMember() {
    driver_->Do(
        MessageReceived{kStream, Append{Epoch(1), Lsn(10), Instant(), nullptr, /*in_sync=*/true}});
  }
};

TEST_F(UncleanRestartTest, ItDoesNotStandAlsoWhenItIsToldTo) {
  EXPECT_FALSE(Stands());
  driver_->Do(StandRequest{});
  EXPECT_TRUE(driver_->All<AskPeer>().empty());
}

TEST_F(UncleanRestartTest, ItStandsAgainWhenItsPrimarySaysThatItIsAMember) {
  Follow();
  EXPECT_TRUE(driver_->core().Describe().unclean);
  EXPECT_FALSE(Stands());
  HearAsMember();
  EXPECT_FALSE(driver_->core().Describe().unclean);
  EXPECT_TRUE(Stands());
}

TEST_F(UncleanRestartTest, ItTellsItsPrimaryAboutIt) {
  driver_->Do(StreamOpened{kStream});
  ASSERT_EQ(driver_->Sent<Hello>(kStream).size(), 1u);
  EXPECT_TRUE(driver_->Sent<Hello>(kStream)[0].unclean);
}

// A primary of an earlier epoch may not know that the set has changed since.
TEST_F(UncleanRestartTest, ADeposedPrimaryCannotMakeItEligible) {
  Follow();
  driver_->Do(PeerAsked{NodeId("r2"), Announcement{Epoch(2)}, AskId(8)});
  HearAsMember();
  EXPECT_TRUE(driver_->core().Describe().unclean);
}

TEST_F(UncleanRestartTest, AnotherRuleLetsItStand) {
  options_.election.knobs.unclean_restart = UncleanRestart::kEligible;
  Start({}, Epoch(1), /*unclean=*/true);
  EXPECT_TRUE(Stands());
}

}  // namespace
}  // namespace replsim::replica_election_test
