#include "simulator/analysis/durability/io.h"

#include <gtest/gtest.h>

#include "simulator/analysis/run_report.h"
#include "tests/unit/fake_recording.h"

namespace replsim::io_test {
namespace {

constexpr int64_t At(double ms) { return FakeRecording::Ns(ms); }

// p leads epoch 1 from 900 ms on, the load runs from 1000 to 2000 ms; both start empty.
FakeRecording TwoNodes() {
  FakeRecording fake({"p", "r1"});
  fake.Started("p", 900).Leads("p", 900, 1, 0).Started("r1", 900);
  return fake;
}

void Flush(FakeRecording& fake, const std::string& node, double from_ms, double to_ms, uint64_t lsn,
           uint64_t device_bytes) {
  fake.Trace(node, to_ms, TraceKind::kFlushEnd, static_cast<uint32_t>(device_bytes / 4096), lsn);
  fake.node(node).trace->back().bytes = static_cast<uint64_t>(At(to_ms) - At(from_ms));
  fake.Trace(node, to_ms, TraceKind::kFlush, 1, lsn);
}

proto::RunReport::Io IoOf(const FakeRecording& fake) { return AnalyzeRun(fake.Done()).report.io(); }

TEST(Io, CountsFlushesWritesAndBlocksOfTheLoad) {
  FakeRecording fake = TwoNodes();
  Flush(fake, "p", 950, 960, 0, 4096);  // before the load
  fake.Trace("p", 1100, TraceKind::kWrite, 1, 3).Trace("p", 1110, TraceKind::kWrite, 1, 8);
  Flush(fake, "p", 1100, 1102, 3, 4096);
  Flush(fake, "p", 1110, 1114, 8, 8192);
  const proto::RunReport::Io io = IoOf(fake);
  ASSERT_EQ(io.nodes_size(), 2);
  const proto::RunReport::NodeIo& p = io.nodes(0);
  EXPECT_EQ(p.writes(), 8u);
  EXPECT_EQ(p.flushes(), 2u);
  EXPECT_DOUBLE_EQ(p.writes_per_flush(), 4);
  EXPECT_DOUBLE_EQ(p.flushes_per_write(), 0.25);
  EXPECT_EQ(p.flush_us().max(), 4000);
  EXPECT_DOUBLE_EQ(p.flushing_ms(), 6);
  EXPECT_EQ(p.log_bytes(), 8 * FakeRecording::kRecordBytes);
  EXPECT_EQ(p.device_bytes(), 12288u);
  EXPECT_EQ(io.device_bytes(), 12288u);
}

TEST(Io, WithoutAFlushThereIsNoRatioToIt) {
  FakeRecording fake = TwoNodes();
  fake.Trace("p", 1100, TraceKind::kWrite, 1, 3);
  const proto::RunReport::Io io = IoOf(fake);
  EXPECT_EQ(io.nodes(0).flushes(), 0u);
  EXPECT_DOUBLE_EQ(io.nodes(0).flushes_per_write(), 0);
  EXPECT_FALSE(io.nodes(0).has_writes_per_flush());
  EXPECT_FALSE(io.has_write_amplification());
}

TEST(Io, AddsUpWhatKeptTheLoop) {
  constexpr uint32_t kCap = 0xffffffff;
  FakeRecording fake = TwoNodes();
  const auto stall = [&fake](double ms, uint64_t sum_ns, uint32_t worst_ns) {
    fake.Trace("p", ms, TraceKind::kLoopStall, worst_ns, 1);
    fake.node("p").trace->back().bytes = sum_ns;
  };
  stall(950, 9'000'000, 9'000'000);  // before the load
  stall(1100, 1'000'000, 60'000);    // many short ones
  stall(1200, 2'500'000, 2'500'000);
  stall(2500, 7'000'000, 7'000'000);  // after it
  EXPECT_DOUBLE_EQ(IoOf(fake).nodes(0).stalled_ms(), 3.5);
  EXPECT_DOUBLE_EQ(IoOf(fake).nodes(0).stall_max_ms(), 2.5);
  stall(1900, 5'000'000'000, kCap);
  EXPECT_DOUBLE_EQ(IoOf(fake).nodes(0).stall_max_ms(), 5000);
}

TEST(Io, ExposureIsWhatWasAcknowledgedAndNotFlushed) {
  FakeRecording fake = TwoNodes();
  fake.Append("p", 1100, 1, 4).Trace("p", 1100, TraceKind::kCommit, 1, 4);
  fake.Append("p", 1150, 1, 6).Trace("p", 1150, TraceKind::kCommit, 1, 6);
  Flush(fake, "p", 1190, 1200, 4, 4096);
  Flush(fake, "p", 1290, 1300, 6, 4096);
  fake.Reaches("r1", 1101, 1, 4).Reaches("r1", 1160, 1, 6);
  const proto::RunReport::Io io = IoOf(fake);
  EXPECT_EQ(io.exposed_entries().max(), 6);
  EXPECT_EQ(io.exposed_entries().p50(), 0) << "200 ms of 1000";
  EXPECT_EQ(io.exposed_us().max(), 150'000) << "4 was flushed after 100, 6 after 150";
  EXPECT_EQ(io.unreplicated_entries().max(), 4);
}

TEST(Io, ExposureIsOfTheTimeInWhichThePrimaryWasUp) {
  FakeRecording fake = TwoNodes();
  fake.Append("p", 1500, 1, 2).Trace("p", 1500, TraceKind::kCommit, 1, 2);
  fake.Event(1600, proto::RunEvent::KILLED, "p");
  EXPECT_EQ(IoOf(fake).exposed_us().max(), 100'000) << "not 500 ms: it died after 100";
}

TEST(Io, ANewLeaderExposesWhatItAcknowledges) {
  FakeRecording fake = TwoNodes();
  fake.Append("p", 1100, 1, 2).Trace("p", 1100, TraceKind::kCommit, 1, 2);
  fake.Reaches("r1", 1101, 1, 2).Leads("r1", 1200, 2, 2);
  fake.Append("r1", 1300, 2, 3).Trace("r1", 1300, TraceKind::kCommit, 2, 3);
  Flush(fake, "r1", 1310, 1320, 3, 4096);
  const proto::RunReport::Io io = IoOf(fake);
  EXPECT_EQ(io.exposed_entries().max(), 2) << "p's, until r1 led";
  EXPECT_EQ(io.exposed_us().max(), 100'000);
}

}  // namespace
}  // namespace replsim::io_test
