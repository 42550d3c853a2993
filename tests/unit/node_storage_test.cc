// The contents of a folder from which a node refuses to start.
#include "common/node/node_storage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/storage/file/memory_file_system.h"

namespace replsim::node_storage_test {
namespace {

using ::testing::HasSubstr;

constexpr LogOptions kTiny{.segment_bytes = 100};

TEST(NodeStorage, RefusesALogThatBeginsAfterTheFirstWriteAndLeavesItAsItIs) {
  MemoryFileSystem disk;
  {
    auto storage = NodeStorage::Open(disk, "n", kTiny);
    ASSERT_TRUE(storage.ok()) << storage.status();
    ASSERT_TRUE(storage->Save({Epoch(1), EpochHistory({{Epoch(1), Lsn(1)}})}).ok());
    for (Lsn lsn(1); lsn <= Lsn(9); ++lsn) {
      RecordBatch batch{lsn, lsn, ""};
      AppendRecord({Epoch(1), lsn}, Instant(), "some payload", &batch.bytes);
      ASSERT_TRUE(storage->log().Append(batch).ok());
    }
    ASSERT_TRUE(storage->log().Flush().ok());
  }
  {
    auto storage = NodeStorage::Open(disk, "n", kTiny);
    ASSERT_TRUE(storage.ok()) << storage.status();
    ASSERT_EQ(*storage->log().TruncateFront(Lsn(5)), Lsn(5));
  }
  for (int i = 0; i < 2; ++i) {
    const absl::Status refused = NodeStorage::Open(disk, "n", kTiny).status();
    EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
    EXPECT_THAT(std::string(refused.message()), HasSubstr("n: the log begins with LSN 5"));
    EXPECT_THAT(std::string(refused.message()), HasSubstr("restart the node as a replica"));
  }
}

}  // namespace
}  // namespace replsim::node_storage_test
