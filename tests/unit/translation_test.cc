// Native logs and steps become epochs, dense LSNs and stage traces.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "protos/types.pb.h"
#include "simulator/cluster/foreign/full_logs.h"
#include "simulator/cluster/foreign/native_trace.h"
#include "simulator/cluster/foreign/unlogged_writes.h"

namespace replsim::translation_test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Instant At(int64_t ns) { return Instant(Nanos(ns)); }

NativeEntry Entry(uint64_t epoch, uint32_t client, uint64_t sequence) {
  NativeEntry entry;
  entry.epoch = epoch;
  entry.write = {client, sequence};
  entry.key = 1;
  entry.log_bytes = 10;
  return entry;
}
NativeEntry Marker(uint64_t epoch) {
  NativeEntry entry;
  entry.epoch = epoch;
  entry.log_bytes = 10;
  return entry;
}
NodeLife Life(int64_t begun, bool leads, uint64_t epoch, const char* primary,
              std::vector<NativeEntry> entries) {
  NodeLife life;
  life.begun = At(begun);
  life.as_primary = leads;
  life.epoch = Epoch(epoch);
  life.primary = NodeId(primary);
  life.log.entries = std::move(entries);
  return life;
}
StageStep Step(const char* node, TraceKind stage, const char* peer, int64_t when, uint32_t client,
               uint64_t sequence) {
  return {NodeId(node), stage, NodeId(peer), At(when), 0, {client, sequence}};
}

// p wrote c1-1 to c1-3; r1 received c1-1 and c1-2 and was promoted; p came back with a copy.
NativeRecording Failover() {
  NativeRecording native;
  NodeHistory p{NodeId("p"),
                {Life(10, true, 1, "p", {Entry(1, 1, 1), Entry(1, 1, 2), Entry(1, 1, 3)}),
                 Life(900, false, 2, "r1", {Entry(2, 1, 5)})}};
  p.lives[0].ended = At(500);
  p.lives[1].log.begins_with_copy = true;
  const NodeHistory r1{
      NodeId("r1"),
      {Life(20, false, 1, "p",
            {Entry(1, 1, 1), Entry(1, 1, 2), Marker(2), Entry(2, 1, 4), Entry(2, 1, 5)})}};
  native.nodes = {p, r1};
  native.promotions = {{NodeId("r1"), Epoch(2), At(600)}};
  native.steps = {Step("p", TraceKind::kSend, "r1", 101, 1, 1),
                  Step("r1", TraceKind::kAppend, "", 111, 1, 1),
                  Step("p", TraceKind::kSend, "r1", 102, 1, 2),
                  Step("r1", TraceKind::kAppend, "", 112, 1, 2),
                  {NodeId("p"), TraceKind::kAppend, NodeId(), At(910), 0, {}},
                  Step("r1", TraceKind::kSend, "p", 920, 1, 5),
                  Step("p", TraceKind::kAppend, "", 930, 1, 5)};
  return native;
}

std::string Text(const std::vector<TraceRecord>& trace) {
  std::string text;
  for (const TraceRecord& record : trace) {
    absl::StrAppend(&text, static_cast<int>(record.kind), " ", record.epoch, ":", record.lsn, " ",
                    record.bytes, " @", record.time_ns, "\n");
  }
  return text;
}
std::string Line(TraceKind kind, absl::string_view rest) {
  return absl::StrCat(static_cast<int>(kind), " ", rest, "\n");
}

TEST(Translation, ALogThatBeginsWithACopyGetsItFromTheNodeThatLed) {
  std::vector<std::string> notes;
  const FullLogs logs(Failover(), {}, &notes);
  EXPECT_THAT(notes, IsEmpty());
  EXPECT_EQ(logs.of(0, 1).size(), 5u);
  EXPECT_EQ(logs.of(0, 1).copied(), 4u);
  EXPECT_EQ(logs.of(0, 0).CommonWith(logs.of(0, 1)), 2u);
  EXPECT_EQ(logs.of(1, 0).epoch_at(3), 2u);
}

TEST(Translation, ACopyThatNoLogExplainsIsNoted) {
  NativeRecording native = Failover();
  native.nodes[0].lives[1].log.entries = {Entry(2, 9, 9)};
  std::vector<std::string> notes;
  const FullLogs logs(native, {}, &notes);
  EXPECT_THAT(notes, ElementsAre(HasSubstr("the log of p begins with a copy")));
}

TEST(Translation, AWriteHasThePositionAtWhichItsNodeStoredIt) {
  std::vector<std::string> notes;
  const FullLogs logs(Failover(), {}, &notes);
  EXPECT_EQ(logs.PositionOf({1, 3}, 0), (Position{Epoch(1), Lsn(3)}));  // lost by the failover
  EXPECT_EQ(logs.PositionOf({1, 4}, 1), (Position{Epoch(2), Lsn(4)}));
  EXPECT_EQ(logs.PositionOf({1, 4}, std::nullopt), (Position{Epoch(2), Lsn(4)}));
  EXPECT_EQ(logs.PositionOf({7, 7}, 0), std::nullopt);
}

TEST(Translation, AnAcknowledgedWriteThatNoLogHasFollowsTheLogOfItsPrimary) {
  std::vector<std::string> notes;
  const FullLogs logs(Failover(), {}, &notes);
  const auto write = [](uint64_t sequence, uint16_t node, int64_t completed) {
    Operation operation;
    operation.client = 1;
    operation.sequence = sequence;
    operation.is_write = 1;
    operation.outcome = proto::COMMITTED;
    operation.node = node;
    operation.completed_ns = completed;
    operation.has_position = 0;
    return operation;
  };
  std::vector<Operation> operations = {write(8, 0, 420), write(7, 0, 410), write(9, 1, 700)};
  PlaceUnloggedWrites(logs, &operations);
  EXPECT_EQ(operations[1].lsn, 4u);  // the log of p ended at 3 in epoch 1
  EXPECT_EQ(operations[0].lsn, 5u);  // acknowledged later
  EXPECT_EQ(operations[0].epoch, 1u);
  EXPECT_EQ(operations[2].lsn, 6u);  // r1 led epoch 2
  EXPECT_EQ(operations[2].epoch, 2u);
  EXPECT_EQ(operations[2].has_position, 1);
}

TEST(Translation, AnEntryWasAppendedWhenItLeftAndBeforeItsAnswer) {
  Operation answered;
  answered.client = 1;
  answered.is_write = 1;
  answered.outcome = proto::COMMITTED;
  answered.sequence = 3;
  answered.completed_ns = 450;
  std::vector<std::string> notes;
  const FullLogs logs(Failover(), {answered}, &notes);
  const FullLog& log = logs.of(0, 0);
  EXPECT_EQ(logs.AppendedAt(log, 1), 101);
  EXPECT_EQ(logs.AppendedAt(log, 2), 102);
  EXPECT_EQ(logs.AppendedAt(log, 3), 450);  // never left: only its answer bounds it
  EXPECT_EQ(logs.AppendedAt(logs.of(1, 0), 2), 102);
  EXPECT_EQ(logs.AppendedAt(logs.of(1, 0), 5), 920);
}

TEST(Translation, TheTraceOfAnOldPrimaryTruncatesAndStartsAgain) {
  std::vector<std::string> notes;
  const NativeRecording native = Failover();
  const FullLogs logs(native, {}, &notes);
  const std::string trace = Text(TraceOf(native, logs, 0));
  const std::string begin =
      Line(TraceKind::kStarted, "0:0 0 @10") + Line(TraceKind::kLeads, "1:0 0 @10") +
      Line(TraceKind::kAppend, "1:1 10 @101") + Line(TraceKind::kApply, "1:1 10 @101") +
      Line(TraceKind::kSend, "1:1 10 @101");
  EXPECT_EQ(trace.substr(0, begin.size()), begin);
  EXPECT_THAT(trace, HasSubstr(Line(TraceKind::kStarted, "1:3 30 @900") +
                               Line(TraceKind::kTruncated, "1:2 20 @900") +
                               Line(TraceKind::kAppend, "2:4 40 @910") +
                               Line(TraceKind::kApply, "2:4 40 @910") +
                               Line(TraceKind::kAppend, "2:5 50 @930")));
}

TEST(Translation, APromotionBeginsItsEpochAfterWhatItInherited) {
  std::vector<std::string> notes;
  const NativeRecording native = Failover();
  const FullLogs logs(native, {}, &notes);
  const std::string trace = Text(TraceOf(native, logs, 1));
  EXPECT_THAT(trace, HasSubstr(Line(TraceKind::kAppend, "1:2 20 @112")));
  EXPECT_THAT(trace, HasSubstr(Line(TraceKind::kLeads, "2:2 20 @600") +
                               Line(TraceKind::kAppend, "2:3 30 @")
                                   .substr(0, Line(TraceKind::kAppend, "2:3 30 @").size() - 1)));
}

TEST(Translation, ANodeThatIsDownHasNoLife) {
  const NativeRecording native = Failover();
  EXPECT_EQ(LifeAt(native.nodes[0], At(9)), std::nullopt);
  EXPECT_EQ(LifeAt(native.nodes[0], At(499)), 0u);
  EXPECT_EQ(LifeAt(native.nodes[0], At(500)), std::nullopt);
  EXPECT_EQ(LifeAt(native.nodes[0], At(2000)), 1u);
}

TEST(Translation, NativePositionsReachTheLastEntryBelowThem) {
  NativeRecording native;
  std::vector<NativeEntry> entries = {Entry(1, 1, 1), Entry(1, 1, 2), Entry(1, 1, 3)};
  for (size_t i = 0; i < entries.size(); ++i) entries[i].native = 100 * (i + 1);
  const FullLog log(entries, 0);
  StageStep step;
  step.native = 250;
  EXPECT_EQ(log.Reached(step, 0), 2u);
  EXPECT_EQ(log.Reached(step, 2), std::nullopt);
  step.native = 99;
  EXPECT_EQ(log.Reached(step, 0), std::nullopt);
}

}  // namespace
}  // namespace replsim::translation_test
