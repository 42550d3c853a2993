#include "common/storage/log/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/log_fixture.h"

namespace replsim::log_recovery_test {
namespace {

using ::testing::HasSubstr;

TEST(LogRecovery, EveryTruncationKeepsExactlyTheWholeRecordsBeforeIt) {
  for (const uint64_t prewrite : {0u, 300u}) {
    MemoryFileSystem disk;
    Rng rng(3);
    Model model;
    const LogOptions options{1 << 20, prewrite};
    ASSERT_TRUE(Open(disk, options)->Append(model.Next(6, rng, 40)).ok());
    const std::string path = Segments(disk)[0];
    const std::string whole = *ReadWholeFile(disk, path);
    for (size_t size = 0; size <= whole.size(); ++size) {
      SCOPED_TRACE(size);
      Overwrite(disk, path, whole.substr(0, size));
      Model kept = model;
      while (kSegmentHeaderBytes + kept.BytesAt(kept.last()) > size && kept.last() > Lsn(0)) {
        kept.TruncateTo(kept.last() - 1);
      }
      auto log = Open(disk, options);
      ExpectSame(*log, kept);
      // The log goes on from there, and what was cut never comes back.
      ASSERT_TRUE(log->Append(kept.Next(1, rng, 4)).ok());
      log.reset();
      Recovery recovery;
      ExpectSame(*Open(disk, options, &recovery), kept);
      EXPECT_EQ(recovery.cut, "");
    }
  }
}

TEST(LogRecovery, ATornTailIsToldAndCutOnceWhatIsCutStaysCut) {
  MemoryFileSystem memory;
  FaultyFileSystem disk(memory);
  Rng rng(3);
  Model model;
  auto log = Open(disk, {});
  ASSERT_TRUE(log->Append(model.Next(5, rng, 40)).ok());
  disk.Inject({DiskOperation::kWrite, 1, absl::OkStatus(), 37});
  RecordBatch lost{Lsn(6), Lsn(6), ""};
  AppendRecord({Epoch(1), Lsn(6)}, FromNanos(0), std::string(50, 'x'), &lost.bytes);
  ASSERT_TRUE(log->Append(lost).ok());
  log.reset();

  Recovery recovery;
  Open(disk, {}, &recovery);
  EXPECT_THAT(recovery.cut, HasSubstr("wal-00000000000000000001.log: "));
  EXPECT_THAT(recovery.cut,
              HasSubstr(absl::StrCat(
                  " bytes after 1:5 at offset ", kSegmentHeaderBytes + model.BytesAt(Lsn(5)),
                  " were not a complete record (torn tail) and were truncated")));
  ASSERT_TRUE(disk.LosePower(nullptr).ok());
  ExpectSame(*Open(disk, {}, &recovery), model);
  EXPECT_EQ(recovery.cut, "") << "the cut was durable";
}

TEST(LogRecovery, EveryFlippedByteIsRefusedOrInTheLastRecordCut) {
  MemoryFileSystem disk;
  Rng rng(5);
  Model model;
  const LogOptions options{400, 64};
  {
    const auto log = Open(disk, options);
    while (Segments(disk).size() < 3) ASSERT_TRUE(log->Append(model.Next(1, rng, 40)).ok());
    ASSERT_TRUE(log->Append(model.Next(1, rng, 40)).ok());
  }
  const Lsn last = model.last();
  for (const std::string& path : Segments(disk)) {
    const bool is_last = path == Segments(disk).back();
    const uint64_t begin = model.BytesAt(Lsn(ParseSegmentName(path.substr(5))->value() - 1));
    const std::string whole = *ReadWholeFile(disk, path);
    for (size_t i = 0; i < whole.size(); ++i) {
      SCOPED_TRACE(absl::StrCat(path, " byte ", i));
      std::string flipped = whole;
      flipped[i] = static_cast<char>(flipped[i] ^ 0x40);
      Overwrite(disk, path, flipped);
      const std::string image = DiskImage(disk);
      const uint64_t offset = i - std::min<uint64_t>(i, kSegmentHeaderBytes) + begin;
      if (!is_last || i < kSegmentHeaderBytes || offset < model.BytesAt(last - 1)) {
        const absl::Status status = OpenError(disk, options);
        EXPECT_TRUE(absl::IsDataLoss(status)) << status;
        EXPECT_THAT(MessageOf(status), HasSubstr(path));
        EXPECT_THAT(MessageOf(status), HasSubstr("Promote a replica"));
        EXPECT_EQ(DiskImage(disk), image) << "a log that is refused is left alone";
        Recovery recovery;
        EXPECT_EQ(ReadLog(disk, "node", &recovery, nullptr), status);
      } else {
        Recovery recovery;
        const auto log = Open(disk, options, &recovery);
        EXPECT_EQ(log->last(), offset < model.BytesAt(last) ? last - 1 : last);
        EXPECT_NE(recovery.cut, "");
      }
      Overwrite(disk, path, whole);
    }
  }
}

TEST(LogRecovery, AMissingSegmentIsRefused) {
  for (size_t missing = 0; missing < 3; ++missing) {
    MemoryFileSystem disk;
    Rng rng(5);
    Model model;
    auto log = Open(disk, {300, 0});
    while (Segments(disk).size() < 4) ASSERT_TRUE(log->Append(model.Next(1, rng, 40)).ok());
    ASSERT_TRUE(disk.Remove(Segments(disk)[missing]).ok());
    const absl::Status status = OpenError(disk);
    EXPECT_TRUE(absl::IsDataLoss(status)) << status;
    EXPECT_THAT(MessageOf(status), HasSubstr("a whole segment are missing"));
  }
}

TEST(LogRecovery, HolesRepetitionsAndFallingEpochsAreRefused) {
  struct Case {
    std::vector<Position> positions;
    const char* says;
  };
  const auto p = [](uint64_t epoch, uint64_t lsn) { return Position{Epoch(epoch), Lsn(lsn)}; };
  for (const Case& c :
       {Case{{p(1, 1), p(1, 3)}, "found 1:3, a hole"},
        Case{{p(1, 1), p(1, 1)}, "found 1:1, a hole"}, Case{{p(1, 2)}, "found 1:2, a hole"},
        Case{{p(2, 1), p(1, 2)}, "found 1:2, of an older epoch"}}) {
    MemoryFileSystem disk;
    ASSERT_TRUE(disk.MakeFolder("node").ok());
    std::string bytes = EncodeSegmentHeader(Lsn(1));
    for (const Position& position : c.positions) {
      AppendRecord(position, FromNanos(0), "payload", &bytes);
    }
    Overwrite(disk, "node/" + SegmentName(Lsn(1)), bytes);
    const absl::Status status = OpenError(disk);
    EXPECT_TRUE(absl::IsDataLoss(status)) << status;
    EXPECT_THAT(MessageOf(status), HasSubstr(c.says));
  }
}

TEST(LogRecovery, AWipedRecordBeforeAnIntactOneIsRefused) {
  MemoryFileSystem disk;
  Rng rng(5);
  Model model;
  ASSERT_TRUE(Open(disk, {})->Append(model.Next(3, rng, 40)).ok());
  const auto file = disk.Open(Segments(disk)[0], false);
  const uint64_t begin = kSegmentHeaderBytes + model.BytesAt(Lsn(1));
  const std::string zeros(model.Bytes(Lsn(2), Lsn(2)).size(), '\0');
  ASSERT_TRUE((*file)->WriteAt(begin, zeros).ok());
  const absl::Status status = OpenError(disk);
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(MessageOf(status), HasSubstr(absl::StrCat("at offset ", begin, ", where LSN 2")));
}

TEST(LogRecovery, AFormatOfAnotherVersionIsNotTouched) {
  MemoryFileSystem disk;
  ASSERT_TRUE(disk.MakeFolder("node").ok());
  std::string header = EncodeSegmentHeader(Lsn(1));
  header[16] = 2;
  const uint64_t checksum = XXH3_64bits(header.data() + 8, header.size() - 8);
  std::memcpy(header.data(), &checksum, sizeof(checksum));
  Overwrite(disk, "node/" + SegmentName(Lsn(1)), header);
  const std::string image = DiskImage(disk);
  const absl::Status status = OpenError(disk);
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(MessageOf(status), HasSubstr("segment format 2; this version reads 1"));
  EXPECT_EQ(DiskImage(disk), image);
}

TEST(LogRecovery, FilesOfOtherNamesAreNobodysSegments) {
  MemoryFileSystem disk;
  ASSERT_TRUE(disk.MakeFolder("node/wal-folder").ok());
  for (const char* name : {"metadata", "wal-notes.log", "wal-00000000000000000002.log.bak"}) {
    Overwrite(disk, absl::StrCat("node/", name), "anything");
  }
  EXPECT_EQ(OpenError(disk), absl::OkStatus());
}

TEST(LogRecovery, ACrashWhileASegmentIsBegunIsNoTornTail) {
  for (const size_t header_bytes : {size_t{0}, size_t{8}, size_t{kSegmentHeaderBytes}}) {
    MemoryFileSystem disk;
    Rng rng(3);
    Model model;
    ASSERT_TRUE(Open(disk, {})->Append(model.Next(6, rng, 40)).ok());
    const std::string header = EncodeSegmentHeader(Lsn(7)).substr(0, header_bytes);
    Overwrite(disk, "node/" + SegmentName(Lsn(7)), header);
    auto log = Open(disk, {});
    ExpectSame(*log, model);
    ASSERT_TRUE(log->Append(model.Next(6, rng, 40)).ok());
    Recovery recovery;
    ExpectSame(*Open(disk, {}, &recovery), model);
    EXPECT_EQ(recovery.cut, "");
  }
}

// Appends and flushes at random on a disk that stops at a random step and then loses power. Every
// flushed record survives, and only appended records exist.
TEST(LogRecovery, AfterPowerLossEverythingFlushedIsThere) {
  uint64_t cuts = 0;
  for (uint64_t seed = 0; seed < 1500; ++seed) {
    SCOPED_TRACE(seed);
    Rng rng(seed);
    MemoryFileSystem memory;
    FaultyFileSystem disk(memory);
    const LogOptions options{200 + rng.Below(3000), rng.Below(2) * rng.Below(2000)};
    Model model;
    Lsn flushed;
    for (int life = 0; life < 3; ++life) {
      disk.StopAfter(rng.Below(60));
      Recovery recovery;
      auto opened = Log::Open(disk, "node", options, &recovery);
      if (opened.ok()) {
        Log& log = **opened;
        ASSERT_GE(log.last(), flushed);
        model.TruncateTo(log.last());
        flushed = log.last();
        cuts += !recovery.cut.empty();
        bool running = true;
        while (running) {
          running = log.Append(model.Next(1 + rng.Below(5), rng, 100)).ok();
          if (running && rng.Chance(0.4)) {
            running = log.Flush().ok();
            if (running) flushed = log.last();
          }
        }
      } else {
        ASSERT_TRUE(absl::IsUnavailable(opened.status())) << opened.status();
      }
      ASSERT_TRUE(disk.LosePower(rng.Chance(0.2) ? nullptr : &rng).ok());
    }
    const auto log = Open(disk, options);
    ASSERT_NE(log, nullptr);
    EXPECT_GE(log->last(), flushed);
    ASSERT_LE(log->last(), model.last());
    EXPECT_EQ(Contents(*log), model.Bytes(Lsn(1), log->last()));
  }
  EXPECT_GT(cuts, 0u) << "no tail was ever torn: this test tests nothing";
}

TEST(LogFailure, AfterAFailedFlushNothingIsTakenAnyMore) {
  MemoryFileSystem memory;
  FaultyFileSystem disk(memory);
  Rng rng(1);
  Model model;
  const auto log = Open(disk, {});
  ASSERT_TRUE(log->Append(model.Next(1, rng, 10)).ok());
  disk.Inject({DiskOperation::kSync, 1, absl::DataLossError("I/O error")});
  const absl::Status failed = log->Flush();
  EXPECT_TRUE(absl::IsDataLoss(failed));
  EXPECT_THAT(MessageOf(failed), HasSubstr("node/wal-00000000000000000001.log: I/O error"));
  EXPECT_EQ(log->Flush(), failed);
  EXPECT_EQ(log->Append(Model(model).Next(1, rng, 10)), failed);
  EXPECT_EQ(log->TruncateTo(Lsn(0), kRollback).status(), failed);
  EXPECT_EQ(Contents(*log), model.Bytes(Lsn(1), Lsn(1))) << "reading goes on";
}

TEST(LogFailure, AfterAFailedWriteNothingIsTakenAnyMoreAndARestartCutsItsRest) {
  MemoryFileSystem memory;
  FaultyFileSystem disk(memory);
  Rng rng(1);
  Model model;
  auto log = Open(disk, {});
  ASSERT_TRUE(log->Append(model.Next(3, rng, 10)).ok());
  disk.Inject({DiskOperation::kWrite, 1, absl::UnknownError("Input/output error"), 21});
  const absl::Status failed = log->Append(Model(model).Next(1, rng, 10));
  EXPECT_TRUE(absl::IsUnknown(failed));
  EXPECT_EQ(log->last(), Lsn(3));
  EXPECT_EQ(log->Append(Model(model).Next(1, rng, 10)), failed);
  EXPECT_EQ(log->Flush(), failed);
  log.reset();
  Recovery recovery;
  ExpectSame(*Open(disk, {}, &recovery), model);
  EXPECT_THAT(recovery.cut, HasSubstr(" bytes after 1:3 at offset "));
}

TEST(LogTruncate, CutsAcrossSegmentsAndKeepsWhatItCutInTheRollbackFile) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    Rng rng(seed);
    MemoryFileSystem memory;
    FaultyFileSystem disk(memory);
    const LogOptions options{200 + rng.Below(3000), rng.Below(2) * rng.Below(2000)};
    Model model;
    std::string cut;
    auto log = Open(disk, options);
    for (int round = 0; round < 3; ++round) {
      const Epoch epoch(static_cast<uint64_t>(round) + 1);
      for (int i = 0; i < 10; ++i) {
        ASSERT_TRUE(log->Append(model.Next(1 + rng.Below(5), rng, 100, epoch)).ok());
      }
      const Lsn last(rng.Below(model.last().value() + 1));
      const uint64_t count = model.last() - last;
      cut += model.Bytes(last + 1, model.last());
      const auto truncated = log->TruncateTo(last, kRollback);
      ASSERT_TRUE(truncated.ok()) << truncated.status();
      EXPECT_EQ(*truncated, count);
      model.TruncateTo(last);
      ExpectSame(*log, model);
      EXPECT_EQ(log->BytesAt(last), model.BytesAt(last));
      // Durable, without a flush, if there was something to cut.
      if (count == 0) {
        ASSERT_TRUE(log->Flush().ok());
      }
      ASSERT_TRUE(disk.LosePower(nullptr).ok());
      log = Open(disk, options);
      ExpectSame(*log, model);
      if (!cut.empty()) {
        EXPECT_EQ(*ReadWholeFile(disk, kRollback), cut);
      }
    }
  }
}

TEST(LogTruncate, ToTheEndOrBeyondDoesNothing) {
  MemoryFileSystem disk;
  Rng rng(1);
  Model model;
  const auto log = Open(disk, {});
  ASSERT_TRUE(log->Append(model.Next(3, rng, 10)).ok());
  EXPECT_EQ(*log->TruncateTo(Lsn(3), kRollback), 0u);
  EXPECT_EQ(*log->TruncateTo(Lsn(9), kRollback), 0u);
  EXPECT_TRUE(absl::IsNotFound(disk.Open(kRollback, false).status()));
}

TEST(LogTruncate, ACrashOnTheWayLeavesAWholeLogAndNothingIsLost) {
  for (uint64_t steps = 0; steps < 40; ++steps) {
    for (uint64_t seed = 0; seed < 10; ++seed) {
      SCOPED_TRACE(absl::StrCat(steps, " steps, seed ", seed));
      Rng rng(seed);
      MemoryFileSystem memory;
      FaultyFileSystem disk(memory);
      const LogOptions options{400, 64};
      Model model;
      auto log = Open(disk, options);
      for (int i = 0; i < 20; ++i) ASSERT_TRUE(log->Append(model.Next(2, rng, 50)).ok());
      ASSERT_TRUE(log->Flush().ok());
      const std::string tail = model.Bytes(Lsn(4), model.last());
      disk.StopAfter(steps);
      const bool done = log->TruncateTo(Lsn(3), kRollback).ok();
      ASSERT_TRUE(disk.LosePower(&rng).ok());
      log = Open(disk, options);
      ASSERT_NE(log, nullptr);
      EXPECT_GE(log->last(), Lsn(3));
      EXPECT_TRUE(!done || log->last() == Lsn(3));
      if (log->last() < model.last()) {
        EXPECT_EQ(*ReadWholeFile(disk, kRollback), tail);
      }
      EXPECT_EQ(Contents(*log), model.Bytes(Lsn(1), log->last()));
    }
  }
}

TEST(ReadLog, VisitsEveryRecordAndChangesNothing) {
  MemoryFileSystem disk;
  Rng rng(1);
  Model model;
  {
    const auto log = Open(disk, {2000, 100});
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(log->Append(model.Next(3, rng, 100)).ok());
  }
  const std::string path = Segments(disk).back();
  Overwrite(disk, path, *ReadWholeFile(disk, path) + "torn");
  const std::string image = DiskImage(disk);
  Recovery recovery;
  std::string bytes;
  ASSERT_TRUE(ReadLog(disk, "node", &recovery, [&](const RecordView& record) {
                AppendRecord(record.position, record.time, record.payload, &bytes);
              }).ok());
  EXPECT_EQ(bytes, model.Bytes(Lsn(1), model.last()));
  EXPECT_EQ(recovery.last.lsn, model.last());
  EXPECT_NE(recovery.cut, "");
  EXPECT_EQ(DiskImage(disk), image);
}

}  // namespace
}  // namespace replsim::log_recovery_test
