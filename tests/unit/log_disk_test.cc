// A log on a node's disk after a power loss, a failed flush, a full disk, or a bit flip.
#include "common/storage/disk/bit_flip.h"
#include "common/storage/disk/node_disk.h"
#include "common/storage/disk/power_loss.h"
#include "tests/unit/log_fixture.h"

namespace replsim::log_disk_test {
namespace {

class LogDiskTest : public testing::Test {
 protected:
  std::unique_ptr<Log> Open(LogOptions options = {.segment_bytes = 4096, .prewrite_bytes = 0}) {
    auto log = Log::Open(disk_, "node/log", options, &recovery_);
    EXPECT_TRUE(log.ok()) << log.status();
    return log.ok() ? *std::move(log) : nullptr;
  }
  void Append(Log& log, uint64_t count) {
    ASSERT_TRUE(log.Append(model_.Next(count, rng_, 100)).ok());
  }
  std::string Contents(Log& log) {
    return log.last() == Lsn(0) ? "" : (*log.Read(Lsn(1), UINT64_MAX))->bytes;
  }

  MemoryFileSystem memory_;
  MemoryDurableExtents notes_;
  DiskFaults faults_;
  NodeDisk disk_{memory_, notes_, faults_, NodeDisk::Hooks{}};
  Recovery recovery_;
  Model model_;
  Rng rng_{7};
};

// However much of the unflushed data survived, all flushed records are there, and nothing but whole
// written records.
TEST_F(LogDiskTest, ALossOfPowerNeverTakesWhatWasFlushed) {
  for (uint64_t round = 0; round < 200; ++round) {
    LogOptions options{.segment_bytes = 2048, .prewrite_bytes = round % 2 == 0 ? 0u : 512u};
    auto log = Open(options);
    ASSERT_NE(log, nullptr) << "round " << round;
    ASSERT_LE(log->last(), model_.last());
    model_.TruncateTo(log->last());
    EXPECT_EQ(Contents(*log), model_.Bytes(Lsn(1), model_.last()));
    Lsn flushed = log->last();
    for (uint64_t step = rng_.Below(12); step > 0; --step) {
      Append(*log, 1 + rng_.Below(5));
      if (!rng_.Chance(0.3)) continue;
      ASSERT_TRUE(log->Flush().ok());
      flushed = log->last();
    }
    log.reset();
    Rng torn(round);
    ASSERT_TRUE(LosePower(memory_, notes_, "node", rng_.Chance(0.7) ? &torn : nullptr).ok());
    log = Open(options);
    ASSERT_NE(log, nullptr) << "round " << round;
    EXPECT_GE(log->last(), flushed) << "round " << round;
  }
}

TEST_F(LogDiskTest, AFlushThatIsFlushedAgainAfterItFailedIsBelievedAndLost) {
  auto log = Open({.prewrite_bytes = 0, .on_fsync_error = OnFsyncError::kRetry});
  Append(*log, 3);
  ASSERT_TRUE(log->Flush().ok());
  Append(*log, 3);
  faults_.FailFlushes(1);
  EXPECT_TRUE(log->Flush().ok());
  Append(*log, 3);
  ASSERT_TRUE(log->Flush().ok());
  log.reset();
  ASSERT_TRUE(LosePower(memory_, notes_, "node", nullptr).ok());
  const auto reopened = Log::Open(disk_, "node/log", {}, &recovery_);
  EXPECT_TRUE(absl::IsDataLoss(reopened.status())) << reopened.status();
}

// A record over three sectors, and intact ones behind it.
class ReorderedLogTest : public LogDiskTest {
 protected:
  static constexpr uint64_t kValueBytes = 2 * kSectorBytes;

  void SetUp() override {
    auto log = Open({.prewrite_bytes = 0});
    std::string bytes;
    for (uint64_t lsn = 1; lsn <= 3; ++lsn) {
      AppendRecord({Epoch(1), Lsn(lsn)}, Instant(), std::string(kValueBytes, 'v'), &bytes);
    }
    ASSERT_TRUE(log->Append({Lsn(1), Lsn(3), bytes}).ok());
    ASSERT_TRUE(log->Flush().ok());
  }
  static constexpr uint64_t kSecondRecord = kSegmentHeaderBytes + EncodedRecordBytes(kValueBytes);

  void Overwrite(uint64_t offset, const std::string& bytes) {
    const auto file = memory_.Open("node/log/" + SegmentName(Lsn(1)), /*create=*/false);
    ASSERT_TRUE((*file)->WriteAt(offset, bytes).ok());
  }
  void Lose(uint64_t offset) { Overwrite(offset, std::string(SectorEnd(offset) - offset, '\0')); }
  void ExpectTornTailAfterTheFirst() {
    const auto log = Open();
    ASSERT_NE(log, nullptr);
    EXPECT_EQ(log->last(), Lsn(1));
    EXPECT_THAT(recovery_.cut, testing::HasSubstr("torn tail"));
  }
};

TEST_F(ReorderedLogTest, TheFirstSectorOfARecordNeverReachedTheDisk) {
  Lose(kSecondRecord);
  ExpectTornTailAfterTheFirst();
}

TEST_F(ReorderedLogTest, ALaterSectorOfARecordNeverReachedTheDisk) {
  Lose(SectorEnd(kSecondRecord));
  ExpectTornTailAfterTheFirst();
}

TEST_F(ReorderedLogTest, ASectorThatIsZeroButForItsLastByteIsCorrupt) {
  Overwrite(SectorEnd(kSecondRecord), std::string(kSectorBytes - 1, '\0'));
  const auto reopened = Log::Open(disk_, "node/log", {}, &recovery_);
  EXPECT_TRUE(absl::IsDataLoss(reopened.status())) << reopened.status();
}

TEST_F(LogDiskTest, AFlushThatFailsEndsTheLog) {
  auto log = Open();
  Append(*log, 3);
  faults_.FailFlushes(1);
  EXPECT_FALSE(log->Flush().ok());
  EXPECT_FALSE(log->Flush().ok());
  EXPECT_FALSE(log->Append(model_.Next(1, rng_, 100)).ok());
}

TEST_F(LogDiskTest, AFullDiskLeavesNothingOfARefusedBatch) {
  auto log = Open();
  Append(*log, 2);
  const std::string before = Contents(*log);
  const RecordBatch batch = model_.Next(20, rng_, 100);
  faults_.Fill(batch.bytes.size() / 2);
  EXPECT_TRUE(absl::IsResourceExhausted(log->Append(batch)));
  EXPECT_TRUE(absl::IsResourceExhausted(log->Append(batch)));
  EXPECT_EQ(Contents(*log), before);
  EXPECT_TRUE(log->Flush().ok());
  EXPECT_EQ(*ReadWholeFile(memory_, "node/log/" + SegmentName(Lsn(1))),
            EncodeSegmentHeader(Lsn(1)) + before);
  faults_.Heal();
  EXPECT_TRUE(log->Append(batch).ok());
  EXPECT_EQ(Contents(*log), model_.Bytes(Lsn(1), model_.last()));
}

TEST_F(LogDiskTest, AFullDiskIsFoundAtANewSegmentToo) {
  auto log = Open({.segment_bytes = 512, .prewrite_bytes = 0});
  while (log->bytes() < 450) Append(*log, 1);
  faults_.Fill(10);
  const RecordBatch batch = model_.Next(2, rng_, 100);
  EXPECT_TRUE(absl::IsResourceExhausted(log->Append(batch)));
  faults_.Heal();
  EXPECT_TRUE(log->Append(batch).ok());
  log = Open();
  EXPECT_EQ(Contents(*log), model_.Bytes(Lsn(1), model_.last()));
}

class DamagedLogTest : public LogDiskTest {
 protected:
  // Three segments, and a bit turned in a record of the second.
  void FaultInjector() {
    auto log = Open({.segment_bytes = 1024, .prewrite_bytes = 0});
    while (log->bytes() < 2500) Append(*log, 1);
    ASSERT_TRUE(log->Flush().ok());
    const auto flipped = FlipBit(memory_, "node/log", Lsn(20), Rng(3));
    ASSERT_TRUE(flipped.ok()) << flipped.status();
    EXPECT_EQ(flipped->lsn, Lsn(20));
    const auto read = log->Read(Lsn(19), UINT64_MAX);
    EXPECT_TRUE(absl::IsDataLoss(read.status()));
    EXPECT_THAT(MessageOf(read.status()), testing::HasSubstr(flipped->path));
    EXPECT_THAT(MessageOf(read.status()), testing::HasSubstr("LSN 20"));
  }
};

TEST_F(DamagedLogTest, ItIsRefusedByName) {
  FaultInjector();
  const auto log = Log::Open(disk_, "node/log", {}, &recovery_);
  EXPECT_TRUE(absl::IsDataLoss(log.status())) << log.status();
  EXPECT_THAT(MessageOf(log.status()), testing::HasSubstr("where LSN 20 was expected"));
  EXPECT_THAT(MessageOf(log.status()), testing::HasSubstr("Promote a replica"));
}

TEST_F(DamagedLogTest, WhoeverIsSentItAgainCutsItOffAndGoesOn) {
  FaultInjector();
  const Lsn end = model_.last();
  const std::string rest = model_.Bytes(Lsn(20), end);
  auto log = Open({.segment_bytes = 1024, .prewrite_bytes = 0, .truncate_corruption = true});
  ASSERT_NE(log, nullptr);
  EXPECT_EQ(log->last(), Lsn(19));
  EXPECT_EQ(Contents(*log), model_.Bytes(Lsn(1), Lsn(19)));
  EXPECT_THAT(recovery_.cut, testing::HasSubstr("LSN 20"));
  ASSERT_TRUE(log->Append({Lsn(20), end, rest}).ok());
  ASSERT_TRUE(log->Flush().ok());
  log = Open();
  EXPECT_EQ(Contents(*log), model_.Bytes(Lsn(1), end));
  EXPECT_THAT(*memory_.List("node/log"), testing::Contains(testing::HasSubstr(".damaged")))
      << "what was cut can be looked at";
}

TEST_F(DamagedLogTest, ARecordThatIsNotThereCannotBeDamaged) {
  auto log = Open();
  EXPECT_TRUE(absl::IsNotFound(FlipBit(memory_, "node/log", Lsn(0), Rng(1)).status()));
  Append(*log, 2);
  EXPECT_TRUE(absl::IsNotFound(FlipBit(memory_, "node/log", Lsn(3), Rng(1)).status()));
}

}  // namespace
}  // namespace replsim::log_disk_test
