#include "common/storage/log/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/log_fixture.h"

namespace replsim::log_test {
namespace {

TEST(Log, ANewOneIsEmpty) {
  MemoryFileSystem disk;
  Recovery recovery;
  const auto log = Open(disk, {}, &recovery);
  EXPECT_EQ(log->last(), Lsn(0));
  EXPECT_EQ(log->bytes(), 0u);
  EXPECT_EQ(log->BytesAt(Lsn(0)), 0u);
  EXPECT_EQ(recovery.last, Position{});
  EXPECT_EQ(recovery.cut, "");
  EXPECT_TRUE(absl::IsOutOfRange(log->Read(Lsn(1), 100).status()));
  EXPECT_TRUE(log->Flush().ok());
}

TEST(Log, HoldsWhatWasAppendedWhateverTheSizes) {
  for (uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    Rng rng(seed);
    MemoryFileSystem disk;
    const LogOptions options{64 + rng.Below(100'000), rng.Below(2) * rng.Below(20'000)};
    const size_t payload_max = rng.Below(3) == 0 ? 5000 : 200;
    Model model;
    uint64_t epoch = 1;
    EpochHistory epochs;
    auto log = Open(disk, options);
    for (int i = 0; i < 40; ++i) {
      const bool first = model.last() == Lsn(0);
      if (rng.Chance(0.1)) ++epoch;
      if (first || Epoch(epoch) > epochs.last_epoch()) {
        epochs.Begin(Epoch(epoch), model.last() + 1);
      }
      ASSERT_TRUE(log->Append(model.Next(1 + rng.Below(30), rng, payload_max, Epoch(epoch))).ok());
      if (rng.Chance(0.5)) {
        ASSERT_TRUE(log->Flush().ok());
      }
      if (rng.Chance(0.1)) {
        log.reset();
        Recovery recovery;
        log = Open(disk, options, &recovery);
        EXPECT_EQ(recovery.last, (Position{Epoch(epoch), model.last()}));
        EXPECT_EQ(recovery.bytes, log->bytes());
        EXPECT_EQ(recovery.epochs, epochs);
        EXPECT_EQ(recovery.cut, "");
      }
    }
    ExpectSame(*log, model);
    for (int i = 0; i < 200; ++i) {
      const Lsn lsn(rng.Below(model.last().value() + 1));
      EXPECT_EQ(log->BytesAt(lsn), model.BytesAt(lsn)) << lsn.value();
    }
  }
}

TEST(Log, ReadGivesAsManyRecordsAsFitAndAtLeastOne) {
  MemoryFileSystem disk;
  Rng rng(7);
  Model model;
  const auto log = Open(disk, {3000, 0});
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(log->Append(model.Next(7, rng, 300)).ok());
  ASSERT_GT(Segments(disk).size(), 3u);
  for (int i = 0; i < 500; ++i) {
    const Lsn from(1 + rng.Below(model.last().value()));
    const uint64_t bytes_max = rng.Below(9000);
    const auto batch = log->Read(from, bytes_max);
    ASSERT_TRUE(batch.ok()) << batch.status();
    Lsn last = from;
    while (last < model.last() && model.Bytes(from, last + 1).size() <= bytes_max) ++last;
    EXPECT_EQ((*batch)->first, from);
    EXPECT_EQ((*batch)->last, last);
    EXPECT_EQ((*batch)->bytes, model.Bytes(from, last));
  }
}

TEST(Log, SpaceWrittenAheadSparesTheFlushFromGrowingTheFile) {
  MemoryFileSystem disk;
  Rng rng(7);
  Model model;
  const auto log = Open(disk, {1 << 20, 1 << 16});
  const uint64_t size = ReadWholeFile(disk, Segments(disk)[0])->size();
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(log->Append(model.Next(10, rng, 100)).ok());
  EXPECT_EQ(ReadWholeFile(disk, Segments(disk)[0])->size(), size);
}

TEST(Log, AnAppendIsOneWrite) {
  MemoryFileSystem disk;
  FaultyFileSystem counted(disk);
  Rng rng(7);
  Model model;
  const auto log = Open(counted, {});
  const uint64_t before = counted.count(DiskOperation::kWrite);
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(log->Append(model.Next(100, rng, 100)).ok());
  EXPECT_EQ(counted.count(DiskOperation::kWrite) - before, 10u);
}

TEST(Log, FlushingTwiceFlushesOnce) {
  MemoryFileSystem disk;
  FaultyFileSystem counted(disk);
  Rng rng(7);
  Model model;
  const auto log = Open(counted, {});
  ASSERT_TRUE(log->Append(model.Next(1, rng, 100)).ok());
  const uint64_t before = counted.count(DiskOperation::kSync);
  ASSERT_TRUE(log->Flush().ok() && log->Flush().ok());
  EXPECT_EQ(counted.count(DiskOperation::kSync) - before, 1u);
}

TEST(LogDeathTest, AnAppendThatDoesNotFollowStopsTheProgram) {
  MemoryFileSystem disk;
  Rng rng(7);
  Model model;
  const auto log = Open(disk, {});
  const RecordBatch first = model.Next(2, rng, 10, Epoch(2));
  ASSERT_TRUE(log->Append(first).ok());
  EXPECT_DEATH((void)log->Append(first), "after 2:2");
  EXPECT_DEATH((void)log->Append(model.Next(1, rng, 10, Epoch(1))), "append of 1:3 after 2:2");
}

TEST(Log, ReadsBesideAppendsAndFlushes) {
  std::string folder = ::testing::TempDir() + "/replsim-log-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  Recovery recovery;
  auto log = Log::Open(PosixFileSystem(), folder, {64 << 10, 16 << 10}, &recovery);
  ASSERT_TRUE(log.ok()) << log.status();
  std::atomic<bool> appending = true;
  Rng rng(1);
  Model model;
  std::thread reader([&] {
    Rng draws(2);
    uint64_t read = 0;
    while (appending || read == 0) {
      const Lsn last = (*log)->last();
      if (last == Lsn(0)) continue;
      const Lsn from(1 + draws.Below(last.value()));
      const auto batch = (*log)->Read(from, draws.Below(30'000));
      ASSERT_TRUE(batch.ok()) << batch.status();
      ASSERT_NE(ParseBatch((*batch)->bytes), nullptr);
      ASSERT_GE((*log)->BytesAt(last), (*log)->BytesAt(from));
      ++read;
    }
  });
  for (int i = 0; i < 300; ++i) {
    EXPECT_TRUE((*log)->Append(model.Next(1 + rng.Below(20), rng, 200)).ok());
    if (i % 16 == 0) {
      EXPECT_TRUE((*log)->Flush().ok());
    }
  }
  appending = false;
  reader.join();
  ExpectSame(**log, model);
  *log = nullptr;
  log = Log::Open(PosixFileSystem(), folder, {}, &recovery);
  ASSERT_TRUE(log.ok()) << log.status();
  ExpectSame(**log, model);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace replsim::log_test
