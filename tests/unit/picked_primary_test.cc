// A recording in which a witness picked the new primary: who detected, what the lanes show, and
// whether the witness was elected to do so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "simulator/analysis/availability.h"
#include "simulator/analysis/availability/elections.h"
#include "simulator/analysis/timeline/lead_lanes.h"
#include "simulator/oracle/oracle.h"
#include "simulator/scenario/scenario.h"
#include "tests/unit/fake_recording.h"

namespace replsim::picked_primary_test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr uint16_t kR1 = 1;
constexpr uint16_t kW1 = 3;  // the first witness, numbered after p, r1 and r2

TraceRecord Record(TraceKind kind, double ms, uint32_t epoch, uint16_t peer = 0) {
  TraceRecord record;
  record.kind = static_cast<uint8_t>(kind);
  record.epoch = epoch;
  record.peer = peer;
  record.time_ns = FakeRecording::Ns(ms);
  return record;
}

// p is killed at 1400 ms. w2 suspects it at 1490 ms, w1 at 1500 ms. w2 votes for w1, which picks
// r1; r1 leads at 1530 ms and has a write at 1550 ms.
Recording Picked() {
  FakeRecording fake({"p", "r1", "r2"});
  fake.manifest().set_final_primary("r1");
  for (const char* node : {"p", "r1", "r2"}) fake.Started(node, 800);
  fake.Leads("p", 900, 1, 0).Event(1400, proto::RunEvent::KILLED, "p");
  fake.Trace("r2", 1410, TraceKind::kSuspects, 1, 0);  // no elector
  fake.Write(1, 1, 1100, 1110, proto::COMMITTED, 1, 1);
  fake.Write(1, 1, 1546, 1550, proto::COMMITTED, 2, 1, "r1");
  Recording recording = fake.Done();
  recording.nodes[kR1].trace->push_back(Record(TraceKind::kElected, 1520, 2, kW1));
  recording.nodes[kR1].trace->push_back(Record(TraceKind::kLeads, 1530, 2));
  NodeRecording& w1 = recording.witnesses.emplace_back();
  w1.id = "w1";
  w1.trace = {Record(TraceKind::kSuspects, 1500, 1), Record(TraceKind::kAsksPreVotes, 1502, 2),
              Record(TraceKind::kStands, 1504, 2), Record(TraceKind::kElected, 1510, 2),
              Record(TraceKind::kPicks, 1515, 2, kR1)};
  NodeRecording& w2 = recording.witnesses.emplace_back();
  w2.id = "w2";
  w2.trace = {Record(TraceKind::kSuspects, 1490, 1), Record(TraceKind::kVotes, 1507, 2, kW1)};
  NodeRecording& w3 = recording.witnesses.emplace_back();
  w3.id = "w3";
  w3.trace.emplace();
  return recording;
}

proto::Scenario Elects() {
  const auto loaded = LoadScenarioText(
      "name: rules\nduration: 1s\ncluster: {replicas: 2}\nreplication: {preset: async}\n"
      "failover: {preset: sentinel}\nworkload: {arrival: {rate: 100/s}}\n",
      "rules.yaml", {}, {});
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  return loaded.ok() ? loaded->scenario : proto::Scenario();
}

TEST(PickedPrimary, TheWitnessesThatElectedThePickerDetect) {
  const Recording recording = Picked();
  const LeadershipHistory history(recording);
  const proto::RunReport::Availability outage =
      MeasureAvailability(recording, history, DecideFates(recording, FinalLog(recording)),
                          OutageTable(recording, history));
  EXPECT_DOUBLE_EQ(outage.detect_ms(), 90) << "by w2";
  EXPECT_DOUBLE_EQ(outage.elect_ms(), 30) << "until r1 has accepted";
  EXPECT_DOUBLE_EQ(outage.promote_ms(), 10);
  EXPECT_DOUBLE_EQ(outage.rto_ms(), 150);
}

TEST(PickedPrimary, ThePickIsOneElection) {
  const Recording recording = Picked();
  const LeadershipHistory history(recording);
  const proto::Elections figures =
      MeasureElections(recording, history, OutageTable(recording, history), {}, {});
  EXPECT_EQ(figures.candidacies(), 1u);
  EXPECT_EQ(figures.rounds_lost(), 0u);
}

TEST(PickedPrimary, TheLanesShowWhoPickedWhom) {
  const Recording recording = Picked();
  const LeadershipHistory history(recording);
  const proto::LeadLanes lanes =
      BuildLeadLanes(recording, history, OutageTable(recording, history));
  ASSERT_EQ(lanes.lanes_size(), 6);
  ASSERT_EQ(lanes.lanes(kR1).marks_size(), 1);
  EXPECT_EQ(lanes.lanes(kR1).marks(0).text(), "picked by w1 for epoch 2");
  const auto& marks = lanes.lanes(kW1).marks();
  ASSERT_EQ(marks.size(), 5);
  EXPECT_EQ(marks[2].text(), "stands to pick the primary of epoch 2");
  EXPECT_EQ(marks[3].text(), "elected to pick the primary of epoch 2");
  EXPECT_EQ(marks[4].text(), "tells r1 to lead epoch 2");
  EXPECT_EQ(marks[4].kind(), proto::LeadLanes::PICKS);
}

TEST(PickedPrimary, TheWitnessThatPickedItNeedsTheVotes) {
  Recording recording = Picked();
  EXPECT_THAT(FindUnelectedLeaders(Elects(), recording), IsEmpty());
  recording.witnesses[1].trace->pop_back();
  EXPECT_THAT(FindUnelectedLeaders(Elects(), recording),
              ElementsAre("r1 was elected in epoch 2 by 1 nodes, not by 2"));
}

}  // namespace
}  // namespace replsim::picked_primary_test
