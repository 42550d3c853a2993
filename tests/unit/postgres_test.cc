// PostgreSQL from recorded bytes: positions, what pg_waldump prints, the replication protocol.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "simulator/cluster/postgres/replication_stream.h"
#include "simulator/cluster/postgres/replication_tap.h"
#include "simulator/cluster/postgres/wal_dump.h"
#include "simulator/cluster/postgres/wal_position.h"

namespace replsim::postgres_test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Printed by pg_waldump 15 after a kill of the server.
constexpr char kDump[] =
    "rmgr: LogicalMessage len (rec/tot):     60/    60, tx:          0, lsn: 0/0152A910, prev "
    "0/01528900, desc: MESSAGE non-transactional, prefix \"rs\"; payload (7 bytes): 65 70 6F 63 68 "
    "20 32\n"
    "rmgr: LogicalMessage len (rec/tot):     67/    67, tx:        726, lsn: 0/0152C970, prev "
    "0/0152C940, desc: MESSAGE transactional, prefix \"rs\"; payload (14 bytes): 6B 30 30 30 31 20 "
    "63 31 2D 31 20 31 30 30\n"
    "rmgr: Transaction len (rec/tot):     34/    34, tx:        726, lsn: 0/0152C9B8, prev "
    "0/0152C970, desc: COMMIT 2026-12-01 04:43:00.504708 UTC\n"
    "pg_waldump: error: error in WAL record at 0/152C9B8: invalid record length at 0/152C9E0: "
    "wanted 24, got 0\n";

TEST(WalPosition, IsReadAndWritten) {
  EXPECT_EQ(ParseWalPosition("0/0152C9B8"), 0x152C9B8);
  EXPECT_EQ(ParseWalPosition("1/0"), uint64_t{1} << 32);
  EXPECT_EQ(ParseWalPosition("152C9B8"), std::nullopt);
  EXPECT_EQ(ParseWalPosition("x/1"), std::nullopt);
  EXPECT_EQ(WalPositionText(uint64_t{1} << 32 | 0xAB), "1/AB");
}

TEST(WalPosition, TheEndOfARecordIsAlignedAndBehindPageHeaders) {
  EXPECT_EQ(WalRecordEnd(0x152C9B8, 34), 0x152C9E0);
  EXPECT_EQ(WalRecordEnd(0x1FF0, 16), 0x2000);                     // exactly to the end of the page
  EXPECT_EQ(WalRecordEnd(0x1FF0, 24), 0x2000 + 24 + 8);            // 8 bytes on the next page
  EXPECT_EQ(WalRecordEnd(0xFFFFF8, 16), 0x1000000 + 40 + 8);       // a new segment
  EXPECT_EQ(WalRecordEnd(0x1FF8, 8 + 8168 + 8), 0x4000 + 24 + 8);  // over a whole page
}

TEST(WalPosition, ATimelineContinuesAnotherOne) {
  const auto first = WalPartsOf(1, "", 100);
  ASSERT_TRUE(first.ok());
  EXPECT_THAT(*first, ElementsAre(WalPart{1, 100, UINT64_MAX}));
  const auto third = WalPartsOf(
      3, "1\t0/3000148\tno recovery target specified\n\n2\t0/4000000\tat restore\n", 0x1526000);
  ASSERT_TRUE(third.ok());
  EXPECT_THAT(*third,
              ElementsAre(WalPart{1, 0x1526000, 0x3000148}, WalPart{2, 0x3000148, 0x4000000},
                          WalPart{3, 0x4000000, UINT64_MAX}));
  EXPECT_FALSE(WalPartsOf(2, "1 0/3000148", 0).ok());
}

TEST(WalPosition, SegmentsNameTheirTimeline) {
  EXPECT_EQ(WalSegmentName(2, 0x3000148), "000000020000000000000003");
  EXPECT_EQ(WalSegmentName(1, uint64_t{5} << 32), "000000010000000500000000");
  EXPECT_EQ(TimelineOfSegment("000000020000000000000003"), 2);
  EXPECT_EQ(TimelineOfSegment("00000002.history"), std::nullopt);
  EXPECT_EQ(TimelineOfSegment("00000002000000000000000x"), std::nullopt);
}

TEST(WalDump, AWriteIsTheCommitBehindItsMessage) {
  WalDumpReader reader(1, Nanos(0));
  ASSERT_TRUE(reader.Read(kDump, UINT64_MAX).ok());
  ASSERT_EQ(reader.entries().size(), 1);
  const NativeEntry& entry = reader.entries()[0];
  EXPECT_EQ(entry.epoch, 2);
  EXPECT_EQ(entry.native, 0x152C9E0);
  EXPECT_EQ(entry.native_text, "0/152C9B8");
  EXPECT_EQ(ToString(entry.write), "c1-1");
  EXPECT_EQ(entry.key, 1);
  EXPECT_EQ(entry.user_bytes, 105);
  EXPECT_EQ(absl::FormatTime("%H:%M:%E6S", absl::FromUnixNanos(entry.time_ns), absl::UTCTimeZone()),
            "04:43:00.504708");
}

TEST(WalDump, TimesAreThoseOfTheRun) {
  WalDumpReader wall(1, Nanos(0));
  WalDumpReader run(1, Nanos(1000));
  ASSERT_TRUE(wall.Read(kDump, UINT64_MAX).ok());
  ASSERT_TRUE(run.Read(kDump, UINT64_MAX).ok());
  EXPECT_EQ(wall.entries().at(0).time_ns - run.entries().at(0).time_ns, 1000);
}

TEST(WalDump, RecordsBehindTheForkAreNotPartOfTheLog) {
  WalDumpReader reader(1, Nanos(0));
  ASSERT_TRUE(reader.Read(kDump, 0x152C9B8).ok());
  EXPECT_THAT(reader.entries(), IsEmpty());
}

TEST(WalDump, AMessageWithoutItsCommitIsNoWrite) {
  WalDumpReader reader(1, Nanos(0));
  const std::string dump = kDump;
  ASSERT_TRUE(reader.Read(dump.substr(0, dump.find("rmgr: Transaction")), UINT64_MAX).ok());
  EXPECT_THAT(reader.entries(), IsEmpty());
}

TEST(WalDump, ADumpThatFailedIsAnError) {
  WalDumpReader reader(1, Nanos(0));
  const absl::Status status =
      reader.Read("pg_waldump: error: could not find file \"000000010000000000000001\"\n", 1);
  EXPECT_TRUE(absl::IsDataLoss(status));
  EXPECT_THAT(status.message(), HasSubstr("could not find file"));
  // Behind records it is the end of the WAL: the next segment does not exist yet.
  EXPECT_TRUE(
      reader.Read(absl::StrCat(kDump, "pg_waldump: error: could not find file \"0\"\n"), 1).ok());
}

TEST(WalDump, AWriteNamesItself) {
  EXPECT_EQ(WritePayload("k0713", "c3-17......"), "k0713 c3-17 11");
  EXPECT_EQ(EpochPayload(2), "epoch 2");
}

std::string Big(uint64_t number, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text.push_back(static_cast<char>(number >> (8 * i)));
  return text;
}
std::string Message(char type, absl::string_view body) {
  return absl::StrCat(std::string(1, type), Big(4 + body.size(), 4), body);
}
std::string Wal(uint64_t begin, size_t bytes) {
  return Message('d', absl::StrCat("w", Big(begin, 8), Big(begin + bytes, 8), Big(1, 8),
                                   std::string(bytes, 'x')));
}
std::string Status(uint64_t write, uint64_t flush, uint64_t apply) {
  return Message('d', absl::StrCat("r", Big(write, 8), Big(flush, 8), Big(apply, 8), Big(1, 8),
                                   std::string(1, '\0')));
}

TEST(ReplicationStream, FindsWalWhereverTheBytesAreSplit) {
  const std::string bytes = absl::StrCat(
      Message('R', Big(0, 4)), Message('S', "application_name"), Wal(1000, 50),
      Message('d', absl::StrCat("k", Big(1, 8), Big(1, 8), std::string(1, '\1'))), Wal(1050, 7));
  for (size_t piece = 1; piece <= bytes.size(); ++piece) {
    std::vector<uint64_t> ends;
    ReplicationStream stream(/*from_client=*/false,
                             {[&](const auto& wal) { ends.push_back(wal.end); }, nullptr});
    for (size_t i = 0; i < bytes.size(); i += piece) stream.Take(bytes.substr(i, piece));
    EXPECT_THAT(ends, ElementsAre(1050, 1057)) << piece;
  }
}

TEST(ReplicationStream, AMessageCountsWhenItsLastByteHasArrived) {
  int seen = 0;
  ReplicationStream stream(/*from_client=*/false, {[&](const auto&) { ++seen; }, nullptr});
  const std::string bytes = Wal(1000, 50);
  stream.Take(bytes.substr(0, bytes.size() - 1));
  EXPECT_EQ(seen, 0);
  stream.Take(bytes.substr(bytes.size() - 1));
  EXPECT_EQ(seen, 1);
}

TEST(ReplicationStream, TheClientBeginsWithoutAType) {
  std::vector<uint64_t> seen;
  ReplicationStream stream(/*from_client=*/true,
                           {nullptr, [&](const auto& status) {
                              seen = {status.write, status.flush, status.apply};
                            }});
  stream.Take(absl::StrCat(Big(4 + 4 + 4, 4), Big(196608, 4), "user", Message('p', "secret"),
                           Status(30, 20, 10)));
  EXPECT_THAT(seen, ElementsAre(30, 20, 10));
}

TEST(ReplicationStream, OtherBytesEndTheObservation) {
  int seen = 0;
  ReplicationStream stream(/*from_client=*/false, {[&](const auto&) { ++seen; }, nullptr});
  stream.Take("HTTP/1.1 400 Bad Request\r\n\r\n");
  EXPECT_TRUE(stream.broken());
  stream.Take(Wal(1000, 50));
  EXPECT_EQ(seen, 0);
}

TEST(ReplicationTap, WalIsSentByThePrimaryAndReceivedByTheStandby) {
  std::vector<StageStep> steps;
  const auto tap = NewReplicationTap(NodeId("r1"), NodeId("p"), Relay::Direction::kToClient,
                                     [&](const StageStep& step) { steps.push_back(step); });
  tap->OnSent(Wal(1000, 50), FromNanos(5));
  tap->OnArrived(Wal(1000, 50), FromNanos(9));
  ASSERT_EQ(steps.size(), 2);
  EXPECT_EQ(steps[0].node, NodeId("p"));
  EXPECT_EQ(steps[0].stage, TraceKind::kSend);
  EXPECT_EQ(steps[0].peer, NodeId("r1"));
  EXPECT_EQ(steps[1].node, NodeId("r1"));
  EXPECT_EQ(steps[1].stage, TraceKind::kAppend);
  EXPECT_EQ(steps[1].native, 1050);
  EXPECT_EQ(steps[1].when, FromNanos(9));
}

TEST(ReplicationTap, AReportIsAStepOnlyIfItsPositionIsNew) {
  std::vector<StageStep> steps;
  const auto tap = NewReplicationTap(NodeId("r1"), NodeId("p"), Relay::Direction::kToServer,
                                     [&](const StageStep& step) { steps.push_back(step); });
  tap->OnSent(Big(8, 4) + Big(196608, 4), FromNanos(1));
  tap->OnSent(Status(30, 20, 10), FromNanos(5));
  tap->OnSent(Status(30, 30, 10), FromNanos(6));
  ASSERT_EQ(steps.size(), 4);
  EXPECT_EQ(steps[0].stage, TraceKind::kWrite);
  EXPECT_EQ(steps[1].stage, TraceKind::kFlush);
  EXPECT_EQ(steps[2].stage, TraceKind::kApply);
  EXPECT_EQ(steps[3].stage, TraceKind::kFlush);
  EXPECT_EQ(steps[3].native, 30);
  EXPECT_EQ(steps[3].when, FromNanos(6));
}

}  // namespace
}  // namespace replsim::postgres_test
