// The phases of a load, and latency with unknown writes, on recordings written by hand.
#include "simulator/analysis/availability/phases.h"

#include <gtest/gtest.h>

#include "simulator/analysis/availability/interruptions.h"
#include "simulator/analysis/writes/censored_latency.h"
#include "tests/unit/fake_recording.h"

namespace replsim::phases_test {
namespace {

using proto::RunEvent;

proto::RunReport::Phases Measure(const FakeRecording& fake) {
  const Recording recording = fake.Done();
  return MeasurePhases(recording, FindPhases(recording));
}

// The load runs from 1000 to 2000 ms. Writes of 10 ms at 1100 and 1200, a fault at 1250, one write
// that waits from 1240 to 1700 and one from 1300 to 1710, then two of 20 ms.
FakeRecording Outage() {
  FakeRecording fake({"p", "r1"});
  fake.Write(1, 1, 1100, 1110, proto::COMMITTED, 1, 1);
  fake.Write(1, 1, 1200, 1210, proto::COMMITTED, 1, 2);
  fake.Event(1250, RunEvent::KILLED, "p");
  fake.Write(1, 1, 1240, 1700, proto::COMMITTED, 2, 3);
  fake.Write(2, 1, 1300, 1710, proto::COMMITTED, 2, 4);
  fake.Write(1, 1, 1750, 1770, proto::COMMITTED, 2, 5);
  fake.Write(1, 1, 1900, 1920, proto::COMMITTED, 2, 6);
  return fake;
}

TEST(Phases, ALoadWithoutAFaultIsHealthyToItsEnd) {
  FakeRecording fake({"p"});
  fake.Write(1, 1, 1100, 1110, proto::COMMITTED, 1, 1);
  fake.Read(1, 1, 1150, 1155, "p", 1, 1);
  fake.Write(1, 1, 1990, 2000, proto::COMMITTED, 1, 2);
  fake.Write(1, 1, 1995, 2001, proto::COMMITTED, 1, 3);
  const auto phases = Measure(fake);
  EXPECT_DOUBLE_EQ(phases.healthy().end_ms(), 1000);
  EXPECT_DOUBLE_EQ(phases.healthy().per_second(), 2) << "the third came after the load";
  EXPECT_DOUBLE_EQ(phases.healthy().reads_per_second(), 1);
  EXPECT_EQ(phases.healthy().write_us().count(), 3u) << "but it was due inside";
  EXPECT_EQ(phases.healthy().read_us().max(), 5000);
  EXPECT_FALSE(phases.has_stopped());
  EXPECT_FALSE(phases.has_after());
}

TEST(Phases, AreBoundedByTheFirstFaultAndTheGapThatFollowsIt) {
  const auto phases = Measure(Outage());
  EXPECT_DOUBLE_EQ(phases.healthy().end_ms(), 250);
  EXPECT_DOUBLE_EQ(phases.stopped().begin_ms(), 250) << "the gap began at 210";
  EXPECT_DOUBLE_EQ(phases.stopped().end_ms(), 700);
  EXPECT_DOUBLE_EQ(phases.after().begin_ms(), 700);
  EXPECT_DOUBLE_EQ(phases.after().end_ms(), 1000);
}

TEST(Phases, AnOperationBelongsToThatInWhichItWasDue) {
  const auto phases = Measure(Outage());
  EXPECT_EQ(phases.healthy().write_us().count(), 3u);
  EXPECT_EQ(phases.healthy().write_us().p50(), 10'000);
  EXPECT_EQ(phases.healthy().write_us().max(), 460'000);
  EXPECT_EQ(phases.stopped().write_us().count(), 1u);
  EXPECT_EQ(phases.stopped().write_us().p50(), 410'000);
  EXPECT_EQ(phases.after().write_us().count(), 2u);
  EXPECT_DOUBLE_EQ(phases.after().write_us().mean(), 20'000);
}

TEST(Phases, ARateCountsTheAnswersThatCameInIt) {
  const auto phases = Measure(Outage());
  EXPECT_DOUBLE_EQ(phases.healthy().per_second(), 8) << "2 in 250 ms";
  EXPECT_DOUBLE_EQ(phases.stopped().per_second(), 0);
  EXPECT_NEAR(phases.after().per_second(), 4 / 0.3, 1e-9) << "the answer that ended the gap too";
}

TEST(Phases, AGapBeforeTheFirstFaultIsNoOutage) {
  FakeRecording fake({"p", "r1"});
  fake.Write(1, 1, 1700, 1701, proto::COMMITTED, 1, 1);  // 701 ms without a write before it
  fake.Event(1750, RunEvent::LINK_PARTITIONED, "p", "r1");
  fake.Write(1, 1, 1800, 1801, proto::COMMITTED, 1, 2);
  Recording recording = fake.Done();
  EXPECT_FALSE(FirstFault(recording).has_value()) << "an event that no fault caused";
  recording.events[0].set_fault(1);
  const auto phases = MeasurePhases(recording, FindPhases(recording));
  EXPECT_DOUBLE_EQ(phases.stopped().begin_ms(), 801);
  EXPECT_DOUBLE_EQ(phases.stopped().end_ms(), 1000);
  EXPECT_FALSE(phases.has_after()) << "writes never came back";
}

TEST(Phases, AnArmedFaultHasNotHappened) {
  FakeRecording fake({"p"});
  fake.Event(1500, RunEvent::FAULT_ARMED, "p");
  Recording recording = fake.Done();
  recording.events[0].set_fault(1);
  EXPECT_FALSE(FirstFault(recording).has_value());
}

TEST(WithUnknown, CountsThemAsLongAsTheyWereWaitedFor) {
  FakeRecording fake({"p"});
  for (int i = 0; i < 98; ++i) {
    fake.Write(1, 1, 1100, 1101 + i * 0.1, proto::COMMITTED, 1, static_cast<uint64_t>(i) + 1);
  }
  fake.Write(1, 1, 1300, 1301, proto::UNKNOWN);  // its connection broke
  fake.Write(1, 1, 1300, 1900, proto::UNKNOWN);
  fake.Write(1, 1, 1300, 1900, proto::REJECTED);
  WorkloadFacts facts;
  facts.deadline_ns = 500 * kMs;
  const auto latency = MeasureWithUnknown(fake.Done(), facts);
  EXPECT_EQ(latency.count(), 100u);
  EXPECT_EQ(latency.unknown(), 2u);
  EXPECT_EQ(latency.p50(), 5'900);
  EXPECT_FALSE(latency.p50_at_least());
  EXPECT_EQ(latency.p99(), 500'000) << "the deadline of the one that ended early";
  EXPECT_TRUE(latency.p99_at_least());
  EXPECT_EQ(latency.p999(), 600'000);
}

TEST(WithUnknown, AnEarlyUnknownMakesEveryHigherQuantileALowerBound) {
  FakeRecording fake({"p"});
  fake.Write(1, 1, 1100, 1101, proto::UNKNOWN);
  fake.Write(1, 1, 1200, 1210, proto::COMMITTED, 1, 1);
  fake.Write(1, 1, 1300, 1320, proto::COMMITTED, 1, 2);
  const auto latency = MeasureWithUnknown(fake.Done(), {});
  EXPECT_EQ(latency.p50(), 10'000);
  EXPECT_TRUE(latency.p50_at_least()) << "had it taken long, the median would be 20 ms";
  EXPECT_EQ(latency.p99(), 20'000);
  EXPECT_TRUE(latency.p99_at_least());
}

TEST(Interruptions, AreOfEachKindAndOfEachGroup) {
  FakeRecording fake({"p", "r1"});
  fake.Write(1, 1, 1090, 1100, proto::COMMITTED, 1, 1);
  fake.Write(2, 1, 1190, 1200, proto::COMMITTED, 1, 2);
  fake.Write(1, 1, 1290, 1300, proto::COMMITTED, 1, 3);
  fake.Write(2, 1, 1790, 1800, proto::COMMITTED, 1, 4);
  fake.Write(1, 1, 1890, 1900, proto::COMMITTED, 1, 5);
  fake.Read(2, 1, 1390, 1400, "r1", 1, 1);
  WorkloadFacts facts;
  facts.client_groups = {"west", "east"};  // client 2 sits in west, client 1 in east
  const auto out = MeasureInterruptions(fake.Done(), facts);
  EXPECT_DOUBLE_EQ(out.read_unavailable_ms(), 600);
  ASSERT_EQ(out.groups_size(), 2);
  EXPECT_EQ(out.groups(0).group(), "west");
  EXPECT_DOUBLE_EQ(out.groups(0).unavailable_ms(), 600);
  EXPECT_DOUBLE_EQ(out.groups(0).read_unavailable_ms(), 600);
  EXPECT_DOUBLE_EQ(out.groups(1).unavailable_ms(), 600);
  EXPECT_FALSE(out.groups(1).has_read_unavailable_ms()) << "they read nothing";
  facts.client_groups.clear();
  EXPECT_EQ(MeasureInterruptions(fake.Done(), facts).groups_size(), 0);
}

TEST(Interruptions, WithoutAnAnswerLastTheWholeLoad) {
  FakeRecording fake({"p"});
  fake.Read(1, 1, 1100, 1150, "p", 1, 1);
  Recording recording = fake.Done();
  recording.operations[0].outcome = proto::UNKNOWN;
  EXPECT_DOUBLE_EQ(MeasureInterruptions(recording, {}).read_unavailable_ms(), 1000);
  EXPECT_FALSE(MeasureInterruptions(FakeRecording({"p"}).Done(), {}).has_read_unavailable_ms());
}

}  // namespace
}  // namespace replsim::phases_test
