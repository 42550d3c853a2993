// Every failpoint ends its node at exactly that point of exactly that write, in both runtimes.
#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "absl/strings/ascii.h"
#include "common/protocol/failpoint_names.h"
#include "common/protocol/trace.h"
#include "protos/types.pb.h"
#include "simulator/recording/recording.h"
#include "simulator/recording/run_folder.h"
#include "tests/live/live_fixture.h"

namespace replsim::failpoint_test {
namespace {

constexpr uint64_t kLsn = 100;

using NameAndRuntime = std::tuple<FailpointName, const char*>;

class FailpointTest : public LiveTest, public testing::WithParamInterface<NameAndRuntime> {
 protected:
  // Highest LSN this node's trace shows at a stage before the failpoint ended it.
  static uint64_t Reached(const std::vector<TraceRecord>& trace, TraceKind kind) {
    uint64_t lsn = 0;
    for (const TraceRecord& record : trace) {
      if (static_cast<TraceKind>(record.kind) == TraceKind::kFailpoint) break;
      if (static_cast<TraceKind>(record.kind) == kind) lsn = std::max(lsn, record.lsn);
    }
    return lsn;
  }
  static TraceKind StageOf(Point point) {
    switch (point) {
      case Point::kPrimaryAppend:
      case Point::kReplicaReceive:
        return TraceKind::kAppend;
      case Point::kPrimaryWrite:
      case Point::kReplicaWrite:
        return TraceKind::kWrite;
      case Point::kPrimaryFlush:
      case Point::kReplicaFlush:
        return TraceKind::kFlush;
      case Point::kPrimaryApply:
      case Point::kReplicaApply:
        return TraceKind::kApply;
      case Point::kPrimaryGate:
        return TraceKind::kCommit;
      default:
        return TraceKind::kEnd;
    }
  }
};

TEST_P(FailpointTest, KillsThereAndNowhereElse) {
  const auto [name, runtime] = GetParam();
  const bool on_replica = IsReplicaPoint(name.point);
  const std::string node = on_replica ? "r1" : "p";
  const CommandResult run = RunScenarioText(
      SmallScenario(absl::StrCat(
          "replication: {ack_after: replica-flush, visible_after: flush, sync_set: any 1}\n"
          "faults:\n  - {when: {point: ",
          ToString(name), ", lsn: ", kLsn, "}, do: kill, node: ", node,
          "}\n"
          "expect:\n  - {acked_lost: '== 0', holes: '== 0', converged: '== 1'}\n")),
      absl::StrCat("--runtime ", runtime));
  ASSERT_EQ(run.exit, 0) << run.output;

  const auto recording = ReadRecording(runs() + "/small/latest");
  ASSERT_TRUE(recording.ok()) << recording.status();
  EXPECT_TRUE(recording->notes.empty()) << recording->notes.front();
  const auto& trace = recording->nodes[*recording->NodeIndex(node)].trace;
  ASSERT_TRUE(trace.has_value());
  uint64_t fired_at = 0;
  for (const TraceRecord& record : *trace) {
    if (static_cast<TraceKind>(record.kind) == TraceKind::kFailpoint) fired_at = record.lsn;
  }
  EXPECT_EQ(fired_at, kLsn);
  if (const TraceKind stage = StageOf(name.point); stage != TraceKind::kEnd && !name.after) {
    EXPECT_LT(Reached(*trace, stage), kLsn) << "it had passed the point before it died there";
  }
  // An answer that was to follow the point was not given.
  if (name == FailpointName{false, Point::kPrimaryAck}) {
    for (const Operation& operation : recording->operations) {
      EXPECT_FALSE(operation.outcome == proto::COMMITTED && operation.epoch == 1 &&
                   operation.lsn >= kLsn);
    }
  }
  if (name == FailpointName{true, Point::kPrimaryAck}) {
    bool answered = false;
    for (const Operation& operation : recording->operations) {
      if (operation.outcome != proto::COMMITTED || operation.epoch != 1) continue;
      EXPECT_LE(operation.lsn, kLsn);
      answered |= operation.lsn == kLsn;
    }
    EXPECT_TRUE(answered) << "the answer was given, and did not arrive";
  }
}

// A node that was only stopped at the point goes on with the very next thing it would have done.
TEST_P(FailpointTest, StopsThereAndGoesOnWhenResumed) {
  const auto [name, runtime] = GetParam();
  const std::string node = IsReplicaPoint(name.point) ? "r1" : "p";
  const CommandResult run = RunScenarioText(
      SmallScenario(absl::StrCat(
          "replication: {ack_after: replica-flush, visible_after: flush, sync_set: any 1}\n"
          "faults:\n  - {when: {point: ",
          ToString(name), ", lsn: ", kLsn, "}, do: pause, node: ", node,
          "}\n  - {when: {after_previous: 100ms}, do: resume, node: ", node,
          "}\n"
          "expect:\n  - {acked_lost: '== 0', holes: '== 0', converged: '== 1', committed: '> "
          "200'}\n")),
      absl::StrCat("--runtime ", runtime));
  EXPECT_EQ(run.exit, 0) << run.output;
}

std::vector<FailpointName> AllFailpoints() {
  std::vector<FailpointName> all;
  for (const Point point : kAllPoints) {
    for (const bool after : {false, true}) all.push_back({after, point});
  }
  return all;
}

std::string NameOf(const testing::TestParamInfo<NameAndRuntime>& point) {
  std::string name =
      absl::StrCat(std::get<1>(point.param), "_", ToString(std::get<0>(point.param)));
  for (char& c : name) c = absl::ascii_isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
}
INSTANTIATE_TEST_SUITE_P(All, FailpointTest,
                         testing::Combine(testing::ValuesIn(AllFailpoints()),
                                          testing::Values("live", "virtual")),
                         NameOf);

// Those that lie in the log device, whichever it is.
std::vector<FailpointName> DeviceFailpoints() {
  std::vector<FailpointName> all;
  for (const Point point : {Point::kPrimaryFlush, Point::kReplicaFlush}) {
    for (const bool after : {false, true}) all.push_back({after, point});
  }
  return all;
}
INSTANTIATE_TEST_SUITE_P(
    Devices, FailpointTest,
    testing::Combine(testing::ValuesIn(DeviceFailpoints()),
                     testing::Values("live --set cluster.durability.io=blocking",
                                     "live --set cluster.durability.io=io_uring",
                                     "virtual --set cluster.durability.io=blocking",
                                     "virtual --set cluster.durability.io=io_uring")),
    NameOf);

}  // namespace
}  // namespace replsim::failpoint_test
