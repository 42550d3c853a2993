#include "simulator/recording/history.h"

#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "simulator/recording/file_bytes.h"

namespace replsim::history_test {
namespace {

using ::testing::HasSubstr;

std::string PathOf(const std::string& name) {
  return ::testing::TempDir() + "/history_test_" + std::to_string(getpid()) + name;
}

Operation SomeWrite(uint64_t sequence) {
  Operation operation;
  operation.is_write = 1;
  operation.client = 3;
  operation.sequence = sequence;
  operation.lsn = sequence * 2;
  return operation;
}

void WriteThree(const std::string& path) {
  absl::StatusOr<HistoryWriter> writer = HistoryWriter::Create(path);
  ASSERT_TRUE(writer.ok()) << writer.status();
  HistoryWriter moved = *std::move(writer);
  for (uint64_t i = 1; i <= 3; ++i) EXPECT_TRUE(moved.Add(SomeWrite(i)).ok());
  ASSERT_TRUE(moved.Close().ok());
}

TEST(History, IsReadBackAsItWasWritten) {
  const std::string path = PathOf("whole");
  WriteThree(path);
  const absl::StatusOr<History> history = ReadHistory(path);
  ASSERT_TRUE(history.ok()) << history.status();
  ASSERT_EQ(history->operations.size(), 3u);
  EXPECT_EQ(history->operations[2].lsn, 6u);
  EXPECT_EQ(history->cut_short, "");
}

TEST(History, OneThatIsCutShortGivesWhatIsWholeAndSaysSo) {
  const std::string path = PathOf("cut");
  WriteThree(path);
  std::filesystem::resize_file(path, 8 + 2 * sizeof(Operation) + 17);
  const absl::StatusOr<History> history = ReadHistory(path);
  ASSERT_TRUE(history.ok()) << history.status();
  EXPECT_EQ(history->operations.size(), 2u);
  EXPECT_THAT(history->cut_short, HasSubstr("its last 17 bytes are ignored"));
}

TEST(History, AnotherFileIsRefusedByName) {
  const std::string path = PathOf("other");
  ASSERT_TRUE(WriteFileBytes(path, "not a history at all").ok());
  const absl::StatusOr<History> history = ReadHistory(path);
  EXPECT_EQ(history.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(history.status().message()), HasSubstr(path));
}

TEST(History, AMissingFileIsNotFound) {
  EXPECT_EQ(ReadHistory(PathOf("nowhere")).status().code(), absl::StatusCode::kNotFound);
}

TEST(History, CannotBeCreatedWhereThereIsNoFolder) {
  EXPECT_FALSE(HistoryWriter::Create(PathOf("no/such/folder")).ok());
}

TEST(KeyName, HasAtLeastFourDigits) {
  EXPECT_EQ(KeyName(0), "k0000");
  EXPECT_EQ(KeyName(713), "k0713");
  EXPECT_EQ(KeyName(12345), "k12345");
}

TEST(History, AFolderOrADeviceIsNoHistory) {
  EXPECT_THAT(std::string(ReadHistory("/").status().message()), HasSubstr("is a folder"));
  EXPECT_THAT(std::string(ReadHistory("/dev/zero").status().message()), HasSubstr("is a device"));
}

TEST(History, AHugeFileIsRefusedBeforeItIsRead) {
  const std::string path = PathOf("huge");
  WriteThree(path);
  std::filesystem::resize_file(path, uint64_t{1} << 40);  // a hole: it takes no room
  EXPECT_THAT(std::string(ReadHistory(path).status().message()), HasSubstr("is larger than"));
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace replsim::history_test
