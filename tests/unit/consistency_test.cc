#include "simulator/analysis/reads/consistency.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/fake_recording.h"

namespace replsim::consistency_test {
namespace {

using ::testing::HasSubstr;

proto::RunReport::Consistency Check(const Recording& recording) {
  const FinalLog final_log(recording);
  return CheckConsistency(
      recording, LeadershipHistory(recording), final_log,
      FindStaleReads(recording, LeadershipHistory(recording), DecideFates(recording, final_log)));
}

// Key 7 was written at 1:1 (acknowledged at 1010) and 1:2 (acknowledged at 1020), and p leads.
FakeRecording TwoVersions() {
  FakeRecording fake({"p", "r1"});
  fake.Leads("p", 900, 1, 0);
  fake.Log(fake.Write(1, 7, 1000, 1010, proto::COMMITTED, 1, 1));
  fake.Log(fake.Write(1, 7, 1011, 1020, proto::COMMITTED, 1, 2));
  return fake;
}

TEST(StaleReads, AReadThatMissesAnAcknowledgedWriteIsStale) {
  FakeRecording fake = TwoVersions();
  fake.Read(2, 7, 1050, 1051, "r1", 1, 1);
  fake.Read(3, 7, 1060, 1061, "r1", 1, 2);
  const auto consistency = Check(fake.Done());
  EXPECT_EQ(consistency.stale_reads().count(), 1u);
  EXPECT_DOUBLE_EQ(consistency.stale_reads().rate(), 50.0);
  EXPECT_EQ(consistency.stale_replica_reads().count(), 1u);
  EXPECT_NEAR(static_cast<double>(consistency.staleness_us().max()), 30'000, 1);
  EXPECT_EQ(consistency.stale_versions().max(), 1);
  EXPECT_THAT(consistency.stale_reads().first_witness(),
              HasSubstr("client 2 read k0007 on r1 at 0.050 s and saw 1:1; the newest acknowledged "
                        "write was 1:2"));
}

TEST(StaleReads, FindingNothingMissesEveryVersion) {
  FakeRecording fake = TwoVersions();
  fake.Read(2, 7, 1050, 1051, "r1", 0, 0);
  const auto consistency = Check(fake.Done());
  EXPECT_EQ(consistency.stale_versions().max(), 2);
  EXPECT_NEAR(static_cast<double>(consistency.staleness_us().max()), 40'000, 1)
      << "since the oldest one missed";
}

TEST(StaleReads, AWriteAcknowledgedDuringTheReadDoesNotCount) {
  FakeRecording fake = TwoVersions();
  fake.Read(2, 7, 1015, 1050, "r1", 1, 1);
  fake.Read(2, 7, 1020, 1051, "r1", 1, 1);
  EXPECT_EQ(Check(fake.Done()).stale_reads().count(), 0u) << "equal instants are concurrent";
}

TEST(StaleReads, OfItsOwnWriteAClientKnowsTheOrderAtEqualInstants) {
  FakeRecording fake = TwoVersions();
  fake.Read(1, 7, 1020, 1051, "r1", 1, 1);  // began as its own write was answered
  const auto consistency = Check(fake.Done());
  EXPECT_EQ(consistency.stale_reads().count(), 1u);
  EXPECT_EQ(consistency.staleness_us().max(), 0);
  EXPECT_EQ(consistency.read_your_writes().count(), 1u);
}

TEST(StaleReads, AReadThatComesBeforeTheWriteInItsProgramDoesNotMissIt) {
  FakeRecording fake = TwoVersions();
  fake.Read(1, 7, 1030, 1051, "p", 1, 2);
  fake.Write(1, 7, 1025, 1030, proto::COMMITTED, 1, 3);  // in flight beside it
  const auto consistency = Check(fake.Done());
  EXPECT_EQ(consistency.stale_reads().count(), 0u);
  EXPECT_EQ(consistency.read_your_writes().count(), 0u);
}

TEST(StaleReads, OfThePrimaryAreNotReplicaReads) {
  FakeRecording fake = TwoVersions();
  fake.Read(2, 7, 1050, 1051, "p", 1, 1);
  const auto consistency = Check(fake.Done());
  EXPECT_EQ(consistency.stale_reads().count(), 1u);
  EXPECT_EQ(consistency.replica_reads(), 0u);
  EXPECT_FALSE(consistency.stale_replica_reads().has_rate()) << "there was none to be stale";
}

TEST(StaleReads, ALostWriteIsMissedOnlyUntilANewerEpochBegins) {
  FakeRecording fake = TwoVersions();
  fake.Write(1, 7, 1021, 1030, proto::COMMITTED, 1, 3);
  fake.Leads("r1", 1100, 2, 2);
  fake.Read(2, 7, 1050, 1051, "r1", 1, 2);
  fake.Read(3, 7, 1150, 1151, "r1", 1, 2);
  const auto consistency = Check(fake.Done());
  EXPECT_EQ(consistency.stale_reads().count(), 1u);
  EXPECT_THAT(consistency.stale_reads().first_witness(), HasSubstr("client 2"));
  EXPECT_EQ(consistency.reads_missing_lost_writes().count(), 2u) << "that one too";
  EXPECT_EQ(consistency.reads_missing_lost_writes().checked(), 2u);
}

TEST(StaleReads, LosingAWriteDoesNotExcuseItToItsOwnClient) {
  FakeRecording fake = TwoVersions();
  fake.Write(1, 7, 1021, 1030, proto::COMMITTED, 1, 3);
  fake.Leads("r1", 1100, 2, 2);
  fake.Read(1, 7, 1150, 1151, "r1", 1, 2);
  const auto consistency = Check(fake.Done());
  EXPECT_EQ(consistency.read_your_writes().count(), 1u);
  EXPECT_EQ(consistency.stale_reads().count(), 1u) << "what is no own write seen is stale";
  EXPECT_EQ(consistency.staleness_us().max(), 120'000);
  EXPECT_EQ(consistency.reads_missing_lost_writes().count(), 1u);
}

TEST(ReadYourWrites, AClientMustSeeWhatItWrote) {
  FakeRecording fake = TwoVersions();
  fake.Read(1, 7, 1050, 1051, "r1", 1, 1);
  fake.Read(2, 7, 1050, 1051, "r1", 1, 1);
  fake.Read(1, 8, 1052, 1053, "r1", 0, 0);
  const auto consistency = Check(fake.Done());
  EXPECT_EQ(consistency.read_your_writes().count(), 1u);
  EXPECT_EQ(consistency.read_your_writes().checked(), 1u)
      << "another client's, another key's do not count";
  EXPECT_THAT(consistency.read_your_writes().first_witness(), HasSubstr("its own write 1:2"));
}

TEST(ReadYourWrites, ANewerWriteOfAnotherClientIsFine) {
  FakeRecording fake = TwoVersions();
  fake.Log(fake.Write(2, 7, 1021, 1030, proto::COMMITTED, 1, 3));
  fake.Read(1, 7, 1050, 1051, "r1", 1, 3);
  EXPECT_EQ(Check(fake.Done()).read_your_writes().count(), 0u);
}

TEST(MonotonicReads, AClientNeverGoesBack) {
  FakeRecording fake = TwoVersions();
  fake.Read(2, 7, 1050, 1051, "p", 1, 2);
  fake.Read(2, 7, 1052, 1053, "r1", 1, 1);
  fake.Read(3, 7, 1054, 1055, "r1", 1, 1);
  const auto consistency = Check(fake.Done());
  EXPECT_EQ(consistency.monotonic_reads().count(), 1u);
  EXPECT_EQ(consistency.monotonic_reads().checked(), 1u);
}

TEST(MonotonicReads, ReadsThatOverlapHaveNoOrder) {
  FakeRecording fake = TwoVersions();
  fake.Read(2, 7, 1050, 1060, "p", 1, 2);
  fake.Read(2, 7, 1055, 1065, "r1", 1, 1);
  EXPECT_EQ(Check(fake.Done()).monotonic_reads().count(), 0u);
}

TEST(PhantomReads, AreOfWritesThatNeverExistedInTheEnd) {
  FakeRecording fake = TwoVersions();
  fake.Write(1, 7, 1021, 1030, proto::UNKNOWN, 1, 3);
  fake.Read(2, 7, 1050, 1051, "p", 1, 3);
  fake.Read(2, 7, 1060, 1061, "p", 1, 2);
  const auto consistency = Check(fake.Done());
  EXPECT_EQ(consistency.phantom_reads().count(), 1u);
  EXPECT_THAT(consistency.phantom_reads().first_witness(),
              HasSubstr("saw 1:3, which is not in the final log"));
}

TEST(PhantomReads, AreAlsoOfAcknowledgedWritesThatWereLost) {
  FakeRecording fake = TwoVersions();
  fake.Write(1, 7, 1021, 1030, proto::COMMITTED, 1, 3);
  fake.Read(2, 7, 1050, 1051, "p", 1, 3);
  EXPECT_EQ(Check(fake.Done()).phantom_reads().count(), 1u);
}

TEST(FailedReads, AreThoseWithoutAValue) {
  FakeRecording fake = TwoVersions();
  fake.Read(2, 7, 1050, 1051, "r1", 1, 1);
  fake.Failed(3, 7, 1060, 1061);
  const auto found = Check(fake.Done()).failed_reads();
  EXPECT_EQ(found.count(), 1u);
  EXPECT_DOUBLE_EQ(found.rate(), 50.0);
  EXPECT_THAT(found.first_witness(), HasSubstr("client 3 read k0007"));
}

TEST(ReadAnomalies, AreUnknownIfNoReadWasAnswered) {
  FakeRecording fake = TwoVersions();
  EXPECT_TRUE(Check(fake.Done()).has_monotonic_writes());
  for (const bool known :
       {Check(fake.Done()).has_stale_reads(), Check(fake.Done()).has_read_your_writes(),
        Check(fake.Done()).has_monotonic_reads(), Check(fake.Done()).has_phantom_reads(),
        Check(fake.Done()).has_sequential()}) {
    EXPECT_FALSE(known);
  }
}

TEST(PhantomReads, AreUnknownWithoutAFinalLog) {
  FakeRecording fake({"p"});
  fake.Read(2, 7, 1050, 1051, "p", 1, 3);
  EXPECT_FALSE(Check(fake.Done()).has_phantom_reads());
}

TEST(Consistency, ReadsWithoutAnAnswerSayNothing) {
  FakeRecording fake = TwoVersions();
  fake.Read(2, 7, 1050, 1051, "r1", 0, 0);
  Recording recording = fake.Done();
  recording.operations.back().outcome = proto::UNKNOWN;
  EXPECT_EQ(Check(recording).reads(), 0u);
}

}  // namespace
}  // namespace replsim::consistency_test
