// Every disk fault has its effect and can be healed, in both runtimes and with the same words.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "protos/recording.pb.h"
#include "protos/types.pb.h"
#include "simulator/recording/recording.h"
#include "simulator/recording/run_folder.h"
#include "tests/live/live_fixture.h"

namespace replsim::disk_fault_test {
namespace {

using proto::RunEvent;
using testing::HasSubstr;

class DiskFaultTest : public LiveTest, public testing::WithParamInterface<const char*> {
 protected:
  // Runs the scenario and checks its expectations.
  Recording Run(const std::string& more, const std::string& options = "") {
    const CommandResult run =
        RunScenarioText(SmallScenario(more), absl::StrCat("--runtime ", GetParam(), " ", options));
    EXPECT_EQ(run.exit, 0) << run.output;
    auto recording = ReadRecording(runs() + "/small/latest");
    EXPECT_TRUE(recording.ok()) << recording.status();
    return recording.ok() ? *std::move(recording) : Recording();
  }
  // Returns nothing if it did not happen.
  static const RunEvent* Find(const Recording& recording, RunEvent::Kind kind) {
    const auto& events = recording.events;
    const auto it = std::find_if(events.begin(), events.end(),
                                 [&](const RunEvent& event) { return event.kind() == kind; });
    return it == events.end() ? nullptr : &*it;
  }
};

TEST_P(DiskFaultTest, PowerLossTakesTheUnflushedEndOfALogAndNoMore) {
  const Recording recording =
      Run("replication: {preset: sync}\n"
          "faults:\n"
          "  - {when: {at: 300ms}, do: power-loss, node: r1, torn: true}\n"
          "  - {when: {after_previous: 50ms}, do: restart, node: r1}\n"
          "  - {when: {at: 600ms}, do: power-loss, node: p}\n"
          "expect:\n  - {acked_lost: '== 0', converged: '== 1'}\n");
  ASSERT_NE(Find(recording, RunEvent::POWER_LOST), nullptr);
  EXPECT_THAT(Find(recording, RunEvent::POWER_LOST)->detail(),
              HasSubstr("unflushed bytes were lost"));
}

TEST_P(DiskFaultTest, PowerLostAtAPointInTheLifeOfAWriteLeavesThatWriteOnAReplicaOnly) {
  // A replica is sent what the primary's disk does not have yet.
  const Recording recording =
      Run("replication: {preset: postgres:local, send_after: write}\n"
          "faults:\n"
          // Writes that gather during one slow flush have long been sent when the next one begins.
          "  - {when: {at: 0s}, do: slow-disk, node: p, delay: 200ms}\n"
          "  - {when: {point: before-primary.flush, hit: 50}, do: power-loss, node: p}\n"
          "  - {when: {after_previous: 20ms}, do: restart, node: p}\n"
          "expect:\n  - {acked_lost: '== 0', converged: '== 1', truncated_entries: '> 0'}\n");
  ASSERT_NE(Find(recording, RunEvent::POWER_LOST), nullptr);
  EXPECT_THAT(Find(recording, RunEvent::POWER_LOST)->detail(),
              HasSubstr("at before-primary.flush"));
}

// A full segment is flushed beside, and in between, what the kernel flushes on its own.
TEST_P(DiskFaultTest, WhatIoUringHasFlushedSurvivesWhereSegmentsEnd) {
  const Recording recording =
      Run("replication: {preset: postgres:local}\n"
          "faults:\n"
          "  - {when: {at: 300ms}, do: power-loss, node: p, every: 200ms, times: 3, for: 50ms}\n"
          "expect:\n  - {acked_lost: '== 0', converged: '== 1'}\n",
          "--set cluster.durability.io=io_uring --set workload.value_bytes=400000");
  ASSERT_NE(Find(recording, RunEvent::POWER_LOST), nullptr);
  const std::string folder = runs() + "/small/latest/nodes/p/log";
  size_t segments = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    segments += file.is_regular_file() ? 1 : 0;
  }
  EXPECT_GT(segments, 1u) << "no segment ended: the test shows nothing";
}

TEST_P(DiskFaultTest, SlowDiskIsWaitedForUntilItIsHealed) {
  Run("replication: {preset: postgres:local}\n"
      "faults:\n"
      "  - {when: {at: 0s}, do: slow-disk, node: p, delay: 40ms}\n"
      "  - {when: {at: 800ms}, do: heal, node: p}\n"
      "expect:\n  - {write_p50_ms: '> 40', write_min_ms: '< 20'}\n");
}

TEST_P(DiskFaultTest, AStalledDiskStopsWritesForThatLong) {
  Run("replication: {preset: postgres:local}\n"
      "faults:\n"
      "  - {when: {at: 200ms}, do: slow-disk, node: p, stall: 400ms}\n"
      "expect:\n  - {unavailable_ms: '> 350', unknown: '== 0'}\n");
}

TEST_P(DiskFaultTest, ANodeWhoseFlushFailsStopsAndSaysWhy) {
  const Recording recording =
      Run("replication: {preset: postgres:local}\n"
          "faults:\n"
          "  - {when: {at: 300ms}, do: fsync-error, node: p}\n"
          "expect:\n  - {acked_lost: '== 0', converged: '== 1'}\n");
  const RunEvent* failed = Find(recording, RunEvent::FAILED);
  ASSERT_NE(failed, nullptr);
  EXPECT_EQ(failed->node(), "p");
  EXPECT_THAT(failed->detail(), HasSubstr("flush (fdatasync): Input/output error"));
  EXPECT_TRUE(recording.notes.empty()) << "it was asked for: " << recording.notes.front();
}

TEST_P(DiskFaultTest, AFullDiskRefusesWritesUntilThereIsRoomAgain) {
  const Recording recording =
      Run("faults:\n"
          "  - {when: {at: 200ms}, do: disk-full, node: p}\n"
          "  - {when: {at: 600ms}, do: heal, node: p}\n"
          "expect:\n"
          "  - {rejected: '> 20', acked_lost: '== 0', unknown: '== 0', rejected_survived: '== 0',\n"
          "     converged: '== 1'}\n",
          "--set workload.mix.read=1");
  ASSERT_NE(Find(recording, RunEvent::DISK_HEALED), nullptr);
  const int64_t healed = Find(recording, RunEvent::DISK_HEALED)->time_ns();
  const int64_t full = Find(recording, RunEvent::DISK_BROKEN)->time_ns();
  uint64_t reads = 0;
  uint64_t writes = 0;
  for (const Operation& operation : recording.operations) {
    if (operation.outcome != proto::COMMITTED) continue;
    const bool meanwhile = operation.invoked_ns > full && operation.completed_ns < healed;
    if (meanwhile && !operation.is_write) ++reads;
    if (operation.is_write && operation.invoked_ns > healed) ++writes;
  }
  EXPECT_GT(reads, 20u) << "reads go on";
  EXPECT_GT(writes, 20u) << "writes resume";
}

TEST_P(DiskFaultTest, AReplicaWithoutRoomLagsAndCatchesUp) {
  Run("replication: {preset: async}\n"
      "faults:\n"
      "  - {when: {at: 200ms}, do: disk-full, node: r1}\n"
      "  - {when: {at: 600ms}, do: heal, node: r1}\n"
      "expect:\n  - {rejected: '== 0', acked_lost: '== 0', converged: '== 1'}\n");
}

TEST_P(DiskFaultTest, AReplicaRepairsTheRecordWhoseBitHasTurned) {
  const Recording recording =
      Run("faults:\n"
          "  - {when: {at: 300ms}, do: bit-flip, node: r1, lsn: 20}\n"
          "  - {when: {at: 400ms}, do: kill, node: r1}\n"
          "  - {when: {after_previous: 0s}, do: restart, node: r1}\n"
          "expect:\n  - {acked_lost: '== 0', converged: '== 1'}\n");
  const RunEvent* flipped = Find(recording, RunEvent::BIT_FLIPPED);
  ASSERT_NE(flipped, nullptr);
  EXPECT_EQ(flipped->lsn(), 20u);
  const auto node = recording.NodeIndex("r1");
  ASSERT_TRUE(node.has_value());
  EXPECT_THAT(recording.manifest.ends(static_cast<int>(*node)).recovery(), HasSubstr("LSN 20"));
}

TEST_P(DiskFaultTest, APrimaryRefusesItsDamagedLogAndFollowsAReplica) {
  const Recording recording =
      Run("replication: {preset: sync}\n"
          "faults:\n"
          "  - {when: {at: 300ms}, do: bit-flip, node: p, lsn: 20}\n"
          "  - {when: {at: 400ms}, do: kill, node: p}\n"
          "expect:\n  - {acked_lost: '== 0', converged: '== 1'}\n");
  ASSERT_NE(Find(recording, RunEvent::FAILED), nullptr);
  EXPECT_THAT(Find(recording, RunEvent::FAILED)->detail(), HasSubstr("where LSN 20 was expected"));
  ASSERT_NE(Find(recording, RunEvent::PROMOTED), nullptr);
}

TEST_P(DiskFaultTest, NothingFailsToFlushOnANodeThatIsDead) {
  const CommandResult run =
      RunScenarioText(SmallScenario("faults:\n"
                                    "  - {when: {at: 200ms}, do: kill, node: r1}\n"
                                    "  - {when: {at: 300ms}, do: fsync-error, node: r1}\n"
                                    "expect:\n  - {acked_lost: '== 0'}\n"),
                      absl::StrCat("--runtime ", GetParam()));
  EXPECT_EQ(run.exit, 2) << run.output;
  EXPECT_THAT(run.output, HasSubstr("r1 is not running, so no flush can fail"));
}

TEST_P(DiskFaultTest, ANodeThatIsStoppedFindsItsDiskFullWhenItGoesOn) {
  const Recording recording = Run(
      "replication: {preset: async}\n"
      "faults:\n"
      "  - {when: {at: 200ms}, do: pause, node: r1}\n"
      "  - {when: {at: 250ms}, do: disk-full, node: r1}\n"
      "  - {when: {at: 300ms}, do: resume, node: r1}\n"
      "expect:\n  - {acked_lost: '== 0', converged: '== 1', flush_lag_max_entries.r1: '> 100'}\n");
  EXPECT_NE(Find(recording, RunEvent::DISK_BROKEN), nullptr);
}

INSTANTIATE_TEST_SUITE_P(Runtimes, DiskFaultTest, testing::Values("virtual", "live"),
                         [](const auto& runtime) { return std::string(runtime.param); });

}  // namespace
}  // namespace replsim::disk_fault_test
