// Each rule of elections is broken once by hand, next to the same recording in which it holds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "simulator/oracle/oracle.h"
#include "simulator/scenario/scenario.h"
#include "tests/unit/fake_recording.h"

namespace replsim::oracle_election_test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

proto::Scenario Elects(const std::string& replication = "{preset: quorum}",
                       const std::string& more = "") {
  const absl::StatusOr<LoadedScenario> loaded = LoadScenarioText(
      "name: rules\nduration: 1s\ncluster: {replicas: 2}\nreplication: " + replication +
          "\nfailover: {preset: raft" + more +
          "}\nworkload: {clients: 1, arrival: {rate: 100/s}, mix: {write: 1}, keys: {count: 5}}\n",
      "rules.yaml", {}, {});
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  return loaded.ok() ? loaded->variants[0].scenario : proto::Scenario();
}

// p leads epoch 1 and is cut off; r1 stands for epoch 2, r2 votes for it, and r1 leads.
FakeRecording Story() {
  FakeRecording fake({"p", "r1", "r2"});
  fake.Started("p", 900).Leads("p", 901, 1, 0).Started("r1", 900).Started("r2", 900);
  fake.Append("p", 1010, 1, 5).Append("r1", 1020, 1, 5).Append("r2", 1021, 1, 3);
  fake.Trace("r1", 1200, TraceKind::kStands, 2, 5);
  fake.Trace("r2", 1210, TraceKind::kVotes, 2, 3, "r1");
  fake.Trace("r1", 1220, TraceKind::kElected, 2, 5).Leads("r1", 1230, 2, 5);
  return fake;
}

TEST(TwoLeaders, OneNodeLeadsAnEpoch) {
  EXPECT_THAT(FindTwoLeaders(Story().Done()), IsEmpty());
  EXPECT_THAT(FindTwoLeaders(Story().Leads("r2", 1300, 2, 5).Done()),
              ElementsAre("r2 leads epoch 2, which r1 leads too"));
}

TEST(TwoVotes, ANodeVotesOnceInAnEpoch) {
  EXPECT_THAT(FindTwoVotes(Story().Trace("r2", 1300, TraceKind::kVotes, 2, 3, "r1").Done()),
              IsEmpty());
  EXPECT_THAT(FindTwoVotes(Story().Trace("r2", 1300, TraceKind::kVotes, 2, 3, "p").Done()),
              ElementsAre("r2 voted for p in epoch 2, after it had voted for r1 in it"));
}

TEST(TwoVotes, ARestartIsNoExcuse) {
  FakeRecording fake = Story();
  fake.Started("r2", 1290, 3).Trace("r2", 1300, TraceKind::kVotes, 2, 3, "p");
  EXPECT_THAT(FindTwoVotes(fake.Done()),
              ElementsAre("r2 voted for p in epoch 2, after it had voted for r1 in it"));
}

TEST(TwoVotes, ACandidateHasVotedForItself) {
  EXPECT_THAT(FindTwoVotes(Story().Trace("r1", 1300, TraceKind::kVotes, 2, 5, "p").Done()),
              ElementsAre("r1 voted for p in epoch 2, after it had voted for r1 in it"));
  EXPECT_THAT(FindTwoVotes(Story().Trace("r2", 1300, TraceKind::kStands, 2, 3).Done()),
              ElementsAre("r2 voted for r2 in epoch 2, after it had voted for r1 in it"));
}

TEST(TwoVotes, AWitnessVotesOnceInAnEpoch) {
  Recording recording = Story().Done();
  NodeRecording& witness = recording.witnesses.emplace_back();
  witness.id = "w1";
  witness.trace = *recording.nodes[2].trace;  // of r2, which voted for r1
  EXPECT_THAT(FindTwoVotes(recording), IsEmpty());
  TraceRecord again = witness.trace->back();
  again.peer = 0;
  witness.trace->push_back(again);
  EXPECT_THAT(FindTwoVotes(recording),
              ElementsAre("w1 voted for p in epoch 2, after it had voted for r1 in it"));
}

TEST(TwoVotes, NoVoteInALowerEpoch) {
  FakeRecording fake = Story();
  fake.Trace("r2", 1300, TraceKind::kVotes, 4, 3, "p");
  EXPECT_THAT(FindTwoVotes(fake.Done()), IsEmpty());
  fake.Trace("r2", 1310, TraceKind::kVotes, 3, 3, "r1");
  EXPECT_THAT(FindTwoVotes(fake.Done()),
              ElementsAre("r2 voted in epoch 3, after it had voted in epoch 4"));
}

TEST(UnelectedLeaders, AnElectedNodeHasTheVotesThatTheKnobAsksFor) {
  EXPECT_THAT(FindUnelectedLeaders(Elects(), Story().Done()), IsEmpty());
  EXPECT_THAT(FindUnelectedLeaders(Elects("{preset: quorum}", ", granted_by: all"), Story().Done()),
              ElementsAre("r1 was elected in epoch 2 by 2 nodes, not by 3"));
}

TEST(UnelectedLeaders, AVoteCountsForItsCandidateOnceAndFromItsTimeOn) {
  FakeRecording alone = Story();
  alone.node("r2").trace->pop_back();
  const std::string sentence = "r1 was elected in epoch 2 by 1 nodes, not by 2";
  EXPECT_THAT(FindUnelectedLeaders(Elects(), alone.Done()), ElementsAre(sentence));
  for (const auto& [ms, epoch, candidate] :
       {std::tuple(1225, 2, "r1"), std::tuple(1210, 2, "p"), std::tuple(1210, 3, "r1")}) {
    FakeRecording fake = alone;
    fake.Trace("r2", ms, TraceKind::kVotes, static_cast<uint32_t>(epoch), 3, candidate);
    EXPECT_THAT(FindUnelectedLeaders(Elects(), fake.Done()), ElementsAre(sentence)) << ms;
  }
  alone.Trace("r1", 1210, TraceKind::kStands, 2, 5);
  EXPECT_THAT(FindUnelectedLeaders(Elects(), alone.Done()), ElementsAre(sentence));
}

TEST(UnelectedLeaders, OnlyEpochOneNeedsNoElection) {
  FakeRecording fake = Story();
  fake.Started("p", 1400, 5).Leads("p", 1401, 3, 5);
  EXPECT_THAT(FindUnelectedLeaders(Elects(), fake.Done()),
              ElementsAre("p leads epoch 3 without an election"));
  proto::Scenario manual = Elects();
  manual.clear_failover();
  EXPECT_THAT(FindUnelectedLeaders(manual, fake.Done()), IsEmpty());
}

// Write 1:`lsn` was acknowledged by p.
FakeRecording Acknowledged(uint64_t lsn) {
  FakeRecording fake = Story();
  fake.Write(0, 1, 1005, 1050, proto::COMMITTED, 1, lsn, "p");
  return fake;
}

TEST(LossyElections, ANewPrimaryBeginsWithTheAcknowledgedWrites) {
  EXPECT_THAT(FindLossyElections(Elects(), Acknowledged(5).Done()), IsEmpty());
  EXPECT_THAT(FindLossyElections(Elects(), Acknowledged(6).Done()),
              ElementsAre("r1 began to lead epoch 2 without the acknowledged write 1:6"));
}

TEST(LossyElections, ARecordOfAnotherEpochAtThatPositionIsAnotherWrite) {
  FakeRecording fake = Acknowledged(5);
  // p returns to the log of r1, in which 2:6 follows 1:5, and leads with it.
  fake.Append("r1", 1300, 2, 7).Append("p", 1310, 2, 7).Leads("p", 1400, 3, 7);
  EXPECT_THAT(FindLossyElections(Elects(), fake.Done()), IsEmpty());
  fake.Write(0, 1, 1005, 1060, proto::COMMITTED, 1, 7, "p");
  EXPECT_THAT(FindLossyElections(Elects(), fake.Done()),
              ElementsAre("r1 began to lead epoch 2 without the acknowledged write 1:7",
                          "p began to lead epoch 3 without the acknowledged write 1:7"));
}

// r2 receives 1:1 to 1:5 and 2:6 from r1, so that its trace names epoch 2 for all of them.
TEST(LossyElections, InheritedRecordsKeepTheirEpochWhoeverSendsThem) {
  FakeRecording fake = Acknowledged(5);
  fake.Append("r1", 1300, 2, 6).Append("r2", 1310, 2, 6).Leads("r2", 1400, 3, 6);
  fake.Write(0, 1, 1290, 1320, proto::COMMITTED, 2, 6, "r1");
  EXPECT_THAT(FindLossyElections(Elects(), fake.Done()), IsEmpty());
}

// p wins epoch 2 late, when r1 leads epoch 3 already; p can acknowledge nothing.
TEST(LossyElections, AcknowledgementsOfAHigherEpochDoNotCount) {
  FakeRecording fake = Story();
  fake.Append("r1", 1300, 2, 6).Leads("r2", 1290, 1, 0);
  fake.Write(0, 1, 1240, 1320, proto::COMMITTED, 1, 5, "r1");
  EXPECT_THAT(FindLossyElections(Elects(), fake.Done()), IsEmpty());
}

TEST(LossyElections, WhatIsNotPromisedMayBeLost) {
  EXPECT_THAT(FindLossyElections(Elects("{preset: async}"), Acknowledged(6).Done()), IsEmpty());
  EXPECT_THAT(
      FindLossyElections(Elects("{preset: quorum}", ", grant_rule: any"), Acknowledged(6).Done()),
      IsEmpty());
  FakeRecording degraded = Acknowledged(6);
  degraded.last().unprotected = 1;
  EXPECT_THAT(FindLossyElections(Elects(), degraded.Done()), IsEmpty());
  FakeRecording unknown = Acknowledged(6);
  unknown.last().outcome = proto::UNKNOWN;
  EXPECT_THAT(FindLossyElections(Elects(), unknown.Done()), IsEmpty());
}

// With take_over: at-once an elected node applies its log before it leads.
TEST(EarlyApplies, AnElectionMayBeginATakeOver) {
  const std::string on_commit = "{preset: quorum, replica_apply: on-commit}";
  FakeRecording fake = Story();
  fake.Trace("r1", 1225, TraceKind::kApply, 2, 5);
  const proto::Scenario at_once = Elects(on_commit, ", take_over: at-once");
  EXPECT_THAT(FindEarlyApplies(at_once, fake.Done()), IsEmpty());
  EXPECT_THAT(FindEarlyApplies(Elects(on_commit, ", take_over: own-record"), fake.Done()),
              ElementsAre("r1 applied up to 5, but primaries had released only up to 0"));
  fake.Trace("r1", 1215, TraceKind::kApply, 1, 4);
  EXPECT_THAT(FindEarlyApplies(at_once, fake.Done()),
              ElementsAre("r1 applied up to 4, but primaries had released only up to 0"));
}

// p leads epoch 1 and still commits when r1 has begun epoch 2.
TEST(OverlappingLeads, WithALeaseNoPrimaryCommitsAfterItsSuccessorHasBegun) {
  const Recording before = Story().Trace("p", 1229, TraceKind::kCommit, 1, 5).Done();
  const Recording after = Story().Trace("p", 1231, TraceKind::kCommit, 1, 5).Done();
  const proto::Scenario lease = Elects("{preset: quorum}", ", lease: 1s, lease_margin: 100ms");
  EXPECT_THAT(FindOverlappingLeads(lease, before), IsEmpty());
  EXPECT_THAT(FindOverlappingLeads(lease, after),
              ElementsAre("p commits in epoch 1, after r1 has begun epoch 2, although it leads by "
                          "a lease"));
  EXPECT_THAT(FindOverlappingLeads(Elects(), after), IsEmpty());
}

TEST(OverlappingLeads, TheMarginMustCoverTheClocks) {
  const Recording after = Story().Trace("p", 1231, TraceKind::kCommit, 1, 5).Done();
  proto::Scenario lease = Elects("{preset: quorum}", ", lease: 1s, lease_margin: 100ms");
  proto::Clock* clock = lease.mutable_machine()->add_clocks();
  clock->set_node("p");
  clock->set_drift(-0.09);
  EXPECT_EQ(FindOverlappingLeads(lease, after).size(), 1u);
  clock->set_drift(-0.11);
  EXPECT_THAT(FindOverlappingLeads(lease, after), IsEmpty());
}

TEST(OverlappingLeads, APauseInsideATurnDelaysWhatWasDecidedBeforeIt) {
  const Recording after = Story().Trace("p", 1231, TraceKind::kCommit, 1, 5).Done();
  proto::Scenario lease = Elects("{preset: quorum}", ", lease: 1s, lease_margin: 100ms");
  proto::Fault* pause = lease.add_faults();
  pause->set_do_(proto::PAUSE);
  EXPECT_EQ(FindOverlappingLeads(lease, after).size(), 1u);
  pause->mutable_when()->set_point("before-primary.append");
  EXPECT_THAT(FindOverlappingLeads(lease, after), IsEmpty());
}

// r1 dies before it stands.
TEST(IneligibleCandidates, AnUncleanNodeStandsOnlyWhenAPrimaryHasPublishedIt) {
  proto::Scenario rule = Elects();
  rule.mutable_failover()->set_unclean_restart(proto::NOT_ELIGIBLE);
  EXPECT_THAT(FindIneligibleCandidates(rule, Story().Done()), IsEmpty());
  EXPECT_THAT(FindIneligibleCandidates(rule, Story().Started("r1", 1100).Done()), IsEmpty());
  FakeRecording fake = Story();
  fake.Started("r1", 1100, 5, 1);
  const auto stood = ElementsAre(
      "r1 stood for epoch 2 after an unclean shutdown, before a primary had published it");
  EXPECT_THAT(FindIneligibleCandidates(rule, fake.Done()), stood);
  EXPECT_THAT(FindIneligibleCandidates(Elects(), fake.Done()), IsEmpty());
  // What the primary has published before it heard of the restart does not count.
  fake.Trace("p", 1110, TraceKind::kJoinsSet, 1, 0, "r1");
  fake.Trace("p", 1120, TraceKind::kConnected, 1, 0, "r1");
  EXPECT_THAT(FindIneligibleCandidates(rule, fake.Done()), stood);
  fake.Trace("p", 1130, TraceKind::kJoinsSet, 1, 0, "r1");
  EXPECT_THAT(FindIneligibleCandidates(rule, fake.Done()), IsEmpty());
}

TEST(IneligibleCandidates, AShutdownInOrderIsClean) {
  proto::Scenario rule = Elects();
  rule.mutable_failover()->set_unclean_restart(proto::NOT_ELIGIBLE);
  FakeRecording fake = Story();
  fake.Trace("r1", 1090, TraceKind::kEnds, 1, 5).Started("r1", 1100, 5, 1);
  EXPECT_THAT(FindIneligibleCandidates(rule, fake.Done()), IsEmpty());
}

}  // namespace
}  // namespace replsim::oracle_election_test
