// A log that begins after LSN 1, because its oldest segments were dropped.
#include "common/storage/log/log_front.h"

#include "common/storage/log/scan.h"
#include "tests/unit/log_fixture.h"

namespace replsim::log_front_test {
namespace {

using ::testing::HasSubstr;

constexpr LogOptions kSmall{.segment_bytes = 512, .prewrite_bytes = 128};

class LogFrontTest : public ::testing::Test {
 protected:
  // About five records in a segment, of epoch 1, and 2 from LSN 21 on.
  void Fill() {
    log_ = Open(disk_, kSmall);
    Append(20, Epoch(1));
    Append(20, Epoch(2));
    ASSERT_TRUE(log_->Flush().ok());
    ASSERT_GT(Segments(disk_).size(), 5u);
  }
  void Append(int count, Epoch epoch) {
    for (int i = 0; i < count; ++i) ASSERT_TRUE(log_->Append(model_.Next(1, rng_, 60, epoch)).ok());
  }
  // Everything from the first position on is there, in memory and after a restart.
  void ExpectHolds(Log& log) {
    EXPECT_EQ(log.last(), model_.last());
    EXPECT_EQ(log.bytes(), model_.BytesAt(model_.last()));
    std::string bytes;
    for (Lsn next = log.first(); next <= log.last();) {
      const auto batch = log.Read(next, 300);
      ASSERT_TRUE(batch.ok()) << batch.status();
      bytes += (*batch)->bytes;
      next = (*batch)->last + 1;
    }
    EXPECT_TRUE(bytes == model_.Bytes(log.first(), model_.last())) << "other bytes";
    for (Lsn lsn = log.first() - 1; lsn <= log.last(); ++lsn) {
      EXPECT_EQ(log.BytesAt(lsn), model_.BytesAt(lsn)) << lsn.value();
    }
  }
  // The first LSN of the segment that holds `lsn`.
  Lsn SegmentOf(Lsn lsn) {
    Lsn first;
    const auto names = disk_.List("node");
    for (const std::string& name : *names) {
      const auto begins = ParseSegmentName(name);
      if (begins && *begins <= lsn) first = *begins;
    }
    return first;
  }

  Rng rng_{7};
  MemoryFileSystem base_;
  FaultyFileSystem disk_{base_};
  Model model_;
  std::unique_ptr<Log> log_;
};

TEST_F(LogFrontTest, DropsWholeSegmentsAndKeepsEverythingFromTheFirstPositionOn) {
  Fill();
  EXPECT_EQ(log_->first(), Lsn(1));
  const Lsn expected = SegmentOf(Lsn(24));
  const auto first = log_->TruncateFront(Lsn(24));
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(*first, expected);
  EXPECT_EQ(log_->first(), expected);
  ExpectHolds(*log_);
  Append(10, Epoch(2));
  ExpectHolds(*log_);
  Recovery recovery;
  log_ = Open(disk_, kSmall, &recovery);
  EXPECT_EQ(recovery.front.first(), expected);
  EXPECT_EQ(recovery.front.before.epoch, Epoch(expected > Lsn(21) ? 2 : 1));
  EXPECT_EQ(recovery.last, (Position{Epoch(2), model_.last()}));
  EXPECT_EQ(recovery.epochs.EpochAt(expected), Epoch(expected >= Lsn(21) ? 2 : 1));
  EXPECT_EQ(log_->first(), expected);
  ExpectHolds(*log_);
  Append(10, Epoch(3));
  ExpectHolds(*log_);
}

TEST_F(LogFrontTest, KeepsTheLastSegmentAndDoesNothingWithinTheFirst) {
  Fill();
  EXPECT_EQ(*log_->TruncateFront(Lsn(1)), Lsn(1));
  EXPECT_FALSE(base_.Open("node/front", false).ok());  // the files of such a log are as ever
  const Lsn last_segment = SegmentOf(model_.last());
  EXPECT_EQ(*log_->TruncateFront(model_.last() + 100), last_segment);
  EXPECT_EQ(*log_->TruncateFront(Lsn(3)), last_segment);  // never back
  EXPECT_EQ(Segments(disk_).size(), 1u);
  ExpectHolds(*log_);
}

TEST_F(LogFrontTest, BelowTheFirstPositionIsAnErrorAndNotTheEnd) {
  Fill();
  const Lsn first = *log_->TruncateFront(Lsn(24));
  EXPECT_EQ(log_->BytesAt(first - 2), std::nullopt);
  EXPECT_EQ(log_->BytesAt(Lsn(0)), std::nullopt);
  const auto read = log_->Read(first - 1, 100);
  EXPECT_TRUE(absl::IsOutOfRange(read.status())) << read.status();
  EXPECT_THAT(MessageOf(read.status()),
              HasSubstr("the log contains " + std::to_string(first.value()) + " to 40"));
  EXPECT_TRUE(log_->Read(first, 100).ok());
}

TEST_F(LogFrontTest, TheTailCanBeTruncatedToTheFrontAndNotBelowIt) {
  Fill();
  const Lsn first = *log_->TruncateFront(Lsn(24));
  const absl::Status below = log_->TruncateTo(first - 2, kRollback).status();
  EXPECT_TRUE(absl::IsOutOfRange(below)) << below;
  ExpectHolds(*log_);

  const uint64_t records = log_->last() - first;
  EXPECT_EQ(*log_->TruncateTo(first, kRollback), records);
  model_.TruncateTo(first);
  ExpectHolds(*log_);
  EXPECT_EQ(*log_->TruncateTo(first - 1, kRollback), 1u);
  model_.TruncateTo(first - 1);
  ExpectHolds(*log_);

  Recovery recovery;
  log_ = Open(disk_, kSmall, &recovery);
  EXPECT_EQ(recovery.last, recovery.front.before);
  EXPECT_EQ(recovery.last.lsn, first - 1);
  ExpectHolds(*log_);
  Append(10, Epoch(3));
  ExpectHolds(*log_);
}

TEST_F(LogFrontTest, AMissingSegmentAtTheFrontIsDataLoss) {
  Fill();
  ASSERT_TRUE(log_->TruncateFront(Lsn(15)).ok());
  log_.reset();
  ASSERT_TRUE(disk_.Remove(Segments(disk_).front()).ok());
  const absl::Status refused = OpenError(disk_, kSmall);
  EXPECT_TRUE(absl::IsDataLoss(refused)) << refused;
  EXPECT_THAT(MessageOf(refused), HasSubstr("a whole segment are missing"));
}

TEST_F(LogFrontTest, ACorruptFrontIsRefused) {
  Fill();
  ASSERT_TRUE(log_->TruncateFront(Lsn(24)).ok());
  log_.reset();
  std::string text = *ReadWholeFile(disk_, "node/front");
  ++text[text.find("bytes ") + 6];
  Overwrite(disk_, "node/front", text);
  EXPECT_TRUE(absl::IsDataLoss(OpenError(disk_, kSmall)));
}

// Stops the disk at each of its operations and keeps any prefix of the unflushed data.
TEST_F(LogFrontTest, ACrashOnTheWayLeavesTheOldOrTheNewFirstPosition) {
  for (const bool archive : {false, true}) {
    LogOptions options = kSmall;
    if (archive) options.archive_folder = "archive";
    int old_ones = 0, new_ones = 0;
    for (uint64_t operations = 0; operations < 40; ++operations) {
      for (uint64_t seed = 0; seed < 8; ++seed) {
        MemoryFileSystem base;
        FaultyFileSystem disk(base);
        Model model;
        Rng rng(seed + 1);
        auto log = Open(disk, options);
        for (int i = 0; i < 40; ++i) ASSERT_TRUE(log->Append(model.Next(1, rng, 60)).ok());
        ASSERT_TRUE(log->Flush().ok());
        disk.StopAfter(operations);
        const auto first = log->TruncateFront(Lsn(24));
        log.reset();
        ASSERT_TRUE(disk.LosePower(seed % 2 == 0 ? nullptr : &rng).ok());
        Recovery recovery;
        log = Open(disk, options, &recovery);
        ASSERT_NE(log, nullptr) << operations;
        if (first.ok()) {
          EXPECT_EQ(log->first(), *first);
        }
        if (log->first() == Lsn(1)) {
          ++old_ones;
        } else {
          ++new_ones;
          EXPECT_GT(log->first(), Lsn(10));
          EXPECT_LE(log->first(), Lsn(24));
          for (const std::string& path : Segments(disk)) {
            EXPECT_GE(*ParseSegmentName(path.substr(5)), log->first()) << "not dropped: " << path;
          }
        }
        EXPECT_EQ(log->last(), model.last());
        std::string bytes;
        for (Lsn next = log->first(); next <= log->last(); ++next) {
          bytes += (*log->Read(next, 0))->bytes;
        }
        EXPECT_TRUE(bytes == model.Bytes(log->first(), model.last())) << operations;
        if (!archive) continue;
        std::string all;
        ASSERT_TRUE(ReadLog(
                        disk, "node", &recovery,
                        [&](const RecordView& record) {
                          AppendRecord(record.position, record.time, record.payload, &all);
                        },
                        "archive")
                        .ok());
        EXPECT_TRUE(all == model.Bytes(Lsn(1), model.last())) << operations;
      }
    }
    EXPECT_GT(old_ones, 0);
    EXPECT_GT(new_ones, 0);
  }
}

EpochHistory History(std::vector<EpochStart> starts) { return EpochHistory(std::move(starts)); }

TEST(EpochHistoryFront, KeepsTheEpochOfTheRecordBeforeTheFirst) {
  EpochHistory history = History({{Epoch(1), Lsn(1)}, {Epoch(3), Lsn(100)}, {Epoch(5), Lsn(160)}});
  history.TruncateFront(Lsn(1));
  EXPECT_EQ(history.starts().size(), 3u);
  history.TruncateFront(Lsn(150));
  EXPECT_EQ(history, History({{Epoch(3), Lsn(100)}, {Epoch(5), Lsn(160)}}));
  EXPECT_EQ(history.EpochAt(Lsn(149)), Epoch(3));
  history.TruncateFront(Lsn(160));  // the record before it is of epoch 3
  EXPECT_EQ(history.starts().size(), 2u);
  history.TruncateFront(Lsn(161));
  EXPECT_EQ(history, History({{Epoch(5), Lsn(160)}}));
}

TEST(EpochHistoryFront, CommonEndIsTheSameWithAPeerThatBeginsEarlierOrLater) {
  const EpochHistory whole =
      History({{Epoch(1), Lsn(1)}, {Epoch(3), Lsn(100)}, {Epoch(5), Lsn(160)}});
  EpochHistory later = whole;
  later.TruncateFront(Lsn(150));
  for (const uint64_t last : {120, 155, 200}) {
    EXPECT_EQ(CommonEnd(later, Lsn(300), whole, Lsn(last)), Lsn(last));
    EXPECT_EQ(CommonEnd(whole, Lsn(300), later, Lsn(last)), Lsn(last));
  }
  // The peer left in epoch 3.
  const EpochHistory other = History({{Epoch(3), Lsn(100)}, {Epoch(4), Lsn(140)}});
  EXPECT_EQ(CommonEnd(later, Lsn(300), other, Lsn(170)), Lsn(139));
  // The peer left before the first epoch that is known: 0, below any first position.
  const EpochHistory old = History({{Epoch(1), Lsn(1)}, {Epoch(2), Lsn(50)}});
  EXPECT_EQ(CommonEnd(later, Lsn(300), old, Lsn(120)), Lsn(0));
}

}  // namespace
}  // namespace replsim::log_front_test
