#include "simulator/analysis/writes/fates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

#include "simulator/analysis/durability/divergence.h"
#include "simulator/analysis/run_report.h"
#include "tests/unit/fake_recording.h"

namespace replsim::fates_test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Fates FatesOf(const Recording& recording) { return DecideFates(recording, FinalLog(recording)); }

TEST(Fates, EveryWriteHasOne) {
  FakeRecording fake({"p", "r1"});
  fake.Log(fake.Write(1, 7, 1000, 1001, proto::COMMITTED, 1, 1));
  fake.Write(1, 7, 1002, 1003, proto::COMMITTED, 1, 2);
  fake.Write(1, 7, 1004, 1005, proto::REJECTED);
  const Operation there = fake.Write(1, 7, 1006, 1007, proto::UNKNOWN);
  fake.Log(there, 1, 2);
  fake.Write(1, 7, 1008, 1009, proto::UNKNOWN);
  fake.Read(1, 7, 1010, 1011, "p", 1, 1);
  const Fates fates = FatesOf(fake.Done());
  EXPECT_THAT(fates.of, ElementsAre(Fate::kAckedSurvived, Fate::kAckedLost, Fate::kUnackedGone,
                                    Fate::kUnknownSurvived, Fate::kUnknownGone, Fate::kNotAWrite));
  EXPECT_EQ(fates.writes.attempted(), 5u);
  EXPECT_EQ(fates.writes.committed(), 2u);
  EXPECT_EQ(fates.writes.acked_lost(), 1u);
  EXPECT_EQ(fates.writes.unknown_survived(), 1u);
  EXPECT_DOUBLE_EQ(fates.writes.per_second(), 2.0);
}

TEST(Fates, AWriteSurvivesWhereverARetryPutIt) {
  FakeRecording fake({"p"});
  const Operation write = fake.Write(1, 7, 1000, 1001, proto::COMMITTED, 1, 1);
  fake.Log(write, 2, 1);
  EXPECT_EQ(FatesOf(fake.Done()).of[0], Fate::kAckedSurvived);
}

TEST(Fates, ARejectedWriteThatSurvivedIsABreach) {
  FakeRecording fake({"p"});
  fake.Log(fake.Write(1, 7, 1000, 1001, proto::REJECTED), 1, 1);
  const Fates fates = FatesOf(fake.Done());
  EXPECT_EQ(fates.writes.rejected_survived(), 1u);
  EXPECT_THAT(fates.breaches,
              ElementsAre(HasSubstr("1 writes were rejected, but are in the final log")));
}

TEST(Fates, AWriteThatTheHistoryDoesNotKnowIsUnacked) {
  FakeRecording fake({"p"});
  Operation write;
  write.client = 9;
  write.sequence = 99;
  fake.Log(write, 1, 1);
  EXPECT_EQ(FatesOf(fake.Done()).writes.unacked_survived(), 1u);
}

TEST(Fates, WithoutAFinalLogNothingIsSaidOfSurvival) {
  FakeRecording fake({"p"});
  fake.Write(1, 7, 1000, 1001, proto::COMMITTED, 1, 1);
  const Fates fates = FatesOf(fake.Done());
  EXPECT_EQ(fates.of[0], Fate::kUndecided);
  EXPECT_FALSE(fates.writes.has_acked_lost());
  EXPECT_EQ(fates.writes.committed(), 1u);
}

TEST(Fates, AHoleIsALostWriteBelowASurvivorOfItsEpoch) {
  FakeRecording fake({"p"});
  fake.Log(fake.Write(1, 7, 1000, 1001, proto::COMMITTED, 1, 1));
  fake.Write(1, 7, 1002, 1003, proto::COMMITTED, 1, 2);
  const Operation later = fake.Write(1, 7, 1004, 1005, proto::COMMITTED, 1, 3);
  fake.Log(later, 1, 2).Log(later, 1, 3);
  fake.Write(1, 7, 1006, 1007, proto::COMMITTED, 1, 4);
  const Fates fates = FatesOf(fake.Done());
  EXPECT_EQ(fates.writes.acked_lost(), 2u);
  EXPECT_EQ(fates.writes.holes(), 1u) << "4 was lost from the end";
}

TEST(Fates, UnprotectedAnswersAreCounted) {
  FakeRecording fake({"p"});
  fake.Write(1, 7, 1000, 1001, proto::COMMITTED, 1, 1);
  Recording recording = fake.Done();
  recording.operations[0].unprotected = 1;
  EXPECT_EQ(FatesOf(recording).writes.unprotected_acks(), 1u);
  EXPECT_EQ(FatesOf(recording).writes.protected_acks(), 0u);
}

TEST(Fates, OfLostWritesTheProtectedOnesAreCountedApart) {
  FakeRecording fake({"p"});
  fake.EmptyLog("p");
  fake.Write(1, 7, 1000, 1001, proto::COMMITTED, 1, 1);
  fake.Write(1, 7, 1002, 1003, proto::COMMITTED, 1, 2);
  Recording recording = fake.Done();
  recording.operations[1].unprotected = 1;
  EXPECT_EQ(FatesOf(recording).writes.acked_lost(), 2u);
  EXPECT_EQ(FatesOf(recording).writes.protected_lost(), 1u);
}

TEST(Fates, TheFirstLostWriteIsExplained) {
  FakeRecording fake({"p", "r1", "r2"});
  fake.manifest().set_final_primary("r2");
  fake.EmptyLog("r2");
  fake.Started("r1", 900).Started("r2", 900);
  fake.Reaches("r1", 1100, 3, 4174).Reaches("r2", 1110, 3, 4180).Reaches("r2", 1300, 4, 4190);
  fake.Write(1, 12, 1195, 1199, proto::COMMITTED, 3, 4212);
  fake.Write(1, 713, 1190, 1198, proto::COMMITTED, 3, 4211);
  // The client hears of its write just after the primary that answered it has died.
  fake.Event(1197.5, proto::RunEvent::KILLED, "p")
      .Event(1250, proto::RunEvent::PROMOTE_BEGIN, "r2");
  const Fates fates = FatesOf(fake.Done());
  ASSERT_TRUE(fates.first_lost);
  const proto::RunReport::LostWrite& lost = fates.writes.first_lost();
  EXPECT_EQ(lost.explanation(),
            "3:4211 key k0713, acknowledged 0.198 s; r1 had received 4174, r2 4180 when p died");
  ASSERT_EQ(lost.reached_size(), 2);
  EXPECT_EQ(lost.reached(1).apply(), 4180u);
  EXPECT_DOUBLE_EQ(lost.fault_ms(), 197.5);
}

TEST(Divergence, TheFinalReadsMustBeWhatTheLogSays) {
  FakeRecording fake({"p", "r1"});
  fake.Log(fake.Write(1, 7, 1000, 1001, proto::COMMITTED, 1, 1));
  fake.Log(fake.Write(1, 7, 1002, 1003, proto::COMMITTED, 1, 2));
  for (const char* id : {"p", "r1"}) {
    auto* end = fake.manifest().add_ends();
    end->set_node(id);
    end->set_alive(true);
    end->set_apply(2);
    fake.node(id).final_state = {{7, 0, 1, 2}};
  }
  Recording recording = fake.Done();
  EXPECT_TRUE(CheckDivergence(recording, FinalLog(recording), FatesOf(recording))
                  .divergence.final_states_equal());
  EXPECT_THAT(CheckDivergence(recording, FinalLog(recording), FatesOf(recording)).breaches,
              IsEmpty());
  recording.nodes[1].final_state = {{7, 0, 1, 1}};
  const DivergenceFindings findings =
      CheckDivergence(recording, FinalLog(recording), FatesOf(recording));
  EXPECT_FALSE(findings.divergence.final_states_equal());
  EXPECT_THAT(findings.breaches,
              ElementsAre(HasSubstr("k0007 holds 1:1 on r1 and 1:2 in the final log")));
}

// r1 leads behind a gate that cannot be reached: it holds two entries and may show one; p shows
// both.
FakeRecording Withheld() {
  FakeRecording fake({"p", "r1"});
  fake.manifest().set_final_primary("r1");
  const Operation first = fake.Write(1, 7, 1000, 1001, proto::COMMITTED, 1, 1);
  const Operation second = fake.Write(1, 7, 1002, 1003, proto::UNKNOWN);
  for (const char* id : {"p", "r1"}) {
    fake.Log(first, 1, 1, id).Log(second, 2, 2, id);
    auto* end = fake.manifest().add_ends();
    end->set_node(id);
    end->set_alive(true);
    end->set_epoch(2);
    end->set_last(2);
    end->set_apply(*id == 'p' ? 2 : 1);
    end->set_digest(*id == 'p' ? 22 : 11);
  }
  fake.node("p").final_state = {{7, 0, 2, 2}};
  fake.node("r1").final_state = {{7, 0, 1, 1}};
  fake.Event(2500, proto::RunEvent::CONVERGED, "", "", "the gate is shut: 1 entry not shown");
  return fake;
}

TEST(Divergence, ANodeIsComparedUpToWhatItMayShow) {
  const Recording recording = Withheld().Done();
  const DivergenceFindings findings =
      CheckDivergence(recording, FinalLog(recording), FatesOf(recording));
  EXPECT_THAT(findings.breaches, IsEmpty());
  EXPECT_TRUE(findings.divergence.converged());
  EXPECT_THAT(findings.notes, ElementsAre("converged; the gate is shut: 1 entry not shown"));
}

TEST(Divergence, WhatANodeShowsBelowThatMustBeWhatTheLogSays) {
  FakeRecording fake = Withheld();
  fake.node("r1").final_state.emplace();
  const Recording recording = fake.Done();
  EXPECT_THAT(CheckDivergence(recording, FinalLog(recording), FatesOf(recording)).breaches,
              ElementsAre(HasSubstr("final read of r1 differs from the log of r1 up to LSN 1")));
}

TEST(Divergence, DigestsAreComparedAtOnePositionAndNotAtOneLsn) {
  FakeRecording fake({"p", "r1", "r2"});
  fake.manifest().set_final_primary("r1");
  for (const auto& [id, epoch, digest] :
       {std::tuple("p", 1, 11), std::tuple("r1", 2, 22), std::tuple("r2", 2, 33)}) {
    auto* end = fake.manifest().add_ends();
    end->set_node(id);
    end->set_alive(true);
    end->set_epoch(static_cast<uint64_t>(epoch));
    end->set_last(7);
    end->set_apply(7);
    end->set_digest(static_cast<uint64_t>(digest));
  }
  const Recording recording = fake.Done();
  const DivergenceFindings findings =
      CheckDivergence(recording, FinalLog(recording), FatesOf(recording));
  EXPECT_THAT(findings.breaches,
              ElementsAre("r1 and r2 have both applied up to 2:7, but their data differs"));
  EXPECT_FALSE(findings.divergence.digests_equal());
}

TEST(Divergence, AFinalReadThatIsMissingLeavesItUnknown) {
  FakeRecording fake({"p"});
  auto* end = fake.manifest().add_ends();
  end->set_node("p");
  end->set_alive(true);
  const Recording recording = fake.Done();
  EXPECT_FALSE(CheckDivergence(recording, FinalLog(recording), FatesOf(recording))
                   .divergence.has_final_states_equal());
}

TEST(Divergence, OnePositionNamesOneWriteOnEveryNode) {
  FakeRecording fake({"p", "r1"});
  fake.Log(fake.Write(1, 7, 1000, 1001, proto::COMMITTED, 1, 1));
  fake.Log(fake.Write(2, 7, 1000, 1001, proto::UNKNOWN), 1, 1, "r1");
  const Recording recording = fake.Done();
  EXPECT_THAT(CheckDivergence(recording, FinalLog(recording), FatesOf(recording)).breaches,
              ElementsAre(HasSubstr("r1 holds a different write at 1:1")));
}

TEST(Divergence, AnAcknowledgedWriteThatWasOvertakenIsABreach) {
  FakeRecording fake({"p"});
  const Operation older = fake.Write(1, 7, 1000, 1005, proto::COMMITTED, 1, 2);
  const Operation newer = fake.Write(1, 8, 1001, 1004, proto::COMMITTED, 1, 1);
  fake.Log(newer).Log(older);
  const Recording recording = fake.Done();
  EXPECT_THAT(CheckDivergence(recording, FinalLog(recording), FatesOf(recording)).breaches,
              ElementsAre(HasSubstr("1 acknowledged writes are in the log but were not applied")));
}

TEST(Divergence, ARequestThatWasLoggedTwiceIsAppliedOnce) {
  FakeRecording fake({"p"});
  const Operation write = fake.Write(1, 7, 1000, 1005, proto::COMMITTED, 1, 1);
  fake.Log(write).Log(write, 1, 2);
  const Recording recording = fake.Done();
  const Replay replay = ReplayLog(FinalLog(recording));
  EXPECT_THAT(replay.state, ElementsAre(FinalEntry{7, 0, 1, 1}));
  EXPECT_THAT(replay.overtaken, IsEmpty());
}

}  // namespace
}  // namespace replsim::fates_test
