// A witness: it votes by the rules of a replica, but has no log and no clients.
#include "common/election/witness_core.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/unit/core_driver.h"

namespace replsim::witness_core_test {
namespace {

// w1, of the cluster p, r1 and w1.
class WitnessCoreTest : public testing::Test {
 protected:
  WitnessCoreTest() {
    options_.knobs.suspect_after = Millis(100);
    options_.others = {NodeId("p"), NodeId("r1")};
    Start(Epoch(1), NodeId("p"));
  }
  void Start(Epoch epoch, NodeId voted_for) {
    CoreStart start;
    start.id = NodeId("w1");
    start.epoch = epoch;
    start.voted_for = std::move(voted_for);
    driver_.emplace(std::make_unique<WitnessCore>(options_, start, AtMs(1000)));
  }
  // The epoch that the witness knows, as it answers a primary.
  uint64_t Hear(const char* primary, uint64_t epoch, Instant sent = Instant()) {
    driver_->Do(PeerAsked{NodeId(primary), Announcement{Epoch(epoch), sent}, AskId(3)});
    const auto known = std::get<KnownEpoch>(OneAnswer());
    EXPECT_EQ(known.announced, sent);
    return known.epoch.value();
  }
  bool Votes(const char* candidate, uint64_t epoch, bool pre_vote = false, bool hand_over = false) {
    driver_->Do(
        PeerAsked{NodeId(candidate), VoteRequest{Epoch(epoch), {}, pre_vote, hand_over}, AskId(3)});
    return std::get<Vote>(OneAnswer()).granted;
  }
  PeerAnswer OneAnswer() {
    const auto answers = driver_->All<AnswerPeer>();
    EXPECT_EQ(answers.size(), 1u);
    EXPECT_EQ(answers.at(0).ask, AskId(3));
    return answers.at(0).answer;
  }
  size_t Suspicions() const {
    size_t count = 0;
    for (const Trace& trace : driver_->All<Trace>()) count += trace.kind == TraceKind::kSuspects;
    return count;
  }

  ElectionOptions options_;
  std::optional<CoreDriver> driver_;
};

TEST_F(WitnessCoreTest, PersistsItsVoteBeforeItAnswers) {
  EXPECT_TRUE(Votes("r1", 2));
  const auto saved = driver_->All<SaveEpoch>();
  ASSERT_EQ(saved.size(), 1u);
  EXPECT_EQ(saved[0].epoch, Epoch(2));
  EXPECT_EQ(saved[0].voted_for, NodeId("r1"));
  EXPECT_TRUE((driver_->Before<SaveEpoch, AnswerPeer>()));
}

TEST_F(WitnessCoreTest, VotesOnceInAnEpochAlsoAfterARestart) {
  EXPECT_TRUE(Votes("r1", 2));
  EXPECT_FALSE(Votes("p", 2));
  Start(Epoch(2), NodeId("r1"));
  EXPECT_FALSE(Votes("p", 2));
  EXPECT_TRUE(Votes("r1", 2));
}

TEST_F(WitnessCoreTest, GrantsNoPreVoteWhileItHearsAPrimary) {
  Hear("p", 1);
  EXPECT_FALSE(Votes("r1", 2, /*pre_vote=*/true));
  driver_->Wait(Millis(100));
  EXPECT_TRUE(Votes("r1", 2, /*pre_vote=*/true));
  EXPECT_TRUE(driver_->All<SaveEpoch>().empty());
}

TEST_F(WitnessCoreTest, TellsAnOldPrimaryOfTheEpochThatItVotedIn) {
  EXPECT_EQ(Hear("p", 1), 1u);
  EXPECT_TRUE(Votes("r1", 2));
  EXPECT_EQ(Hear("p", 1), 2u);
  EXPECT_TRUE(Votes("p", 3, /*pre_vote=*/true));  // it does not hear the old primary
}

TEST_F(WitnessCoreTest, AdoptsTheEpochOfAPrimaryAndVotesForNoOtherNodeInIt) {
  EXPECT_EQ(Hear("r1", 4, AtMs(990)), 4u);
  ASSERT_EQ(driver_->All<SaveEpoch>().size(), 1u);
  EXPECT_FALSE(Votes("p", 4));
}

TEST_F(WitnessCoreTest, IsBoundForTheLeaseThatAnAnnouncementRenews) {
  options_.knobs.lease = Millis(80);
  Start(Epoch(1), NodeId("p"));
  driver_->Wait(Millis(80));
  Hear("p", 1);
  driver_->Wait(Millis(79));
  EXPECT_FALSE(Votes("r1", 2));
  EXPECT_TRUE(driver_->All<SaveEpoch>().empty());
  EXPECT_TRUE(Votes("r1", 2, /*pre_vote=*/false, /*hand_over=*/true));
}

TEST_F(WitnessCoreTest, MayHaveBeenBoundBeforeItStarted) {
  options_.knobs.lease = Millis(80);
  Start(Epoch(1), NodeId("p"));
  driver_->Wait(Millis(79));
  EXPECT_FALSE(Votes("r1", 2));
  driver_->Wait(Millis(1));
  EXPECT_TRUE(Votes("r1", 2));
}

// --- the in-sync set ---

class WitnessWithSetTest : public WitnessCoreTest {
 protected:
  WitnessWithSetTest() {
    options_.knobs.grant_rule = GrantRule::kInSyncSet;
    Start(Epoch(1), NodeId("p"));
  }
  // The version that it answers to the primary `members[0]` of `epoch`.
  uint64_t Publish(uint64_t epoch, uint64_t version, std::vector<NodeId> members) {
    driver_->Do(PeerAsked{
        members[0],
        Announcement{Epoch(epoch), AtMs(990), PublishedSet{Epoch(epoch), version, members}},
        AskId(3)});
    return std::get<KnownEpoch>(OneAnswer()).in_sync;
  }
  static std::vector<NodeId> Set(std::initializer_list<const char*> names) {
    return {names.begin(), names.end()};
  }
};

TEST_F(WitnessWithSetTest, PersistsASetBeforeItAnswersAndOnlyOnce) {
  EXPECT_EQ(Publish(1, 1, Set({"p"})), 1u);
  ASSERT_EQ(driver_->All<SaveEpoch>().size(), 1u);
  EXPECT_EQ(driver_->All<SaveEpoch>()[0].in_sync.members, Set({"p"}));
  EXPECT_EQ(driver_->All<SaveEpoch>()[0].voted_for, NodeId("p"));
  EXPECT_TRUE((driver_->Before<SaveEpoch, AnswerPeer>()));
  EXPECT_EQ(Publish(1, 1, Set({"p"})), 1u);
  EXPECT_TRUE(driver_->All<SaveEpoch>().empty());
}

TEST_F(WitnessWithSetTest, TracesTheMembersOfASetThatItTakes) {
  Publish(1, 1, Set({"p", "r1"}));
  std::vector<std::string> members;
  for (const Trace& trace : driver_->All<Trace>()) {
    if (trace.kind == TraceKind::kStores) members.push_back(trace.peer.name());
  }
  EXPECT_EQ(members, (std::vector<std::string>{"p", "r1"}));
  Publish(1, 1, Set({"p", "r1"}));
  EXPECT_TRUE(driver_->All<Trace>().empty());
}

TEST_F(WitnessWithSetTest, VotesForMembersOnlyAndKeepsItsEpochOtherwise) {
  EXPECT_TRUE(Votes("r1", 2, /*pre_vote=*/true));  // it stores no set yet
  Publish(1, 1, Set({"p"}));
  driver_->Wait(Millis(100));
  EXPECT_FALSE(Votes("r1", 2, /*pre_vote=*/true));
  EXPECT_FALSE(Votes("r1", 2));
  EXPECT_TRUE(driver_->All<SaveEpoch>().empty());
  Publish(1, 2, Set({"p", "r1"}));
  EXPECT_TRUE(Votes("r1", 2));
  EXPECT_EQ(driver_->All<SaveEpoch>()[0].in_sync.version, 2u);
}

TEST_F(WitnessWithSetTest, TakesNoSetOfALowerEpochAndNoOlderVersion) {
  EXPECT_EQ(Publish(1, 3, Set({"p", "r1"})), 3u);
  EXPECT_EQ(Publish(1, 2, Set({"p"})), 3u);
  EXPECT_TRUE(Votes("r1", 2));
  EXPECT_EQ(Publish(1, 4, Set({"p"})), 0u);  // none of epoch 2
  EXPECT_EQ(Publish(2, 1, Set({"r1"})), 1u);
}

TEST_F(WitnessWithSetTest, TellsTheCandidateWhichSetItStores) {
  Publish(1, 3, Set({"p", "r1"}));
  driver_->Do(PeerAsked{NodeId("r1"), VoteRequest{Epoch(2), {}, false, false}, AskId(3)});
  EXPECT_EQ(std::get<Vote>(OneAnswer()).in_sync, (PublishedSet{Epoch(1), 3, Set({"p", "r1"})}));
}

TEST_F(WitnessWithSetTest, StartsWithTheSetThatItHasStored) {
  CoreStart start;
  start.id = NodeId("w1");
  start.epoch = Epoch(1);
  start.in_sync = {Epoch(1), 3, Set({"p"})};
  driver_.emplace(std::make_unique<WitnessCore>(options_, start, AtMs(1000)));
  EXPECT_FALSE(Votes("r1", 2));
}

TEST_F(WitnessCoreTest, SuspectsASilentPrimaryOnceAndNeverStands) {
  options_.stand_delay = [] { return Millis(10); };
  Start(Epoch(1), NodeId("p"));
  Hear("p", 1);
  driver_->Wait(Millis(99));
  EXPECT_EQ(Suspicions(), 0u);
  driver_->Wait(Millis(1));
  EXPECT_EQ(Suspicions(), 1u);
  for (int i = 0; i < 50; ++i) {
    driver_->Wait(Millis(10));
    EXPECT_EQ(Suspicions(), 0u);
    EXPECT_TRUE(driver_->All<AskPeer>().empty());
  }
}

TEST_F(WitnessCoreTest, ServesNoClient) {
  driver_->Do(WriteRequest{RequestId(1), Epoch(1), "", 1, 1});
  ASSERT_EQ(driver_->All<AnswerWrite>().size(), 1u);
  EXPECT_EQ(driver_->All<AnswerWrite>()[0].outcome, WriteOutcome::kRejected);
  EXPECT_EQ(driver_->All<AnswerWrite>()[0].why, Refused::kNotPrimary);
  driver_->Do(ReadRequest{RequestId(2), "k", ReadConsistency::kAny, {}});
  ASSERT_EQ(driver_->All<AnswerRead>().size(), 1u);
  EXPECT_EQ(driver_->All<AnswerRead>()[0].why, Refused::kNotPrimary);
}

TEST_F(WitnessCoreTest, CannotBePromoted) {
  EXPECT_EQ(driver_->core().BeginPromotion(driver_->now(), Epoch(2)).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(driver_->core().BeginDemotion().code(), absl::StatusCode::kFailedPrecondition);
}

// w1 of three witnesses, beside p and r1, with initiator: witness.
class PickingWitnessTest : public WitnessCoreTest {
 protected:
  PickingWitnessTest() {
    options_.knobs.initiator = Initiator::kWitness;
    options_.knobs.voters = Voters::kWitnesses;
    options_.witnesses = {NodeId("w1"), NodeId("w2"), NodeId("w3")};
    options_.others = {NodeId("p"), NodeId("r1"), NodeId("w2"), NodeId("w3")};
    options_.stand_delay = nullptr;
    Start(Epoch(1), NodeId("p"));
    Hear("p", 1);
  }
  void Answer(const char* from, bool pre_vote, uint64_t known = 1) {
    driver_->Do(PeerAnswered{NodeId(from),
                             Vote{{Epoch(2), Position(), pre_vote, false}, true, Epoch(known)}});
  }
  std::string Asked() const {  // the nodes, in order
    std::string names;
    for (const AskPeer& ask : driver_->All<AskPeer>()) {
      absl::StrAppend(&names, names.empty() ? "" : " ", ask.peer.name());
    }
    return names;
  }
  void BeElected() {
    driver_->Wait(Millis(100));
    Answer("w2", /*pre_vote=*/true);
    ASSERT_EQ(Asked(), "w2 w3") << "nodes with data are not asked for votes";
    Answer("w2", /*pre_vote=*/false);
  }
};

TEST_F(PickingWitnessTest, PersistsItsVoteForItselfBeforeItAsksTheOtherWitnesses) {
  driver_->Wait(Millis(100));
  EXPECT_EQ(Asked(), "p r1 w2 w3") << "for what they hear";
  EXPECT_TRUE(driver_->All<SaveEpoch>().empty());
  Answer("w2", /*pre_vote=*/true);
  EXPECT_TRUE((driver_->Before<SaveEpoch, AskPeer>()));
  EXPECT_EQ(driver_->All<SaveEpoch>().at(0).voted_for, NodeId("w1"));
  EXPECT_FALSE(Votes("w2", 2)) << "one vote per epoch";
}

TEST_F(PickingWitnessTest, PollsOnlyWhenTheWitnessesHaveElectedIt) {
  BeElected();
  EXPECT_EQ(Asked(), "p r1");
  for (const AskPeer& ask : driver_->All<AskPeer>()) {
    EXPECT_FALSE(std::get<PickRequest>(ask.request).lead);
  }
}

TEST_F(PickingWitnessTest, TellsTheBestThatAnswersToLeadTheEpoch) {
  BeElected();
  const PickRequest polled{Epoch(2), /*lead=*/false};
  driver_->Do(PeerAnswered{NodeId("r1"), PickAnswer{polled, true, Epoch(1), Position()}});
  ASSERT_EQ(Asked(), "r1");
  const auto told = std::get<PickRequest>(driver_->All<AskPeer>()[0].request);
  EXPECT_TRUE(told.lead);
  EXPECT_EQ(told.epoch, Epoch(2));
}

TEST_F(PickingWitnessTest, AHigherEpochEndsThePick) {
  BeElected();
  const PickRequest polled{Epoch(2), /*lead=*/false};
  driver_->Do(PeerAnswered{NodeId("r1"), PickAnswer{polled, true, Epoch(3), Position()}});
  EXPECT_EQ(Asked(), "");
  EXPECT_EQ(driver_->All<SaveEpoch>().at(0).epoch, Epoch(3));
}

TEST_F(PickingWitnessTest, WithInitiatorCandidateItOnlyVotes) {
  options_.knobs.initiator = Initiator::kCandidate;
  Start(Epoch(1), NodeId("p"));
  driver_->Wait(Millis(100));
  driver_->Wait(Millis(200));
  EXPECT_EQ(Asked(), "");
}

}  // namespace
}  // namespace replsim::witness_core_test
