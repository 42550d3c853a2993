// The election of one node by hand: when it suspects, asks and stands, and when it is elected.
#include "common/election/election.h"

#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

#include "tests/unit/core_driver.h"

namespace replsim::election_test {
namespace {

using Action = Election::Action;

Vote Yes(uint64_t epoch, bool pre_vote) {
  return {{Epoch(epoch), Position(), pre_vote, false}, true, Epoch(epoch)};
}

class ElectionTest : public testing::Test {
 protected:
  ElectionTest() {
    options_.knobs.suspect_after = Millis(100);
    options_.others = {NodeId("p"), NodeId("r2")};
    options_.stand_delay = [this] { return Millis(wait_ms_); };
  }
  // Begins to watch at 0 ms.
  Election& Start() {
    election_ = std::make_unique<Election>(options_, AtMs(0));
    return *election_;
  }
  Action At(int64_t ms, uint64_t epoch = 1, bool may_stand = true) {
    return election_->Next(AtMs(ms), Epoch(epoch), may_stand);
  }
  void SuspectAndAsk() {
    EXPECT_EQ(At(100), Action::kSuspect);
    EXPECT_EQ(At(100 + wait_ms_), Action::kAskPreVotes);
  }

  ElectionOptions options_;
  int64_t wait_ms_ = 30;
  std::unique_ptr<Election> election_;
};

TEST_F(ElectionTest, WithoutTheKnobItNeverDoesAnything) {
  options_.knobs.suspect_after = Nanos(0);
  Start();
  EXPECT_EQ(At(1'000'000), Action::kNothing);
  EXPECT_EQ(election_->NextTimer(), kNever);
  election_->StandNow(/*hand_over=*/false);
  EXPECT_EQ(At(1'000'001), Action::kNothing);
}

TEST_F(ElectionTest, SuspectsAfterTheSilenceAndAsksAfterTheWait) {
  Start();
  EXPECT_EQ(At(99), Action::kNothing);
  EXPECT_EQ(election_->NextTimer(), AtMs(100));
  EXPECT_EQ(At(100), Action::kSuspect);
  EXPECT_EQ(At(129), Action::kNothing);
  EXPECT_EQ(election_->NextTimer(), AtMs(130));
  EXPECT_EQ(At(130), Action::kAskPreVotes);
}

TEST_F(ElectionTest, APrimaryThatIsHeardStartsTheSilenceAnew) {
  Start();
  election_->HeardPrimary(NodeId("p"), AtMs(60));
  EXPECT_EQ(At(159), Action::kNothing);
  EXPECT_EQ(At(160), Action::kSuspect);
  election_->HeardPrimary(NodeId("p"), AtMs(170));
  EXPECT_EQ(At(269), Action::kNothing);
  EXPECT_EQ(At(270), Action::kSuspect);
}

TEST_F(ElectionTest, AMajorityOfPreVotesAndThenOfVotesElects) {
  Start();
  SuspectAndAsk();
  EXPECT_EQ(At(131), Action::kNothing);
  election_->HandleVote(NodeId("r2"), Yes(2, /*pre_vote=*/true));
  EXPECT_EQ(At(131), Action::kStand);
  election_->HandleVote(NodeId("p"), Yes(2, /*pre_vote=*/true));  // of the round before
  EXPECT_EQ(At(132, 2), Action::kNothing);
  EXPECT_FALSE(election_->IsElected(Epoch(2)));
  election_->HandleVote(NodeId("r2"), Yes(2, /*pre_vote=*/false));
  EXPECT_EQ(At(132, 2), Action::kLead);
  EXPECT_TRUE(election_->IsElected(Epoch(2)));
  EXPECT_FALSE(election_->IsElected(Epoch(3)));
}

TEST_F(ElectionTest, AVoteBindsForThePromotionOfTheCandidate) {
  options_.knobs.promotion_time = Millis(300);
  Start();
  const auto grants = [&](const char* candidate, bool pre_vote, int64_t ms,
                          bool hand_over = false) {
    const VoteRequest asks{Epoch(3), Position(), pre_vote, hand_over};
    const Voter voter{Epoch(2), NodeId("r2"), Position()};
    return election_->Decide(asks, NodeId(candidate), voter, AtMs(ms)).granted;
  };
  EXPECT_TRUE(grants("p", /*pre_vote=*/true, 10));
  election_->Voted(AtMs(10));
  EXPECT_FALSE(grants("p", /*pre_vote=*/true, 309));
  EXPECT_FALSE(grants("p", /*pre_vote=*/false, 309));
  EXPECT_TRUE(grants("p", /*pre_vote=*/false, 309, /*hand_over=*/true));
  EXPECT_TRUE(grants("r2", /*pre_vote=*/false, 309)) << "the same candidate, again";
  EXPECT_TRUE(grants("p", /*pre_vote=*/true, 310));
}

TEST_F(ElectionTest, ItsOwnCandidacyBindsIt) {
  options_.knobs.promotion_time = Millis(300);
  Start();
  SuspectAndAsk();
  election_->HandleVote(NodeId("r2"), Yes(2, /*pre_vote=*/true));
  EXPECT_EQ(At(131), Action::kStand);
  const VoteRequest asks{Epoch(3), Position(), /*pre_vote=*/false, false};
  const Voter voter{Epoch(2), NodeId("r1"), Position()};
  EXPECT_FALSE(election_->Decide(asks, NodeId("r2"), voter, AtMs(430)).adopt);
  EXPECT_TRUE(election_->Decide(asks, NodeId("r2"), voter, AtMs(431)).granted);
}

// r1, beside p and r2; the witnesses w1 to w3 alone vote.
class WitnessesVoteTest : public ElectionTest {
 protected:
  WitnessesVoteTest() {
    options_.knobs.voters = Voters::kWitnesses;
    options_.witnesses = {NodeId("w1"), NodeId("w2"), NodeId("w3")};
    options_.others = {NodeId("p"), NodeId("r2"), NodeId("w1"), NodeId("w2"), NodeId("w3")};
    Start();
    election_->HeardPrimary(NodeId("p"), AtMs(0));
  }
  void Answer(const char* from, bool pre_vote, bool granted = true) {
    Vote vote = Yes(2, pre_vote);
    vote.granted = granted;
    election_->HandleVote(NodeId(from), vote);
  }
};

TEST_F(WitnessesVoteTest, AMajorityOfTheWitnessesElects) {
  SuspectAndAsk();
  Answer("r2", true);
  Answer("w1", true);
  EXPECT_EQ(At(131), Action::kNothing);
  Answer("w2", true);
  EXPECT_EQ(At(131), Action::kStand);
  Answer("r2", false);
  Answer("w1", false);
  EXPECT_EQ(At(132, 2), Action::kNothing);  // neither r2 nor the node itself votes
  Answer("w3", false);
  EXPECT_EQ(At(132, 2), Action::kLead);
}

TEST_F(WitnessesVoteTest, AnotherReplicaMayObject) {
  SuspectAndAsk();
  Answer("w1", true);
  Answer("w2", true);
  Answer("r2", true, /*granted=*/false);
  EXPECT_EQ(At(131), Action::kNothing);
  EXPECT_EQ(At(260), Action::kNothing);
  EXPECT_EQ(At(261), Action::kAskPreVotes);  // suspect_after and the wait later
}

TEST_F(WitnessesVoteTest, AReplicaThatNeverLeadsMayNotObject) {
  options_.knobs.never_leads = {NodeId("r2")};
  Start();
  election_->HeardPrimary(NodeId("p"), AtMs(0));
  SuspectAndAsk();
  Answer("r2", true, /*granted=*/false);
  Answer("w1", true);
  Answer("w2", true);
  EXPECT_EQ(At(131), Action::kStand);
}

TEST_F(WitnessesVoteTest, AReplicaThatDoesNotAnswerIsWaitedForAFifthOfTheSilence) {
  SuspectAndAsk();
  Answer("w1", true);
  Answer("w2", true);
  EXPECT_EQ(At(149), Action::kNothing);
  EXPECT_EQ(election_->NextTimer(), AtMs(150));
  EXPECT_EQ(At(150), Action::kStand);
}

TEST_F(WitnessesVoteTest, WhileAMajorityIsBoundTheRoundEndsAtOnce) {
  SuspectAndAsk();
  Answer("w1", true, /*granted=*/false);
  EXPECT_EQ(At(131), Action::kNothing);
  Answer("w2", true);
  Answer("w3", true, /*granted=*/false);
  EXPECT_EQ(At(140), Action::kNothing);
  EXPECT_EQ(At(269), Action::kNothing);
  EXPECT_EQ(At(270), Action::kAskPreVotes);
}

TEST_F(WitnessesVoteTest, OnlyAWitnessIsBoundByTheLease) {
  options_.knobs.lease = Millis(300);
  Start();
  EXPECT_FALSE(election_->IsBound(AtMs(1)));
  options_.is_witness = true;
  Start();
  EXPECT_TRUE(election_->IsBound(AtMs(299)));
  EXPECT_FALSE(election_->IsBound(AtMs(300)));
  election_->HeardPrimary(NodeId("p"), AtMs(310));
  const VoteRequest asks{Epoch(2), Position(), /*pre_vote=*/true, false};
  EXPECT_FALSE(election_->Decide(asks, NodeId("r1"), {Epoch(1), {}, {}}, AtMs(609)).granted);
  EXPECT_TRUE(election_->Decide(asks, NodeId("r1"), {Epoch(1), {}, {}}, AtMs(610)).granted);
}

TEST_F(ElectionTest, OneNodeCountsOnce) {
  options_.others = {NodeId("p"), NodeId("r2"), NodeId("r3"), NodeId("r4")};
  Start();
  SuspectAndAsk();
  election_->HandleVote(NodeId("r2"), Yes(2, true));
  election_->HandleVote(NodeId("r2"), Yes(2, true));
  EXPECT_EQ(At(131), Action::kNothing);
  election_->HandleVote(NodeId("r3"), Yes(2, true));
  EXPECT_EQ(At(131), Action::kStand);
}

TEST_F(ElectionTest, ALostRoundIsRepeatedAfterTheSilenceAndANewWait) {
  Start();
  SuspectAndAsk();
  wait_ms_ = 7;
  EXPECT_EQ(At(229), Action::kNothing);
  EXPECT_EQ(At(230), Action::kNothing);  // the round ends
  EXPECT_EQ(At(336), Action::kNothing);
  EXPECT_EQ(At(337), Action::kAskPreVotes);
}

TEST_F(ElectionTest, AnAnswerToAnEarlierRoundDoesNotCount) {
  options_.knobs.pre_vote = false;
  Start();
  EXPECT_EQ(At(100), Action::kSuspect);
  EXPECT_EQ(At(130), Action::kStand);
  EXPECT_EQ(At(230, 2), Action::kNothing);
  EXPECT_EQ(At(360, 2), Action::kStand);  // now for epoch 3
  election_->HandleVote(NodeId("r2"), Yes(2, false));
  EXPECT_EQ(At(361, 3), Action::kNothing);
  election_->HandleVote(NodeId("r2"), Yes(3, false));
  EXPECT_EQ(At(361, 3), Action::kLead);
}

TEST_F(ElectionTest, VotingForAnotherEndsTheOwnCandidacy) {
  options_.knobs.pre_vote = false;
  Start();
  At(100);
  EXPECT_EQ(At(130), Action::kStand);
  election_->Restart(AtMs(140));
  election_->HandleVote(NodeId("r2"), Yes(2, false));
  EXPECT_EQ(At(141, 3), Action::kNothing);
  EXPECT_EQ(election_->NextTimer(), AtMs(240));
}

TEST_F(ElectionTest, ANodeThatMayNotLeadNeverStands) {
  options_.knobs.may_lead = false;
  Start();
  EXPECT_EQ(At(100), Action::kSuspect);
  for (int64_t ms = 101; ms < 1000; ++ms) EXPECT_EQ(At(ms), Action::kNothing) << ms;
}

TEST_F(ElectionTest, ToldToStandItStandsAtOnceUnlessALeaseMayProtectThePrimary) {
  Start();
  election_->StandNow(/*hand_over=*/false);
  EXPECT_EQ(At(10), Action::kStand);
  options_.knobs.lease = Millis(100);
  Start();
  election_->StandNow(/*hand_over=*/false);
  EXPECT_EQ(At(10), Action::kAskPreVotes) << "it deposes the primary only if it could be elected";
  Start();
  election_->StandNow(/*hand_over=*/true);
  EXPECT_EQ(At(10), Action::kStand) << "the primary gives its lease up";
}

TEST_F(ElectionTest, AfterANewPrimaryItIsQuietForAWhile) {
  options_.knobs.quiet_period = Millis(1000);
  Start().HeardPrimary(NodeId("p"), AtMs(0));
  EXPECT_FALSE(election_->IsBound(AtMs(1))) << "p replaced no other one";
  election_->HeardPrimary(NodeId("r2"), AtMs(10));
  election_->HeardPrimary(NodeId("r2"), AtMs(20));
  EXPECT_TRUE(election_->IsBound(AtMs(1009)));
  EXPECT_FALSE(election_->IsBound(AtMs(1010)));
  EXPECT_EQ(At(120), Action::kSuspect);
  EXPECT_EQ(election_->NextTimer(), AtMs(1010)) << "it does not stand before";
  EXPECT_EQ(At(1009), Action::kNothing);
  EXPECT_EQ(At(1010), Action::kAskPreVotes);
}

TEST_F(ElectionTest, ANodeThatCannotStandNowTriesAgainLater) {
  Start();
  At(100);
  EXPECT_EQ(At(130, 1, /*may_stand=*/false), Action::kNothing);
  EXPECT_EQ(At(259), Action::kNothing);
  EXPECT_EQ(At(260), Action::kAskPreVotes);
}

TEST_F(ElectionTest, AProcessThatDidNotRunWaitsAgainBeforeItSuspects) {
  Start();
  EXPECT_EQ(At(500), Action::kNothing);
  EXPECT_EQ(At(599), Action::kNothing);
  EXPECT_EQ(At(600), Action::kSuspect);
}

TEST_F(ElectionTest, AnOperatorMakesItStandAtOnceAlthoughItHearsThePrimary) {
  Start();
  election_->StandNow(/*hand_over=*/false);
  election_->HeardPrimary(NodeId("p"), AtMs(10));
  EXPECT_EQ(At(10), Action::kStand);
}

TEST_F(ElectionTest, HearsAPrimaryOnlyAfterItWasHeard) {
  Start();
  EXPECT_FALSE(election_->HearsPrimary(AtMs(1)));
  election_->HeardPrimary(NodeId("p"), AtMs(10));
  EXPECT_TRUE(election_->HearsPrimary(AtMs(109)));
  EXPECT_FALSE(election_->HearsPrimary(AtMs(110)));
  election_->HeardPrimary(NodeId("p"), AtMs(120));
  election_->Restart(AtMs(121));
  EXPECT_FALSE(election_->HearsPrimary(AtMs(122)));
}

TEST_F(ElectionTest, GrantedByCountsTheCandidate) {
  options_.knobs.pre_vote = false;
  options_.knobs.granted_by = {SyncSet::Kind::kAny, 1, {}};
  Start();
  At(100);
  EXPECT_EQ(At(130), Action::kStand);
  EXPECT_EQ(At(130, 2), Action::kLead);

  options_.knobs.granted_by = {SyncSet::Kind::kAll, 1, {}};
  Start();
  At(100);
  EXPECT_EQ(At(130), Action::kStand);
  election_->HandleVote(NodeId("r2"), Yes(2, false));
  EXPECT_EQ(At(131, 2), Action::kNothing);
  election_->HandleVote(NodeId("p"), Yes(2, false));
  EXPECT_EQ(At(131, 2), Action::kLead);
}

TEST_F(ElectionTest, TheElectedNodeKnowsTheNewestInSyncSetOfThoseThatVotedForIt) {
  options_.knobs.pre_vote = false;
  options_.knobs.granted_by = {SyncSet::Kind::kAll, 1, {}};
  Start();
  At(100);
  EXPECT_EQ(At(130), Action::kStand);
  const auto vote = [](uint64_t epoch, bool granted, Epoch of, uint64_t version) {
    Vote with_set = Yes(epoch, false);
    with_set.granted = granted;
    with_set.in_sync = {of, version, {NodeId("p"), NodeId("r1")}};
    return with_set;
  };
  election_->HandleVote(NodeId("r2"), vote(2, true, Epoch(1), 9));
  election_->HandleVote(NodeId("p"), vote(2, false, Epoch(4), 1));
  election_->HandleVote(NodeId("p"), vote(3, true, Epoch(5), 1));
  EXPECT_TRUE(election_->elected_from().empty());
  election_->HandleVote(NodeId("p"), vote(2, true, Epoch(2), 1));
  EXPECT_EQ(At(131, 2), Action::kLead);
  EXPECT_EQ(election_->elected_from().epoch, Epoch(2));
}

// --- votes ---

constexpr Position kEnd{Epoch(3), Lsn(10)};

bool Allows(Position candidate_end, uint64_t epoch, bool pre_vote, const char* voted_for = "",
            GrantRule rule = GrantRule::kNotBehind) {
  return MayVote({Epoch(epoch), candidate_end, pre_vote, false}, NodeId("r1"),
                 {Epoch(4), NodeId(voted_for), kEnd}, rule);
}

TEST(MayVote, ALogThatEndsEarlierLosesByEpochAndThenByLsn) {
  EXPECT_TRUE(Allows(kEnd, 4, false));
  EXPECT_TRUE(Allows({Epoch(4), Lsn(1)}, 4, false));
  EXPECT_FALSE(Allows({Epoch(3), Lsn(9)}, 4, false));
  EXPECT_FALSE(Allows({Epoch(2), Lsn(99)}, 4, false));
  EXPECT_TRUE(Allows({Epoch(2), Lsn(99)}, 4, false, "", GrantRule::kAny));
}

TEST(MayVote, OnlyForAMemberOfTheInSyncSetIfTheRuleSaysSo) {
  const auto allows = [](const char* candidate, GrantRule rule, PublishedSet set) {
    return MayVote({Epoch(4), Position(), false, false}, NodeId(candidate),
                   {Epoch(4), NodeId(), Position(), std::move(set)}, rule);
  };
  const PublishedSet set{Epoch(3), 2, {NodeId("p"), NodeId("r1")}};
  EXPECT_TRUE(allows("r1", GrantRule::kInSyncSet, set));
  EXPECT_TRUE(allows("p", GrantRule::kInSyncSet, set));
  EXPECT_FALSE(allows("r2", GrantRule::kInSyncSet, set));
  EXPECT_TRUE(allows("r2", GrantRule::kInSyncSet, {}));
  EXPECT_TRUE(allows("r2", GrantRule::kNotBehind, set));
}

TEST(MayVote, AReplicaDoesNotCompareLogsWhereTheSetDecides) {
  EXPECT_TRUE(Allows({Epoch(2), Lsn(1)}, 4, false, "", GrantRule::kInSyncSet));
}

TEST(MayVote, OnceInAnEpoch) {
  EXPECT_TRUE(Allows(kEnd, 4, false, "r1"));
  EXPECT_FALSE(Allows(kEnd, 4, false, "r2"));
  EXPECT_FALSE(Allows(kEnd, 3, false));
  EXPECT_FALSE(Allows(kEnd, 5, false));  // only after it has adopted epoch 5
}

TEST(MayVote, NeverForTheFirstEpoch) {
  EXPECT_EQ(NextToStandFor(Epoch(0)), Epoch(2));
  EXPECT_EQ(NextToStandFor(Epoch(1)), Epoch(2));
  EXPECT_EQ(NextToStandFor(Epoch(2)), Epoch(3));
  const Voter fresh{Epoch(1), NodeId(), Position()};
  EXPECT_FALSE(MayVote({Epoch(1), kEnd, false, false}, NodeId("r1"), fresh, GrantRule::kNotBehind));
}

TEST(MayVote, APreVoteIsForAnEpochAboveItsOwn) {
  EXPECT_TRUE(Allows(kEnd, 5, true, "r2"));
  EXPECT_FALSE(Allows(kEnd, 4, true));
}

}  // namespace
}  // namespace replsim::election_test
