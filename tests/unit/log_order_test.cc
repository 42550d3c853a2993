// Reads compared with the order of the final log over all keys (log_order.h), and as a history of
// values and times (judged_history.h, linearizability.h).
#include "simulator/analysis/reads/log_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "simulator/analysis/reads/linearizability.h"
#include "tests/unit/fake_recording.h"

namespace replsim::log_order_test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Consistency = proto::RunReport::Consistency;

Consistency Check(const FakeRecording& fake) {
  const Recording recording = fake.Done();
  Consistency consistency;
  CheckLogOrder(recording, FinalLog(recording), &consistency);
  CheckLinearizable(recording, FinalLog(recording), &consistency);
  return consistency;
}

// Key 1 is written at 1:1 and 1:3, key 2 at 1:2.
FakeRecording TwoKeys() {
  FakeRecording fake({"p", "r1"});
  fake.Leads("p", 900, 1, 0);
  fake.Log(fake.Write(1, 1, 1000, 1010, proto::COMMITTED, 1, 1));
  fake.Log(fake.Write(1, 2, 1020, 1030, proto::COMMITTED, 1, 2));
  fake.Log(fake.Write(1, 1, 1040, 1050, proto::COMMITTED, 1, 3));
  return fake;
}

TEST(LogOrder, AReadOfAnotherKeyShowsHowFarAClientHasSeen) {
  FakeRecording fake = TwoKeys();
  fake.Read(2, 1, 1100, 1110, "r1", 1, 3);
  fake.Read(2, 2, 1120, 1130, "r1", 0, 0);  // 1:2 had overwritten nothing before 1:3 was seen
  const Consistency found = Check(fake);
  EXPECT_EQ(found.consistent_prefix().count(), 1u);
  EXPECT_EQ(found.consistent_prefix().checked(), 1u) << "the first read follows nothing";
  EXPECT_THAT(found.consistent_prefix().first_witness(),
              HasSubstr("which 1:2 had overwritten; the client had seen 1:3 before"));
}

TEST(LogOrder, AClientThatOnlyMovesForwardSeesAPrefix) {
  FakeRecording fake = TwoKeys();
  fake.Read(2, 1, 1100, 1110, "r1", 1, 1);
  fake.Read(2, 2, 1120, 1130, "r1", 1, 2);
  fake.Read(2, 1, 1140, 1150, "r1", 1, 1);
  EXPECT_EQ(Check(fake).consistent_prefix().count(), 0u) << "late, but in order";
}

TEST(LogOrder, ALostWriteHadOverwrittenWhatWasThereBefore) {
  FakeRecording fake = TwoKeys();
  fake.Read(2, 1, 1100, 1110, "r1", 1, 4);  // not in the final log
  fake.Read(2, 1, 1120, 1130, "r1", 1, 3);
  const Consistency found = Check(fake);
  EXPECT_EQ(found.consistent_prefix().count(), 1u);
  EXPECT_EQ(found.sequential().count(), 1u);
  EXPECT_THAT(found.consistent_prefix().first_witness(), HasSubstr("which 1:4 had overwritten"));
}

TEST(LogOrder, WhatOverlapsInOneClientIsNotInOrder) {
  FakeRecording fake = TwoKeys();
  fake.Read(2, 1, 1100, 1200, "r1", 1, 3);
  fake.Read(2, 2, 1150, 1160, "r1", 0, 0);
  EXPECT_EQ(Check(fake).consistent_prefix().count(), 0u);
}

TEST(LogOrder, AnOwnWriteIsSeenByTheClientsLaterReadsInASequentialRun) {
  FakeRecording fake = TwoKeys();
  fake.Read(1, 2, 1100, 1110, "r1", 0, 0);
  const Consistency found = Check(fake);
  EXPECT_EQ(found.sequential().count(), 1u);
  EXPECT_EQ(found.consistent_prefix().checked(), 0u) << "it had read nothing";
}

TEST(LogOrder, AfterALossAWriteMayStandBeforeWhatItsClientKnew) {
  FakeRecording fake({"p", "r1"});
  fake.Leads("p", 900, 1, 0);
  fake.Read(3, 9, 1000, 1001, "r1", 2, 5);
  fake.Log(fake.Write(3, 1, 1010, 1020, proto::COMMITTED, 1, 7));
  fake.Log(fake.Write(3, 1, 1030, 1040, proto::COMMITTED, 1, 6));
  const Consistency found = Check(fake);
  EXPECT_EQ(found.writes_follow_reads().count(), 2u);
  EXPECT_EQ(found.monotonic_writes().count(), 1u);
  EXPECT_THAT(found.monotonic_writes().first_witness(), HasSubstr("its own write 1:7 before"));
}

FakeRecording TwoReadersThatDisagree() {
  FakeRecording fake({"p", "r1"});
  fake.Leads("p", 900, 1, 0);
  // Nothing is acknowledged before 1200: both reads miss no acknowledged write.
  fake.Log(fake.Write(1, 7, 1000, 1200, proto::COMMITTED, 1, 1));
  fake.Read(2, 7, 1050, 1060, "r1", 1, 1);
  fake.Read(3, 7, 1100, 1110, "p", 0, 0);
  return fake;
}

TEST(Linearizability, TwoClientsThatDisagreeAreFoundAlthoughNoReadIsStale) {
  FakeRecording fake = TwoReadersThatDisagree();
  const Consistency found = Check(fake);
  ASSERT_TRUE(found.linearizable().has_holds());
  EXPECT_FALSE(found.linearizable().holds());
  EXPECT_DOUBLE_EQ(found.linearizable().late_by_ms(), 40);
  EXPECT_EQ(found.linearizable().late_reads(), 1u);
  EXPECT_EQ(found.linearizable().reads(), 2u);
  EXPECT_THAT(found.linearizable().witness(), testing::SizeIs(3));
  EXPECT_THAT(found.linearizable().reason(),
              HasSubstr("client 3 read nil on p (0.100000 to 0.110000 s)"));
}

TEST(Linearizability, AWriteOfUnknownOutcomeIsNamedByTheLogThatHasIt) {
  FakeRecording fake({"p", "r1"});
  fake.Leads("p", 900, 1, 0);
  fake.Log(fake.Write(1, 7, 1000, 1500, proto::UNKNOWN), 1, 1, "r1");
  fake.Read(2, 7, 1100, 1110, "p", 1, 1);
  EXPECT_TRUE(Check(fake).linearizable().holds()) << "it happened before its client gave up";
  fake.Read(2, 7, 1200, 1210, "p", 0, 0);
  EXPECT_FALSE(Check(fake).linearizable().holds()) << "seen, and gone";
}

TEST(Linearizability, ARejectedWriteDidNotHappen) {
  FakeRecording fake({"p", "r1"});
  fake.Leads("p", 900, 1, 0);
  fake.Write(1, 7, 1000, 1010, proto::REJECTED);
  fake.Read(2, 7, 1100, 1110, "p", 0, 0);
  EXPECT_TRUE(Check(fake).linearizable().holds());
}

TEST(Linearizability, ADamagedHistoryIsJudgedAsFarAsItGoes) {
  FakeRecording fake({"p", "r1"});
  fake.Leads("p", 900, 1, 0);
  Recording recording = fake.Done();
  for (const int64_t time : {std::numeric_limits<int64_t>::min(), int64_t{-5},
                             std::numeric_limits<int64_t>::max(), int64_t{0}}) {
    Operation operation;
    operation.client = 1;
    operation.outcome = proto::COMMITTED;
    operation.sequence = static_cast<uint64_t>(time);
    operation.epoch = 1;
    operation.lsn = 7;
    operation.invoked_ns = time;
    operation.completed_ns = ~time;
    recording.operations.push_back(operation);
    operation.is_write = 1;
    recording.operations.push_back(operation);
  }
  Consistency consistency;
  CheckLinearizable(recording, FinalLog(recording), &consistency);
  EXPECT_LE(consistency.linearizable().bad_keys(), consistency.linearizable().keys());
}

TEST(Linearizability, AWriteInFlightWhenTheRecordingEndedIsNoneOfNobody) {
  FakeRecording fake({"p", "r1"});
  fake.Leads("p", 900, 1, 0);
  fake.Read(2, 7, 1100, 1110, "p", 1, 1);
  Recording recording = fake.Done();
  recording.operations[0].has_value = 1;
  recording.operations[0].value_client = 1;
  recording.operations[0].value_sequence = 5;
  Consistency consistency;
  CheckLinearizable(recording, FinalLog(recording), &consistency);
  EXPECT_FALSE(consistency.linearizable().holds()) << "the run was recorded to its end";
  recording.manifest.set_complete(false);
  CheckLinearizable(recording, FinalLog(recording), &consistency);
  EXPECT_TRUE(consistency.linearizable().holds());
  recording.manifest.set_complete(true);
  recording.history_cut_short = true;
  CheckLinearizable(recording, FinalLog(recording), &consistency);
  EXPECT_TRUE(consistency.linearizable().holds());
}

TEST(Linearizability, TheWitnessNamesTheNodesThatAnsweredAndTheFaults) {
  FakeRecording fake = TwoReadersThatDisagree();
  fake.Event(1020, proto::RunEvent::LINK_PARTITIONED, "p", "r1");
  fake.Event(1020, proto::RunEvent::LINK_PARTITIONED, "r1", "p");
  const Recording recording = fake.Done();
  Consistency consistency;
  const WitnessPicture picture = CheckLinearizable(recording, FinalLog(recording), &consistency);
  EXPECT_THAT(consistency.linearizable().reason(), HasSubstr("client 3 read nil on p"));
  ASSERT_THAT(picture.faults, testing::SizeIs(1)) << "both directions of a link are one fault";
  EXPECT_THAT(picture.faults[0].text, testing::StartsWith("p ↔ r1 "));
  EXPECT_DOUBLE_EQ(picture.faults[0].begin, 20) << "since the load began";
}

TEST(Linearizability, ALoadWithoutReadsIsNotJudged) {
  FakeRecording fake = TwoKeys();
  EXPECT_FALSE(Check(fake).has_linearizable());
}

}  // namespace
}  // namespace replsim::log_order_test
