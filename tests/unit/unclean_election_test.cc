// Elections of nodes that are not eligible by the in-sync set (failover.unclean_after), by hand.
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "common/election/election.h"
#include "replica/core/replica_core.h"
#include "tests/unit/core_driver.h"

namespace replsim::unclean_election_test {
namespace {

using Action = Election::Action;

const PublishedSet kSet{Epoch(1), 5, {NodeId("p"), NodeId("r2")}, 0};

ElectionOptions OptionsOf(bool is_witness) {
  ElectionOptions options;
  options.knobs.suspect_after = Millis(100);
  options.knobs.voters = Voters::kWitnesses;
  options.knobs.grant_rule = GrantRule::kInSyncSet;
  options.knobs.unclean_after = Millis(300);
  options.is_witness = is_witness;
  options.witnesses = {NodeId("w1"), NodeId("w2"), NodeId("w3")};
  options.others = {NodeId("p"), NodeId("r2"), NodeId("w1"), NodeId("w2"), NodeId("w3")};
  return options;
}

// r1, which is no member of the set and has heard p at 0 ms.
class UncleanElectionTest : public testing::Test {
 protected:
  UncleanElectionTest() : election_(OptionsOf(false), AtMs(0)) {
    election_.HeardPrimary(NodeId("p"), AtMs(0));
    EXPECT_EQ(At(100), Action::kSuspect);
    EXPECT_EQ(At(100), Action::kAskPreVotes);
    EXPECT_FALSE(election_.is_unclean());
    for (const char* witness : {"w1", "w2"}) Answer(witness, /*granted=*/false);
    EXPECT_EQ(At(101), Action::kNothing);
    election_.SetEligible(election_.known_set().Contains(NodeId("r1")));
  }
  Action At(int64_t ms) { return election_.Next(AtMs(ms), Epoch(1), true); }
  void Answer(const char* from, bool granted, bool not_eligible = false) {
    Vote vote{{Epoch(2), Position(), true, false}, granted, Epoch(1)};
    if (from[0] == 'w') vote.in_sync = kSet;
    vote.not_eligible = not_eligible;
    election_.HandleVote(NodeId(from), vote);
  }
  // Begins the round at `ms`, in which the witnesses say yes.
  void Ask(int64_t ms, bool unclean) {
    EXPECT_EQ(At(ms), Action::kAskPreVotes);
    EXPECT_EQ(election_.is_unclean(), unclean);
    for (const char* witness : {"w1", "w2"}) Answer(witness, true);
  }

  Election election_;
};

TEST_F(UncleanElectionTest, StandsAsOneThatIsNotEligibleAfterTheTime) {
  Ask(201, /*unclean=*/false);
  for (const char* witness : {"w1", "w2"}) Answer(witness, false);
  EXPECT_EQ(At(300), Action::kNothing);
  Ask(400, /*unclean=*/true);
  EXPECT_EQ(At(401), Action::kNothing) << "it waits for the others";
  EXPECT_EQ(At(420), Action::kStand);
  EXPECT_TRUE(election_.is_unclean());
}

TEST_F(UncleanElectionTest, NotIfAMemberAnswersThatMayBeElected) {
  Ask(400, /*unclean=*/true);
  Answer("r2", true);
  EXPECT_EQ(At(420), Action::kNothing);
  EXPECT_EQ(At(519), Action::kNothing);
  Ask(520, /*unclean=*/true);
  Answer("r2", true, /*not_eligible=*/true);
  EXPECT_EQ(At(521), Action::kStand);
}

TEST_F(UncleanElectionTest, NotIfAnotherNodeHasALongerLog) {
  Ask(400, /*unclean=*/true);
  Answer("r2", false, /*not_eligible=*/true);
  EXPECT_EQ(At(420), Action::kNothing);
}

TEST_F(UncleanElectionTest, APrimaryThatIsHeardBeginsTheTimeAnew) {
  election_.HeardPrimary(NodeId("p"), AtMs(399));
  EXPECT_FALSE(election_.AllowsUnclean(AtMs(798)));
  EXPECT_TRUE(election_.AllowsUnclean(AtMs(799)));
}

TEST(UncleanVote, AWitnessGivesItAfterTheTimeAndANodeWithALogComparesIt) {
  Election witness(OptionsOf(true), AtMs(0));
  const auto grants = [&](int64_t ms, bool unclean) {
    const VoteRequest asks{Epoch(2), {}, false, false, unclean};
    return witness.Decide(asks, NodeId("r1"), {Epoch(1), NodeId(), {}, kSet}, AtMs(ms)).granted;
  };
  EXPECT_FALSE(grants(399, true));
  EXPECT_FALSE(grants(400, false));
  EXPECT_TRUE(grants(400, true));
  Election replica(OptionsOf(false), AtMs(0));
  const auto compares = [&](bool unclean) {
    const VoteRequest asks{Epoch(2), {Epoch(1), Lsn(9)}, false, false, unclean};
    return !replica
                .Decide(asks, NodeId("r1"), {Epoch(1), NodeId(), {Epoch(1), Lsn(10)}}, AtMs(0))
                .granted;
  };
  EXPECT_TRUE(compares(true));
  EXPECT_FALSE(compares(false));
}

// r1 may have lost what it had reported.
TEST(UncleanCandidate, AnUncleanNodeStandsAfterTheTimeAndSaysSo) {
  const EpochHistory history({{Epoch(1), Lsn(1)}});
  ReplicaOptions options;
  options.election = OptionsOf(false);
  options.election.knobs.unclean_restart = UncleanRestart::kNotEligible;
  CoreStart start{NodeId("r1"), Epoch(1), history, Lsn(10), Lsn(10), Lsn(10)};
  start.unclean = true;
  CoreDriver driver(std::make_unique<ReplicaCore>(options, start, AtMs(1000)));
  driver.Do(PeerAsked{NodeId("r2"), VoteRequest{Epoch(2), {}, true, false}, AskId(1)});
  EXPECT_TRUE(std::get<Vote>(driver.All<AnswerPeer>().at(0).answer).not_eligible);
  std::optional<VoteRequest> asked;
  Nanos waited{0};
  while (!asked && waited < Millis(2000)) {
    driver.Wait(Millis(20));
    waited += Millis(20);
    for (const AskPeer& ask : driver.All<AskPeer>()) asked = std::get<VoteRequest>(ask.request);
  }
  ASSERT_TRUE(asked);
  EXPECT_TRUE(asked->unclean);
  EXPECT_GE(waited, Millis(400));
}

}  // namespace
}  // namespace replsim::unclean_election_test
