#include "common/node/byte_index.h"

#include <gtest/gtest.h>

#include "tests/unit/record_batches.h"

namespace replsim::byte_index_test {
namespace {

TEST(ByteIndex, KnowsTheSizeUpToEveryRecordSinceItBegan) {
  ByteIndex index(Lsn(10), 1000);
  const BatchPtr batch = MakeBatch(1, 11, 13);
  index.Add(*batch);
  EXPECT_EQ(index.At(Lsn(10)), 1000u);
  EXPECT_EQ(index.At(Lsn(11)), 1000u + PeekRecordBytes(batch->bytes));
  EXPECT_EQ(index.At(Lsn(13)), 1000u + batch->bytes.size());
}

TEST(ByteIndex, WhatItDoesNotCoverIsAbsent) {
  ByteIndex index(Lsn(10), 1000);
  EXPECT_EQ(index.At(Lsn(9)), std::nullopt);
  EXPECT_EQ(index.At(Lsn(11)), std::nullopt);
}

TEST(ByteIndex, ForgetsTheOldestBeyondItsBound) {
  ByteIndex index(Lsn(0), 0);
  const uint64_t count = ByteIndex::kRecordsMax + 5;
  std::string record;
  for (uint64_t lsn = 1; lsn <= count; ++lsn) {
    record.clear();
    AppendRecord({Epoch(1), Lsn(lsn)}, Instant(), "payload", &record);
    index.Add({Lsn(lsn), Lsn(lsn), record});
  }
  EXPECT_EQ(index.At(Lsn(1)), std::nullopt);
  EXPECT_EQ(index.At(Lsn(count)), count * record.size());
}

}  // namespace
}  // namespace replsim::byte_index_test
