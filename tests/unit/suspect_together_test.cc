// How many nodes must hear no primary before one stands (failover.suspect_together), by hand.
#include <gtest/gtest.h>

#include <optional>
#include <utility>

#include "common/election/election.h"
#include "tests/unit/core_driver.h"

namespace replsim::suspect_together_test {
namespace {

using Action = Election::Action;

// r1, beside p, r2, r3 and w1. With suspect_together a pre-vote does not say that the node hears no
// primary.
class SuspectTogetherTest : public testing::Test {
 protected:
  SuspectTogetherTest() {
    options_.knobs.suspect_after = Millis(100);
    options_.stand_delay = [] { return Millis(30); };
    options_.witnesses = {NodeId("w1")};
    options_.others = {NodeId("p"), NodeId("r2"), NodeId("r3"), NodeId("w1")};
  }
  void Start() {
    election_.emplace(options_, AtMs(0));
    election_->HeardPrimary(NodeId("p"), AtMs(0));
  }
  Action At(int64_t ms) { return election_->Next(AtMs(ms), Epoch(1), /*may_stand=*/true); }
  // It asks at 130 ms.
  void Begin(SyncSet together, Observers observers = Observers::kAll) {
    options_.knobs.suspect_together = std::move(together);
    options_.knobs.observers = observers;
    Start();
    EXPECT_EQ(At(100), Action::kSuspect);
    EXPECT_EQ(At(130), Action::kAskPreVotes);
  }
  Action Answer(const char* from, bool hears, int64_t ms = 131) {
    const VoteRequest asked{Epoch(2), Position(), /*pre_vote=*/true, false};
    election_->HandleVote(NodeId(from), {asked, /*granted=*/true, Epoch(1), {}, hears});
    return At(ms);
  }

  ElectionOptions options_;
  std::optional<Election> election_;
};

TEST_F(SuspectTogetherTest, AVoterThatHearsThePrimaryGivesAPreVoteAndSaysSo) {
  const VoteRequest asks{Epoch(2), Position(), /*pre_vote=*/true, false};
  const auto grants = [&] {
    return election_->Decide(asks, NodeId("r2"), {Epoch(1), NodeId(), Position()}, AtMs(50))
        .granted;
  };
  Start();
  EXPECT_FALSE(grants());
  options_.knobs.suspect_together = SyncSet{SyncSet::Kind::kAny, 1, {}};
  Start();
  EXPECT_TRUE(grants());
  EXPECT_TRUE(election_->HearsPrimary(AtMs(50)));
}

TEST_F(SuspectTogetherTest, OneSuspicionIsEnoughForAny1) {
  Begin({SyncSet::Kind::kAny, 1, {}});
  EXPECT_EQ(Answer("r2", /*hears=*/true), Action::kNothing) << "two of five pre-votes";
  EXPECT_EQ(Answer("r3", /*hears=*/true), Action::kStand);
}

TEST_F(SuspectTogetherTest, AMajorityIsOneOfTheNodesBesideThePrimary) {
  Begin({SyncSet::Kind::kMajority, 1, {}});  // 3 of r1, r2, r3 and w1
  EXPECT_EQ(Answer("r2", /*hears=*/true), Action::kNothing);
  EXPECT_EQ(Answer("r3", /*hears=*/false), Action::kNothing);
  EXPECT_EQ(election_->NextTimer(), AtMs(230)) << "the end of the round";
  EXPECT_EQ(Answer("w1", /*hears=*/false), Action::kStand);
}

TEST_F(SuspectTogetherTest, WitnessesAloneCount) {
  Begin({SyncSet::Kind::kAny, 1, {}}, Observers::kWitnesses);
  EXPECT_EQ(Answer("r2", /*hears=*/false), Action::kNothing);
  EXPECT_EQ(Answer("r3", /*hears=*/false), Action::kNothing);
  EXPECT_EQ(Answer("w1", /*hears=*/true), Action::kNothing);
  EXPECT_EQ(election_->NextTimer(), AtMs(181)) << "asks again: all but p have answered";
  EXPECT_EQ(At(181), Action::kAskPreVotes);
  EXPECT_EQ(Answer("w1", /*hears=*/false, 182), Action::kNothing);
  EXPECT_EQ(Answer("r2", /*hears=*/true, 182), Action::kStand);
}

TEST_F(SuspectTogetherTest, AllIsEveryOneThatAnswersInAFifthOfTheSilence) {
  Begin({SyncSet::Kind::kAll, 1, {}});
  EXPECT_EQ(Answer("r2", /*hears=*/false), Action::kNothing);
  EXPECT_EQ(Answer("w1", /*hears=*/false), Action::kNothing) << "r3 may still answer";
  EXPECT_EQ(election_->NextTimer(), AtMs(150));
  EXPECT_EQ(At(150), Action::kStand);
}

TEST_F(SuspectTogetherTest, OneThatHearsThePrimaryPreventsAll) {
  Begin({SyncSet::Kind::kAll, 1, {}});
  EXPECT_EQ(Answer("r2", /*hears=*/false), Action::kNothing);
  EXPECT_EQ(Answer("r3", /*hears=*/true), Action::kNothing);
  EXPECT_EQ(Answer("w1", /*hears=*/false), Action::kNothing);
  EXPECT_EQ(At(180), Action::kNothing);
  EXPECT_EQ(At(181), Action::kAskPreVotes);
}

}  // namespace
}  // namespace replsim::suspect_together_test
