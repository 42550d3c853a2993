#include "common/storage/log/record.h"

#include <gtest/gtest.h>

#include <string>

#include "common/base/rng.h"

namespace replsim::record_test {
namespace {

std::string Encoded(Position position, absl::string_view payload) {
  std::string bytes;
  AppendRecord(position, FromNanos(77), payload, &bytes);
  return bytes;
}

std::string Records(uint64_t epoch, uint64_t first, uint64_t last) {
  std::string bytes;
  for (uint64_t lsn = first; lsn <= last; ++lsn) {
    bytes += Encoded({Epoch(epoch), Lsn(lsn)}, std::string(lsn % 13, 'v'));
  }
  return bytes;
}

TEST(Record, ReadsBackWhatWasEncodedForEveryPaddingLength) {
  Rng rng(1);
  for (size_t size = 0; size < 64; ++size) {
    std::string payload;
    for (size_t i = 0; i < size; ++i) payload += static_cast<char>(rng.Below(256));
    const std::string bytes = Encoded({Epoch(3), Lsn(42)}, payload);
    RecordView record;
    ASSERT_EQ(ParseRecord(bytes, &record), ParseOutcome::kRecord);
    EXPECT_EQ(record.position, (Position{Epoch(3), Lsn(42)}));
    EXPECT_EQ(record.time, FromNanos(77));
    EXPECT_EQ(record.payload, payload);
    EXPECT_EQ(record.encoded_bytes, bytes.size());
    EXPECT_EQ(bytes.size() % 8, 0u);
    EXPECT_EQ(bytes.size(), EncodedRecordBytes(size));
  }
}

TEST(Record, HoldsTheLargestPayloadAllowed) {
  const std::string payload(kPayloadBytesMax, 'x');
  RecordView record;
  ASSERT_EQ(ParseRecord(Encoded({Epoch(1), Lsn(1)}, payload), &record), ParseOutcome::kRecord);
  EXPECT_EQ(record.payload.size(), kPayloadBytesMax);
}

TEST(Record, NoDataAndZerosAreTheEnd) {
  RecordView record;
  EXPECT_EQ(ParseRecord("", &record), ParseOutcome::kEnd);
  EXPECT_EQ(ParseRecord(std::string(4096, '\0'), &record), ParseOutcome::kEnd);
}

TEST(Record, EveryFlippedBitIsNoticedPaddingIncluded) {
  const std::string whole = Encoded({Epoch(9), Lsn(1234)}, "payload of 19 bytes");
  RecordView record;
  for (size_t bit = 0; bit < whole.size() * 8; ++bit) {
    std::string bytes = whole;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_EQ(ParseRecord(bytes, &record), ParseOutcome::kInvalid) << "bit " << bit;
  }
}

TEST(Record, EveryCutIsNoticed) {
  const std::string whole = Encoded({Epoch(9), Lsn(1234)}, "payload of 19 bytes");
  RecordView record;
  for (size_t size = 1; size < whole.size(); ++size) {
    EXPECT_EQ(ParseRecord(whole.substr(0, size), &record), ParseOutcome::kInvalid) << size;
  }
}

TEST(RecordBatch, WholeDenseRecordsAreABatch) {
  const BatchPtr batch = ParseBatch(Records(1, 5, 9) + Records(2, 10, 11));
  ASSERT_NE(batch, nullptr);
  EXPECT_EQ(batch->first, Lsn(5));
  EXPECT_EQ(batch->last, Lsn(11));
  EXPECT_EQ(batch->bytes, Records(1, 5, 9) + Records(2, 10, 11));
}

TEST(RecordBatch, NothingElseIs) {
  EXPECT_EQ(ParseBatch(""), nullptr);
  EXPECT_EQ(ParseBatch(Records(1, 5, 6) + Records(1, 8, 9)), nullptr) << "a hole";
  EXPECT_EQ(ParseBatch(Records(1, 5, 6) + Records(1, 6, 7)), nullptr) << "a repetition";
  EXPECT_EQ(ParseBatch(Records(2, 5, 6) + Records(1, 7, 8)), nullptr) << "an epoch that falls";
  EXPECT_EQ(ParseBatch(Records(1, 5, 6) + std::string(64, '\0')), nullptr) << "zeros behind it";
  EXPECT_EQ(ParseBatch(Records(1, 0, 0) + Records(1, 7, 7)), nullptr) << "an LSN of 0";
  const std::string bytes = Records(1, 5, 6);
  EXPECT_EQ(ParseBatch(bytes.substr(0, bytes.size() - 1)), nullptr) << "cut";
}

TEST(RecordBatch, SliceHoldsExactlyTheAskedRecords) {
  const BatchPtr batch = ParseBatch(Records(4, 10, 20));
  for (uint64_t first = 10; first <= 20; ++first) {
    for (uint64_t last = first; last <= 20; ++last) {
      const BatchPtr slice = Slice(batch, Lsn(first), Lsn(last));
      EXPECT_EQ(slice->first, Lsn(first));
      EXPECT_EQ(slice->last, Lsn(last));
      EXPECT_EQ(slice->bytes, Records(4, first, last));
    }
  }
}

TEST(RecordBatch, SliceOfAllOfItIsTheBatchItself) {
  const BatchPtr batch = ParseBatch(Records(4, 10, 20));
  EXPECT_EQ(Slice(batch, Lsn(10), Lsn(20)), batch);
}

}  // namespace
}  // namespace replsim::record_test
